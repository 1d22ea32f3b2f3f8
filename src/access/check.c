#include "access/check.h"

#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "codec/bytes.h"
#include "crypto/hash.h"

enum { PAGE_ROWS = 500, RECORD_BYTES = 1 << 14 };

static const size_t arena_bytes = (size_t)1 << 31;

/* What a leaf says of an account. */
typedef enum Said {
    SAID_NEW = 1, /* with what it is */
    SAID_ADDED = 2,
    SAID_ASKED = 4,
    SAID_CONFIRMED = 8,
    SAID_DISABLED = 16
} Said;

/* One leaf, or all of one name. */
typedef struct Entry {
    Str name;
    uint64_t is; /* from the hash of what the new account is; 0: not said */
    unsigned said;
    int32_t begun; /* how often it was said that there is one */
    bool met;      /* there is such an account */
} Entry;

typedef struct Check {
    StoreConn *conn;
    Arena *arena;
    Entry *entry;
    int64_t count, room;
    AccountTally *tally;
} Check;

static Err put_kin(StoreConn *conn, int64_t actor_id, Buf *record)
{
    StoreStmt *stmt = store_query(conn, Q_KIN_LIST);
    store_bind_int(stmt, 1, actor_id);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        bytes_put_str(record, store_text(stmt, 0));
    }
}

/* What an account is, from a row of actor_page. */
static Err put_account(StoreConn *conn, StoreStmt *stmt, Buf *record)
{
    int64_t actor_id = store_int(stmt, 0);
    bytes_put_str(record, store_text(stmt, 1));
    bytes_put_int(record, actor_id);
    bytes_put_str(record, store_text(stmt, 2));
    bytes_put_int(record, store_is_null(stmt, 3) ? -1 : store_int(stmt, 3));
    bytes_put_str(record,
                  store_is_null(stmt, 4) ? STR("") : store_text(stmt, 4));
    bytes_put_int(record, store_int(stmt, 5));
    return put_kin(conn, actor_id, record);
}

Err account_leaf(StoreConn *tx, int64_t actor_id)
{
    bool row;
    Buf record = buf_make(RECORD_BYTES);
    StoreStmt *stmt = store_query(tx, Q_ACTOR_PAGE);
    store_bind_int(stmt, 1, actor_id - 1);
    store_bind_int(stmt, 2, 1);
    Err err = store_step(stmt, &row);
    if (err == OK && !row) err = ERR_NOT_FOUND;
    if (err == OK) err = put_account(tx, stmt, &record);
    if (err == OK) {
        store_reset(stmt);
        err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "account", buf_view(&record));
    }
    buf_free(&record);
    return err;
}

static uint64_t short_hash(Str record)
{
    uint64_t hash;
    Hash whole = hash_of(record);
    memcpy(&hash, whole.byte, sizeof hash);
    return hash | 1; /* never 0 */
}

static Err keep(Check *check, Str name, unsigned said, uint64_t is)
{
    bool begins = (said & (SAID_ADDED | SAID_ASKED)) != 0;
    Entry made = {.is = is, .said = said, .begun = begins};
    if (!str_try(check->arena, name, &made.name)) return ERR_FULL;
    if (check->count == check->room) {
        int64_t room = check->room == 0 ? 256 : 2 * check->room;
        Entry *more =
            arena_try_raw(check->arena, (size_t)room, sizeof *check->entry);
        if (more == NULL) return ERR_FULL;
        if (check->count > 0)
            memcpy(more, check->entry, (size_t)check->count * sizeof *more);
        check->entry = more;
        check->room = room;
    }
    check->entry[check->count++] = made;
    return OK;
}

static Err meet_leaf(void *arg, const AuditLeaf *leaf)
{
    static const struct {
        const char *what;
        Said said;
    } steps[] = {{"added", SAID_ADDED},
                 {"asked for", SAID_ASKED},
                 {"confirmed", SAID_CONFIRMED},
                 {"disabled", SAID_DISABLED}};
    BytesReader reader = bytes_reader(leaf->record);
    Str first = bytes_get_str(&reader);
    if (str_is(leaf->type, "account"))
        return keep(arg, first, SAID_NEW, short_hash(leaf->record));
    if (!str_is(leaf->type, "actor")) return OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!str_is(first, steps[i].what)) continue;
        return keep(arg, bytes_get_str(&reader), steps[i].said, 0);
    }
    return OK;
}

