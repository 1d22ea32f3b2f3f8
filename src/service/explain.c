#include "service/explain.h"

#include <string.h>

#include "dmn/trace.h"
#include "feel/number.h"
#include "registry/registry.h"
#include "service/explain_int.h"
#include "text/calendar.h"
#include "text/number.h"

/* What is being explained, and to whom. */
typedef struct Explainer {
    Arena *arena;
    const TextStyle *style;
    const char *programme;
    const Citations *citations;
    const DmnModel *model;
    const DmnStep *steps;
    size_t step_count;
    TextArg *args; /* the value of every decision, by its name */
    size_t arg_count;
} Explainer;

Str explain_money(Arena *arena, const TextStyle *style, Money money)
{
    Buf buf = buf_make(256);
    number_write_money(&buf, style, money);
    Str text = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

static void write_number(const Explainer *at, Str name, FeelValue value,
                         Buf *buf)
{
    Buf digits = buf_make(256), number = buf_make(512);
    feel_number_write(&digits, value);
    Str unit = str_of(
        arena_format(at->arena, "unit.%s.%.*s", at->programme, STR_ARG(name)));
    int64_t minor;
    if (str_is(text_has(at->style->texts, unit) ? text_get_str(at->style, unit)
                                                : (Str){"", 0},
               "money") &&
        feel_number_minor(value, &minor)) {
        number_write_money(buf, at->style, (Money){minor});
    } else {
        number_write_exact(&number, at->style, buf_view(&digits));
        buf_str(buf, buf_view(&number));
    }
    buf_free(&digits);
    buf_free(&number);
}

/* A code in words: "income" -> what reasons call it, else the code. */
static Str code_words(const Explainer *at, Str code)
{
    static const char *const groups[] = {"reason_short", "asset",
                                         "fact.dwelling_proof",
                                         "fact.nationality_exception", "fact"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        Str key = str_of(
            arena_format(at->arena, "%s.%.*s", groups[i], STR_ARG(code)));
        if (text_has(at->style->texts, key)) {
            return text_get_str(at->style, key);
        }
    }
    return code;
}

static void write_value(const Explainer *at, Str name, FeelValue value,
                        Buf *buf)
{
    switch ((FeelKind)value.kind) {
    case FEEL_NUMBER:
        write_number(at, name, value, buf);
        return;
    case FEEL_BOOLEAN:
        buf_str(buf, text_get(at->style,
                              value.as.whole != 0 ? "value.yes" : "value.no"));
        return;
    case FEEL_DATE:
        calendar_write_short(buf, at->style, (Day)value.as.whole);
        return;
    case FEEL_STRING:
        buf_str(buf, code_words(at, feel_text(value)));
        return;
    case FEEL_NULL:
        buf_str(buf, text_get(at->style, "value.none"));
        return;
    case FEEL_LIST:
        if (value.count == 0) {
            buf_str(buf, text_get(at->style, "value.none"));
        }
        for (uint32_t i = 0; i < value.count; i++) {
            if (i > 0) buf_str(buf, text_get(at->style, "value.comma"));
            if (value.as.items[i].kind == FEEL_CONTEXT) continue;
            write_value(at, name, value.as.items[i], buf);
        }
        return;
    case FEEL_CONTEXT:
        return;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        feel_write(buf, value);
        return;
    }
}

static Str value_words(const Explainer *at, Str name, FeelValue value)
{
    Buf buf = buf_make(1 << 16);
    write_value(at, name, value, &buf);
    Str words = str_copy(at->arena, buf_view(&buf));
    buf_free(&buf);
    return words;
}

/* The step in which a decision was decided, or NULL. */
static const DmnStep *step_of(const Explainer *at, int32_t decision)
{
    for (size_t i = 0; i < at->step_count; i++) {
        if (at->steps[i].kind == DMN_STEP_DECISION &&
            at->steps[i].decision == decision) {
            return &at->steps[i];
        }
    }
    return NULL;
}

/* Every decision's value under its name, for the sentences. */
static void collect_values(Explainer *at)
{
    int32_t count = dmn_decision_count(at->model);
    at->args = ARENA_ARRAY(at->arena, TextArg, count + 1);
    for (int32_t i = 0; i < count; i++) {
        const DmnStep *step = step_of(at, i);
        Str name = dmn_decision_name(at->model, i);
        Str value = step == NULL ? text_get(at->style, "value.not_needed")
                                 : value_words(at, name, step->value);
        at->args[at->arg_count++] =
            TEXT_STR(arena_text(at->arena, name.at, name.bytes), value);
    }
}

static Str note(const DmnStep *step, const char *column)
{
    for (uint32_t i = 0; i < step->note_count; i++) {
        if (str_is(step->notes[i].column, column)) return step->notes[i].text;
    }
    return (Str){"", 0};
}

/* A provision for people; what the catalogue lacks, as the model has it. */
static Str article_words(const Explainer *at, Str key)
{
    const Citation *citation = citation_find(at->citations, key);
    if (citation == NULL) return str_copy(at->arena, key);
    Buf buf = buf_make(1 << 16);
    citation_write(&buf, at->style, citation);
    Str words = str_copy(at->arena, buf_view(&buf));
    buf_free(&buf);
    return words;
}

static Str source_words(const Explainer *at, Str ids)
{
    const CitationSource *source[CITATION_SOURCES_MAX];
    size_t count = citation_sources(at->citations, ids, source);
    if (count == 0) return str_copy(at->arena, ids);
    Buf buf = buf_make(1 << 16);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_str(&buf, text_get(at->style, "value.semicolon"));
        citation_write_source(&buf, at->style, source[i]);
    }
    Str words = str_copy(at->arena, buf_view(&buf));
    buf_free(&buf);
    return words;
}

