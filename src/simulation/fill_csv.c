/* A snapshot of the files of a source system, taken at their word. */
#include <stdlib.h>

#include "base/file.h"
#include "base/idset.h"
#include "codec/csv.h"
#include "registry/value.h"
#include "simulation/fill_int.h"

enum { INDEX_BYTES_MB = 16384, RECORD_BYTES = 16 << 20, DAYS_OF_YEAR = 365 };

/* One of the two files with what its columns mean. */
typedef struct Table {
    FileMap map;
    Csv csv;
    const char *name;                  /* "persons.csv" */
    const Kind *kind[CSV_COLUMNS_MAX]; /* NULL: a key, or of no interest */
    Str words[CSV_COLUMNS_MAX];        /* that stand for its codes */
    bool optional[CSV_COLUMNS_MAX];    /* an empty cell says nothing */
    int32_t household_column;
    int32_t person_column;
} Table;

/* Where a row stands, and whose it is. */
typedef struct Place {
    int64_t household_id;
    int64_t person_id;
    size_t offset;
    int64_t line;
} Place;

typedef struct Places {
    Arena *arena;
    Place *at;
    size_t count, room;
    bool sorted; /* by household; persons ascend, as mostly they do */
    bool ascends;
} Places;

typedef struct CsvFilling {
    Filling filling;
    const Formats *formats;
    Table households, persons;
    CsvPart part[TEAM_MAX]; /* of persons.csv */
    size_t part_count;
    Places by_part[TEAM_MAX];
    Places household, person;
    FillAssets assets;
    atomic_int next_block;
} CsvFilling;

static Err refuse(Diag *diag, const Table *table, int64_t line, const char *key,
                  Str what)
{
    diag_set(diag, key);
    diag_place(diag, table->name, (int32_t)line, 0);
    if (what.at != NULL) diag_arg(diag, what);
    return ERR_INVALID;
}

/* The names that only a snapshot's export gives: those of the kinds
 * themselves. A kind that has a column already has no second one. */
static void bind_rest(Table *table, const KindCatalogue *catalogue,
                      bool of_person)
{
    uint64_t bound = 0;
    for (size_t i = 0; i < table->csv.column_count; i++) {
        const Kind *kind = table->kind[i];
        if (kind != NULL) bound |= UINT64_C(1) << kind->field;
    }
    for (size_t i = 0; i < table->csv.column_count; i++) {
        const Kind *kind = kind_find(catalogue, table->csv.column[i]);
        if (table->kind[i] != NULL || kind == NULL || kind->field < 0 ||
            kind->of_person != of_person || kind->type == KIND_TEXT ||
            kind->type == KIND_ASSET || (bound >> kind->field & 1) != 0) {
            continue;
        }
        table->kind[i] = kind;
        table->optional[i] = true;
        bound |= UINT64_C(1) << kind->field;
    }
}

/* Finds out what the columns of a file are (models/csv.tsv). */
static Err bind(Table *table, const KindCatalogue *catalogue, Str columns,
                const char *file, Diag *diag)
{
    Str rest = columns, line;
    table->household_column = table->person_column = CSV_NO_COLUMN;
    while (str_split(&rest, '\n', &line)) {
        Str cell[5] = {{NULL, 0}};
        char name[64] = "";
        if (line.bytes == 0 || line.at[0] == '#') continue;
        for (int i = 0; i < 5; i++) str_split(&line, '\t', &cell[i]);
        if (!str_is(cell[0], file) || cell[1].bytes >= sizeof name) continue;
        memcpy(name, cell[1].at, cell[1].bytes);
        int32_t at = csv_column(&table->csv, name);
        if (at < 0 && str_is(cell[3], "yes")) {
            return refuse(diag, table, 1, "csv.missing", cell[1]);
        }
        if (at < 0) continue;
        table->words[at] = cell[4];
        table->optional[at] = !str_is(cell[3], "yes");
        if (str_is(cell[2], "key")) {
            bool person = str_is(cell[1], "person_id");
            *(person ? &table->person_column : &table->household_column) = at;
            continue;
        }
        const Kind *kind = kind_find(catalogue, cell[2]);
        if (kind != NULL && kind->field >= 0) table->kind[at] = kind;
    }
    bind_rest(table, catalogue, file[0] == 'p');
    return OK;
}

