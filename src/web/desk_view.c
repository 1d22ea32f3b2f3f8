/*
 * desk_view.c - households, decisions and explanations, for the pages.
 */
#include <string.h>

#include "codec/arabic.h"
#include "service/explain.h"
#include "text/calendar.h"
#include "web/desk_int.h"

enum { HISTORY_MAX = 60, MASK_SHOWN = 4, NAME_MATCH_MAX = 2000 };

static const Programme *programme_of(const Desk *desk)
{
    return &desk->config.context->pack->programmes[0];
}

static const BackendReason *reasons_of(BackendCall *call, const Str *codes,
                                       size_t count)
{
    BackendReason *reasons = ARENA_ARRAY(call->arena, BackendReason, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *key =
            arena_format(call->arena, "reason.%.*s", STR_ARG(codes[i]));
        Str article = str_of(arena_format(call->arena, "%s.article", key));
        reasons[i] =
            (BackendReason){.code = codes[i],
                            .sentence = text_get(call->style, key),
                            .article = text_has(call->style->texts, article)
                                           ? text_get_str(call->style, article)
                                           : (Str){"", 0}};
    }
    return reasons;
}

BackendDecision desk_decision(Desk *desk, BackendCall *call,
                              const Decision *decision)
{
    const Programme *programme = programme_of(desk);
    Str codes[REASONS_BYTES_MAX / 2], code;
    size_t count = 0;
    Str rest =
        str_of(arena_format(call->arena, "%s", decision->verdict.reasons));
    while (rest.bytes > 0 && str_split(&rest, ' ', &code)) {
        codes[count++] = code;
    }
    const char *title =
        arena_format(call->arena, "programme.%s", programme->name);
    return (BackendDecision){.programme = str_of(programme->name),
                             .programme_title = text_get(call->style, title),
                             .month = decision->month,
                             .month_last = decision->month,
                             .eligible = decision->verdict.eligible,
                             .amount = {decision->verdict.amount_minor},
                             .payment_day =
                                 decision->verdict.eligible
                                     ? pack_payday(programme, decision->month)
                                     : DAY_OPEN,
                             .decided_at = decision->decided_at,
                             .version = decision->version,
                             .reasons = reasons_of(call, codes, count),
                             .reason_count = count};
}

static Str mask(Arena *arena, Str id)
{
    if (id.bytes <= MASK_SHOWN) return id;
    return str_of(arena_format(arena, "******%.*s", MASK_SHOWN,
                               id.at + id.bytes - MASK_SHOWN));
}

static Str text_value(const Book *book, int64_t person, const char *name,
                      Day day)
{
    const Kind *kind = kind_find(book->catalogue, str_of(name));
    if (kind == NULL) return (Str){"", 0};
    const Segment *segment = book_find(book, person, kind->id, 0, day);
    return segment == NULL ? (Str){"", 0} : segment->is.text;
}

/* The label of a code that holds, or empty. */
static Str code_label(const TextStyle *style, Arena *arena, const Book *book,
                      int64_t subject, const char *name, Day day)
{
    const Kind *kind = kind_find(book->catalogue, str_of(name));
    if (kind == NULL) return (Str){"", 0};
    const Segment *segment = book_find(book, subject, kind->id, 0, day);
    if (segment == NULL) return (Str){"", 0};
    return text_get(style, arena_format(arena, "fact.%s.%s", name,
                                        kind->codes[segment->is.value]));
}

static int32_t years_between(Day from, Day to)
{
    Ymd a = day_ymd(from), b = day_ymd(to);
    bool before = b.month < a.month || (b.month == a.month && b.day < a.day);
    return b.year - a.year - before;
}

Str desk_name(const TextStyle *style, const Book *book, int64_t person, Day day)
{
    bool arabic = style->lang == TEXT_AR;
    Str name = text_value(book, person, arabic ? "name_ar" : "name_en", day);
    if (name.bytes > 0) return name;
    return text_value(book, person, arabic ? "name_en" : "name_ar", day);
}

