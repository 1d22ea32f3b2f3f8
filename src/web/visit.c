#include "web/visit.h"

#include "codec/arabic.h"
#include "codec/base64url.h"
#include "codec/json.h"
#include "crypto/secret.h"
#include "text/calendar.h"
#include "web/held.h"

enum {
    SECRET_BYTES = 16,
    YEAR_SECONDS = 365 * 24 * 3600,
    FORM_SECONDS = 24 * 3600,
    NEXT_SECONDS = 900,
    NEXT_BYTES_MAX = 1024
};

static void on_durable(void *arg, Err err)
{
    Visit *visit = arg;
    http_wake(visit->request, err);
}

/* A choice by query for now and, as a cookie, for later. */
static Str choice(Visit *visit, const char *name)
{
    HttpRequest *request = visit->request;
    Str asked = form_find(&request->query, name);
    bool plain = asked.bytes > 0 && asked.bytes <= 8;
    for (size_t i = 0; i < asked.bytes; i++)
        if (asked.at[i] < 'a' || asked.at[i] > 'z') plain = false;
    if (!plain) return http_cookie(request, name);
    http_reply_cookie(request, name, asked, YEAR_SECONDS);
    return asked;
}

static const char *const size_name[] = {"normal", "large", "larger"};

static VisitSize read_size(Visit *visit)
{
    Str chosen = choice(visit, "size");
    VisitSize size = VISIT_LARGER;
    while (size > VISIT_NORMAL && !str_is(chosen, size_name[size])) size--;
    return size;
}

static void read_session(Visit *visit)
{
    Str token = http_cookie(visit->request, "session");
    visit->call.token = token;
    visit->call.browser = http_cookie(visit->request, "form");
    if (token.bytes == 0) return;
    Err err = visit->backend->session(visit->backend_self, &visit->call, token,
                                      &visit->session);
    visit->signed_in = err == OK;
    if (!visit->signed_in) return;
    visit->call.session = &visit->session;
    visit->call.browser = visit->session.csrf;
}

Visit *visit_open(HttpRequest *request)
{
    const Site *site = request->app;
    Visit *visit = ARENA_NEW(request->arena, Visit);
    visit->request = request;
    visit->site = site;
    visit->backend = site->config->backend;
    visit->backend_self = visit->backend->self;
    visit->style.texts = site->config->texts;
    visit->style.lang = TEXT_AR;
    (void)text_lang_read(choice(visit, "lang"), &visit->style.lang);
    visit->style.arabic_digits = str_is(choice(visit, "digits"), "arab");
    visit->size = read_size(visit);
    visit->call = (BackendCall){.arena = request->arena,
                                .style = &visit->style,
                                .client = http_client(request),
                                .now = clock_now(),
                                .done = on_durable,
                                .done_arg = visit};
    read_session(visit);
    return visit;
}

/* Whether two secrets are equal, in time that does not tell where not. */
static bool same_secret(Str a, Str b)
{
    if (a.bytes != b.bytes || a.bytes == 0) return false;
    unsigned char difference = 0;
    for (size_t i = 0; i < a.bytes; i++)
        difference |= (unsigned char)(a.at[i] ^ b.at[i]);
    return difference == 0;
}

/* Whether a form was made by us for this visitor. */
static bool is_our_form(const Visit *visit)
{
    const HttpRequest *request = visit->request;
    Str site = http_header(request, "Sec-Fetch-Site");
    if (site.bytes > 0 && !str_is(site, "same-origin")) return false;
    Str given = form_find(&request->field, "csrf");
    Str wanted =
        visit->signed_in ? visit->session.csrf : http_cookie(request, "form");
    return same_secret(given, wanted);
}

