/*
 * demo.h - a synthetic nation, to try everything on.
 *
 * N households with Arabic names, valid numbers and two years of life, made
 * from a seed: the same seed, N and end give the same facts on every machine
 * and in every order of commits. What it looks like is data (models/demo/):
 * figures, the kinds that it states, names, and a few persons to sign in as,
 * who are described by messages of agencies like all that happens later.
 *
 * It never looks at the clock: the first state becomes known on 2025-01-01,
 * each event soon after it happened.
 */
#ifndef SERVICE_DEMO_H
#define SERVICE_DEMO_H

#include "registry/event.h"

enum {
    DEMO_HOUSEHOLDS_MAX = 4900000, /* what the range of numbers allows */
    DEMO_PERSONAS_MAX = 16
};

typedef struct DemoOptions {
    StoreConn *tx; /* a writer without an open transaction */
    const EventTypes *types;
    int64_t households;
    uint64_t seed;
    Month until;   /* events happen before this month; 0: 2027-01 */
    int32_t slice; /* households in a commit; 0: 500 */
    /* Told after each commit; false stops it. May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
} DemoOptions;

typedef struct DemoReport {
    int64_t households; /* made by this call; 0 when all were there */
    int64_t present;    /* there before it */
    int64_t events;     /* messages carried out */
} DemoReport;

/*
 * Makes the nation, or what is missing of it: a repeat changes nothing, and
 * after a kill a repeat goes on where it was.
 *
 * errs   ERR_INVALID: too many households, or a folder models/demo that is
 *        wrong (demo.table {what}, with file and line)
 *        ERR_CONFLICT: the database holds other households (demo.not_empty)
 *        or another nation (demo.other {seed} {households} {until})
 *        ERR_IO, ERR_BUSY
 * tables writes fact, household_book, person_key, person_name, person_stay,
 *        command, setting, audit_pending
 */
NODISCARD Err demo_make(const DemoOptions *options, Diag *diag,
                        DemoReport *ret);

/* Somebody to sign in as. */
typedef struct DemoPersona {
    Str id; /* "widow"; its text is demo.persona.<id> */
    int64_t person_id;
    int64_t household_id; /* where he lives now */
    Str national_id;      /* empty when he has none */
    Str name, name_latin;
} DemoPersona;

/*
 * The persons of models/demo/personas.tsv who are in this database.
 *
 * out    ret: DEMO_PERSONAS_MAX places, in the order of the table; texts in
 *        `arena`; *ret_count is 0 when it holds no nation of ours
 * errs   ERR_IO, ERR_BUSY; ERR_INVALID: the table or a book is wrong
 */
NODISCARD Err demo_personas(StoreConn *conn, Arena *arena,
                            const KindCatalogue *catalogue, Diag *diag,
                            DemoPersona *ret, int32_t *ret_count);

#endif
