/*
 * test_draft.c - a model on its way into force: who may, in which order, at
 * once with others, and with every statement failing.
 */
#include "service/draft.h"

#include <pthread.h>
#include <unistd.h>

#include "access/account.h"
#include "decision/determine.h"
#include "job/setting.h"
#include "service/context.h"
#include "service/draft_undo.h"
#include "tests/harness.h"
#include "tests/registry/nation.c"

/* Runs on SQLite; under tests/pg-server on PostgreSQL too. */

enum { MONA = 101, SAAD, TWIN, CLERK, TRIES_MAX = 400 };

static const char path[] = "models/social-security/pension.dmn";

typedef struct Fixture {
    Arena *arena;
    const char *db;
    Context context;
    StoreConn *tx;
    Diag diag;
    Actor actor[4];   /* by id - MONA */
    const char *from; /* the month that is submitted */
} Fixture;

static void expect(Err got, Err wanted, const Diag *diag)
{
    ck_assert_msg(got == wanted, "%s: %s", err_name(got), diag->key);
}

static void add_actor(Fixture *f, int64_t id, const char *name, unsigned roles,
                      const char *national)
{
    NewActor new = {.id = id,
                    .name = str_of(name),
                    .label = str_of(name),
                    .roles = roles,
                    .person_id = -1,
                    .national_id = str_of(national),
                    .persona = true};
    expect(account_add(f->tx, &new, &f->diag, NULL), OK, &f->diag);
    expect(account_actor(f->tx, f->context.arena, id, &f->actor[id - MONA]), OK,
           &f->diag);
}

static Fixture *open_fixture(void)
{
    static Fixture fixture;
    Fixture *f = &fixture;
    *f = (Fixture){.arena = arena_open(1 << 20), .from = "2026-02"};
    f->db = make_place(f->arena, &f->diag);
    expect(context_init(f->db, &f->diag), OK, &f->diag);
    expect(context_open_writer(f->db, false, &f->diag, &f->context, &f->tx), OK,
           &f->diag);
    ck_assert_int_eq(store_begin(f->tx), OK);
    add_actor(f, MONA, "mona", 1u << ROLE_POLICY, "1000000016");
    add_actor(f, SAAD, "saad", 1u << ROLE_POLICY, "1000000024");
    add_actor(f, TWIN, "twin", 1u << ROLE_POLICY, "1000000016");
    add_actor(f, CLERK, "clerk", 1u << ROLE_CASEWORKER, "1000000032");
    ck_assert_int_eq(store_commit(f->tx), OK);
    return f;
}

static void close_fixture(Fixture *f)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    store_conn_close(f->tx);
    context_close(&f->context);
    for (int i = 0; i < 4 && strstr(f->db, "://") == NULL; i++) {
        unlink(arena_format(f->arena, "%s%s", f->db, ends[i]));
    }
    char *folder = arena_format(f->arena, "%s", f->db);
    *strrchr(folder, '/') = '\0';
    if (strstr(f->db, "://") == NULL) rmdir(folder);
    arena_close(f->arena);
}

static Month month(const char *text)
{
    Month read;
    ck_assert(month_read(str_of(text), &read));
    return read;
}

/* The model with another amount. */
static Str model_with(Fixture *f, const char *amount)
{
    Str cell = str_of(amount), text;
    Edit edit = {.what = EDIT_CELL,
                 .decision = STR("Basic minimum head"),
                 .row = 2,
                 .part = GRID_OUTPUT,
                 .column = 1,
                 .cells = &cell,
                 .cell_count = 1};
    expect(edit_apply(f->context.arena, pack_file(f->context.pack, path), &edit,
                      &f->diag, &text),
           OK, &f->diag);
    return text;
}

typedef enum Do {
    DO_BEGIN,
    DO_SAVE,
    DO_SUBMIT,
    DO_APPROVE,
    DO_PUBLISH,
    DO_COMMENT,
    DO_RETURN,
    DO_WITHDRAW
} Do;

/* As one who has just read the draft. */
static int32_t newest_step(Fixture *f, int64_t id)
{
    Draft draft;
    Err err = draft_get(f->tx, f->context.arena, id, &f->diag, &draft);
    return err == OK ? draft.step : 0;
}

