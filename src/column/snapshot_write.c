#include "column/snapshot_write.h"

#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "column/snapshot_int.h"

enum {
    BLOCKS_MAX = 1 << 18,
    FILLS_MAX = 256,
    FIRST_ROOM = 4 * SNAPSHOT_BLOCK,
    WRITE_ROWS = 4096,
    TEXTS_BYTES_MAX = 1 << 20
};

/* The most that all blocks may take in memory. */
static const size_t memory_max = (size_t)64 << 30;

/* A column of a block, as narrow as it can be there. */
typedef struct Narrow {
    const void *values; /* NULL: all are `low` */
    const uint8_t *nulls;
    int64_t low, high;
    uint8_t width;
} Narrow;

typedef struct Block {
    int32_t rows[SNAPSHOT_TABLES];
    Narrow *columns;       /* of the writer's, then runs and settled */
    const uint64_t *ends;  /* of histories, by household */
    const char *histories; /* NULL: none has one */
} Block;

/* Columns that every snapshot has, behind those that were asked for. */
enum { EXTRA_MEMBERS, EXTRA_ASSETS, EXTRA_SETTLED, EXTRAS };

struct SnapshotWriter {
    Arena *arena;
    SnapshotKind kinds[SNAPSHOT_COLUMNS_MAX];
    int32_t count;
    int32_t first_month;
    uint8_t catalogue[SNAPSHOT_CATALOGUE_BYTES];
    Block **blocks; /* by number; NULL: not filled */
    pthread_mutex_t lock;
    SnapshotFill *fills[FILLS_MAX];
    int32_t fill_count;
};

struct SnapshotFill {
    SnapshotWriter *writer;
    Arena *scratch; /* of the block at hand */
    Arena *arena;   /* of what is kept */
    int32_t rows[SNAPSHOT_TABLES];
    int32_t room[SNAPSHOT_TABLES];
    int64_t *values[SNAPSHOT_COLUMNS_MAX + EXTRAS];
    uint8_t *nulls[SNAPSHOT_COLUMNS_MAX + EXTRAS];
    bool any_null[SNAPSHOT_COLUMNS_MAX + EXTRAS];
    Buf history;
    uint64_t ends[SNAPSHOT_BLOCK];
    bool full;
};

static SnapshotTable table_of(const SnapshotWriter *writer, int32_t column)
{
    if (column < writer->count) return writer->kinds[column].table;
    return column - writer->count == EXTRA_ASSETS ? SNAPSHOT_PERSONS
                                                  : SNAPSHOT_HOUSEHOLDS;
}

Err snapshot_writer_open(const SnapshotKind *kinds, int32_t count,
                         int32_t first_month, const uint8_t *catalogue,
                         SnapshotWriter **ret)
{
    if (count > SNAPSHOT_COLUMNS_MAX) return ERR_FULL;
    Arena *arena = arena_open((size_t)16 << 20);
    SnapshotWriter *w = arena == NULL ? NULL : arena_try(arena, 1, sizeof *w);
    if (w != NULL) {
        w->blocks = arena_try(arena, BLOCKS_MAX, sizeof(Block *));
    }
    if (w == NULL || w->blocks == NULL) {
        arena_close(arena);
        return ERR_FULL;
    }
    w->arena = arena;
    memcpy(w->kinds, kinds, (size_t)count * sizeof *kinds);
    memcpy(w->catalogue, catalogue, sizeof w->catalogue);
    w->count = count;
    w->first_month = first_month;
    pthread_mutex_init(&w->lock, NULL);
    *ret = w;
    return OK;
}

void snapshot_writer_close(SnapshotWriter *writer)
{
    if (writer == NULL) return;
    for (int32_t i = 0; i < writer->fill_count; i++) {
        SnapshotFill *fill = writer->fills[i];
        Arena *scratch = fill->scratch;
        buf_free(&fill->history);
        arena_close(fill->arena);
        arena_close(scratch);
    }
    pthread_mutex_destroy(&writer->lock);
    arena_close(writer->arena);
}