static BackendMember make_member(BackendCall *call, const Book *book,
                                 const RecordMember *member, Day day)
{
    const KindCatalogue *catalogue = book->catalogue;
    const DeskOwner *owner = call->session->own;
    int64_t id = member->person_id;
    bool self = owner->actor.person_id == id;
    bool own = (owner->actor.roles >> ROLE_CITIZEN & 1) != 0;
    Str national = text_value(book, id, "national_id", day);
    BackendMember made = {
        .person_id = id,
        .name = desk_name(call->style, book, id, day),
        .role = code_label(call->style, call->arena, book, id, "member", day),
        .national_id = own && self ? national : mask(call->arena, national),
        .birth_day = DAY_OPEN,
        .age_years = -1,
        .nationality =
            code_label(call->style, call->arena, book, id, "nationality", day),
        .self = self};
    if (catalogue->birth != NULL && catalogue->birth->field >= 0 &&
        (member->known >> catalogue->birth->field & 1) != 0) {
        made.birth_day = (Day)member->value[catalogue->birth->field];
        made.age_years = years_between(made.birth_day, day);
    }
    if (made.name.bytes == 0) {
        Str number = str_of(arena_format(call->arena, "%lld", (long long)id));
        TextArg args[] = {TEXT_STR("person", number)};
        Buf buf = buf_make(256);
        text_write(&buf, call->style, STR("person.unnamed"), args, 1);
        made.name = str_copy(call->arena, buf_view(&buf));
        buf_free(&buf);
    }
    return made;
}

static BackendFact make_fact(const KindCatalogue *catalogue, BackendCall *call,
                             const ExplainFact *fact)
{
    const Kind *kind = catalogue->by_id[fact->kind];
    bool secret = kind == catalogue->national_id ||
                  (kind->format != NULL && strcmp(kind->format, "iban") == 0);
    return (BackendFact){
        .person_id = fact->person_id == BOOK_HOUSEHOLD ? 0 : fact->person_id,
        .label = fact->label,
        .value = secret ? mask(call->arena, fact->value) : fact->value,
        .source = fact->source,
        .message = fact->message,
        .true_from = fact->from,
        .true_to = fact->to,
        .received_at = (Instant)fact->received * 86400 * 1000000};
}

/* The facts that the reader may see one by one. */
static const BackendFact *make_facts(const KindCatalogue *catalogue,
                                     BackendCall *call, const Homes *homes,
                                     int64_t household_id,
                                     const ExplainFact *facts, size_t count,
                                     size_t *ret_count)
{
    BackendFact *shown = ARENA_ARRAY(call->arena, BackendFact, count + 1);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        ExplainFact fact = facts[i];
        if (!desk_fact_shown(call, homes, household_id, &fact)) continue;
        shown[(*ret_count)++] = make_fact(catalogue, call, &fact);
    }
    return shown;
}

Err desk_book(Desk *desk, BackendCall *call, Str bytes, Month month,
              const Homes *homes, BackendHousehold *ret)
{
    const KindCatalogue *catalogue = desk->config.context->pack->catalogue;
    Day day = month_first_day(month);
    Book book;
    InputRecord record;
    const ExplainFact *facts = NULL;
    size_t fact_count = 0;
    TRY(book_read(call->arena, catalogue, bytes, &book));
    TRY(record_project(call->arena, catalogue, ret->household_id, bytes, month,
                       &record));
    if (!call->brief) {
        TRY(explain_facts(call->arena, catalogue, call->style, bytes, month,
                          NULL, &facts, &fact_count));
    }
    BackendMember *members =
        ARENA_ARRAY(call->arena, BackendMember, record.member_count + 1);
    for (int32_t i = 0; i < record.member_count; i++) {
        members[i] = make_member(call, &book, &record.members[i], day);
    }
    ret->members = members;
    ret->member_count = (size_t)record.member_count;
    ret->facts = make_facts(catalogue, call, homes, ret->household_id, facts,
                            fact_count, &ret->fact_count);
    ret->region = code_label(call->style, call->arena, &book, BOOK_HOUSEHOLD,
                             "region", day);
    ret->address = text_value(&book, BOOK_HOUSEHOLD, "short_address", day);
    return OK;
}

/* The month asked for, or the latest that was determined; when none was, this
 * one, and what is said of it may be different tomorrow. */
static Err resolve_month(Desk *desk, StoreConn *conn, Month asked, Instant now,
                         Month *ret, bool *ret_lasts)
{
    bool row;
    *ret = asked;
    *ret_lasts = true;
    if (asked != BACKEND_MONTH_LATEST) return OK;
    StoreStmt *stmt = store_query(conn, Q_RUN_LATEST);
    store_bind_text(stmt, 1, str_of(programme_of(desk)->name));
    TRY(store_step(stmt, &row));
    bool any = row && !store_is_null(stmt, 0);
    *ret =
        any ? (Month)store_int(stmt, 0) : month_of_day(calendar_civil_day(now));
    *ret_lasts = any;
    store_reset(stmt);
    return OK;
}

