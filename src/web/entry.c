#include "web/entry.h"

#include "codec/arabic.h"
#include "codec/utf8.h"

enum { MISTAKES_MAX = 3, TYPED_BYTES_MAX = 256, CODE_DIGITS = 6 };

typedef struct Mistakes {
    PageMistake list[MISTAKES_MAX];
    size_t count;
} Mistakes;

/* Notes a mistake in a field; returns its text, to stand beside the field:
 * what the backend said, if it said something, else the text of the key. */
static Str mistake(Visit *visit, Mistakes *mistakes, const char *field,
                   const char *key)
{
    Str said = visit_diag(visit);
    Str text = said.bytes > 0 ? said : visit_text(visit, key);
    CHECK(mistakes->count < MISTAKES_MAX);
    mistakes->list[mistakes->count++] = (PageMistake){str_of(field), text};
    return text;
}

/*
 * A number as people type it: digits of any kind become Latin ones; spaces,
 * hyphens and invisible characters are dropped.
 */
static Str typed_number(Visit *visit, const char *field)
{
    Str typed = form_find(&visit->request->field, field);
    if (typed.bytes > TYPED_BYTES_MAX) typed.bytes = 0;
    Buf *buf = http_scratch(visit->request);
    while (typed.bytes > 0) {
        uint32_t c = arabic_latin(utf8_next(&typed));
        bool dropped = c == ' ' || c == '-' || c == 0xa0 || arabic_invisible(c);
        if (!dropped) utf8_write(buf, c);
    }
    return str_copy(visit->request->arena, buf_view(buf));
}

static bool digits_only(Str text, size_t count)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.at[i] < '0' || text.at[i] > '9') return false;
    return text.bytes == count;
}

static PageFrame frame_of(Visit *visit, const char *title,
                          const Mistakes *mistakes, const char *here)
{
    PageFrame frame = visit_frame(visit, title);
    frame.csrf =
        visit->signed_in ? visit->session.csrf : visit_form_secret(visit);
    frame.mistaken = mistakes != NULL && mistakes->count > 0;
    frame.here = str_of(here);
    return frame;
}

/* The status of a page with mistakes, or of one where it is too often. */
static int status_of(const Visit *visit, bool wrong)
{
    if (strcmp(visit->diag.key, "signin.wait") == 0) return 429;
    return wrong ? 400 : 200;
}

/* Sets the cookie of a new session and goes to its first page. */
static void let_in(Visit *visit)
{
    const BackendSignin *signin = visit->state;
    http_reply_cookie(visit->request, "session", signin->token,
                      signin->seconds);
    http_reply_cookie(visit->request, "form", STR(""), 0);
    http_redirect(visit->request, visit_wanted(visit, signin->staff));
}

/* The first page. */

typedef struct Personas {
    BackendPersonas found;
    Mistakes mistakes;
    Str national_id;
    Str wrong;
} Personas;

static void show_signin(Visit *visit)
{
    const Personas *state = visit->state;
    size_t count = state->found.persona_count;
    PagePersona *personas =
        ARENA_ARRAY(visit->request->arena, PagePersona, count + 1);
    for (size_t i = 0; i < count; i++) {
        const BackendPersona *persona = &state->found.personas[i];
        personas[i] = (PagePersona){persona->id, persona->name, persona->about,
                                    persona->staff};
    }
    PageSignin page = {
        .frame =
            frame_of(visit, "web.signin_title", &state->mistakes, "/signin?"),
        .mistakes = state->mistakes.list,
        .mistakes_count = state->mistakes.count,
        .wrong = state->mistakes.count > 0,
        .national_id = state->national_id,
        .national_id_wrong = state->wrong,
        .personas = personas,
        .personas_count = count,
        .any_personas = count > 0,
    };
    Out out = visit_out(visit);
    page_signin(&out, &page);
    visit_reply(visit, status_of(visit, page.wrong));
}

static void ask_signin(Visit *visit, Str national_id, const char *wrong)
{
    Personas *state = ARENA_NEW(visit->request->arena, Personas);
    state->national_id = national_id;
    if (wrong != NULL)
        state->wrong = mistake(visit, &state->mistakes, "national-id", wrong);
    visit->state = state;
    visit->own_errors = false;
    Err err = visit->backend->personas(visit->backend_self, &visit->call,
                                       &state->found);
    visit_after(visit, err, show_signin);
}

void entry_page(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit != NULL) ask_signin(visit, (Str){NULL, 0}, NULL);
}

/* The code. */

static void show_code(Visit *visit, Str national_id, const char *wrong)
{
    Mistakes mistakes = {.count = 0};
    Str text = {NULL, 0};
    if (wrong != NULL) text = mistake(visit, &mistakes, "code", wrong);
    PageSigninCode page = {
        .frame = frame_of(visit, "web.code_title", &mistakes, "/signin?"),
        .mistakes = mistakes.list,
        .mistakes_count = mistakes.count,
        .wrong = mistakes.count > 0,
        .national_id = national_id,
        .code_wrong = text,
    };
    Out out = visit_out(visit);
    page_signin_code(&out, &page);
    visit_reply(visit, status_of(visit, page.wrong));
}

static void code_sent(Visit *visit)
{
    Str national_id = typed_number(visit, "national_id");
    if (visit->err == OK)
        show_code(visit, national_id, NULL);
    else if (visit->err == ERR_INVALID || visit->err == ERR_DENIED)
        ask_signin(visit, national_id, "web.bad_national_id");
    else
        visit_fail(visit, visit->err);
}

