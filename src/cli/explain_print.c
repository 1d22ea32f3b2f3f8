#include "cli/explain_print.h"

#include "text/calendar.h"
#include "text/number.h"

enum { CITED_MAX = 512 };

typedef struct Printer {
    Buf *buf;
    Arena *arena;
    const TextStyle *style;
    const Explanation *found;
    const ExplainRow **cited; /* rows of law in the order of their numbers */
    size_t cited_count;
} Printer;

static void line(Printer *to, const char *indent, Str text)
{
    buf_text(to->buf, indent);
    buf_str(to->buf, text);
    buf_char(to->buf, '\n');
}

static void heading(Printer *to, const char *key)
{
    buf_char(to->buf, '\n');
    line(to, "", text_get(to->style, key));
}

/* A text of ours with arguments, on a line of its own. */
static void say(Printer *to, const char *indent, const char *key,
                const TextArg *args, size_t count)
{
    buf_text(to->buf, indent);
    text_write(to->buf, to->style, str_of(key), args, count);
    buf_char(to->buf, '\n');
}

static Str money(const Printer *to, int64_t minor)
{
    return explain_money(to->arena, to->style, (Money){minor});
}

static Str day_words(const Printer *to, Day day, bool with_weekday)
{
    Buf buf = buf_make(512);
    if (with_weekday) {
        calendar_write_long(&buf, to->style, day);
    } else {
        calendar_write_both(&buf, to->style, day);
    }
    Str words = str_copy(to->arena, buf_view(&buf));
    buf_free(&buf);
    return words;
}

static void print_reasons(Printer *to)
{
    for (size_t i = 0; i < to->found->reason_count; i++) {
        const ExplainReason *reason = &to->found->reasons[i];
        TextArg args[] = {TEXT_STR("reason", reason->sentence),
                          TEXT_STR("article", reason->article)};
        TextStyle plain = *to->style;
        plain.isolate = false;
        text_write(to->buf, &plain,
                   i == 0 ? STR("explain.main_reason")
                          : STR("explain.other_reason"),
                   args, 2);
        buf_char(to->buf, '\n');
        if (reason->article.bytes == 0) continue;
        say(to, "  ", "explain.stands_in", args, 2);
    }
}

/*
 * The facts that came since a version. What was taken back or has ended is no
 * fact of this decision; where only that came, that is said.
 */
static void print_news(Printer *to, const ExplainReplaced *old)
{
    bool any = to->found->decision.pack_id != old->pack_id; /* another law */
    for (size_t i = 0; i < to->found->fact_count; i++) {
        const ExplainFact *fact = &to->found->facts[i];
        if (fact->version <= old->version) continue;
        bool common = fact->person.bytes == 0;
        TextArg news[] = {
            TEXT_STR("person", fact->person),
            TEXT_STR("label", fact->label),
            TEXT_STR("value", fact->value),
            TEXT_STR("source", fact->source),
            TEXT_STR("since", day_words(to, fact->from, false)),
            TEXT_STR("received", day_words(to, fact->received, false))};
        say(to, "  ", common ? "explain.news" : "explain.news_of", news, 6);
        any = true;
    }
    if (!any) say(to, "  ", "explain.news_gone", NULL, 0);
}

/* The decision that this one took the place of, and what brought that. */
static void print_replaced(Printer *to)
{
    const ExplainReplaced *old = &to->found->replaced;
    int64_t difference = old->difference.minor;
    Day day = calendar_civil_day(old->decided_at);
    TextArg args[] = {
        TEXT_STR("day", day_words(to, day, false)),
        TEXT_STR("before", money(to, old->verdict.amount_minor)),
        TEXT_STR("now", money(to, to->found->decision.verdict.amount_minor)),
        TEXT_STR("difference",
                 money(to, difference < 0 ? -difference : difference))};
    if (!old->any) return;
    say(to, "", "explain.replaced", args, 4);
    if (difference > 0) say(to, "", "explain.owed", args, 4);
    if (difference < 0) say(to, "", "explain.overpaid", args, 4);
    print_news(to, old);
}

