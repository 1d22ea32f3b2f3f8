/*
 * nation.h - a small database for tests of events: types, a writer, and
 * short ways to send messages and to look at what is believed.
 */
#ifndef TESTS_REGISTRY_NATION_H
#define TESTS_REGISTRY_NATION_H

#include "registry/event.h"
#include "registry/record.h"

typedef struct Nation {
    Arena *arena;
    Store *store;
    StoreConn *tx; /* no transaction is open between calls */
    const KindCatalogue *catalogue;
    const Formats *formats;
    EventTypes types;
    Instant now;          /* 2026-01-15, noon, unless changed */
    EventOutcome outcome; /* of the last message */
    Diag diag;
    Str path, value; /* of the last refusal: which member, what stands there */
} Nation;

/* An empty database in a folder of its own, gone at nation_close(). */
Nation *nation_open(void);
void nation_close(Nation *nation);

/* The same with household 10 of head 1, spouse 2 and child 3, and household 20
 * of head 4, both since 2021. */
Nation *nation_of_two(void);

/* Carries out a message in a transaction of its own. */
Err nation_try(Nation *nation, Str json);

/* Sends type, id and data; the test fails unless it is carried out. */
void nation_send(Nation *nation, const char *source, const char *type,
                 const char *data);

/* The same, and must be refused with this key; nothing may have changed. The
 * refusal names a member, and what stands there is in `path` and `value`. */
void nation_refuse(Nation *nation, const char *type, const char *data,
                   const char *key);

/* The book of a household; the test fails when there is none. */
Book nation_book(Nation *nation, int64_t household_id);

/* The name of a person's role on a day, or "-" when he is not there. */
const char *nation_role(Nation *nation, int64_t household_id, int64_t person_id,
                        const char *day);

/* Value of a field of a person in a month; -1 when he is not there. */
int64_t nation_value(Nation *nation, int64_t household_id, int64_t person_id,
                     const char *kind, const char *month);

/* Where a person lives now, or -1. */
int64_t nation_home(Nation *nation, int64_t person_id);

/* A day, from its text. */
Day nation_day(const char *text);

#endif
