/*
 * desk_world.c - a small nation in a real database with a desk over it, and
 * people who call. Included by the tests of this folder.
 */
#include "web/desk.h"

#include <stdlib.h>
#include <unistd.h>

#include "decision/determine.h"
#include "service/demo.h"
#include "service/redetermine.h"
#include "tests/harness.h"
#include "web/desk_int.h"

enum { HOUSEHOLDS = 14, READERS = 4, FAMILY = 1, FAMILY_HEAD = 101 };

typedef struct World {
    char folder[64];
    char path[96];
    Context context;
    Redetermine again;
    EventTypes types;
    Desk *desk;
    const Backend *backend;
} World;

/* One call of the backend, with somebody who waits for it. */
typedef struct Caller {
    World *world;
    Arena *arena;
    TextStyle style;
    BackendSession session;
    BackendCall call;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool done;
    Err err;
} Caller;

static void expect(Err err, Err expected, const Diag *diag)
{
    ck_assert_msg(err == expected, "%s (%s %s), expected %s", err_name(err),
                  diag->key, diag->arg[0], err_name(expected));
}

static Month month(int32_t year, int32_t number)
{
    return month_of_day(day_of((Ymd){year, number, 1}));
}

static void decide(World *world, StoreConn *writer, Month which)
{
    Diag diag = {.key = ""};
    RunReport report;
    const Pack *pack = world->context.pack;
    Determine job = {.store = world->context.store,
                     .writer = writer,
                     .pack = pack,
                     .programme = &pack->programmes[0],
                     .month = which,
                     .threads = 1};
    expect(determine(&job, &diag, &report), OK, &diag);
}

static World *world_begin(void)
{
    static World world;
    Diag diag = {.key = ""};
    world = (World){.folder = "/tmp/sanad-test-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(world.folder));
    snprintf(world.path, sizeof world.path, "%s/test.db", world.folder);
    expect(context_init(world.path, &diag), OK, &diag);
    Context *context = &world.context;
    expect(context_open(world.path, true, &diag, context), OK, &diag);
    expect(context_texts(context, &diag), OK, &diag);
    expect(event_types_load(context->arena, context->pack->catalogue,
                            context->pack->formats,
                            pack_file(context->pack, "models/events.tsv"),
                            &diag, &world.types),
           OK, &diag);
    StoreConn *writer;
    expect(store_writer(context->store, &diag, &writer), OK, &diag);
    DemoReport made;
    DemoOptions options = {.tx = writer,
                           .types = &world.types,
                           .households = HOUSEHOLDS,
                           .seed = 1};
    expect(demo_make(&options, &diag, &made), OK, &diag);
    decide(&world, writer, month(2026, 6));
    decide(&world, writer, month(2026, 11));
    store_conn_close(writer);
    DeskConfig config = {.context = context, .demo = true, .readers = READERS};
    expect(desk_open(&config, &diag, &world.desk), OK, &diag);
    expect(redetermine_open(context, &diag, &world.again), OK, &diag);
    world.backend = desk_backend(world.desk);
    return &world;
}

static void world_end(World *world)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    redetermine_close(&world->again);
    desk_close(world->desk);
    context_close(&world->context);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", world->path, ends[i]);
        unlink(path);
    }
    rmdir(world->folder);
}

static void on_done(void *arg, Err err)
{
    Caller *caller = arg;
    pthread_mutex_lock(&caller->lock);
    caller->err = err;
    caller->done = true;
    pthread_cond_signal(&caller->told);
    pthread_mutex_unlock(&caller->lock);
}

static Caller *caller_open(World *world)
{
    Arena *arena = arena_open((size_t)64 << 20);
    Caller *caller = ARENA_NEW(arena, Caller);
    caller->world = world;
    caller->arena = arena;
    caller->style = (TextStyle){.texts = world->context.texts, .lang = TEXT_EN};
    caller->call = (BackendCall){.arena = arena,
                                 .style = &caller->style,
                                 .client = STR("test"),
                                 .now = clock_now(),
                                 .done = on_done,
                                 .done_arg = caller,
                                 .brief = true};
    pthread_mutex_init(&caller->lock, NULL);
    pthread_cond_init(&caller->told, NULL);
    return caller;
}

static void caller_close(Caller *caller)
{
    arena_close(caller->arena);
}

/* What the call came to, when it is durable. */
static Err outcome(Caller *caller, Err err)
{
    if (!caller->call.waiting) return err;
    caller->world->backend->flush(caller->world->desk);
    pthread_mutex_lock(&caller->lock);
    while (!caller->done) {
        pthread_cond_wait(&caller->told, &caller->lock);
    }
    caller->done = caller->call.waiting = false;
    pthread_mutex_unlock(&caller->lock);
    return err == OK ? caller->err : err;
}

