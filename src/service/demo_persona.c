#include "base/asset.h"
#include "codec/json.h"
#include "service/demo_int.h"

static const char table_file[] = "models/demo/personas.tsv";
static const char message_file[] = "models/demo/personas.ndjson";

static Str bytes_of(const char *file)
{
    const Asset *asset = asset_find(file);
    return asset == NULL ? (Str){NULL, 0} : asset->bytes;
}

/* The next line of the table: a word and a number. */
static bool next_row(Str *rest, Str *ret_word, int64_t *ret_number)
{
    Str line;
    while (str_split(rest, '\n', &line)) {
        if (line.bytes == 0 || line.at[0] == '#') continue;
        str_split(&line, '\t', ret_word);
        return str_to_int(line, ret_number);
    }
    return false;
}

int64_t demo_persona_households(void)
{
    Str rest = bytes_of(table_file), word;
    int64_t number;
    while (next_row(&rest, &word, &number)) {
        if (str_is(word, "@households")) return number;
    }
    return 0;
}

/* Carries out one message as it would have come at its own time. */
static Err send(const DemoOptions *options, Arena *arena, Str line,
                Event *event, Diag *diag)
{
    const Json *message;
    Str time;
    Instant now;
    EventOutcome outcome;
    TRY(event_read(arena, options->types, line, diag, event));
    TRY(json_read(arena, line, diag, &message));
    if (!json_text(json_get(message, "time"), &time) ||
        !instant_read(time, &now)) {
        diag_set(diag, "event.missing");
        diag_arg_text(diag, "time");
        return ERR_INVALID;
    }
    if (instant_day(now, 0) >= month_first_day(options->until)) return OK;
    return event_apply(options->tx, arena, options->types, event, now, diag,
                       &outcome);
}

Err demo_persona_make(const DemoOptions *options, Arena *arena, Diag *diag,
                      int64_t *ret_events)
{
    Arena *own CLEANUP(arena_closep) = arena_open((size_t)64 << 20);
    Event *event = ARENA_NEW(arena, Event);
    Str rest = bytes_of(message_file), line;
    for (int32_t number = 1; str_split(&rest, '\n', &line); number++) {
        if (line.bytes == 0) continue;
        arena_reset(own);
        Err err = send(options, own, line, event, diag);
        if (err != OK) {
            diag_place(diag, message_file, number, diag->column);
            return err;
        }
        ++*ret_events;
    }
    return OK;
}

/* The names that are believed now. */
static Err read_names(Arena *arena, const KindCatalogue *catalogue,
                      const DemoNation *nation, Str bytes, DemoPersona *persona)
{
    Book book;
    TRY(book_read(arena, catalogue, bytes, &book));
    for (int32_t i = 0; i < book.segment_count; i++) {
        const Segment *segment = &book.segments[i];
        if (segment->subject != persona->person_id || segment->to != DAY_OPEN) {
            continue;
        }
        if (segment->is.kind == nation->word.name.kind->id) {
            persona->name = segment->is.text;
        }
        if (segment->is.kind == nation->word.name_latin.kind->id) {
            persona->name_latin = segment->is.text;
        }
    }
    return OK;
}

static Err find(StoreConn *conn, Arena *arena, const KindCatalogue *catalogue,
                const DemoNation *nation, DemoPersona *persona, bool *ret_found)
{
    int64_t version;
    Str bytes;
    StoreStmt *stmt = store_query(conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, persona->person_id);
    TRY(store_step(stmt, ret_found));
    if (!*ret_found) return OK;
    persona->household_id = store_int(stmt, 0);
    persona->national_id = str_copy(arena, store_text(stmt, 1));
    store_reset(stmt);
    TRY(registry_book(conn, arena, persona->household_id, &version, &bytes));
    return read_names(arena, catalogue, nation, bytes, persona);
}

Err demo_personas(StoreConn *conn, Arena *arena, const KindCatalogue *catalogue,
                  Diag *diag, DemoPersona *ret, int32_t *ret_count)
{
    Str nation_name, word, rest = bytes_of(table_file);
    const DemoNation *nation;
    int64_t person;
    *ret_count = 0;
    TRY(demo_state(conn, arena, &nation_name));
    if (nation_name.at == NULL) return OK;
    TRY(demo_nation_load(arena, catalogue, diag, &nation));
    while (next_row(&rest, &word, &person)) {
        if (word.at[0] == '@' || *ret_count == DEMO_PERSONAS_MAX) continue;
        bool found;
        DemoPersona *persona = &ret[*ret_count];
        *persona =
            (DemoPersona){.id = str_copy(arena, word), .person_id = person};
        TRY(find(conn, arena, catalogue, nation, persona, &found));
        *ret_count += found;
    }
    return OK;
}
