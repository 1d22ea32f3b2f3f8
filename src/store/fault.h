/*
 * fault.h - what the disk or the database refused, for who answers for it.
 *
 * Many calls stand between a statement and the person who ran a command, and
 * few of them know more than "it failed". Who runs the command listens.
 */
#ifndef STORE_FAULT_H
#define STORE_FAULT_H

#include "store/store.h"

typedef struct StoreListener {
    struct StoreListener *next;
    Store *store; /* that it listens to; NULL: to none, or it was closed */
    Diag heard;   /* the first fault, for store_heard() */
} StoreListener;

/*
 * Hears the first fault (ERR_IO) on any connection from now on. The listener
 * outlives the store or store_unlisten(); several may listen.
 */
void store_listen(Store *store, StoreListener *listener);

/* Hears no more; one that does not listen is let be. */
void store_unlisten(Store *store, StoreListener *listener);

/*
 * Whether it has heard a fault so far, while other threads may meet one. For
 * the thread that listens; it may have closed the store.
 */
bool store_heard(const StoreListener *listener, Diag *ret);

#endif
