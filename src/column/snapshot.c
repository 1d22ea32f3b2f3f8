#include "column/snapshot.h"

#include <string.h>

#include "base/file.h"
#include "column/column_int.h"
#include "column/snapshot_int.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "snapshots are mapped as they are");

enum { ARENA_BYTES = 8 << 20, VERIFY_BYTES = 12 * 8192 };

/* Counts stay far below what would overflow sums of bytes. */
static const uint64_t rows_max = (UINT64_C(1) << 31) - 2;

struct Snapshot {
    Arena *arena;
    FileMap map;
    Str bytes;
    char path[256];
    const SnapshotHead *head;
    const SnapshotPart *parts;
    SnapshotColumn columns[SNAPSHOT_COLUMNS_MAX];
    int32_t column_count;
    const int32_t *runs[SNAPSHOT_TABLES];
    ColumnRange run_range[SNAPSHOT_TABLES];
    const int32_t *settled; /* NULL: the same for all */
    int32_t settled_all;
    const uint64_t *places; /* NULL: no history */
    Str history;
};

static Err refuse(Diag *diag, const char *key, const char *path)
{
    diag_set(diag, key);
    diag_arg_text(diag, path);
    return ERR_INVALID;
}

static Err damaged(const Snapshot *s, Diag *diag)
{
    return refuse(diag, "snapshot.damaged", s->path);
}

static bool within(const Snapshot *s, uint64_t at, uint64_t bytes)
{
    return at <= s->bytes.bytes && bytes <= s->bytes.bytes - at;
}

static Err read_head(Snapshot *s, Diag *diag)
{
    const SnapshotHead *head = (const void *)s->bytes.at;
    size_t magic_bytes = sizeof head->magic;
    if (s->bytes.bytes < magic_bytes + 4 ||
        memcmp(head->magic, SNAPSHOT_MAGIC, magic_bytes) != 0) {
        return refuse(diag, "snapshot.other", s->path);
    }
    if (head->format != SNAPSHOT_FORMAT) {
        return refuse(diag, "snapshot.format", s->path);
    }
    if (s->bytes.bytes < sizeof *head || head->head_bytes != sizeof *head ||
        head->crc != snapshot_crc(0, head, offsetof(SnapshotHead, crc)) ||
        head->file_bytes != s->bytes.bytes || head->block != SNAPSHOT_BLOCK ||
        head->part_count > SNAPSHOT_PARTS_MAX) {
        return damaged(s, diag);
    }
    size_t table = head->part_count * sizeof(SnapshotPart);
    if (!within(s, head->parts_at, head->parts_bytes) ||
        head->parts_at % SNAPSHOT_ALIGN != 0 || table > head->parts_bytes ||
        head->parts_crc !=
            snapshot_crc(0, s->bytes.at + head->parts_at, head->parts_bytes)) {
        return damaged(s, diag);
    }
    for (int i = 0; i < SNAPSHOT_TABLES; i++) {
        if (head->rows[i] > rows_max) return damaged(s, diag);
    }
    s->head = head;
    s->parts = (const void *)(s->bytes.at + head->parts_at);
    return OK;
}

/* The texts of a column's codes. */
static bool read_codes(const Snapshot *s, const SnapshotPart *part,
                       SnapshotKind *kind)
{
    const char *at = s->bytes.at + s->head->parts_at;
    const char *end = at + s->head->parts_bytes;
    at += s->head->part_count * sizeof(SnapshotPart);
    if (part->code_count > SNAPSHOT_CODES_MAX ||
        part->codes_at > (size_t)(end - at)) {
        return false;
    }
    at += part->codes_at;
    for (int i = 0; i < part->code_count; i++) {
        const char *zero = memchr(at, '\0', (size_t)(end - at));
        if (zero == NULL) return false;
        kind->codes[i] = (Str){at, (size_t)(zero - at)};
        at = zero + 1;
    }
    kind->code_count = part->code_count;
    return true;
}

/* How many items a part must have, by what it is. */
static uint64_t items_of(const Snapshot *s, const SnapshotPart *part)
{
    switch ((SnapshotRole)part->role) {
    case ROLE_VALUES:
    case ROLE_NULLS:
        return s->head->rows[part->table];
    case ROLE_RUNS:
        return s->head->rows[part->table - 1] + 1;
    case ROLE_SETTLED:
        return s->head->rows[SNAPSHOT_HOUSEHOLDS];
    case ROLE_PLACES:
        return s->head->rows[SNAPSHOT_HOUSEHOLDS] + 1;
    case ROLE_HISTORY:
    case ROLES:
        break;
    }
    return part->bytes;
}

