#include "cli/prove.h"

#include <string.h>

#include "access/account.h"
#include "cli/common.h"

void prove_secrets(const Cli *cli, Secrets *ret)
{
    *ret = (Secrets){.at = 0};
    ret->count = password_asks(cli, ret->ask);
}

int prove_secret(Cli *cli, Secrets *secrets, char ret[PASSWORD_ROOM])
{
    CHECK(secrets->at < secrets->count);
    if (password_read(cli, &secrets->ask[secrets->at++], ret)) return CLI_GO_ON;
    return cli_usage(cli, "passwords and codes are read from standard input, "
                          "a line each");
}

/* Proves a password and a code in a transaction of its own, which stays also
 * when they are wrong: the try is counted. */
static Err prove(Cli *cli, StoreConn *writer, const char *password, int code,
                 Actor *ret)
{
    Str encoded;
    bool locked;
    SigninAsk ask = {.name = str_of(cli_option(cli, "--by")),
                     .browser = STR("command line"),
                     .address = STR(""),
                     .older = STR(""),
                     .lang = str_of(cli->lang),
                     .now = clock_now()};
    TRY(signin_locked(writer, ask.name, ask.now, &locked));
    if (locked) return ERR_DENIED; /* without the work of hashing */
    TRY(signin_password(writer, cli->arena, ask.name, &encoded));
    bool right = signin_password_right(encoded, str_of(password));
    TRY(store_begin(writer));
    Err err = signin_prove(writer, cli->arena, &ask, right, code, ret);
    Err kept = err == OK || err == ERR_DENIED ? store_commit(writer) : err;
    if (kept != OK) store_rollback(writer);
    return kept == OK ? err : kept;
}

int prove_by(Cli *cli, StoreConn *writer, Secrets *secrets, Actor *ret)
{
    char password[PASSWORD_ROOM] = "", text[PASSWORD_ROOM] = "";
    int64_t number;
    Diag diag = {.key = ""};
    int code = prove_secret(cli, secrets, password);
    if (code == CLI_GO_ON) code = prove_secret(cli, secrets, text);
    if (code != CLI_GO_ON) return code;
    Str digits = str_of(text);
    bool fits = digits.bytes == 6 && str_to_int(digits, &number) && number >= 0;
    Err err = prove(cli, writer, password, fits ? (int)number : -1, ret);
    explicit_bzero(password, sizeof password);
    if (err == OK) return CLI_GO_ON;
    diag_set(&diag, "actor.not_proved");
    diag_arg_text(&diag, cli_option(cli, "--by"));
    return cli_fail(cli, err, err == ERR_DENIED ? &diag : NULL);
}