static DraftAct act_as(Fixture *f, Arena *arena, int64_t who, int64_t id,
                       const char *words)
{
    return (DraftAct){.tx = f->tx,
                      .arena = arena,
                      .base = f->context.pack,
                      .draft_id = id,
                      .by = &f->actor[who - MONA],
                      .text = str_of(words),
                      .now = 1000,
                      .diag = &f->diag};
}

/* One step in a transaction of its own. */
static Err act_by(Fixture *f, Do what, int64_t who, int64_t id,
                  const char *words)
{
    Arena *arena = arena_open(512 << 20);
    EditPlace place;
    DraftText text = {.pack = NULL};
    DraftPublished published;
    DraftAct act = act_as(f, arena, who, id, words);
    diag_set(&f->diag, "");
    Err err = OK;
    if (what == DO_SUBMIT) {
        err = draft_read_text(&act, DRAFT_OPEN, &text);
        if (err == OK) err = draft_check(&act, &text, &place);
    } else if (what == DO_PUBLISH) {
        err = draft_read_text(&act, DRAFT_APPROVED, &text);
        if (err == OK) err = draft_make(&act, &text);
    }
    if (err == OK) err = store_begin(f->tx);
    if (err == OK) {
        err = what == DO_BEGIN     ? draft_begin(&act, path, DRAFT_NO_MONTH)
              : what == DO_SAVE    ? draft_save(&act, 1, model_with(f, "1400"))
              : what == DO_SUBMIT  ? draft_submit(&act, month(f->from), &text)
              : what == DO_APPROVE ? draft_approve(&act, newest_step(f, id))
              : what == DO_PUBLISH ? draft_publish(&act, &text, &published)
              : what == DO_COMMENT ? draft_comment(&act)
              : what == DO_RETURN  ? draft_return(&act)
                                   : draft_withdraw(&act);
    }
    if (err == OK) err = store_commit(f->tx);
    if (err != OK) store_rollback(f->tx);
    arena_close(arena);
    return err;
}

static void good(Fixture *f, Do what, int64_t who, int64_t id)
{
    expect(act_by(f, what, who, id, "x"), OK, &f->diag);
}

static Draft get(Fixture *f, int64_t id)
{
    Draft draft;
    expect(draft_get(f->tx, f->context.arena, id, &f->diag, &draft), OK,
           &f->diag);
    return draft;
}

static void bad(Fixture *f, Do what, int64_t who, int64_t id, Err err,
                const char *key)
{
    expect(act_by(f, what, who, id, "x"), err, &f->diag);
    if (strcmp(key, "draft.not_now") == 0) /* in the words of the state */
        key = arena_format(f->arena, "%s.%s", key,
                           draft_state_name(get(f, id).state));
    ck_assert_str_eq(f->diag.key, key);
}

