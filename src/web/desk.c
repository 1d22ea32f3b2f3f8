#include "web/desk.h"

#include <stdlib.h>
#include <string.h>

#include "store/schema.h"
#include "web/desk_int.h"

/* How long a try that is refused stands for those that follow it. */
static const Instant refused_again_us = INT64_C(60) * 1000000;

StoreConn *desk_reader_take(Desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    while (desk->reader_count == 0) {
        pthread_cond_wait(&desk->freed, &desk->lock);
    }
    StoreConn *conn = desk->reader[--desk->reader_count];
    pthread_mutex_unlock(&desk->lock);
    return conn;
}

void desk_reader_give(Desk *desk, StoreConn *conn)
{
    pthread_mutex_lock(&desk->lock);
    desk->reader[desk->reader_count++] = conn;
    pthread_cond_signal(&desk->freed);
    pthread_mutex_unlock(&desk->lock);
}

/* For what the actor reads: a citizen for himself, staff as they said. */
static Err purpose_of(const BackendCall *call, const DeskOwner *owner,
                      Diag *diag, Str *ret)
{
    *ret = STR(ACCESS_PURPOSE_OWN);
    if (!signin_is_staff(owner->actor.roles)) return OK;
    /* nobody asks for what she reads who opens no files: she is refused */
    *ret = (Str){"", 0};
    if (!call->session->staff) return OK;
    *ret = call->purpose.bytes > 0 ? call->purpose : owner->purpose;
    if (access_purpose(*ret)) return OK;
    diag_set(diag, "access.purpose");
    return ERR_DENIED;
}

static Err begin_read(Desk *desk, BackendCall *call, const char *what,
                      Diag *diag, DeskRead **ret)
{
    if (call->session == NULL || call->session->own == NULL) {
        return ERR_NOT_FOUND;
    }
    const DeskOwner *owner = call->session->own;
    Str purpose;
    Err err = purpose_of(call, owner, diag, &purpose);
    if (err != OK) purpose = STR(""); /* the try is recorded without one */
    DeskRead *read = ARENA_NEW(call->arena, DeskRead);
    read->call = call;
    read->record = (GuardRead){.store = desk->config.context->store,
                               .actor = owner->actor,
                               .purpose = purpose,
                               .what = str_of(what),
                               .at = call->now};
    *ret = read;
    return err;
}

/* Whether a try is to be recorded of who chooses the number and how often: at
 * a household that is there, once in a minute. He is not to fill the record
 * with it. */
static Err is_first(StoreConn *conn, const DeskRead *read, bool *ret)
{
    StoreStmt *stmt = store_query(conn, Q_READ_REFUSED_FIRST);
    store_bind_int(stmt, 1, read->record.subject.household_id);
    store_bind_int(stmt, 2, read->record.actor.id);
    store_bind_int(stmt, 3, read->record.at - refused_again_us);
    TRY(store_step(stmt, ret));
    store_reset(stmt);
    return OK;
}

/* Refuses, with what it needs of a record. */
static Err refuse(Desk *desk, StoreConn *conn, DeskRead *read, Diag *diag)
{
    bool first = true;
    if (!signin_is_staff(read->record.actor.roles) ||
        (read->call->session->staff && read->record.purpose.bytes == 0)) {
        TRY(is_first(conn, read, &first));
    }
    return first ? desk_refuse(desk, read, diag) : ERR_DENIED;
}

Err desk_guard(Desk *desk, BackendCall *call, StoreConn *conn, Action action,
               Object object, int64_t household_id, Day day, const char *what,
               Diag *diag, DeskRead **ret)
{
    DeskRead *read = NULL;
    Err err = begin_read(desk, call, what, diag, &read);
    if (err == ERR_DENIED && household_id >= 0) {
        read->record.subject =
            (Subject){.object = object, .household_id = household_id};
        return refuse(desk, conn, read, diag);
    }
    TRY(err);
    const Actor *actor = &read->record.actor;
    *ret = read;
    if (household_id >= 0) {
        GuardAsk ask = {.arena = call->arena,
                        .catalogue = desk->config.context->pack->catalogue,
                        .actor = actor,
                        .action = action,
                        .object = object,
                        .household_id = household_id,
                        .day = day};
        err = guard_household(conn, &ask, diag, &read->record.subject,
                              &read->record.role);
        return err == ERR_DENIED ? refuse(desk, conn, read, diag) : err;
    }
    read->record.subject = (Subject){.object = object, .household_id = -1};
    return access_check(actor, action, &read->record.subject, diag,
                        &read->record.role);
}

Err desk_guard_again(Desk *desk, BackendCall *call, Action action,
                     const Subject *subject, const char *what, Diag *diag,
                     DeskRead **ret)
{
    DeskRead *read;
    TRY(begin_read(desk, call, what, diag, &read));
    read->record.subject = *subject;
    *ret = read;
    Err err = access_check(&read->record.actor, action, subject, diag,
                           &read->record.role);
    return err == ERR_DENIED ? desk_refuse(desk, read, diag) : err;
}

Err desk_refuse(Desk *desk, DeskRead *read, Diag *diag)
{
    read->record.refused = true;
    read->record.role = access_role(&read->record.actor);
    TRY(desk_record(desk, read, diag));
    return ERR_DENIED;
}

