/*
 * explain_steps.c - the arithmetic, the conditions and what can be done, in
 * the order of the programme's outline.
 */
#include "feel/number.h"
#include "service/explain_int.h"

enum { LINES_MAX = 1024, NAME_BYTES_MAX = 200 };

/* The step that is being told. */
typedef struct Telling {
    Explainer *at;
    ExplainStep *step; /* NULL: left out */
    ExplainLine *lines;
    size_t count, room;
    FeelValue sum; /* of the lines so far */
    bool counted;  /* a line of + or - was told */
    bool shown;    /* the line above was told: its parts may be, too */
    RowList rows;
} Telling;

const char *explain_op_name(ExplainOp op)
{
    static const char *const names[] = {"plus",   "minus", "divide",
                                        "cap",    "round", "least",
                                        "equals", "part",  "note"};
    return names[op];
}

static bool has_reason(const Verdict *verdict, Str code)
{
    Str rest = str_of(verdict->reasons), found;
    while (rest.bytes > 0 && str_split(&rest, ' ', &found)) {
        if (str_equal(found, code)) return true;
    }
    return false;
}

static bool is_wanted(const Explainer *at, const OutlineItem *item)
{
    if (item->when.bytes == 0) return true;
    if (str_is(item->when, "eligible")) return at->verdict->eligible;
    if (str_is(item->when, "refused")) return !at->verdict->eligible;
    if (str_is(item->when, "failed")) {
        return feel_is_true(explain_value_of(at, item->decision));
    }
    if (item->when_value >= 0) {
        return explain_is_something(explain_value_of(at, item->when_value));
    }
    return has_reason(at->verdict, item->when);
}

/* A value that outlives the evaluation. */
static FeelValue keep(const Explainer *at, FeelValue value)
{
    FeelValue kept = feel_null();
    bool copied = feel_copy(at->arena, value, &kept);
    return copied ? kept : feel_null();
}

static Str joined(const Explainer *at, Str name, const char *tail)
{
    return str_of(arena_format(at->arena, "%.*s.%s", STR_ARG(name), tail));
}

static ExplainLine *next_line(Telling *to)
{
    if (to->count == to->room) {
        size_t room = to->room == 0 ? 32 : to->room * 2;
        ExplainLine *lines = ARENA_ARRAY(to->at->arena, ExplainLine, room);
        if (to->count > 0) memcpy(lines, to->lines, to->count * sizeof *lines);
        to->lines = lines;
        to->room = room;
    }
    return &to->lines[to->count++];
}

static ExplainLine *tell(Telling *to, ExplainOp op, Str name, FeelValue value)
{
    Explainer *at = to->at;
    Str label = explain_text(at, "line", name);
    ExplainLine *line = next_line(to);
    *line = (ExplainLine){.op = op,
                          .name = str_copy(at->arena, name),
                          .label = label.at == NULL ? explain_label(at, name)
                                                    : label,
                          .value = explain_value_words(at, name, value),
                          .money = explain_is_money(at, name),
                          .raw = keep(at, value),
                          .person_id = BOOK_HOUSEHOLD};
    return line;
}

/* A line that adds or takes away; nothing is left out. */
static void tell_amount(Telling *to, const OutlineItem *item)
{
    Explainer *at = to->at;
    FeelValue of = explain_value_of(at, item->decision);
    FeelValue times =
        item->times < 0 ? feel_null() : explain_value_of(at, item->times);
    FeelValue value = times.kind == FEEL_NUMBER
                          ? feel_number_multiply(at->arena, of, times)
                          : of;
    to->shown = explain_is_something(value);
    if (!to->shown) return;
    ExplainOp op = item->what == OUTLINE_PLUS    ? EXPLAIN_PLUS
                   : item->what == OUTLINE_MINUS ? EXPLAIN_MINUS
                                                 : EXPLAIN_NOTE;
    ExplainLine *line = tell(to, op, item->name, value);
    bool part = times.kind == FEEL_NUMBER &&
                feel_number_compare(times, feel_number(1, 0)) != 0;
    Str label = part ? explain_text(at, "line", joined(at, item->name, "part"))
                     : (Str){NULL, 0};
    if (label.at != NULL) line->label = label;
    line->of = times.kind == FEEL_NUMBER ? keep(at, of) : feel_null();
    line->times = keep(at, times);
    if (!explain_has_step(at, item->decision)) {
        explain_rows_add(at, item->decision, &to->rows);
    }
    if (item->times >= 0) explain_rows_add(at, item->times, &to->rows);
    if (op == EXPLAIN_NOTE) return;
    to->counted = true;
    to->sum = op == EXPLAIN_PLUS
                  ? feel_number_add(at->arena, to->sum, value)
                  : feel_number_subtract(at->arena, to->sum, value);
}