static Str sign_in(Caller *caller, const char *persona)
{
    BackendSignin signin = {.seconds = 0};
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    expect(outcome(caller,
                   backend->signin_persona(backend->self, &caller->call,
                                           str_of(persona), &signin, &diag)),
           OK, &diag);
    return signin.token;
}

static Err come(Caller *caller, Str token)
{
    const Backend *backend = caller->world->backend;
    Err err =
        backend->session(backend->self, &caller->call, token, &caller->session);
    caller->call.session = err == OK ? &caller->session : NULL;
    return err;
}

/* Staff say for what they read; their session is looked up again. */
UNUSED static Err choose(Caller *caller, Str token, const char *purpose)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    caller->call.token = token;
    TRY(outcome(caller, backend->purpose(backend->self, &caller->call,
                                         str_of(purpose), &diag)));
    return come(caller, token);
}

UNUSED static Err look(Caller *caller, BackendHousehold *ret)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return outcome(caller,
                   backend->household(backend->self, &caller->call,
                                      caller->session.household_id,
                                      BACKEND_MONTH_LATEST, ret, &diag));
}

UNUSED static Err look_again(Caller *caller, const BackendStamp *stamp)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return outcome(caller, backend->household_again(
                               backend->self, &caller->call, stamp, &diag));
}

/* How many reads of a household are on record; the last one's actor.
 * Citizens read for themselves, staff for what they chose. */
UNUSED static int reads_of(World *world, int64_t household, char last[64])
{
    int count = 0;
    bool row;
    StoreConn *conn = desk_reader_take(world->desk);
    StoreStmt *stmt = store_query(conn, Q_READ_LIST);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, 100000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        if (store_int(stmt, 7) != 0) continue; /* see refusals_of() */
        bool citizen = str_is(store_text(stmt, 3), "citizen");
        ck_assert(citizen == str_is(store_text(stmt, 4), "own"));
        ck_assert(citizen || access_purpose(store_text(stmt, 4)));
        if (count++ == 0 && last != NULL)
            snprintf(last, 64, "%.*s", STR_ARG(store_text(stmt, 2)));
    }
    desk_reader_give(world->desk, conn);
    return count;
}

/* How many were refused who tried to read a household: "NAME ROLE PURPOSE" of
 * the last one. */
UNUSED static int refusals_of(World *world, int64_t household, char last[96])
{
    int count = 0;
    bool row;
    StoreConn *conn = desk_reader_take(world->desk);
    StoreStmt *stmt = store_query(conn, Q_READ_LIST);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, 100000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        if (store_int(stmt, 7) == 0 || count++ > 0) continue;
        snprintf(last, 96, "%.*s %.*s %.*s", STR_ARG(store_text(stmt, 2)),
                 STR_ARG(store_text(stmt, 3)), STR_ARG(store_text(stmt, 4)));
    }
    desk_reader_give(world->desk, conn);
    return count;
}

/* A message of an agency, carried out in the write queue as a change. */
typedef struct Message {
    World *world;
    Str json;
} Message;

static Err carry_out(StoreConn *tx, void *arg, Diag *diag)
{
    Message *message = arg;
    World *world = message->world;
    Arena *arena CLEANUP(arena_closep) = arena_open((size_t)16 << 20);
    Event *event = ARENA_NEW(arena, Event);
    EventOutcome came = {0};
    TRY(event_read(arena, &world->types, message->json, diag, event));
    TRY(event_apply(tx, arena, &world->types, event, clock_now(), diag, &came));
    const RegistryFollow *follow = &world->again.follow;
    bool due;
    TRY(follow->due(tx, follow->arg, &due));
    for (int32_t i = 0; due && i < came.touched_count; i++) {
        int32_t changed;
        TRY(follow->household(tx, follow->arg, came.touched[i].household_id,
                              came.touched[i].since, diag, &changed));
    }
    return OK;
}

UNUSED static void send(World *world, const char *type, const char *data)
{
    static atomic_int number;
    char json[1024];
    Diag diag = {.key = ""};
    snprintf(json, sizeof json,
             "{\"specversion\":\"1.0\",\"source\":\"test\",\"id\":\"t-%d\","
             "\"type\":\"sa.gov.sanad.%s.v1\",\"data\":%s}",
             atomic_fetch_add(&number, 1), type, data);
    Message message = {world, str_of(json)};
    expect(writer_run(world->desk->writer, carry_out, &message, &diag), OK,
           &diag);
}

UNUSED static void send_wage(World *world, int64_t person, const char *value)
{
    char data[128];
    snprintf(data, sizeof data,
             "{\"person\":\"%lld\",\"from\":\"2026-01-01\",\"value\":\"%s\"}",
             (long long)person, value);
    send(world, "fact.wage", data);
}
