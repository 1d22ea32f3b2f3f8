/*
 * world.h - a small nation whose months are lived from a seed, with what
 * must hold at every moment of it.
 *
 * The world knows only what it sent; whether the program believes it is asked
 * of the program. Everything goes through the store, so that the same life
 * runs on both databases.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "base/random.h"
#include "decision/determine.h"
#include "registry/event.h"
#include "service/redetermine.h"

enum {
    WORLD_PERSONS_MAX = 400,
    WORLD_MESSAGES_MAX = 600,
    WORLD_MONTHS_MAX = 40,
    WORLD_ROWS_MAX = 120 /* of the file of persons */
};

/* A row of the file that a source system sends again and again. */
typedef struct WorldRow {
    int64_t person, house;
    int role, nationality, resident, days_abroad, salary;
    const char *born;
    const char *name;
} WorldRow;

typedef struct World {
    Random random;
    const char *db;
    char folder[64]; /* for files to import */
    Arena *arena;    /* as long as the world */
    Context context;
    StoreConn *tx; /* the writer */
    Decider *decider;
    Redetermine again; /* what follows from something new */
    EventTypes types;
    Instant now;
    int64_t persons[WORLD_PERSONS_MAX]; /* ids that messages may name */
    int person_count;
    int64_t next_person, next_household;
    Str messages[WORLD_MESSAGES_MAX]; /* sent, to be sent again */
    int message_count;
    int number; /* of the next message */
    Month months[WORLD_MONTHS_MAX];
    int month_count; /* determined so far */
    bool traced;     /* SIM_TRACE: every step is printed */
    WorldRow rows[WORLD_ROWS_MAX];
    int row_count;
    int64_t houses[WORLD_ROWS_MAX];
    int region[WORLD_ROWS_MAX];
    int house_count;
    int carried_out, refused, failed, crashes, kills, corrected;
} World;

/* A world on an empty database. */
World *world_open(const char *db, uint64_t seed);
void world_close(World *world);

/* One step of life, chosen by the seed. */
void world_step(World *world);

/* What must hold after every step; `deep` looks at every decision too. */
void world_check(World *world, bool deep);

/* All that is stored but ids, times and salts, as text. */
Str world_dump(World *world, Arena *arena);

#endif
