/*
 * desk_signin.c - sessions and signing in, for the pages.
 */
#include <string.h>

#include "access/account.h"
#include "access/code.h"
#include "text/calendar.h"
#include "web/desk_int.h"

/* A sign-in under way through the write queue. */
typedef struct Signin {
    Desk *desk;
    BackendCall *call;
    BackendSignin *ret;
    Diag *diag;
    SigninSession session;
    SigninAsk ask;
    Str label;
    Str code;
    Str password;
    Str encoded; /* what the password is compared with */
    int code_number;
    bool password_right;
    bool staff;
    bool sends; /* a code is to be delivered */
    int64_t person_id;
    unsigned roles;
    char sent[7];
    Instant wait; /* too many tries until then; 0: not */
    Err answer;   /* of the sign-in; its change is committed all the same */
    struct Signin *next; /* who waits for his password to be compared */
} Signin;

SigninAsk desk_ask(const BackendCall *call, Str name)
{
    bool known = !str_is(call->client, "local");
    return (SigninAsk){.name = str_copy(call->arena, name),
                       .browser = call->browser,
                       .address = known ? call->client : (Str){"", 0},
                       .older = call->token,
                       .lang = str_of(text_lang_name(call->style->lang)),
                       .now = call->now};
}

/* Says when it may be tried again, by the clock of the people. */
static void say_wait(const Signin *signin, Diag *diag)
{
    Instant minutes = signin->wait / 60000000 + CALENDAR_OFFSET_MINUTES + 1;
    diag_set(diag, "signin.wait");
    diag_arg_text(diag,
                  arena_format(signin->call->arena, "%02d:%02d",
                               (int)(minutes / 60 % 24), (int)(minutes % 60)));
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
    if (signin->wait > 0) say_wait(signin, signin->diag);
    if (err == OK && signin->ret != NULL) {
        *signin->ret =
            (BackendSignin){.token = str_copy(signin->call->arena,
                                              str_of(signin->session.token)),
                            .seconds = signin->session.seconds,
                            .staff = signin->staff};
    }
    if (err == OK && signin->sends && signin->sent[0] != '\0') {
        const DeskConfig *config = &signin->desk->config;
        config->deliver(config->deliver_arg, signin->ask.name,
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

static Signin *signin_make(Desk *desk, BackendCall *call, Str name,
                           BackendSignin *ret, Diag *diag)
{
    Signin *signin = ARENA_NEW(call->arena, Signin);
    signin->desk = desk;
    signin->call = call;
    signin->ask = desk_ask(call, name);
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
                       signin_staff(tx, signin->call->arena, &signin->ask,
                                    signin->password_right, signin->code_number,
                                    &signin->session));
}

/* A thread that compares passwords, away from those that serve. */
void *desk_compare(void *arg)
{
    Desk *desk = arg;
    DeskPasswords *queue = &desk->passwords;
    pthread_mutex_lock(&queue->lock);
    for (;;) {
        while (queue->first == NULL && !queue->stopping) {
            pthread_cond_wait(&queue->came, &queue->lock);
        }
        Signin *signin = queue->first;
        if (signin == NULL) break;
        queue->first = signin->next;
        queue->waiting--;
        pthread_mutex_unlock(&queue->lock);
        signin->password_right =
            signin_password_right(signin->encoded, signin->password);
        Err err =
            writer_submit(desk->writer, staff_change, signin_done, signin);
        Diag diag = {.key = ""};
        diag_set(&diag, "writer.full");
        if (err != OK) signin_done(signin, err, &diag);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* Has the password compared; the answer waits. Beyond a few it is refused:
 * each takes much memory, and a flood of them is not worth it. */
static Err compare(Signin *signin, Diag *diag)
{
    DeskPasswords *queue = &signin->desk->passwords;
    pthread_mutex_lock(&queue->lock);
    bool room = queue->waiting < DESK_PASSWORDS_MAX;
    if (room) {
        signin->call->waiting = true;
        Signin **end = &queue->first;
        while (*end != NULL) end = &(*end)->next;
        *end = signin;
        queue->waiting++;
        pthread_cond_signal(&queue->came);
    }
    pthread_mutex_unlock(&queue->lock);
    if (room) return OK;
    diag_set(diag, "signin.busy");
    return ERR_FULL;
}

static Err read_staff(Desk *desk, Signin *signin, bool *ret_locked)
{
    StoreConn *conn = desk_reader_take(desk);
    const SigninAsk *ask = &signin->ask;
    Err err = signin_locked(conn, ask->name, ask->now, ret_locked);
    if (err == OK && !*ret_locked) {
        err = signin_password(conn, signin->call->arena, ask->name,
                              &signin->encoded);
    }
    desk_reader_give(desk, conn);
    return err;
}

Err desk_signin_staff(void *self, BackendCall *call, Str name, Str password,
                      Str code, BackendSignin *ret, Diag *diag)
{
    Desk *desk = self;
    Signin *signin = signin_make(desk, call, name, ret, diag);
    int64_t number;
    bool locked;
    TRY(read_staff(desk, signin, &locked));
    if (locked) return ERR_DENIED; /* as for a wrong password, without work */
    if (code.bytes != 6 || !str_to_int(code, &number) || number < 0) {
        number = -1; /* no code is that */
    }
    signin->code_number = (int)number;
    signin->password = str_copy(call->arena, password);
    signin->staff = true;
    return compare(signin, diag);
}

/* The actor of a citizen, made at his first sign-in. */
static Err ensure_actor(StoreConn *tx, Signin *signin, Diag *diag)
{
    Actor actor;
    Err err =
        signin_actor_find(tx, signin->call->arena, signin->ask.name, &actor);
    if (err != ERR_NOT_FOUND) return err;
    NewActor made = {.id = store_new_id(signin->desk->config.context->store),
                     .name = signin->ask.name,
                     .label = signin->label,
                     .roles = signin->roles,
                     .person_id = signin->person_id};
    return account_add(tx, &made, diag, NULL);
}

/* How a person is called: by the book of his household. */
static Err label_of(StoreConn *conn, Signin *signin)
{
    const Desk *desk = signin->desk;
    const KindCatalogue *catalogue = desk->config.context->pack->catalogue;
    int64_t home, version;
    Str bytes;
    Book book;
    signin->label = signin->ask.name;
    TRY(desk_home(conn, signin->person_id, &home));
    if (home < 0) return OK;
    TRY(registry_book(conn, signin->call->arena, home, &version, &bytes));
    TRY(book_read(signin->call->arena, catalogue, bytes, &book));
    Day today = calendar_civil_day(signin->call->now);
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
    store_bind_text(stmt, 1, signin->ask.name);
    TRY(store_step(stmt, &row));
    if (row) signin->person_id = store_int(stmt, 0);
    store_reset(stmt);
    /* whoever is not here is answered the same: nobody learns who is */
    if (row) TRY(label_of(tx, signin));
    if (row) TRY(ensure_actor(tx, signin, diag));
    TRY(code_make(tx, signin->call->arena, &signin->ask, signin->sent,
                  &signin->wait));
    if (signin->wait > 0) signin->answer = ERR_DENIED;
    return OK;
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
        Signin *signin = signin_make(desk, call, buf_view(&stored), NULL, diag);
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
    return keep_answer(signin, code_signin(tx, signin->call->arena,
                                           &signin->ask, signin->code,
                                           &signin->session, &signin->wait));
}

Err desk_signin_citizen(void *self, BackendCall *call, Str national_id,
                        Str code, BackendSignin *ret, Diag *diag)
{
    Desk *desk = self;
    Signin *signin = signin_make(desk, call, national_id, ret, diag);
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

typedef struct Choice {
    BackendCall *call;
    Hash session;
    Str purpose;
} Choice;

static Err choice_change(StoreConn *tx, void *arg, Diag *diag)
{
    const Choice *choice = arg;
    (void)diag;
    return signin_purpose(tx, &choice->session, choice->purpose);
}

static void choice_done(void *arg, Err err, const Diag *diag)
{
    const Choice *choice = arg;
    (void)diag;
    choice->call->done(choice->call->done_arg, err);
}

Err desk_purpose(void *self, BackendCall *call, Str code, Diag *diag)
{
    Desk *desk = self;
    if (call->session == NULL || !call->session->staff) return ERR_DENIED;
    if (!access_purpose(code)) return ERR_INVALID;
    Choice *choice = ARENA_NEW(call->arena, Choice);
    *choice = (Choice){call, hash_of(call->token), str_copy(call->arena, code)};
    call->waiting = true;
    Err err = writer_submit(desk->writer, choice_change, choice_done, choice);
    if (err == OK) return OK;
    call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}
