/*
 * name_search.h - persons by the words of their names.
 *
 * Every word must begin a part of the name. The word with the fewest bearers
 * drives the search and the others are asked for each of those, so that a
 * person is found however common his names are. The rows gone through are
 * limited; whoever asked is told when the limit was met.
 */
#ifndef REGISTRY_NAME_SEARCH_H
#define REGISTRY_NAME_SEARCH_H

#include "base/arena.h"
#include "store/store.h"

enum {
    NAME_WORDS_MAX = 6,
    NAME_BATCH = 64,
    NAME_ROWS_MAX = 400000 /* gone through for one search */
};

typedef struct NameHit {
    int64_t person_id;
    int64_t household_id;
} NameHit;

/* A place in the order of parts; it lies between rows. */
typedef struct NamePlace {
    Str part;
    int64_t person_id;
} NamePlace;

/* A search under way; only `more` is for others to read. */
typedef struct NameSearch {
    StoreConn *conn;
    Arena *arena;
    Str word[NAME_WORDS_MAX]; /* folded; the rarest first */
    Str below[NAME_WORDS_MAX];
    int words;
    NamePlace at;
    NamePlace page_end;
    int64_t page_rows; /* of the page at hand; 0: none */
    int64_t next_rows;
    int64_t rows; /* gone through in pages that ended */
    bool last;
    bool ended;
    bool more; /* it ended at the limit: there may be others */
    NameHit batch[NAME_BATCH];
    int batch_count;
    int batch_next;
} NameSearch;

/*
 * Begins a search on the connection, which is free for others in between.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err name_search_open(StoreConn *conn, Arena *arena, Str words,
                               NameSearch *ret);

/*
 * The next person; each comes once.
 *
 * out    ret_any: false at the end, see `more`
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err name_search_next(NameSearch *search, NameHit *ret, bool *ret_any);

#endif
