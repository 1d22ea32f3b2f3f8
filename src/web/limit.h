/*
 * limit.h - how many requests one address may make: a bucket of tokens for
 * each, refilled evenly, in a table of fixed size.
 *
 * An IPv6 address counts by its network of 64 bits, which is what one customer
 * has. Who is pushed out of the table begins with a full bucket again.
 */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Limit Limit;

enum { LIMIT_ADDRESSES = 4096 };

/* What a request counts as. */
typedef enum LimitKind {
    LIMIT_USUAL,
    LIMIT_ENTRY, /* an attempt to sign in */
    LIMIT_FREE   /* not counted */
} LimitKind;

/* 0 in place of a rate: no limit. A bucket holds what comes in at once. */
typedef struct LimitRates {
    int usual_per_s;
    int usual_at_once;
    int entry_per_min;
    int entry_at_once;
} LimitRates;

/* A table in the arena, all buckets full. Ended by limit_close(). */
Limit *limit_open(Arena *arena, const LimitRates *rates);
void limit_close(Limit *limit);

/*
 * Takes a token of the client's bucket. From any thread.
 *
 * in     client: an address as text; anything else counts as itself
 * out    ret_wait_s: when it is empty, the seconds until there is a token
 */
bool limit_take(Limit *limit, Str client, LimitKind kind, int64_t now_ms,
                int *ret_wait_s);

#endif
