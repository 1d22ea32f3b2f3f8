#include "web/staff.h"

#include "codec/arabic.h"
#include "web/citizen.h"
#include "web/fill.h"
#include "web/purpose.h"

static void show_page(Visit *visit, PageSearch *page)
{
    page->frame = visit_frame(visit, "web.title_search");
    page->frame.at_search = true;
    page->words = form_find(&visit->request->query, "q");
    page->frame.mistaken = page->wrong.bytes > 0;
    Out out = visit_out(visit);
    page_search(&out, page);
    visit_reply(visit, 200);
}

static void show_hits(Visit *visit)
{
    const BackendHits *found = visit->state;
    PageSearch page = {.asked = visit->err == OK};
    if (visit->err != OK && visit->err != ERR_INVALID) {
        visit_fail(visit, visit->err);
        return;
    }
    if (visit->err == ERR_INVALID) page.wrong = visit_diag(visit);
    size_t count = visit->err == OK ? found->hit_count : 0;
    PageHit *hits = ARENA_ARRAY(visit->request->arena, PageHit, count + 1);
    for (size_t i = 0; i < count; i++) {
        const BackendHit *hit = &found->hits[i];
        hits[i] = (PageHit){
            .id = fill_id(visit, hit->household_id),
            .name = hit->name,
            .role = hit->role,
            .national_id = hit->national_id,
            .region = hit->region,
            .members = hit->member_count,
        };
    }
    page.hits = hits;
    page.hits_count = count;
    page.hit_count = (int64_t)count;
    if (visit->err == OK) {
        page.more = found->more;
        page.withheld = found->withheld;
    }
    page.any_withheld = page.withheld > 0;
    page.none = count == 0 && !page.any_withheld;
    page.listed = count > 0;
    show_page(visit, &page);
}

void staff_search(HttpRequest *request)
{
    Visit *visit = visit_open(request);
    if (visit->session.policy && !visit->session.staff) {
        http_redirect(request, STR("/p")); /* her first page */
        return;
    }
    if (!purpose_admit(visit)) return;
    Str words = form_find(&request->query, "q");
    PageSearch empty = {.asked = false};
    if (words.at != NULL && str_trim(words).bytes == 0)
        empty.wrong = visit_text(visit, "web.search_empty");
    if (str_trim(words).bytes == 0) {
        show_page(visit, &empty);
        return;
    }
    BackendHits *hits = ARENA_NEW(request->arena, BackendHits);
    visit->state = hits;
    visit->own_errors = true;
    Err err = visit->backend->search(visit->backend_self, &visit->call,
                                     str_trim(words), hits, &visit->diag);
    visit_after(visit, err, show_hits);
}

static void stay_out(Visit *visit)
{
    visit_fail(visit, ERR_DENIED);
}

/* Staff who come for the household of the address. NULL, with the reply
 * filled, for others and for none; a citizen's try is recorded. */
static Visit *require_case(HttpRequest *request, int64_t *ret_id)
{
    Visit *visit = visit_open(request);
    Buf *latin = http_scratch(request);
    arabic_digits(latin, request->param[0]);
    Str id = buf_view(latin);
    bool plain = id.bytes > 0 && id.at[0] >= '0' && id.at[0] <= '9' &&
                 str_to_int(id, ret_id);
    if (plain && visit->signed_in && !visit->session.staff) {
        Err err = visit->backend->refused(visit->backend_self, &visit->call,
                                          *ret_id, &visit->diag);
        visit_after(visit, err, stay_out);
        return NULL;
    }
    if (!purpose_admit(visit)) return NULL;
    if (plain) return visit;
    visit_fail(visit, ERR_NOT_FOUND);
    return NULL;
}

static void show_case(Visit *visit)
{
    const BackendHousehold *held = visit->state;
    PageCase page = {
        .frame = visit_frame(visit, "web.title_case"),
        .number = fill_id(visit, held->household_id),
        .version = fill_id(visit, held->version),
        .region = held->region,
        .address = held->address,
        .decided_yet = held->decision != NULL,
        .common = fill_subject(visit, held->facts, held->fact_count, 0),
        .members = fill_members(visit, held->members, held->member_count,
                                held->facts, held->fact_count),
        .members_count = held->member_count,
        .history = fill_history(visit, held->history, held->history_count),
        .history_count = held->history_count,
        .any_history = held->history_count > 0,
    };
    if (held->member_count > 0) page.head = held->members[0].name;
    if (held->decision != NULL)
        page.decided = fill_decided(visit, held->decision);
    Out out = visit_out(visit);
    page_case(&out, &page);
    visit_reply(visit, 200);
}

void staff_case(HttpRequest *request)
{
    int64_t id = 0;
    Month month = 0;
    Visit *visit = require_case(request, &id);
    if (visit == NULL || !citizen_month(visit, &month)) return;
    BackendHousehold *held = ARENA_NEW(request->arena, BackendHousehold);
    visit->state = held;
    Err err = visit->backend->household(visit->backend_self, &visit->call, id,
                                        month, held, &visit->diag);
    visit_after(visit, err, show_case);
}

void staff_decision(HttpRequest *request)
{
    int64_t id = 0;
    Month month = 0;
    Visit *visit = require_case(request, &id);
    if (visit == NULL || !citizen_month(visit, &month)) return;
    BackendExplanation *why = ARENA_NEW(request->arena, BackendExplanation);
    visit->state = why;
    Err err = visit->backend->explain(visit->backend_self, &visit->call, id,
                                      month, why, &visit->diag);
    visit_after(visit, err, citizen_show_explanation);
}