static void print_result(Printer *to, const char *programme)
{
    const Verdict *verdict = &to->found->decision.verdict;
    Buf month = buf_make(256);
    calendar_write_month(&month, to->style, to->found->month);
    Str number = str_of(arena_format(
        to->arena, "%lld", (long long)to->found->decision.household_id));
    Str title =
        text_get(to->style, arena_format(to->arena, "programme.%s", programme));
    TextArg args[] = {TEXT_STR("programme", title),
                      TEXT_STR("month", buf_view(&month)),
                      TEXT_STR("household", number),
                      TEXT_STR("amount", money(to, verdict->amount_minor))};
    say(to, "", "explain.title", args, 4);
    say(to, "", verdict->eligible ? "explain.eligible" : "explain.refused",
        args, 4);
    if (verdict->eligible) say(to, "", "explain.amount", args, 4);
    if (to->found->payday != DAY_OPEN) {
        TextArg day = TEXT_STR("day", day_words(to, to->found->payday, true));
        say(to, "", "explain.paid", &day, 1);
    }
    buf_free(&month);
    print_reasons(to);
    print_replaced(to);
    if (to->found->assumed) {
        line(to, "", text_get(to->style, "explain.assumed"));
    }
}

static const char *const status_key[] = {
    "status.confirmed", "status.unconfirmed", "status.assumption"};

/* The number of a row of law in the list at the end. */
static int64_t number_of(Printer *to, const ExplainRow *row)
{
    for (size_t i = 0; i < to->cited_count; i++) {
        const ExplainRow *old = to->cited[i];
        if (old->row == row->row && str_equal(old->decision, row->decision)) {
            return (int64_t)i + 1;
        }
    }
    if (to->cited_count == CITED_MAX) return CITED_MAX;
    to->cited[to->cited_count++] = row;
    return (int64_t)to->cited_count;
}

/*
 * The numbers of the rows that something rests on; what is not confirmed is
 * marked, and what was assumed is said where it is cited first.
 */
static void print_cited(Printer *to, ExplainRows rows)
{
    int64_t before = (int64_t)to->cited_count;
    if (rows.count == 0) return;
    buf_text(to->buf, "   ");
    buf_str(to->buf, text_get(to->style, "explain.rests_on"));
    for (size_t i = 0; i < rows.count; i++) {
        const ExplainRow *row = &rows.row[i];
        if (i > 0) buf_str(to->buf, text_get(to->style, "value.comma"));
        buf_char(to->buf, '[');
        number_write(to->buf, to->style, number_of(to, row));
        buf_char(to->buf, ']');
        if (row->status == EXPLAIN_CONFIRMED) continue;
        buf_text(to->buf, " (");
        buf_str(to->buf, text_get(to->style, status_key[row->status]));
        buf_char(to->buf, ')');
    }
    buf_char(to->buf, '\n');
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.row[i].remark.bytes == 0) continue;
        if (number_of(to, &rows.row[i]) <= before) continue;
        line(to, "   ! ", rows.row[i].remark);
    }
}

/* Every row of law that was cited, with where it stands. */
static void print_law(Printer *to)
{
    TextStyle plain = *to->style;
    plain.isolate = false;
    if (to->cited_count == 0) return;
    heading(to, "explain.law");
    for (size_t i = 0; i < to->cited_count; i++) {
        const ExplainRow *row = to->cited[i];
        TextArg args[] = {
            TEXT_STR("text", row->text), TEXT_STR("article", row->article),
            TEXT_STR("source", row->source),
            TEXT_STR("status", text_get(to->style, status_key[row->status]))};
        buf_char(to->buf, '[');
        number_write(to->buf, to->style, (int64_t)i + 1);
        buf_text(to->buf, "] ");
        text_write(to->buf, &plain, STR("explain.row"), args, 4);
        buf_char(to->buf, '\n');
    }
}

static void print_line(Printer *to, const ExplainLine *is)
{
    static const char *const signs[] = {[EXPLAIN_PLUS] = "   + ",
                                        [EXPLAIN_MINUS] = "   \xE2\x88\x92 ",
                                        [EXPLAIN_DIVIDE] = "   \xC3\xB7 ",
                                        [EXPLAIN_CAP] = "   \xE2\x89\xA4 ",
                                        [EXPLAIN_ROUND] = "   \xE2\x89\x88 ",
                                        [EXPLAIN_LEAST] = "   \xE2\x89\xA5 ",
                                        [EXPLAIN_EQUALS] = "   = ",
                                        [EXPLAIN_PART] = "       ",
                                        [EXPLAIN_NOTE] = "     * "};
    buf_text(to->buf, signs[is->op]);
    buf_str(to->buf, is->label);
    if (is->value.bytes > 0) {
        buf_text(to->buf, ": ");
        text_write_isolated(to->buf, to->style, is->value);
    }
    buf_char(to->buf, '\n');
}

