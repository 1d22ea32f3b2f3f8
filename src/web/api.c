#include "web/api.h"

#include "codec/json.h"

/* An answer that is being written. */
typedef struct Answer {
    Visit *visit;
    JsonOut json;
} Answer;

static Answer begin(Visit *visit)
{
    Answer answer = {visit, json_out_make(http_body(visit->request))};
    json_out_object(&answer.json);
    return answer;
}

static void end(Answer *answer)
{
    json_out_object_end(&answer->json);
    http_reply(answer->visit->request, 200, "application/json");
}

static void put_text(Answer *answer, const char *key, Str value)
{
    json_out_key(&answer->json, key);
    if (value.bytes > 0)
        json_out_str(&answer->json, value);
    else
        json_out_null(&answer->json);
}

static void put_id(Answer *answer, const char *key, int64_t id)
{
    json_put_id(&answer->json, key, id);
}

static void put_money(Answer *answer, const char *key, Money value)
{
    json_put_money(&answer->json, key, value);
}

static void put_day(Answer *answer, const char *key, Day day)
{
    Buf *buf = http_scratch(answer->visit->request);
    if (day != DAY_OPEN) day_write(buf, day);
    put_text(answer, key, buf_view(buf));
}

static void put_month(Answer *answer, const char *key, Month month)
{
    Buf *buf = http_scratch(answer->visit->request);
    month_write(buf, month);
    put_text(answer, key, buf_view(buf));
}

static void put_instant(Answer *answer, const char *key, Instant at)
{
    Buf *buf = http_scratch(answer->visit->request);
    instant_write(buf, at);
    put_text(answer, key, buf_view(buf));
}