/* Runs of months with the same decision, newest first. */
static Err read_history(Desk *desk, BackendCall *call, StoreConn *conn,
                        Month month, int64_t household_id,
                        BackendDecision *shown, size_t *ret_count)
{
    Decision *rows = ARENA_ARRAY(call->arena, Decision, HISTORY_MAX);
    TRY(decision_history(conn, programme_of(desk)->name, household_id, rows,
                         HISTORY_MAX, ret_count));
    Month next = month + 1;
    for (size_t i = 0; i < *ret_count; i++) {
        shown[i] = desk_decision(desk, call, &rows[i]);
        bool same_month = i > 0 && rows[i - 1].month == rows[i].month;
        shown[i].month_last =
            same_month || next <= rows[i].month ? rows[i].month : next - 1;
        next = rows[i].month;
    }
    return OK;
}

/* The first month from `first` on that is determined, or MONTH_NEVER. */
static Err next_determined(StoreConn *conn, const Programme *programme,
                           Month first, Month *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_RUN_NEXT);
    store_bind_text(stmt, 1, str_of(programme->name));
    store_bind_int(stmt, 2, first - 1);
    TRY(store_step(stmt, &row));
    bool any = row && !store_is_null(stmt, 0);
    *ret = any ? (Month)store_int(stmt, 0) : MONTH_NEVER;
    store_reset(stmt);
    return OK;
}

/* The part of a run of months that lies in a spell, if any. */
static Err cut_run(StoreConn *conn, const Programme *programme,
                   const HomeSpell *spell, BackendDecision *run, bool *ret_any)
{
    Month first = month_of_day(spell->from - 1) + 1;
    Month last =
        spell->to == DAY_OPEN ? run->month_last : month_of_day(spell->to - 1);
    if (run->month_last > last) run->month_last = last;
    if (run->month < first) {
        TRY(next_determined(conn, programme, first, &run->month));
    }
    *ret_any = run->month <= run->month_last;
    if (*ret_any && run->eligible) {
        run->payment_day = pack_payday(programme, run->month);
    }
    return OK;
}

/* What was decided about a citizen, wherever he was a member then. */
static Err add_own_history(Desk *desk, BackendCall *call, StoreConn *conn,
                           Month month, const Homes *homes, DeskRead *read,
                           BackendHousehold *ret)
{
    BackendDecision *shown =
        ARENA_ARRAY(call->arena, BackendDecision, HISTORY_MAX);
    BackendDecision *runs =
        ARENA_ARRAY(call->arena, BackendDecision, HISTORY_MAX);
    size_t count;
    ret->history = shown;
    for (int32_t i = homes->count - 1; i >= 0; i--) {
        const HomeSpell *spell = &homes->spell[i];
        TRY(read_history(desk, call, conn, month, spell->household_id, runs,
                         &count));
        size_t before = ret->history_count;
        for (size_t r = 0; r < count; r++) {
            bool his;
            TRY(cut_run(conn, programme_of(desk), spell, &runs[r], &his));
            if (his && ret->history_count < HISTORY_MAX)
                shown[ret->history_count++] = runs[r];
        }
        bool noted = before == ret->history_count ||
                     desk_also(read, spell->household_id);
        if (!noted) ret->history_count = before;
    }
    return OK;
}

static Err add_history(Desk *desk, BackendCall *call, StoreConn *conn,
                       Month month, const Homes *homes, DeskRead *read,
                       BackendHousehold *ret)
{
    if (call->brief) return OK;
    if (homes != NULL) {
        return add_own_history(desk, call, conn, month, homes, read, ret);
    }
    BackendDecision *runs =
        ARENA_ARRAY(call->arena, BackendDecision, HISTORY_MAX);
    ret->history = runs;
    return read_history(desk, call, conn, month, ret->household_id, runs,
                        &ret->history_count);
}

