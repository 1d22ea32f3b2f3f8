#include "registry/import_int.h"
#include "registry/life.h"
#include "registry/move.h"

enum { SAID_FEW = 64 };

/* What a row of the file said before. */
typedef struct Said {
    int64_t subject;
    Day from;
    const Attribute *attributes;
    int32_t count;
} Said;

typedef struct Before {
    const Said *said; /* oldest first */
    int32_t count;
} Before;

static Str source(void)
{
    return STR("csv");
}

static bool said_add(Arena *arena, Said **said, int32_t count, Said add)
{
    bool full = count >= SAID_FEW && (count & (count - 1)) == 0;
    if (count == 0 || full) {
        size_t room = count == 0 ? SAID_FEW : 2 * (size_t)count;
        Said *more = arena_try_raw(arena, room, sizeof *more);
        if (more == NULL) return false;
        if (count > 0) memcpy(more, *said, (size_t)count * sizeof *more);
        *said = more;
    }
    (*said)[count] = add;
    return true;
}

static Err read_said(StoreStmt *stmt, const RegistryChange *change, Said *ret)
{
    Str bytes;
    *ret =
        (Said){.subject = store_int(stmt, 0), .from = (Day)store_int(stmt, 1)};
    if (!str_try(change->arena, store_bytes(stmt, 3), &bytes)) return ERR_FULL;
    return book_attributes_read(change->arena, change->book.catalogue, bytes,
                                &ret->attributes, &ret->count);
}

/* All that files have said of the household and who lives there. What was
 * said for a birth that moved ("b...") is no row's own statement. */
static Err find_before(const RegistryChange *change, Before *ret)
{
    Said *said = NULL;
    int32_t count = 0;
    bool row;
    *ret = (Before){NULL, 0};
    if (change->is_new) return OK;
    StoreStmt *stmt = store_query(change->tx, Q_FACT_OF_SOURCE);
    store_bind_int(stmt, 1, change->household_id);
    store_bind_text(stmt, 2, source());
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        Str message = store_text(stmt, 2);
        if (message.bytes > 0 && message.at[0] == 'b') continue;
        Said add;
        TRY(read_said(stmt, change, &add));
        if (!said_add(change->arena, &said, count, add)) return ERR_FULL;
        count++;
    }
    *ret = (Before){said, count};
    return OK;
}

/* Whether the newest statement of the file about it says the same. */
static bool repeats(const Before *before, int64_t subject, const Attribute *is)
{
    for (int32_t i = before->count - 1; i >= 0; i--) {
        const Said *said = &before->said[i];
        if (said->subject != subject) continue;
        for (int32_t a = 0; a < said->count; a++) {
            const Attribute *was = &said->attributes[a];
            if (was->kind != is->kind) continue;
            return was->value == is->value && str_equal(was->text, is->text);
        }
    }
    return false;
}

/* The first day of which the file said anything of a subject. */
static Day said_from(const Before *before, int64_t subject)
{
    Day from = DAY_OPEN;
    for (int32_t i = 0; i < before->count; i++) {
        const Said *said = &before->said[i];
        if (said->subject == subject && said->from < from) from = said->from;
    }
    return from;
}

/* What of a row is new, in the order of the row. */
static int32_t news(const Before *before, const Statement *row, Attribute *ret)
{
    int32_t count = 0;
    for (int32_t i = 0; i < row->attribute_count; i++) {
        const Attribute *is = &row->attributes[i];
        if (!repeats(before, row->subject, is)) ret[count++] = *is;
    }
    return count;
}

bool import_is_name(const Kind *kind)
{
    return kind->type == KIND_TEXT && strcmp(kind->format, "name") == 0;
}

/* Names and numbers by which people are found. */
static Err index_new(RegistryChange *change, const ImportRow *row)
{
    const Statement *said = &row->statement;
    TRY(registry_person_add(change, said->subject, row->national_id));
    for (int32_t i = 0; i < said->attribute_count; i++) {
        const Attribute *is = &said->attributes[i];
        if (!import_is_name(change->book.catalogue->by_id[is->kind])) continue;
        TRY(registry_person_name(change, said->subject, is->text));
    }
    return OK;
}

