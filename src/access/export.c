#include "access/export.h"

#include "audit/audit.h"
#include "base/buf.h"
#include "codec/bytes.h"

Err access_may_export(Diag *diag)
{
    Actor actor = access_operator();
    Subject subject = {.object = OBJECT_REGISTRY, .household_id = -1};
    return access_check(&actor, ACTION_EXPORT, &subject, diag, NULL);
}

static Err count(StoreConn *conn, Query query, int64_t *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, query);
    TRY(store_step(stmt, &row));
    *ret = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

static Err write_leaf(StoreConn *tx, const char *what)
{
    int64_t households, persons;
    Actor actor = access_operator();
    TRY(count(tx, Q_BOOK_COUNT, &households));
    TRY(count(tx, Q_PERSON_COUNT, &persons));
    Buf record = buf_make(4096);
    bytes_put_str(&record, str_of(what));
    bytes_put_str(&record, actor.name);
    bytes_put_int(&record, households);
    bytes_put_int(&record, persons);
    bytes_put_int(&record, clock_now());
    Err err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "export", buf_view(&record));
    buf_free(&record);
    return err;
}

Err access_export(Store *store, const char *what, Diag *diag)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    Err err = store_writer_beside(store, diag, &conn);
    if (err == OK) err = store_begin(conn);
    if (err == OK) err = write_leaf(conn, what);
    if (err == OK) err = store_commit(conn);
    if (err == OK) return OK;
    diag_set(diag, "access.unrecorded");
    diag_arg_text(diag, store_name(store));
    return err;
}