static ExplainStatus status_of(Str text)
{
    if (str_is(text, "unconfirmed")) return EXPLAIN_UNCONFIRMED;
    if (str_is(text, "assumption")) return EXPLAIN_ASSUMPTION;
    return EXPLAIN_CONFIRMED;
}

/* The label of a decision for people; at NULL: it is shown by others. */
static Str label_of(const Explainer *at, Str name)
{
    Str key = str_of(arena_format(at->arena, "decision.%s.%.*s", at->programme,
                                  STR_ARG(name)));
    if (!text_has(at->style->texts, key)) return (Str){NULL, 0};
    return text_get_str(at->style, key);
}

/* What stands directly in a decision: i and then next_child(i) ... */
static size_t next_child(const Explainer *at, size_t i)
{
    const DmnStep *step = &at->steps[i];
    return step->kind == DMN_STEP_DECISION ? (size_t)step->end : i + 1;
}

/* A parameter of the law: a table that spoke. */
static bool is_parameter(const Explainer *at, const DmnStep *decision)
{
    size_t i = (size_t)(decision - at->steps) + 1;
    for (; i < (size_t)decision->end; i = next_child(at, i)) {
        if (at->steps[i].kind == DMN_STEP_ROW && at->steps[i].chosen) {
            return true;
        }
    }
    return false;
}

/* The rows that one step of the explanation gathers. */
typedef struct Rows {
    ExplainRow *row;
    size_t count, room;
    bool *seen; /* by decision */
} Rows;

static void add_row(const Explainer *at, Str label, Str name,
                    const DmnStep *step, Rows *rows)
{
    if (rows->count == rows->room) return;
    Buf text = buf_make(1 << 16);
    buf_str(&text, label);
    buf_text(&text, ": ");
    write_value(at, name, step->value, &text);
    rows->row[rows->count++] =
        (ExplainRow){.text = str_copy(at->arena, buf_view(&text)),
                     .article = article_words(at, note(step, "Article")),
                     .source = source_words(at, note(step, "Source")),
                     .status = status_of(note(step, "Status")),
                     .row = step->row};
    buf_free(&text);
}

static void add_parameter(const Explainer *at, const DmnStep *decision,
                          Rows *rows)
{
    Str label = label_of(at, decision->name);
    if (label.at == NULL) label = decision->name;
    size_t i = (size_t)(decision - at->steps) + 1;
    for (; i < (size_t)decision->end; i = next_child(at, i)) {
        const DmnStep *step = &at->steps[i];
        if (step->kind != DMN_STEP_ROW || !step->chosen) continue;
        add_row(at, label, decision->name, step, rows);
    }
}

/*
 * The parameters that a decision used, by itself or through decisions that
 * are not shown by themselves.
 */
