#include "web/fill.h"

#include "text/calendar.h"
#include "text/number.h"

static Str keep(Visit *visit, const Buf *buf)
{
    return str_copy(visit->request->arena, buf_view(buf));
}

Str fill_money(Visit *visit, Money money)
{
    Buf *buf = http_scratch(visit->request);
    number_write_money(buf, &visit->style, money);
    return keep(visit, buf);
}

Str fill_day(Visit *visit, Day day)
{
    if (day == DAY_OPEN) return (Str){NULL, 0};
    static const char *const weekday[] = {"weekday.0", "weekday.1", "weekday.2",
                                          "weekday.3", "weekday.4", "weekday.5",
                                          "weekday.6"};
    Buf *buf = http_scratch(visit->request);
    const char *key = weekday[calendar_weekday(day) % 7];
    if (text_has(visit->style.texts, str_of(key))) {
        buf_str(buf, visit_text(visit, key));
        buf_char(buf, ' ');
    }
    calendar_write_short(buf, &visit->style, day);
    return keep(visit, buf);
}

Str fill_day_short(Visit *visit, Day day)
{
    if (day == DAY_OPEN) return (Str){NULL, 0};
    Buf *buf = http_scratch(visit->request);
    calendar_write_short(buf, &visit->style, day);
    return keep(visit, buf);
}

Str fill_hijri(Visit *visit, Day day)
{
    if (day == DAY_OPEN) return (Str){NULL, 0};
    Buf *buf = http_scratch(visit->request);
    calendar_write_hijri(buf, &visit->style, day);
    return keep(visit, buf);
}

Str fill_instant(Visit *visit, Instant at)
{
    return fill_day_short(visit, calendar_civil_day(at));
}

Str fill_month(Visit *visit, Month month)
{
    Buf *buf = http_scratch(visit->request);
    calendar_write_month(buf, &visit->style, month);
    return keep(visit, buf);
}

Str fill_month_code(Visit *visit, Month month)
{
    Buf *buf = http_scratch(visit->request);
    month_write(buf, month);
    return keep(visit, buf);
}

Str fill_id(Visit *visit, int64_t id)
{
    Buf *buf = http_scratch(visit->request);
    buf_int(buf, id);
    return keep(visit, buf);
}

static const PageReason *reasons_of(Visit *visit,
                                    const BackendDecision *decision)
{
    Arena *arena = visit->request->arena;
    PageReason *reasons =
        ARENA_ARRAY(arena, PageReason, decision->reason_count + 1);
    for (size_t i = 0; i < decision->reason_count; i++)
        reasons[i] = (PageReason){decision->reasons[i].sentence,
                                  decision->reasons[i].article};
    return reasons;
}

PageDecided fill_decided(Visit *visit, const BackendDecision *decision)
{
    return (PageDecided){
        .eligible = decision->eligible,
        .programme = decision->programme_title,
        .month = fill_month(visit, decision->month),
        .amount = fill_money(visit, decision->amount),
        .paid_day = fill_day(visit, decision->payment_day),
        .paid_hijri = fill_hijri(visit, decision->payment_day),
        .decided_on = fill_instant(visit, decision->decided_at),
        .version = fill_id(visit, decision->version),
        .assumed = decision->assumed,
        .reasons = reasons_of(visit, decision),
        .reasons_count = decision->reason_count,
    };
}

static Str months_of(Visit *visit, const BackendDecision *decision)
{
    Str first = fill_month(visit, decision->month);
    if (decision->month_last <= decision->month) return first;
    TextArg arg[] = {
        TEXT_STR("0", first),
        TEXT_STR("1", fill_month(visit, decision->month_last)),
    };
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("web.months"), arg, 2);
    return keep(visit, buf);
}

const PagePast *fill_history(Visit *visit, const BackendDecision *history,
                             size_t count)
{
    PagePast *past = ARENA_ARRAY(visit->request->arena, PagePast, count + 1);
    for (size_t i = 0; i < count; i++) {
        const BackendDecision *decision = &history[i];
        past[i] = (PagePast){
            .months = months_of(visit, decision),
            .eligible = decision->eligible,
            .amount = fill_money(visit, decision->amount),
            .decided_on = fill_instant(visit, decision->decided_at),
            .version = fill_id(visit, decision->version),
            .month = fill_month_code(visit, decision->month),
        };
        if (decision->reason_count > 0)
            past[i].reason = decision->reasons[0].sentence;
    }
    return past;
}

PageMember fill_subject(Visit *visit, const BackendFact *facts, size_t count,
                        int64_t person_id)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (facts[i].person_id == person_id) found++;
    PageFact *shown = ARENA_ARRAY(visit->request->arena, PageFact, found + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].person_id != person_id) continue;
        shown[n++] = (PageFact){
            .label = facts[i].label,
            .value = facts[i].value,
            .source = facts[i].source,
            .since = fill_day_short(visit, facts[i].true_from),
            .until = fill_day_short(visit, facts[i].true_to),
            .received = fill_instant(visit, facts[i].received_at),
        };
    }
    return (PageMember){
        .facts = shown, .facts_count = found, .any_facts = found > 0};
}

