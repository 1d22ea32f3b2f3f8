/*
 * desk_signin.c - sessions and signing in, for the pages.
 */
#include <string.h>

#include "web/desk_int.h"

enum { DEMO_NAME_BYTES = 64 };

/* A sign-in under way through the write queue. */
typedef struct Signin {
    Desk *desk;
    BackendCall *call;
    BackendSignin *ret;
    Diag *diag;
    SigninSession session;
    Str name;
    Str label;
    Str code;
    int code_number;
    bool password_right;
    bool staff;
    bool sends; /* a code is to be delivered */
    int64_t person_id;
    unsigned roles;
    char sent[7];
    Err answer; /* of the sign-in; its change is committed all the same */
} Signin;

static Str lang_of(const Signin *signin)
{
    return str_of(text_lang_name(signin->call->style->lang));
}

/* A refusal is an answer: what it changed (the count of tries) is kept. */
static Err keep_answer(Signin *signin, Err err)
{
    if (err == ERR_DENIED || err == ERR_NOT_FOUND) {
        signin->answer = ERR_DENIED;
        return OK;
    }
    return err;
}

static void signin_done(void *arg, Err err, const Diag *diag)
{
    Signin *signin = arg;
    if (err == OK) err = signin->answer;
    if (err != OK && signin->diag != NULL) *signin->diag = *diag;
    if (err == OK && signin->ret != NULL) {
        *signin->ret =
            (BackendSignin){.token = str_copy(signin->call->arena,
                                              str_of(signin->session.token)),
                            .seconds = signin->session.seconds,
                            .staff = signin->staff};
    }
    if (err == OK && signin->sends && signin->sent[0] != '\0') {
        const DeskConfig *config = &signin->desk->config;
        config->deliver(config->deliver_arg, signin->name,
                        str_of(signin->sent));
    }
    signin->call->done(signin->call->done_arg, err);
}

static Err submit(Signin *signin, WriterChange *change, Diag *diag)
{
    signin->call->waiting = true;
    Err err = writer_submit(signin->desk->writer, change, signin_done, signin);
    if (err == OK) return OK;
    signin->call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}

static Signin *signin_make(Desk *desk, BackendCall *call, BackendSignin *ret,
                           Diag *diag)
{
    Signin *signin = ARENA_NEW(call->arena, Signin);
    signin->desk = desk;
    signin->call = call;
    signin->ret = ret;
    signin->diag = diag;
    signin->person_id = -1;
    return signin;
}

static Err staff_change(StoreConn *tx, void *arg, Diag *diag)
{
    Signin *signin = arg;
    (void)diag;
    return keep_answer(signin,
                       signin_staff(tx, signin->call->arena, signin->name,
                                    signin->password_right, signin->code_number,
                                    lang_of(signin), signin->call->now,
                                    &signin->session));
}

Err desk_signin_staff(void *self, BackendCall *call, Str name, Str password,
                      Str code, BackendSignin *ret, Diag *diag)
{
    Desk *desk = self;
    Signin *signin = signin_make(desk, call, ret, diag);
    int64_t number;
    StoreConn *conn = desk_reader_take(desk);
    Err err = signin_password_right(conn, call->arena, name, password,
                                    &signin->password_right);
    desk_reader_give(desk, conn);
    if (err != OK) return err;
    if (code.bytes != 6 || !str_to_int(code, &number) || number < 0) {
        signin->password_right = false;
        number = 0;
    }
    signin->name = str_copy(call->arena, name);
    signin->code_number = (int)number;
    signin->staff = true;
    return submit(signin, staff_change, diag);
}

/* The actor of a citizen, made at his first sign-in. */
static Err ensure_actor(StoreConn *tx, Signin *signin, Diag *diag)
{
    Actor actor;
    Err err = signin_actor_find(tx, signin->call->arena, signin->name, &actor);
    if (err != ERR_NOT_FOUND) return err;
    NewActor made = {.id = store_new_id(signin->desk->config.context->store),
                     .name = signin->name,
                     .label = signin->label,
                     .roles = signin->roles,
                     .person_id = signin->person_id};
    return signin_actor_add(tx, &made, diag);
}

