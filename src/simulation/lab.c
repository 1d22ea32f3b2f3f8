#include "simulation/lab.h"

#include <time.h>

#include "simulation/lab_int.h"
#include "simulation/team.h"

enum {
    LAB_BYTES = 16 << 20,
    JOB_BYTES = 16 << 20,
    SECOND_MS = 1000,
    MS_NANOS = 1000000
};

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

static int64_t micros_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_MS * 1000 + now.tv_nsec / 1000;
}

static void hold(const LabLaw *law, int change)
{
    if (law->hold != NULL) law->hold(law->arg, change);
}

/* The job of a number, or NULL. As all that follow, under the lock. */
static LabJob *job_of(Lab *lab, int64_t number)
{
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        if (job->arena != NULL && job->number == number) return job;
    }
    return NULL;
}

static bool is_open(const LabJob *job)
{
    return job->arena != NULL &&
           (job->state == LAB_WAITS || job->state == LAB_RUNS);
}

/* The job that is next, or NULL. */
static LabJob *next_of(Lab *lab)
{
    LabJob *next = NULL;
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        if (job->arena == NULL || job->state != LAB_WAITS) continue;
        if (next == NULL || job->order < next->order) next = job;
    }
    return next;
}

static int32_t waiting_of(const Lab *lab)
{
    int32_t count = 0;
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        const LabJob *job = &lab->job[i];
        count += job->arena != NULL && job->state == LAB_WAITS;
    }
    return count;
}

/* What somebody has in this state, or NULL. */
static LabJob *theirs(Lab *lab, Str who, LabState state)
{
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        if (job->arena != NULL && job->state == state &&
            str_equal(job->who, who)) {
            return job;
        }
    }
    return NULL;
}

/* A place for a job: a free one, else that of the job that is over longest. */
static LabJob *place_for(Lab *lab)
{
    LabJob *place = NULL;
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        if (job->arena == NULL) return job;
        if (is_open(job)) continue;
        if (place == NULL || job->number < place->number) place = job;
    }
    return place; /* there is one: no more wait than LAB_QUEUE_MAX */
}

/* A job is over; its law is no longer needed. */
static void end_job(LabJob *job, LabState state, Err err)
{
    job->state = state;
    job->err = err;
    hold(&job->law, -1);
}

/* Tells those who wait for a job that is over, or (0) who waited for long
 * enough. Not under the lock. */
static void tell(Lab *lab, int64_t number)
{
    LabListener due[LAB_LISTENERS_MAX];
    int count = 0;
    int64_t now = micros_now() / 1000;
    pthread_mutex_lock(&lab->lock);
    for (int i = 0; i < LAB_LISTENERS_MAX; i++) {
        LabListener *listener = &lab->listener[i];
        if (listener->job == 0) continue;
        if (number != 0 ? listener->job != number : listener->until_ms > now) {
            continue;
        }
        due[count++] = *listener;
        listener->job = 0;
    }
    pthread_mutex_unlock(&lab->lock);
    for (int i = 0; i < count; i++) due[i].done(due[i].arg, OK);
}

/* Notes somebody who waits; false: there is no room, and he need not. */
static bool listen_to(Lab *lab, const LabWork *work, int64_t number)
{
    if (work->done == NULL) return false;
    for (int i = 0; i < LAB_LISTENERS_MAX; i++) {
        if (lab->listener[i].job != 0) continue;
        lab->listener[i] =
            (LabListener){.job = number,
                          .until_ms = micros_now() / 1000 + work->moment_ms,
                          .done = work->done,
                          .arg = work->arg};
        pthread_cond_signal(&lab->listened);
        return true;
    }
    return false;
}

/* When the next listener has waited long enough; -1: there is none. */
static int64_t earliest(const Lab *lab)
{
    int64_t until = -1;
    for (int i = 0; i < LAB_LISTENERS_MAX; i++) {
        const LabListener *listener = &lab->listener[i];
        if (listener->job == 0) continue;
        if (until < 0 || listener->until_ms < until) {
            until = listener->until_ms;
        }
    }
    return until;
}

/* The thread that lets nobody wait too long. */
static void *keep_time(void *arg)
{
    Lab *lab = arg;
    pthread_mutex_lock(&lab->lock);
    while (!lab->over) {
        int64_t until = earliest(lab);
        if (until < 0) {
            pthread_cond_wait(&lab->listened, &lab->lock);
        } else if (until > micros_now() / 1000) {
            struct timespec at = {.tv_sec = until / SECOND_MS,
                                  .tv_nsec = until % SECOND_MS * MS_NANOS};
            pthread_cond_timedwait(&lab->listened, &lab->lock, &at);
        } else {
            pthread_mutex_unlock(&lab->lock);
            tell(lab, 0);
            pthread_mutex_lock(&lab->lock);
        }
    }
    pthread_mutex_unlock(&lab->lock);
    return NULL;
}

