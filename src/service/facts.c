/*
 * facts.c - the facts of a book in words.
 */
#include <stdlib.h>

#include "feel/type.h"
#include "registry/life.h"
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
        calendar_write_both(buf, style, (Day)is->value);
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

/* That he was not there before his birth is not that he left. */
static bool unborn(const Book *book, const Segment *segment)
{
    const Kind *member = book->catalogue->member;
    return segment->is.kind == member->id &&
           segment->is.value == kind_code(member, STR("left")) &&
           segment->to <= life_birth(book, segment->subject);
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

/*
 * Whether a fact may stand with a household's decision: what is known of those
 * who belong to it or died there, and of others only that they left. What
 * somebody earns after a divorce is no affair of those whom he left.
 */
static bool belongs(const Book *book, const Segment *segment, Month month)
{
    const Kind *member = book->catalogue->member;
    if (segment->subject == BOOK_HOUSEHOLD) return true;
    if (segment->is.kind == member->id) return !unborn(book, segment);
    const Segment *place = book_find(book, segment->subject, member->id, 0,
                                     month_first_day(month));
    return place != NULL && place->is.value != kind_code(member, STR("left"));
}

/* Whether a programme's decisions see facts of a kind. */
static bool is_seen(const Programme *programme, const Kind *kind)
{
    const FeelType *household =
        dmn_input_type(programme->model, programme->household_input);
    const FeelType *members = feel_type_field(household, STR("members"));
    const FeelType *record = household;
    if (kind->of_person) {
        if (members->kind != FEEL_LIST) return false;
        record = members->item;
    }
    return record->shape != NULL &&
           feel_shape_find(record->shape, str_of(kind->name)) >= 0;
}

static ExplainFact make_fact(Arena *arena, const Book *book,
                             const TextStyle *style, const Segment *segment,
                             Month month)
{
    const Kind *kind = book->catalogue->by_id[segment->is.kind];
    const Origin *origin = &book->origins[segment->origin];
    Buf value = buf_make(FORMAT_BYTES_MAX + 512);
    write_fact(arena, book->catalogue, style, &segment->is, &value);
    const char *source =
        arena_text(arena, origin->source.at, origin->source.bytes);
    bool common = segment->subject == BOOK_HOUSEHOLD;
    ExplainFact made = {.person_id = segment->subject,
                        .kind = kind->id,
                        .version = origin->version,
                        .person = common
                                      ? (Str){"", 0}
                                      : explain_person(arena, style, book,
                                                       segment->subject, month),
                        .label = words(style, arena, "fact", kind->name, NULL),
                        .value = str_copy(arena, buf_view(&value)),
                        .source = words(style, arena, "source", source, NULL),
                        .message = str_of(arena_format(
                            arena, "%d.%d", origin->version, origin->ordinal)),
                        .from = segment->from,
                        .to = segment->to,
                        .received = origin->received};
    buf_free(&value);
    return made;
}

/* Of one person in the order of the catalogue, then by time. */
static int compare_facts(const void *a, const void *b)
{
    const ExplainFact *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return str_compare(x->message, y->message);
}

Err explain_facts(Arena *arena, const KindCatalogue *catalogue,
                  const TextStyle *style, Str bytes, Month month,
                  const Programme *programme, const ExplainFact **ret,
                  size_t *ret_count)
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
        if (!matters(kind, segment, month)) continue;
        if (!belongs(&book, segment, month)) continue;
        bool died = kind == catalogue->dead && segment->is.value != 0;
        if (programme != NULL && !died && !is_seen(programme, kind)) continue;
        facts[count] = make_fact(arena, &book, style, segment, month);
        bool same =
            count > 0 && facts[count - 1].person_id == facts[count].person_id;
        facts[count].place = count == 0 ? 0 : facts[count - 1].place + !same;
        count++;
    }
    qsort(facts, count, sizeof *facts, compare_facts);
    *ret = facts;
    *ret_count = count;
    return OK;
}