/* The decision of a month: a citizen's, where he was a member then. */
static Err add_decision(Desk *desk, BackendCall *call, StoreConn *conn,
                        Month month, const Homes *homes, DeskRead *read,
                        BackendHousehold *ret)
{
    Decision now;
    const Programme *programme = programme_of(desk);
    int64_t household_id = ret->household_id;
    if (homes != NULL) {
        const HomeSpell *then = homes_at(homes, month_first_day(month));
        if (then == NULL || !desk_also(read, then->household_id)) return OK;
        household_id = then->household_id;
    }
    Err err = decision_at(conn, programme->name, household_id, month, &now);
    if (err == ERR_NOT_FOUND) return OK;
    if (err != OK) return err;
    BackendDecision *current = ARENA_NEW(call->arena, BackendDecision);
    *current = desk_decision(desk, call, &now);
    current->month = current->month_last = month;
    current->payment_day =
        now.verdict.eligible ? pack_payday(programme, month) : DAY_OPEN;
    ret->decision = current;
    return OK;
}

/* Watches all that the view of a household rests on. */
static Watch watch_household(const Desk *desk, int64_t household_id)
{
    const Store *store = desk->config.context->store;
    Watch watch = watch_begin(store);
    watch_kind(&watch, store, WATCH_ACTORS);
    watch_kind(&watch, store, WATCH_HOMES);
    watch_kind(&watch, store, WATCH_RUNS);
    watch_number(&watch, store, WATCH_HOUSEHOLD, household_id);
    return watch;
}

/*
 * The month as of which a household is shown: to who came to it after that
 * month began, the first one in which he is a member.
 */
static Month view_month(const Homes *homes, int64_t household_id, Month month)
{
    if (homes == NULL) return month;
    Month own = homes_month(homes, household_id, month);
    return own == MONTH_NEVER ? month : own;
}

static Err view_household(Desk *desk, BackendCall *call, StoreConn *conn,
                          int64_t household_id, Month month,
                          BackendHousehold *ret, Diag *diag)
{
    DeskRead *read;
    Str book;
    bool lasts;
    const Homes *homes;
    BackendHousehold view = {.household_id = household_id,
                             .stamp.watch = ret->stamp.watch};
    TRY(resolve_month(desk, conn, month, call->now, &month, &lasts));
    TRY(desk_homes(desk, call, conn, &homes));
    for (int32_t i = 0; homes != NULL && i < homes->household_count; i++) {
        if (homes->household[i] == household_id) continue;
        watch_learnt(&view.stamp.watch, desk->config.context->store,
                     WATCH_HOUSEHOLD, homes->household[i]);
    }
    Month as_of = view_month(homes, household_id, month);
    TRY(desk_guard(desk, call, conn, ACTION_READ, OBJECT_HOUSEHOLD,
                   household_id, month_first_day(as_of), "household", diag,
                   &read));
    TRY(registry_book(conn, call->arena, household_id, &view.version, &book));
    TRY(desk_book(desk, call, book, as_of, homes, &view));
    TRY(add_history(desk, call, conn, month, homes, read, &view));
    TRY(add_decision(desk, call, conn, month, homes, read, &view));
    /* a read of several households is on record in all of them */
    view.stamp.given = desk->watches && lasts && read->record.also_count == 0;
    view.stamp.subject = read->record.subject;
    *ret = view;
    return desk_record(desk, read, diag);
}

Err desk_household(void *self, BackendCall *call, int64_t household_id,
                   Month month, BackendHousehold *ret, Diag *diag)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    ret->stamp.watch = watch_household(desk, household_id);
    /* one snapshot, of after the watch: what a page says fits together */
    Err err = store_begin(conn);
    if (err == OK) {
        err = view_household(desk, call, conn, household_id, month, ret, diag);
        store_rollback(conn);
    }
    desk_reader_give(desk, conn);
    return err;
}

Err desk_household_again(void *self, BackendCall *call,
                         const BackendStamp *stamp, Diag *diag)
{
    Desk *desk = self;
    DeskRead *read;
    if (!watch_holds(&stamp->watch, desk->config.context->store)) {
        return ERR_CONFLICT;
    }
    TRY(desk_guard_again(desk, call, ACTION_READ, &stamp->subject, "household",
                         diag, &read));
    return desk_record(desk, read, diag);
}