static void tell_divide(Telling *to, const OutlineItem *item)
{
    FeelValue by = explain_value_of(to->at, item->decision);
    tell(to, EXPLAIN_DIVIDE, item->name, by);
    explain_rows_add(to->at, item->decision, &to->rows);
    if (item->times >= 0) explain_rows_add(to->at, item->times, &to->rows);
    to->sum = feel_number_divide(to->at->arena, to->sum, by);
}

/* What the lines give; of two such lines with nothing between, the last. */
static void tell_equals(Telling *to, const OutlineItem *item)
{
    FeelValue value = explain_value_of(to->at, item->decision);
    if (to->count > 0 && to->lines[to->count - 1].op == EXPLAIN_EQUALS) {
        to->count--;
    }
    tell(to, EXPLAIN_EQUALS, item->name, value);
}

static bool is_same_number(FeelValue a, FeelValue b)
{
    return a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER &&
           feel_number_compare(a, b) == 0;
}

/*
 * A ceiling, a rounding or a least amount, where it changes something. That
 * no ceiling is set decides about every amount: its row is cited.
 */
static void tell_change(Telling *to, const OutlineItem *item, ExplainOp op)
{
    Explainer *at = to->at;
    FeelValue value = explain_value_of(at, item->decision);
    if (op == EXPLAIN_CAP && value.kind == FEEL_NULL &&
        feel_number_compare(to->sum, feel_number(0, 0)) > 0) {
        explain_rows_add(at, item->decision, &to->rows);
    }
    if (value.kind != FEEL_NUMBER || to->sum.kind != FEEL_NUMBER) return;
    bool changes = op == EXPLAIN_CAP ? feel_number_compare(value, to->sum) < 0
                                     : !is_same_number(value, to->sum);
    if (!changes) return;
    ExplainLine *line = tell(to, op, item->name, value);
    if (item->times >= 0) {
        line->times = keep(at, explain_value_of(at, item->times));
        explain_rows_add(at, item->times, &to->rows);
    } else {
        explain_rows_add(at, item->decision, &to->rows);
    }
    to->sum = value;
}

static bool is_among(Str kinds, Str kind)
{
    Str one;
    if (str_is(kinds, "*")) return true;
    while (kinds.bytes > 0 && str_split(&kinds, ',', &one)) {
        if (str_equal(str_trim(one), kind)) return true;
    }
    return false;
}

/* The person whom a part names by his place among the members. */
static int64_t person_of(const Explainer *at, FeelValue place)
{
    int64_t number;
    if (place.kind != FEEL_NUMBER || !feel_number_int(place, &number) ||
        number < 1 || number > at->record->member_count) {
        return BOOK_HOUSEHOLD;
    }
    return at->record->members[number - 1].person_id;
}

static Str part_label(const Explainer *at, Str list, Str kind, Str note,
                      int64_t person_id)
{
    char room[NAME_BYTES_MAX];
    Buf name = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    Str person = person_id == BOOK_HOUSEHOLD
                     ? (Str){"", 0}
                     : explain_person(at->arena, at->style, at->book, person_id,
                                      at->month);
    Str words = explain_value_words(at, list, feel_string(kind));
    TextArg args[] = {TEXT_STR("person", person), TEXT_STR("kind", words)};
    buf_format(&name, "part.%s.%.*s", at->programme->name, STR_ARG(list));
    if (note.bytes > 0) buf_format(&name, ".%.*s", STR_ARG(note));
    Buf buf = buf_make(4096);
    text_write(&buf, at->style, buf_view(&name), args, 2);
    Str label = str_copy(at->arena, buf_view(&buf));
    buf_free(&buf);
    return label;
}

