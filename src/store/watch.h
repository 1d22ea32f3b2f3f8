/*
 * watch.h - noticing that something was changed, for answers kept in memory.
 *
 * Every writing statement of sql/ says what it touches ("-- touches:
 * household $1"); one that does not say touches everything. When its
 * transaction is committed, and before anybody is told so, the counts of all
 * that it touched are raised. Whoever keeps what he made of the database
 * first notes the counts of all that he will read, then reads; as long as
 * they are the same, what he made still holds.
 *
 * That is sound where one process alone writes: on SQLite, while this one is
 * the writer. Elsewhere watch_works() says no, and nothing may be kept.
 */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "store/store.h"

/* What a statement touches; also the words of "-- touches:" in sql/. */
typedef enum WatchKind {
    WATCH_EVERYTHING, /* no need to note it: every watch does */
    WATCH_NOTHING,    /* nothing that anybody keeps */
    WATCH_HOUSEHOLD,  /* one household's facts and decisions, by its id */
    WATCH_HOMES,      /* who lives or lived where */
    WATCH_RUNS,       /* which months are determined */
    WATCH_SESSION,    /* one session, by the hash of its token */
    WATCH_ACTORS      /* what actors may, and all their sessions */
} WatchKind;

enum { WATCH_NOTES_MAX = 8 };

/* Some counts and what they were. */
typedef struct Watch {
    int count;
    uint64_t total; /* of all commits that touched anything */
    unsigned place[WATCH_NOTES_MAX];
    uint64_t seen[WATCH_NOTES_MAX];
} Watch;

/* Whether the counts tell of every change: SQLite, and a writer is open. */
bool watch_works(Store *store);

/* Begins to watch, before anything is read. */
Watch watch_begin(const Store *store);

/*
 * Notes the count of one thing more, before it is read: a kind that has no
 * id, one by its number, one by its bytes.
 */
void watch_kind(Watch *watch, const Store *store, WatchKind kind);
void watch_number(Watch *watch, const Store *store, WatchKind kind, int64_t id);
void watch_bytes(Watch *watch, const Store *store, WatchKind kind, Str id);

/*
 * Notes a number that was learnt by reading. It is as if it had been noted
 * before, unless anything at all was touched since the watch began: then, and
 * when there are too many, the watch never holds.
 */
void watch_learnt(Watch *watch, const Store *store, WatchKind kind, int64_t id);

/* Whether nothing of it was touched since. */
bool watch_holds(const Watch *watch, const Store *store);

#endif
