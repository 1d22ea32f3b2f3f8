#include "simulation/still.h"

#include "simulation/team.h"

enum { RECORD_BYTES = 1 << 30 };

/* All of it; shared by the threads. */
typedef struct Stilling {
    const FactReader *reader;
    const FactColumns *facts; /* of the month */
    Month month;
    int32_t threads;
    Lookout *lookout;
    SnapshotWriter *writer;
} Stilling;

bool still_moves(const Snapshot *snapshot, Month month)
{
    for (int32_t b = 0; b < snapshot_block_count(snapshot); b++) {
        int32_t rows, settled;
        snapshot_block(snapshot, b, month, &rows, &settled);
        if (settled < rows) return true;
    }
    return false;
}

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

/* Puts the households of a block that have members, or those that have none:
 * those without columns stand behind the others. */
static Err put_block(const Stilling *s, int32_t block, bool lived,
                     SnapshotFill *fill, Arena *arena, Diag *diag)
{
    int32_t rows, settled;
    const Snapshot *snapshot = s->reader->snapshot;
    int64_t first = snapshot_block(snapshot, block, s->month, &rows, &settled);
    for (int32_t i = lived ? 0 : settled; i < rows; i++) {
        InputRecord record;
        const int64_t row = first + i;
        arena_reset(arena);
        Err err =
            facts_record(s->reader, arena, row, i < settled, s->month, &record);
        if (err == ERR_FULL) return no_memory(diag);
        if (err != OK) {
            diag_set(diag, "snapshot.book");
            diag_arg_int(diag, record.household_id);
            return err;
        }
        bool lives = record.member_count > 0 || i < settled;
        if (lives != lived) continue;
        facts_put(s->facts, fill, &record,
                  lives ? FACTS_FIRST_MONTH : FACTS_NEVER,
                  lives ? (Str){"", 0} : snapshot_history(snapshot, row));
    }
    return OK;
}

static Err work(void *arg, int32_t number, Diag *diag)
{
    const Stilling *s = arg;
    SnapshotFill *fill = snapshot_fill_open(s->writer);
    Arena *arena CLEANUP(arena_closep) = arena_open(RECORD_BYTES);
    if (fill == NULL || arena == NULL) return no_memory(diag);
    for (int32_t b = number; b < snapshot_block_count(s->reader->snapshot);
         b += s->threads) {
        if (lookout_stops(s->lookout)) return ERR_STOPPED;
        TRY(put_block(s, b, true, fill, arena, diag));
        TRY(put_block(s, b, false, fill, arena, diag));
        if (snapshot_fill_block(fill, b) != OK) return no_memory(diag);
        lookout_count(s->lookout);
    }
    return OK;
}

Err still_open(Arena *arena, const FactReader *reader, Month month,
               int32_t threads, Lookout *lookout, Diag *diag, FactReader *ret)
{
    static const char name[] = "month";
    Str bytes;
    Snapshot *made;
    Stilling s = {.reader = reader,
                  .facts = facts_of_month(arena, reader->facts),
                  .month = month,
                  .threads = threads,
                  .lookout = lookout};
    if (s.facts == NULL ||
        snapshot_writer_open(s.facts->kind, s.facts->count,
                             snapshot_first_month(reader->snapshot),
                             s.facts->name, &s.writer) != OK) {
        return no_memory(diag);
    }
    Err err = team_run(threads, work, &s, diag);
    if (err == OK) {
        err = snapshot_writer_memory(s.writer, arena, &bytes);
        if (err != OK) diag_set(diag, "snapshot.memory");
    }
    snapshot_writer_close(s.writer);
    if (err == OK) err = snapshot_within(arena, bytes, name, diag, &made);
    return err == OK ? facts_reader(s.facts, made, name, diag, ret) : err;
}