static bool make_room(SnapshotFill *fill, SnapshotTable table)
{
    const SnapshotWriter *w = fill->writer;
    int32_t room = fill->room[table] == 0 ? FIRST_ROOM : fill->room[table] * 2;
    for (int32_t c = 0; c < w->count + EXTRAS; c++) {
        if (table_of(w, c) != table) continue;
        size_t used = (size_t)fill->rows[table];
        int64_t *values =
            arena_try(fill->scratch, (size_t)room, sizeof *values);
        uint8_t *nulls = arena_try(fill->scratch, (size_t)room, 1);
        if (values == NULL || nulls == NULL) return false;
        if (used > 0) {
            memcpy(values, fill->values[c], used * sizeof *values);
            memcpy(nulls, fill->nulls[c], used);
        }
        fill->values[c] = values;
        fill->nulls[c] = nulls;
    }
    fill->room[table] = room;
    return true;
}

SnapshotFill *snapshot_fill_open(SnapshotWriter *writer)
{
    Arena *arena = arena_open(memory_max), *scratch = arena_open(memory_max);
    SnapshotFill *fill =
        arena == NULL ? NULL : arena_try(arena, 1, sizeof *fill);
    bool full = true;
    if (fill != NULL && scratch != NULL) {
        *fill = (SnapshotFill){.writer = writer,
                               .arena = arena,
                               .scratch = scratch,
                               .history = buf_make(memory_max)};
        full = !make_room(fill, SNAPSHOT_HOUSEHOLDS) ||
               !make_room(fill, SNAPSHOT_PERSONS);
        pthread_mutex_lock(&writer->lock);
        full = full || writer->fill_count == FILLS_MAX;
        if (!full) writer->fills[writer->fill_count++] = fill;
        pthread_mutex_unlock(&writer->lock);
    }
    if (!full) return fill;
    arena_close(arena);
    arena_close(scratch);
    return NULL;
}

/* Begins a row of a table; there is nothing in it. */
static bool add_row(SnapshotFill *fill, SnapshotTable table)
{
    if (fill->full) return false;
    if (fill->rows[table] == fill->room[table] && !make_room(fill, table)) {
        fill->full = true;
        return false;
    }
    fill->rows[table]++;
    return true;
}

void snapshot_fill_household(SnapshotFill *fill, int32_t settled, Str history)
{
    if (fill->rows[SNAPSHOT_HOUSEHOLDS] == SNAPSHOT_BLOCK) fill->full = true;
    if (!add_row(fill, SNAPSHOT_HOUSEHOLDS)) return;
    int32_t row = fill->rows[SNAPSHOT_HOUSEHOLDS] - 1;
    buf_str(&fill->history, history);
    fill->ends[row] = fill->history.bytes;
    fill->values[fill->writer->count + EXTRA_SETTLED][row] = settled;
}

void snapshot_fill_person(SnapshotFill *fill)
{
    if (!add_row(fill, SNAPSHOT_PERSONS)) return;
    int32_t above = fill->rows[SNAPSHOT_HOUSEHOLDS] - 1;
    fill->values[fill->writer->count + EXTRA_MEMBERS][above]++;
}

void snapshot_fill_asset(SnapshotFill *fill)
{
    if (!add_row(fill, SNAPSHOT_ASSETS)) return;
    int32_t above = fill->rows[SNAPSHOT_PERSONS] - 1;
    fill->values[fill->writer->count + EXTRA_ASSETS][above]++;
}

void snapshot_fill_set(SnapshotFill *fill, int32_t column, int64_t value,
                       bool null)
{
    if (fill->full) return;
    int32_t row = fill->rows[fill->writer->kinds[column].table] - 1;
    if (!null) {
        fill->values[column][row] = value;
        return;
    }
    fill->nulls[column][row] = 1;
    fill->any_null[column] = true;
}

static uint8_t width_for(int64_t low, int64_t high)
{
    if (low >= 0 && high <= UINT8_MAX) return COLUMN_U8;
    return low >= INT32_MIN && high <= INT32_MAX ? COLUMN_I32 : COLUMN_I64;
}

