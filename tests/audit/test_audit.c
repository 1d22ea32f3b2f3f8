#include "audit/audit.h"

#include <sqlite3.h>

#include "crypto/hash.h"
#include "tests/scratch.h"

/* Runs a statement past the program, as nobody should. */
static void tamper(const Scratch *scratch, const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(scratch->path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void expect(Scratch *scratch, int64_t leaves, int64_t wrong)
{
    StoreConn *reader = scratch_reader(scratch);
    AuditTally tally = {.seen = -1};
    ck_assert_int_eq(audit_check(reader, &tally), OK);
    ck_assert_int_eq(tally.seen, leaves);
    ck_assert_int_eq(tally.wrong, wrong);
    store_conn_close(reader);
}

static void add(Scratch *scratch, int64_t household, const char *type,
                Str record)
{
    StoreConn *tx = scratch_writer(scratch);
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(audit_leaf(tx, household, type, record), OK);
    ck_assert_int_eq(store_commit(tx), OK);
    store_conn_close(tx);
}

TEST(leaves_agree_with_their_records_until_somebody_changes_one)
{
    static const char *const changes[] = {
        "UPDATE audit_pending SET record = x'00' WHERE household_id = 1",
        "UPDATE audit_pending SET salt = zeroblob(16) WHERE household_id = 2",
        "UPDATE audit_pending SET leaf = zeroblob(32) WHERE household_id = 3",
        "UPDATE audit_pending SET leaf = x'' WHERE household_id = 4"};
    Scratch scratch = scratch_open();
    expect(&scratch, 0, 0);
    for (int i = 1; i <= 5; i++) add(&scratch, i, "household", STR("said"));
    add(&scratch, AUDIT_NO_HOUSEHOLD, "run", STR(""));
    expect(&scratch, 6, 0);
    for (int i = 0; i < 4; i++) {
        tamper(&scratch, changes[i]);
        expect(&scratch, 6, i + 1);
    }
    scratch_close(&scratch);
}

TEST(wrong_leaves_name_their_household_or_themselves)
{
    enum { HOMES = 7 };
    Scratch scratch = scratch_open();
    for (int i = 0; i < 2 * HOMES; i++) {
        add(&scratch, i / 2, "household", STR("said"));
    }
    add(&scratch, AUDIT_NO_HOUSEHOLD, "run", STR("closed"));
    add(&scratch, AUDIT_NO_HOUSEHOLD, "actor", STR("came"));
    tamper(&scratch, "UPDATE audit_pending SET record = x'00'"
                     " WHERE household_id < 2 AND type <> 'run'");
    StoreConn *reader = scratch_reader(&scratch);
    AuditTally tally;
    ck_assert_int_eq(audit_check(reader, &tally), OK);
    ck_assert_int_eq(tally.wrong, 5); /* two a household, and one of none */
    ck_assert_int_eq(tally.named, 2); /* each household once */
    ck_assert(!tally.more);
    ck_assert_int_eq(tally.loose_count, 1);
    EXPECT_STR(str_of(tally.loose[0].type), "actor");
    ck_assert_int_gt(tally.loose[0].id, 0);
    store_conn_close(reader);
    tamper(&scratch, "UPDATE audit_pending SET record = x'00'");
    reader = scratch_reader(&scratch);
    ck_assert_int_eq(audit_check(reader, &tally), OK);
    ck_assert_int_eq(tally.named, AUDIT_NAMED_MAX);
    ck_assert(tally.more);
    ck_assert_int_eq(tally.loose_count, 2);
    store_conn_close(reader);
    scratch_close(&scratch);
}

TEST(all_pages_of_leaves_are_looked_at)
{
    enum { LEAVES = 2500 };
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    ck_assert_int_eq(store_begin(tx), OK);
    for (int i = 0; i < LEAVES; i++) {
        ck_assert_int_eq(audit_leaf(tx, i / 900, "household", STR("said")), OK);
    }
    ck_assert_int_eq(store_commit(tx), OK);
    store_conn_close(tx);
    expect(&scratch, LEAVES, 0);
    tamper(&scratch, "UPDATE audit_pending SET record = x'00'"
                     " WHERE household_id = 2");
    expect(&scratch, LEAVES, LEAVES - 1800);
    scratch_close(&scratch);
}

TEST(a_leaf_is_the_hash_of_zero_salt_and_record)
{
    Scratch scratch = scratch_open();
    add(&scratch, 9, "decision", STR("what was decided"));
    StoreConn *reader = scratch_reader(&scratch);
    StoreStmt *stmt = store_query(reader, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, 8);
    store_bind_int(stmt, 2, 0);
    store_bind_int(stmt, 3, 1);
    bool row;
    ck_assert_int_eq(store_step(stmt, &row), OK);
    ck_assert(row);
    ck_assert_int_eq(store_int(stmt, 0), 9);
    EXPECT_STR(store_text(stmt, 2), "decision");
    Str salt = store_bytes(stmt, 4), record = store_bytes(stmt, 5);
    ck_assert_uint_eq(salt.bytes, AUDIT_SALT_BYTES);
    EXPECT_STR(record, "what was decided");
    char joined[1 + AUDIT_SALT_BYTES + 64] = {0};
    memcpy(joined + 1, salt.at, salt.bytes);
    memcpy(joined + 1 + salt.bytes, record.at, record.bytes);
    Hash leaf = hash_of((Str){joined, 1 + salt.bytes + record.bytes});
    ck_assert(str_equal(store_bytes(stmt, 3), hash_str(&leaf)));
    store_conn_close(reader);
    scratch_close(&scratch);
}

TEST(equal_records_have_different_leaves)
{
    Scratch scratch = scratch_open();
    for (int i = 0; i < 100; i++) add(&scratch, 1, "household", STR("same"));
    expect(&scratch, 100, 0); /* ids come of the leaves: none was lost */
    scratch_close(&scratch);
}

TEST(a_leaf_goes_with_its_transaction)
{
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(audit_leaf(tx, 1, "household", STR("x")), OK);
    store_rollback(tx);
    store_conn_close(tx);
    expect(&scratch, 0, 0);
    scratch_close(&scratch);
}