/* How a person is called: by the book of his household. */
static Err label_of(StoreConn *conn, Signin *signin)
{
    const Desk *desk = signin->desk;
    const KindCatalogue *catalogue = desk->config.context->pack->catalogue;
    int64_t home, version;
    Str bytes;
    Book book;
    signin->label = signin->name;
    TRY(desk_home(conn, signin->person_id, &home));
    if (home < 0) return OK;
    TRY(registry_book(conn, signin->call->arena, home, &version, &bytes));
    TRY(book_read(signin->call->arena, catalogue, bytes, &book));
    Day today = instant_day(signin->call->now, 0);
    for (int32_t i = 0; i < catalogue->kind_count; i++) {
        const Kind *kind = &catalogue->kinds[i];
        if (kind->type != KIND_TEXT || strcmp(kind->format, "name") != 0) {
            continue;
        }
        const Segment *name =
            book_find(&book, signin->person_id, kind->id, 0, today);
        if (name == NULL) continue;
        signin->label = name->is.text;
        break;
    }
    return OK;
}

static Err code_change(StoreConn *tx, void *arg, Diag *diag)
{
    Signin *signin = arg;
    bool row;
    StoreStmt *stmt = store_query(tx, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, signin->name);
    TRY(store_step(stmt, &row));
    if (row) signin->person_id = store_int(stmt, 0);
    store_reset(stmt);
    if (!row) return OK; /* answered the same: nobody learns who is here */
    TRY(label_of(tx, signin));
    TRY(ensure_actor(tx, signin, diag));
    return signin_code_make(tx, signin->call->arena, signin->name,
                            signin->call->now, signin->sent);
}

Err desk_code_send(void *self, BackendCall *call, Str national_id, Diag *diag)
{
    Desk *desk = self;
    const Pack *pack = desk->config.context->pack;
    const Kind *kind = pack->catalogue->national_id;
    if (kind == NULL) return ERR_NOT_FOUND;
    Buf stored = buf_make(FORMAT_BYTES_MAX);
    Err err = format_read(format_find(pack->formats, str_of(kind->format)),
                          national_id, &stored, diag);
    if (err == OK) {
        Signin *signin = signin_make(desk, call, NULL, diag);
        signin->name = str_copy(call->arena, buf_view(&stored));
        signin->roles = 1u << ROLE_CITIZEN;
        signin->sends = true;
        err = submit(signin, code_change, diag);
    }
    buf_free(&stored);
    return err;
}

static Err citizen_change(StoreConn *tx, void *arg, Diag *diag)
{
    Signin *signin = arg;
    (void)diag;
    return keep_answer(signin,
                       signin_citizen(tx, signin->call->arena, signin->name,
                                      signin->code, lang_of(signin),
                                      signin->call->now, &signin->session));
}

Err desk_signin_citizen(void *self, BackendCall *call, Str national_id,
                        Str code, BackendSignin *ret, Diag *diag)
{
    Desk *desk = self;
    Signin *signin = signin_make(desk, call, ret, diag);
    signin->name = str_copy(call->arena, national_id);
    signin->code = str_copy(call->arena, code);
    return submit(signin, citizen_change, diag);
}

typedef struct Signout {
    BackendCall *call;
    Str token;
} Signout;

static Err signout_change(StoreConn *tx, void *arg, Diag *diag)
{
    Signout *signout = arg;
    (void)diag;
    return signin_close(tx, signout->token);
}

static void signout_done(void *arg, Err err, const Diag *diag)
{
    Signout *signout = arg;
    (void)diag;
    signout->call->done(signout->call->done_arg, err);
}

Err desk_signout(void *self, BackendCall *call, Str token)
{
    Desk *desk = self;
    Signout *signout = ARENA_NEW(call->arena, Signout);
    *signout = (Signout){call, str_copy(call->arena, token)};
    call->waiting = true;
    Err err =
        writer_submit(desk->writer, signout_change, signout_done, signout);
    if (err != OK) call->waiting = false;
    return err;
}