static BackendStatus status_of(ExplainStatus status)
{
    switch (status) {
    case EXPLAIN_CONFIRMED:
        return BACKEND_CONFIRMED;
    case EXPLAIN_UNCONFIRMED:
        return BACKEND_UNCONFIRMED;
    case EXPLAIN_ASSUMPTION:
        return BACKEND_ASSUMPTION;
    }
    return BACKEND_ASSUMPTION;
}

/* Remarks that stand on the page already, in the order in which it is read. */
typedef struct Told {
    BackendCall *call;
    const Str *remark;
    size_t count;
} Told;

/* A remark is told with the first row that it belongs to. */
static bool is_told(const Told *told, Str remark)
{
    for (size_t i = 0; i < told->count; i++) {
        if (str_equal(told->remark[i], remark)) return true;
    }
    return false;
}

static const BackendRow *make_rows(Told *told, ExplainRows from)
{
    Arena *arena = told->call->arena;
    BackendRow *rows = ARENA_ARRAY(arena, BackendRow, from.count + 1);
    Str *remark = ARENA_ARRAY(arena, Str, told->count + from.count + 1);
    if (told->count > 0) {
        memcpy(remark, told->remark, told->count * sizeof *remark);
    }
    told->remark = remark;
    for (size_t i = 0; i < from.count; i++) {
        const ExplainRow *row = &from.row[i];
        rows[i] = (BackendRow){row->text, row->article, row->source,
                               status_of(row->status), row->remark};
        if (row->remark.bytes == 0) continue;
        if (is_told(told, row->remark)) {
            rows[i].remark = (Str){"", 0};
        } else {
            remark[told->count++] = row->remark;
        }
    }
    return rows;
}

static const BackendLine *make_lines(BackendCall *call, const ExplainStep *step)
{
    static const char *const signs[] = {
        [EXPLAIN_PLUS] = "+",
        [EXPLAIN_MINUS] = "\xE2\x88\x92",
        [EXPLAIN_DIVIDE] = "\xC3\xB7",
        [EXPLAIN_CAP] = "\xE2\x89\xA4",
        [EXPLAIN_ROUND] = "\xE2\x89\x88",
        [EXPLAIN_LEAST] = "\xE2\x89\xA5",
        [EXPLAIN_EQUALS] = "=",
        [EXPLAIN_PART] = "",
        [EXPLAIN_NOTE] = "",
    };
    BackendLine *lines =
        ARENA_ARRAY(call->arena, BackendLine, step->line_count + 1);
    for (size_t i = 0; i < step->line_count; i++) {
        const ExplainLine *line = &step->lines[i];
        lines[i] = (BackendLine){.sign = str_of(signs[line->op]),
                                 .label = line->label,
                                 .value = line->value,
                                 .total = line->op == EXPLAIN_EQUALS,
                                 .part = line->op == EXPLAIN_PART ||
                                         line->op == EXPLAIN_NOTE};
    }
    return lines;
}

static void make_steps(BackendCall *call, Told *told, const Explanation *found,
                       BackendExplanation *ret)
{
    BackendStep *steps =
        ARENA_ARRAY(call->arena, BackendStep, found->step_count + 1);
    for (size_t i = 0; i < found->step_count; i++) {
        const ExplainStep *step = &found->steps[i];
        bool summed = step->line_count > 0 &&
                      step->lines[step->line_count - 1].op == EXPLAIN_EQUALS;
        steps[i] = (BackendStep){.label = step->label,
                                 .sentence = step->sentence,
                                 .value = summed ? (Str){"", 0} : step->value,
                                 .lines = make_lines(call, step),
                                 .line_count = step->line_count,
                                 .rows = make_rows(told, step->rows),
                                 .row_count = step->rows.count};
    }
    ret->steps = steps;
    ret->step_count = found->step_count;
}

static void make_checks(BackendCall *call, Told *told, const Explanation *found,
                        BackendExplanation *ret)
{
    BackendCheck *checks =
        ARENA_ARRAY(call->arena, BackendCheck, found->check_count + 1);
    for (size_t i = 0; i < found->check_count; i++) {
        const ExplainCheck *check = &found->checks[i];
        checks[i] =
            (BackendCheck){check->label, check->sentence, check->met,
                           make_rows(told, check->rows), check->rows.count};
    }
    ret->checks = checks;
    ret->check_count = found->check_count;
}

