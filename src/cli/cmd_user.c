/*
 * cmd_user.c - sanad user: staff who sign in with password and code, and who
 * confirmed them.
 */
#include <string.h>

#include "access/account.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/prove.h"
#include "codec/json.h"

enum { CLI_KIN_MAX = 64 };

/* The roles of --role, which may be repeated. */
static int read_roles(Cli *cli, unsigned *ret)
{
    const char *name;
    *ret = 0;
    for (int i = 0; (name = cli_option_at(cli, "--role", i)) != NULL; i++) {
        Role role = role_find(str_of(name));
        if (role == ROLE_COUNT || role == ROLE_OPERATOR ||
            role == ROLE_CITIZEN) {
            return cli_usage(cli, "--role is caseworker, auditor, policy or "
                                  "admin");
        }
        *ret |= 1u << role;
    }
    if (*ret == 0) return cli_usage(cli, "--role is needed");
    if (!account_roles_fit(*ret)) {
        return cli_usage(cli, "who administers reads no files of households: "
                              "another person for --role admin");
    }
    return CLI_GO_ON;
}

/* A national ID in the form in which it is kept. */
static int read_national(Cli *cli, const Pack *pack, const char *text, Str *ret)
{
    Diag diag = {.key = ""};
    const Kind *kind = pack->catalogue->national_id;
    Buf stored = buf_make(FORMAT_BYTES_MAX);
    Err err = format_read(format_find(pack->formats, str_of(kind->format)),
                          str_of(text), &stored, &diag);
    *ret = str_copy(cli->arena, buf_view(&stored));
    buf_free(&stored);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

/* Who the new actor is as a person: nobody may act on the files of his kin,
 * nor be both of the two people whom an act needs. A registry without national
 * IDs is told who of its persons he is. */
static int read_person(Cli *cli, const Pack *pack, NewActor *actor)
{
    const char *national = cli_option(cli, "--national-id");
    if (!cli_number(cli, "--person", 0, INT64_MAX, -1, &actor->person_id)) {
        return 2;
    }
    if (pack->catalogue->national_id == NULL) return CLI_GO_ON;
    if (national == NULL) {
        return cli_usage(cli, "--national-id is needed, so that nobody acts on "
                              "his own household nor as two people");
    }
    return read_national(cli, pack, national, &actor->national_id);
}

/* Kin that the new actor declares, by national id; may be repeated. */
static int read_kin(Cli *cli, const Pack *pack, NewActor *actor)
{
    const char *national;
    Str *kin = ARENA_ARRAY(cli->arena, Str, CLI_KIN_MAX);
    actor->kin = kin;
    while ((national = cli_option_at(cli, "--kin", actor->kin_count)) != NULL) {
        if (actor->kin_count == CLI_KIN_MAX ||
            pack->catalogue->national_id == NULL) {
            return cli_usage(cli, "--kin is a national ID, at most 64 of them");
        }
        int code = read_national(cli, pack, national, &kin[actor->kin_count++]);
        if (code != CLI_GO_ON) return code;
    }
    return CLI_GO_ON;
}

/* A sentence about an account, on a line of its own. */
static void say(Cli *cli, const char *key, Str name)
{
    TextStyle style = cli_style(cli);
    TextArg arg = TEXT_STR("0", name);
    Buf text = buf_make(1 << 12);
    style.isolate = false; /* it holds a command to be copied */
    text_write(&text, &style, str_of(key), &arg, 1);
    fprintf(cli->out, "%.*s\n", STR_ARG(buf_view(&text)));
    buf_free(&text);
}

/* What was made for an account, and whether it waits for somebody. */
static int tell_json(Cli *cli, Str name, const char *key, const char *made,
                     bool waits)
{
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_str(&out, "name", name);
    json_put_text(&out, key, made);
    json_put_bool(&out, "waiting", waits);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

/* A name as a part of an address. */
static void put_percent(Buf *buf, Str name)
{
    for (size_t i = 0; i < name.bytes; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                     (c >= 'A' && c <= 'Z') ||
                     (c != '\0' && strchr("-._~", c) != NULL);
        buf_format(buf, plain ? "%c" : "%%%02X", c);
    }
}

/* What the authenticator app of a new account is to know. */
static int tell_secret(Cli *cli, const char *done, Str name, const char *secret)
{
    if (!cli->json) {
        Buf label = buf_make(1 << 12);
        put_percent(&label, name);
        fprintf(cli->out,
                "%s %.*s\nfor the authenticator app, shown only once: "
                "%s\notpauth://totp/Sanad:%.*s?secret=%s&issuer=Sanad\n",
                done, STR_ARG(name), secret, STR_ARG(buf_view(&label)), secret);
        buf_free(&label);
        return 0;
    }
    return tell_json(cli, name, "secret", secret, false);
}

/* A half of the enrolment code, and what is to be done with it. */
static int tell_half(Cli *cli, const char *half, Str name, bool waits)
{
    if (!cli->json) {
        say(cli, "actor.half", name);
        fprintf(cli->out, "%s\n", half);
        say(cli, waits ? "actor.waits" : "actor.enrols", name);
        return 0;
    }
    return tell_json(cli, name, "half", half, waits);
}

/* Who asks for a new account: --by, else the operator; account_add() knows
 * for whom he may. */
static int read_asker(Cli *cli, StoreConn *writer, Secrets *secrets,
                      NewActor *actor)
{
    Diag diag = {.key = ""};
    Actor by;
    Subject subject = {.object = OBJECT_SYSTEM, .household_id = -1};
    const char *name = cli_option(cli, "--by");
    if (name == NULL || password_by_operator(name)) return CLI_GO_ON;
    int code = prove_by(cli, writer, secrets, &by);
    if (code != CLI_GO_ON) return code;
    Err err = access_check(&by, ACTION_ADMINISTER, &subject, &diag, NULL);
    actor->asked_by = by.id;
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

/* What the command line says of the new actor. */
static int read_actor(Cli *cli, const Pack *pack, NewActor *actor)
{
    if (cli->arg_count != 2) return cli_usage(cli, "a name is needed");
    const char *label = cli_option(cli, "--label");
    actor->name = str_of(cli->arg[1]);
    actor->label = label == NULL ? actor->name : str_of(label);
    int code = read_roles(cli, &actor->roles);
    if (code == CLI_GO_ON && cli_option(cli, "--by") == NULL &&
        (actor->roles & (1u << ROLE_AUDITOR | 1u << ROLE_POLICY)) != 0) {
        return cli_usage(cli, "--by ADMIN is needed: an administrator asks "
                              "for the account of an auditor or of a policy "
                              "officer");
    }
    if (code == CLI_GO_ON) code = read_person(cli, pack, actor);
    if (code == CLI_GO_ON) code = read_kin(cli, pack, actor);
    return code;
}

/* Its password, unless the holder will choose it himself. */
static int read_password(Cli *cli, Secrets *secrets, char ret[PASSWORD_ROOM],
                         NewActor *actor)
{
    if (secrets->at == secrets->count) return CLI_GO_ON;
    int code = prove_secret(cli, secrets, ret);
    actor->password = str_of(ret);
    return code;
}

static Err add_in_turn(StoreConn *writer, const NewActor *actor, Diag *diag,
                       char ret_half[ENROL_HALF_ROOM])
{
    TRY(store_begin(writer));
    Err err = account_add(writer, actor, diag, ret_half);
    if (err == OK) err = store_commit(writer);
    if (err != OK) store_rollback(writer);
    return err;
}

static int add(Cli *cli, Context *context, StoreConn *writer)
{
    char password[PASSWORD_ROOM] = "", secret[33], half[ENROL_HALF_ROOM];
    unsigned char key[SECRET_KEY_BYTES];
    Diag diag = {.key = ""};
    Secrets secrets;
    NewActor actor = {.id = store_new_id(context->store), .code_key = key};
    prove_secrets(cli, &secrets);
    int code = read_actor(cli, context->pack, &actor);
    if (code == CLI_GO_ON) code = read_asker(cli, writer, &secrets, &actor);
    if (code == CLI_GO_ON)
        code = read_password(cli, &secrets, password, &actor);
    if (code != CLI_GO_ON) return code;
    secret_random(key, sizeof key);
    Err err = add_in_turn(writer, &actor, &diag, half);
    explicit_bzero(password, sizeof password);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (half[0] != '\0') return tell_half(cli, half, actor.name, true);
    secret_key_text(key, secret);
    return tell_secret(cli, "added", actor.name, secret);
}

static int approve(Cli *cli, StoreConn *writer)
{
    char half[ENROL_HALF_ROOM];
    Diag diag = {.key = ""};
    Secrets secrets;
    Actor by;
    if (cli->arg_count != 2 || cli_option(cli, "--by") == NULL) {
        return cli_usage(cli, "a name and --by ADMIN are needed");
    }
    prove_secrets(cli, &secrets);
    int code = prove_by(cli, writer, &secrets, &by);
    if (code != CLI_GO_ON) return code;
    Err err = store_begin(writer);
    if (err == OK) {
        err = account_approve(writer, str_of(cli->arg[1]), &by, clock_now(),
                              half, &diag);
    }
    if (err == OK) err = store_commit(writer);
    if (err == OK) return tell_half(cli, half, str_of(cli->arg[1]), false);
    store_rollback(writer);
    return cli_fail(cli, err, &diag);
}

/* A wrong try is committed too: it is counted. */
static Err enrol_in_turn(StoreConn *writer, const EnrolAsk *ask, Diag *diag)
{
    TRY(store_begin(writer));
    Err err = enrol_finish(writer, ask, diag);
    Err kept = err == OK || err == ERR_DENIED ? store_commit(writer) : err;
    if (kept != OK) store_rollback(writer);
    return kept == OK ? err : kept;
}

/* The holder, with both halves of his code, takes his account over. */
static int enrol(Cli *cli, StoreConn *writer)
{
    char typed[4][PASSWORD_ROOM] = {"", "", "", ""}, secret[33];
    unsigned char key[SECRET_KEY_BYTES];
    Diag diag = {.key = ""};
    Secrets secrets;
    int code = CLI_GO_ON;
    if (cli->arg_count != 2) return cli_usage(cli, "a name is needed");
    prove_secrets(cli, &secrets);
    for (int i = 0; i < 4 && code == CLI_GO_ON; i++) {
        code = prove_secret(cli, &secrets, typed[i]);
    }
    if (code != CLI_GO_ON) return code;
    secret_random(key, sizeof key);
    EnrolAsk ask = {.name = str_of(cli->arg[1]),
                    .asked = str_of(typed[0]),
                    .confirmed = str_of(typed[1]),
                    .password = str_of(typed[2]),
                    .code_key = key,
                    .now = clock_now()};
    bool same = strcmp(typed[2], typed[3]) == 0;
    if (!same) diag_set(&diag, "actor.passwords_differ");
    Err err = same ? enrol_in_turn(writer, &ask, &diag) : ERR_INVALID;
    explicit_bzero(typed, sizeof typed);
    if (err != OK) return cli_fail(cli, err, &diag);
    secret_key_text(key, secret);
    return tell_secret(cli, "enrolled", ask.name, secret);
}

static int disable(Cli *cli, StoreConn *writer)
{
    Diag diag = {.key = ""};
    if (cli->arg_count != 2) return cli_usage(cli, "a name is needed");
    Err err = store_begin(writer);
    if (err == OK) {
        err = account_disable(writer, str_of(cli->arg[1]), &diag);
    }
    if (err == OK) err = store_commit(writer);
    if (err == OK) return 0;
    store_rollback(writer);
    return cli_fail(cli, err, &diag);
}

static void list_json(Cli *cli, StoreStmt *stmt)
{
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_str(&out, "name", store_text(stmt, 1));
    json_put_str(&out, "roles", store_text(stmt, 4));
    json_put_bool(&out, "disabled", store_int(stmt, 5) != 0);
    json_put_bool(&out, "waiting", store_int(stmt, 6) != 0);
    json_put_bool(&out, "enrolled", store_is_null(stmt, 8));
    json_out_key(&out, "confirmed_by");
    if (store_is_null(stmt, 7)) {
        json_out_null(&out);
    } else {
        json_out_str(&out, store_text(stmt, 7));
    }
    json_out_object_end(&out);
    cli_print(cli, &buf);
}

static void list_line(Cli *cli, StoreStmt *stmt)
{
    Str name = store_text(stmt, 1), roles = store_text(stmt, 4);
    bool off = store_int(stmt, 5) != 0, waits = store_int(stmt, 6) != 0;
    bool enrols = !waits && !store_is_null(stmt, 8);
    fprintf(cli->out, "%-20.*s %.*s", STR_ARG(name), STR_ARG(roles));
    if (!store_is_null(stmt, 7)) {
        Str by = store_text(stmt, 7);
        fprintf(cli->out, " (confirmed by %.*s)", STR_ARG(by));
    }
    fprintf(cli->out, "%s%s%s\n", waits ? " (waits to be confirmed)" : "",
            enrols ? " (has not enrolled himself yet)" : "",
            off ? " (disabled)" : "");
}

static int list(Cli *cli, StoreConn *conn)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_ACTOR_LIST);
    for (;;) {
        Err err = store_step(stmt, &row);
        if (err != OK) return cli_fail(cli, err, NULL);
        if (!row) return 0;
        if (cli->json) {
            list_json(cli, stmt);
        } else {
            list_line(cli, stmt);
        }
    }
}

static int run(Cli *cli, Context *context, const char *what)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    Diag diag = {.key = ""};
    Actor actor = access_operator();
    Subject subject = {.object = OBJECT_SYSTEM, .household_id = -1};
    Err err = access_check(&actor, ACTION_ADMINISTER, &subject, &diag, NULL);
    bool reads = strcmp(what, "list") == 0;
    if (err == OK) {
        err = reads ? store_reader(context->store, &diag, &conn)
                    : store_writer(context->store, &diag, &conn);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    if (strcmp(what, "add") == 0) return add(cli, context, conn);
    if (strcmp(what, "approve") == 0) return approve(cli, conn);
    if (strcmp(what, "enrol") == 0) return enrol(cli, conn);
    if (strcmp(what, "disable") == 0) return disable(cli, conn);
    return list(cli, conn);
}

int cmd_user(Cli *cli)
{
    const char *what = cli->arg_count == 0 ? "" : cli->arg[0];
    Context context;
    if (strcmp(what, "add") != 0 && strcmp(what, "list") != 0 &&
        strcmp(what, "approve") != 0 && strcmp(what, "enrol") != 0 &&
        strcmp(what, "disable") != 0) {
        return cli_usage(cli, "add, approve, enrol, list or disable");
    }
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, what);
    context_close(&context);
    return code;
}
