#include "cli/password.h"

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

bool password_read(Cli *cli, char ret[PASSWORD_ROOM])
{
    struct termios shown, hidden;
    int in = cli_input(cli);
    bool typed = isatty(in) == 1 && tcgetattr(in, &shown) == 0;
    if (typed) {
        fprintf(cli->err, "password: ");
        fflush(cli->err);
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