/* The next job, which runs from now on; NULL when the lab closes. */
static LabJob *take(Lab *lab)
{
    LabJob *job = NULL;
    pthread_mutex_lock(&lab->lock);
    while (!lab->closing && (job = next_of(lab)) == NULL) {
        pthread_cond_wait(&lab->filled, &lab->lock);
    }
    if (!lab->closing && job != NULL) {
        job->state = LAB_RUNS;
        lab->running = job->number;
        atomic_store(&lab->lookout.stop, false);
        atomic_store(&lab->lookout.done, 0);
    } else {
        job = NULL;
    }
    pthread_mutex_unlock(&lab->lock);
    return job;
}

/* Another question of a job is answered. */
static void advance(Lab *lab, LabJob *job, int64_t blocks)
{
    pthread_mutex_lock(&lab->lock);
    job->finished += blocks;
    atomic_store(&lab->lookout.done, 0);
    pthread_mutex_unlock(&lab->lock);
}

/* How many blocks each question of a job takes; those of one month share the
 * population. */
static void weigh(Lab *lab, LabJob *job, int64_t *blocks)
{
    int64_t all = 0;
    for (int32_t i = 0; i < job->count; i++) {
        const LabQuestion *question = &job->questions[i];
        blocks[i] = lab_blocks(lab, &job->law, question);
        bool first = true;
        for (int32_t k = 0; k < i && question->months == 0; k++) {
            first = first && job->questions[k].month != question->month;
        }
        if (!first) blocks[i] = lab->blocks;
        all += blocks[i];
    }
    pthread_mutex_lock(&lab->lock);
    job->all = all;
    pthread_mutex_unlock(&lab->lock);
}

static Err answer(Lab *lab, LabJob *job, Diag *diag)
{
    int64_t blocks[LAB_ASKS_MAX];
    weigh(lab, job, blocks);
    for (int32_t i = 0; i < job->count; i++) {
        const LabQuestion *question = &job->questions[i];
        if (lookout_stops(&lab->lookout)) return ERR_STOPPED;
        Str key = lab_key(job->arena, &job->law, question);
        if (!lab_has(lab, key)) TRY(lab_find(lab, &job->law, question, diag));
        advance(lab, job, blocks[i]);
    }
    return OK;
}

/* The thread that answers. What is asked about of a job does not change while
 * it runs. */
static void *work(void *arg)
{
    Lab *lab = arg;
    LabJob *job;
    Diag diag = {.key = ""};
    LabBase *base;
    if (lab->month != 0) { /* a fault is told to who asks for it */
        (void)!lab_base(lab, &lab->law, lab->month, &diag, &base);
    }
    while ((job = take(lab)) != NULL) {
        int64_t began = micros_now(), number = job->number;
        diag = (Diag){.key = ""};
        Err err = answer(lab, job, &diag);
        pthread_mutex_lock(&lab->lock);
        bool stopped = err == ERR_STOPPED;
        if (stopped && lab->closing) {
            diag_set(&diag, "lab.busy");
            err = ERR_BUSY;
        }
        job->diag = diag;
        job->micros = micros_now() - began;
        end_job(job,
                err == OK            ? LAB_DONE
                : err == ERR_STOPPED ? LAB_STOPPED
                                     : LAB_FAILED,
                err);
        lab->running = 0;
        pthread_mutex_unlock(&lab->lock);
        tell(lab, number);
    }
    return NULL;
}

static Err verify(void *arg, int32_t number, Diag *diag)
{
    const Lab *lab = arg;
    return snapshot_verify(lab->snapshot, number, lab->threads, diag);
}

/* Opens the snapshot, and looks whether the law can be run on it. */
static Err open_population(Lab *lab, Diag *diag)
{
    FactReader reader;
    const FactColumns *facts;
    const Measures *measures;
    const LabLaw *law = &lab->law;
    TRY(snapshot_open(lab->path, diag, &lab->snapshot));
    lab->blocks = snapshot_block_count(lab->snapshot);
    TRY(facts_make(lab->arena, law->pack->catalogue, &facts));
    TRY(facts_reader(facts, lab->snapshot, lab->path, diag, &reader));
    TRY(team_run(lab->threads, verify, lab, diag));
    return measures_read(lab->arena, law->programme->model,
                         pack_file(law->pack, law->programme->path), diag,
                         &measures);
}

