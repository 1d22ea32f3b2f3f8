/*
 * explain_law.c - which rows of the law spoke, and where they stand.
 */
#include "service/explain_int.h"
#include "text/calendar.h"

enum { DEPTH_MAX = 8, WORDS_BYTES = 1 << 16 };

static Str take(Arena *arena, Buf *buf)
{
    Str text = str_copy(arena, buf_view(buf));
    buf_free(buf);
    return text;
}

static Str note(const DmnStep *step, const char *column)
{
    for (uint32_t i = 0; i < step->note_count; i++) {
        if (str_is(step->notes[i].column, column)) return step->notes[i].text;
    }
    return (Str){"", 0};
}

static ExplainStatus status_of(Str text)
{
    if (str_is(text, "unconfirmed")) return EXPLAIN_UNCONFIRMED;
    if (str_is(text, "assumption")) return EXPLAIN_ASSUMPTION;
    return EXPLAIN_CONFIRMED;
}

/*
 * The day from which a row holds: in a table by month its cell is
 * ">= date("2023-11-01")" or a range that begins so.
 */
static Day since_of(const DmnStep *step)
{
    static const char opening[] = "date(\"";
    size_t opened = sizeof opening - 1;
    Str cell = {NULL, 0};
    for (uint32_t i = 0; i < step->cell_count && cell.bytes == 0; i++) {
        Str text = str_trim(step->cells[i].text);
        if (text.bytes > opened + 10 && text.at[0] != '<') cell = text;
    }
    for (size_t i = 0; i + opened + 10 <= cell.bytes; i++) {
        Day day;
        if (memcmp(cell.at + i, opening, opened) == 0 &&
            day_read((Str){cell.at + i + opened, 10}, &day)) {
            return day;
        }
    }
    return DAY_OPEN;
}

Str explain_citation_words(const Explainer *at, const Citation *citation)
{
    Buf buf = buf_make(WORDS_BYTES);
    citation_write(&buf, at->style, citation);
    return take(at->arena, &buf);
}

/* What stands directly in a decision: i and then next_child(i) ... */
static size_t next_child(const Explainer *at, size_t i)
{
    const DmnStep *step = &at->trace[i];
    return step->kind == DMN_STEP_DECISION ? (size_t)step->end : i + 1;
}

/* The next row at or after `i` that spoke in a decision, or its end. */
static size_t spoken(const Explainer *at, const DmnStep *decision, size_t i)
{
    while (i < (size_t)decision->end) {
        const DmnStep *step = &at->trace[i];
        if (step->kind == DMN_STEP_ROW && step->chosen) break;
        i = next_child(at, i);
    }
    return i;
}

static size_t first_inside(const Explainer *at, const DmnStep *decision)
{
    return (size_t)(decision - at->trace) + 1;
}

/* A parameter of the law: a table, a row of which spoke. */
static bool is_parameter(const Explainer *at, const DmnStep *decision)
{
    size_t i = spoken(at, decision, first_inside(at, decision));
    return i < (size_t)decision->end;
}

RowList explain_rows_make(const Explainer *at)
{
    enum { ROOM = 64 };
    size_t decisions = (size_t)dmn_decision_count(at->model);
    return (RowList){.row = ARENA_ARRAY(at->arena, ExplainRow, ROOM),
                     .room = ROOM,
                     .seen = ARENA_ARRAY(at->arena, bool, decisions + 1)};
}

static Str source_words(const Explainer *at, const ExplainRow *row)
{
    Buf buf = buf_make(WORDS_BYTES);
    for (size_t i = 0; i < row->source_count; i++) {
        if (i > 0) buf_str(&buf, text_get(at->style, "value.semicolon"));
        citation_write_source(&buf, at->style, row->sources[i]);
    }
    return take(at->arena, &buf);
}

/* Where a row stands and how well it is known. */
static ExplainRow cite(const Explainer *at, Str name, const DmnStep *step)
{
    const CitationSource **sources =
        ARENA_ARRAY(at->arena, const CitationSource *, CITATION_SOURCES_MAX);
    Str article = note(step, "Article"), source = note(step, "Source");
    ExplainRow row = {.decision = str_copy(at->arena, name),
                      .citation = citation_find(at->citations, article),
                      .sources = sources,
                      .status = status_of(note(step, "Status")),
                      .row = step->row,
                      .since = since_of(step)};
    row.source_count = citation_sources(at->citations, source, sources);
    row.article = row.citation == NULL
                      ? str_copy(at->arena, article)
                      : explain_citation_words(at, row.citation);
    row.source = row.source_count == 0 ? str_copy(at->arena, source)
                                       : source_words(at, &row);
    Str remark = row.status == EXPLAIN_CONFIRMED
                     ? (Str){NULL, 0}
                     : explain_text(at, "assumed", name);
    row.remark = remark.at == NULL ? (Str){"", 0} : remark;
    return row;
}

