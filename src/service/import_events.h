/*
 * import_events.h - a file of messages from agencies, one JSON object a line.
 *
 * Each line is carried out by itself: what a rule refuses is reported and
 * passed over, the others go in. The work is committed in slices of about
 * IMPORT_EVENTS_SLICE_MS, so that others who write never wait long. A repeat
 * changes nothing, and after a kill a repeat does what was left.
 */
#ifndef SERVICE_IMPORT_EVENTS_H
#define SERVICE_IMPORT_EVENTS_H

#include "registry/event.h"

enum { IMPORT_EVENTS_SLICE_MS = 50 };

typedef struct ImportEvents {
    StoreConn *tx; /* a writer without an open transaction */
    const EventTypes *types;
    const char *file; /* "-" is the standard input */
    Instant now;      /* 0: the clock's, for each message */
    /* What follows from a change, in the message's own transaction; NULL:
     * nothing does. */
    const RegistryFollow *follow;
    /* Told of a line that is refused: diag has line, column and reason. */
    void (*reject)(void *arg, const char *file, Str line, const Diag *why);
    /* Told now and then how far it is; all is 0 when unknown; false stops it.
     * May be NULL. */
    bool (*progress)(void *arg, int64_t done_bytes, int64_t all_bytes);
    void *arg;
} ImportEvents;

typedef struct ImportEventsReport {
    int64_t carried_out;
    int64_t repeated; /* had been carried out before */
    int64_t rejected;
    int64_t households; /* changes of households that were made */
    int64_t decisions;  /* changed by them */
} ImportEventsReport;

/*
 * Imports a file.
 *
 * out    ret: also after an error, what was committed before it
 * errs   ERR_NOT_FOUND: no such file (file.missing); ERR_IO, ERR_BUSY: the
 *        file or the database failed; what was committed stays, and the
 *        import can be repeated
 * tables as event_apply(), and what `follow` writes
 */
NODISCARD Err import_events(const ImportEvents *job, Diag *diag,
                            ImportEventsReport *ret);

#endif
