#include "registry/import_csv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/idset.h"
#include "crypto/hash.h"
#include "registry/import_int.h"
#include "registry/import_table_int.h"
#include "store/beside.h"

enum {
    IMPORT_JOB = 20260104, /* of which there is one at a time */
    ARENA_BYTES = 64 << 20,
    SLICE_CHECK = 32, /* households between two looks at the clock */
    PROGRESS_EVERY = 4096,
    TRIES_MAX = 5
};

static const double slice_s = 0.05; /* so that people never wait long */
static const char since_text[] = "2021-01-01";

/* Where a good row of persons.csv stands. */
typedef struct RowIndex {
    int64_t household_id;
    size_t offset;
    int64_t line;
    bool taken; /* by its household */
} RowIndex;

/* A name that was not taken, of a row that is good without it. */
typedef struct LeftOut {
    struct LeftOut *next;
    int64_t line;
    int32_t column;
    Diag why; /* its first argument is the name */
} LeftOut;

/* Somebody who lives in the household that is being read. */
typedef struct Known {
    const struct Known *next;
    int64_t person_id;
    Str national_id; /* at NULL: none */
} Known;

typedef struct Importer {
    const ImportCsv *job;
    Diag *diag;
    Arena *arena; /* of one household */
    ImportTable households, persons;
    RowIndex *row;
    size_t row_count, row_room;
    size_t next_row; /* the first row that no household has taken */
    LeftOut *left;   /* of this household, in order */
    LeftOut **left_end;
    const Known *known;       /* who lives in it already */
    const ImportRow *culprit; /* the row that refuses it; NULL: none alone */
    bool fresh; /* the registry was empty: nobody can be elsewhere */
    bool due;   /* months are determined: what is new decides again */
    Day since;
    bool open; /* a transaction is open */
    double slice_began_s;
    int in_slice;
    ImportCsvReport report;
} Importer;

static void tell(Importer *importer, const ImportTable *table, int64_t line,
                 Str column, Str value, const Diag *why)
{
    const ImportCsv *job = importer->job;
    importer->report.rejected++;
    if (job->reject == NULL) return;
    job->reject(job->arg, table->name, line, column, value, why, false);
}

/* The column of persons.csv that states a kind; that of the id without one. */
static int32_t column_of(const Importer *importer, const Kind *kind)
{
    const ImportTable *table = &importer->persons;
    for (size_t i = 0; i < table->csv.column_count; i++) {
        if (table->kind[i] == kind && kind != NULL) return (int32_t)i;
    }
    return table->person_column;
}

/* Rejects the row just read for what stands in a column. */
static void reject(Importer *importer, const ImportTable *table, int32_t column,
                   const Diag *why)
{
    tell(importer, table, table->csv.row_line, table->csv.column[column],
         csv_field(&table->csv, column), why);
}

/* The same for a row of persons.csv that was read before. */
static void reject_again(Importer *importer, size_t offset, int64_t line,
                         int32_t column, const Diag *why)
{
    ImportTable *table = &importer->persons;
    table->csv.offset = offset;
    table->csv.line = line;
    Err err = csv_next(&table->csv, NULL);
    if (err == OK) reject(importer, table, column, why);
    if (err != OK) tell(importer, table, line, (Str){"", 0}, (Str){"", 0}, why);
}

/* Rejects a row that is broken as a row of CSV. */
static void reject_broken(Importer *importer, const ImportTable *table,
                          const Diag *why)
{
    Str column, value;
    Buf room = buf_make(256);
    import_table_fault(table, why, &room, &column, &value);
    tell(importer, table, why->line > 0 ? why->line : table->csv.row_line,
         column, value, why);
    buf_free(&room);
}

/* Nobody loses his pension to the spelling of his name: it is left out, and
 * told when the row is in without it. */
static void leave_out(Importer *importer, int64_t line, size_t column,
                      const Diag *why)
{
    LeftOut *left = ARENA_NEW(importer->arena, LeftOut);
    *left = (LeftOut){.line = line, .column = (int32_t)column, .why = *why};
    *importer->left_end = left;
    importer->left_end = &left->next;
}

/* The row was rejected after all, or the household begins. */
static void forget_left(Importer *importer, LeftOut **end)
{
    *end = NULL;
    importer->left_end = end;
}