static void put_reasons(Answer *answer, const BackendDecision *decision)
{
    json_out_key(&answer->json, "reasons");
    json_out_array(&answer->json);
    for (size_t i = 0; i < decision->reason_count; i++) {
        const BackendReason *reason = &decision->reasons[i];
        json_out_object(&answer->json);
        put_text(answer, "code", reason->code);
        put_text(answer, "sentence", reason->sentence);
        put_text(answer, "article", reason->article);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

/* The object, without its key. */
static void put_decision(Answer *answer, const BackendDecision *decision)
{
    json_out_object(&answer->json);
    put_text(answer, "programme", decision->programme);
    put_text(answer, "title", decision->programme_title);
    put_month(answer, "month", decision->month);
    put_month(answer, "month_last", decision->month_last);
    json_put_bool(&answer->json, "eligible", decision->eligible);
    put_money(answer, "amount", decision->amount);
    put_day(answer, "payment_date", decision->payment_day);
    put_instant(answer, "decided_at", decision->decided_at);
    json_put_int(&answer->json, "version", decision->version);
    put_reasons(answer, decision);
    json_out_object_end(&answer->json);
}

static void put_members(Answer *answer, const BackendMember *members,
                        size_t count)
{
    json_out_key(&answer->json, "members");
    json_out_array(&answer->json);
    for (size_t i = 0; i < count; i++) {
        const BackendMember *member = &members[i];
        json_out_object(&answer->json);
        put_id(answer, "person_id", member->person_id);
        put_text(answer, "name", member->name);
        put_text(answer, "role", member->role);
        put_text(answer, "national_id", member->national_id);
        put_day(answer, "birth_date", member->birth_day);
        json_out_key(&answer->json, "age");
        if (member->age_years >= 0)
            json_out_int(&answer->json, member->age_years);
        else
            json_out_null(&answer->json);
        put_text(answer, "nationality", member->nationality);
        json_put_bool(&answer->json, "self", member->self);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_facts(Answer *answer, const BackendFact *facts, size_t count)
{
    json_out_key(&answer->json, "facts");
    json_out_array(&answer->json);
    for (size_t i = 0; i < count; i++) {
        const BackendFact *fact = &facts[i];
        json_out_object(&answer->json);
        json_out_key(&answer->json, "person_id");
        if (fact->person_id != 0)
            json_out_id(&answer->json, fact->person_id);
        else
            json_out_null(&answer->json);
        put_text(answer, "label", fact->label);
        put_text(answer, "value", fact->value);
        put_text(answer, "source", fact->source);
        put_text(answer, "message", fact->message);
        put_day(answer, "from", fact->true_from);
        put_day(answer, "to", fact->true_to);
        put_instant(answer, "received_at", fact->received_at);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_law(Answer *answer, const BackendRow *rows, size_t count)
{
    static const char *const status[] = {
        [BACKEND_CONFIRMED] = "confirmed",
        [BACKEND_UNCONFIRMED] = "unconfirmed",
        [BACKEND_ASSUMPTION] = "assumption",
    };
    json_out_key(&answer->json, "law");
    json_out_array(&answer->json);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&answer->json);
        put_text(answer, "text", rows[i].text);
        put_text(answer, "article", rows[i].article);
        put_text(answer, "source", rows[i].source);
        put_text(answer, "status", str_of(status[rows[i].status]));
        put_text(answer, "remark", rows[i].remark);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_lines(Answer *answer, const BackendStep *step)
{
    json_out_key(&answer->json, "lines");
    json_out_array(&answer->json);
    for (size_t i = 0; i < step->line_count; i++) {
        const BackendLine *line = &step->lines[i];
        json_out_object(&answer->json);
        put_text(answer, "sign", line->sign);
        put_text(answer, "label", line->label);
        put_text(answer, "value", line->value);
        json_put_bool(&answer->json, "total", line->total);
        json_put_bool(&answer->json, "part", line->part);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_steps(Answer *answer, const BackendExplanation *why)
{
    json_out_key(&answer->json, "steps");
    json_out_array(&answer->json);
    for (size_t i = 0; i < why->step_count; i++) {
        const BackendStep *step = &why->steps[i];
        json_out_object(&answer->json);
        put_text(answer, "label", step->label);
        put_text(answer, "sentence", step->sentence);
        put_text(answer, "value", step->value);
        put_lines(answer, step);
        put_law(answer, step->rows, step->row_count);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_checks(Answer *answer, const BackendExplanation *why)
{
    json_out_key(&answer->json, "checks");
    json_out_array(&answer->json);
    for (size_t i = 0; i < why->check_count; i++) {
        const BackendCheck *check = &why->checks[i];
        json_out_object(&answer->json);
        put_text(answer, "label", check->label);
        put_text(answer, "sentence", check->sentence);
        json_put_bool(&answer->json, "met", check->met);
        put_law(answer, check->rows, check->row_count);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
    json_out_key(&answer->json, "remedies");
    json_out_array(&answer->json);
    for (size_t i = 0; i < why->remedy_count; i++) {
        const BackendRemedy *remedy = &why->remedies[i];
        json_out_object(&answer->json);
        put_text(answer, "sentence", remedy->sentence);
        put_law(answer, remedy->rows, remedy->row_count);
        json_out_object_end(&answer->json);
    }
    json_out_array_end(&answer->json);
}

static void put_replaced(Answer *answer, const BackendReplaced *replaced)
{
    json_out_key(&answer->json, "replaced");
    if (!replaced->any) {
        json_out_null(&answer->json);
        return;
    }
    json_out_object(&answer->json);
    put_day(answer, "decided_on", replaced->decided_on);
    put_money(answer, "before", replaced->before);
    put_money(answer, "difference", replaced->difference);
    json_out_object_end(&answer->json);
}

static void show_household(Visit *visit)
{
    const BackendHousehold *held = visit->state;
    Answer answer = begin(visit);
    put_id(&answer, "household_id", held->household_id);
    json_put_int(&answer.json, "version", held->version);
    put_text(&answer, "region", held->region);
    put_text(&answer, "address", held->address);
    json_out_key(&answer.json, "decision");
    if (held->decision != NULL)
        put_decision(&answer, held->decision);
    else
        json_out_null(&answer.json);
    put_members(&answer, held->members, held->member_count);
    put_facts(&answer, held->facts, held->fact_count);
    json_out_key(&answer.json, "history");
    json_out_array(&answer.json);
    for (size_t i = 0; i < held->history_count; i++)
        put_decision(&answer, &held->history[i]);
    json_out_array_end(&answer.json);
    end(&answer);
}

static void show_explanation(Visit *visit)
{
    const BackendExplanation *why = visit->state;
    if (why->decision == NULL) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    Answer answer = begin(visit);
    put_id(&answer, "household_id", why->household_id);
    json_out_key(&answer.json, "decision");
    put_decision(&answer, why->decision);
    json_put_bool(&answer.json, "assumed", why->decision->assumed);
    put_steps(&answer, why);
    put_checks(&answer, why);
    put_replaced(&answer, &why->replaced);
    put_facts(&answer, why->facts, why->fact_count);
    put_members(&answer, why->members, why->member_count);
    put_text(&answer, "pack", why->pack);
    put_text(&answer, "input", why->input);
    end(&answer);
}

/* Who comes with a session, and the household that he names. NULL, with the
 * problem answered, otherwise. */
static Visit *require(HttpRequest *request, int64_t *ret_household_id)
{
    Visit *visit = visit_open(request);
    Str id = request->param[0];
    Str purpose = http_header(request, "Sanad-Purpose");
    bool plain = id.bytes > 0 && id.at[0] >= '0' && id.at[0] <= '9';
    if (!visit->signed_in) {
        http_reply_header(request, "WWW-Authenticate",
                          STR("Session realm=\"/signin\""));
        visit_error(visit, 401);
    } else if (!plain || !str_to_int(id, ret_household_id)) {
        visit_error(visit, 404);
    } else if (purpose.bytes > 0 && !access_purpose(purpose)) {
        visit_error(visit, 400);
    } else {
        visit->call.purpose = purpose;
        return visit;
    }
    return NULL;
}

void api_household(HttpRequest *request)
{
    int64_t id = 0;
    Month month = BACKEND_MONTH_LATEST;
    Visit *visit = require(request, &id);
    if (visit == NULL) return;
    Str asked = form_find(&request->query, "month");
    if (asked.bytes > 0 && !month_read(asked, &month)) {
        visit_error(visit, 400);
        return;
    }
    BackendHousehold *held = ARENA_NEW(request->arena, BackendHousehold);
    visit->state = held;
    Err err = visit->backend->household(visit->backend_self, &visit->call, id,
                                        month, held, &visit->diag);
    visit_after(visit, err, show_household);
}

void api_decision(HttpRequest *request)
{
    int64_t id = 0;
    Month month = 0;
    Visit *visit = require(request, &id);
    if (visit == NULL) return;
    if (!month_read(request->param[1], &month)) {
        visit_error(visit, 404);
        return;
    }
    BackendExplanation *why = ARENA_NEW(request->arena, BackendExplanation);
    visit->state = why;
    Err err = visit->backend->explain(visit->backend_self, &visit->call, id,
                                      month, why, &visit->diag);
    visit_after(visit, err, show_explanation);
}