static void make_remedies(BackendCall *call, Told *told,
                          const Explanation *found, BackendExplanation *ret)
{
    BackendRemedy *remedies =
        ARENA_ARRAY(call->arena, BackendRemedy, found->remedy_count + 1);
    for (size_t i = 0; i < found->remedy_count; i++) {
        const ExplainRemedy *remedy = &found->remedies[i];
        remedies[i] =
            (BackendRemedy){remedy->sentence, make_rows(told, remedy->rows),
                            remedy->rows.count};
    }
    ret->remedies = remedies;
    ret->remedy_count = found->remedy_count;
}

/* The reasons with the figures of the case, in place of the general ones. */
static void make_reasons(BackendCall *call, const Explanation *found,
                         BackendDecision *decision)
{
    BackendReason *reasons =
        ARENA_ARRAY(call->arena, BackendReason, found->reason_count + 1);
    for (size_t i = 0; i < found->reason_count; i++) {
        const ExplainReason *reason = &found->reasons[i];
        reasons[i] =
            (BackendReason){reason->code, reason->sentence, reason->article};
    }
    if (found->reason_count == 0) return;
    decision->reasons = reasons;
    decision->reason_count = found->reason_count;
}

static Str hash_text(Arena *arena, const Hash *hash)
{
    char *text = arena_alloc(arena, 65, 1);
    hash_hex(hash, text);
    return str_of(text);
}

/* Whether a person asks about a household of his own, now or before. */
static bool is_home(const Homes *homes, int64_t household_id)
{
    for (int32_t i = 0; i < homes->household_count; i++) {
        if (homes->household[i] == household_id) return true;
    }
    return false;
}

static Err view_explanation(Desk *desk, BackendCall *call, StoreConn *conn,
                            int64_t household_id, Month month,
                            BackendExplanation *ret, Diag *diag)
{
    DeskRead *read;
    Explanation found;
    Str book;
    bool lasts;
    const Homes *homes;
    TRY(resolve_month(desk, conn, month, call->now, &month, &lasts));
    TRY(desk_homes(desk, call, conn, &homes));
    /* of his own, the home of that month; of others, which the guard refuses
       and records, the one that he names */
    const HomeSpell *then = homes != NULL && is_home(homes, household_id)
                                ? homes_at(homes, month_first_day(month))
                                : NULL;
    if (then != NULL) household_id = then->household_id;
    BackendHousehold view = {.household_id = household_id};
    TRY(desk_guard(desk, call, conn, ACTION_EXPLAIN, OBJECT_DECISION,
                   household_id, month_first_day(month), "decision", diag,
                   &read));
    TRY(explain_decision(desk->config.context, conn, call->arena, call->style,
                         programme_of(desk)->name, household_id, month, diag,
                         &found));
    TRY(registry_rebuild(conn, call->arena, found.pack->catalogue, household_id,
                         found.decision.version, &book));
    TRY(desk_book(desk, call, book, month, homes, &view));
    BackendDecision *decision = ARENA_NEW(call->arena, BackendDecision);
    *decision = desk_decision(desk, call, &found.decision);
    decision->month = decision->month_last = month;
    decision->payment_day =
        decision->eligible ? pack_payday(programme_of(desk), month) : DAY_OPEN;
    decision->assumed = found.assumed;
    make_reasons(call, &found, decision);
    *ret = (BackendExplanation){
        .household_id = household_id,
        .decision = decision,
        .replaced = {found.replaced.any,
                     calendar_civil_day(found.replaced.decided_at),
                     {found.replaced.verdict.amount_minor},
                     found.replaced.difference},
        .members = view.members,
        .member_count = view.member_count,
        .pack = hash_text(call->arena, &found.pack->hash),
        .input = hash_text(call->arena, &found.decision.input)};
    Told told = {.call = call};
    make_steps(call, &told, &found, ret);
    make_checks(call, &told, &found, ret);
    make_remedies(call, &told, &found, ret);
    ret->facts = make_facts(found.pack->catalogue, call, homes, household_id,
                            found.facts, found.fact_count, &ret->fact_count);
    return desk_record(desk, read, diag);
}

Err desk_explain(void *self, BackendCall *call, int64_t household_id,
                 Month month, BackendExplanation *ret, Diag *diag)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    /* one snapshot: what a page says fits together */
    Err err = store_begin(conn);
    if (err == OK) {
        err =
            view_explanation(desk, call, conn, household_id, month, ret, diag);
        store_rollback(conn);
    }
    desk_reader_give(desk, conn);
    return err;
}