/* Writes values of one width in another that they fit. */
static void put_width(void *to, uint8_t width, const int64_t *values,
                      int32_t count)
{
    if (width == COLUMN_U8) {
        for (int32_t i = 0; i < count; i++)
            ((uint8_t *)to)[i] = (uint8_t)values[i];
    } else if (width == COLUMN_I32) {
        for (int32_t i = 0; i < count; i++)
            ((int32_t *)to)[i] = (int32_t)values[i];
    } else {
        memcpy(to, values, (size_t)count * sizeof *values);
    }
}

static bool narrow(SnapshotFill *fill, int32_t column, Narrow *ret)
{
    const int64_t *values = fill->values[column];
    int32_t count = fill->rows[table_of(fill->writer, column)];
    *ret = (Narrow){0};
    if (count == 0) return true;
    ret->low = ret->high = values[0];
    for (int32_t i = 1; i < count; i++) {
        if (values[i] < ret->low) ret->low = values[i];
        if (values[i] > ret->high) ret->high = values[i];
    }
    ret->width = width_for(ret->low, ret->high);
    if (fill->any_null[column]) {
        uint8_t *nulls = arena_try_raw(fill->arena, (size_t)count, 1);
        if (nulls == NULL) return false;
        memcpy(nulls, fill->nulls[column], (size_t)count);
        ret->nulls = nulls;
    }
    if (ret->low == ret->high) return true;
    size_t item = snapshot_width_bytes(ret->width);
    void *room = arena_try_raw(fill->arena, (size_t)count, item);
    if (room == NULL) return false;
    put_width(room, ret->width, values, count);
    ret->values = room;
    return true;
}

static Block *make_block(SnapshotFill *fill)
{
    int32_t columns = fill->writer->count + EXTRAS;
    size_t households = (size_t)fill->rows[SNAPSHOT_HOUSEHOLDS];
    Block *block = arena_try(fill->arena, 1, sizeof *block);
    if (block == NULL) return NULL;
    memcpy(block->rows, fill->rows, sizeof block->rows);
    block->columns =
        arena_try(fill->arena, (size_t)columns, sizeof *block->columns);
    if (block->columns == NULL) return NULL;
    for (int32_t c = 0; c < columns; c++) {
        if (!narrow(fill, c, &block->columns[c])) return NULL;
    }
    if (fill->history.bytes == 0) return block;
    uint64_t *ends = arena_try_raw(fill->arena, households, sizeof *ends);
    Str histories;
    if (ends == NULL ||
        !str_try(fill->arena, buf_view(&fill->history), &histories)) {
        return NULL;
    }
    memcpy(ends, fill->ends, households * sizeof *ends);
    block->ends = ends;
    block->histories = histories.at;
    return block;
}

/* Rows to come find nothing in them. */
static void empty(SnapshotFill *fill)
{
    for (int32_t c = 0; c < fill->writer->count + EXTRAS; c++) {
        size_t rows = (size_t)fill->rows[table_of(fill->writer, c)];
        if (rows == 0) continue;
        memset(fill->values[c], 0, rows * sizeof(int64_t));
        if (fill->any_null[c]) memset(fill->nulls[c], 0, rows);
    }
}

Err snapshot_fill_block(SnapshotFill *fill, int32_t number)
{
    if (fill->full || buf_full(&fill->history) || number >= BLOCKS_MAX) {
        return ERR_FULL;
    }
    Block *block = make_block(fill);
    if (block == NULL) return ERR_FULL;
    fill->writer->blocks[number] = block;
    empty(fill);
    memset(fill->rows, 0, sizeof fill->rows);
    memset(fill->any_null, 0, sizeof fill->any_null);
    buf_reset(&fill->history);
    return OK;
}

/* Where the bytes go. */
typedef enum Sink {
    SINK_FILE,
    SINK_NOWHERE, /* they are only counted */
    SINK_MEMORY
} Sink;

/* A file being written. */
typedef struct Writing {
    SnapshotWriter *writer;
    Sink sink;
    FileOut file;
    char *memory;
    uint64_t end; /* of what was added so far */
    SnapshotPart parts[SNAPSHOT_PARTS_MAX];
    uint32_t part_count;
    Buf texts; /* of codes */
    int32_t block_count;
    int64_t wide[WRITE_ROWS];
    char bytes[WRITE_ROWS * sizeof(int64_t)];
} Writing;

