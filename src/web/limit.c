#include "web/limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>

#include "crypto/hash.h"
#include "crypto/secret.h"

enum {
    SET_SLOTS = 8,
    SETS = LIMIT_ADDRESSES / SET_SLOTS,
    LOCKS = 16,
    KINDS = 2
};

/* A bucket is the moment at which it will be full again, in microseconds:
 * later by one interval for each token taken, never before now. */
typedef struct Slot {
    uint64_t address[2];
    int64_t full_at_us[KINDS];
} Slot;

struct Limit {
    pthread_mutex_t lock[LOCKS];
    uint64_t seed[2]; /* nobody can choose addresses that share a set */
    int64_t interval_us[KINDS];
    int64_t room_us[KINDS]; /* how far ahead a bucket may be */
    Slot slot[SETS][SET_SLOTS];
};

static void set_rate(Limit *limit, LimitKind kind, int64_t per_min, int at_once)
{
    if (per_min <= 0) return;
    limit->interval_us[kind] = INT64_C(60000000) / per_min;
    limit->room_us[kind] =
        limit->interval_us[kind] * (at_once > 0 ? at_once : 1);
}

Limit *limit_open(Arena *arena, const LimitRates *rates)
{
    Limit *limit = ARENA_NEW(arena, Limit);
    for (int i = 0; i < LOCKS; i++)
        (void)pthread_mutex_init(&limit->lock[i], NULL);
    secret_random(limit->seed, sizeof limit->seed);
    set_rate(limit, LIMIT_USUAL, INT64_C(60) * rates->usual_per_s,
             rates->usual_at_once);
    set_rate(limit, LIMIT_ENTRY, rates->entry_per_min, rates->entry_at_once);
    return limit;
}

void limit_close(Limit *limit)
{
    for (int i = 0; i < LOCKS; i++)
        (void)pthread_mutex_destroy(&limit->lock[i]);
}

/* What counts as one address. */
static void read_address(Str client, uint64_t ret[2])
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr v6;
    struct in_addr v4;
    if (client.bytes < sizeof text) {
        memcpy(text, client.at, client.bytes);
        text[client.bytes] = '\0';
        if (inet_pton(AF_INET, text, &v4) == 1) {
            ret[0] = v4.s_addr;
            ret[1] = AF_INET;
            return;
        }
        if (inet_pton(AF_INET6, text, &v6) == 1) {
            memcpy(&ret[0], &v6, sizeof ret[0]);
            ret[1] = AF_INET6;
            return;
        }
    }
    Hash hash = hash_of(client);
    memcpy(ret, hash.byte, 2 * sizeof ret[0]);
}

static unsigned set_of(const Limit *limit, const uint64_t address[2])
{
    uint64_t x = (address[0] ^ limit->seed[0]) * UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x = (x ^ address[1] ^ limit->seed[1]) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (unsigned)((x ^ x >> 33) % SETS);
}

/* The address's slot, or the one whose buckets are nearest to full. */
static Slot *slot_of(Slot *slots, const uint64_t address[2])
{
    Slot *place = &slots[0];
    for (int i = 0; i < SET_SLOTS; i++) {
        Slot *slot = &slots[i];
        if (memcmp(slot->address, address, sizeof slot->address) == 0)
            return slot;
        int64_t full = slot->full_at_us[LIMIT_USUAL];
        if (full < place->full_at_us[LIMIT_USUAL]) place = slot;
    }
    *place = (Slot){.address = {address[0], address[1]}};
    return place;
}

bool limit_take(Limit *limit, Str client, LimitKind kind, int64_t now_ms,
                int *ret_wait_s)
{
    *ret_wait_s = 0;
    if (kind == LIMIT_FREE || limit->interval_us[kind] == 0) return true;
    uint64_t address[2];
    read_address(client, address);
    unsigned set = set_of(limit, address);
    int64_t now_us = now_ms * 1000;
    (void)pthread_mutex_lock(&limit->lock[set % LOCKS]);
    Slot *slot = slot_of(limit->slot[set], address);
    int64_t full_us = slot->full_at_us[kind];
    if (full_us < now_us) full_us = now_us;
    int64_t next_us = full_us + limit->interval_us[kind];
    int64_t over_us = next_us - now_us - limit->room_us[kind];
    if (over_us <= 0) slot->full_at_us[kind] = next_us;
    (void)pthread_mutex_unlock(&limit->lock[set % LOCKS]);
    if (over_us > 0) *ret_wait_s = (int)(over_us / 1000000) + 1;
    return over_us <= 0;
}
