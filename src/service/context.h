/*
 * context.h - what every use case stands on: the database, the law in force
 * and the texts, opened once for a process or a command.
 */
#ifndef SERVICE_CONTEXT_H
#define SERVICE_CONTEXT_H

#include "service/shelf.h"

typedef struct Context {
    Arena *arena; /* as long as the context */
    Store *store;
    Shelf *shelf;
    const Pack *pack; /* in force; NULL before context_law() */
    Texts *texts;     /* NULL before context_texts() */
    bool borrowed;    /* all but the arena belongs to another context */
} Context;

/*
 * Makes or upgrades a database: schema, the pack that this program carries
 * as the one in force. Harmless when repeated.
 *
 * errs   as store_open(), store_migrate(), pack_embedded()
 */
NODISCARD Err context_init(const char *db, Diag *diag);

/*
 * Opens an existing database whose schema this program can use, with the law
 * in force when `law`.
 *
 * errs   ERR_NOT_FOUND: no database, or an empty one; diag says to run init
 *        ERR_CONFLICT: made by another release; ERR_IO, ERR_BUSY
 *        as context_law()
 * owns   the caller, context_close()
 */
NODISCARD Err context_open(const char *db, bool law, Diag *diag, Context *ret);

/*
 * As context_open(), whatever the schema, for who examines the database.
 *
 * errs   ERR_NOT_FOUND: no database, or an empty one; ERR_IO
 * owns   the caller, context_close()
 */
NODISCARD Err context_open_any(const char *db, Diag *diag, Context *ret);

/*
 * As context_open() with the law, over the connection that will write: a
 * command that needs one anyway spares itself another.
 *
 * in     beside: as store_writer_beside(), and the law as pack_names() gives
 *        it, for who asks about one decision: context_law_of() reads its law
 * errs   as context_open(), store_writer()
 * owns   the caller: store_conn_close(), then context_close()
 */
NODISCARD Err context_open_writer(const char *db, bool beside, Diag *diag,
                                  Context *ret, StoreConn **ret_writer);
void context_close(Context *context);

/* A context for one piece of work on another's store, law and texts, which
 * must stay open longer. The caller's, context_close(). */
Context context_borrow(const Context *from);

/*
 * Loads the law in force: the pack that the database names.
 *
 * errs   as pack_load()
 */
NODISCARD Err context_law(Context *context, Diag *diag);

/*
 * The pack that holds in a month: of the version that is published for it,
 * else the law in force.
 *
 * in     context: with its law
 * errs   as pack_find()
 */
NODISCARD Err context_law_at(Context *context, StoreConn *conn, Month month,
                             Diag *diag, const Pack **ret);

/*
 * The pack of that id, whole, with the texts that belong to it.
 *
 * in     context: with its law and, when that is the pack, its texts
 *        arena: of what is made for this call
 * errs   as shelf_get()
 */
NODISCARD Err context_law_of(Context *context, StoreConn *conn, Arena *arena,
                             int64_t pack_id, Diag *diag, Shelved *ret);

/*
 * Loads the texts for people.
 *
 * errs   as text_open()
 */
NODISCARD Err context_texts(Context *context, Diag *diag);

#endif