static Err open_table(Table *table, const KindCatalogue *catalogue,
                      const char *folder, const char *file, Str columns,
                      Diag *diag)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.csv", folder, file);
    table->name = file[0] == 'h' ? "households.csv" : "persons.csv";
    TRY(file_map(path, diag, &table->map));
    TRY(csv_open(&table->csv, table->map.bytes, table->name, diag));
    return bind(table, catalogue, columns, file, diag);
}

static void close_table(Table *table)
{
    csv_close(&table->csv);
    file_unmap(&table->map);
}

static bool add_place(Places *places, Place place)
{
    if (places->count == places->room) {
        size_t room = places->room == 0 ? 65536 : places->room * 2;
        Place *more = arena_try_raw(places->arena, room, sizeof *more);
        if (more == NULL) return false;
        if (places->count > 0) {
            memcpy(more, places->at, places->count * sizeof *more);
        }
        places->at = more;
        places->room = room;
    }
    if (places->count > 0) {
        const Place *last = &places->at[places->count - 1];
        places->sorted =
            places->sorted && last->household_id <= place.household_id;
        places->ascends = places->ascends && last->person_id < place.person_id;
    }
    places->at[places->count++] = place;
    return true;
}

static Err read_id(const Table *table, const Csv *csv, int32_t column,
                   Diag *diag, int64_t *ret)
{
    Str text = csv_field(csv, column);
    if (str_to_int(text, ret) && *ret >= 0) return OK;
    return refuse(diag, table, csv->row_line, "import.bad_id", text);
}

/* Finds every row of a part of a file. */
static Err find_rows(const Table *table, Csv *csv, Places *places, Diag *diag)
{
    Err err;
    places->sorted = places->ascends = true;
    while ((err = csv_next(csv, diag)) == OK) {
        Place place = {.offset = csv->row_offset, .line = csv->row_line};
        TRY(read_id(table, csv, table->household_column, diag,
                    &place.household_id));
        if (table->person_column >= 0) {
            TRY(read_id(table, csv, table->person_column, diag,
                        &place.person_id));
        }
        if (!add_place(places, place)) return ERR_FULL;
    }
    if (err == ERR_INVALID) diag_place(diag, table->name, diag->line, 0);
    return err == ERR_NOT_FOUND ? OK : err;
}

static Err find_part(void *arg, int32_t number, Diag *diag)
{
    CsvFilling *all = arg;
    Csv csv = csv_part(&all->persons.csv, all->part[number]);
    Places *places = &all->by_part[number];
    places->arena = arena_open((size_t)INDEX_BYTES_MB << 20);
    Err err = places->arena == NULL
                  ? ERR_FULL
                  : find_rows(&all->persons, &csv, places, diag);
    csv_close(&csv);
    return err == ERR_FULL ? filling_full(diag) : err;
}

