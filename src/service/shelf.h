/*
 * shelf.h - the packs of law that hold beside the one in force: they decided
 * months before, or decide some months only. Opened when first asked for, and
 * kept for the process and its threads.
 */
#ifndef SERVICE_SHELF_H
#define SERVICE_SHELF_H

#include "programme/pack.h"
#include "text/text.h"

typedef struct Shelf Shelf;

typedef struct Shelved {
    const Pack *pack;
    const Texts *texts; /* of this program, with those of the pack over them */
} Shelved;

/*
 * An empty shelf.
 *
 * in     arena: of the shelf itself
 * owns   the caller, shelf_close(), which ends all that was taken from it
 */
Shelf *shelf_open(Arena *arena);
void shelf_close(Shelf *shelf);

/*
 * The pack of that id. Any thread, each with a connection of its own.
 *
 * in     arena: of what is asked for when the shelf is full
 * errs   as pack_load(), text_open(), text_add()
 */
NODISCARD Err shelf_get(Shelf *shelf, StoreConn *conn, Arena *arena, int64_t id,
                        Diag *diag, Shelved *ret);

#endif
