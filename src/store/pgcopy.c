#include "store/postgres_int.h"

enum {
    ROWS_BYTES_MAX = 1 << 20, /* kept before they are sent */
    FEW_ROWS = 8              /* fewer are sooner inserted than copied */
};

static void put_int(Buf *buf, int64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        buf_char(buf, (char)((uint64_t)value >> (8 * i) & 0xff));
    }
}

static int32_t get_int(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) value = value << 8 | (unsigned char)at[i];
    return (int32_t)value;
}

Err pgcopy_add(StoreStmt *stmt)
{
    StoreConn *conn = stmt->conn;
    PostgresStmt *mine = stmt->pg;
    if (conn->pg->err != OK) return conn->pg->err;
    put_int(&mine->rows, mine->count, 2);
    for (int i = 0; i < mine->count; i++) {
        bool null = mine->value[i] == NULL;
        put_int(&mine->rows, null ? -1 : mine->length[i], 4);
        if (null) continue;
        buf_add(&mine->rows, mine->value[i], (size_t)mine->length[i]);
    }
    if (buf_full(&mine->rows)) {
        return store_fault(conn, FAULT_OTHER, "a row is too large");
    }
    mine->row_count++;
    conn->pg->buffered |= UINT64_C(1) << mine->bulk_index;
    if (mine->rows.bytes < ROWS_BYTES_MAX) return OK;
    return pgcopy_send(conn);
}

/* A few rows go as inserts in the pipeline: that waits for nothing. */
static Err send_inserts(StoreConn *conn, PostgresStmt *mine)
{
    PostgresConn *pg = conn->pg;
    const char *at = mine->rows.at;
    for (int row = 0; row < mine->row_count; row++) {
        at += 2;
        for (int i = 0; i < mine->count; i++) {
            int32_t length = get_int(at);
            at += 4;
            mine->value[i] = length < 0 ? NULL : at;
            mine->length[i] = length < 0 ? 0 : length;
            at += mine->length[i];
        }
        TRY(postgres_sent(
            conn, pg->pq->PQsendQueryPrepared(pg->to, mine->name, mine->count,
                                              mine->value, mine->length,
                                              mine->format, 1)));
    }
    return OK;
}

/* Gives the server what COPY waits for, and takes its answer. */
static Err copy_rows(StoreConn *conn, PostgresStmt *mine)
{
    static const char head[19] = "PGCOPY\n\377\r\n"; /* then nine zeros */
    static const char tail[2] = {'\377', '\377'};
    const Pq *pq = conn->pg->pq;
    PGconn *to = conn->pg->to;
    bool sent = pq->PQputCopyData(to, head, sizeof head) == 1;
    size_t at = 0;
    while (sent && at < mine->rows.bytes) {
        size_t left = mine->rows.bytes - at;
        int part = left > ROWS_BYTES_MAX ? ROWS_BYTES_MAX : (int)left;
        sent = pq->PQputCopyData(to, mine->rows.at + at, part) == 1;
        at += (size_t)part;
    }
    sent = sent && pq->PQputCopyData(to, tail, sizeof tail) == 1 &&
           pq->PQputCopyEnd(to, NULL) == 1;
    Err err = sent ? OK : postgres_fault(conn, NULL);
    PGresult *result;
    while ((result = pq->PQgetResult(to)) != NULL) {
        if (err == OK && pq->PQresultStatus(result) != PGRES_COMMAND_OK) {
            err = postgres_fault(conn, result);
        }
        pq->PQclear(result);
    }
    return err;
}

static Err send_copy(StoreConn *conn, StoreStmt *stmt)
{
    char sql[4096];
    snprintf(sql, sizeof sql, "COPY %s (%s) FROM STDIN (FORMAT binary)",
             stmt->text->table, stmt->text->columns);
    const Pq *pq = conn->pg->pq;
    PGresult *result = postgres_run(conn, sql);
    if (result == NULL) return conn->pg->err == OK ? ERR_IO : conn->pg->err;
    bool ready = pq->PQresultStatus(result) == PGRES_COPY_IN;
    Err err = ready ? OK : postgres_fault(conn, result);
    pq->PQclear(result);
    if (ready) err = copy_rows(conn, stmt->pg);
    postgres_resume(conn);
    if (err != OK) conn->pg->err = err;
    return err;
}

static void forget_rows(PostgresStmt *mine)
{
    buf_reset(&mine->rows);
    mine->row_count = 0;
}

Err pgcopy_send(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    if (pg->err != OK) return pg->err;
    for (int i = 0; i < pg->bulk_count && pg->buffered != 0; i++) {
        if ((pg->buffered >> i & 1) == 0) continue;
        StoreStmt *stmt = pg->bulk[i];
        pg->buffered &= ~(UINT64_C(1) << i);
        Err err = stmt->pg->row_count <= FEW_ROWS ? send_inserts(conn, stmt->pg)
                                                  : send_copy(conn, stmt);
        forget_rows(stmt->pg);
        TRY(err);
    }
    return OK;
}

void pgcopy_forget(StoreConn *conn)
{
    PostgresConn *pg = conn->pg;
    for (int i = 0; i < pg->bulk_count; i++) {
        if ((pg->buffered >> i & 1) != 0) forget_rows(pg->bulk[i]->pg);
    }
    pg->buffered = 0;
}
