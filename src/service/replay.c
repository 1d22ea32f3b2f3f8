#include "service/replay.h"

enum {
    PAGE_ROWS = 1000,
    PACKS_MAX = 64,
    ROW_ARENA_BYTES = 64 << 20,
    PACK_ARENA_BYTES = 1 << 30
};

/* A pack that some decisions name, opened once. */
typedef struct OpenPack {
    int64_t id;
    const Pack *pack; /* NULL: it is gone */
    Decider *decider[PROGRAMMES_MAX];
} OpenPack;

typedef struct Replay {
    Context *context;
    StoreConn *decisions; /* read page by page */
    StoreConn *facts;
    Arena *packs_arena;
    Arena *arena; /* of one decision */
    OpenPack packs[PACKS_MAX];
    int pack_count;
    ReplayDifferent *different;
    void *arg;
    ReplayReport report;
} Replay;

/* One decision row, copied so that other statements may run. */
typedef struct Row {
    Decision decision;
    char programme[64];
} Row;

static Err open_pack(Replay *replay, int64_t id, Diag *diag, OpenPack **ret)
{
    for (int i = 0; i < replay->pack_count; i++) {
        if (replay->packs[i].id == id) {
            *ret = &replay->packs[i];
            return OK;
        }
    }
    if (replay->pack_count == PACKS_MAX) return ERR_FULL;
    OpenPack *open = &replay->packs[replay->pack_count];
    *open = (OpenPack){.id = id};
    Err err =
        pack_load(replay->facts, replay->packs_arena, id, diag, &open->pack);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    replay->pack_count++;
    *ret = open;
    return OK;
}

static Err open_decider(OpenPack *open, const char *programme, Diag *diag,
                        Decider **ret)
{
    const Programme *found = pack_programme(open->pack, str_of(programme));
    if (found == NULL) return ERR_NOT_FOUND;
    int32_t i = (int32_t)(found - open->pack->programmes);
    if (open->decider[i] == NULL) {
        TRY(decider_open(open->pack, found, diag, &open->decider[i]));
    }
    *ret = open->decider[i];
    return OK;
}

static void tell(Replay *replay, const Row *row, const char *what)
{
    replay->report.different++;
    if (replay->different == NULL) return;
    replay->different(replay->arg, row->decision.household_id, row->programme,
                      row->decision.month, what);
}

/* Whether the stored input record is the one that the facts give. */
static Err same_input(Replay *replay, const Row *row, const Decision *found,
                      Str input, bool *ret_same)
{
    bool have;
    StoreStmt *stmt = store_query(replay->facts, Q_INPUT_GET);
    store_bind_int(stmt, 1, row->decision.household_id);
    store_bind_bytes(stmt, 2, hash_str(&row->decision.input));
    TRY(store_step(stmt, &have));
    *ret_same = have && str_equal(store_bytes(stmt, 0), input) &&
                hash_equal(&found->input, &row->decision.input);
    store_reset(stmt);
    return OK;
}

static Err replay_row(Replay *replay, const Row *row, Diag *diag)
{
    OpenPack *open;
    Decider *decider;
    Decision found;
    Str book, input;
    int32_t members;
    bool same;
    const Decision *stored = &row->decision;
    arena_reset(replay->arena);
    TRY(open_pack(replay, stored->pack_id, diag, &open));
    if (open->pack == NULL) {
        replay->report.not_replayable++;
        return OK;
    }
    TRY(open_decider(open, row->programme, diag, &decider));
    TRY(registry_rebuild(replay->facts, replay->arena, open->pack->catalogue,
                         stored->household_id, stored->version, &book));
    if (book.at == NULL) {
        replay->report.not_replayable++;
        return OK;
    }
    replay->report.replayed++;
    Err err = decision_find(decider, replay->arena, stored->household_id,
                            stored->version, book, stored->month, diag, &found,
                            &input, &members);
    if (err != OK) {
        tell(replay, row, "engine");
        return OK;
    }
    TRY(same_input(replay, row, &found, input, &same));
    if (!same) {
        tell(replay, row, "input");
    } else if (!verdict_equal(&found.verdict, &stored->verdict)) {
        tell(replay, row, "verdict");
    }
    return OK;
}