TEST(a_draft_goes_its_way_and_no_other)
{
    Fixture *f = open_fixture();
    bad(f, DO_BEGIN, CLERK, 1, ERR_DENIED, "access.denied");
    good(f, DO_BEGIN, MONA, 1);
    bad(f, DO_APPROVE, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    bad(f, DO_PUBLISH, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    bad(f, DO_RETURN, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    bad(f, DO_SUBMIT, MONA, 1, ERR_INVALID, "draft.no_change");
    good(f, DO_SAVE, MONA, 1);
    bad(f, DO_SAVE, SAAD, 1, ERR_CONFLICT, "draft.newer");
    bad(f, DO_SAVE, CLERK, 1, ERR_DENIED, "access.denied");
    good(f, DO_SUBMIT, MONA, 1);
    bad(f, DO_SAVE, MONA, 1, ERR_CONFLICT, "draft.not_now");
    bad(f, DO_PUBLISH, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    good(f, DO_COMMENT, SAAD, 1);
    good(f, DO_RETURN, SAAD, 1);
    good(f, DO_SUBMIT, MONA, 1);
    bad(f, DO_APPROVE, CLERK, 1, ERR_DENIED, "access.denied");
    good(f, DO_APPROVE, SAAD, 1);
    bad(f, DO_APPROVE, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    ck_assert_int_eq(get(f, 1).state, DRAFT_APPROVED);
    good(f, DO_PUBLISH, MONA, 1);
    for (Do what = DO_SAVE; what <= DO_WITHDRAW; what++) {
        bad(f, what, SAAD, 1, ERR_CONFLICT, "draft.not_now");
    }
    bad(f, DO_SAVE, MONA, 77, ERR_NOT_FOUND, "draft.none");
    good(f, DO_BEGIN, MONA, 2);
    good(f, DO_WITHDRAW, MONA, 2);
    bad(f, DO_SUBMIT, MONA, 2, ERR_CONFLICT, "draft.not_now");
    close_fixture(f);
}

TEST(nobody_approves_his_own_work)
{
    Fixture *f = open_fixture();
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, SAAD, 1);
    bad(f, DO_APPROVE, MONA, 1, ERR_DENIED, "access.second");
    bad(f, DO_APPROVE, SAAD, 1, ERR_DENIED, "access.second");
    /* nor by another account of the same person */
    bad(f, DO_APPROVE, TWIN, 1, ERR_DENIED, "access.second");
    close_fixture(f);
}

/* Words that would look like another line of the history, or turn it. */
TEST(what_is_said_stands_in_one_line)
{
    static const char *const bad[] = {"a\nsaad approved it",
                                      "a\tb",
                                      "a\033[2J",
                                      "a\u202Eb",
                                      "\u2067a",
                                      "a\u2028b"};
    Fixture *f = open_fixture();
    const char *good_words = "رَفْعُ الحدّ الأدنى می\u200Cخواهم (1,400)\u200F";
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect(act_by(f, DO_BEGIN, MONA, 1, bad[i]), ERR_INVALID, &f->diag);
        ck_assert_str_eq(f->diag.key, "draft.one_line");
    }
    expect(act_by(f, DO_BEGIN, MONA, 1, good_words), OK, &f->diag);
    good(f, DO_SAVE, MONA, 1);
    for (Do what = DO_SUBMIT; what <= DO_WITHDRAW; what++) {
        if (what == DO_SAVE) continue;
        Err err = act_by(f, what, SAAD, 1, bad[0]);
        ck_assert_int_ne(err, OK);
        if (what == DO_APPROVE || what == DO_PUBLISH) continue;
        ck_assert_str_eq(f->diag.key, "draft.one_line");
        ck_assert_str_eq(f->diag.arg[1], "U+000A");
        ck_assert_str_eq(f->diag.arg[2], "2");
    }
    expect(act_by(f, DO_COMMENT, SAAD, 1, good_words), OK, &f->diag);
    close_fixture(f);
}

static Err approve_behind(Fixture *f, int64_t who, int64_t id, int32_t step)
{
    Arena *arena = arena_open(512 << 20);
    DraftAct act = act_as(f, arena, who, id, "");
    expect(store_begin(f->tx), OK, &f->diag);
    Err err = draft_approve(&act, step);
    if (err == OK) err = store_commit(f->tx);
    if (err != OK) store_rollback(f->tx);
    arena_close(arena);
    return err;
}

/* The draft goes back and comes again while the second person reads it. */
TEST(only_what_was_read_is_approved)
{
    Fixture *f = open_fixture();
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    int32_t read = get(f, 1).step;
    good(f, DO_RETURN, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    expect(approve_behind(f, SAAD, 1, read), ERR_CONFLICT, &f->diag);
    ck_assert_str_eq(f->diag.key, "draft.newer");
    ck_assert_int_eq(get(f, 1).state, DRAFT_REVIEW);
    expect(approve_behind(f, SAAD, 1, read + 3), ERR_CONFLICT, &f->diag);
    expect(approve_behind(f, SAAD, 1, read + 2), OK, &f->diag);
    ck_assert_int_eq(get(f, 1).state, DRAFT_APPROVED);
    close_fixture(f);
}

static int64_t count(StoreConn *conn, Query query)
{
    bool row;
    int64_t rows = 0;
    StoreStmt *stmt = store_query(conn, query);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) return rows;
        rows++;
    }
}

#ifdef SANAD_TORTURE

/* All that a step may leave, as numbers. */
static void count_all(Fixture *f, int64_t ret[5])
{
    Draft *drafts;
    DraftStep *steps;
    size_t drafts_count, steps_count;
    expect(draft_list(f->tx, f->context.arena, &drafts, &drafts_count), OK,
           &f->diag);
    expect(draft_steps(f->tx, f->context.arena, 1, &steps, &steps_count), OK,
           &f->diag);
    ret[0] = (int64_t)drafts_count;
    ret[1] = (int64_t)steps_count;
    ret[2] = count(f->tx, Q_DRAFT_SAVE_ALL);
    ret[3] = count(f->tx, Q_LAW_LIST);
    ret[4] = drafts_count > 0 ? (int64_t)drafts[0].state : -1;
}

TEST(every_step_fails_at_any_statement_and_leaves_nothing)
{
    static const struct {
        Do what;
        int64_t who;
    } steps[] = {{DO_BEGIN, MONA},   {DO_SAVE, MONA},    {DO_SUBMIT, MONA},
                 {DO_COMMENT, SAAD}, {DO_APPROVE, SAAD}, {DO_PUBLISH, MONA}};
    Fixture *f = open_fixture();
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int failures = 0;
        for (int n = 1; n < TRIES_MAX; n++) {
            int64_t before[5], after[5];
            count_all(f, before);
            store_fail_at(n);
            Err err = act_by(f, steps[i].what, steps[i].who, 1, "x");
            store_fail_at(0);
            count_all(f, after);
            if (err == OK) break;
            failures++;
            ck_assert_mem_eq(before, after, sizeof before);
        }
        ck_assert_int_gt(failures, 3);
    }
    ck_assert_int_eq(get(f, 1).state, DRAFT_PUBLISHED);
    close_fixture(f);
}

#endif

typedef struct Racer {
    Fixture own;
    Do what;
    int64_t who;
    Err err;
} Racer;

static void *race(void *arg)
{
    Racer *racer = arg;
    Fixture *f = &racer->own;
    if (store_writer(f->context.store, &f->diag, &f->tx) != OK) return NULL;
    do {
        racer->err = act_by(f, racer->what, racer->who, 1, "x");
    } while (racer->err == ERR_BUSY);
    store_conn_close(f->tx);
    return NULL;
}

TEST(of_two_at_once_one_does_it)
{
    static const Do whats[] = {DO_SAVE, DO_SUBMIT, DO_APPROVE, DO_PUBLISH};
    Fixture *f = open_fixture();
    good(f, DO_BEGIN, MONA, 1);
    for (size_t i = 0; i < sizeof whats / sizeof whats[0]; i++) {
        Racer racer[2];
        pthread_t thread[2];
        for (int r = 0; r < 2; r++) {
            racer[r] = (Racer){.own = *f,
                               .what = whats[i],
                               .who = whats[i] == DO_APPROVE ? SAAD : MONA,
                               .err = ERR_COUNT};
            racer[r].own.context = context_borrow(&f->context);
            ck_assert_int_eq(pthread_create(&thread[r], NULL, race, &racer[r]),
                             0);
        }
        for (int r = 0; r < 2; r++) {
            pthread_join(thread[r], NULL);
            context_close(&racer[r].own.context);
        }
        ck_assert_int_eq((racer[0].err == OK) + (racer[1].err == OK), 1);
        ck_assert(racer[0].err == ERR_CONFLICT || racer[1].err == ERR_CONFLICT);
    }
    ck_assert_int_eq(count(f->tx, Q_LAW_LIST), 1);
    close_fixture(f);
}

TEST(one_of_two_drafts_of_the_same_law_is_published)
{
    Fixture *f = open_fixture();
    for (int64_t id = 1; id <= 4; id++) {
        good(f, DO_BEGIN, MONA, id);
        good(f, DO_SAVE, MONA, id);
        if (id < 4) good(f, DO_SUBMIT, MONA, id);
        if (id < 3) good(f, DO_APPROVE, SAAD, id);
    }
    good(f, DO_PUBLISH, MONA, 2);
    bad(f, DO_PUBLISH, MONA, 1, ERR_CONFLICT, "draft.stale");
    bad(f, DO_APPROVE, SAAD, 3, ERR_CONFLICT, "draft.stale");
    bad(f, DO_SUBMIT, MONA, 4, ERR_CONFLICT, "draft.stale");
    ck_assert_int_eq(get(f, 1).state, DRAFT_APPROVED);
    close_fixture(f);
}

/* A large model takes seconds to check, in which others have their turns; so
 * it may be another one by then. */
TEST(a_text_is_checked_without_a_turn)
{
    Fixture *f = open_fixture();
    Arena *arena = arena_open(512 << 20);
    StoreConn *other = NULL;
    EditPlace place;
    DraftText text;
    DraftAct act = act_as(f, arena, MONA, 1, "");
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    expect(store_writer(f->context.store, &f->diag, &other), OK, &f->diag);
    expect(store_begin(other), OK, &f->diag);
    ck_assert_int_eq(law_turn(other), OK);
    expect(draft_read_text(&act, DRAFT_OPEN, &text), OK, &f->diag);
    act.tx = NULL;
    expect(draft_check(&act, &text, &place), OK, &f->diag);
    store_rollback(other);
    store_conn_close(other);
    act.tx = f->tx;
    expect(store_begin(f->tx), OK, &f->diag);
    expect(draft_save(&act, 2, model_with(f, "9000")), OK, &f->diag);
    expect(store_commit(f->tx), OK, &f->diag);
    expect(store_begin(f->tx), OK, &f->diag);
    expect(draft_submit(&act, month("2026-02"), &text), ERR_CONFLICT, &f->diag);
    ck_assert_str_eq(f->diag.key, "draft.newer");
    store_rollback(f->tx);
    ck_assert_int_eq(get(f, 1).state, DRAFT_OPEN);
    arena_close(arena);
    close_fixture(f);
}

/* Who opened the law of a month before another was published for it. */
TEST(nobody_determines_by_the_law_of_yesterday)
{
    Fixture *f = open_fixture();
    RunReport report;
    Determine job = {.store = f->context.store,
                     .writer = f->tx,
                     .pack = f->context.pack,
                     .programme = &f->context.pack->programmes[0],
                     .month = month("2026-02"),
                     .threads = 1};
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    good(f, DO_PUBLISH, MONA, 1);
    expect(determine(&job, &f->diag, &report), ERR_CONFLICT, &f->diag);
    ck_assert_str_eq(f->diag.key, "determine.other_law");
    job.month--;
    expect(determine(&job, &f->diag, &report), OK, &f->diag);
    const Pack *pack;
    expect(context_law_at(&f->context, f->tx, job.month, &f->diag, &pack), OK,
           &f->diag);
    ck_assert_ptr_eq(pack, f->context.pack);
    expect(context_law_at(&f->context, f->tx, job.month + 1, &f->diag, &pack),
           OK, &f->diag);
    ck_assert_int_ne(pack->id, f->context.pack->id);
    const Pack *again;
    expect(context_law_at(&f->context, f->tx, job.month + 1, &f->diag, &again),
           OK, &f->diag);
    ck_assert_ptr_eq(again, pack); /* opened once for the process */
    job.month++;
    job.pack = pack;
    job.base = f->context.pack;
    job.programme = &pack->programmes[0];
    expect(determine(&job, &f->diag, &report), OK, &f->diag);
    close_fixture(f);
}

/* A run over a month, at its end or not. */
static void add_run_of(Fixture *f, int64_t id, const char *of, int64_t pack_id,
                       bool closed)
{
    ck_assert_int_eq(store_begin(f->tx), OK);
    StoreStmt *stmt = store_query(f->tx, Q_RUN_INSERT);
    store_bind_int(stmt, 1, id);
    store_bind_text(stmt, 2, STR("pension"));
    store_bind_int(stmt, 3, month(of));
    store_bind_int(stmt, 4, pack_id);
    store_bind_int(stmt, 5, 1);
    store_bind_bytes(stmt, 6, STR(""));
    ck_assert_int_eq(store_exec(stmt, NULL), OK);
    stmt = store_query(f->tx, Q_RUN_CLOSE);
    store_bind_int(stmt, 1, id);
    for (int i = 2; i <= 8; i++) store_bind_int(stmt, i, closed ? 2 : 0);
    store_bind_text(stmt, 7, STR("{}"));
    store_bind_bytes(stmt, 9, STR(""));
    ck_assert_int_eq(store_exec(stmt, NULL), OK);
    ck_assert_int_eq(store_commit(f->tx), OK);
}

static void add_run(Fixture *f, int64_t id, const char *of, bool closed)
{
    add_run_of(f, id, of, f->context.pack->id, closed);
}

/* What is decided behind the submission was not in sight of who gave the
 * reason, nor of who approved it. */
TEST(a_reason_speaks_of_what_was_decided_when_it_was_given)
{
    Fixture *f = open_fixture();
    add_run(f, 1, "2026-01", true);
    add_run(f, 2, "2026-02", true);
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    expect(act_by(f, DO_SUBMIT, MONA, 1, " "), ERR_CONFLICT, &f->diag);
    ck_assert_str_eq(f->diag.key, "draft.closed");
    good(f, DO_SUBMIT, MONA, 1);
    ck_assert(str_is(get(f, 1).covers, "2026-02"));
    add_run(f, 3, "2026-02", true); /* decided anew is nothing more */
    add_run(f, 4, "2026-04", true);
    bad(f, DO_APPROVE, SAAD, 1, ERR_CONFLICT, "draft.grew");
    ck_assert_str_eq(f->diag.arg[1], "2026-04");
    good(f, DO_RETURN, SAAD, 1);
    good(f, DO_SUBMIT, MONA, 1);
    ck_assert(str_is(get(f, 1).covers, "2026-02 2026-04"));
    good(f, DO_APPROVE, SAAD, 1);
    add_run(f, 5, "2026-03", true); /* between them */
    bad(f, DO_PUBLISH, MONA, 1, ERR_CONFLICT, "draft.grew");
    ck_assert_str_eq(f->diag.arg[1], "2026-03");
    ck_assert_int_eq(count(f->tx, Q_LAW_LIST), 0);
    good(f, DO_RETURN, SAAD, 1);
    expect(act_by(f, DO_SUBMIT, MONA, 1, ""), ERR_CONFLICT, &f->diag);
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    good(f, DO_PUBLISH, MONA, 1);
    close_fixture(f);
}

/* Without months that are decided, for a version that comes later. */
TEST(a_later_version_is_not_undone_unseen)
{
    Fixture *f = open_fixture();
    for (int64_t id = 1; id <= 2; id++) {
        f->from = id == 1 ? "2026-02" : "2026-05";
        good(f, DO_BEGIN, MONA, id);
        good(f, DO_SAVE, MONA, id);
        good(f, DO_SUBMIT, MONA, id);
        good(f, DO_APPROVE, SAAD, id);
    }
    good(f, DO_PUBLISH, MONA, 2);
    bad(f, DO_PUBLISH, MONA, 1, ERR_CONFLICT, "draft.later");
    ck_assert_str_eq(f->diag.arg[1], "2026-05");
    f->from = "2026-02";
    good(f, DO_RETURN, MONA, 1);
    expect(act_by(f, DO_SUBMIT, MONA, 1, ""), ERR_CONFLICT, &f->diag);
    ck_assert_str_eq(f->diag.key, "draft.before");
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    good(f, DO_PUBLISH, MONA, 1);
    close_fixture(f);
}

/* A draft of the law of a month, with another amount. */
static void begin_of(Fixture *f, int64_t id, const char *of, const char *amount)
{
    DraftAct act = act_as(f, f->context.arena, MONA, id, "x");
    expect(store_begin(f->tx), OK, &f->diag);
    expect(draft_begin(&act, path, month(of)), OK, &f->diag);
    expect(draft_save(&act, 1, model_with(f, amount)), OK, &f->diag);
    expect(store_commit(f->tx), OK, &f->diag);
}

static DraftUndoings undone_by(Fixture *f, int64_t id)
{
    Draft draft = get(f, id);
    DraftUndoings undone;
    expect(draft_undone(f->tx, f->context.arena, f->context.pack, &draft,
                        &f->diag, &undone),
           OK, &f->diag);
    return undone;
}

static void brings_in(Fixture *f, int64_t id, const char *from)
{
    f->from = from;
    good(f, DO_SUBMIT, MONA, id);
    good(f, DO_APPROVE, SAAD, id);
    good(f, DO_PUBLISH, MONA, id);
}

/* Two versions lie behind the month of a draft; a third, of the same month,
 * is one that it replaces openly, and a fourth had ended already. */
TEST(the_versions_that_a_draft_undoes_are_told_with_what_is_lost)
{
    Fixture *f = open_fixture();
    begin_of(f, 1, "2026-01", "1390");
    brings_in(f, 1, "2028-01");
    begin_of(f, 2, "2026-01", "1400");
    brings_in(f, 2, "2027-01");
    ck_assert_uint_eq(undone_by(f, 2).count, 1); /* as it was before it */
    begin_of(f, 3, "2027-02", "1777");
    brings_in(f, 3, "2027-03");
    ck_assert_uint_eq(undone_by(f, 3).count, 0);
    begin_of(f, 4, "2026-01", "1400");
    ck_assert_uint_eq(undone_by(f, 4).count, 0); /* of no month yet */
    f->from = "2026-11";
    good(f, DO_SUBMIT, MONA, 4);
    for (int round = 0; round < 2; round++) {
        DraftUndoings undone = undone_by(f, 4);
        ck_assert_uint_eq(undone.count, 2);
        ck_assert_int_eq(undone.at[0].version, 2);
        ck_assert_int_eq(undone.at[0].from, month("2027-01"));
        ck_assert_uint_eq(undone.at[0].loss_count, 0); /* it says the same */
        ck_assert_int_eq(undone.at[1].version, 3);
        ck_assert_int_eq(undone.at[1].from, month("2027-03"));
        ck_assert_uint_eq(undone.at[1].loss_count, 1);
        const DraftLoss *loss = &undone.at[1].losses[0];
        ck_assert(str_is(loss->path, path));
        ck_assert_uint_gt(loss->diff.count, 0);
        ck_assert(str_is(loss->diff.items[0].old, "1777"));
        ck_assert(str_is(loss->diff.items[0].now, "1400"));
        if (round > 0) break;
        good(f, DO_APPROVE, SAAD, 4);
        good(f, DO_PUBLISH, MONA, 4);
    }
    begin_of(f, 5, "2026-11", "1500");
    f->from = "2026-11";
    good(f, DO_SUBMIT, MONA, 5);
    ck_assert_uint_eq(undone_by(f, 5).count, 0);
    close_fixture(f);
}

/* A month that is being decided, or whose run was killed. */
TEST(nothing_is_published_over_a_run)
{
    Fixture *f = open_fixture();
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    add_run(f, 5, "2026-03", false);
    bad(f, DO_PUBLISH, MONA, 1, ERR_BUSY, "draft.running");
    ck_assert_int_eq(get(f, 1).state, DRAFT_APPROVED);
    close_fixture(f);
}

/* A program was replaced while it determined: nobody goes on with its run, but
 * what it decided names it. */
TEST(a_run_of_another_law_ends_when_the_month_is_determined)
{
    Fixture *f = open_fixture();
    RunReport report;
    Determine job = {.store = f->context.store,
                     .writer = f->tx,
                     .pack = f->context.pack,
                     .programme = &f->context.pack->programmes[0],
                     .month = month("2026-03"),
                     .threads = 1};
    add_run_of(f, 5, "2026-03", 77, false);
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    bad(f, DO_PUBLISH, MONA, 1, ERR_BUSY, "draft.running");
    ck_assert_str_eq(f->diag.arg[1], "2026-03");
    expect(determine(&job, &f->diag, &report), OK, &f->diag);
    good(f, DO_RETURN, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1); /* the month is decided now */
    ck_assert(str_is(get(f, 1).covers, "2026-03"));
    good(f, DO_APPROVE, SAAD, 1);
    good(f, DO_PUBLISH, MONA, 1);
    int64_t changed;
    expect(store_begin(f->tx), OK, &f->diag);
    StoreStmt *stmt = store_query(f->tx, Q_RUN_CLOSE);
    store_bind_int(stmt, 1, 5);
    for (int i = 2; i <= 8; i++) store_bind_int(stmt, i, 0);
    store_bind_text(stmt, 7, STR("{}"));
    store_bind_bytes(stmt, 9, STR(""));
    expect(store_exec(stmt, &changed), OK, &f->diag);
    ck_assert_int_eq(changed, 1); /* it is there still */
    store_rollback(f->tx);
    close_fixture(f);
}

TEST(a_newer_program_brings_its_catalogues_and_keeps_the_models)
{
    Fixture *f = open_fixture();
    const Pack *base = f->context.pack, *published, *newer, *made;
    Arena *arena = f->context.arena;
    Str facts = pack_file(base, "models/facts.tsv");
    Str more = str_of(arena_format(arena, "%.*s# newer\n", STR_ARG(facts)));
    expect(pack_with(arena, base, path, model_with(f, "1400"), &f->diag,
                     &published),
           OK, &f->diag);
    expect(pack_with(arena, base, "models/facts.tsv", more, &f->diag, &newer),
           OK, &f->diag);
    expect(pack_renew(arena, newer, published, &f->diag, &made), OK, &f->diag);
    ck_assert(str_equal(pack_file(made, path), pack_file(published, path)));
    ck_assert(str_equal(pack_file(made, "models/facts.tsv"), more));
    expect(pack_renew(arena, base, published, &f->diag, &made), OK, &f->diag);
    ck_assert_int_eq(made->id, published->id);
    expect(pack_with(arena, base, "models/none.dmn", more, &f->diag, &made),
           ERR_NOT_FOUND, &f->diag);
    close_fixture(f);
}

/* The database of an older program: its catalogue is another, and a version
 * was published by it. */
TEST(init_by_a_newer_program_carries_the_law_over)
{
    Fixture *f = open_fixture();
    const Pack *own = f->context.pack, *older, *carried;
    Arena *arena = f->context.arena;
    Str facts = pack_file(own, "models/facts.tsv");
    Str less = str_of(arena_format(arena, "%.*s# older\n", STR_ARG(facts)));
    LawVersions all;
    expect(pack_with(arena, own, "models/facts.tsv", less, &f->diag, &older),
           OK, &f->diag);
    ck_assert_int_eq(store_begin(f->tx), OK);
    ck_assert_int_eq(pack_keep(f->tx, older, 1), OK);
    ck_assert_int_eq(
        setting_set(f->tx, "pack",
                    str_of(arena_format(arena, "%lld", (long long)older->id))),
        OK);
    ck_assert_int_eq(store_commit(f->tx), OK);
    f->context.pack = older;
    good(f, DO_BEGIN, MONA, 1);
    good(f, DO_SAVE, MONA, 1);
    good(f, DO_SUBMIT, MONA, 1);
    good(f, DO_APPROVE, SAAD, 1);
    good(f, DO_PUBLISH, MONA, 1);
    store_conn_close(f->tx);
    context_close(&f->context);
    for (int i = 0; i < 2; i++) { /* the second time nothing is left to do */
        expect(context_init(f->db, &f->diag), OK, &f->diag);
    }
    expect(context_open_writer(f->db, false, &f->diag, &f->context, &f->tx), OK,
           &f->diag);
    arena = f->context.arena;
    expect(law_versions(f->tx, arena, &all), OK, &f->diag);
    ck_assert_uint_eq(all.count, 2);
    ck_assert_int_eq(all.at[1].from, all.at[0].from);
    ck_assert_int_eq(all.at[1].base_pack, all.at[0].pack_id);
    expect(context_law_at(&f->context, f->tx, month("2026-05"), &f->diag,
                          &carried),
           OK, &f->diag);
    ck_assert_int_eq(carried->id, all.at[1].pack_id);
    ck_assert(str_equal(pack_file(carried, path), model_with(f, "1400")));
    ck_assert(str_equal(pack_file(carried, "models/facts.tsv"),
                        pack_file(f->context.pack, "models/facts.tsv")));
    close_fixture(f);
}

/* What keeps a newer program from taking over is told with its version. */
TEST(init_names_the_version_that_cannot_be_carried_over)
{
    Fixture *f = open_fixture();
    expect(store_begin(f->tx), OK, &f->diag);
    StoreStmt *stmt = store_query(f->tx, Q_LAW_INSERT);
    for (int i = 1; i <= 6; i++) store_bind_int(stmt, i, 1);
    store_bind_int(stmt, 1, 3);
    store_bind_int(stmt, 2, month("2026-04"));
    expect(store_exec(stmt, NULL), OK, &f->diag);
    expect(setting_set(f->tx, "pack", STR("1")), OK, &f->diag);
    expect(store_commit(f->tx), OK, &f->diag);
    store_conn_close(f->tx);
    Store *store = f->context.store;
    f->context.store = NULL;
    store_close(store);
    expect(context_init(f->db, &f->diag), ERR_NOT_FOUND, &f->diag);
    ck_assert_str_eq(f->diag.key, "pack.missing");
    ck_assert_str_eq(f->diag.file, "law version 3 (2026-04)");
    expect(store_open(f->db, false, &f->diag, &f->context.store), OK, &f->diag);
    expect(store_writer(f->context.store, &f->diag, &f->tx), OK, &f->diag);
    close_fixture(f);
}