static int by_household(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    if (a->household_id != b->household_id) {
        return a->household_id < b->household_id ? -1 : 1;
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static void sort_places(Places *places)
{
    if (places->sorted) return;
    qsort(places->at, places->count, sizeof *places->at, by_household);
}

/* No person stands in the file twice. */
static Err check_persons(const CsvFilling *all, Diag *diag)
{
    const Places *places = &all->person;
    IdSet seen = {NULL, 0, 0};
    bool full = false, twice = false;
    size_t i = 0;
    if (places->ascends) return OK;
    for (; i < places->count && !twice && !full; i++) {
        twice = !idset_add(&seen, places->at[i].person_id, &full);
    }
    idset_free(&seen);
    if (full) return filling_full(diag);
    return twice ? refuse(diag, &all->persons, places->at[i - 1].line,
                          "import.twice", (Str){NULL, 0})
                 : OK;
}

static Err check_households(const CsvFilling *all, Diag *diag)
{
    const Places *places = &all->household;
    for (size_t i = 1; i < places->count; i++) {
        if (places->at[i].household_id != places->at[i - 1].household_id) {
            continue;
        }
        return refuse(diag, &all->households, places->at[i].line,
                      "import.twice", (Str){NULL, 0});
    }
    size_t h = 0;
    for (size_t i = 0; i < all->person.count; i++) {
        int64_t id = all->person.at[i].household_id;
        while (h < places->count && places->at[h].household_id < id) h++;
        if (h < places->count && places->at[h].household_id == id) continue;
        return refuse(diag, &all->persons, all->person.at[i].line,
                      "import.no_household", (Str){NULL, 0});
    }
    return OK;
}

/* Brings the parts together in the order of the households. */
static Err join_parts(CsvFilling *all)
{
    size_t count = 0, used = 0;
    for (size_t i = 0; i < all->part_count; i++) count += all->by_part[i].count;
    Places *person = &all->person;
    person->at = arena_try_raw(person->arena, count + 1, sizeof(Place));
    if (person->at == NULL) return ERR_FULL;
    person->sorted = person->ascends = true;
    for (size_t i = 0; i < all->part_count; i++) {
        Places *part = &all->by_part[i];
        if (part->count == 0) continue;
        if (used > 0) {
            const Place *last = &person->at[used - 1];
            person->sorted = person->sorted &&
                             last->household_id <= part->at[0].household_id;
            person->ascends =
                person->ascends && last->person_id < part->at[0].person_id;
        }
        person->sorted = person->sorted && part->sorted;
        person->ascends = person->ascends && part->ascends;
        memcpy(person->at + used, part->at, part->count * sizeof(Place));
        used += part->count;
    }
    person->count = used;
    sort_places(person);
    return OK;
}

static Err find_all(CsvFilling *all, Diag *diag)
{
    size_t threads = (size_t)all->filling.job->threads;
    all->household.arena = all->person.arena = all->filling.arena;
    TRY(find_rows(&all->households, &all->households.csv, &all->household,
                  diag));
    sort_places(&all->household);
    all->part_count = csv_parts(&all->persons.csv, threads, all->part);
    if (all->part_count > 0) {
        TRY(team_run((int32_t)all->part_count, find_part, all, diag));
    }
    TRY(join_parts(all));
    TRY(check_persons(all, diag));
    all->filling.all = (int64_t)all->household.count;
    return check_households(all, diag);
}

/* One thread's work on blocks. */
typedef struct Worker {
    CsvFilling *all;
    SnapshotFill *fill;
    Arena *arena; /* of one household */
    Csv household, person;
    Diag *diag;
} Worker;

static Err read_row(const Table *table, Csv *csv, const Place *place,
                    Diag *diag)
{
    csv->offset = place->offset;
    csv->line = place->line;
    if (csv_next(csv, diag) == OK) return OK;
    diag_set(diag, "import.file_changed"); /* it could be read a moment ago */
    diag_arg_text(diag, table->name);
    return ERR_IO;
}

/* What a column says, as a decision would see it in any month. */
static bool count_in(const Kind *kind, int64_t value, int64_t *ret)
{
    *ret = value;
    if (kind->project == PROJECT_DAYS) *ret = value != 0 ? DAYS_OF_YEAR : 0;
    return kind->project != PROJECT_SUM ||
           !__builtin_mul_overflow(value, 12, ret);
}

static Err read_values(Worker *w, const Table *table, const Csv *csv,
                       int64_t *values, uint64_t *known)
{
    for (size_t column = 0; column < csv->field_count; column++) {
        const Kind *kind = table->kind[column];
        if (kind == NULL) continue;
        Attribute is;
        Str text = csv->field[column];
        if (text.bytes == 0 && table->optional[column]) continue;
        Err err = value_read_cell(w->arena, w->all->formats, kind,
                                  table->words[column], text, w->diag, &is);
        if (err != OK) {
            diag_place(w->diag, table->name, (int32_t)csv->row_line, 0);
            return err;
        }
        if (!count_in(kind, is.value, &values[kind->field])) {
            return refuse(w->diag, table, csv->row_line, "value.money", text);
        }
        *known |= UINT64_C(1) << kind->field;
    }
    return OK;
}

static void fill_unknown(const Kind *const *fields, int32_t count,
                         int64_t *values, uint64_t *known)
{
    for (int32_t i = 0; i < count; i++) {
        if ((*known >> i & 1) != 0 || !fields[i]->has_unknown) continue;
        values[i] = fields[i]->unknown;
        *known |= UINT64_C(1) << i;
    }
}

static Err read_member(Worker *w, const Place *place, RecordMember *member)
{
    CsvFilling *all = w->all;
    const KindCatalogue *catalogue = all->filling.facts->catalogue;
    int32_t fields = catalogue->person_field_count;
    *member = (RecordMember){
        .person_id = place->person_id,
        .value = arena_try(w->arena, (size_t)fields + 1, sizeof(int64_t))};
    if (member->value == NULL) return ERR_FULL;
    TRY(read_row(&all->persons, &w->person, place, w->diag));
    TRY(read_values(w, &all->persons, &w->person, member->value,
                    &member->known));
    fill_unknown(catalogue->person_field, fields, member->value,
                 &member->known);
    return fill_assets_of(&all->assets, w->arena, member);
}

/* The head first, the others by person id. */
static bool before(const KindCatalogue *catalogue, const RecordMember *a,
                   const RecordMember *b)
{
    bool head_a = a->value[catalogue->member->field] == 0;
    bool head_b = b->value[catalogue->member->field] == 0;
    return head_a != head_b ? head_a : a->person_id < b->person_id;
}

static Err read_members(Worker *w, const Place *place, size_t count,
                        InputRecord *record)
{
    const KindCatalogue *catalogue = w->all->filling.facts->catalogue;
    const Kind *role = catalogue->member;
    int64_t left = kind_code(role, STR("left"));
    record->members = arena_try(w->arena, count + 1, sizeof *record->members);
    if (record->members == NULL) return ERR_FULL;
    int32_t heads = 0;
    for (size_t i = 0; i < count; i++) {
        RecordMember member;
        TRY(read_member(w, &place[i], &member));
        if (member.value[role->field] == left) continue;
        heads += member.value[role->field] == 0;
        int32_t at = record->member_count++;
        for (; at > 0 && before(catalogue, &member, &record->members[at - 1]);
             at--) {
            record->members[at] = record->members[at - 1];
        }
        record->members[at] = member;
    }
    if (heads == 1) return OK;
    return refuse(w->diag, &w->all->households, w->household.row_line,
                  heads == 0 ? "import.no_head" : "import.two_heads",
                  (Str){NULL, 0});
}

/* The rows of persons.csv from the first of a household on. */
static size_t first_row(const Places *person, int64_t household_id)
{
    size_t low = 0, high = person->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (person->at[middle].household_id < household_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static Err fill_household(Worker *w, const Place *place, size_t *next)
{
    CsvFilling *all = w->all;
    Filling *f = &all->filling;
    const KindCatalogue *catalogue = f->facts->catalogue;
    InputRecord record = {.household_id = place->household_id};
    int32_t fields = catalogue->household_field_count;
    arena_reset(w->arena);
    record.value = arena_try(w->arena, (size_t)fields + 1, sizeof(int64_t));
    if (record.value == NULL) return ERR_FULL;
    TRY(read_row(&all->households, &w->household, place, w->diag));
    TRY(read_values(w, &all->households, &w->household, record.value,
                    &record.known));
    fill_unknown(catalogue->household_field, fields, record.value,
                 &record.known);
    size_t end = *next;
    while (end < all->person.count &&
           all->person.at[end].household_id == place->household_id) {
        end++;
    }
    size_t count = end - *next;
    if (count > SNAPSHOT_MEMBERS_MAX) {
        Err err = refuse(w->diag, &all->households, w->household.row_line,
                         "import.too_many", (Str){NULL, 0});
        diag_arg_int(w->diag, (int64_t)count);
        diag_arg_int(w->diag, SNAPSHOT_MEMBERS_MAX);
        return err;
    }
    TRY(read_members(w, &all->person.at[*next], count, &record));
    *next = end;
    f->persons += record.member_count;
    facts_put(f->facts, w->fill, &record, FACTS_FIRST_MONTH, (Str){"", 0});
    return OK;
}

static Err fill_blocks(Worker *w, int32_t thread)
{
    CsvFilling *all = w->all;
    for (;;) {
        int32_t number = all->next_block++;
        size_t first = (size_t)number * SNAPSHOT_BLOCK;
        size_t end = first + SNAPSHOT_BLOCK;
        if (first >= all->household.count) return OK;
        if (end > all->household.count) end = all->household.count;
        size_t next =
            first_row(&all->person, all->household.at[first].household_id);
        for (size_t i = first; i < end; i++) {
            TRY(fill_household(w, &all->household.at[i], &next));
        }
        TRY(snapshot_fill_block(w->fill, number));
        TRY(filling_count(&all->filling, thread, (int32_t)(end - first)));
    }
}

static Err work(void *arg, int32_t number, Diag *diag)
{
    CsvFilling *all = arg;
    CsvPart none = {0, 0, 1};
    Worker w = {.all = all,
                .diag = diag,
                .arena = arena_open(RECORD_BYTES),
                .fill = snapshot_fill_open(all->filling.writer)};
    w.household = csv_part(&all->households.csv, none);
    w.person = csv_part(&all->persons.csv, none);
    w.household.end = all->households.map.bytes.bytes;
    w.person.end = all->persons.map.bytes.bytes;
    bool room = w.arena != NULL && w.fill != NULL;
    Err err = room ? fill_blocks(&w, number) : ERR_FULL;
    if (err != OK) all->filling.stopped = true;
    csv_close(&w.household);
    csv_close(&w.person);
    arena_close(w.arena);
    return err == ERR_FULL ? filling_full(diag) : err;
}

static Err fill_all(CsvFilling *all, const char *folder, Str columns,
                    Diag *diag, SnapshotReport *ret)
{
    const SnapshotJob *job = all->filling.job;
    TRY(open_table(&all->households, job->catalogue, folder, "households",
                   columns, diag));
    TRY(open_table(&all->persons, job->catalogue, folder, "persons", columns,
                   diag));
    Err err = fill_assets_read(all->filling.arena, job->catalogue, folder, diag,
                               &all->assets);
    if (err == OK) err = find_all(all, diag);
    if (err == OK) err = team_run(job->threads, work, all, diag);
    if (err == OK) err = fill_assets_taken(&all->assets, diag);
    if (err == OK) err = filling_end(&all->filling, diag, ret);
    return err == ERR_FULL ? filling_full(diag) : err;
}

Err snapshot_from_csv(const SnapshotJob *job, const char *folder, Str columns,
                      const Formats *formats, Diag *diag, SnapshotReport *ret)
{
    CsvFilling *all;
    Arena *arena CLEANUP(arena_closep) =
        arena_open((size_t)INDEX_BYTES_MB << 20);
    all = arena == NULL ? NULL : arena_try(arena, 1, sizeof *all);
    if (all == NULL) return filling_full(diag);
    TRY(filling_open(&all->filling, job, diag));
    Arena *own = all->filling.arena;
    all->filling.arena = arena; /* the index is large */
    all->formats = formats;
    Err err = fill_all(all, folder, columns, diag, ret);
    close_table(&all->households);
    close_table(&all->persons);
    for (size_t i = 0; i < TEAM_MAX; i++) arena_close(all->by_part[i].arena);
    all->filling.arena = own;
    filling_close(&all->filling);
    return err;
}