static void add(Writing *w, const void *bytes, size_t count)
{
    if (w->sink == SINK_FILE) file_out_add(&w->file, bytes, count);
    if (w->sink == SINK_MEMORY) memcpy(w->memory + w->end, bytes, count);
    w->end += count;
}

static void align(Writing *w)
{
    static const char zeros[SNAPSHOT_ALIGN];
    size_t over = w->end % SNAPSHOT_ALIGN;
    if (over > 0) add(w, zeros, SNAPSHOT_ALIGN - over);
}

static SnapshotPart *begin_part(Writing *w, const char *name, SnapshotRole role,
                                SnapshotTable table, uint8_t width)
{
    SnapshotPart *part = &w->parts[w->part_count++];
    align(w);
    *part = (SnapshotPart){.role = (uint8_t)role,
                           .table = (uint8_t)table,
                           .width = width,
                           .times = 1,
                           .at = w->end};
    memcpy(part->name, name, strlen(name));
    return part;
}

static void add_bytes(Writing *w, SnapshotPart *part, const void *bytes,
                      size_t count)
{
    if (w->sink == SINK_FILE) part->crc = snapshot_crc(part->crc, bytes, count);
    part->bytes += count;
    add(w, bytes, count);
}

static void add_wide(Writing *w, SnapshotPart *part, const int64_t *values,
                     int32_t count)
{
    put_width(w->bytes, part->width, values, count);
    add_bytes(w, part, w->bytes,
              (size_t)count * snapshot_width_bytes(part->width));
}

/* Rows of a block's column, widened. */
static void widen(const Narrow *column, int32_t from, int32_t count,
                  int64_t *ret)
{
    for (int32_t i = 0; i < count; i++) {
        if (column->values == NULL) {
            ret[i] = column->low;
        } else if (column->width == COLUMN_U8) {
            ret[i] = ((const uint8_t *)column->values)[from + i];
        } else if (column->width == COLUMN_I32) {
            ret[i] = ((const int32_t *)column->values)[from + i];
        } else {
            ret[i] = ((const int64_t *)column->values)[from + i];
        }
    }
}

static void column_range(const Writing *w, int32_t column, ColumnRange *range,
                         bool *ret_nulls)
{
    SnapshotTable table = table_of(w->writer, column);
    bool first = true;
    *range = (ColumnRange){0, 0};
    *ret_nulls = false;
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = w->writer->blocks[b];
        const Narrow *at = &block->columns[column];
        if (block->rows[table] == 0) continue;
        if (first || at->low < range->low) range->low = at->low;
        if (first || at->high > range->high) range->high = at->high;
        *ret_nulls = *ret_nulls || at->nulls != NULL;
        first = false;
    }
}

static void add_values(Writing *w, SnapshotPart *part, int32_t column)
{
    SnapshotTable table = table_of(w->writer, column);
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = w->writer->blocks[b];
        const Narrow *at = &block->columns[column];
        int32_t rows = block->rows[table];
        size_t item = snapshot_width_bytes(part->width);
        if (at->values != NULL && at->width == part->width) {
            add_bytes(w, part, at->values, (size_t)rows * item);
            continue;
        }
        for (int32_t from = 0; from < rows; from += WRITE_ROWS) {
            int32_t count = rows - from < WRITE_ROWS ? rows - from : WRITE_ROWS;
            widen(at, from, count, w->wide);
            add_wide(w, part, w->wide, count);
        }
    }
}

static void add_nulls(Writing *w, SnapshotPart *part, int32_t column)
{
    static const uint8_t none[WRITE_ROWS];
    SnapshotTable table = table_of(w->writer, column);
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = w->writer->blocks[b];
        const uint8_t *nulls = block->columns[column].nulls;
        int32_t rows = block->rows[table];
        if (nulls != NULL) {
            add_bytes(w, part, nulls, (size_t)rows);
            continue;
        }
        for (int32_t from = 0; from < rows; from += WRITE_ROWS) {
            int32_t count = rows - from < WRITE_ROWS ? rows - from : WRITE_ROWS;
            add_bytes(w, part, none, (size_t)count);
        }
    }
}