static void read_row(StoreStmt *stmt, Row *row)
{
    Str programme = store_text(stmt, 1), hash = store_bytes(stmt, 6),
        reasons = store_text(stmt, 9);
    *row = (Row){.decision = {.household_id = store_int(stmt, 0),
                              .month = (Month)store_int(stmt, 2),
                              .id = store_int(stmt, 3),
                              .version = store_int(stmt, 4),
                              .pack_id = store_int(stmt, 5)}};
    row->decision.verdict.eligible = store_int(stmt, 7) != 0;
    row->decision.verdict.amount_minor = store_int(stmt, 8);
    if (programme.bytes > 0 && programme.bytes < sizeof row->programme) {
        memcpy(row->programme, programme.at, programme.bytes);
    }
    if (hash.bytes == HASH_BYTES) {
        memcpy(row->decision.input.byte, hash.at, HASH_BYTES);
    }
    if (reasons.bytes > 0 && reasons.bytes < REASONS_BYTES_MAX) {
        memcpy(row->decision.verdict.reasons, reasons.at, reasons.bytes);
    }
}

/* Reads a page of decisions that begins behind `after`. */
static Err read_page(Replay *replay, const Row *after, Row *rows,
                     int32_t *ret_count)
{
    bool more;
    StoreStmt *stmt = store_query(replay->decisions, Q_DECISION_PAGE);
    store_bind_int(stmt, 1, after->decision.household_id);
    store_bind_text(stmt, 2, str_of(after->programme));
    store_bind_int(stmt, 3, after->decision.month);
    store_bind_int(stmt, 4, after->decision.id);
    store_bind_int(stmt, 5, PAGE_ROWS);
    *ret_count = 0;
    for (;;) {
        TRY(store_step(stmt, &more));
        if (!more || *ret_count == PAGE_ROWS) break;
        read_row(stmt, &rows[(*ret_count)++]);
    }
    store_reset(stmt);
    return OK;
}

static Err count_decisions(Replay *replay, int64_t *ret)
{
    bool row;
    StoreStmt *stmt = store_query(replay->decisions, Q_DECISION_COUNT);
    TRY(store_step(stmt, &row));
    *ret = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

static Err replay_all(Replay *replay, int64_t sample, Diag *diag)
{
    Row *rows = ARENA_ARRAY(replay->packs_arena, Row, PAGE_ROWS);
    Row after = {.decision = {.household_id = -1, .month = INT32_MIN}};
    int64_t all, number = 0;
    int32_t count;
    TRY(count_decisions(replay, &all));
    int64_t every = sample > 0 && sample < all ? all / sample : 1;
    do {
        TRY(read_page(replay, &after, rows, &count));
        for (int32_t i = 0; i < count; i++, number++) {
            bool wanted =
                number % every == 0 && (sample == 0 || number / every < sample);
            if (wanted) TRY(replay_row(replay, &rows[i], diag));
        }
        if (count > 0) after = rows[count - 1];
    } while (count == PAGE_ROWS);
    return OK;
}

Err replay(Context *context, int64_t sample, ReplayDifferent *different,
           void *arg, Diag *diag, ReplayReport *ret)
{
    StoreConn *decisions CLEANUP(store_conn_closep) = NULL;
    StoreConn *facts CLEANUP(store_conn_closep) = NULL;
    Arena *packs CLEANUP(arena_closep) = arena_open(PACK_ARENA_BYTES);
    Arena *arena CLEANUP(arena_closep) = arena_open(ROW_ARENA_BYTES);
    TRY(store_reader(context->store, diag, &decisions));
    TRY(store_reader(context->store, diag, &facts));
    Replay *all = ARENA_NEW(packs, Replay);
    *all = (Replay){.context = context,
                    .decisions = decisions,
                    .facts = facts,
                    .packs_arena = packs,
                    .arena = arena,
                    .different = different,
                    .arg = arg};
    Err err = replay_all(all, sample, diag);
    for (int i = 0; i < all->pack_count; i++) {
        for (int p = 0; p < PROGRAMMES_MAX; p++) {
            decider_close(all->packs[i].decider[p]);
        }
    }
    *ret = all->report;
    return err;
}
