#include "simulation/export.h"

#include "base/file.h"
#include "base/money.h"
#include "registry/value.h"

enum {
    RECORD_BYTES = 64 << 20,
    ROW_BYTES = 1 << 16,
    PATH_BYTES = 4096,
    LAST_MONTH = (2190 - 1970) * 12 /* long after every change */
};

/* One of the files: the kinds of its columns in their order. */
typedef struct Table {
    FileOut file;
    char path[PATH_BYTES];
    const Kind *kind[KIND_FIELDS_MAX];
    Str words[KIND_FIELDS_MAX]; /* for its codes */
    char name[KIND_FIELDS_MAX][SNAPSHOT_NAME_BYTES];
    int32_t count;
} Table;

typedef struct Export {
    const FactReader *reader;
    Arena *arena; /* of one household */
    Buf row;
    Table households, persons, assets;
} Export;

static bool has(const Table *table, const Kind *kind)
{
    for (int32_t i = 0; i < table->count; i++) {
        if (table->kind[i] == kind) return true;
    }
    return false;
}

static void add(Table *table, const Kind *kind, Str name, Str words)
{
    bool plain = kind != NULL && kind->field >= 0 && kind->type != KIND_TEXT &&
                 kind->type != KIND_ASSET;
    if (!plain || has(table, kind) || name.bytes >= SNAPSHOT_NAME_BYTES) {
        return;
    }
    memcpy(table->name[table->count], name.at, name.bytes);
    table->words[table->count] = words;
    table->kind[table->count++] = kind;
}

/* The columns that the source's files have, then what else there is. */
static void find_columns(Export *e, Str columns)
{
    const KindCatalogue *catalogue = e->reader->facts->catalogue;
    Str line, names = {NULL, 0};
    while (str_split(&columns, '\n', &line)) {
        Str cell[5] = {{NULL, 0}};
        if (line.bytes == 0 || line.at[0] == '#') continue;
        for (int i = 0; i < 5; i++) str_split(&line, '\t', &cell[i]);
        Table *table =
            str_is(cell[0], "persons") ? &e->persons : &e->households;
        add(table, kind_find(catalogue, cell[2]), cell[1], cell[4]);
    }
    for (int32_t i = 0; i < catalogue->household_field_count; i++) {
        const Kind *kind = catalogue->household_field[i];
        add(&e->households, kind, str_of(kind->name), names);
    }
    for (int32_t i = 0; i < catalogue->person_field_count; i++) {
        const Kind *kind = catalogue->person_field[i];
        add(&e->persons, kind, str_of(kind->name), names);
    }
}

static void write_value(Buf *row, const Kind *kind, Str words, int64_t value)
{
    if (kind->project == PROJECT_DAYS) {
        buf_int(row, value > 0);
    } else if (kind->type == KIND_CODE) {
        value_write_code(row, kind, words, value);
    } else if (kind->type == KIND_DATE) {
        day_write(row, (Day)value);
    } else if (kind->type == KIND_MONEY) {
        int64_t months = kind->project == PROJECT_SUM ? 12 : 1;
        money_write(row, (Money){value / months});
    } else {
        buf_int(row, value);
    }
}

static void write_fields(Export *e, const Table *table, const int64_t *values,
                         uint64_t known)
{
    for (int32_t i = 0; i < table->count; i++) {
        const Kind *kind = table->kind[i];
        buf_char(&e->row, ',');
        if ((known >> kind->field & 1) == 0) continue;
        write_value(&e->row, kind, table->words[i], values[kind->field]);
    }
}

static void end_row(Export *e, Table *table)
{
    buf_char(&e->row, '\n');
    file_out_add(&table->file, e->row.at, e->row.bytes);
    buf_reset(&e->row);
}

