#include "web/citizen.h"

#include "web/fill.h"

void citizen_start(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    PageStart page = {.frame = visit_frame(visit, "web.title_start")};
    Out out = visit_out(visit);
    page_start(&out, &page);
    visit_reply(visit, 200);
}

bool citizen_month(Visit *visit, Month *ret)
{
    *ret = BACKEND_MONTH_LATEST;
    Str asked = form_find(&visit->request->query, "month");
    if (asked.bytes == 0 || visit_month(visit, asked, ret)) return true;
    visit_error(visit, 400);
    return false;
}

/* Asks for the household of the one who is signed in. */
static void ask_household(Visit *visit, VisitStage *stage)
{
    BackendHousehold *held = ARENA_NEW(visit->request->arena, BackendHousehold);
    visit->state = held;
    Err err = visit->backend->household(
        visit->backend_self, &visit->call, visit->session.household_id,
        BACKEND_MONTH_LATEST, held, &visit->diag);
    visit_after(visit, err, stage);
}

static void show_home(Visit *visit)
{
    const BackendHousehold *held = visit->state;
    PageHome page = {
        .frame = visit_frame(visit, "web.title_home"),
        .decided_yet = held->decision != NULL,
        .member_count = (int64_t)held->member_count,
        .members = fill_names(visit, held->members, held->member_count),
        .members_count = held->member_count,
    };
    page.frame.at_home = true;
    if (held->decision != NULL)
        page.decided = fill_decided(visit, held->decision);
    Out out = visit_out(visit);
    page_home(&out, &page);
    visit_reply(visit, 200);
    visit_keep(visit, VISIT_PAGE_HOME, &held->stamp);
}

void citizen_home(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_CITIZEN);
    if (visit == NULL || visit_kept(visit, VISIT_PAGE_HOME)) return;
    visit->call.brief = true;
    ask_household(visit, show_home);
}

static void show_household(Visit *visit)
{
    const BackendHousehold *held = visit->state;
    PageHousehold page = {
        .frame = visit_frame(visit, "web.title_household"),
        .number = fill_id(visit, held->household_id),
        .region = held->region,
        .address = held->address,
        .common = fill_subject(visit, held->facts, held->fact_count, 0),
        .members = fill_members(visit, held->members, held->member_count,
                                held->facts, held->fact_count),
        .members_count = held->member_count,
    };
    page.frame.at_household = true;
    Out out = visit_out(visit);
    page_household(&out, &page);
    visit_reply(visit, 200);
}

void citizen_household(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_CITIZEN);
    if (visit != NULL) ask_household(visit, show_household);
}

static void show_looks(Visit *visit)
{
    const BackendLooks *found = visit->state;
    size_t count = found->look_count;
    PageLook *looks = ARENA_ARRAY(visit->request->arena, PageLook, count + 1);
    for (size_t i = 0; i < count; i++) {
        const BackendLook *look = &found->looks[i];
        looks[i] = (PageLook){fill_instant(visit, look->at), look->role,
                              look->purpose, look->what, look->refused};
    }
    PageLooks page = {.frame = visit_frame(visit, "web.looks_title"),
                      .looks = looks,
                      .looks_count = count,
                      .any_looks = count > 0,
                      .more = found->more};
    page.frame.at_household = true;
    Out out = visit_out(visit);
    page_looks(&out, &page);
    visit_reply(visit, 200);
}

void citizen_looks(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_CITIZEN);
    if (visit == NULL) return;
    BackendLooks *found = ARENA_NEW(request->arena, BackendLooks);
    visit->state = found;
    Err err = visit->backend->looks(visit->backend_self, &visit->call, found,
                                    &visit->diag);
    visit_after(visit, err, show_looks);
}

void citizen_show_explanation(Visit *visit)
{
    const BackendExplanation *why = visit->state;
    if (why->decision == NULL) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    PageDecision page = {
        .frame = visit_frame(visit, "web.title_decision"),
        .for_staff = visit->session.staff,
        .number = fill_id(visit, why->household_id),
        .decided = fill_decided(visit, why->decision),
        .steps = fill_steps(visit, why->steps, why->step_count),
        .steps_count = why->step_count,
        .checks = fill_checks(visit, why->checks, why->check_count),
        .checks_count = why->check_count,
        .any_checks = why->check_count > 0,
        .remedies = fill_remedies(visit, why->remedies, why->remedy_count),
        .remedies_count = why->remedy_count,
        .any_remedies = why->remedy_count > 0,
        .common = fill_subject(visit, why->facts, why->fact_count, 0),
        .members = fill_members(visit, why->members, why->member_count,
                                why->facts, why->fact_count),
        .members_count = why->member_count,
        .any_facts = why->fact_count > 0,
        .pack = why->pack,
        .input = why->input,
    };
    fill_replaced(visit, &why->replaced, &page);
    page.frame.at_decision = true;
    Out out = visit_out(visit);
    page_decision(&out, &page);
    visit_reply(visit, 200);
}

void citizen_decision(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_CITIZEN);
    Month month = 0;
    if (visit == NULL || !citizen_month(visit, &month)) return;
    BackendExplanation *why = ARENA_NEW(request->arena, BackendExplanation);
    visit->state = why;
    Err err = visit->backend->explain(visit->backend_self, &visit->call,
                                      visit->session.household_id, month, why,
                                      &visit->diag);
    visit_after(visit, err, citizen_show_explanation);
}
