/*
 * desk.h - the real backend of the pages, over the services.
 *
 * It holds a few reading connections, the write queue and the law in force,
 * and fills backend.h's table. Reads of personal data are recorded through
 * the write queue; their answer waits until the record is durable.
 */
#ifndef WEB_DESK_H
#define WEB_DESK_H

#include "job/writer.h"
#include "service/context.h"
#include "web/backend.h"

typedef struct Desk Desk;

typedef struct DeskConfig {
    Context *context; /* with law and texts; outlives the desk */
    bool demo;        /* personas may sign in by one click */
    int readers;      /* reading connections, 1..64 */
    /* Takes a one-time code to a citizen: a provider, mail or the terminal. */
    void (*deliver)(void *arg, Str national_id, Str code);
    void *deliver_arg;
} DeskConfig;

/*
 * Opens the desk, its writer included.
 *
 * errs   as writer_open() and store_reader()
 * owns   the caller, desk_close() after the last request has ended
 */
NODISCARD Err desk_open(const DeskConfig *config, Diag *diag, Desk **ret);
void desk_close(Desk *desk);

/* The table for site_serve(); lives as long as the desk. */
const Backend *desk_backend(const Desk *desk);

#endif