static void write_assets(Export *e, const RecordMember *member)
{
    const KindCatalogue *catalogue = e->reader->facts->catalogue;
    for (int32_t i = 0; i < member->asset_count; i++) {
        const RecordAsset *asset = &member->assets[i];
        buf_int(&e->row, member->person_id);
        buf_format(&e->row, ",%s,",
                   catalogue->asset_classes[asset->asset_class]);
        money_write(&e->row, (Money){asset->value});
        buf_format(&e->row, ",%d,%d", (asset->flags & ASSET_LIVED_IN) != 0,
                   (asset->flags & ASSET_EXEMPT) != 0);
        end_row(e, &e->assets);
    }
}

static void write_record(Export *e, const InputRecord *record)
{
    buf_int(&e->row, record->household_id);
    write_fields(e, &e->households, record->value, record->known);
    end_row(e, &e->households);
    for (int32_t i = 0; i < record->member_count; i++) {
        const RecordMember *member = &record->members[i];
        buf_int(&e->row, member->person_id);
        buf_char(&e->row, ',');
        buf_int(&e->row, record->household_id);
        write_fields(e, &e->persons, member->value, member->known);
        end_row(e, &e->persons);
        write_assets(e, member);
    }
}

static Err write_rows(Export *e, Diag *diag)
{
    const Snapshot *snapshot = e->reader->snapshot;
    for (int32_t b = 0; b < snapshot_block_count(snapshot); b++) {
        int32_t rows, settled;
        int64_t first =
            snapshot_block(snapshot, b, LAST_MONTH, &rows, &settled);
        for (int32_t i = 0; i < rows; i++) {
            InputRecord record;
            arena_reset(e->arena);
            Err err = facts_record(e->reader, e->arena, first + i, i < settled,
                                   LAST_MONTH, &record);
            if (err != OK) {
                diag_set(diag, "snapshot.book");
                diag_arg_int(diag, record.household_id);
                return err;
            }
            if (record.member_count > 0) write_record(e, &record);
        }
    }
    return buf_full(&e->row) ? ERR_FULL : OK;
}

static Err begin(Export *e, Table *table, const char *folder, const char *name,
                 const char *keys, Diag *diag)
{
    snprintf(table->path, sizeof table->path, "%s/%s.csv", folder, name);
    TRY(file_out_begin(&table->file, table->path, 0600, diag));
    buf_text(&e->row, keys);
    for (int32_t i = 0; i < table->count; i++) {
        buf_char(&e->row, ',');
        buf_text(&e->row, table->name[i]);
    }
    end_row(e, table);
    return OK;
}

static Err end(Table *table, Diag *diag)
{
    return file_out_end(&table->file, (Str){NULL, 0}, diag);
}

static Err write_all(Export *e, const char *folder, Diag *diag)
{
    TRY(begin(e, &e->households, folder, "households", "household_id", diag));
    TRY(begin(e, &e->persons, folder, "persons", "person_id,household_id",
              diag));
    TRY(begin(e, &e->assets, folder, "assets",
              "person_id,class,value,lived_in,exempt", diag));
    TRY(write_rows(e, diag));
    TRY(end(&e->households, diag));
    TRY(end(&e->persons, diag));
    return end(&e->assets, diag);
}

Err export_csv(const FactReader *reader, const char *folder, Str columns,
               Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(RECORD_BYTES);
    Arena *own CLEANUP(arena_closep) = arena_open(RECORD_BYTES);
    Export *e = own == NULL ? NULL : arena_try(own, 1, sizeof *e);
    if (arena == NULL || e == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    e->reader = reader;
    e->arena = arena;
    e->row = buf_make(ROW_BYTES);
    e->households.file.fd = e->persons.file.fd = e->assets.file.fd = -1;
    find_columns(e, columns);
    Err err = write_all(e, folder, diag);
    file_out_drop(&e->households.file);
    file_out_drop(&e->persons.file);
    file_out_drop(&e->assets.file);
    buf_free(&e->row);
    if (err == ERR_FULL && diag->key[0] == '\0') {
        diag_set(diag, "snapshot.memory");
    }
    return err;
}
