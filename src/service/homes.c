#include "service/homes.h"

#include <stdlib.h>

#include "registry/registry.h"

enum { HOMES_MAX = 64 };

static int by_time(const void *left, const void *right)
{
    const HomeSpell *a = left, *b = right;
    int64_t order = (int64_t)a->from - b->from;
    if (order == 0) order = (int64_t)a->to - b->to;
    return order < 0 ? -1 : order > 0;
}

/* Spells of one household that touch are one. */
static int32_t join(HomeSpell *spells, int32_t count)
{
    int32_t kept = 0;
    qsort(spells, (size_t)count, sizeof *spells, by_time);
    for (int32_t i = 0; i < count; i++) {
        HomeSpell *last = kept > 0 ? &spells[kept - 1] : NULL;
        if (last == NULL || last->to < spells[i].from) {
            spells[kept++] = spells[i];
        } else if (spells[i].to > last->to) {
            last->to = spells[i].to;
        }
    }
    return kept;
}

Err homes_in(StoreConn *conn, Arena *arena, const KindCatalogue *catalogue,
             int64_t person_id, int64_t household_id, Homes *ret)
{
    Str bytes;
    Book book;
    int64_t version;
    int32_t left = kind_code(catalogue->member, STR("left"));
    *ret = (Homes){.count = 0};
    Err err = registry_book(conn, arena, household_id, &version, &bytes);
    if (err == ERR_NOT_FOUND) return OK;
    if (err != OK) return err;
    TRY(book_read(arena, catalogue, bytes, &book));
    HomeSpell *spells =
        arena_try_raw(arena, (size_t)book.segment_count + 1, sizeof *spells);
    if (spells == NULL) return ERR_FULL;
    int32_t count = 0;
    for (int32_t i = 0; i < book.segment_count; i++) {
        const Segment *segment = &book.segments[i];
        if (segment->subject != person_id || segment->from >= segment->to ||
            segment->is.kind != catalogue->member->id ||
            segment->is.value == left) {
            continue;
        }
        spells[count++] = (HomeSpell){household_id, segment->from, segment->to};
    }
    *ret = (Homes){.spell = spells, .count = join(spells, count)};
    return OK;
}

/* Where the person lives and lived, each household once. */
static Err households_of(StoreConn *conn, int64_t person_id, int64_t *ids,
                         int32_t *ret_count)
{
    static const Query queries[] = {Q_PERSON_GET, Q_STAY_LIST};
    int32_t count = 0;
    for (int i = 0; i < 2; i++) {
        bool row;
        StoreStmt *stmt = store_query(conn, queries[i]);
        store_bind_int(stmt, 1, person_id);
        for (;;) {
            TRY(store_step(stmt, &row));
            if (!row) break;
            int64_t id = store_int(stmt, 0);
            int32_t at = 0;
            while (at < count && ids[at] != id) at++;
            if (at < count) continue;
            if (count == HOMES_MAX) {
                store_reset(stmt);
                return ERR_FULL;
            }
            ids[count++] = id;
        }
    }
    *ret_count = count;
    return OK;
}

Err homes_of(StoreConn *conn, Arena *arena, const KindCatalogue *catalogue,
             int64_t person_id, Homes *ret)
{
    Homes part[HOMES_MAX];
    int64_t *ids = arena_try_raw(arena, HOMES_MAX, sizeof *ids);
    if (ids == NULL) return ERR_FULL;
    int32_t households = 0, count = 0, all = 0;
    TRY(households_of(conn, person_id, ids, &households));
    for (int32_t i = 0; i < households; i++) {
        TRY(homes_in(conn, arena, catalogue, person_id, ids[i], &part[i]));
        all += part[i].count;
    }
    HomeSpell *spells = arena_try_raw(arena, (size_t)all + 1, sizeof *spells);
    if (spells == NULL) return ERR_FULL;
    for (int32_t i = 0; i < households; i++) {
        for (int32_t s = 0; s < part[i].count; s++) {
            spells[count++] = part[i].spell[s];
        }
    }
    qsort(spells, (size_t)count, sizeof *spells, by_time);
    *ret = (Homes){spells, count, ids, households};
    return OK;
}

const HomeSpell *homes_at(const Homes *homes, Day day)
{
    for (int32_t i = homes->count - 1; i >= 0; i--) {
        const HomeSpell *spell = &homes->spell[i];
        if (spell->from <= day && day < spell->to) return spell;
    }
    return NULL;
}

Month homes_month(const Homes *homes, int64_t household_id, Month month)
{
    for (int32_t i = 0; i < homes->count; i++) {
        const HomeSpell *spell = &homes->spell[i];
        if (spell->household_id != household_id) continue;
        Month first = month;
        if (spell->from > month_first_day(month)) {
            first = month_of_day(spell->from - 1) + 1;
        }
        if (month_first_day(first) < spell->to) return first;
    }
    return MONTH_NEVER;
}