/* Whether a page of this role is for who is signed in. */
static bool is_for(const BackendSession *session, VisitRole role)
{
    switch (role) {
    case VISIT_CITIZEN:
        return !session->staff && !session->policy;
    case VISIT_STAFF:
        return session->staff;
    case VISIT_POLICY:
        return session->policy;
    case VISIT_SIMULATES:
        return session->simulates;
    case VISIT_ANYBODY:
        break;
    }
    return true;
}

/* The address up to "?" or "&", without the choices that are kept. */
static Str here_of(HttpRequest *request)
{
    Buf *buf = http_scratch(request);
    buf_str(buf, request->path);
    buf_char(buf, '?');
    for (size_t i = 0; i < request->query.count; i++) {
        const FormPair *pair = &request->query.pairs[i];
        if (str_is(pair->name, "lang") || str_is(pair->name, "digits") ||
            str_is(pair->name, "size"))
            continue;
        form_escape(buf, pair->name);
        buf_char(buf, '=');
        form_escape(buf, pair->value);
        buf_char(buf, '&');
    }
    return str_copy(request->arena, buf_view(buf));
}

/* Whether it is the address of a page for staff, or for citizens, and harms
 * no header. */
static bool is_page(Str address, bool staff)
{
    static const struct {
        const char *path;
        bool staff;
    } rooms[] = {{"/p", true},
                 {"/w/households", true},
                 {"/home", false},
                 {"/decision", false},
                 {"/household", false}};
    for (size_t i = 0; i < address.bytes; i++)
        if (strchr(";,\"\\", address.at[i]) != NULL) return false;
    if (address.bytes > NEXT_BYTES_MAX) return false;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        size_t bytes = strlen(rooms[i].path);
        if (rooms[i].staff != staff || address.bytes < bytes) continue;
        if (memcmp(address.at, rooms[i].path, bytes) != 0) continue;
        if (address.bytes == bytes) return true;
        if (address.at[bytes] == '/' || address.at[bytes] == '?') return true;
    }
    return false;
}

Str visit_wanted(Visit *visit, bool staff)
{
    Str next = http_cookie(visit->request, "next");
    if (next.bytes > 0) http_reply_cookie(visit->request, "next", STR(""), 0);
    if (is_page(next, staff)) return next;
    return staff ? STR("/w") : STR("/home");
}

/* Sends a stranger to sign in; the page that he asked for comes after that. */
static void send_to_sign_in(Visit *visit)
{
    HttpRequest *request = visit->request;
    Str here = here_of(request);
    while (here.bytes > 0 &&
           (here.at[here.bytes - 1] == '?' || here.at[here.bytes - 1] == '&'))
        here.bytes--; /* an address without its query is one too */
    bool page = is_page(here, true) || is_page(here, false);
    if (request->method == HTTP_GET && page)
        http_reply_cookie(request, "next", here, NEXT_SECONDS);
    http_redirect(request, STR("/signin"));
}

bool visit_admit(Visit *visit, VisitRole role)
{
    HttpRequest *request = visit->request;
    bool form = request->method == HTTP_POST;
    bool room = role != VISIT_ANYBODY;
    if (room && !visit->signed_in) {
        if (held_is(visit))
            held_show(visit);
        else
            send_to_sign_in(visit);
        return false;
    }
    bool may = is_for(&visit->session, role);
    bool ours = !form || is_our_form(visit);
    if (may && ours) return true;
    if (may && room && held_is(visit))
        held_show(visit);
    else
        visit_fail(visit, ERR_DENIED);
    return false;
}

Visit *visit_require(HttpRequest *request, VisitRole role)
{
    Visit *visit = visit_open(request);
    return visit_admit(visit, role) ? visit : NULL;
}

Visit *visit_desk(HttpRequest *request, VisitRole role)
{
    PolicyLaw law;
    Visit *visit = visit_require(request, role);
    if (visit == NULL) return NULL;
    PolicyShelf *laws = visit->site->laws;
    Month now = month_of_day(calendar_civil_day(visit->call.now));
    Err err = laws == NULL
                  ? ERR_NOT_FOUND
                  : policy_shelf_law(laws, now, request, &visit->diag, &law);
    if (err == OK) {
        visit->law = law.policy;
        return visit;
    }
    visit_fail(visit, err);
    return NULL;
}

