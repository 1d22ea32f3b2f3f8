#include "service/shelf.h"

#include <pthread.h>

enum {
    PLACES = 64,             /* years of law */
    PLACE_BYTES = 128 << 20, /* limit of one pack; a usual one takes 2 MB */
};

typedef struct Place {
    int64_t id;
    Arena *arena;
    Shelved found;
} Place;

struct Shelf {
    pthread_mutex_t turn;
    size_t count;
    Place places[PLACES];
};

Shelf *shelf_open(Arena *arena)
{
    Shelf *shelf = ARENA_NEW(arena, Shelf);
    CHECK(pthread_mutex_init(&shelf->turn, NULL) == 0);
    return shelf;
}

void shelf_close(Shelf *shelf)
{
    if (shelf == NULL) return;
    for (size_t i = 0; i < shelf->count; i++) {
        arena_close(shelf->places[i].arena);
    }
    pthread_mutex_destroy(&shelf->turn);
}

static Err read_pack(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
                     Shelved *ret)
{
    Texts *texts;
    TRY(pack_load(conn, arena, id, diag, &ret->pack));
    TRY(text_open(arena, diag, &texts));
    Str law = pack_file(ret->pack, "locale/law.tsv");
    if (law.at != NULL) TRY(text_add(texts, "locale/law.tsv", law, diag));
    ret->texts = texts;
    return OK;
}

static Err get(Shelf *shelf, StoreConn *conn, Arena *arena, int64_t id,
               Diag *diag, Shelved *ret)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->places[i].id != id) continue;
        *ret = shelf->places[i].found;
        return OK;
    }
    if (shelf->count == PLACES) return read_pack(conn, arena, id, diag, ret);
    Place place = {.id = id, .arena = arena_open(PLACE_BYTES)};
    Err err = read_pack(conn, place.arena, id, diag, &place.found);
    if (err != OK) {
        arena_close(place.arena);
        return err;
    }
    shelf->places[shelf->count++] = place;
    *ret = place.found;
    return OK;
}

Err shelf_get(Shelf *shelf, StoreConn *conn, Arena *arena, int64_t id,
              Diag *diag, Shelved *ret)
{
    pthread_mutex_lock(&shelf->turn);
    Err err = get(shelf, conn, arena, id, diag, ret);
    pthread_mutex_unlock(&shelf->turn);
    return err;
}