static void gather(const Explainer *at, const DmnStep *decision, Rows *rows,
                   int depth)
{
    enum { DEPTH_MAX = 8 };
    if (depth == DEPTH_MAX) return;
    size_t i = (size_t)(decision - at->steps) + 1;
    for (; i < (size_t)decision->end; i = next_child(at, i)) {
        const DmnStep *step = &at->steps[i];
        bool uses = step->kind == DMN_STEP_USES && step->decision >= 0;
        if (!uses && step->kind != DMN_STEP_DECISION) continue;
        const DmnStep *used = step_of(at, step->decision);
        if (used == NULL || rows->seen[step->decision]) continue;
        rows->seen[step->decision] = true;
        if (is_parameter(at, used)) {
            add_parameter(at, used, rows);
        } else if (label_of(at, used->name).at == NULL) {
            gather(at, used, rows, depth + 1);
        }
    }
}

static void collect_rows(const Explainer *at, const DmnStep *decision,
                         ExplainStep *ret)
{
    size_t decisions = (size_t)dmn_decision_count(at->model);
    Rows rows = {.row = ARENA_ARRAY(at->arena, ExplainRow, at->step_count + 1),
                 .room = at->step_count,
                 .seen = ARENA_ARRAY(at->arena, bool, decisions + 1)};
    gather(at, decision, &rows, 0);
    ret->rows = rows.row;
    ret->row_count = rows.count;
}

static Str sentence_of(const Explainer *at, const DmnStep *step)
{
    Str key = str_of(arena_format(at->arena, "step.%s.%.*s", at->programme,
                                  STR_ARG(step->name)));
    if (!text_has(at->style->texts, key)) return (Str){"", 0};
    Buf buf = buf_make(1 << 16);
    text_write(&buf, at->style, key, at->args, at->arg_count);
    Str sentence = str_copy(at->arena, buf_view(&buf));
    buf_free(&buf);
    return sentence;
}

/*
 * The household's steps, in the order in which the model tells them; the
 * parameters stand under the steps that use them.
 */
static void collect_steps(Explainer *at, Explanation *ret)
{
    int32_t decisions = dmn_decision_count(at->model);
    ExplainStep *steps = ARENA_ARRAY(at->arena, ExplainStep, decisions + 1);
    size_t count = 0;
    for (int32_t i = 0; i < decisions; i++) {
        const DmnStep *step = step_of(at, i);
        if (step == NULL || is_parameter(at, step)) continue;
        Str label = label_of(at, step->name);
        if (label.at == NULL) continue;
        ExplainStep *made = &steps[count++];
        *made = (ExplainStep){.name = str_copy(at->arena, step->name),
                              .label = label,
                              .sentence = sentence_of(at, step),
                              .value = value_words(at, step->name, step->value),
                              .raw = step->value};
        collect_rows(at, step, made);
        for (size_t r = 0; r < made->row_count; r++) {
            ret->assumed |= made->rows[r].status != EXPLAIN_CONFIRMED;
        }
    }
    ret->steps = steps;
    ret->step_count = count;
}

static void collect_reasons(Arena *arena, const TextStyle *style,
                            Explanation *ret)
{
    Str rest = str_of(ret->decision.verdict.reasons), code;
    ExplainReason *reasons =
        ARENA_ARRAY(arena, ExplainReason, REASONS_BYTES_MAX);
    while (rest.bytes > 0 && str_split(&rest, ' ', &code)) {
        const char *key = arena_format(arena, "reason.%.*s", STR_ARG(code));
        Str article_key = str_of(arena_format(arena, "%s.article", key));
        reasons[ret->reason_count++] =
            (ExplainReason){.code = str_copy(arena, code),
                            .sentence = text_get(style, key),
                            .article = text_has(style->texts, article_key)
                                           ? text_get_str(style, article_key)
                                           : (Str){"", 0}};
    }
    ret->reasons = reasons;
}

static Err read_input(StoreConn *conn, Arena *arena, const Decision *decision,
                      const Pack *pack, InputRecord *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_INPUT_GET);
    store_bind_int(stmt, 1, decision->household_id);
    store_bind_bytes(stmt, 2, hash_str(&decision->input));
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    Str bytes = str_copy(arena, store_bytes(stmt, 0));
    store_reset(stmt);
    return record_read(arena, pack->catalogue, bytes, ret);
}

