/*
 * fuzz_snapshot - any bytes are refused or are a snapshot all of whose rows
 * and histories can be read. Checksums are made right first, to get behind
 * them.
 */
#include "column/snapshot_int.h"

#include <string.h>

#include "base/asset.h"
#include "registry/record.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

enum { BYTES_MAX = 1 << 16 };

static _Alignas(SNAPSHOT_ALIGN) char room[BYTES_MAX];

static void make_right(size_t bytes)
{
    SnapshotHead *head = (void *)room;
    if (bytes < sizeof *head) return;
    head->file_bytes = bytes;
    if (head->parts_at % SNAPSHOT_ALIGN == 0 && head->parts_at <= bytes &&
        head->parts_bytes <= bytes - head->parts_at) {
        SnapshotPart *part = (void *)(room + head->parts_at);
        size_t count = head->parts_bytes / sizeof *part;
        for (size_t i = 0; i < count && i < head->part_count; i++) {
            bool inside =
                part[i].at <= bytes && part[i].bytes <= bytes - part[i].at;
            if (!inside) continue;
            part[i].crc = snapshot_crc(0, room + part[i].at, part[i].bytes);
        }
        head->parts_crc =
            snapshot_crc(0, room + head->parts_at, head->parts_bytes);
    }
    head->crc = snapshot_crc(0, head, offsetof(SnapshotHead, crc));
}

/* Reads a row of every column: what is verified lies within the file. */
static int64_t read_rows(const Snapshot *snapshot)
{
    int64_t sum = 0;
    for (int32_t c = 0; c < snapshot_column_count(snapshot); c++) {
        const SnapshotColumn *column = snapshot_column(snapshot, c);
        int64_t rows = snapshot_rows(snapshot, column->kind.table);
        for (int64_t i = 0; i < rows && i < 1000; i++) {
            bool null;
            int64_t value = snapshot_value(column, i, &null);
            CHECK(value >= column->range.low && value <= column->range.high);
            if (column->kind.type == SNAPSHOT_CODE) {
                sum += column->kind.codes[value].at[0];
            }
            sum += value & 1;
        }
    }
    return sum;
}

static const KindCatalogue *facts(void)
{
    static const KindCatalogue *catalogue;
    static Arena *kept;
    Diag diag;
    if (catalogue == NULL) {
        kept = arena_open(1 << 24);
        CHECK(kind_load(kept, asset_find("models/facts.tsv")->bytes,
                        asset_find("models/asset-classes.tsv")->bytes, &diag,
                        &catalogue) == OK);
    }
    return catalogue;
}

/* A history is refused or gives a household of some month. */
static void read_history(Str history)
{
    InputRecord record;
    Arena *arena = arena_open(1 << 24);
    Err err = record_project(arena, facts(), 1, history, 670, &record);
    CHECK(err != OK || record.member_count <= BOOK_MEMBERS_MAX);
    arena_close(arena);
}

static void read_blocks(const Snapshot *snapshot)
{
    const int32_t *runs = snapshot_runs(snapshot, SNAPSHOT_PERSONS);
    for (int32_t b = 0; b < snapshot_block_count(snapshot) && b < 4; b++) {
        int32_t rows, settled;
        int64_t first = snapshot_block(snapshot, b, 700, &rows, &settled);
        CHECK(settled >= 0 && settled <= rows);
        for (int32_t i = 0; i < rows; i++) {
            Str history = snapshot_history(snapshot, first + i);
            CHECK(runs[first + i] <= runs[first + i + 1]);
            if (history.bytes > 0 && i < 16) read_history(history);
        }
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    Snapshot *snapshot;
    Diag diag = {.key = ""};
    if (bytes > BYTES_MAX) return 0;
    if (bytes > 0) memcpy(room, data, bytes);
    make_right(bytes);
    if (snapshot_over((Str){room, bytes}, "f", &diag, &snapshot) != OK) {
        CHECK(diag.key[0] != '\0');
        return 0;
    }
    if (snapshot_verify(snapshot, 0, 1, &diag) == OK) {
        volatile int64_t read = read_rows(snapshot);
        (void)read;
        read_blocks(snapshot);
    }
    snapshot_close(snapshot);
    return 0;
}
