#include "store/postgres_int.h"

enum { PIPELINE_MAX = 256 /* commands, so that neither side's buffer fills */ };

static const char session_settings[] =
    "SET search_path = public; SET synchronous_commit = on; "
    "SET lock_timeout = '5s'; "
    "SET idle_in_transaction_session_timeout = '5min'; "
    "SET client_min_messages = warning";

static void say_nothing(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* The first line of libpq's words. */
static void first_line(const char *text, char *to, size_t bytes)
{
    snprintf(to, bytes, "%.*s", (int)strcspn(text, "\n"), text);
}

static StoreFault fault_of(const char *state)
{
    static const struct {
        const char *state; /* five signs, or a class of two */
        StoreFault fault;
    } known[] = {
        {"40001", FAULT_RETRY},   {"40P01", FAULT_RETRY},
        {"55P03", FAULT_LOCKED},  {"53100", FAULT_FULL},
        {"53300", FAULT_LOCKED},  {"57P03", FAULT_LOCKED},
        {"57P01", FAULT_LOST},    {"57P02", FAULT_LOST},
        {"42501", FAULT_DENIED},  {"25006", FAULT_DENIED},
        {"23", FAULT_REFUSED},    {"08", FAULT_LOST},
        {"28", FAULT_DENIED},     {"XX001", FAULT_DAMAGED},
        {"XX002", FAULT_DAMAGED},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t signs = strlen(known[i].state);
        if (strncmp(state, known[i].state, signs) == 0) return known[i].fault;
    }
    return FAULT_OTHER;
}

Err postgres_fault(StoreConn *conn, const PGresult *result)
{
    const Pq *pq = conn->pg->pq;
    char line[STORE_ERROR_BYTES];
    const char *state = NULL, *text = NULL;
    if (result != NULL) {
        state = pq->PQresultErrorField(result, PG_DIAG_SQLSTATE);
        text = pq->PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    }
    if (text == NULL) text = pq->PQerrorMessage(conn->pg->to);
    first_line(text, line, sizeof line);
    StoreFault fault = state != NULL ? fault_of(state) : FAULT_OTHER;
    if (pq->PQstatus(conn->pg->to) == CONNECTION_BAD) fault = FAULT_LOST;
    return store_fault(conn, fault, line);
}

static PGconn *connect_to(const Store *store)
{
    static const char *const keys[] = {"connect_timeout", "client_encoding",
                                       "fallback_application_name", "dbname",
                                       NULL};
    const char *const values[] = {"10", "UTF8", "sanad", store->target, NULL};
    PGconn *to = store->pq->PQconnectdbParams(keys, values, 1);
    CHECK(to != NULL);
    store->pq->PQsetNoticeProcessor(to, say_nothing, NULL);
    return to;
}

static Err connect_refused(const Store *store, PGconn *to, Diag *diag)
{
    char line[DIAG_ARG_BYTES];
    first_line(store->pq->PQerrorMessage(to), line, sizeof line);
    diag_set(diag, "store.connect");
    diag_arg_text(diag, store->name);
    diag_arg_text(diag, line);
    store->pq->PQfinish(to);
    return ERR_IO;
}

Err postgres_probe(Store *store, Diag *diag)
{
    const char *why = NULL;
    store->pq = pq_load(store->arena, &why);
    if (store->pq == NULL) {
        diag_set(diag, "store.no_libpq");
        diag_arg_text(diag, store->name);
        diag_arg_text(diag, why == NULL ? "" : why);
        return ERR_IO;
    }
    PGconn *to = connect_to(store);
    if (store->pq->PQstatus(to) != CONNECTION_OK) {
        return connect_refused(store, to, diag);
    }
    atomic_store(&store->spare, to);
    return OK;
}

void postgres_forget(Store *store)
{
    PGconn *spare = atomic_exchange(&store->spare, NULL);
    if (spare != NULL) store->pq->PQfinish(spare);
}

/* Gives each :bulk statement its number. */
static void number_bulk(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    for (size_t i = 0; i < conn->store->query_count; i++) {
        if (conn->stmts[i].text->kind != QUERY_BULK) continue;
        CHECK(pg->bulk_count < POSTGRES_BULK_MAX);
        pg->bulk[pg->bulk_count++] = &conn->stmts[i];
    }
}

/* What every session begins with, also after a reconnection. */
static Err session_begin(StoreConn *conn)
{
    const Pq *pq = conn->pg->pq;
    PGresult *result = pq->PQexec(conn->pg->to, session_settings);
    bool good = pq->PQresultStatus(result) == PGRES_COMMAND_OK;
    Err err = good ? OK : postgres_fault(conn, result);
    pq->PQclear(result);
    if (err == OK) CHECK(pq->PQenterPipelineMode(conn->pg->to) == 1);
    conn->pg->on_the_way = 0;
    conn->pg->err = OK;
    return err;
}

Err postgres_open(StoreConn *conn, Diag *diag)
{
    Store *store = conn->store;
    PGconn *to = atomic_exchange(&store->spare, NULL);
    if (to == NULL) to = connect_to(store);
    if (store->pq->PQstatus(to) != CONNECTION_OK) {
        return connect_refused(store, to, diag);
    }
    conn->pg = ARENA_NEW(conn->arena, PostgresConn);
    conn->pg->pq = store->pq;
    conn->pg->to = to;
    number_bulk(conn);
    Err err = session_begin(conn);
    if (err != OK) store_diag(conn, diag);
    return err;
}

void postgres_close(StoreConn *conn)
{
    if (conn->pg == NULL) return;
    for (size_t i = 0; i < conn->store->query_count; i++) {
        PostgresStmt *stmt = conn->stmts[i].pg;
        if (stmt == NULL) continue;
        conn->pg->pq->PQclear(stmt->result);
        buf_free(&stmt->rows);
    }
    conn->pg->pq->PQfinish(conn->pg->to);
}

Err postgres_reconnect(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    if (pg->pq->PQstatus(pg->to) == CONNECTION_OK) return OK;
    pg->pq->PQreset(pg->to);
    if (pg->pq->PQstatus(pg->to) != CONNECTION_OK) {
        return postgres_fault(conn, NULL);
    }
    for (size_t i = 0; i < conn->store->query_count; i++) {
        conn->stmts[i].ready = false;
    }
    return session_begin(conn);
}

Err postgres_sent(StoreConn *conn, int sent)
{
    if (sent != 1) return postgres_fault(conn, NULL);
    if (++conn->pg->on_the_way < PIPELINE_MAX) return OK;
    return postgres_drain(conn, NULL);
}

Err postgres_send(StoreConn *conn, const char *sql)
{
    if (conn->pg->err != OK) return conn->pg->err;
    PostgresConn *pg = conn->pg;
    return postgres_sent(conn, pg->pq->PQsendQueryParams(pg->to, sql, 0, NULL,
                                                         NULL, NULL, NULL, 0));
}

/* Takes one result of the pipeline: true when there are more. Two NULLs in a
 * row mean that nothing will come. */
static bool take_result(StoreConn *conn, PGresult *result, PGresult **last,
                        Err *err)
{
    const Pq *pq = conn->pg->pq;
    ExecStatusType status = pq->PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        pq->PQclear(*last);
        *last = result;
        return true;
    }
    if (status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED &&
        *err == OK) {
        *err = postgres_fault(conn, result);
    }
    pq->PQclear(result);
    return status != PGRES_PIPELINE_SYNC;
}