static Err damaged(Diag *diag, const Decision *decision)
{
    diag_set(diag, "explain.damaged");
    diag_arg_int(diag, decision->household_id);
    return ERR_CONFLICT;
}

/* Decides again with tracing and puts every step into words. */
static Err derive(StoreConn *conn, Arena *arena, const TextStyle *style,
                  const Programme *programme, Diag *diag, Explanation *ret)
{
    InputRecord record;
    Verdict verdict;
    Decider *decider CLEANUP(decider_closep) = NULL;
    if (read_input(conn, arena, &ret->decision, ret->pack, &record) != OK) {
        return damaged(diag, &ret->decision);
    }
    if (record.member_count == 0) return OK; /* nobody lives there any more */
    TRY(decider_open(ret->pack, programme, diag, &decider));
    dmn_trace_set(decider_eval(decider), true);
    TRY(decider_decide(decider, &record, ret->month, diag, &verdict));
    if (!verdict_equal(&verdict, &ret->decision.verdict)) {
        return damaged(diag, &ret->decision);
    }
    Explainer at = {.arena = arena,
                    .style = style,
                    .programme = programme->name,
                    .citations = &ret->pack->citations,
                    .model = programme->model};
    at.steps = dmn_trace(decider_eval(decider), &at.step_count);
    collect_values(&at);
    collect_steps(&at, ret);
    return OK;
}

/* Whether the month was determined: by a run, or by the decision itself. */
static Err check_determined(StoreConn *conn, const char *programme,
                            const Explanation *explanation, Diag *diag)
{
    bool row;
    if (explanation->decision.month == explanation->month) return OK;
    StoreStmt *stmt = store_query(conn, Q_RUN_LAST);
    store_bind_text(stmt, 1, str_of(programme));
    store_bind_int(stmt, 2, explanation->month);
    TRY(store_step(stmt, &row));
    store_reset(stmt);
    return row ? OK : explain_undetermined(explanation->month, diag);
}

Err explain_undetermined(Month month, Diag *diag)
{
    char room[16];
    Buf text = {.at = room, .room_bytes = 16, .limit_bytes = 16};
    month_write(&text, month);
    diag_set(diag, "explain.undetermined");
    diag_arg(diag, buf_view(&text));
    return ERR_NOT_FOUND;
}

/* Finds the decision, or says which of the two is missing. */
static Err find_decision(StoreConn *conn, Arena *arena, const char *programme,
                         int64_t household_id, Diag *diag, Explanation *ret)
{
    int64_t version;
    Str book;
    Err err =
        decision_at(conn, programme, household_id, ret->month, &ret->decision);
    if (err == OK) return check_determined(conn, programme, ret, diag);
    if (err != ERR_NOT_FOUND) return err;
    err = registry_book(conn, arena, household_id, &version, &book);
    if (err == OK) return explain_undetermined(ret->month, diag);
    if (err == ERR_NOT_FOUND) {
        diag_set(diag, "explain.no_household");
        diag_arg_int(diag, household_id);
    }
    return err;
}

Err explain_decision(Context *context, StoreConn *conn, Arena *arena,
                     const TextStyle *style, const char *programme,
                     int64_t household_id, Month month, Diag *diag,
                     Explanation *ret)
{
    Explanation explanation = {.month = month};
    Str book;
    TRY(find_decision(conn, arena, programme, household_id, diag,
                      &explanation));
    int64_t pack_id = explanation.decision.pack_id;
    if (context->pack != NULL && context->pack->id == pack_id) {
        explanation.pack = context->pack;
    } else {
        TRY(pack_load(conn, arena, pack_id, diag, &explanation.pack));
    }
    const Programme *found =
        pack_programme(explanation.pack, str_of(programme));
    if (found == NULL) return damaged(diag, &explanation.decision);
    collect_reasons(arena, style, &explanation);
    TRY(derive(conn, arena, style, found, diag, &explanation));
    TRY(registry_rebuild(conn, arena, explanation.pack->catalogue, household_id,
                         explanation.decision.version, &book));
    TRY(explain_facts(arena, explanation.pack->catalogue, style, book, month,
                      &explanation.facts, &explanation.fact_count));
    *ret = explanation;
    return OK;
}
