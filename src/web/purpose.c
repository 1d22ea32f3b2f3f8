#include "web/purpose.h"

enum { WANTED_BYTES_MAX = 1024 };

static bool begins(Str text, const char *with)
{
    size_t bytes = strlen(with);
    return text.bytes >= bytes && memcmp(text.at, with, bytes) == 0;
}

/* Where staff were going: one of their own pages, whatever the form says. */
static Str wanted(Str next)
{
    bool ours = begins(next, "/w?") || begins(next, "/w/");
    for (size_t i = 0; i < next.bytes; i++) {
        char c = next.at[i];
        if (c <= ' ' || c >= 0x7f || c == '\\') ours = false;
    }
    if (!ours || next.bytes > WANTED_BYTES_MAX) return STR("/w");
    bool open = true; /* an address without its query is one too */
    while (open) {
        char last = next.at[next.bytes - 1];
        open = last == '?' || last == '&';
        if (open) next.bytes--;
    }
    return next;
}

static const PagePurposeChoice *choices(Visit *visit, size_t *ret_count)
{
    const char *const *codes = access_purposes();
    PagePurposeChoice *all = ARENA_ARRAY(
        visit->request->arena, PagePurposeChoice, ACCESS_PURPOSES_MAX);
    size_t count = 0;
    for (; codes[count] != NULL; count++) {
        CHECK(count < ACCESS_PURPOSES_MAX);
        all[count] = (PagePurposeChoice){
            .code = str_of(codes[count]),
            .label = visit_purpose(visit, str_of(codes[count])),
            .chosen = str_is(visit->session.purpose, codes[count])};
    }
    *ret_count = count;
    return all;
}

static void show(Visit *visit, Str next, bool wrong)
{
    PageMistake mistake = {STR("choices"), visit_text(visit, "access.purpose")};
    PagePurpose page = {.frame = visit_frame(visit, "web.title_purpose"),
                        .mistakes = &mistake,
                        .mistakes_count = wrong,
                        .wrong = wrong,
                        .next = wanted(next)};
    page.choices = choices(visit, &page.choices_count);
    page.frame.mistaken = wrong;
    page.frame.purpose = (Str){NULL, 0}; /* it stands among the choices */
    if (visit->request->method == HTTP_POST)
        page.frame.here = STR("/w/purpose?");
    Out out = visit_out(visit);
    page_purpose(&out, &page);
    visit_reply(visit, wrong ? 400 : 200);
}

bool purpose_admit(Visit *visit)
{
    HttpRequest *request = visit->request;
    if (!visit_admit(visit, VISIT_STAFF)) return false;
    if (visit->session.purpose.bytes > 0) return true;
    Str here = visit_frame(visit, "web.title_purpose").here;
    Buf *buf = http_scratch(request);
    buf_text(buf, "/w/purpose?next=");
    form_escape(buf, here);
    http_redirect(request, str_copy(request->arena, buf_view(buf)));
    return false;
}

void purpose_page(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_STAFF);
    if (visit == NULL) return;
    show(visit, form_find(&request->query, "next"), false);
}

static void chosen(Visit *visit)
{
    Str next = form_find(&visit->request->field, "next");
    if (visit->err == ERR_INVALID)
        show(visit, next, true);
    else if (visit->err != OK)
        visit_fail(visit, visit->err);
    else
        http_redirect(visit->request, wanted(next));
}

void purpose_choose(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_STAFF);
    if (visit == NULL) return;
    visit->own_errors = true;
    Str code = form_find(&request->field, "purpose");
    Err err = visit->backend->purpose(visit->backend_self, &visit->call, code,
                                      &visit->diag);
    visit_after(visit, err, chosen);
}
