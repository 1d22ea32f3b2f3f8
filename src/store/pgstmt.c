#include "store/postgres_int.h"

static bool is_name_sign(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether a statement names a table, as a whole word. */
static bool mentions(const char *sql, const char *table)
{
    size_t bytes = strlen(table);
    for (const char *at = sql; (at = strstr(at, table)) != NULL; at += bytes) {
        bool begins = at == sql || !is_name_sign(at[-1]);
        if (begins && !is_name_sign(at[bytes])) return true;
    }
    return false;
}

static const char *sql_of(const StoreStmt *stmt)
{
    const QueryText *text = stmt->text;
    return text->postgres != NULL ? text->postgres : text->sqlite;
}

/* What is kept of a statement on our side; made once a connection. */
static void make(StoreStmt *stmt)
{
    StoreConn *conn = stmt->conn;
    PostgresConn *pg = conn->pg;
    Arena *arena = conn->arena;
    size_t room = (size_t)stmt->text->parameters + 1;
    PostgresStmt *mine = ARENA_NEW(arena, PostgresStmt);
    snprintf(mine->name, sizeof mine->name, "q%d", (int)(stmt - conn->stmts));
    mine->types = ARENA_ARRAY(arena, Oid, room);
    mine->value = ARENA_ARRAY(arena, const char *, room);
    mine->length = ARENA_ARRAY(arena, int, room);
    mine->format = ARENA_ARRAY(arena, int, room);
    mine->number = arena_alloc(arena, room, sizeof *mine->number);
    mine->rows = buf_make(1 << 30);
    mine->bulk_index = -1;
    for (int i = 0; i < pg->bulk_count; i++) {
        if (pg->bulk[i] == stmt) mine->bulk_index = i;
        if (mentions(sql_of(stmt), pg->bulk[i]->text->table)) {
            mine->mentions |= UINT64_C(1) << i;
        }
    }
    for (size_t i = 0; i < room; i++) mine->format[i] = 1;
    stmt->pg = mine;
}

/* Takes the server's description of the parameters. */
static void describe(StoreStmt *stmt, const PGresult *result)
{
    const Pq *pq = stmt->conn->pg->pq;
    PostgresStmt *mine = stmt->pg;
    mine->count = pq->PQnparams(result);
    CHECK(mine->count <= stmt->text->parameters);
    for (int i = 0; i < mine->count; i++) {
        mine->types[i] = pq->PQparamtype(result, i);
    }
}

void pgstmt_prepare(StoreStmt *stmt)
{
    StoreConn *conn = stmt->conn;
    PostgresConn *pg = conn->pg;
    if (stmt->pg == NULL) make(stmt);
    stmt->err = pg->err;
    if (stmt->err != OK) return;
    stmt->err =
        postgres_sent(conn, pg->pq->PQsendPrepare(pg->to, stmt->pg->name,
                                                  sql_of(stmt), 0, NULL));
    if (stmt->err != OK) return;
    stmt->err = postgres_sent(
        conn, pg->pq->PQsendDescribePrepared(pg->to, stmt->pg->name));
    if (stmt->err != OK) return;
    PGresult *result = NULL;
    stmt->err = postgres_drain(conn, &result);
    if (stmt->err != OK) return;
    describe(stmt, result);
    pg->pq->PQclear(result);
    stmt->ready = true;
}

static void set(PostgresStmt *mine, int index, const char *value, size_t bytes)
{
    CHECK(bytes <= INT32_MAX);
    mine->value[index - 1] = value;
    mine->length[index - 1] = (int)bytes;
}

void pgstmt_bind_int(StoreStmt *stmt, int index, int64_t value)
{
    PostgresStmt *mine = stmt->pg;
    if (!stmt->ready || index > mine->count) return;
    char *to = mine->number[index - 1];
    int bytes = pgvalue_write_int(mine->types[index - 1], value, to);
    CHECK(bytes != -2); /* a statement of ours compares other things */
    if (bytes == -1) {
        stmt->err = store_fault(stmt->conn, FAULT_REFUSED,
                                "a number is too large for its column");
    } else {
        set(mine, index, to, (size_t)bytes);
    }
}

void pgstmt_bind_bytes(StoreStmt *stmt, int index, Str value)
{
    PostgresStmt *mine = stmt->pg;
    if (!stmt->ready || index > mine->count) return;
    CHECK(pgvalue_is_bytes(mine->types[index - 1]));
    set(mine, index, value.at != NULL ? value.at : "", value.bytes);
}

void pgstmt_bind_null(StoreStmt *stmt, int index)
{
    PostgresStmt *mine = stmt->pg;
    if (!stmt->ready || index > mine->count) return;
    set(mine, index, NULL, 0);
}

/* Sends the statement with what is bound; rows of :bulk statements that it
 * may want to see go before it. */
static Err send(StoreStmt *stmt)
{
    StoreConn *conn = stmt->conn;
    PostgresConn *pg = conn->pg;
    PostgresStmt *mine = stmt->pg;
    if (pg->err != OK) return pg->err;
    if ((pg->buffered & mine->mentions) != 0) TRY(pgcopy_send(conn));
    return postgres_sent(conn, pg->pq->PQsendQueryPrepared(
                                   pg->to, mine->name, mine->count, mine->value,
                                   mine->length, mine->format, 1));
}

Err pgstmt_exec(StoreStmt *stmt, int64_t *ret_changed)
{
    StoreConn *conn = stmt->conn;
    if (stmt->pg->bulk_index >= 0 && conn->in_transaction &&
        ret_changed == NULL) {
        return pgcopy_add(stmt);
    }
    TRY(send(stmt));
    if (conn->in_transaction && ret_changed == NULL) return OK;
    PGresult *result = NULL;
    int64_t changed = 0;
    TRY(postgres_drain(conn, &result));
    (void)str_to_int(str_of(conn->pg->pq->PQcmdTuples(result)), &changed);
    conn->pg->pq->PQclear(result);
    if (ret_changed != NULL) *ret_changed = changed;
    return OK;
}

/* Ends a read: nothing of it is on the server any more. */
static void finish(StoreStmt *stmt)
{
    stmt->conn->pg->pq->PQclear(stmt->pg->result);
    stmt->pg->result = NULL;
}

Err pgstmt_step(StoreStmt *stmt, bool *ret_row)
{
    StoreConn *conn = stmt->conn;
    PostgresStmt *mine = stmt->pg;
    if (!stmt->active) {
        TRY(send(stmt));
        TRY(postgres_drain(conn, &mine->result));
        mine->row = -1;
    }
    bool row = ++mine->row < conn->pg->pq->PQntuples(mine->result);
    conn->active_count += (int)row - (int)stmt->active;
    stmt->active = row;
    if (!row) finish(stmt);
    *ret_row = row;
    return OK;
}

void pgstmt_reset(StoreStmt *stmt)
{
    finish(stmt);
}

bool pgstmt_is_null(StoreStmt *stmt, int column)
{
    const Pq *pq = stmt->conn->pg->pq;
    return pq->PQgetisnull(stmt->pg->result, stmt->pg->row, column) != 0;
}

static Str value_at(StoreStmt *stmt, int column)
{
    const Pq *pq = stmt->conn->pg->pq;
    const PostgresStmt *mine = stmt->pg;
    CHECK(column >= 0 && column < pq->PQnfields(mine->result));
    if (pgstmt_is_null(stmt, column)) return (Str){NULL, 0};
    return (Str){pq->PQgetvalue(mine->result, mine->row, column),
                 (size_t)pq->PQgetlength(mine->result, mine->row, column)};
}

int64_t pgstmt_int(StoreStmt *stmt, int column)
{
    Str value = value_at(stmt, column);
    if (value.at == NULL) return 0;
    Oid type = stmt->conn->pg->pq->PQftype(stmt->pg->result, column);
    return pgvalue_read_int(type, value);
}

Str pgstmt_bytes(StoreStmt *stmt, int column)
{
    Str value = value_at(stmt, column);
    if (value.at == NULL) return value;
    Oid type = stmt->conn->pg->pq->PQftype(stmt->pg->result, column);
    CHECK(pgvalue_is_bytes(type));
    return value;
}