/* The household is in: tells which names are not. */
static void tell_left(Importer *importer)
{
    const ImportCsv *job = importer->job;
    const ImportTable *table = &importer->persons;
    for (const LeftOut *left = importer->left; left != NULL;
         left = left->next) {
        importer->report.names_left_out++;
        if (job->reject == NULL) continue;
        job->reject(job->arg, table->name, left->line,
                    table->csv.column[left->column], str_of(left->why.arg[0]),
                    &left->why, true);
    }
}

/* Reads an id >= 0 from a column; reports it otherwise. */
static bool read_id(Importer *importer, const ImportTable *table,
                    int32_t column, int64_t *ret)
{
    if (import_table_id(table, column, ret)) return true;
    Diag why;
    diag_set(&why, "import.bad_id");
    diag_arg(&why, csv_field(&table->csv, column));
    reject(importer, table, column, &why);
    return false;
}

/*
 * Goes to the next row that can be read; broken ones are reported.
 *
 * errs   ERR_NOT_FOUND: no more rows; ERR_FULL: no memory
 */
static Err next_row(Importer *importer, ImportTable *table)
{
    for (;;) {
        Diag why = {.key = ""};
        Err err = csv_next(&table->csv, &why);
        if (err != ERR_INVALID) return err;
        reject_broken(importer, table, &why);
    }
}

static bool row_add(Importer *importer, RowIndex row)
{
    if (importer->row_count == importer->row_room) {
        size_t room = importer->row_room == 0 ? 65536 : importer->row_room * 2;
        RowIndex *more = realloc(importer->row, room * sizeof *more);
        if (more == NULL) return false;
        importer->row = more;
        importer->row_room = room;
    }
    importer->row[importer->row_count++] = row;
    return true;
}