static int by_name(const void *left, const void *right)
{
    const Entry *a = left, *b = right;
    return str_compare(a->name, b->name);
}

/* Makes one entry of all of a name. */
static void gather(Check *check)
{
    int64_t kept = 0;
    if (check->count > 0)
        qsort(check->entry, (size_t)check->count, sizeof(Entry), by_name);
    for (int64_t i = 0; i < check->count; i++) {
        const Entry *entry = &check->entry[i];
        if (kept == 0 || by_name(&check->entry[kept - 1], entry) != 0) {
            check->entry[kept++] = *entry;
            continue;
        }
        check->entry[kept - 1].said |= entry->said;
        check->entry[kept - 1].begun += entry->begun;
        if (entry->is != 0) check->entry[kept - 1].is = entry->is;
    }
    check->count = kept;
}

static void tell_wrong(AccountTally *tally, Str name)
{
    tally->wrong++;
    if (tally->named == ACCOUNTS_NAMED_MAX) return;
    size_t bytes = name.bytes;
    if (bytes >= ACCOUNT_NAME_ROOM) bytes = ACCOUNT_NAME_ROOM - 1;
    while (bytes > 0 && bytes < name.bytes && (name.at[bytes] & 0xc0) == 0x80)
        bytes--; /* no half letter */
    char *room = tally->name[tally->named++];
    if (bytes > 0) memcpy(room, name.at, bytes);
    room[bytes] = '\0';
}

/* Whether the account is what was said of it; of the row of actor_page. */
static bool is_well(const Entry *said, uint64_t is, bool off, bool waits)
{
    if (said == NULL || (said->said & (SAID_ADDED | SAID_ASKED)) == 0)
        return false;
    if (said->is != 0 && said->is != is) return false;
    if (said->begun > 1) return true; /* of which of them, leaves do not say */
    bool must_wait = (said->said & (SAID_ASKED | SAID_CONFIRMED)) == SAID_ASKED;
    return waits == must_wait && off == ((said->said & SAID_DISABLED) != 0);
}

static Err meet_account(Check *check, StoreStmt *stmt, Buf *record)
{
    buf_reset(record);
    TRY(put_account(check->conn, stmt, record));
    Entry key = {.name = store_text(stmt, 1)};
    Entry *said = check->count == 0
                      ? NULL
                      : bsearch(&key, check->entry, (size_t)check->count,
                                sizeof key, by_name);
    check->tally->seen++;
    if (said != NULL) said->met = true;
    if (!is_well(said, short_hash(buf_view(record)), store_int(stmt, 6) != 0,
                 store_int(stmt, 7) != 0)) {
        tell_wrong(check->tally, key.name);
    }
    return OK;
}

static Err meet_page(Check *check, Buf *record, int64_t *last,
                     int32_t *ret_rows)
{
    StoreStmt *stmt = store_query(check->conn, Q_ACTOR_PAGE);
    store_bind_int(stmt, 1, *last);
    store_bind_int(stmt, 2, PAGE_ROWS);
    for (*ret_rows = 0;; ++*ret_rows) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        *last = store_int(stmt, 0);
        TRY(meet_account(check, stmt, record));
    }
}

static Err meet_accounts(Check *check)
{
    Err err = OK;
    int64_t last = INT64_MIN;
    Buf record = buf_make(RECORD_BYTES);
    for (int32_t rows = PAGE_ROWS; rows == PAGE_ROWS && err == OK;) {
        err = meet_page(check, &record, &last, &rows);
    }
    buf_free(&record);
    return err;
}

static Err compare(Check *check)
{
    TRY(audit_walk(check->conn, AUDIT_NO_HOUSEHOLD, AUDIT_NO_HOUSEHOLD,
                   meet_leaf, check));
    gather(check);
    TRY(meet_accounts(check));
    for (int64_t i = 0; i < check->count; i++) {
        const Entry *entry = &check->entry[i];
        if (!entry->met && (entry->said & SAID_NEW) != 0)
            tell_wrong(check->tally, entry->name);
    }
    return OK;
}

Err account_check(StoreConn *conn, AccountTally *ret)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(arena_bytes);
    Check check = {.conn = conn, .arena = arena, .tally = ret};
    *ret = (AccountTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = compare(&check);
    store_rollback(conn);
    return err;
}