static Err start(Lab *lab, Diag *diag)
{
    lab->works = pthread_create(&lab->worker, NULL, work, lab) == 0;
    lab->ticks = pthread_create(&lab->clock, NULL, keep_time, lab) == 0;
    return lab->works && lab->ticks ? OK : no_memory(diag);
}

Err lab_open(const LabConfig *config, Diag *diag, Lab **ret)
{
    pthread_condattr_t steady;
    Arena *arena = arena_open(LAB_BYTES);
    if (arena == NULL) return no_memory(diag);
    Lab *lab = ARENA_NEW(arena, Lab);
    lab->arena = arena;
    lab->path = config->snapshot;
    lab->law = config->law;
    lab->month = config->month;
    lab->threads = config->threads;
    if (lab->threads == 0) lab->threads = team_processors();
    pthread_mutex_init(&lab->lock, NULL);
    pthread_cond_init(&lab->filled, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&lab->listened, &steady);
    pthread_condattr_destroy(&steady);
    hold(&lab->law, 1);
    Err err = open_population(lab, diag);
    if (err == OK) err = start(lab, diag);
    if (err != OK) lab_close(lab);
    if (err == OK) *ret = lab;
    return err;
}

void lab_stop(Lab *lab)
{
    int64_t ended[LAB_JOBS_MAX];
    int count = 0;
    if (lab == NULL) return;
    pthread_mutex_lock(&lab->lock);
    lab->closing = true;
    atomic_store(&lab->lookout.stop, true);
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        if (job->arena == NULL || job->state != LAB_WAITS) continue;
        diag_set(&job->diag, "lab.busy");
        end_job(job, LAB_FAILED, ERR_BUSY);
        ended[count++] = job->number;
    }
    pthread_cond_broadcast(&lab->filled);
    pthread_mutex_unlock(&lab->lock);
    for (int i = 0; i < count; i++) tell(lab, ended[i]);
}

void lab_settle(Lab *lab)
{
    if (lab == NULL) return;
    lab_stop(lab);
    if (lab->works) pthread_join(lab->worker, NULL);
    lab->works = false;
}

void lab_close(Lab *lab)
{
    if (lab == NULL) return;
    lab_settle(lab);
    pthread_mutex_lock(&lab->lock);
    lab->over = true;
    pthread_cond_broadcast(&lab->listened);
    pthread_mutex_unlock(&lab->lock);
    if (lab->ticks) pthread_join(lab->clock, NULL);
    hold(&lab->law, -1);
    for (int i = 0; i < LAB_JOBS_MAX; i++) arena_close(lab->job[i].arena);
    for (int i = 0; i < LAB_KEPT_MAX; i++) arena_close(lab->kept[i].arena);
    for (int i = 0; i < LAB_MONTHS_MAX; i++) arena_close(lab->base[i].arena);
    snapshot_close(lab->snapshot);
    pthread_cond_destroy(&lab->listened);
    pthread_cond_destroy(&lab->filled);
    pthread_mutex_destroy(&lab->lock);
    arena_close(lab->arena);
}

int64_t lab_households(const Lab *lab)
{
    return snapshot_rows(lab->snapshot, SNAPSHOT_HOUSEHOLDS);
}

Month lab_first_month(const Lab *lab)
{
    return (Month)snapshot_first_month(lab->snapshot);
}

/* All questions of a job as one text. */
static Str key_of(Arena *arena, const LabWork *work)
{
    Str key = {"", 0};
    for (int32_t i = 0; i < work->count; i++) {
        Str one = lab_key(arena, work->law, &work->questions[i]);
        key = str_of(
            arena_format(arena, "%.*s%.*s\n\n", STR_ARG(key), STR_ARG(one)));
    }
    return key;
}

/* The job with copies of all that it is about, in its own arena. */
static void fill_job(Arena *arena, const LabWork *work, LabJob *job)
{
    LabQuestion *questions = ARENA_ARRAY(arena, LabQuestion, work->count);
    for (int32_t i = 0; i < work->count; i++) {
        const LabQuestion *from = &work->questions[i];
        Str *sets = ARENA_ARRAY(arena, Str, from->set_count + 1);
        for (int32_t k = 0; k < from->set_count; k++) {
            sets[k] = str_copy(arena, from->sets[k]);
        }
        questions[i] = *from;
        questions[i].sets = sets;
    }
    *job = (LabJob){.arena = arena,
                    .who = str_copy(arena, work->who),
                    .page = str_copy(arena, work->page),
                    .key = key_of(arena, work),
                    .law = *work->law,
                    .questions = questions,
                    .count = work->count,
                    .state = LAB_WAITS};
}