static bool sound_range(const SnapshotPart *part)
{
    bool code = part->role == ROLE_VALUES && part->type == SNAPSHOT_CODE;
    bool flag = part->role == ROLE_VALUES && part->type == SNAPSHOT_FLAG;
    if (part->low > part->high) return false;
    if (part->width == COLUMN_U8 && part->role == ROLE_VALUES &&
        (part->low < 0 || part->high > UINT8_MAX)) {
        return false;
    }
    if (part->width == COLUMN_I32 &&
        (part->low < INT32_MIN || part->high > INT32_MAX)) {
        return false;
    }
    if (flag && (part->low < 0 || part->high > 1)) return false;
    return !code || (part->low >= 0 && part->high < part->code_count);
}

static bool sound_part(const Snapshot *s, const SnapshotPart *part)
{
    static const uint8_t widths[ROLES] = {[ROLE_NULLS] = COLUMN_U8,
                                          [ROLE_RUNS] = COLUMN_I32,
                                          [ROLE_SETTLED] = COLUMN_I32,
                                          [ROLE_PLACES] = COLUMN_I64,
                                          [ROLE_HISTORY] = COLUMN_U8};
    if (part->role >= ROLES || part->table >= SNAPSHOT_TABLES ||
        part->type >= SNAPSHOT_TYPES || part->width >= COLUMN_WIDTHS ||
        part->times < 1 || part->at % SNAPSHOT_ALIGN != 0 ||
        part->name[SNAPSHOT_NAME_BYTES - 1] != '\0' ||
        !within(s, part->at, part->bytes) || !sound_range(part)) {
        return false;
    }
    if (part->role != ROLE_VALUES && part->width != widths[part->role]) {
        return false;
    }
    if (part->role == ROLE_RUNS &&
        (part->table == SNAPSHOT_HOUSEHOLDS || part->low < 0 ||
         (part->table == SNAPSHOT_PERSONS &&
          part->high > SNAPSHOT_MEMBERS_MAX))) {
        return false;
    }
    bool whole = part->role == ROLE_VALUES || part->role == ROLE_SETTLED;
    if (part->bytes == 0 && whole) return part->low == part->high;
    return part->bytes == items_of(s, part) * snapshot_width_bytes(part->width);
}

static SnapshotColumn *column_named(Snapshot *s, const SnapshotPart *part)
{
    for (int32_t i = 0; i < s->column_count; i++) {
        const SnapshotKind *kind = &s->columns[i].kind;
        if (kind->table == (SnapshotTable)part->table &&
            strcmp(kind->name, part->name) == 0) {
            return &s->columns[i];
        }
    }
    return NULL;
}

static bool add_column(Snapshot *s, const SnapshotPart *part, const void *at)
{
    if (s->column_count == SNAPSHOT_COLUMNS_MAX) return false;
    if (column_named(s, part) != NULL) return false;
    SnapshotColumn *column = &s->columns[s->column_count++];
    memcpy(column->kind.name, part->name, sizeof part->name);
    column->kind.table = (SnapshotTable)part->table;
    column->kind.type = (SnapshotType)part->type;
    column->kind.times = part->times;
    column->width = (ColumnWidth)part->width;
    column->range = (ColumnRange){part->low, part->high};
    column->values = at;
    return read_codes(s, part, &column->kind);
}

static bool add_part(Snapshot *s, const SnapshotPart *part)
{
    SnapshotColumn *column;
    const void *at = part->bytes == 0 ? NULL : s->bytes.at + part->at;
    switch ((SnapshotRole)part->role) {
    case ROLE_VALUES:
        return add_column(s, part, at);
    case ROLE_NULLS:
        column = column_named(s, part);
        if (column == NULL) return false;
        column->nulls = at;
        return true;
    case ROLE_RUNS:
        s->runs[part->table] = at;
        s->run_range[part->table] = (ColumnRange){part->low, part->high};
        return true;
    case ROLE_SETTLED:
        s->settled = at;
        s->settled_all = (int32_t)part->low;
        return true;
    case ROLE_PLACES:
        s->places = at;
        return true;
    case ROLE_HISTORY:
        s->history = (Str){at, part->bytes};
        return true;
    case ROLES:
        break;
    }
    return false;
}