Err postgres_drain(StoreConn *conn, PGresult **ret_last)
{
    PostgresConn *pg = conn->pg;
    Err err = pg->err;
    PGresult *last = NULL;
    int nothing = 0;
    bool more = pg->pq->PQpipelineSync(pg->to) == 1;
    if (!more) err = postgres_fault(conn, NULL);
    while (more) {
        PGresult *result = pg->pq->PQgetResult(pg->to);
        nothing = result == NULL ? nothing + 1 : 0;
        if (result != NULL) {
            more = take_result(conn, result, &last, &err);
        } else if (nothing == 2) {
            err = postgres_fault(conn, NULL);
            more = false;
        }
    }
    pg->on_the_way = 0;
    if (err != OK && conn->in_transaction) pg->err = err;
    if (err == OK && ret_last != NULL) {
        *ret_last = last;
    } else {
        pg->pq->PQclear(last);
    }
    return err;
}

PGresult *postgres_run(StoreConn *conn, const char *sql)
{
    PostgresConn *pg = conn->pg;
    if (postgres_drain(conn, NULL) != OK) return NULL;
    CHECK(pg->pq->PQexitPipelineMode(pg->to) == 1);
    return pg->pq->PQexec(pg->to, sql);
}

void postgres_resume(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    if (pg->pq->PQstatus(pg->to) == CONNECTION_BAD) return;
    CHECK(pg->pq->PQenterPipelineMode(pg->to) == 1);
}

