#include "service/explain.h"

#include "registry/registry.h"
#include "service/explain_int.h"

enum { BEFORE_ARENA_BYTES = 16 << 20, BEFORE_STEPS = 2000000 };

/* Where a reason stands that no row gave: that nobody lives there. */
static Str known_article(const Explainer *at, Str code)
{
    Str key =
        str_of(arena_format(at->arena, "reason.%.*s.article", STR_ARG(code)));
    if (!text_has(at->style->texts, key)) return (Str){"", 0};
    return text_get_str(at->style, key);
}

/* The reasons of a verdict; the model's row says where each stands. */
static void collect_reasons(const Explainer *at, Explanation *ret)
{
    const TextStyle *style = at->style;
    Str rest = str_of(at->verdict->reasons), code;
    ExplainReason *reasons =
        ARENA_ARRAY(at->arena, ExplainReason, REASONS_BYTES_MAX);
    while (rest.bytes > 0 && str_split(&rest, ' ', &code)) {
        Str sentence = explain_text(at, "why", code);
        const Citation *citation = explain_code_citation(at, code);
        if (sentence.at == NULL) {
            sentence = text_get(
                style, arena_format(at->arena, "reason.%.*s", STR_ARG(code)));
        }
        reasons[ret->reason_count++] = (ExplainReason){
            .code = str_copy(at->arena, code),
            .sentence = sentence,
            .article = citation == NULL ? known_article(at, code)
                                        : explain_citation_words(at, citation)};
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

/* Where each decision was decided in the trace; -1: not. */
static const int32_t *index_trace(const Explainer *at)
{
    int32_t count = dmn_decision_count(at->model);
    int32_t *index = ARENA_ARRAY(at->arena, int32_t, count + 1);
    for (int32_t i = 0; i < count; i++) index[i] = -1;
    for (size_t i = 0; i < at->trace_count; i++) {
        const DmnStep *step = &at->trace[i];
        bool first = step->kind == DMN_STEP_DECISION && step->decision >= 0 &&
                     index[step->decision] < 0;
        if (first) index[step->decision] = (int32_t)i;
    }
    return index;
}

/* Evaluates all decisions of the model: what explains may ask for any. */
static Err evaluate_all(Explainer *at, DmnEval *eval)
{
    FeelValue value;
    for (int32_t i = 0; i < dmn_decision_count(at->model); i++) {
        TRY(dmn_eval(eval, i, &value));
    }
    at->trace = dmn_trace(eval, &at->trace_count);
    at->step = index_trace(at);
    return OK;
}

/* An evaluator that knows what the law said in the month before. */
static DmnEval *open_before(const Programme *programme, Month month)
{
    DmnEval *before =
        dmn_eval_open(programme->model, BEFORE_ARENA_BYTES, BEFORE_STEPS);
    dmn_eval_reset(before);
    dmn_input_set(before, programme->month_input,
                  feel_date(month_first_day(month - 1)));
    return before;
}

/* Decides again with tracing and puts every step into words. */
static Err derive(Explainer *at, Diag *diag, Explanation *ret)
{
    Verdict verdict;
    Decider *decider CLEANUP(decider_closep) = NULL;
    DmnEval *before CLEANUP(dmn_eval_closep) = NULL;
    if (at->record->member_count == 0) { /* nobody lives there any more */
        collect_reasons(at, ret);
        return OK;
    }
    TRY(decider_open(ret->pack, at->programme, diag, &decider));
    dmn_trace_set(decider_eval(decider), true);
    TRY(decider_decide(decider, at->record, ret->month, diag, &verdict));
    if (!verdict_equal(&verdict, &ret->decision.verdict)) {
        return damaged(diag, &ret->decision);
    }
    TRY(evaluate_all(at, decider_eval(decider)));
    before = open_before(at->programme, ret->month);
    at->before = before;
    explain_collect_values(at);
    collect_reasons(at, ret);
    explain_collect_steps(at, ret);
    return OK;
}

static Err has_run(StoreConn *conn, const char *programme, Month month,
                   bool *ret)
{
    StoreStmt *stmt = store_query(conn, Q_RUN_LAST);
    store_bind_text(stmt, 1, str_of(programme));
    store_bind_int(stmt, 2, month);
    TRY(store_step(stmt, ret));
    store_reset(stmt);
    return OK;
}

static Err undetermined(Month month, Diag *diag)
{
    char room[16];
    Buf text = {.at = room, .room_bytes = 16, .limit_bytes = 16};
    month_write(&text, month);
    diag_set(diag, "explain.undetermined");
    diag_arg(diag, buf_view(&text));
    return ERR_NOT_FOUND;
}

/* Whether the month was determined: by a run, or by the decision itself. */
static Err check_determined(StoreConn *conn, const char *programme,
                            const Explanation *explanation, Diag *diag)
{
    bool run;
    if (explanation->decision.month == explanation->month) return OK;
    TRY(has_run(conn, programme, explanation->month, &run));
    return run ? OK : undetermined(explanation->month, diag);
}

/* Why there is no decision for a month. Returns ERR_NOT_FOUND. */
static Err missing(StoreConn *conn, Arena *arena, const char *programme,
                   int64_t household_id, Month month, Diag *diag)
{
    bool run;
    int64_t version;
    Str book;
    Err err = registry_book(conn, arena, household_id, &version, &book);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    TRY(has_run(conn, programme, month, &run));
    if (err == OK && !run) return undetermined(month, diag);
    diag_set(diag, err == OK ? "explain.not_there" : "explain.no_household");
    diag_arg_int(diag, household_id);
    return ERR_NOT_FOUND;
}

/* Finds the decision, or says which of the two is missing. */
static Err find_decision(StoreConn *conn, Arena *arena, const char *programme,
                         int64_t household_id, Diag *diag, Explanation *ret)
{
    Err err =
        decision_at(conn, programme, household_id, ret->month, &ret->decision);
    if (err == OK) return check_determined(conn, programme, ret, diag);
    if (err != ERR_NOT_FOUND) return err;
    return missing(conn, arena, programme, household_id, ret->month, diag);
}

/* The pack that decided: the one in force, or an older one. */
static Err find_pack(Context *context, StoreConn *conn, Arena *arena,
                     TextStyle *style, Diag *diag, Explanation *ret)
{
    Shelved found;
    TRY(context_law_of(context, conn, arena, ret->decision.pack_id, diag,
                       &found));
    ret->pack = found.pack;
    if (found.pack->id != context->pack->id) style->texts = found.texts;
    return OK;
}

Err explain_decision(Context *context, StoreConn *conn, Arena *arena,
                     const TextStyle *style, const char *programme,
                     int64_t household_id, Month month, Diag *diag,
                     Explanation *ret)
{
    Explanation explanation = {.month = month, .payday = DAY_OPEN};
    TextStyle reader = *style;
    Str bytes;
    Book book;
    InputRecord record;
    TRY(find_decision(conn, arena, programme, household_id, diag,
                      &explanation));
    TRY(find_pack(context, conn, arena, &reader, diag, &explanation));
    const Pack *pack = explanation.pack;
    const Programme *found = pack_programme(pack, str_of(programme));
    if (found == NULL ||
        read_input(conn, arena, &explanation.decision, pack, &record) != OK) {
        return damaged(diag, &explanation.decision);
    }
    TRY(registry_rebuild(conn, arena, pack->catalogue, household_id,
                         explanation.decision.version, &bytes));
    TRY(book_read(arena, pack->catalogue, bytes, &book));
    Explainer at = {.arena = arena,
                    .style = &reader,
                    .programme = found,
                    .citations = &pack->citations,
                    .book = &book,
                    .record = &record,
                    .month = month,
                    .verdict = &explanation.decision.verdict,
                    .model = found->model};
    TRY(derive(&at, diag, &explanation));
    TRY(explain_facts(arena, pack->catalogue, &reader, bytes, month, found,
                      &explanation.facts, &explanation.fact_count));
    TRY(explain_find_replaced(conn, arena, programme, &explanation));
    if (explanation.decision.verdict.eligible) {
        explanation.payday = pack_payday(found, month);
    }
    *ret = explanation;
    return OK;
}