void entry_send(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    Str national_id = typed_number(visit, "national_id");
    bool good = digits_only(national_id, 10) &&
                (national_id.at[0] == '1' || national_id.at[0] == '2');
    if (!good) {
        ask_signin(visit, form_find(&request->field, "national_id"),
                   national_id.bytes == 0 ? "web.need_national_id"
                                          : "web.bad_national_id");
        return;
    }
    visit->own_errors = true;
    Err err = visit->backend->code_send(visit->backend_self, &visit->call,
                                        national_id, &visit->diag);
    visit_after(visit, err, code_sent);
}

static void code_checked(Visit *visit)
{
    bool wrong = visit->err == ERR_DENIED || visit->err == ERR_INVALID ||
                 visit->err == ERR_NOT_FOUND;
    if (visit->err == OK)
        let_in(visit);
    else if (wrong)
        show_code(visit, typed_number(visit, "national_id"), "web.bad_code");
    else
        visit_fail(visit, visit->err);
}

void entry_code(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    Str national_id = typed_number(visit, "national_id");
    Str code = typed_number(visit, "code");
    if (!digits_only(code, CODE_DIGITS)) {
        show_code(visit, national_id, "web.need_code");
        return;
    }
    BackendSignin *signin = ARENA_NEW(request->arena, BackendSignin);
    visit->state = signin;
    visit->own_errors = true;
    Err err =
        visit->backend->signin_citizen(visit->backend_self, &visit->call,
                                       national_id, code, signin, &visit->diag);
    visit_after(visit, err, code_checked);
}

void entry_again(HttpRequest *request)
{
    http_redirect(request, STR("/signin"));
}

/* Staff. */

static void show_staff(Visit *visit, const Mistakes *mistakes,
                       PageSigninStaff *page)
{
    page->frame =
        frame_of(visit, "web.staff_title", mistakes, "/signin/staff?");
    page->mistakes = mistakes->list;
    page->mistakes_count = mistakes->count;
    page->wrong = mistakes->count > 0;
    page->user = form_find(&visit->request->field, "user");
    Out out = visit_out(visit);
    page_signin_staff(&out, page);
    visit_reply(visit, status_of(visit, page->wrong));
}

void entry_staff_page(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    Mistakes none = {.count = 0};
    PageSigninStaff page = {.wrong = false};
    show_staff(visit, &none, &page);
}

static void staff_checked(Visit *visit)
{
    bool wrong = visit->err == ERR_DENIED || visit->err == ERR_INVALID ||
                 visit->err == ERR_NOT_FOUND;
    if (visit->err == OK) {
        let_in(visit);
        return;
    }
    if (!wrong) {
        visit_fail(visit, visit->err);
        return;
    }
    /* never which of the three: that would help who guesses */
    Mistakes mistakes = {.count = 0};
    PageSigninStaff page = {
        .user_wrong = mistake(visit, &mistakes, "user", "web.bad_staff")};
    show_staff(visit, &mistakes, &page);
}

void entry_staff(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    Str user = form_find(&request->field, "user");
    Str password = form_find(&request->field, "password");
    Str code = typed_number(visit, "code");
    Mistakes mistakes = {.count = 0};
    PageSigninStaff page = {.wrong = false};
    if (str_trim(user).bytes == 0)
        page.user_wrong = mistake(visit, &mistakes, "user", "web.need_user");
    if (password.bytes == 0)
        page.password_wrong =
            mistake(visit, &mistakes, "password", "web.need_password");
    if (!digits_only(code, CODE_DIGITS))
        page.code_wrong = mistake(visit, &mistakes, "code", "web.need_code");
    if (mistakes.count > 0) {
        show_staff(visit, &mistakes, &page);
        return;
    }
    BackendSignin *signin = ARENA_NEW(request->arena, BackendSignin);
    visit->state = signin;
    visit->own_errors = true;
    Err err = visit->backend->signin_staff(visit->backend_self, &visit->call,
                                           str_trim(user), password, code,
                                           signin, &visit->diag);
    visit_after(visit, err, staff_checked);
}

/* Personas, and going out. */

void entry_persona(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_ANYBODY);
    if (visit == NULL) return;
    if (!visit->site->config->demo) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    BackendSignin *signin = ARENA_NEW(request->arena, BackendSignin);
    visit->state = signin;
    Str id = form_find(&request->field, "persona");
    Err err = visit->backend->signin_persona(visit->backend_self, &visit->call,
                                             id, signin, &visit->diag);
    visit_after(visit, err, let_in);
}

static void gone(Visit *visit)
{
    http_reply_cookie(visit->request, "session", STR(""), 0);
    http_redirect(visit->request, STR("/"));
}

void entry_out(HttpRequest *request)
{
    Visit *visit = visit_open(request);
    if (!visit->signed_in) { /* his session ended before he asked for it */
        gone(visit);
        return;
    }
    if (!visit_admit(visit, VISIT_ANYBODY)) return;
    Str token = http_cookie(request, "session");
    Err err = visit->backend->signout(visit->backend_self, &visit->call, token);
    visit_after(visit, err, gone);
}

void entry_stay(HttpRequest *request)
{
    http_redirect(request, STR("/"));
}