static void go_on(HttpRequest *request)
{
    Visit *visit = request->state;
    if (visit->err == OK) visit->err = request->woken;
    if (visit->err != OK && !visit->own_errors)
        visit_fail(visit, visit->err);
    else
        visit->stage(visit);
}

void visit_after(Visit *visit, Err err, VisitStage *stage)
{
    HttpRequest *request = visit->request;
    visit->err = err;
    visit->stage = stage;
    request->state = visit;
    if (visit->call.waiting) {
        visit->call.waiting = false;
        http_park(request, go_on);
        return;
    }
    request->woken = OK;
    go_on(request);
}

Str visit_text(const Visit *visit, const char *key)
{
    return text_get(&visit->style, key);
}

Str visit_purpose(const Visit *visit, Str code)
{
    if (!access_purpose(code)) return (Str){NULL, 0};
    return text_get(&visit->style, arena_format(visit->request->arena,
                                                "purpose.%.*s", STR_ARG(code)));
}

Str visit_diag(Visit *visit)
{
    if (visit->diag.key[0] == '\0') return (Str){NULL, 0};
    Buf *buf = http_scratch(visit->request);
    text_write_diag(buf, &visit->style, &visit->diag);
    return str_copy(visit->request->arena, buf_view(buf));
}

bool visit_month(Visit *visit, Str typed, Month *ret)
{
    Buf *latin = http_scratch(visit->request);
    arabic_digits(latin, str_trim(typed));
    return month_read(buf_view(latin), ret);
}

Str visit_form_secret(Visit *visit)
{
    HttpRequest *request = visit->request;
    Str held = http_cookie(request, "form");
    if (held.bytes >= SECRET_BYTES && held.bytes <= 64) return held;
    unsigned char random[SECRET_BYTES];
    secret_random(random, sizeof random);
    Buf *buf = http_scratch(request);
    base64url_write(buf, (Str){(const char *)random, sizeof random});
    Str made = str_copy(request->arena, buf_view(buf));
    http_reply_cookie(request, "form", made, FORM_SECONDS);
    return made;
}

PageFrame visit_frame(Visit *visit, const char *title_key)
{
    const Site *site = visit->site;
    PageFrame frame = {
        .lang = str_of(text_lang_name(visit->style.lang)),
        .dir = str_of(text_lang_dir(visit->style.lang)),
        .title = visit_text(visit, title_key),
        .site = str_of(site->tag),
        .here = here_of(visit->request),
        .demo = site->config->demo,
        .helpline = site->config->helpline == NULL
                        ? (Str){NULL, 0}
                        : str_of(site->config->helpline),
        .english = visit->style.lang == TEXT_EN,
        .digits = visit->style.arabic_digits,
        .size = str_of(size_name[visit->size]),
        .normal = visit->size == VISIT_NORMAL,
        .large = visit->size == VISIT_LARGE,
        .larger = visit->size == VISIT_LARGER,
        .fonts = site->fonts,
    };
    if (visit->signed_in) {
        frame.name = visit->session.name;
        frame.role = visit->session.role;
        frame.csrf = visit->session.csrf;
        frame.staff = visit->session.staff;
        frame.policy = visit->session.policy;
        frame.simulates = visit->session.simulates;
        frame.citizen = is_for(&visit->session, VISIT_CITIZEN);
        frame.purpose = visit_purpose(visit, visit->session.purpose);
    }
    return frame;
}

Out visit_out(Visit *visit)
{
    return (Out){http_body(visit->request), &visit->style,
                 &visit->site->ready[visit->style.lang]};
}

void visit_reply(Visit *visit, int status)
{
    http_reply(visit->request, status, "text/html; charset=utf-8");
}

