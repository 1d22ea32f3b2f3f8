#include "job/writer.h"

#include <pthread.h>
#include <stdatomic.h>

#include "job/setting.h"
#include "tests/scratch.h"

/* What one change does and what it was told. */
typedef struct Work {
    char name[32];
    Err gives; /* what the change returns after it has written */
    bool slow; /* waits until `gate` opens */
    atomic_int told;
    Err err;
    char key[DIAG_KEY_BYTES];
    int place; /* in the order of being told */
} Work;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_int told_count, run_count, fail_next;

static Err change(StoreConn *tx, void *arg, Diag *diag)
{
    Work *work = arg;
    atomic_fetch_add(&run_count, 1);
    if (work->slow) {
        pthread_mutex_lock(&gate);
        pthread_mutex_unlock(&gate);
    }
    TRY(setting_set(tx, work->name, STR("x")));
    if (atomic_exchange(&fail_next, 0) != 0) store_fail_at(1);
    if (work->gives != OK) diag_set(diag, "test.refused");
    return work->gives;
}

static void done(void *arg, Err err, const Diag *diag)
{
    Work *work = arg;
    work->err = err;
    snprintf(work->key, sizeof work->key, "%s", diag->key);
    work->place = atomic_fetch_add(&told_count, 1);
    atomic_fetch_add(&work->told, 1);
}

static bool is_set(Scratch *scratch, const char *name)
{
    Arena *arena = arena_open(1 << 16);
    StoreConn *reader = scratch_reader(scratch);
    Str value;
    ck_assert_int_eq(setting_get(reader, arena, name, &value), OK);
    store_conn_close(reader);
    bool there = value.at != NULL;
    arena_close(arena);
    return there;
}

static Writer *start(Scratch *scratch)
{
    Diag diag = {.key = ""};
    Writer *writer;
    *scratch = scratch_open();
    ck_assert_int_eq(writer_open(scratch->store, &diag, &writer), OK);
    return writer;
}

TEST(a_change_is_durable_when_its_writer_is_told)
{
    Scratch scratch;
    Writer *writer = start(&scratch);
    Work work = {.name = "a"};
    Diag diag;
    ck_assert_int_eq(writer_run(writer, change, &work, &diag), OK);
    ck_assert(is_set(&scratch, "a"));
    writer_close(writer);
    scratch_close(&scratch);
}

TEST(a_change_that_fails_is_undone_and_no_other)
{
    enum { COUNT = 50 };
    static Work work[COUNT], first = {.name = "first", .slow = true};
    Scratch scratch;
    Writer *writer = start(&scratch);
    pthread_mutex_lock(&gate); /* so that the others come into one batch */
    ck_assert_int_eq(writer_submit(writer, change, done, &first), OK);
    for (int i = 0; i < COUNT; i++) {
        snprintf(work[i].name, sizeof work[i].name, "w%d", i);
        work[i].gives = i % 3 == 0 ? ERR_INVALID : OK;
        ck_assert_int_eq(writer_submit(writer, change, done, &work[i]), OK);
    }
    pthread_mutex_unlock(&gate);
    writer_close(writer);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(work[i].told, 1);
        ck_assert_int_eq(work[i].err, i % 3 == 0 ? ERR_INVALID : OK);
        ck_assert_str_eq(work[i].key, i % 3 == 0 ? "test.refused" : "");
        ck_assert_msg(is_set(&scratch, work[i].name) == (i % 3 != 0), "%s",
                      work[i].name);
    }
    scratch_close(&scratch);
}

TEST(changes_are_carried_out_and_told_in_order)
{
    enum { COUNT = 1200 };
    static Work work[COUNT];
    Scratch scratch;
    Writer *writer = start(&scratch);
    for (int i = 0; i < COUNT; i++) {
        snprintf(work[i].name, sizeof work[i].name, "w%d", i % 7);
        ck_assert_int_eq(writer_submit(writer, change, done, &work[i]), OK);
    }
    writer_close(writer);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(work[i].told, 1);
        ck_assert_int_eq(work[i].place, i);
    }
    scratch_close(&scratch);
}

