/*
 * facts.c - the facts of a book in words.
 */
#include "service/explain_int.h"
#include "text/calendar.h"
#include "text/number.h"

enum {
    LOOKBACK_MONTHS = 12,
    FACT_ROOM_BYTES = 2560 /* more than any fact takes in words */
};

static Str words(const TextStyle *style, Arena *arena, const char *group,
                 const char *name, const char *code)
{
    const char *key = code == NULL
                          ? arena_format(arena, "%s.%s", group, name)
                          : arena_format(arena, "%s.%s.%s", group, name, code);
    if (text_has(style->texts, str_of(key))) return text_get(style, key);
    return str_of(arena_format(arena, "%s", code == NULL ? name : code));
}

static void write_asset(Arena *arena, const KindCatalogue *catalogue,
                        const TextStyle *style, const Attribute *is, Buf *buf)
{
    buf_str(buf, words(style, arena, "asset",
                       catalogue->asset_classes[is->asset_class], NULL));
    buf_text(buf, ": ");
    number_write_money(buf, style, (Money){is->value});
    if ((is->flags & ASSET_LIVED_IN) != 0) {
        buf_text(buf, " ");
        buf_str(buf, text_get(style, "asset_lived_in"));
    }
}

static void write_fact(Arena *arena, const KindCatalogue *catalogue,
                       const TextStyle *style, const Attribute *is, Buf *buf)
{
    const Kind *kind = catalogue->by_id[is->kind];
    switch (kind->type) {
    case KIND_DATE:
        calendar_write_short(buf, style, (Day)is->value);
        return;
    case KIND_FLAG:
        buf_str(buf, text_get(style, is->value ? "value.yes" : "value.no"));
        return;
    case KIND_COUNT:
        number_write(buf, style, is->value);
        return;
    case KIND_MONEY:
        number_write_money(buf, style, (Money){is->value});
        if (kind->project == PROJECT_SUM) {
            buf_text(buf, " ");
            buf_str(buf, text_get(style, "value.per_month"));
        }
        return;
    case KIND_CODE:
        buf_str(buf, words(style, arena, "fact", kind->name,
                           kind->codes[is->value]));
        return;
    case KIND_TEXT:
        buf_str(buf, is->text);
        return;
    case KIND_ASSET:
        write_asset(arena, catalogue, style, is, buf);
        return;
    }
}

/* Whether a segment says anything about a month or the year before it. */
static bool matters(const Kind *kind, const Segment *segment, Month month)
{
    Day day = month_first_day(month);
    bool holds = segment->from <= day && day < segment->to;
    switch (kind->project) {
    case PROJECT_STATE:
    case PROJECT_LIST:
    case PROJECT_NONE:
        return holds;
    case PROJECT_SUM:
    case PROJECT_LUMP:
    case PROJECT_DAYS:
        return segment->from < day && segment->is.value != 0 &&
               segment->to > month_first_day(month - LOOKBACK_MONTHS);
    }
    return false;
}

Err explain_facts(Arena *arena, const KindCatalogue *catalogue,
                  const TextStyle *style, Str bytes, Month month,
                  const ExplainFact **ret, size_t *ret_count)
{
    Book book;
    TRY(book_read(arena, catalogue, bytes, &book));
    size_t count = 0;
    for (int32_t i = 0; i < book.segment_count; i++) {
        const Segment *segment = &book.segments[i];
        count += matters(catalogue->by_id[segment->is.kind], segment, month);
    }
    if (count > arena_room_bytes(arena) / FACT_ROOM_BYTES) return ERR_FULL;
    ExplainFact *facts = ARENA_ARRAY(arena, ExplainFact, count + 1);
    count = 0;
    for (int32_t i = 0; i < book.segment_count; i++) {
        const Segment *segment = &book.segments[i];
        const Kind *kind = catalogue->by_id[segment->is.kind];
        const Origin *origin = &book.origins[segment->origin];
        if (!matters(kind, segment, month)) continue;
        Buf value = buf_make(FORMAT_BYTES_MAX + 512);
        write_fact(arena, catalogue, style, &segment->is, &value);
        const char *source =
            arena_text(arena, origin->source.at, origin->source.bytes);
        facts[count++] = (ExplainFact){
            .person_id = segment->subject,
            .kind = kind->id,
            .label = words(style, arena, "fact", kind->name, NULL),
            .value = str_copy(arena, buf_view(&value)),
            .source = words(style, arena, "source", source, NULL),
            .message = str_of(
                arena_format(arena, "%d.%d", origin->version, origin->ordinal)),
            .from = segment->from,
            .to = segment->to,
            .received = origin->received};
        buf_free(&value);
    }
    *ret = facts;
    *ret_count = count;
    return OK;
}