static void write_column(Writing *w, int32_t column)
{
    const SnapshotKind *kind = &w->writer->kinds[column];
    ColumnRange range;
    bool nulls;
    column_range(w, column, &range, &nulls);
    SnapshotPart *part = begin_part(w, kind->name, ROLE_VALUES, kind->table,
                                    width_for(range.low, range.high));
    part->type = (uint8_t)kind->type;
    part->times = (uint16_t)kind->times;
    part->code_count = (uint16_t)kind->code_count;
    part->codes_at = (uint32_t)w->texts.bytes;
    part->low = range.low;
    part->high = range.high;
    for (int32_t i = 0; i < kind->code_count; i++) {
        buf_str(&w->texts, kind->codes[i]);
        buf_char(&w->texts, '\0');
    }
    if (range.low != range.high) add_values(w, part, column);
    if (!nulls) return;
    part = begin_part(w, kind->name, ROLE_NULLS, kind->table, COLUMN_U8);
    part->high = 1;
    add_nulls(w, part, column);
}

/* Where the rows of a table begin, from how many there are above. */
static void write_runs(Writing *w, int32_t extra, SnapshotTable table)
{
    int32_t column = w->writer->count + extra;
    ColumnRange range;
    bool nulls;
    column_range(w, column, &range, &nulls);
    SnapshotTable above = table_of(w->writer, column);
    SnapshotPart *part = begin_part(w, "", ROLE_RUNS, table, COLUMN_I32);
    int64_t place = 0;
    part->low = range.low;
    part->high = range.high;
    add_wide(w, part, &place, 1);
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = w->writer->blocks[b];
        for (int32_t from = 0; from < block->rows[above]; from += WRITE_ROWS) {
            int32_t rest = block->rows[above] - from;
            int32_t count = rest < WRITE_ROWS ? rest : WRITE_ROWS;
            widen(&block->columns[column], from, count, w->wide);
            for (int32_t i = 0; i < count; i++) {
                place += w->wide[i];
                w->wide[i] = place;
            }
            add_wide(w, part, w->wide, count);
        }
    }
}

static void write_settled(Writing *w)
{
    int32_t column = w->writer->count + EXTRA_SETTLED;
    ColumnRange range;
    bool nulls;
    column_range(w, column, &range, &nulls);
    SnapshotPart *part =
        begin_part(w, "", ROLE_SETTLED, SNAPSHOT_HOUSEHOLDS, COLUMN_I32);
    part->low = range.low;
    part->high = range.high;
    if (range.low != range.high) add_values(w, part, column);
}

static void write_histories(Writing *w)
{
    const SnapshotWriter *writer = w->writer;
    bool any = false;
    for (int32_t b = 0; b < w->block_count; b++) {
        any = any || writer->blocks[b]->histories != NULL;
    }
    if (!any) return;
    SnapshotPart *part =
        begin_part(w, "", ROLE_PLACES, SNAPSHOT_HOUSEHOLDS, COLUMN_I64);
    uint64_t place = 0;
    part->high = INT64_MAX;
    add_bytes(w, part, &place, sizeof place);
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = writer->blocks[b];
        int32_t rows = block->rows[SNAPSHOT_HOUSEHOLDS];
        for (int32_t i = 0; i < rows; i++) {
            uint64_t end = place;
            if (block->ends != NULL) end += block->ends[i];
            add_bytes(w, part, &end, sizeof end);
        }
        if (block->ends != NULL) place += block->ends[rows - 1];
    }
    part = begin_part(w, "", ROLE_HISTORY, SNAPSHOT_HOUSEHOLDS, COLUMN_U8);
    part->high = UINT8_MAX;
    for (int32_t b = 0; b < w->block_count; b++) {
        const Block *block = writer->blocks[b];
        if (block->histories == NULL) continue;
        int32_t rows = block->rows[SNAPSHOT_HOUSEHOLDS];
        add_bytes(w, part, block->histories, block->ends[rows - 1]);
    }
}

