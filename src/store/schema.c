#include <string.h>

#include "base/clock.h"
#include "store/dialect.h"
#include "store/schema.h"
#include "store/store_int.h"

enum { DDL_ARENA_BYTES = 8 << 20 };

/* "sql/schema/0007-payment.sql" -> 7; 0: not a schema file. */
static int number_of(const char *path)
{
    static const char folder[] = "sql/schema/";
    size_t skip = sizeof folder - 1;
    if (strncmp(path, folder, skip) != 0) return 0;
    int number = 0;
    for (int i = 0; i < 4; i++) {
        char digit = path[skip + (size_t)i];
        if (digit < '0' || digit > '9') return 0;
        number = number * 10 + (digit - '0');
    }
    return path[skip + 4] == '-' ? number : 0;
}

const SchemaFile *store_schema_assets(Arena *arena, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < asset_count(); i++) {
        count += number_of(asset_at(i)->path) != 0;
    }
    SchemaFile *files = ARENA_ARRAY(arena, SchemaFile, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        int number = number_of(asset->path);
        if (number == 0) continue;
        CHECK(used == 0 || number > files[used - 1].number);
        files[used++] =
            (SchemaFile){number, asset->path, asset->bytes, asset->tag};
    }
    *ret_count = count;
    return files;
}

static bool has_table(StoreConn *conn, const char *table, Err *ret_err)
{
    char sql[160];
    int64_t count = 0;
    snprintf(sql, sizeof sql,
             conn->lite != NULL
                 ? "SELECT count(*) FROM sqlite_schema WHERE name = '%s'"
                 : "SELECT count(*) FROM pg_tables WHERE tablename = '%s' AND "
                   "schemaname = 'public'",
             table);
    *ret_err = store_ask(conn, sql, &count);
    return count > 0;
}

static Err newer(const StoreConn *conn, int64_t found, Diag *diag)
{
    const Store *store = conn->store;
    int known = store->schema_count == 0
                    ? 0
                    : store->schema[store->schema_count - 1].number;
    diag_set(diag, "store.newer");
    diag_arg_text(diag, store->name);
    diag_arg_int(diag, found);
    diag_arg_int(diag, known);
    return ERR_CONFLICT;
}

/* Compares what has run with what we carry; ret_last: the last that ran. */
static Err compare(StoreConn *conn, Diag *diag, int64_t *ret_last)
{
    const Store *store = conn->store;
    StoreStmt *stmt = store_query(conn, Q_SCHEMA_LIST);
    size_t at = 0;
    Err err = OK;
    *ret_last = 0;
    for (bool row;;) {
        err = store_step(stmt, &row);
        if (err != OK) store_diag(conn, diag);
        if (err != OK || !row) break;
        int64_t number = store_int(stmt, 0);
        *ret_last = number;
        while (at < store->schema_count && store->schema[at].number < number) {
            at++;
        }
        if (at == store->schema_count) {
            err = newer(conn, number, diag);
            break;
        }
        if (store->schema[at].number != number ||
            !str_is(store_text(stmt, 2), store->schema[at].tag)) {
            diag_set(diag, "store.schema_changed");
            diag_arg_text(diag, store->name);
            diag_arg(diag, store_text(stmt, 1));
            err = ERR_CONFLICT;
            break;
        }
    }
    store_reset(stmt);
    return err;
}

static Err apply(StoreConn *conn, const SchemaFile *file, Diag *diag)
{
    const char *ddl = file->text.at;
    Arena *arena CLEANUP(arena_closep) = arena_open(DDL_ARENA_BYTES);
    if (conn->lite != NULL) {
        Err err = dialect_sqlite(arena, file->text, diag, &ddl);
        if (err != OK && diag != NULL) {
            diag_place(diag, file->path, diag->line, 0);
        }
        if (err != OK) return err;
    }
    Err err = store_script(conn, ddl);
    if (err == OK) {
        StoreStmt *stmt = store_query(conn, Q_SCHEMA_INSERT);
        store_bind_int(stmt, 1, file->number);
        store_bind_text(stmt, 2, str_of(file->path));
        store_bind_text(stmt, 3, str_of(file->tag));
        store_bind_int(stmt, 4, clock_now());
        err = store_exec(stmt, NULL);
    }
    if (err != OK) {
        store_diag(conn, diag);
        diag_place(diag, file->path, 0, 0);
    }
    return err;
}

/* On PostgreSQL two may begin at once; the second waits, then finds it done. */
static Err take_turn(StoreConn *conn)
{
    int64_t ignored;
    if (conn->lite != NULL) return OK;
    return store_ask(conn, "SELECT 1 FROM pg_advisory_xact_lock(20260101)",
                     &ignored);
}

/* In a transaction: applies `file` unless it is there already. */
static Err bring(StoreConn *conn, const SchemaFile *file, Diag *diag)
{
    Err err = take_turn(conn);
    int64_t last = 0;
    bool begun = err == OK && has_table(conn, "schema_version", &err);
    if (err != OK) {
        store_diag(conn, diag);
        return err;
    }
    if (begun) TRY(compare(conn, diag, &last));
    return file->number <= last ? OK : apply(conn, file, diag);
}

static Err bring_in_transaction(StoreConn *conn, const SchemaFile *file,
                                Diag *diag)
{
    Err err = store_begin(conn);
    if (err != OK) {
        store_diag(conn, diag);
        return err;
    }
    err = bring(conn, file, diag);
    if (err == OK) {
        err = store_commit(conn);
        if (err != OK) store_diag(conn, diag);
    }
    if (err != OK) store_rollback(conn);
    return err;
}

Err store_migrate(StoreConn *writer, Diag *diag)
{
    const Store *store = writer->store;
    CHECK(writer->writer && store->schema_count > 0);
    Err err = OK;
    int64_t last = 0;
    bool begun = has_table(writer, "schema_version", &err);
    if (err != OK) {
        store_diag(writer, diag);
        return err;
    }
    if (begun) TRY(compare(writer, diag, &last));
    for (size_t i = 0; i < store->schema_count; i++) {
        if (store->schema[i].number <= last) continue;
        TRY(bring_in_transaction(writer, &store->schema[i], diag));
    }
    err = store_lease(writer);
    if (err != OK) store_diag(writer, diag);
    return err;
}

Err store_schema_check(StoreConn *conn, Diag *diag)
{
    const Store *store = conn->store;
    CHECK(store->schema_count > 0);
    Err err = OK;
    int64_t last = 0;
    bool begun = has_table(conn, "schema_version", &err);
    if (err != OK) {
        store_diag(conn, diag);
        return err;
    }
    if (begun) TRY(compare(conn, diag, &last));
    if (last == 0) {
        diag_set(diag, "store.empty");
        diag_arg_text(diag, store->name);
        return ERR_NOT_FOUND;
    }
    int known = store->schema[store->schema_count - 1].number;
    if (last == known) return OK;
    diag_set(diag, "store.older");
    diag_arg_text(diag, store->name);
    diag_arg_int(diag, last);
    diag_arg_int(diag, known);
    return ERR_CONFLICT;
}