Err desk_refused(void *self, BackendCall *call, int64_t household_id,
                 Diag *diag)
{
    Desk *desk = self;
    DeskRead *read;
    TRY(begin_read(desk, call, "household", diag, &read));
    read->record.subject =
        (Subject){.object = OBJECT_HOUSEHOLD, .household_id = household_id};
    StoreConn *conn = desk_reader_take(desk);
    Err err = refuse(desk, conn, read, diag);
    desk_reader_give(desk, conn);
    return err;
}

static Err desk_ready(void *self, Diag *diag)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    Err err = store_schema_check(conn, diag);
    desk_reader_give(desk, conn);
    if (err == OK && writer_waiting(desk->writer) > WRITER_QUEUE_MAX / 2) {
        diag_set(diag, "writer.full");
        return ERR_BUSY;
    }
    return err;
}

static void desk_metrics(void *self, Buf *buf)
{
    Desk *desk = self;
    buf_format(buf,
               "# HELP sanad_writes_waiting Changes that wait to be written.\n"
               "# TYPE sanad_writes_waiting gauge\n"
               "sanad_writes_waiting %d\n",
               writer_waiting(desk->writer));
    desk_record_metrics(desk, buf);
}

static void fill_table(Desk *desk)
{
    desk->backend = (Backend){.self = desk,
                              .session = desk_session,
                              .personas = desk_personas,
                              .signin_persona = desk_signin_persona,
                              .signin_staff = desk_signin_staff,
                              .code_send = desk_code_send,
                              .signin_citizen = desk_signin_citizen,
                              .signout = desk_signout,
                              .purpose = desk_purpose,
                              .household = desk_household,
                              .household_again = desk_household_again,
                              .explain = desk_explain,
                              .looks = desk_looks,
                              .refused = desk_refused,
                              .search = desk_search,
                              .scenarios = desk_scenarios,
                              .scenario_keep = desk_scenario_keep,
                              .law = desk_law,
                              .law_pack = desk_law_pack,
                              .coming = desk_coming,
                              .drafts = desk_drafts,
                              .draft = desk_draft,
                              .draft_step = desk_draft_step,
                              .flush = desk_flush,
                              .ready = desk_ready,
                              .metrics = desk_metrics};
}

static Err start_comparing(Desk *desk)
{
    DeskPasswords *queue = &desk->passwords;
    for (int i = 0; i < DESK_PASSWORD_THREADS; i++) {
        if (pthread_create(&queue->thread[i], NULL, desk_compare, desk) != 0) {
            return ERR_FULL;
        }
        queue->threads++;
    }
    return OK;
}

static void stop_comparing(Desk *desk)
{
    DeskPasswords *queue = &desk->passwords;
    pthread_mutex_lock(&queue->lock);
    queue->stopping = true;
    pthread_cond_broadcast(&queue->came);
    pthread_mutex_unlock(&queue->lock);
    for (int i = 0; i < queue->threads; i++) {
        pthread_join(queue->thread[i], NULL);
    }
    pthread_cond_destroy(&queue->came);
    pthread_mutex_destroy(&queue->lock);
}

Err desk_open(const DeskConfig *config, Diag *diag, Desk **ret)
{
    CHECK(config->readers >= 1 && config->readers <= DESK_READERS_MAX);
    Desk *desk = calloc(1, sizeof *desk);
    if (desk == NULL) return ERR_FULL;
    desk->config = *config;
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->freed, NULL);
    pthread_mutex_init(&desk->reads.lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&desk->reads.gathered, &clock);
    pthread_condattr_destroy(&clock);
    for (int i = 0; i < DESK_SESSION_LOCKS; i++) {
        pthread_mutex_init(&desk->session_lock[i], NULL);
    }
    pthread_mutex_init(&desk->passwords.lock, NULL);
    pthread_cond_init(&desk->passwords.came, NULL);
    for (int i = 0; i < DESK_SEEN_MAX; i++) {
        desk->seen[i].desk = desk;
        atomic_flag_clear(&desk->seen[i].taken);
    }
    fill_table(desk);
    Err err = writer_open(config->context->store, diag, &desk->writer);
    for (int i = 0; i < config->readers && err == OK; i++) {
        err = store_reader(config->context->store, diag,
                           &desk->reader[desk->reader_count]);
        if (err == OK) desk->reader_count++;
    }
    if (err == OK) err = start_comparing(desk);
    if (err != OK) {
        desk_close(desk);
        return err;
    }
    desk->watches = watch_works(config->context->store);
    *ret = desk;
    return OK;
}

void desk_close(Desk *desk)
{
    if (desk == NULL) return;
    stop_comparing(desk);
    writer_close(desk->writer);
    for (int i = 0; i < desk->reader_count; i++) {
        store_conn_close(desk->reader[i]);
    }
    for (int i = 0; i < DESK_SESSION_LOCKS; i++) {
        pthread_mutex_destroy(&desk->session_lock[i]);
    }
    pthread_cond_destroy(&desk->reads.gathered);
    pthread_mutex_destroy(&desk->reads.lock);
    pthread_cond_destroy(&desk->freed);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

const Backend *desk_backend(const Desk *desk)
{
    return &desk->backend;
}
