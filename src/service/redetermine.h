/*
 * redetermine.h - what follows from something new: the household is decided
 * again at once, by every programme of the law in force, for every month that
 * is determined, in the transaction that brought it.
 *
 * Files, events and jobs that change households all go through here, so that
 * no way in forgets a programme.
 */
#ifndef SERVICE_REDETERMINE_H
#define SERVICE_REDETERMINE_H

#include "decision/decision.h"
#include "service/context.h"

typedef struct Redetermine {
    Store *store;
    const Pack *pack; /* the law where no version is published */
    Deciders *deciders;
    RegistryFollow follow; /* for those who change households */
} Redetermine;

/*
 * Opens what deciding needs; used by one thread at a time.
 *
 * in     context: with its law, and a writer opened on its store
 * errs   as decider_open()
 * owns   the caller, redetermine_close(), also after an error; `ret` stays
 *        where it is, because ret->follow points to it
 */
NODISCARD Err redetermine_open(const Context *context, Diag *diag,
                               Redetermine *ret);
void redetermine_close(Redetermine *all);

#endif
