/*
 * cmd_user.c - sanad user: staff who sign in with password and code.
 */
#include <string.h>

#include "access/signin.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/password.h"
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
            return cli_usage(cli, "--role is caseworker, auditor or admin");
        }
        *ret |= 1u << role;
    }
    if (*ret == 0) return cli_usage(cli, "--role is needed");
    const unsigned admin = 1u << ROLE_ADMIN;
    if ((*ret & admin) != 0 && *ret != admin) {
        return cli_usage(cli, "who administers reads no files of households: "
                              "an account of its own for --role admin");
    }
    return CLI_GO_ON;
}

static int person_is_known(Cli *cli, StoreConn *conn, int64_t person_id)
{
    bool row;
    Diag diag;
    StoreStmt *stmt = store_query(conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    Err err = store_step(stmt, &row);
    store_reset(stmt);
    if (err != OK) return cli_fail(cli, err, NULL);
    if (row) return CLI_GO_ON;
    diag_set(&diag, "actor.no_person");
    diag_arg_int(&diag, person_id);
    return cli_fail(cli, ERR_NOT_FOUND, &diag);
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

/* Who the new actor is as a person: nobody who reads files of households may
 * act on those of his kin, so that we must know whose kin he is. */
static int read_person(Cli *cli, Context *context, StoreConn *conn,
                       NewActor *actor)
{
    const unsigned readers = 1u << ROLE_CASEWORKER | 1u << ROLE_AUDITOR;
    const Pack *pack = context->pack;
    const Kind *kind = pack->catalogue->national_id;
    const char *national = cli_option(cli, "--national-id");
    if (!cli_number(cli, "--person", 0, INT64_MAX, -1, &actor->person_id)) {
        return 2;
    }
    if (actor->person_id >= 0 && national == NULL) {
        return person_is_known(cli, conn, actor->person_id);
    }
    if (national == NULL || kind == NULL) {
        if (actor->person_id >= 0 || (actor->roles & readers) == 0) {
            return CLI_GO_ON;
        }
        return cli_usage(cli, "--national-id is needed, so that nobody acts on "
                              "his own household");
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

static int told(Cli *cli, const NewActor *actor, const char *secret)
{
    if (!cli->json) {
        fprintf(cli->out,
                "added %.*s\nfor the authenticator app, shown only once: "
                "%s\notpauth://totp/Sanad:%.*s?secret=%s&issuer=Sanad\n",
                STR_ARG(actor->name), secret, STR_ARG(actor->name), secret);
        return 0;
    }
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_out_key(&out, "name");
    json_out_str(&out, actor->name);
    json_out_key(&out, "secret");
    json_out_text(&out, secret);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int add(Cli *cli, Context *context, StoreConn *writer)
{
    char password[PASSWORD_ROOM] = "", secret[33];
    unsigned char key[SECRET_KEY_BYTES];
    Diag diag = {.key = ""};
    NewActor actor = {.id = store_new_id(context->store), .code_key = key};
    if (cli->arg_count != 2) return cli_usage(cli, "a name is needed");
    int code = read_roles(cli, &actor.roles);
    if (code != CLI_GO_ON) return code;
    code = read_person(cli, context, writer, &actor);
    if (code == CLI_GO_ON) code = read_kin(cli, context->pack, &actor);
    if (code != CLI_GO_ON) return code;
    actor.name = str_of(cli->arg[1]);
    const char *label = cli_option(cli, "--label");
    actor.label = label == NULL ? actor.name : str_of(label);
    if (!password_read(cli, password)) {
        return cli_usage(cli, "the password is read from standard input");
    }
    actor.password = str_of(password);
    secret_random(key, sizeof key);
    Err err = store_begin(writer);
    if (err == OK) err = signin_actor_add(writer, &actor, &diag);
    if (err == OK) err = store_commit(writer);
    explicit_bzero(password, sizeof password);
    if (err != OK) {
        store_rollback(writer);
        return cli_fail(cli, err, &diag);
    }
    secret_key_text(key, secret);
    return told(cli, &actor, secret);
}

static int disable(Cli *cli, StoreConn *writer)
{
    Diag diag = {.key = ""};
    if (cli->arg_count != 2) return cli_usage(cli, "a name is needed");
    Err err = store_begin(writer);
    if (err == OK) {
        err = signin_actor_disable(writer, str_of(cli->arg[1]), &diag);
    }
    if (err == OK) err = store_commit(writer);
    if (err == OK) return 0;
    store_rollback(writer);
    return cli_fail(cli, err, &diag);
}

static int list(Cli *cli, StoreConn *conn)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_ACTOR_LIST);
    for (;;) {
        Err err = store_step(stmt, &row);
        if (err != OK) return cli_fail(cli, err, NULL);
        if (!row) return 0;
        Str name = store_text(stmt, 1), roles = store_text(stmt, 4);
        bool off = store_int(stmt, 5) != 0;
        if (cli->json) {
            Buf buf = buf_make(1 << 12);
            JsonOut out = json_out_make(&buf);
            json_out_object(&out);
            json_out_key(&out, "name");
            json_out_str(&out, name);
            json_out_key(&out, "roles");
            json_out_str(&out, roles);
            json_out_key(&out, "disabled");
            json_out_bool(&out, off);
            json_out_object_end(&out);
            cli_print(cli, &buf);
        } else {
            fprintf(cli->out, "%-20.*s %.*s%s\n", STR_ARG(name), STR_ARG(roles),
                    off ? " (disabled)" : "");
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
    if (err == OK) err = store_writer(context->store, &diag, &conn);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (strcmp(what, "add") == 0) return add(cli, context, conn);
    if (strcmp(what, "disable") == 0) return disable(cli, conn);
    return list(cli, conn);
}

int cmd_user(Cli *cli)
{
    const char *what = cli->arg_count == 0 ? "" : cli->arg[0];
    Context context;
    if (strcmp(what, "add") != 0 && strcmp(what, "list") != 0 &&
        strcmp(what, "disable") != 0) {
        return cli_usage(cli, "add, list or disable");
    }
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, what);
    context_close(&context);
    return code;
}
