#include "web/kept.h"

#include <pthread.h>
#include <stdatomic.h>

/* A key may stand in one of the few slots of its set. */
enum { SET_SLOTS = 8, SETS = KEPT_PAGES_MAX / SET_SLOTS, LOCKS = 16 };

typedef struct Slot {
    KeptKey key;
    BackendStamp stamp;
    HttpKept *page; /* NULL: free */
    uint64_t used;  /* when it was last found, counted in finds */
} Slot;

struct Kept {
    pthread_mutex_t lock[LOCKS]; /* lock n: of the sets n, n + LOCKS, .. */
    atomic_ullong found;
    atomic_ullong missed;
    atomic_ullong tick;
    Slot slot[SETS][SET_SLOTS];
};

Kept *kept_open(Arena *arena)
{
    Kept *kept = ARENA_NEW(arena, Kept);
    for (int i = 0; i < LOCKS; i++)
        (void)pthread_mutex_init(&kept->lock[i], NULL);
    return kept;
}

void kept_close(Kept *kept)
{
    for (int set = 0; set < SETS; set++) {
        for (int i = 0; i < SET_SLOTS; i++) {
            HttpKept *page = kept->slot[set][i].page;
            if (page != NULL) http_kept_drop(page);
            kept->slot[set][i].page = NULL;
        }
    }
    for (int i = 0; i < LOCKS; i++) (void)pthread_mutex_destroy(&kept->lock[i]);
}

/* Keys of sessions are hashes: any of their bytes will do. */
static unsigned set_of(const KeptKey *key)
{
    unsigned first = 0;
    memcpy(&first, key->session, sizeof first);
    return (first + (unsigned)key->page * 31 + key->manner * 7) % SETS;
}

static bool is_same(const KeptKey *a, const KeptKey *b)
{
    return a->page == b->page && a->manner == b->manner &&
           memcmp(a->session, b->session, sizeof a->session) == 0;
}

HttpKept *kept_find(Kept *kept, const KeptKey *key, BackendStamp *ret_stamp)
{
    unsigned set = set_of(key);
    HttpKept *found = NULL;
    (void)pthread_mutex_lock(&kept->lock[set % LOCKS]);
    for (int i = 0; i < SET_SLOTS && found == NULL; i++) {
        Slot *slot = &kept->slot[set][i];
        if (slot->page == NULL || !is_same(&slot->key, key)) continue;
        found = slot->page;
        http_kept_hold(found);
        *ret_stamp = slot->stamp;
        slot->used = atomic_fetch_add(&kept->tick, 1) + 1;
    }
    (void)pthread_mutex_unlock(&kept->lock[set % LOCKS]);
    atomic_fetch_add(found != NULL ? &kept->found : &kept->missed, 1);
    return found;
}

/* Where a page is to stand: on its older self, a free slot, the least used. */
static Slot *place_of(Slot *slots, const KeptKey *key)
{
    Slot *place = &slots[0];
    for (int i = 0; i < SET_SLOTS; i++) {
        Slot *slot = &slots[i];
        if (slot->page != NULL && is_same(&slot->key, key)) return slot;
        if (slot->used < place->used) place = slot;
    }
    return place;
}

void kept_put(Kept *kept, const KeptKey *key, const BackendStamp *stamp,
              HttpKept *page)
{
    unsigned set = set_of(key);
    (void)pthread_mutex_lock(&kept->lock[set % LOCKS]);
    Slot *slot = place_of(kept->slot[set], key);
    HttpKept *pushed_out = slot->page;
    *slot = (Slot){*key, *stamp, page, atomic_fetch_add(&kept->tick, 1) + 1};
    (void)pthread_mutex_unlock(&kept->lock[set % LOCKS]);
    if (pushed_out != NULL) http_kept_drop(pushed_out);
}

void kept_metrics(Kept *kept, Buf *buf)
{
    buf_format(buf,
               "# TYPE sanad_pages_kept_total counter\n"
               "sanad_pages_kept_total{found=\"yes\"} %llu\n"
               "sanad_pages_kept_total{found=\"no\"} %llu\n",
               (unsigned long long)atomic_load(&kept->found),
               (unsigned long long)atomic_load(&kept->missed));
}