static SnapshotHead make_head(Writing *w, const int64_t *rows)
{
    size_t table = w->part_count * sizeof(SnapshotPart);
    SnapshotHead head = {.magic = SNAPSHOT_MAGIC,
                         .format = SNAPSHOT_FORMAT,
                         .head_bytes = sizeof head,
                         .first_month = w->writer->first_month,
                         .part_count = w->part_count,
                         .block = SNAPSHOT_BLOCK,
                         .parts_bytes = table + w->texts.bytes};
    memcpy(head.catalogue, w->writer->catalogue, sizeof head.catalogue);
    for (int i = 0; i < SNAPSHOT_TABLES; i++) head.rows[i] = (uint64_t)rows[i];
    align(w);
    head.parts_at = w->end;
    head.parts_crc = snapshot_crc(0, w->parts, table);
    head.parts_crc = snapshot_crc(head.parts_crc, w->texts.at, w->texts.bytes);
    add(w, w->parts, table);
    add(w, w->texts.at, w->texts.bytes);
    head.file_bytes = w->end;
    head.crc = snapshot_crc(0, &head, offsetof(SnapshotHead, crc));
    return head;
}

static Err write_all(Writing *w, SnapshotHead *ret)
{
    static const SnapshotHead nothing;
    int64_t rows[SNAPSHOT_TABLES] = {0};
    while (w->block_count < BLOCKS_MAX &&
           w->writer->blocks[w->block_count] != NULL) {
        const Block *block = w->writer->blocks[w->block_count++];
        for (int i = 0; i < SNAPSHOT_TABLES; i++) rows[i] += block->rows[i];
    }
    for (int i = 0; i < SNAPSHOT_TABLES; i++) {
        if (rows[i] >= INT32_MAX - 1) return ERR_FULL;
    }
    add(w, &nothing, sizeof nothing);
    for (int32_t c = 0; c < w->writer->count; c++) write_column(w, c);
    write_runs(w, EXTRA_MEMBERS, SNAPSHOT_PERSONS);
    if (rows[SNAPSHOT_ASSETS] > 0) {
        write_runs(w, EXTRA_ASSETS, SNAPSHOT_ASSETS);
    }
    write_settled(w);
    write_histories(w);
    if (buf_full(&w->texts)) return ERR_FULL;
    *ret = make_head(w, rows);
    return OK;
}

Err snapshot_writer_file(SnapshotWriter *writer, const char *path, Diag *diag)
{
    SnapshotHead head;
    Writing *w = arena_try(writer->arena, 1, sizeof *w);
    if (w == NULL) return ERR_FULL;
    w->writer = writer;
    w->texts = buf_make(TEXTS_BYTES_MAX);
    Err err = file_out_begin(&w->file, path, 0600, diag);
    if (err == OK) err = write_all(w, &head);
    if (err == OK) {
        err = file_out_end(&w->file, (Str){(const char *)&head, sizeof head},
                           diag);
    }
    file_out_drop(&w->file);
    buf_free(&w->texts);
    return err;
}

/* Once through all of it: counting, or into memory. */
static Err write_once(Writing *w, Sink sink)
{
    SnapshotHead head;
    SnapshotWriter *writer = w->writer;
    char *memory = w->memory;
    memset(w, 0, sizeof *w);
    w->writer = writer;
    w->sink = sink;
    w->memory = memory;
    w->texts = buf_make(TEXTS_BYTES_MAX);
    Err err = write_all(w, &head);
    if (err == OK && memory != NULL) memcpy(memory, &head, sizeof head);
    buf_free(&w->texts);
    return err;
}

Err snapshot_writer_memory(SnapshotWriter *writer, Arena *arena, Str *ret)
{
    Writing *w = arena_try(writer->arena, 1, sizeof *w);
    if (w == NULL) return ERR_FULL;
    w->writer = writer;
    TRY(write_once(w, SINK_NOWHERE));
    const size_t bytes = w->end;
    w->memory = arena_try_raw(arena, bytes + SNAPSHOT_ALIGN, 1);
    if (w->memory == NULL) return ERR_FULL;
    size_t over = (uintptr_t)w->memory % SNAPSHOT_ALIGN;
    if (over > 0) w->memory += SNAPSHOT_ALIGN - over;
    *ret = (Str){w->memory, bytes};
    return write_once(w, SINK_MEMORY);
}
