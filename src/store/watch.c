#include "store/watch.h"

#include "store/watch_int.h"

/* Mixes all bits of a number into all others (MurmurHash3's last step). */
static uint64_t mixed(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

/* Place 0 belongs to "everything". */
static unsigned place_of(unsigned kind, uint64_t id)
{
    uint64_t hash = mixed(id ^ mixed(kind));
    return 1 + (unsigned)(hash % (WATCH_PLACES - 1));
}

static uint64_t number_of(Str bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < bytes.bytes; i++)
        hash = (hash ^ (unsigned char)bytes.at[i]) * UINT64_C(1099511628211);
    return hash;
}

void watch_bound_number(StoreStmt *stmt, int64_t id)
{
    stmt->touch = place_of(stmt->text->touches, (uint64_t)id);
}

void watch_bound_bytes(StoreStmt *stmt, Str id)
{
    stmt->touch = place_of(stmt->text->touches, number_of(id));
}

void watch_mark(StoreStmt *stmt)
{
    const QueryText *text = stmt->text;
    if (text->touches == WATCH_NOTHING) return;
    unsigned place = 0;
    if (text->touches != WATCH_EVERYTHING)
        place = text->touch_parameter == 0 ? place_of(text->touches, 0)
                                           : stmt->touch;
    stmt->conn->touched[place / 64] |= UINT64_C(1) << place % 64;
    stmt->conn->touched_any = true;
    if (!stmt->conn->in_transaction) watch_raise(stmt->conn);
}

void watch_mark_all(StoreConn *conn)
{
    conn->touched[0] |= 1;
    conn->touched_any = true;
    if (!conn->in_transaction) watch_raise(conn);
}

void watch_raise(StoreConn *conn)
{
    if (!conn->touched_any) return;
    conn->touched_any = false;
    atomic_fetch_add(&conn->store->total, 1);
    for (unsigned word = 0; word < WATCH_PLACES / 64; word++) {
        uint64_t bits = conn->touched[word];
        conn->touched[word] = 0;
        for (unsigned bit = 0; bits != 0; bit++, bits >>= 1)
            if ((bits & 1) != 0)
                atomic_fetch_add(&conn->store->counts[word * 64 + bit], 1);
    }
}

bool watch_works(Store *store)
{
    if (store->kind != STORE_SQLITE) return false;
    pthread_mutex_lock(&store->lease_lock);
    bool writer = store->writer_count > 0;
    pthread_mutex_unlock(&store->lease_lock);
    return writer;
}

static void note(Watch *watch, const Store *store, unsigned place)
{
    CHECK(watch->count < WATCH_NOTES_MAX);
    watch->place[watch->count] = place;
    watch->seen[watch->count++] = atomic_load(&store->counts[place]);
}

Watch watch_begin(const Store *store)
{
    Watch watch = {.count = 0, .total = atomic_load(&store->total)};
    note(&watch, store, 0);
    return watch;
}

void watch_kind(Watch *watch, const Store *store, WatchKind kind)
{
    note(watch, store, place_of(kind, 0));
}

void watch_number(Watch *watch, const Store *store, WatchKind kind, int64_t id)
{
    note(watch, store, place_of(kind, (uint64_t)id));
}

void watch_bytes(Watch *watch, const Store *store, WatchKind kind, Str id)
{
    note(watch, store, place_of(kind, number_of(id)));
}

void watch_learnt(Watch *watch, const Store *store, WatchKind kind, int64_t id)
{
    if (watch->count == 0) return;
    bool full = watch->count == WATCH_NOTES_MAX;
    if (!full) watch_number(watch, store, kind, id);
    /* the total rises first: equal now, nothing had risen when it was noted */
    if (full || atomic_load(&store->total) != watch->total) watch->count = 0;
}

bool watch_holds(const Watch *watch, const Store *store)
{
    for (int i = 0; i < watch->count; i++)
        if (atomic_load(&store->counts[watch->place[i]]) != watch->seen[i])
            return false;
    return watch->count > 0;
}