static Str anchor_of(Visit *visit, size_t number)
{
    Buf *buf = http_scratch(visit->request);
    buf_char(buf, 'm');
    buf_int(buf, (int64_t)number);
    return keep(visit, buf);
}

const PageMember *fill_names(Visit *visit, const BackendMember *members,
                             size_t member_count)
{
    Arena *arena = visit->request->arena;
    PageMember *shown = ARENA_ARRAY(arena, PageMember, member_count + 1);
    for (size_t i = 0; i < member_count; i++) {
        shown[i].anchor = anchor_of(visit, i + 1);
        shown[i].name = members[i].name;
        shown[i].role = members[i].role;
        shown[i].self = members[i].self;
    }
    return shown;
}

const PageMember *fill_members(Visit *visit, const BackendMember *members,
                               size_t member_count, const BackendFact *facts,
                               size_t fact_count)
{
    Arena *arena = visit->request->arena;
    PageMember *shown = ARENA_ARRAY(arena, PageMember, member_count + 1);
    for (size_t i = 0; i < member_count; i++) {
        const BackendMember *member = &members[i];
        PageMember *page = &shown[i];
        *page = fill_subject(visit, facts, fact_count, member->person_id);
        page->anchor = anchor_of(visit, i + 1);
        page->name = member->name;
        page->role = member->role;
        page->national_id = member->national_id;
        page->birth = fill_day_short(visit, member->birth_day);
        page->birth_hijri = fill_hijri(visit, member->birth_day);
        page->age_years = member->age_years;
        page->aged = member->age_years >= 0;
        page->nationality = member->nationality;
        page->self = member->self;
        page->unfolded = i == 0;
    }
    return shown;
}

static PageLaw law_rows(Visit *visit, const BackendRow *from, size_t count)
{
    PageRow *rows = ARENA_ARRAY(visit->request->arena, PageRow, count + 1);
    bool doubt = false;
    for (size_t i = 0; i < count; i++) {
        const BackendRow *row = &from[i];
        doubt = doubt || row->status != BACKEND_CONFIRMED;
        rows[i] = (PageRow){
            .text = row->text,
            .article = row->article,
            .source = row->source,
            .remark = row->remark,
            .unconfirmed = row->status == BACKEND_UNCONFIRMED,
            .assumption = row->status == BACKEND_ASSUMPTION,
        };
    }
    return (PageLaw){.rows = rows,
                     .rows_count = count,
                     .row_count = (int64_t)count,
                     .any_rows = count > 0,
                     .doubt = doubt};
}

static PageStep step_of(Visit *visit, const BackendStep *step)
{
    PageLine *lines =
        ARENA_ARRAY(visit->request->arena, PageLine, step->line_count + 1);
    for (size_t i = 0; i < step->line_count; i++) {
        const BackendLine *line = &step->lines[i];
        lines[i] = (PageLine){line->sign, line->label, line->value, line->total,
                              line->part};
    }
    return (PageStep){
        .label = step->label,
        .sentence = step->sentence,
        .value = step->value,
        .lines = lines,
        .lines_count = step->line_count,
        .any_lines = step->line_count > 0,
        .law = law_rows(visit, step->rows, step->row_count),
    };
}

const PageStep *fill_steps(Visit *visit, const BackendStep *steps, size_t count)
{
    PageStep *shown = ARENA_ARRAY(visit->request->arena, PageStep, count + 1);
    for (size_t i = 0; i < count; i++) shown[i] = step_of(visit, &steps[i]);
    return shown;
}

const PageCheck *fill_checks(Visit *visit, const BackendCheck *checks,
                             size_t count)
{
    PageCheck *shown = ARENA_ARRAY(visit->request->arena, PageCheck, count + 1);
    for (size_t i = 0; i < count; i++) {
        shown[i] = (PageCheck){
            .label = checks[i].label,
            .sentence = checks[i].sentence,
            .met = checks[i].met,
            .law = law_rows(visit, checks[i].rows, checks[i].row_count)};
    }
    return shown;
}

const PageRemedy *fill_remedies(Visit *visit, const BackendRemedy *remedies,
                                size_t count)
{
    PageRemedy *shown =
        ARENA_ARRAY(visit->request->arena, PageRemedy, count + 1);
    for (size_t i = 0; i < count; i++) {
        shown[i] = (PageRemedy){
            .sentence = remedies[i].sentence,
            .law = law_rows(visit, remedies[i].rows, remedies[i].row_count)};
    }
    return shown;
}

void fill_replaced(Visit *visit, const BackendReplaced *old, PageDecision *page)
{
    Money less = {-old->difference.minor};
    if (!old->any) return;
    page->replaced = true;
    page->replaced_on = fill_day(visit, old->decided_on);
    page->replaced_before = fill_money(visit, old->before);
    page->owed = old->difference.minor > 0;
    page->overpaid = old->difference.minor < 0;
    page->difference =
        fill_money(visit, page->overpaid ? less : old->difference);
}