TEST(a_full_queue_refuses_at_once_and_loses_nothing)
{
    static Work work[WRITER_QUEUE_MAX + WRITER_BATCH_MAX + 1];
    static Work first = {.name = "first", .slow = true}, over = {.name = "no"};
    Scratch scratch;
    Writer *writer = start(&scratch);
    pthread_mutex_lock(&gate);
    ck_assert_int_eq(writer_submit(writer, change, done, &first), OK);
    while (atomic_load(&run_count) == 0) usleep(1000);
    int accepted = 0;
    for (; accepted < WRITER_QUEUE_MAX; accepted++) {
        snprintf(work[accepted].name, sizeof work->name, "w%d", accepted % 5);
        ck_assert_int_eq(writer_submit(writer, change, done, &work[accepted]),
                         OK);
    }
    ck_assert_int_eq(writer_waiting(writer), WRITER_QUEUE_MAX);
    Diag diag = {.key = ""};
    ck_assert_int_eq(writer_submit(writer, change, done, &over), ERR_FULL);
    ck_assert_int_eq(writer_run(writer, change, &over, &diag), ERR_FULL);
    ck_assert_str_eq(diag.key, "writer.full");
    pthread_mutex_unlock(&gate);
    writer_close(writer);
    for (int i = 0; i < accepted; i++) ck_assert_int_eq(work[i].told, 1);
    ck_assert_int_eq(over.told, 0);
    ck_assert(!is_set(&scratch, "no"));
    scratch_close(&scratch);
}

TEST(closing_first_writes_what_waits)
{
    static Work work[100];
    Scratch scratch;
    Writer *writer = start(&scratch);
    for (int i = 0; i < 100; i++) {
        snprintf(work[i].name, sizeof work[i].name, "w%d", i);
        ck_assert_int_eq(writer_submit(writer, change, done, &work[i]), OK);
    }
    writer_close(writer);
    for (int i = 0; i < 100; i++) ck_assert(is_set(&scratch, work[i].name));
    scratch_close(&scratch);
}

#ifdef SANAD_TORTURE
/* The savepoint's end fails: the whole batch is lost and tried one by one. */
TEST(a_batch_that_cannot_be_committed_is_tried_one_by_one)
{
    static Work work[20], first = {.name = "first", .slow = true};
    Scratch scratch;
    Writer *writer = start(&scratch);
    pthread_mutex_lock(&gate);
    ck_assert_int_eq(writer_submit(writer, change, done, &first), OK);
    while (atomic_load(&run_count) == 0) usleep(1000);
    for (int i = 0; i < 20; i++) {
        snprintf(work[i].name, sizeof work[i].name, "w%d", i);
        ck_assert_int_eq(writer_submit(writer, change, done, &work[i]), OK);
    }
    atomic_store(&fail_next, 1);
    pthread_mutex_unlock(&gate);
    writer_close(writer);
    ck_assert_int_eq(first.told, 1);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(work[i].told, 1);
        ck_assert_int_eq(work[i].err, OK);
        ck_assert(is_set(&scratch, work[i].name));
    }
    ck_assert_int_eq(is_set(&scratch, "first"), first.err == OK);
    scratch_close(&scratch);
}
#endif

typedef struct Client {
    Writer *writer;
    int number;
} Client;

static void *client_run(void *arg)
{
    Client *client = arg;
    for (int i = 0; i < 50; i++) {
        Work work = {.gives = i % 10 == 0 ? ERR_DENIED : OK};
        Diag diag;
        snprintf(work.name, sizeof work.name, "c%d-%d", client->number, i);
        if (writer_run(client->writer, change, &work, &diag) != work.gives) {
            return client;
        }
    }
    return NULL;
}

TEST(many_clients_write_at_once)
{
    Scratch scratch;
    Writer *writer = start(&scratch);
    pthread_t thread[8];
    Client client[8];
    for (int i = 0; i < 8; i++) {
        client[i] = (Client){writer, i};
        ck_assert_int_eq(
            pthread_create(&thread[i], NULL, client_run, &client[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *wrong;
        pthread_join(thread[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    writer_close(writer);
    ck_assert(!is_set(&scratch, "c3-10"));
    ck_assert(is_set(&scratch, "c3-11"));
    ck_assert(is_set(&scratch, "c7-49"));
    scratch_close(&scratch);
}