static Err read_parts(Snapshot *s, Diag *diag)
{
    for (uint32_t i = 0; i < s->head->part_count; i++) {
        const SnapshotPart *part = &s->parts[i];
        if (!sound_part(s, part) || !add_part(s, part)) return damaged(s, diag);
    }
    bool assets = s->head->rows[SNAPSHOT_ASSETS] > 0;
    if (s->runs[SNAPSHOT_PERSONS] == NULL ||
        (assets && s->runs[SNAPSHOT_ASSETS] == NULL)) {
        return damaged(s, diag);
    }
    return OK;
}

Err snapshot_within(Arena *arena, Str bytes, const char *path, Diag *diag,
                    Snapshot **ret)
{
    Snapshot *s = arena_try(arena, 1, sizeof *s);
    if (s == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    size_t length = strlen(path);
    size_t cut = length < sizeof s->path ? 0 : length - sizeof s->path + 1;
    s->arena = arena;
    s->bytes = bytes;
    memcpy(s->path, path + cut, length - cut + 1);
    TRY(read_head(s, diag));
    TRY(read_parts(s, diag));
    *ret = s;
    return OK;
}

static Err begin(Str bytes, const char *path, Diag *diag, Snapshot **ret)
{
    Arena *arena = arena_open(ARENA_BYTES);
    if (arena == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    Err err = snapshot_within(arena, bytes, path, diag, ret);
    if (err != OK) arena_close(arena);
    return err;
}

Err snapshot_over(Str bytes, const char *path, Diag *diag, Snapshot **ret)
{
    return begin(bytes, path, diag, ret);
}

Err snapshot_open(const char *path, Diag *diag, Snapshot **ret)
{
    FileMap map;
    TRY(file_map(path, diag, &map));
    Err err = begin(map.bytes, path, diag, ret);
    if (err == OK) {
        (*ret)->map = map;
    } else {
        file_unmap(&map);
    }
    return err;
}

void snapshot_close(Snapshot *snapshot)
{
    if (snapshot == NULL) return;
    file_unmap(&snapshot->map);
    arena_close(snapshot->arena);
}

/* Runs begin at 0, are as long as is said, and end with the last row. */
static bool sound_runs(const SnapshotHead *head, const SnapshotPart *part,
                       const int32_t *runs)
{
    uint64_t count = head->rows[part->table - 1];
    int32_t low = (int32_t)part->low, high = (int32_t)part->high, bad = 0;
    for (uint64_t i = 0; i < count; i++) {
        int64_t rows = (int64_t)runs[i + 1] - runs[i];
        bad |= (rows < low) | (rows > high);
    }
    return runs[0] == 0 && bad == 0 &&
           (uint64_t)runs[count] == head->rows[part->table];
}

/* Within a block no household settles before the one above it. */
static bool sound_order(const int32_t *settled, uint64_t count)
{
    for (uint64_t i = 1; i < count; i++) {
        if (i % SNAPSHOT_BLOCK != 0 && settled[i] < settled[i - 1])
            return false;
    }
    return true;
}

static bool sound_places(const Snapshot *s, const uint64_t *places)
{
    uint64_t count = s->head->rows[SNAPSHOT_HOUSEHOLDS];
    for (uint64_t i = 0; i < count; i++) {
        if (places[i + 1] < places[i]) return false;
    }
    return places[0] == 0 && places[count] == s->history.bytes;
}

/* What a part must be beyond its checksum and its range. */
static bool sound_rows(const Snapshot *s, const SnapshotPart *part)
{
    const void *at = s->bytes.at + part->at;
    if (part->role == ROLE_RUNS) return sound_runs(s->head, part, at);
    if (part->role == ROLE_PLACES) return sound_places(s, at);
    if (part->role != ROLE_SETTLED) return true;
    return sound_order(at, part->bytes / sizeof(int32_t));
}

/* Checksum and range in one go, while the bytes are near. */
static bool sound_bytes(const Snapshot *s, const SnapshotPart *part)
{
    const ColumnKernels *kernels = column_best_kernels();
    const char *at = s->bytes.at + part->at;
    size_t item = snapshot_width_bytes(part->width);
    uint32_t crc = 0;
    bool ranged = part->role == ROLE_VALUES || part->role == ROLE_NULLS ||
                  part->role == ROLE_SETTLED;
    for (size_t done = 0; done < part->bytes;) {
        size_t rest = part->bytes - done;
        size_t bytes = rest < VERIFY_BYTES ? rest : VERIFY_BYTES;
        crc = snapshot_crc(crc, at + done, bytes);
        if (ranged && !kernels->within[part->width](at + done, bytes / item,
                                                    part->low, part->high)) {
            return false;
        }
        done += bytes;
    }
    return crc == part->crc;
}

/* What stands between a part and the next, or the table, is zero: no byte of
 * the file is looked at by nobody. */
static bool sound_gap(const Snapshot *s, const SnapshotPart *part)
{
    size_t at = part->at + part->bytes;
    size_t end = (at + SNAPSHOT_ALIGN - 1) / SNAPSHOT_ALIGN * SNAPSHOT_ALIGN;
    if (end > s->bytes.bytes) end = s->bytes.bytes;
    while (at < end && s->bytes.at[at] == 0) at++;
    return at == end;
}

Err snapshot_verify(const Snapshot *s, int32_t part, int32_t parts, Diag *diag)
{
    for (uint32_t i = (uint32_t)part; i < s->head->part_count;
         i += (uint32_t)parts) {
        const SnapshotPart *at = &s->parts[i];
        if (at->bytes == 0) continue;
        if (!sound_bytes(s, at) || !sound_rows(s, at) || !sound_gap(s, at)) {
            return damaged(s, diag);
        }
    }
    return OK;
}

int64_t snapshot_rows(const Snapshot *snapshot, SnapshotTable table)
{
    return (int64_t)snapshot->head->rows[table];
}

int32_t snapshot_first_month(const Snapshot *snapshot)
{
    return snapshot->head->first_month;
}

const uint8_t *snapshot_catalogue(const Snapshot *snapshot)
{
    return snapshot->head->catalogue;
}

int32_t snapshot_column_count(const Snapshot *snapshot)
{
    return snapshot->column_count;
}

const SnapshotColumn *snapshot_column(const Snapshot *snapshot, int32_t at)
{
    return &snapshot->columns[at];
}

const SnapshotColumn *snapshot_find(const Snapshot *snapshot,
                                    SnapshotTable table, Str name)
{
    for (int32_t i = 0; i < snapshot->column_count; i++) {
        const SnapshotColumn *column = &snapshot->columns[i];
        if (column->kind.table == table && str_is(name, column->kind.name)) {
            return column;
        }
    }
    return NULL;
}

int64_t snapshot_value(const SnapshotColumn *column, int64_t row,
                       bool *ret_null)
{
    if (ret_null != NULL) {
        *ret_null = column->nulls != NULL && column->nulls[row] != 0;
    }
    if (column->values == NULL) return column->range.low;
    if (column->width == COLUMN_U8) {
        return ((const uint8_t *)column->values)[row];
    }
    return column->width == COLUMN_I32 ? ((const int32_t *)column->values)[row]
                                       : ((const int64_t *)column->values)[row];
}

const int32_t *snapshot_runs(const Snapshot *snapshot, SnapshotTable table)
{
    return snapshot->runs[table];
}

ColumnRange snapshot_run_range(const Snapshot *snapshot, SnapshotTable table)
{
    return snapshot->run_range[table];
}

int32_t snapshot_block_count(const Snapshot *snapshot)
{
    uint64_t rows = snapshot->head->rows[SNAPSHOT_HOUSEHOLDS];
    return (int32_t)((rows + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK);
}

int64_t snapshot_block(const Snapshot *s, int32_t block, int32_t month,
                       int32_t *ret_rows, int32_t *ret_settled)
{
    int64_t first = (int64_t)block * SNAPSHOT_BLOCK;
    int64_t rest = snapshot_rows(s, SNAPSHOT_HOUSEHOLDS) - first;
    int32_t rows = (int32_t)(rest < SNAPSHOT_BLOCK ? rest : SNAPSHOT_BLOCK);
    *ret_rows = rows;
    if (s->settled == NULL) {
        *ret_settled = s->settled_all <= month ? rows : 0;
        return first;
    }
    int32_t low = 0, high = rows;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (s->settled[first + middle] <= month) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_settled = low;
    return first;
}

Str snapshot_history(const Snapshot *s, int64_t row)
{
    if (s->places == NULL) return (Str){"", 0};
    uint64_t from = s->places[row], to = s->places[row + 1];
    return (Str){s->history.at + from, to - from};
}
