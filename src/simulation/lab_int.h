/*
 * lab_int.h - what lab.c, where jobs wait and run, and lab_answer.c, which
 * finds and keeps answers, share.
 */
#ifndef SIMULATION_LAB_INT_H
#define SIMULATION_LAB_INT_H

#include <pthread.h>

#include "simulation/lab.h"

enum { LAB_LISTENERS_MAX = 64 };

typedef struct LabJob {
    Arena *arena;   /* NULL: the place is free */
    int64_t number; /* from 1 */
    int64_t order;  /* in the queue */
    Str who, page, key;
    LabLaw law;
    LabQuestion *questions;
    int32_t count;
    LabState state;
    int64_t all, finished; /* blocks; of whole questions */
    int64_t micros;
    Err err;
    Diag diag;
} LabJob;

/* Somebody who waits for a job's end, or for a while. */
typedef struct LabListener {
    int64_t job; /* 0: the place is free */
    int64_t until_ms;
    void (*done)(void *arg, Err err);
    void *arg;
} LabListener;

/* An answer that may be given again. */
typedef struct LabKept {
    Arena *arena; /* NULL: free */
    Str key;
    LabAnswer answer;
    uint64_t used;
} LabKept;

/* The population in a month, with what a law gives it. */
typedef struct LabBase {
    Arena *arena; /* NULL: free */
    int64_t law;
    Month month;
    FactReader reader;
    const Measures *measures;
    Simulation *simulation;
    uint64_t used;
} LabBase;

struct Lab {
    Arena *arena;
    const char *path; /* of the snapshot */
    LabLaw law;       /* the first */
    Month month;
    int32_t threads;
    int32_t blocks; /* of the snapshot */
    Snapshot *snapshot;
    pthread_t worker, clock;
    bool works, ticks;    /* they were started */
    Lookout lookout;      /* of the job that runs */
    pthread_mutex_t lock; /* of what follows, up to `tick` */
    pthread_cond_t filled, listened;
    LabJob job[LAB_JOBS_MAX];
    LabListener listener[LAB_LISTENERS_MAX];
    int64_t numbers;
    int64_t running; /* number of the job that runs; 0: none */
    bool closing, over;
    LabKept kept[LAB_KEPT_MAX];
    uint64_t tick;
    LabBase base[LAB_MONTHS_MAX]; /* of the worker alone, as the next */
    uint64_t turn;
};

/* A question of a law as text: equal texts have equal answers. */
Str lab_key(Arena *arena, const LabLaw *law, const LabQuestion *question);

/* Whether an answer is kept. */
bool lab_has(Lab *lab, Str key);

/* Blocks of households that a question takes; at first those of its month,
 * too, when the population is not open for it. By the worker. */
int64_t lab_blocks(const Lab *lab, const LabLaw *law,
                   const LabQuestion *question);

/*
 * Finds an answer and keeps it. By the worker.
 *
 * errs   as LabStatus has them; ERR_STOPPED
 */
NODISCARD Err lab_find(Lab *lab, const LabLaw *law, const LabQuestion *question,
                       Diag *diag);

/*
 * Opens the population for a month.
 *
 * errs   as lab_find()
 */
NODISCARD Err lab_base(Lab *lab, const LabLaw *law, Month month, Diag *diag,
                       LabBase **ret);

#endif
