/*
 * fuzz_events - any bytes as a message of an agency: read or refused, and
 * what is read can be stated.
 */
#include "base/asset.h"
#include "registry/event.h"

static const EventTypes *load(Arena *arena)
{
    Diag diag;
    const KindCatalogue *catalogue;
    const Formats *formats;
    EventTypes *types = ARENA_NEW(arena, EventTypes);
    CHECK(kind_load(arena, asset_find("models/facts.tsv")->bytes,
                    asset_find("models/asset-classes.tsv")->bytes, &diag,
                    &catalogue) == OK);
    CHECK(format_load_embedded(arena, &diag, &formats) == OK);
    CHECK(event_types_load(arena, catalogue, formats,
                           asset_find("models/events.tsv")->bytes, &diag,
                           types) == OK);
    return types;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static Arena *lasting, *arena;
    static const EventTypes *types;
    if (lasting == NULL) {
        lasting = arena_open((size_t)16 << 20);
        arena = arena_open((size_t)64 << 20);
        types = load(lasting);
    }
    arena_reset(arena);
    Diag diag = {0};
    Event *event = ARENA_NEW(arena, Event);
    Str text = {(const char *)bytes, count};
    Err err = event_read(arena, types, text, &diag, event);
    CHECK((err == OK) == (diag.key[0] == '\0'));
    if (err != OK) return 0;
    CHECK(event->from < event->to);
    CHECK(event->member_count <= EVENT_MEMBERS_MAX);
    return 0;
}
