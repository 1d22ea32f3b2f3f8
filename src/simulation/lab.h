/*
 * lab.h - a population that is kept open, so that one question after another
 * of what a reform would change is answered at once, and long ones while
 * people look on.
 *
 * Questions that belong together are a job. One thread works, with a team of
 * its own; other jobs wait in a queue that has a limit, and nobody has more
 * than one that waits. Answers are kept for whoever asks the same: a job is
 * over when all of its questions are, and they are then taken with
 * lab_kept(). Answers are rounded (simulate_round()): who asks often must not
 * learn of few by differences.
 */
#ifndef SIMULATION_LAB_H
#define SIMULATION_LAB_H

#include "programme/pack.h"
#include "simulation/forecast.h"

enum {
    LAB_QUEUE_MAX = 16, /* jobs that wait */
    LAB_ASKS_MAX = 72,  /* questions of a job */
    LAB_KEPT_MAX = 256, /* answers */
    LAB_MONTHS_MAX = 2, /* for which the population is kept */
    LAB_JOBS_MAX = 64   /* that are told of, whether they run or are over */
};

typedef struct Lab Lab;

/* The law that a question is of. Two with a pack of one id are the same. */
typedef struct LabLaw {
    const Pack *pack;
    const Programme *programme;
    /* Told when a job begins (1) and ceases (-1) to need it; NULL: it outlives
     * the lab. */
    void (*hold)(void *arg, int change);
    void *arg;
} LabLaw;

typedef struct LabConfig {
    LabLaw law;           /* the first that is asked about, most likely */
    const char *snapshot; /* path */
    int32_t threads;      /* 0: as many as there are processors */
    Month month;          /* likely to be asked first; 0: not known */
} LabConfig;

/* What somebody wants to know: what a reform changes in a month, or, when
 * `months` is not 0, caseload and cost in so many months from then on. */
typedef struct LabQuestion {
    Month month;
    int32_t months;
    const Str *sets; /* as reform_set() wants them */
    int32_t set_count;
} LabQuestion;

typedef struct LabAnswer {
    const SimulateReport *report;
    const ForecastMonth *forecast; /* side 0 is the reform */
} LabAnswer;

/* A job as it is handed in; what it points to may go afterwards. */
typedef struct LabWork {
    const LabLaw *law;
    Str who;  /* whose; nobody else is told of it */
    Str page; /* where it was asked */
    const LabQuestion *questions;
    int32_t count;
    /* Called once from a thread of the lab's: when the job is over, or after
     * so many milliseconds, whichever is first. */
    int64_t moment_ms;
    void (*done)(void *arg, Err err); /* always OK; NULL: nobody waits */
    void *arg;
} LabWork;

typedef enum LabState {
    LAB_UNKNOWN, /* too long ago, or somebody else's */
    LAB_WAITS,
    LAB_RUNS,
    LAB_DONE,
    LAB_FAILED,
    LAB_STOPPED, /* by lab_cancel() */
    LAB_REPLACED /* by a newer job of the same page */
} LabState;

typedef struct LabStatus {
    LabState state;
    int64_t done, all; /* how far, in blocks of households */
    int32_t ahead;     /* jobs before it in the queue, and the one that runs */
    int64_t micros;    /* it took */
    Err err;           /* of LAB_FAILED: as simulate_reform(), reform_set(),
                          forecast_run(); ERR_BUSY: the lab closes */
    Diag diag;
} LabStatus;

/*
 * Opens a population and verifies it.
 *
 * errs   as snapshot_open(), facts_reader(), snapshot_verify(),
 *        measures_read(); ERR_FULL: no memory, or no thread
 * owns   the caller, lab_close() after the last answer
 */
NODISCARD Err lab_open(const LabConfig *config, Diag *diag, Lab **ret);
void lab_close(Lab *lab);

/* Takes no more jobs, and ends those that there are. NULL is allowed. */
void lab_stop(Lab *lab);

/* As lab_stop(), and waits until none is at work: before the laws of the jobs
 * are closed. By one thread. */
void lab_settle(Lab *lab);

/* Households of the population, and the first month that it knows. */
int64_t lab_households(const Lab *lab);
Month lab_first_month(const Lab *lab);

/*
 * Gives answers that were found before. False: some were not, and nothing is
 * given.
 *
 * out    ret: so many, in `arena`
 */
bool lab_kept(Lab *lab, const LabLaw *law, const LabQuestion *questions,
              int32_t count, Arena *arena, LabAnswer *ret);

/*
 * Has questions answered. Who asks what he asked already joins that job. Of
 * what somebody has waiting, a newer job of the same page takes the place.
 *
 * out    ret: the number of the job; *ret_waits: whether done() will be called
 * errs   ERR_BUSY: he has a job of another page waiting (lab.yours), or too
 *        many wait already (lab.busy)
 */
NODISCARD Err lab_ask(Lab *lab, const LabWork *work, Diag *diag, int64_t *ret,
                      bool *ret_waits);

/* How a job of somebody's is. */
void lab_status(Lab *lab, Str who, int64_t number, LabStatus *ret);

/* Ends a job of somebody's, whether it waits or runs; what it found already
 * stays kept. */
void lab_cancel(Lab *lab, Str who, int64_t number);

#endif