/* Only plain addresses are kept: a query may change the page. */
static bool key_of(const Visit *visit, VisitPage page, KeptKey *ret)
{
    Str session = visit->session.key;
    if (!visit->signed_in || session.bytes != BACKEND_KEY_BYTES ||
        visit->request->query.count > 0)
        return false;
    *ret = (KeptKey){.page = (int)page,
                     .manner = (unsigned)visit->style.lang |
                               (unsigned)visit->style.arabic_digits << 1 |
                               (unsigned)visit->size << 2};
    memcpy(ret->session, session.at, BACKEND_KEY_BYTES);
    return true;
}

static void give_kept(Visit *visit)
{
    if (visit->err == OK)
        http_reply_kept(visit->request);
    else
        visit_fail(visit, visit->err);
}

bool visit_kept(Visit *visit, VisitPage page)
{
    KeptKey key;
    BackendStamp stamp;
    if (!key_of(visit, page, &key)) return false;
    HttpKept *found = kept_find(visit->site->kept, &key, &stamp);
    if (found == NULL) return false;
    Err err = visit->backend->household_again(visit->backend_self, &visit->call,
                                              &stamp, &visit->diag);
    if (err == ERR_CONFLICT) {
        http_kept_drop(found);
        return false;
    }
    http_use_kept(visit->request, found);
    visit->own_errors = true;
    visit_after(visit, err, give_kept);
    return true;
}

void visit_keep(Visit *visit, VisitPage page, const BackendStamp *stamp)
{
    KeptKey key;
    if (!stamp->given || !key_of(visit, page, &key)) return;
    HttpKept *made = http_keep(visit->request);
    if (made != NULL) kept_put(visit->site->kept, &key, stamp, made);
}

/* Programs ask below here and read no pages. */
static bool asks_api(const HttpRequest *request)
{
    return request->path.bytes > 5 && memcmp(request->path.at, "/api/", 5) == 0;
}

/* RFC 9457. */
static void show_problem(Visit *visit, int status, const char *title,
                         const char *sentence)
{
    Str detail = visit_diag(visit);
    JsonOut json = json_out_make(http_body(visit->request));
    json_out_object(&json);
    json_put_str(&json, "title", visit_text(visit, title));
    json_put_int(&json, "status", status);
    json_put_str(&json, "detail",
                 detail.bytes > 0 ? detail : visit_text(visit, sentence));
    json_out_object_end(&json);
    http_reply(visit->request, status, "application/problem+json");
}

void visit_error(Visit *visit, int status)
{
    Arena *arena = visit->request->arena;
    const char *key = arena_format(arena, "web.error_%d", status);
    if (!text_has(visit->style.texts, str_of(key)))
        key = status < 500 ? "web.error_400" : "web.error_500";
    const char *sentence = arena_format(arena, "%s_text", key);
    if (asks_api(visit->request)) {
        show_problem(visit, status, key, sentence);
        return;
    }
    TextStyle other = visit->style;
    other.lang = visit->style.lang == TEXT_AR ? TEXT_EN : TEXT_AR;
    PageError page = {
        .frame = visit_frame(visit, key),
        .status = str_of(arena_format(arena, "%d", status)),
        .heading = visit_text(visit, key),
        .sentence = visit_text(visit, sentence),
        .detail = visit_diag(visit),
        .other_lang = str_of(text_lang_name(other.lang)),
        .other_dir = str_of(text_lang_dir(other.lang)),
        .other_heading = text_get(&other, key),
        .other_sentence = text_get(&other, sentence),
    };
    if (visit->request->method == HTTP_POST || visit->request->path.bytes == 0)
        page.frame.here = STR("/?");
    Out out = visit_out(visit);
    page_error(&out, &page);
    visit_reply(visit, status);
}

void visit_fail(Visit *visit, Err err)
{
    visit_error(visit, err_http(err));
}
