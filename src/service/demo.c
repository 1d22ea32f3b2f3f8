#include "service/demo.h"

#include "job/setting.h"
#include "service/demo_int.h"

/*
 * What is made is kept in two settings: which nation it is, and up to which
 * household it is there. Both are written in the transaction of the
 * households, so that a nation is never half known.
 */
static const char setting_nation[] = "demo_nation";
static const char setting_done[] = "demo_done";

enum {
    SLICE = 500,
    ARENA_BYTES_MAX = 256 * 1024 * 1024,
    FIRST_UNTIL = 661, /* 2025-02 */
    LAST_UNTIL = 720,  /* 2030-01 */
    USUAL_UNTIL = 684  /* 2027-01 */
};

typedef struct Making {
    DemoOptions options;
    const DemoNation *nation;
    Arena *lasting;
    Arena *arena; /* of one household */
    DemoHousehold *first, *second;
    Diag *diag;
    DemoReport report;
    int64_t next; /* the household that comes next */
} Making;

static Str describe(const Making *making, Arena *arena)
{
    const DemoOptions *options = &making->options;
    Buf until = buf_make(16);
    month_write(&until, options->until);
    Str text = str_of(arena_format(
        arena, "%llu %lld %.*s", (unsigned long long)options->seed,
        (long long)options->households, STR_ARG(buf_view(&until))));
    buf_free(&until);
    return text;
}

Err demo_state(StoreConn *conn, Arena *arena, Str *ret)
{
    return setting_get(conn, arena, setting_nation, ret);
}

static Err refuse_other(const Making *making, Str there)
{
    Str part;
    diag_set(making->diag, "demo.other");
    while (str_split(&there, ' ', &part)) diag_arg(making->diag, part);
    return ERR_CONFLICT;
}

static Err check_empty(const Making *making)
{
    bool row;
    StoreStmt *stmt = store_query(making->options.tx, Q_BOOK_COUNT);
    TRY(store_step(stmt, &row));
    int64_t count = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    if (count == 0) return OK;
    diag_set(making->diag, "demo.not_empty");
    return ERR_CONFLICT;
}

static Err check_options(Making *making)
{
    DemoOptions *options = &making->options;
    if (options->until == 0) options->until = USUAL_UNTIL;
    if (options->slice <= 0) options->slice = SLICE;
    if (options->households < 1 || options->households > DEMO_HOUSEHOLDS_MAX) {
        diag_set(making->diag, "demo.too_many");
        diag_arg_int(making->diag, DEMO_HOUSEHOLDS_MAX);
        return ERR_INVALID;
    }
    if (options->until >= FIRST_UNTIL && options->until <= LAST_UNTIL) {
        return OK;
    }
    diag_set(making->diag, "demo.bad_until");
    diag_arg_text(making->diag, "2025-02");
    diag_arg_text(making->diag, "2030-01");
    return ERR_INVALID;
}

/* Where to go on: after what is there already. */
static Err find_start(Making *making)
{
    StoreConn *tx = making->options.tx;
    Str there, done, name = describe(making, making->lasting);
    TRY(demo_state(tx, making->lasting, &there));
    making->next = 1;
    if (there.at == NULL) return check_empty(making);
    if (!str_equal(there, name)) return refuse_other(making, there);
    TRY(setting_get(tx, making->lasting, setting_done, &done));
    int64_t number;
    if (!str_to_int(done, &number)) return ERR_INVALID;
    making->next = number + 1;
    making->report.present = number;
    return OK;
}

/* One household, or two when somebody of the first forms the next. */
static Err make_unit(Making *making)
{
    const DemoOptions *options = &making->options;
    DemoHousehold *first = making->first, *second = NULL;
    int64_t id = making->next;
    demo_people_make(making->nation, options->seed, id, first);
    if (id < options->households &&
        demo_life_branch(making->nation, options->seed, first, id + 1)) {
        second = making->second;
        *second = (DemoHousehold){
            .id = id + 1, .region = first->region, .dwelling = first->dwelling};
    }
    TRY(demo_write_household(options->tx, making->arena, making->nation, first,
                             making->diag));
    TRY(demo_life_run(options, making->arena, making->nation, first, second,
                      making->diag, &making->report.events));
    making->next += 1 + (second != NULL);
    return OK;
}

static Err make_slice(Making *making)
{
    const DemoOptions *options = &making->options;
    int64_t personas = demo_persona_households();
    int64_t end = making->next + options->slice;
    if (making->next == 1 && options->households >= personas) {
        TRY(demo_persona_make(options, making->arena, making->diag,
                              &making->report.events));
        making->next = personas + 1;
    }
    while (making->next <= options->households && making->next < end) {
        arena_reset(making->arena);
        TRY(make_unit(making));
    }
    Str name = describe(making, making->arena);
    Str done = str_of(
        arena_format(making->arena, "%lld", (long long)(making->next - 1)));
    TRY(setting_set(options->tx, setting_nation, name));
    return setting_set(options->tx, setting_done, done);
}

static Err make_all(Making *making)
{
    const DemoOptions *options = &making->options;
    while (making->next <= options->households) {
        TRY(store_begin(options->tx));
        Err err = make_slice(making);
        if (err == OK) err = store_commit(options->tx);
        if (err != OK) {
            store_rollback(options->tx);
            return err;
        }
        making->report.households = making->next - 1 - making->report.present;
        if (options->progress == NULL) continue;
        if (!options->progress(options->arg, making->next - 1,
                               options->households)) {
            return ERR_STOPPED;
        }
    }
    return OK;
}

Err demo_make(const DemoOptions *options, Diag *diag, DemoReport *ret)
{
    Arena *lasting CLEANUP(arena_closep) = arena_open(ARENA_BYTES_MAX);
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES_MAX);
    Making making = {
        .options = *options, .lasting = lasting, .arena = arena, .diag = diag};
    making.first = ARENA_NEW(lasting, DemoHousehold);
    making.second = ARENA_NEW(lasting, DemoHousehold);
    TRY(check_options(&making));
    TRY(find_start(&making));
    TRY(demo_nation_load(lasting, options->types->catalogue, diag,
                         &making.nation));
    TRY(make_all(&making));
    *ret = making.report;
    return OK;
}