/* The open job of somebody's that asks the same, or NULL. One that was told to
 * stop is as good as over. */
static LabJob *same_of(Lab *lab, const LabJob *made)
{
    for (int i = 0; i < LAB_JOBS_MAX; i++) {
        LabJob *job = &lab->job[i];
        bool stops = job->state == LAB_RUNS && lookout_stops(&lab->lookout);
        if (is_open(job) && !stops && str_equal(job->who, made->who) &&
            str_equal(job->key, made->key)) {
            return job;
        }
    }
    return NULL;
}

/*
 * Whether a job may come into the queue; `old` is what it takes the place of.
 */
static Err admit(Lab *lab, const LabJob *made, Diag *diag, LabJob **old)
{
    *old = theirs(lab, made->who, LAB_WAITS);
    bool other = *old != NULL && !str_equal((*old)->page, made->page);
    bool full = *old == NULL && waiting_of(lab) >= LAB_QUEUE_MAX;
    if (!lab->closing && !other && !full) return OK;
    diag_set(diag, other && !lab->closing ? "lab.yours" : "lab.busy");
    return ERR_BUSY;
}

/* Puts a job into the queue. Gives what it took the place of, or 0. */
static int64_t enqueue(Lab *lab, LabJob *made, LabJob *old)
{
    int64_t replaced = 0;
    made->number = made->order = ++lab->numbers;
    if (old != NULL) {
        replaced = old->number;
        made->order = old->order;
        end_job(old, LAB_REPLACED, ERR_STOPPED);
    }
    hold(&made->law, 1);
    LabJob *place = place_for(lab);
    arena_close(place->arena);
    *place = *made;
    pthread_cond_signal(&lab->filled);
    return replaced;
}

Err lab_ask(Lab *lab, const LabWork *work, Diag *diag, int64_t *ret,
            bool *ret_waits)
{
    LabJob made, *old = NULL;
    int64_t replaced = 0;
    Err err = OK;
    CHECK(work->count >= 1 && work->count <= LAB_ASKS_MAX);
    Arena *arena = arena_open(JOB_BYTES);
    if (arena == NULL) return no_memory(diag);
    fill_job(arena, work, &made);
    pthread_mutex_lock(&lab->lock);
    const LabJob *same = same_of(lab, &made);
    if (same == NULL) err = admit(lab, &made, diag, &old);
    bool queued = same == NULL && err == OK;
    if (queued) replaced = enqueue(lab, &made, old);
    if (err == OK) {
        *ret = queued ? made.number : same->number;
        *ret_waits = listen_to(lab, work, *ret);
    }
    pthread_mutex_unlock(&lab->lock);
    if (!queued) arena_close(arena);
    if (replaced != 0) tell(lab, replaced);
    return err;
}

void lab_status(Lab *lab, Str who, int64_t number, LabStatus *ret)
{
    *ret = (LabStatus){.state = LAB_UNKNOWN};
    pthread_mutex_lock(&lab->lock);
    const LabJob *job = job_of(lab, number);
    if (job != NULL && str_equal(job->who, who)) {
        *ret = (LabStatus){.state = job->state,
                           .done = job->finished,
                           .all = job->all,
                           .micros = job->micros,
                           .err = job->err,
                           .diag = job->diag};
        if (job->state == LAB_RUNS) {
            ret->done += atomic_load(&lab->lookout.done);
            if (ret->done > ret->all) ret->done = ret->all;
        }
        for (int i = 0; job->state == LAB_WAITS && i < LAB_JOBS_MAX; i++) {
            const LabJob *other = &lab->job[i];
            ret->ahead +=
                other->arena != NULL &&
                (other->state == LAB_RUNS ||
                 (other->state == LAB_WAITS && other->order < job->order));
        }
    }
    pthread_mutex_unlock(&lab->lock);
}

void lab_cancel(Lab *lab, Str who, int64_t number)
{
    bool over = false;
    pthread_mutex_lock(&lab->lock);
    LabJob *job = job_of(lab, number);
    if (job != NULL && str_equal(job->who, who)) {
        over = job->state == LAB_WAITS;
        if (over) end_job(job, LAB_STOPPED, ERR_STOPPED);
        if (lab->running == number) atomic_store(&lab->lookout.stop, true);
    }
    pthread_mutex_unlock(&lab->lock);
    if (over) tell(lab, number);
}