Err postgres_script(StoreConn *conn, const char *sql)
{
    TRY(pgcopy_send(conn));
    PGresult *result = postgres_run(conn, sql);
    if (result == NULL) return conn->pg->err == OK ? ERR_IO : conn->pg->err;
    ExecStatusType status = conn->pg->pq->PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    Err err = good ? OK : postgres_fault(conn, result);
    if (err != OK && conn->in_transaction) conn->pg->err = err;
    conn->pg->pq->PQclear(result);
    postgres_resume(conn);
    return err;
}

Err postgres_ask(StoreConn *conn, const char *sql, int64_t *ret_number)
{
    const Pq *pq = conn->pg->pq;
    PGresult *result = NULL;
    int64_t number = 0;
    TRY(postgres_send(conn, sql));
    TRY(postgres_drain(conn, &result));
    if (pq->PQntuples(result) > 0) {
        (void)str_to_int(str_of(pq->PQgetvalue(result, 0, 0)), &number);
    }
    pq->PQclear(result);
    *ret_number = number;
    return OK;
}

/* Every change holds a shared lock until it ends, by which store_barrier()
 * knows it. */
Err postgres_begin(StoreConn *conn)
{
    if (!conn->writer) {
        return postgres_send(conn,
                             "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }
    TRY(postgres_send(conn, "BEGIN ISOLATION LEVEL READ COMMITTED"));
    return postgres_send(conn, "SELECT pg_advisory_xact_lock_shared(20260102)");
}

/* When the connection breaks now, the server may have committed or not. */
static Err commit_lost(StoreConn *conn, Err err)
{
    if (conn->fault != FAULT_LOST) return err;
    char text[STORE_ERROR_BYTES];
    snprintf(text, sizeof text, "%s", conn->error);
    return store_fault(conn, FAULT_UNKNOWN, text);
}

Err postgres_commit(StoreConn *conn)
{
    const Pq *pq = conn->pg->pq;
    TRY(pgcopy_send(conn));
    TRY(postgres_send(conn, "COMMIT"));
    PGresult *result = NULL;
    Err err = postgres_drain(conn, &result);
    if (err != OK) return commit_lost(conn, err);
    bool done = strcmp(pq->PQcmdStatus(result), "COMMIT") == 0;
    pq->PQclear(result);
    if (done) return OK;
    return store_fault(conn, FAULT_OTHER, "the transaction had failed");
}

void postgres_rollback(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    StoreFault fault = conn->fault; /* of what made the caller roll back */
    char text[STORE_ERROR_BYTES];
    memcpy(text, conn->error, sizeof text);
    pgcopy_forget(conn);
    if (pg->pq->PQstatus(pg->to) == CONNECTION_OK) {
        (void)!postgres_drain(conn, NULL);
        pg->err = OK;
        if (postgres_send(conn, "ROLLBACK") == OK) {
            (void)!postgres_drain(conn, NULL);
        }
    }
    pg->err = OK;
    conn->fault = fault;
    memcpy(conn->error, text, sizeof text);
}

Err postgres_savepoint(StoreConn *conn)
{
    TRY(pgcopy_send(conn));
    return postgres_send(conn, "SAVEPOINT part");
}

Err postgres_release(StoreConn *conn)
{
    TRY(pgcopy_send(conn));
    TRY(postgres_send(conn, "RELEASE SAVEPOINT part"));
    return postgres_drain(conn, NULL);
}

Err postgres_rollback_to(StoreConn *conn)
{
    pgcopy_forget(conn);
    (void)!postgres_drain(conn, NULL); /* the errors that made it necessary */
    conn->pg->err = OK;
    TRY(postgres_send(conn, "ROLLBACK TO SAVEPOINT part"));
    TRY(postgres_send(conn, "RELEASE SAVEPOINT part"));
    return postgres_drain(conn, NULL);
}

Err postgres_flush(StoreConn *conn)
{
    TRY(pgcopy_send(conn));
    if (conn->pg->on_the_way == 0) return conn->pg->err;
    return postgres_drain(conn, NULL);
}
