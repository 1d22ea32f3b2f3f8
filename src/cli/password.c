#include "cli/password.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool read_line(int in, char ret[PASSWORD_ROOM])
{
    size_t bytes = 0;
    char c;
    ssize_t got;
    while ((got = read(in, &c, 1)) == 1 && c != '\n' && c != '\r') {
        if (bytes + 1 == PASSWORD_ROOM) return false;
        ret[bytes++] = c;
    }
    ret[bytes] = '\0';
    return got == 1 || bytes > 0;
}

bool password_by_operator(const char *by)
{
    return strcmp(by, "operator") == 0;
}

/* Whether --role gives power over others, whose account waits; of
 * administrators the first, whom nobody asks for, does not. */
static bool enrols_later(const Cli *cli)
{
    const char *role;
    bool asked = cli_option(cli, "--by") != NULL;
    for (int i = 0; (role = cli_option_at(cli, "--role", i)) != NULL; i++) {
        if (strcmp(role, "auditor") == 0) return true;
        if (strcmp(role, "policy") == 0) return true;
        if (asked && strcmp(role, "admin") == 0) return true;
    }
    return false;
}

int password_asks(const Cli *cli, PasswordAsk ret[PASSWORD_ASKS_MAX])
{
    int count = 0;
    const char *by = cli_option(cli, "--by");
    if (strcmp(cli->command->name, "law") == 0 && by != NULL) {
        ret[count++] = (PasswordAsk){"actor.ask_password", by};
        ret[count++] = (PasswordAsk){"actor.ask_code", by};
        return count;
    }
    if (strcmp(cli->command->name, "user") != 0 || cli->arg_count != 2) {
        return 0;
    }
    const char *name = cli->arg[1];
    bool adds = strcmp(cli->arg[0], "add") == 0;
    if (strcmp(cli->arg[0], "enrol") == 0) {
        ret[count++] = (PasswordAsk){"actor.ask_asked", name};
        ret[count++] = (PasswordAsk){"actor.ask_confirmed", name};
        ret[count++] = (PasswordAsk){"actor.ask_password", name};
        ret[count++] = (PasswordAsk){"actor.ask_again", name};
        return count;
    }
    if (by != NULL && !(adds && password_by_operator(by)) &&
        (adds || strcmp(cli->arg[0], "approve") == 0)) {
        ret[count++] = (PasswordAsk){"actor.ask_password", by};
        ret[count++] = (PasswordAsk){"actor.ask_code", by};
    }
    if (adds && !enrols_later(cli)) {
        ret[count++] = (PasswordAsk){"actor.ask_password", name};
    }
    return count;
}

/* On its own line of the terminal, behind which the answer is typed. */
static void prompt(Cli *cli, const PasswordAsk *ask)
{
    TextStyle style = cli_style(cli);
    TextArg whose = TEXT_STR("0", str_of(ask->whose));
    Buf text = buf_make(1 << 12);
    style.isolate = style.lang == TEXT_AR;
    text_write(&text, &style, str_of(ask->key), &whose, 1);
    fprintf(cli->err, "%.*s: ", STR_ARG(buf_view(&text)));
    buf_free(&text);
    fflush(cli->err);
}

bool password_read(Cli *cli, const PasswordAsk *ask, char ret[PASSWORD_ROOM])
{
    struct termios shown, hidden;
    int in = cli_input(cli);
    bool typed = isatty(in) == 1 && tcgetattr(in, &shown) == 0;
    if (typed) {
        prompt(cli, ask);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(in, TCSAFLUSH, &hidden);
    }
    bool got = read_line(in, ret);
    if (typed) {
        tcsetattr(in, TCSAFLUSH, &shown);
        fputc('\n', cli->err);
    }
    return got;
}