static int compare_rows(const void *left, const void *right)
{
    const RowIndex *a = left, *b = right;
    if (a->household_id != b->household_id) {
        return a->household_id < b->household_id ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

/* Finds every row of persons.csv and brings those of a household together. */
static Err index_persons(Importer *importer)
{
    ImportTable *table = &importer->persons;
    IdSet seen = {NULL, 0, 0};
    bool sorted = true, full = false;
    Err err;
    while ((err = next_row(importer, table)) == OK) {
        int64_t person, household;
        if (!read_id(importer, table, table->person_column, &person) ||
            !read_id(importer, table, table->household_column, &household)) {
            continue;
        }
        if (!idset_add(&seen, person, &full)) {
            if (full) break;
            Diag why;
            diag_set(&why, "import.twice");
            reject(importer, table, table->person_column, &why);
            continue;
        }
        RowIndex row = {household, table->csv.row_offset, table->csv.row_line,
                        false};
        sorted =
            sorted &&
            (importer->row_count == 0 ||
             importer->row[importer->row_count - 1].household_id <= household);
        full = !row_add(importer, row);
        if (full) break;
    }
    idset_free(&seen);
    if (full || err == ERR_FULL) return ERR_FULL;
    if (!sorted) {
        qsort(importer->row, importer->row_count, sizeof *importer->row,
              compare_rows);
    }
    return OK;
}

/* The message id of a row: what it is about and a hash of what it says. */
static Str message_id(Importer *importer, const ImportTable *table, int64_t id)
{
    const Csv *csv = &table->csv;
    Str row = {csv->bytes.at + csv->row_offset, csv->row_bytes};
    char *text = arena_alloc(importer->arena, 48, 1);
    Buf buf = {.at = text, .room_bytes = 48, .limit_bytes = 48};
    buf_char(&buf, table == &importer->persons ? 'p' : 'h');
    buf_int(&buf, id);
    buf_char(&buf, '.');
    buf_int(&buf, hash_id(row) & INT64_C(0xFFFFFFFFFFFFF));
    return buf_view(&buf);
}

/* Reads the row just found into a statement. False: it was rejected. */
static bool read_statement(Importer *importer, ImportTable *table,
                           int64_t subject, ImportRow *ret)
{
    const Csv *csv = &table->csv;
    Attribute *attributes =
        ARENA_ARRAY(importer->arena, Attribute, csv->column_count);
    int32_t count = 0;
    for (size_t column = 0; column < csv->column_count; column++) {
        const Kind *kind = table->kind[column];
        Str text = csv_field(csv, (int32_t)column);
        if (kind == NULL || (text.bytes == 0 && table->optional[column])) {
            continue;
        }
        Diag why;
        if (value_read_cell(importer->arena, importer->job->formats, kind,
                            table->words[column], text, &why,
                            &attributes[count]) != OK) {
            if (import_is_name(kind)) {
                leave_out(importer, csv->row_line, column, &why);
                continue;
            }
            reject(importer, table, (int32_t)column, &why);
            return false;
        }
        if (kind == importer->job->catalogue->national_id) {
            ret->national_id = attributes[count].text;
        }
        int32_t at = count++; /* by kind: the canonical order */
        for (; at > 0 && attributes[at - 1].kind > attributes[at].kind; at--) {
            Attribute swap = attributes[at];
            attributes[at] = attributes[at - 1];
            attributes[at - 1] = swap;
        }
    }
    ret->statement =
        (Statement){subject, importer->since, DAY_OPEN, attributes, count};
    ret->message_id = message_id(importer, table, subject);
    ret->line = csv->row_line;
    return true;
}

static bool is_head(const Importer *importer, const ImportRow *row)
{
    const Statement *said = &row->statement;
    int32_t member = importer->job->catalogue->member->id;
    for (int32_t i = 0; i < said->attribute_count; i++) {
        if (said->attributes[i].kind != member) continue;
        return said->attributes[i].value == 0;
    }
    return false;
}

/*
 * What is said of a person holds from his birth on: before it he lives in no
 * household, and raises no limit. A head is head from the beginning, since a
 * household has one. Refuses who is born later than the registry could know.
 */
static bool check_birth(Importer *importer, ImportRow *row)
{
    const Kind *birth = importer->job->catalogue->birth;
    Day today = instant_day(importer->job->now, 24 * 60);
    for (int32_t i = 0; i < row->statement.attribute_count; i++) {
        const Attribute *is = &row->statement.attributes[i];
        if (birth == NULL || is->kind != birth->id) continue;
        if (is->value <= today) {
            bool later = is->value > importer->since;
            if (later && !is_head(importer, row)) {
                row->statement.from = (Day)is->value;
                row->begins = true;
            }
            continue;
        }
        Diag why;
        diag_set(&why, "import.born_later");
        reject(importer, &importer->persons, column_of(importer, birth), &why);
        return false;
    }
    return true;
}

/* Finds who lives in a household, in one question and not one for each. */
static Err find_known(Importer *importer, int64_t household_id)
{
    importer->known = NULL;
    if (importer->fresh) return OK;
    StoreStmt *stmt = store_query(importer->job->tx, Q_PERSON_OF_HOUSEHOLD);
    store_bind_int(stmt, 1, household_id);
    for (;;) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        Known *known = arena_try(importer->arena, 1, sizeof *known);
        if (known == NULL) return ERR_FULL;
        known->next = importer->known;
        known->person_id = store_int(stmt, 0);
        if (!store_is_null(stmt, 1)) {
            known->national_id = str_copy(importer->arena, store_text(stmt, 1));
        }
        importer->known = known;
    }
}

/* Whether the person lives here, by the number that the row has, if any. */
static bool is_known(const Importer *importer, int64_t person_id,
                     Str national_id)
{
    for (const Known *known = importer->known; known != NULL;
         known = known->next) {
        if (known->person_id != person_id) continue;
        return national_id.bytes == 0 ||
               str_equal(national_id, known->national_id);
    }
    return false;
}

/* Reads one indexed person. *ret_good is false when he was rejected. */
static Err read_person(Importer *importer, const RowIndex *at, ImportRow *row,
                       bool *ret_good)
{
    ImportTable *table = &importer->persons;
    int64_t person;
    *ret_good = false;
    row->offset = at->offset;
    table->csv.offset = at->offset;
    table->csv.line = at->line;
    Err err = csv_next(&table->csv, NULL);
    if (err != OK) { /* it could be read a moment ago */
        diag_set(importer->diag, "import.file_changed");
        diag_arg_text(importer->diag, table->name);
        return err == ERR_FULL ? ERR_FULL : ERR_IO;
    }
    if (!read_id(importer, table, table->person_column, &person)) return OK;
    if (!read_statement(importer, table, person, row)) return OK;
    if (!check_birth(importer, row)) return OK;
    *ret_good = true;
    if (importer->fresh && row->national_id.bytes == 0) return OK;
    row->known = is_known(importer, person, row->national_id);
    if (row->known) return OK; /* nobody else can have his number */
    Diag why;
    err = registry_person_check(importer->job->tx, at->household_id, person,
                                row->national_id, &why, &row->known);
    if (err != ERR_INVALID) return err;
    reject(importer, table,
           str_is(str_of(why.key), "person.id_taken")
               ? column_of(importer, importer->job->catalogue->national_id)
               : table->person_column,
           &why);
    *ret_good = false;
    return OK;
}

/* Refuses a national id that another person of the household has. */
static bool check_same_id(Importer *importer, const ImportRow *rows,
                          size_t last)
{
    Str id = rows[last].national_id;
    for (size_t i = 0; i < last && id.bytes > 0; i++) {
        if (!str_equal(rows[i].national_id, id)) continue;
        Diag why;
        diag_set(&why, "person.id_taken");
        diag_arg(&why, id);
        reject(importer, &importer->persons,
               column_of(importer, importer->job->catalogue->national_id),
               &why);
        return false;
    }
    return true;
}

/* The rows of persons.csv that belong to a household. */
static size_t find_rows(Importer *importer, int64_t household_id,
                        size_t *ret_first)
{
    const RowIndex *row = importer->row;
    size_t first = importer->next_row;
    bool here =
        first < importer->row_count && row[first].household_id == household_id;
    if (!here) { /* the files are ordered differently: search */
        size_t low = 0, high = importer->row_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (row[middle].household_id < household_id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        first = low;
    }
    size_t end = first;
    while (end < importer->row_count && row[end].household_id == household_id) {
        importer->row[end++].taken = true;
    }
    *ret_first = first;
    importer->next_row = end;
    return end - first;
}

static int count_heads(const Importer *importer, const ImportRow *rows,
                       size_t count)
{
    int heads = 0;
    for (size_t i = 0; i < count; i++) heads += is_head(importer, &rows[i]);
    return heads;
}

/* What the households of one slice changed, counted when it is done. */
static Err follow(Importer *importer, int64_t id, Day since, Diag *why)
{
    const RegistryFollow *follow = importer->job->follow;
    int32_t changed = 0;
    if (!importer->due) return OK;
    TRY(follow->household(importer->job->tx, follow->arg, id, since, why,
                          &changed));
    importer->report.decisions += changed;
    return OK;
}

static Err change_household(Importer *importer, int64_t id,
                            const ImportRow *household, const ImportRow *rows,
                            size_t count, Diag *why)
{
    const ImportCsv *job = importer->job;
    RegistryChange change;
    if (importer->fresh) {
        registry_begin_new(job->tx, importer->arena, job->catalogue, id,
                           job->now, &change);
    } else {
        TRY(registry_begin(job->tx, importer->arena, job->catalogue, id,
                           job->now, why, &change));
    }
    bool is_new = change.is_new;
    Err err =
        import_say(&change, household, rows, count, why, &importer->culprit);
    Day since = change.since;
    if (err == OK && change.ordinal == 0) {
        registry_abandon(&change);
        importer->report.households_same++;
        return OK;
    }
    if (err == OK) {
        err = registry_end(&change, why);
    } else {
        registry_abandon(&change);
    }
    if (err == OK) err = follow(importer, id, since, why);
    if (err != OK) return err;
    *(is_new ? &importer->report.households_new
             : &importer->report.households_changed) += 1;
    return OK;
}

/* As change_household(), in a part of the transaction that can fail alone. */
static Err try_household(Importer *importer, int64_t id,
                         const ImportRow *household, const ImportRow *rows,
                         size_t count, Diag *why)
{
    StoreConn *tx = importer->job->tx;
    ImportCsvReport before = importer->report;
    TRY(store_savepoint(tx));
    Err err = change_household(importer, id, household, rows, count, why);
    if (err == OK) err = store_release(tx);
    if (err == OK || err == ERR_IO || err == ERR_BUSY) return err;
    importer->report = before;
    TRY(store_rollback_to(tx));
    return err;
}

/* A row that is good by itself, of a household that was rejected: the row in
 * `file` at `line` says why. */
static void reject_with(Importer *importer, const char *file, int64_t line,
                        size_t offset, int64_t row_line)
{
    Diag why;
    diag_set(&why, "import.of_rejected");
    diag_arg_int(&why, line);
    diag_arg_text(&why, file);
    reject_again(importer, offset, row_line, importer->persons.household_column,
                 &why);
}

/* Rejects a household for what one of its persons' rows says of his birth. */
static void reject_for_birth(Importer *importer, const ImportRow *rows,
                             size_t count, const Diag *why)
{
    const ImportRow *culprit = importer->culprit;
    const Kind *birth = importer->job->catalogue->birth;
    ImportTable *table = &importer->households;
    const char *file = importer->persons.name;
    Diag other;
    diag_set(&other, "import.of_person");
    diag_arg_int(&other, culprit->line);
    diag_arg_text(&other, file);
    reject(importer, table, table->household_column, &other);
    for (size_t i = 0; i < count; i++) {
        if (&rows[i] != culprit) {
            reject_with(importer, file, culprit->line, rows[i].offset,
                        rows[i].line);
            continue;
        }
        reject_again(importer, culprit->offset, culprit->line,
                     column_of(importer, birth), why);
    }
}

/* Rejects a household that would be impossible, and so all its rows. */
static void reject_household(Importer *importer, const ImportRow *rows,
                             size_t count, const Diag *why)
{
    const ImportTable *table = &importer->households;
    if (importer->culprit != NULL) {
        reject_for_birth(importer, rows, count, why);
        return;
    }
    reject(importer, table, table->household_column, why);
    for (size_t i = 0; i < count; i++) {
        reject_with(importer, table->name, table->csv.row_line, rows[i].offset,
                    rows[i].line);
    }
}

/*
 * Writes one household with its persons, as far as it says anything new. What
 * would be impossible beside that which is known already is undone and
 * rejected alone; a household of a fresh registry has been checked by its rows.
 */
static Err write_household(Importer *importer, int64_t id,
                           const ImportRow *household, const ImportRow *rows,
                           size_t count)
{
    Diag why = {.key = ""};
    Err err = ERR_CONFLICT;
    if (importer->fresh) {
        err = change_household(importer, id, household, rows, count, &why);
        if (err != OK) return err;
    }
    for (int tries = 0; tries < TRIES_MAX && err == ERR_CONFLICT; tries++) {
        why = (Diag){.key = ""};
        err = try_household(importer, id, household, rows, count, &why);
    }
    if (err == OK) {
        importer->report.persons += (int64_t)count;
        tell_left(importer);
    }
    if (err == OK || err == ERR_IO || err == ERR_BUSY) return err;
    if (why.key[0] == '\0' && err == ERR_FULL) {
        diag_set(&why, "household.full");
        diag_arg_int(&why, id);
    }
    if (why.key[0] == '\0') return err;
    reject_household(importer, rows, count, &why);
    return OK;
}

/* Whether a fresh registry still is one, and what is new decides again. */
static Err look_around(Importer *importer)
{
    const ImportCsv *job = importer->job;
    if (job->follow != NULL) {
        TRY(job->follow->due(job->tx, job->follow->arg, &importer->due));
    }
    importer->fresh = importer->fresh && !importer->due;
    return OK;
}

/* Begins a slice, and ends one that has lasted long enough. */
static Err slice(Importer *importer)
{
    if (!importer->open) {
        TRY(store_begin(importer->job->tx));
        importer->open = true;
        importer->slice_began_s = clock_wall_s();
        importer->in_slice = 0;
        return look_around(importer);
    }
    if (++importer->in_slice % SLICE_CHECK != 0 ||
        clock_wall_s() - importer->slice_began_s < slice_s) {
        return OK;
    }
    TRY(store_commit(importer->job->tx)); /* else a rollback is still due */
    importer->open = false;
    return slice(importer);
}

static Err import_household(Importer *importer, int64_t household_id)
{
    ImportTable *table = &importer->households;
    ImportRow household = {.known = false};
    importer->culprit = NULL;
    forget_left(importer, &importer->left);
    if (!read_statement(importer, table, household_id, &household)) {
        return OK;
    }
    household.statement.subject = BOOK_HOUSEHOLD;
    size_t first, count = find_rows(importer, household_id, &first);
    if (count > BOOK_MEMBERS_MAX) {
        Diag why;
        diag_set(&why, "import.too_many");
        diag_arg_int(&why, (int64_t)count);
        diag_arg_int(&why, BOOK_MEMBERS_MAX);
        reject(importer, table, table->household_column, &why);
        for (size_t i = 0; i < count; i++) {
            const RowIndex *row = &importer->row[first + i];
            reject_with(importer, table->name, table->csv.row_line, row->offset,
                        row->line);
        }
        return OK;
    }
    ImportRow *rows = ARENA_ARRAY(importer->arena, ImportRow, count);
    size_t good = 0;
    TRY(find_known(importer, household_id));
    for (size_t i = 0; i < count; i++) {
        bool is_good;
        LeftOut **end = importer->left_end;
        rows[good] = (ImportRow){0}; /* nothing of one who was rejected */
        TRY(read_person(importer, &importer->row[first + i], &rows[good],
                        &is_good));
        if (is_good) is_good = check_same_id(importer, rows, good);
        if (!is_good) forget_left(importer, end);
        good += is_good;
    }
    int heads = count_heads(importer, rows, good);
    if (heads != 1) {
        Diag why;
        diag_set(&why, heads == 0 ? "import.no_head" : "import.two_heads");
        reject_household(importer, rows, good, &why);
        return OK;
    }
    return write_household(importer, household_id, &household, rows, good);
}

/* Rows of persons whose household is in no good row of households.csv. */
static void reject_strays(Importer *importer)
{
    Diag why;
    diag_set(&why, "import.no_household");
    for (size_t i = 0; i < importer->row_count; i++) {
        if (importer->row[i].taken) continue;
        const RowIndex *row = &importer->row[i];
        reject_again(importer, row->offset, row->line,
                     importer->persons.household_column, &why);
    }
}

static Err import_households(Importer *importer)
{
    ImportTable *table = &importer->households;
    const ImportCsv *job = importer->job;
    IdSet seen = {NULL, 0, 0};
    int64_t told = 0;
    bool full = false;
    Err err;
    while ((err = next_row(importer, table)) == OK && !full) {
        int64_t id;
        if (!read_id(importer, table, table->household_column, &id)) continue;
        if (!idset_add(&seen, id, &full)) {
            Diag why;
            diag_set(&why, "import.twice");
            reject(importer, table, table->household_column, &why);
            continue;
        }
        err = slice(importer);
        if (err == OK) err = import_household(importer, id);
        if (err != OK) break;
        arena_reset(importer->arena);
        if (job->progress != NULL &&
            importer->report.persons - told >= PROGRESS_EVERY) {
            told = importer->report.persons;
            if (!job->progress(job->arg, told, (int64_t)importer->row_count)) {
                err = ERR_STOPPED;
                break;
            }
        }
    }
    idset_free(&seen);
    if (full) return ERR_FULL;
    return err == ERR_NOT_FOUND ? OK : err;
}

static Err is_fresh(Importer *importer)
{
    bool row;
    StoreStmt *stmt = store_query(importer->job->tx, Q_BOOK_COUNT);
    TRY(store_step(stmt, &row));
    importer->fresh = row && store_int(stmt, 0) == 0;
    store_reset(stmt);
    return OK;
}

static Err run(Importer *importer, Diag *diag)
{
    TRY(import_table_open(&importer->households, importer->job, "households",
                          &importer->report, diag));
    TRY(import_table_open(&importer->persons, importer->job, "persons",
                          &importer->report, diag));
    TRY(is_fresh(importer));
    TRY(index_persons(importer));
    Err err = import_households(importer);
    if (err == OK && importer->open) {
        err = store_commit(importer->job->tx);
        importer->open = err != OK;
    }
    if (importer->open) store_rollback(importer->job->tx);
    if (err == OK) reject_strays(importer);
    return err;
}

/* Of two at once the one would find what the other has just written. */
static Err run_alone(Importer *importer, Diag *diag)
{
    StoreConn *tx = importer->job->tx;
    bool mine;
    TRY(store_job_begin(tx, IMPORT_JOB, &mine));
    if (!mine) diag_set(diag, "import.running");
    if (!mine) return ERR_BUSY;
    Err err = run(importer, diag);
    import_failed(tx, err, diag); /* before the next statement */
    store_job_end(tx, IMPORT_JOB);
    return err;
}

void import_failed(const StoreConn *tx, Err err, Diag *diag)
{
    if (err == OK || err == ERR_STOPPED || diag->key[0] != '\0') return;
    if (err == ERR_IO || err == ERR_BUSY) {
        store_diag(tx, diag);
    } else if (err == ERR_CONFLICT || err == ERR_FULL) {
        diag_set(diag, err == ERR_FULL ? "import.memory" : "import.beside");
    } else {
        diag_set(diag, "import.failed");
        diag_arg_text(diag, store_error(tx));
    }
}

Err import_csv(const ImportCsv *job, Diag *diag, ImportCsvReport *ret)
{
    Importer importer = {
        .job = job, .diag = diag, .arena = arena_open(ARENA_BYTES)};
    CHECK(day_read(str_of(since_text), &importer.since));
    Err err = run_alone(&importer, diag);
    import_failed(job->tx, err, diag); /* when it did not begin */
    *ret = importer.report;
    import_table_close(&importer.households);
    import_table_close(&importer.persons);
    free(importer.row);
    arena_close(importer.arena);
    return err;
}