/* The same for one who is known, when they are new. */
static Err index_news(RegistryChange *change, const Statement *said)
{
    const KindCatalogue *catalogue = change->book.catalogue;
    bool names = false;
    for (int32_t i = 0; i < said->attribute_count; i++) {
        const Attribute *is = &said->attributes[i];
        const Kind *kind = catalogue->by_id[is->kind];
        names |= import_is_name(kind);
        if (kind != catalogue->national_id) continue;
        StoreStmt *stmt = store_query(change->tx, Q_PERSON_NATIONAL_SET);
        store_bind_int(stmt, 1, said->subject);
        store_bind_text(stmt, 2, is->text);
        TRY(store_exec(stmt, NULL));
    }
    return names ? move_names(change, said->subject) : OK;
}

/* The birth that is told; DAY_MIN: none is. */
static Day told_birth(const Book *book, const Statement *said)
{
    const Kind *birth = book->catalogue->birth;
    for (int32_t i = 0; i < said->attribute_count && birth != NULL; i++) {
        if (said->attributes[i].kind != birth->id) continue;
        return (Day)said->attributes[i].value;
    }
    return DAY_MIN;
}

/* Whether it tells another birth than is believed. */
static bool moves_birth(const Book *book, const Statement *said)
{
    Day was = life_birth(book, said->subject), told = told_birth(book, said);
    return was != DAY_MIN && told != DAY_MIN && told != was;
}

/*
 * Who came here from another household is what the file says from then on:
 * before it he lived there. His birth concerns both, which one household of a
 * file cannot put right.
 */
static Err check_came(const RegistryChange *change, bool birth, Statement *said,
                      Diag *diag)
{
    bool row;
    StoreStmt *stmt = store_query(change->tx, Q_STAY_LAST);
    store_bind_int(stmt, 1, said->subject);
    TRY(store_step(stmt, &row));
    if (!row) return OK;
    Day came = (Day)store_int(stmt, 0);
    store_reset(stmt);
    if (came > said->from) said->from = came;
    if (!birth) return OK;
    diag_set(diag, "import.birth_of_moved");
    diag_arg_int(diag, said->subject);
    return ERR_INVALID;
}

/* A birth told otherwise now: no day before it counts, none after it lacks. */
static Err move_birth(RegistryChange *change, const ImportRow *row,
                      const Before *before, Diag *diag)
{
    Statement early = row->statement;
    Day was = life_birth(&change->book, early.subject);
    char id[64] = "b";
    size_t bytes = row->message_id.bytes - 1;
    LifeRestore *restore;
    TRY(life_restore(change, early.subject,
                     told_birth(&change->book, &row->statement), &restore));
    early.to = said_from(before, early.subject);
    if (early.to != DAY_OPEN && was > early.to) early.to = was;
    if (early.to != DAY_OPEN && early.from < early.to) {
        TRY(registry_say(change, &early, source(), row->message_id));
    }
    TRY(life_restore_say(restore)); /* others know better than the file */
    if (!row->begins || bytes >= sizeof id) return OK;
    memcpy(id + 1, row->message_id.at + 1, bytes);
    return life_begin(change, early.subject, early.from, source(),
                      (Str){id, bytes + 1}, diag);
}

static Err say_person(RegistryChange *change, const Before *before,
                      const ImportRow *row, Diag *diag)
{
    Attribute said[BOOK_ATTRIBUTES_MAX];
    Statement statement = row->statement;
    if (!row->known) {
        TRY(index_new(change, row));
        return registry_say(change, &statement, source(), row->message_id);
    }
    CHECK(statement.attribute_count <= BOOK_ATTRIBUTES_MAX);
    statement.attribute_count = news(before, &statement, said);
    statement.attributes = said;
    if (statement.attribute_count == 0) return OK;
    bool birth = moves_birth(&change->book, &statement);
    TRY(check_came(change, birth, &statement, diag));
    if (birth) TRY(move_birth(change, row, before, diag));
    TRY(registry_say(change, &statement, source(), row->message_id));
    return index_news(change, &statement);
}

Err import_say(RegistryChange *change, const ImportRow *household,
               const ImportRow *rows, size_t count, Diag *diag,
               const ImportRow **ret_refused)
{
    Attribute said[BOOK_ATTRIBUTES_MAX];
    Before before;
    Statement statement = household->statement;
    *ret_refused = NULL;
    TRY(find_before(change, &before));
    CHECK(statement.attribute_count <= BOOK_ATTRIBUTES_MAX);
    statement.attribute_count = news(&before, &statement, said);
    statement.attributes = said;
    if (statement.attribute_count > 0) {
        TRY(registry_say(change, &statement, source(), household->message_id));
    }
    for (size_t i = 0; i < count; i++) {
        Err err = say_person(change, &before, &rows[i], diag);
        if (err == ERR_INVALID) *ret_refused = &rows[i];
        if (err != OK) return err;
    }
    return OK;
}
