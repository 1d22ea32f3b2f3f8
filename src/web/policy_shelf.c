#include "web/policy_shelf.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    LAWS_MAX = 16,
    LAWS_KEPT = 4, /* more only while somebody uses them */
    LAW_BYTES = 1 << 30
};

typedef struct Law {
    const Policy *policy; /* NULL: the place is free */
    int64_t id;           /* of its pack */
    Arena *arena;         /* NULL: it is the first */
    atomic_int holds;     /* requests and jobs of the lab */
    uint64_t used;
} Law;

struct PolicyShelf {
    const Backend *backend;
    pthread_mutex_t lock;
    uint64_t tick;
    Law law[LAWS_MAX];
};

/* A law that a request uses; in its arena. */
typedef struct Held {
    Law *law;
    struct Held *next;
} Held;

static void hold(void *arg, int change)
{
    Law *law = arg;
    atomic_fetch_add(&law->holds, change);
}

static void give_back(void *arg)
{
    for (const Held *held = arg; held != NULL; held = held->next) {
        hold(held->law, -1);
    }
}

PolicyShelf *policy_shelf_open(Arena *arena, const Backend *backend,
                               const Policy *first)
{
    PolicyShelf *shelf = ARENA_NEW(arena, PolicyShelf);
    shelf->backend = backend;
    pthread_mutex_init(&shelf->lock, NULL);
    shelf->law[0].policy = first;
    shelf->law[0].id = first->pack->id;
    return shelf;
}

void policy_shelf_close(PolicyShelf *shelf)
{
    if (shelf == NULL) return;
    for (int i = 0; i < LAWS_MAX; i++) arena_close(shelf->law[i].arena);
    pthread_mutex_destroy(&shelf->lock);
}

/* As all that follow, under the lock. */
static Law *find(PolicyShelf *shelf, int64_t id)
{
    for (int i = 0; i < LAWS_MAX; i++) {
        Law *law = &shelf->law[i];
        if (law->policy != NULL && law->id == id) return law;
    }
    return NULL;
}

/* The law that nobody uses and that was used least lately, or NULL. */
static Law *idle(PolicyShelf *shelf)
{
    Law *found = NULL;
    for (int i = 0; i < LAWS_MAX; i++) {
        Law *law = &shelf->law[i];
        if (law->arena == NULL || atomic_load(&law->holds) > 0) continue;
        if (found == NULL || law->used < found->used) found = law;
    }
    return found;
}

static void forget(Law *law)
{
    arena_close(law->arena);
    law->arena = NULL;
    law->policy = NULL;
}

/* A free place; NULL when all laws are in use. */
static Law *place_for(PolicyShelf *shelf)
{
    int count = 0;
    Law *place = NULL;
    for (int i = 0; i < LAWS_MAX; i++) {
        if (shelf->law[i].policy != NULL)
            count++;
        else
            place = &shelf->law[i];
    }
    Law *old = count >= LAWS_KEPT ? idle(shelf) : NULL;
    if (old == NULL) return place;
    forget(old);
    return old;
}

/* Reads a law into a free place; NULL, with *err, when that cannot be. */
static Law *load(PolicyShelf *shelf, int64_t id, Diag *diag, Err *err)
{
    const Backend *backend = shelf->backend;
    const Pack *pack;
    const Policy *policy = NULL;
    Law *law = place_for(shelf);
    *err = ERR_BUSY;
    if (law == NULL) {
        diag_set(diag, "policy.laws");
        return NULL;
    }
    *err = ERR_FULL;
    Arena *arena = arena_open(LAW_BYTES);
    if (arena == NULL) return NULL;
    *err = backend->law_pack(backend->self, arena, id, diag, &pack);
    if (*err == OK) *err = policy_open(arena, pack, diag, &policy);
    if (*err != OK) {
        arena_close(arena);
        return NULL;
    }
    law->arena = arena;
    law->policy = policy;
    law->id = id;
    return law;
}

/* A law, held once more; NULL as load(). */
static Law *take(PolicyShelf *shelf, int64_t id, Diag *diag, Err *err)
{
    pthread_mutex_lock(&shelf->lock);
    Law *law = find(shelf, id);
    if (law == NULL) law = load(shelf, id, diag, err);
    if (law != NULL) {
        law->used = ++shelf->tick;
        hold(law, 1);
    }
    pthread_mutex_unlock(&shelf->lock);
    return law;
}

Err policy_shelf_law(PolicyShelf *shelf, Month month, HttpRequest *request,
                     Diag *diag, PolicyLaw *ret)
{
    Err err = OK;
    const Backend *backend = shelf->backend;
    int64_t id = shelf->law[0].id;
    if (backend->law != NULL) TRY(backend->law(backend->self, month, &id));
    Law *law = take(shelf, id, diag, &err);
    if (law == NULL) return err;
    Held *held = ARENA_NEW(request->arena, Held);
    *held = (Held){law, request->ended_arg};
    request->ended = give_back;
    request->ended_arg = held;
    *ret = (PolicyLaw){.policy = law->policy};
    if (law->policy->count > 0) {
        ret->lab = (LabLaw){.pack = law->policy->pack,
                            .programme = law->policy->models[0].programme,
                            .hold = hold,
                            .arg = law};
    }
    return OK;
}