/* Tells whether a note was told: the law made the part count otherwise. */
static bool tell_part(Telling *to, const OutlineItem *item, FeelValue part)
{
    Explainer *at = to->at;
    FeelValue kind = feel_field(part, "kind");
    FeelValue amount = feel_field(part, "amount");
    FeelValue note = feel_field(part, "note");
    bool noted = note.kind == FEEL_STRING;
    if (kind.kind != FEEL_STRING || to->count == LINES_MAX) return false;
    if (!is_among(item->more, feel_text(kind))) return false;
    bool has_amount = amount.kind == FEEL_NUMBER;
    if (has_amount && !explain_is_something(amount) && !noted) return false;
    int64_t person_id = person_of(at, feel_field(part, "person"));
    Str notes = noted ? feel_text(note) : (Str){"", 0};
    ExplainLine *line = next_line(to);
    *line = (ExplainLine){
        .op = noted || !has_amount ? EXPLAIN_NOTE : EXPLAIN_PART,
        .name = str_copy(at->arena, feel_text(kind)),
        .label = part_label(at, item->name, feel_text(kind), notes, person_id),
        .value = has_amount ? explain_value_words(at, item->name, amount)
                            : (Str){"", 0},
        .money = explain_is_money(at, item->name),
        .raw = keep(at, amount),
        .person_id = person_id};
    return line->op == EXPLAIN_NOTE;
}

/*
 * Parts of the line above; a list of its own also where that is nothing.
 * What left a part out is cited, most of all where it left out everything.
 */
static void tell_parts(Telling *to, const OutlineItem *item)
{
    FeelValue list = explain_value_of(to->at, item->decision);
    bool all = str_is(item->more, "*");
    if (list.kind != FEEL_LIST || (!to->shown && !all)) return;
    bool noted = false;
    for (uint32_t i = 0; i < list.count; i++) {
        noted |= tell_part(to, item, list.as.items[i]);
    }
    if (noted) explain_rows_add(to->at, item->decision, &to->rows);
}

static void tell_line(Telling *to, const OutlineItem *item)
{
    if (to->step == NULL || !is_wanted(to->at, item)) return;
    if (to->count == LINES_MAX) return;
    switch (item->what) {
    case OUTLINE_PLUS:
    case OUTLINE_MINUS:
    case OUTLINE_NOTE:
        tell_amount(to, item);
        return;
    case OUTLINE_DIVIDE:
        tell_divide(to, item);
        return;
    case OUTLINE_CAP:
        tell_change(to, item, EXPLAIN_CAP);
        return;
    case OUTLINE_ROUND:
        tell_change(to, item, EXPLAIN_ROUND);
        return;
    case OUTLINE_LEAST:
        tell_change(to, item, EXPLAIN_LEAST);
        return;
    case OUTLINE_EQUALS:
        tell_equals(to, item);
        return;
    case OUTLINE_PARTS:
        tell_parts(to, item);
        return;
    case OUTLINE_STEP:
    case OUTLINE_CHECK:
    case OUTLINE_REMEDY:
    case OUTLINE_ORDER:
        return;
    }
}

static Str sentence(const Explainer *at, const char *group, Str name)
{
    Str text = explain_text(at, group, name);
    return text.at == NULL ? (Str){"", 0} : text;
}

/* Without a line that counts there is no sum to show, only a sentence. */
static void end_step(Telling *to)
{
    Explainer *at = to->at;
    ExplainStep *step = to->step;
    if (step == NULL) return;
    step->sentence = sentence(at, "step", step->name);
    if (!to->counted) {
        Str none = explain_text(at, "step", joined(at, step->name, "none"));
        if (none.at != NULL) step->sentence = none;
        size_t kept = 0;
        for (size_t i = 0; i < to->count; i++) {
            bool tells = to->lines[i].op == EXPLAIN_NOTE ||
                         to->lines[i].op == EXPLAIN_PART;
            if (tells) to->lines[kept++] = to->lines[i];
        }
        to->count = kept;
    }
    ExplainLine *lines = ARENA_ARRAY(at->arena, ExplainLine, to->count + 1);
    if (to->count > 0) memcpy(lines, to->lines, to->count * sizeof *lines);
    step->lines = lines;
    step->line_count = to->count;
    step->rows = (ExplainRows){to->rows.row, to->rows.count};
    to->step = NULL;
}

static void begin_step(Telling *to, const OutlineItem *item, ExplainStep *steps,
                       size_t *count)
{
    Explainer *at = to->at;
    end_step(to);
    if (!is_wanted(at, item)) return;
    FeelValue value = explain_value_of(at, item->decision);
    to->step = &steps[(*count)++];
    to->count = 0;
    to->sum = feel_number(0, 0);
    to->counted = to->shown = false;
    to->rows = explain_rows_make(at);
    *to->step =
        (ExplainStep){.name = str_copy(at->arena, item->name),
                      .label = explain_label(at, item->name),
                      .value = explain_value_words(at, item->name, value),
                      .money = explain_is_money(at, item->name),
                      .raw = keep(at, value)};
}

