#include "service/doctor.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "audit/audit.h"
#include "decision/check.h"
#include "programme/law.h"
#include "registry/check.h"
#include "registry/relation.h"
#include "store/schema.h"

enum { ARENA_BYTES = 128 << 20, FREE_MIB_MIN = 512, CLOCK_SLACK_S = 300 };

static void add(DoctorReport *report, const char *what, bool well,
                int64_t number)
{
    CHECK(report->count < DOCTOR_FINDINGS_MAX);
    report->finding[report->count++] =
        (DoctorFinding){.what = what, .well = well, .number = number};
}

static void add_tally(DoctorReport *report, const char *what,
                      const AuditTally *tally)
{
    bool well = tally->wrong == 0;
    add(report, what, well, well ? tally->seen : tally->wrong);
    DoctorFinding *finding = &report->finding[report->count - 1];
    memcpy(finding->household, tally->household, sizeof finding->household);
    memcpy(finding->loose, tally->loose, sizeof finding->loose);
    finding->named = tally->named;
    finding->more = tally->more;
    finding->loose_count = tally->loose_count;
}

typedef Err CheckFacts(StoreConn *, const KindCatalogue *, AuditTally *);
typedef Err CheckRows(StoreConn *, AuditTally *);

/* Each with a reader of its own, which sees one moment of the database. */
static Err check_facts(Context *context, const char *what, CheckFacts *check,
                       Diag *diag, DoctorReport *report)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    AuditTally tally;
    TRY(store_reader(context->store, diag, &conn));
    TRY(check(conn, context->pack->catalogue, &tally));
    add_tally(report, what, &tally);
    return OK;
}

static Err check_rows(Context *context, const char *what, CheckRows *check,
                      Diag *diag, DoctorReport *report)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    AuditTally tally;
    TRY(store_reader(context->store, diag, &conn));
    TRY(check(conn, &tally));
    add_tally(report, what, &tally);
    return OK;
}

static Err check_accounts(Context *context, Diag *diag, DoctorReport *report)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    AccountTally tally;
    TRY(store_reader(context->store, diag, &conn));
    TRY(account_check(conn, &tally));
    bool well = tally.wrong == 0;
    add(report, "accounts", well, well ? tally.seen : tally.wrong);
    DoctorFinding *finding = &report->finding[report->count - 1];
    memcpy(finding->account, tally.name, sizeof finding->account);
    finding->named = tally.named;
    finding->more = tally.wrong > tally.named;
    return OK;
}

/* Texts of drafts that do not have their hash. */
static Err count_texts(StoreConn *conn, int64_t *ret_wrong)
{
    StoreStmt *stmt = store_query(conn, Q_DRAFT_SAVE_ALL);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        Hash hash = hash_of(store_bytes(stmt, 3));
        *ret_wrong += !str_equal(store_bytes(stmt, 2), hash_str(&hash));
    }
    store_reset(stmt);
    return OK;
}

static Err check_law(Context *context, Diag *diag, DoctorReport *report)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    StoreConn *leaves CLEANUP(store_conn_closep) = NULL;
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    int64_t count, wrong;
    TRY(store_reader(context->store, diag, &conn));
    TRY(store_reader(context->store, diag, &leaves));
    TRY(law_check(conn, leaves, arena, &count, &wrong));
    TRY(count_texts(conn, &wrong));
    add(report, "law", wrong == 0, wrong == 0 ? count : wrong);
    return OK;
}

static Err check_relations(Context *context, Diag *diag, DoctorReport *report)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    int64_t count;
    bool well;
    TRY(store_reader(context->store, diag, &conn));
    TRY(relation_check(conn, &count, &well));
    add(report, "relations", well, count);
    return OK;
}

static Err check_database(Context *context, DoctorReport *report)
{
    Diag diag = {.key = ""};
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    TRY(store_reader(context->store, &diag, &conn));
    add(report, "database", store_check(conn, &diag) == OK, 0);
    return OK;
}

/* *ret_same: it is the one that the statements of this program need. */
static Err check_schema(Context *context, Diag *diag, DoctorReport *report,
                        bool *ret_same)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    Diag why = {.key = ""};
    TRY(store_reader(context->store, diag, &conn));
    Err err = store_schema_check(conn, &why);
    *ret_same = err == OK;
    bool other = err == ERR_CONFLICT;
    if (err != OK && !other) *diag = why;
    if (err != OK && !other) return err;
    bool older = other && strcmp(why.key, "store.older") == 0;
    add(report, older ? "schema_old" : "schema", !other, store_schema_number());
    return OK;
}

/* A database from the future, or a clock that went back. */
static Err check_clock(Context *context, Diag *diag, DoctorReport *report)
{
    bool row;
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    TRY(store_reader(context->store, diag, &conn));
    StoreStmt *stmt = store_query(conn, Q_NEWEST_DECISION);
    TRY(store_step(stmt, &row));
    Instant newest = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    int64_t ahead_s = (newest - clock_now()) / 1000000;
    add(report, "clock", ahead_s<CLOCK_SLACK_S, ahead_s> 0 ? ahead_s : 0);
    return OK;
}

static void check_disk(const char *db, DoctorReport *report)
{
    struct statvfs disk;
    if (statvfs(db, &disk) != 0) return;
    int64_t free_mib = (int64_t)(disk.f_bavail * (disk.f_frsize / 1024) / 1024);
    add(report, "disk", free_mib >= FREE_MIB_MIN, free_mib);
}

/* Whether another process may write: then somebody else holds the lock. */
static void check_writer(Context *context, DoctorReport *report)
{
    Diag diag = {.key = ""};
    StoreConn *writer CLEANUP(store_conn_closep) = NULL;
    Err err = store_writer(context->store, &diag, &writer);
    add(report, err == ERR_BUSY ? "writer_other" : "writer", true, 0);
}

/* The law in force is the program's own, as a rule: what the database keeps
 * of it must still be whole. */
static Err check_pack_kept(Context *context, Diag *diag)
{
    const Pack *kept;
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    TRY(store_reader(context->store, diag, &conn));
    return pack_load(conn, context->arena, context->pack->id, diag, &kept);
}

Err doctor(Context *context, const char *db, Diag *diag, DoctorReport *ret)
{
    const Pack *own;
    bool same;
    *ret = (DoctorReport){.count = 0};
    TRY(check_database(context, ret));
    if (!ret->finding[0].well) return OK; /* no more can be believed of it */
    TRY(check_schema(context, diag, ret, &same));
    if (!same) return OK; /* what follows would ask for what is not there */
    TRY(context_law(context, diag));
    TRY(check_pack_kept(context, diag));
    TRY(pack_embedded(context->arena, diag, &own));
    add(ret, "pack", own->id == context->pack->id, 0);
    TRY(check_law(context, diag, ret));
    TRY(check_facts(context, "books", registry_check_books, diag, ret));
    TRY(check_facts(context, "persons", registry_check_persons, diag, ret));
    TRY(check_rows(context, "leaves", audit_check, diag, ret));
    TRY(check_rows(context, "commands", registry_check_commands, diag, ret));
    TRY(check_rows(context, "decisions", decision_check, diag, ret));
    TRY(check_rows(context, "inputs", decision_check_inputs, diag, ret));
    TRY(check_rows(context, "runs", decision_check_runs, diag, ret));
    TRY(check_relations(context, diag, ret));
    TRY(check_accounts(context, diag, ret));
    TRY(check_clock(context, diag, ret));
    if (store_kind(context->store) == STORE_SQLITE) check_disk(db, ret);
    check_writer(context, ret);
    return OK;
}