static bool same_place(const DmnStep *a, const DmnStep *b)
{
    static const char *const columns[] = {"Article", "Source", "Status"};
    for (size_t i = 0; i < 3; i++) {
        if (!str_equal(note(a, columns[i]), note(b, columns[i]))) return false;
    }
    return since_of(a) == since_of(b);
}

/* The value that a parameter had in the month before, if it had another. */
static bool value_before(const Explainer *at, int32_t decision, FeelValue *ret)
{
    if (at->before == NULL) return false;
    FeelValue now = explain_value_of(at, decision);
    return dmn_eval(at->before, decision, ret) == OK &&
           explain_is_something(*ret) && !feel_same(now, *ret);
}

/* ", since 1 November 2023", and what was in force before a new row. */
static void write_since(const Explainer *at, Str name, int32_t decision,
                        ExplainRow *row, Buf *text)
{
    FeelValue before;
    if (row->since == DAY_OPEN) return;
    Buf day = buf_make(256);
    calendar_write_both(&day, at->style, row->since);
    TextArg args[] = {TEXT_STR("day", buf_view(&day)),
                      TEXT_STR("before", ((Str){"", 0}))};
    Day first = month_first_day(at->month);
    row->changed = row->since <= first &&
                   row->since > month_first_day(at->month - 1) &&
                   value_before(at, decision, &before);
    if (row->changed) args[1].str = explain_value_words(at, name, before);
    text_write(text, at->style,
               row->changed ? STR("explain.row_changed")
                            : STR("explain.row_since"),
               args, 2);
    buf_free(&day);
}

/* One entry for all rows of a list that stand in the same place. */
static void add_rows(const Explainer *at, int32_t decision, size_t first,
                     bool *done, RowList *rows)
{
    const DmnStep *parent = explain_step_of(at, decision);
    const DmnStep *row = &at->trace[first];
    Str name = parent->name;
    if (rows->count == rows->room) return;
    ExplainRow made = cite(at, name, row);
    Buf text = buf_make(WORDS_BYTES);
    buf_str(&text, explain_label(at, name));
    buf_text(&text, ": ");
    buf_str(&text, explain_value_words(at, name, row->value));
    size_t i = spoken(at, parent, first + 1);
    for (; i < (size_t)parent->end; i = spoken(at, parent, i + 1)) {
        if (done[i] || !same_place(row, &at->trace[i])) continue;
        done[i] = true;
        buf_str(&text, text_get(at->style, "value.comma"));
        buf_str(&text, explain_value_words(at, name, at->trace[i].value));
    }
    write_since(at, name, decision, &made, &text);
    made.text = take(at->arena, &text);
    rows->row[rows->count++] = made;
}

static void add_parameter(const Explainer *at, int32_t decision, RowList *rows)
{
    const DmnStep *parent = explain_step_of(at, decision);
    bool *done = ARENA_ARRAY(at->arena, bool, at->trace_count + 1);
    size_t i = spoken(at, parent, first_inside(at, parent));
    for (; i < (size_t)parent->end; i = spoken(at, parent, i + 1)) {
        if (!done[i]) add_rows(at, decision, i, done, rows);
    }
}

bool explain_has_step(const Explainer *at, int32_t decision)
{
    const Outline *outline = &at->programme->outline;
    for (size_t i = 0; i < outline->count; i++) {
        if (outline->items[i].what == OUTLINE_STEP &&
            outline->items[i].decision == decision) {
            return true;
        }
    }
    return false;
}

static void gather(const Explainer *at, int32_t decision, RowList *rows,
                   int depth)
{
    const DmnStep *step = explain_step_of(at, decision);
    if (step == NULL || rows->seen[decision] || depth == DEPTH_MAX) return;
    rows->seen[decision] = true;
    if (is_parameter(at, step)) {
        add_parameter(at, decision, rows);
        return;
    }
    size_t i = first_inside(at, step);
    for (; i < (size_t)step->end; i = next_child(at, i)) {
        const DmnStep *used = &at->trace[i];
        bool uses = used->kind == DMN_STEP_USES && used->decision >= 0;
        if (!uses && used->kind != DMN_STEP_DECISION) continue;
        const DmnStep *found = explain_step_of(at, used->decision);
        if (found == NULL || explain_has_step(at, used->decision)) continue;
        if (!is_parameter(at, found) && !explain_is_something(found->value)) {
            continue; /* it changed nothing */
        }
        gather(at, used->decision, rows, depth + 1);
    }
}

void explain_rows_add(const Explainer *at, int32_t decision, RowList *rows)
{
    gather(at, decision, rows, 0);
}

bool explain_rows_doubt(ExplainRows rows)
{
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.row[i].status != EXPLAIN_CONFIRMED) return true;
    }
    return false;
}

const Citation *explain_code_citation(const Explainer *at, Str code)
{
    for (size_t i = at->trace_count; i-- > 0;) {
        const DmnStep *step = &at->trace[i];
        if (step->kind == DMN_STEP_ROW && step->chosen &&
            step->value.kind == FEEL_STRING &&
            str_equal(feel_text(step->value), code)) {
            return citation_find(at->citations, note(step, "Article"));
        }
    }
    return NULL;
}
