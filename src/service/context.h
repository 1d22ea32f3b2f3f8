/*
 * context.h - what every use case stands on: the database, the law in force
 * and the texts, opened once for a process or a command.
 */
#ifndef SERVICE_CONTEXT_H
#define SERVICE_CONTEXT_H

#include "programme/pack.h"
#include "text/text.h"

typedef struct Context {
    Arena *arena; /* as long as the context */
    Store *store;
    const Pack *pack; /* in force; NULL before context_law() */
    Texts *texts;     /* NULL before context_texts() */
    StoreConn *conn;  /* reads while the context is opened; or NULL */
    bool borrowed;    /* store, law and texts belong to another context */
} Context;

/*
 * Makes or upgrades a database: schema, the pack that this program carries
 * as the one in force. Harmless when repeated.
 *
 * errs   as store_open(), store_migrate(), pack_embedded()
 */
NODISCARD Err context_init(const char *db, Diag *diag);

/*
 * Opens an existing database whose schema this program can use.
 *
 * errs   ERR_NOT_FOUND: no database, or an empty one; diag says to run init
 *        ERR_CONFLICT: made by another release; ERR_IO, ERR_BUSY
 * owns   the caller, context_close()
 */
NODISCARD Err context_open(const char *db, Diag *diag, Context *ret);
void context_close(Context *context);

/* A context for one piece of work on another's store, law and texts, which
 * must stay open longer. The caller's, context_close(). */
Context context_borrow(const Context *from);

/*
 * Closes the connection over which schema and law are read. Due before a
 * writer is closed: the last one to close an SQLite file tidies it up, which a
 * reader cannot.
 */
void context_opened(Context *context);

/*
 * Loads the law in force: the pack that the database names.
 *
 * errs   as pack_load()
 */
NODISCARD Err context_law(Context *context, Diag *diag);

/*
 * Loads the texts for people.
 *
 * errs   as text_open()
 */
NODISCARD Err context_texts(Context *context, Diag *diag);

#endif