/* Where several reasons hold, their order decides which is the main one. */
static void cite_order(const Explainer *at, RowList *rows)
{
    const Outline *outline = &at->programme->outline;
    if (str_count(str_of(at->verdict->reasons), ' ') == 0) return;
    for (size_t i = 0; i < outline->count; i++) {
        const OutlineItem *item = &outline->items[i];
        if (item->what != OUTLINE_ORDER) continue;
        explain_rows_add(at, item->decision, rows);
    }
}

static ExplainCheck make_check(const Explainer *at, const OutlineItem *item)
{
    bool met = !feel_is_true(explain_value_of(at, item->decision));
    bool known = !met || explain_is_stated(at, item->more);
    const char *how = !met ? "failed" : known ? "met" : "unknown";
    RowList rows = explain_rows_make(at);
    explain_rows_add(at, item->decision, &rows);
    if (item->when_value >= 0) explain_rows_add(at, item->when_value, &rows);
    if (!met) cite_order(at, &rows);
    return (ExplainCheck){
        .name = str_copy(at->arena, item->name),
        .label = explain_label(at, item->name),
        .sentence = sentence(at, "check", joined(at, item->name, how)),
        .met = met,
        .rows = {rows.row, rows.count}};
}

static ExplainRemedy make_remedy(const Explainer *at, const OutlineItem *item)
{
    RowList rows = explain_rows_make(at);
    Str rest = item->more, name;
    while (rest.bytes > 0 && str_split(&rest, ';', &name)) {
        explain_rows_add(at, dmn_decision_find(at->model, str_trim(name)),
                         &rows);
    }
    return (ExplainRemedy){.name = str_copy(at->arena, item->name),
                           .sentence = sentence(at, "remedy", item->name),
                           .rows = {rows.row, rows.count}};
}

/* A programme without an outline tells its result and nothing else. */
static void tell_result(const Explainer *at, Explanation *ret)
{
    FeelValue value = explain_value_of(at, at->programme->decision);
    Str name = dmn_decision_name(at->model, at->programme->decision);
    RowList rows = explain_rows_make(at);
    ExplainStep *step = ARENA_NEW(at->arena, ExplainStep);
    explain_rows_add(at, at->programme->decision, &rows);
    *step = (ExplainStep){
        .name = str_copy(at->arena, name),
        .label = explain_label(at, name),
        .sentence = sentence(at, "step", name),
        .value = explain_value_words(at, name, feel_field(value, "amount")),
        .raw = keep(at, value),
        .rows = {rows.row, rows.count}};
    ret->steps = step;
    ret->step_count = 1;
}

void explain_collect_steps(Explainer *at, Explanation *ret)
{
    const Outline *outline = &at->programme->outline;
    size_t room = outline->count + 1;
    ExplainStep *steps = ARENA_ARRAY(at->arena, ExplainStep, room);
    ExplainCheck *checks = ARENA_ARRAY(at->arena, ExplainCheck, room);
    ExplainRemedy *remedies = ARENA_ARRAY(at->arena, ExplainRemedy, room);
    Telling to = {.at = at};
    ret->steps = steps;
    ret->checks = checks;
    ret->remedies = remedies;
    for (size_t i = 0; i < outline->count; i++) {
        const OutlineItem *item = &outline->items[i];
        if (item->what == OUTLINE_STEP) {
            begin_step(&to, item, steps, &ret->step_count);
        } else if (item->what == OUTLINE_CHECK) {
            if (is_wanted(at, item)) {
                checks[ret->check_count++] = make_check(at, item);
            }
        } else if (item->what == OUTLINE_REMEDY) {
            if (is_wanted(at, item)) {
                remedies[ret->remedy_count++] = make_remedy(at, item);
            }
        } else {
            tell_line(&to, item);
        }
    }
    end_step(&to);
    if (outline->count == 0) tell_result(at, ret);
    for (size_t i = 0; i < ret->step_count; i++) {
        ret->assumed |= explain_rows_doubt(ret->steps[i].rows);
    }
    for (size_t i = 0; i < ret->check_count; i++) {
        ret->assumed |= explain_rows_doubt(ret->checks[i].rows);
    }
}