static void print_steps(Printer *to)
{
    if (to->found->step_count == 0) return;
    heading(to, "explain.steps");
    for (size_t i = 0; i < to->found->step_count; i++) {
        const ExplainStep *step = &to->found->steps[i];
        number_write(to->buf, to->style, (int64_t)i + 1);
        buf_text(to->buf, ". ");
        buf_str(to->buf, step->label);
        buf_text(to->buf, ": ");
        text_write_isolated(to->buf, to->style, step->value);
        buf_char(to->buf, '\n');
        if (step->sentence.bytes > 0) line(to, "   ", step->sentence);
        for (size_t l = 0; l < step->line_count; l++) {
            print_line(to, &step->lines[l]);
        }
        print_cited(to, step->rows);
    }
}

static void print_checks(Printer *to)
{
    if (to->found->check_count == 0) return;
    heading(to, "explain.checks");
    for (size_t i = 0; i < to->found->check_count; i++) {
        const ExplainCheck *check = &to->found->checks[i];
        buf_text(to->buf, check->met ? "\xE2\x9C\x93 " : "\xE2\x9C\x97 ");
        buf_str(to->buf, check->label);
        buf_text(to->buf, ": ");
        buf_str(to->buf, text_get(to->style, check->met ? "explain.met"
                                                        : "explain.unmet"));
        buf_text(to->buf, " ");
        line(to, "", check->sentence);
        print_cited(to, check->rows);
    }
}

/* Whether two facts came together, so that one line may say whence. */
static bool together(const ExplainFact *a, const ExplainFact *b)
{
    return a->person_id == b->person_id && a->from == b->from &&
           a->to == b->to && a->received == b->received &&
           str_equal(a->source, b->source);
}

static void print_whence(Printer *to, const ExplainFact *fact)
{
    bool open = fact->to == DAY_OPEN;
    Str until = fact->label;
    if (!open) until = day_words(to, fact->to - 1, false);
    TextArg args[] = {
        TEXT_STR("source", fact->source),
        TEXT_STR("since", day_words(to, fact->from, false)),
        TEXT_STR("until", until),
        TEXT_STR("received", day_words(to, fact->received, false))};
    const char *key = open                         ? "explain.whence"
                      : fact->to == fact->from + 1 ? "explain.whence_day"
                                                   : "explain.whence_until";
    say(to, "    ", key, args, 4);
}

static void print_facts(Printer *to)
{
    const ExplainFact *facts = to->found->facts;
    if (to->found->fact_count == 0) return;
    heading(to, "explain.facts");
    for (size_t i = 0; i < to->found->fact_count;) {
        const ExplainFact *first = &facts[i];
        if (i == 0 || first->person_id != facts[i - 1].person_id) {
            line(to, "",
                 first->person_id == BOOK_HOUSEHOLD
                     ? text_get(to->style, "explain.of_household")
                     : first->person);
        }
        buf_text(to->buf, "  - ");
        for (; i < to->found->fact_count && together(first, &facts[i]); i++) {
            if (&facts[i] != first) {
                buf_str(to->buf, text_get(to->style, "value.semicolon"));
            }
            buf_str(to->buf, facts[i].label);
            buf_text(to->buf, ": ");
            text_write_isolated(to->buf, to->style, facts[i].value);
        }
        buf_char(to->buf, '\n');
        print_whence(to, first);
    }
}

static void print_remedies(Printer *to)
{
    if (to->found->remedy_count == 0) return;
    heading(to, "explain.remedies");
    for (size_t i = 0; i < to->found->remedy_count; i++) {
        line(to, "- ", to->found->remedies[i].sentence);
        print_cited(to, to->found->remedies[i].rows);
    }
}

static void print_proof(Printer *to)
{
    char pack[65], input[65];
    hash_hex(&to->found->pack->hash, pack);
    hash_hex(&to->found->decision.input, input);
    TextArg args[] = {TEXT_STR("pack", str_of(pack)),
                      TEXT_STR("input", str_of(input)),
                      TEXT_INT("version", to->found->decision.version)};
    buf_char(to->buf, '\n');
    text_write(to->buf, to->style, STR("explain.proof"), args, 3);
}

void explain_print(Buf *buf, Arena *arena, const TextStyle *style,
                   const char *programme, const Explanation *found)
{
    Printer to = {.buf = buf,
                  .arena = arena,
                  .style = style,
                  .found = found,
                  .cited = ARENA_ARRAY(arena, const ExplainRow *, CITED_MAX)};
    print_result(&to, programme);
    print_steps(&to);
    print_checks(&to);
    print_facts(&to);
    print_remedies(&to);
    print_law(&to);
    print_proof(&to);
}
