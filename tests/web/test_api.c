#include "base/asset.h"
#include "codec/json.h"
#include "served.c"
#include "web/site.h"

static Arena *arena;
static const Json *description;

static const Json *parse(Str text)
{
    Diag diag = {.key = ""};
    const Json *json = NULL;
    Err err = json_read(arena, text, &diag, &json);
    ck_assert_msg(err == OK, "%s at %d:%d", diag.key, diag.line, diag.column);
    return json;
}

static void begin_described(void)
{
    arena = arena_open((size_t)64 << 20);
    const Asset *asset = asset_find("assets/openapi.json");
    ck_assert_ptr_nonnull(asset);
    description = parse(asset->bytes);
    begin();
}

static void end_described(void)
{
    end();
    arena_close(arena);
}

/* The body of a reply, which has this status and type. */
static const Json *body(const char *reply, int status, const char *type)
{
    expect(reply, status, type);
    const char *at = strstr(reply, "\r\n\r\n");
    ck_assert_ptr_nonnull(at);
    return parse(str_copy(arena, str_of(at + 4)));
}

/* Follows "#/components/schemas/X". */
static const Json *resolve(const Json *schema)
{
    Str ref;
    if (!json_text(json_get(schema, "$ref"), &ref)) return schema;
    const Json *at = description;
    Str part;
    (void)str_split(&ref, '/', &part); /* # */
    while (ref.at != NULL && str_split(&ref, '/', &part)) {
        at = json_get(at, arena_text(arena, part.at, part.bytes));
        ck_assert_msg(at != NULL, "nothing at %.*s", STR_ARG(part));
    }
    return at;
}

static bool is_type(const Json *value, Str type)
{
    static const struct {
        const char *name;
        JsonKind kind;
    } types[] = {{"string", JSON_TEXT},   {"integer", JSON_NUMBER},
                 {"boolean", JSON_BOOL},  {"null", JSON_NULL},
                 {"object", JSON_OBJECT}, {"array", JSON_ARRAY}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_is(type, types[i].name)) return value->kind == types[i].kind;
    ck_abort_msg("unknown type %.*s", STR_ARG(type));
    return false;
}

static bool conforms(const Json *value, const Json *schema, Str where);

static bool has_type(const Json *value, const Json *type)
{
    Str name;
    if (type == NULL) return true;
    if (json_text(type, &name)) return is_type(value, name);
    for (const Json *one = type->first; one != NULL; one = one->next)
        if (is_type(value, one->text)) return true;
    return false;
}

/* Every member is described, and what is required is there. */
static void check_object(const Json *value, const Json *schema)
{
    const Json *properties = json_get(schema, "properties");
    const Json *required = json_get(schema, "required");
    for (const Json *at = required->first; at != NULL; at = at->next)
        ck_assert_msg(json_get(value, arena_text(arena, at->text.at,
                                                 at->text.bytes)) != NULL,
                      "no %.*s", STR_ARG(at->text));
    for (const Json *at = value->first; at != NULL; at = at->next) {
        const Json *of =
            json_get(properties, arena_text(arena, at->key.at, at->key.bytes));
        ck_assert_msg(of != NULL, "%.*s is not described", STR_ARG(at->key));
        ck_assert_msg(conforms(at, of, at->key), "%.*s is not as described",
                      STR_ARG(at->key));
    }
}

/* As much of JSON Schema as the description uses. */
static bool conforms(const Json *value, const Json *schema, Str where)
{
    schema = resolve(schema);
    const Json *one_of = json_get(schema, "oneOf");
    if (one_of != NULL) {
        if (value->kind == JSON_NULL) return true;
        return conforms(value, one_of->first, where);
    }
    const Json *choices = json_get(schema, "enum");
    if (choices != NULL) {
        for (const Json *one = choices->first; one != NULL; one = one->next)
            if (str_equal(one->text, value->text)) return true;
        return false;
    }
    if (!has_type(value, json_get(schema, "type"))) return false;
    if (value->kind == JSON_OBJECT) check_object(value, schema);
    for (const Json *item = value->first;
         value->kind == JSON_ARRAY && item != NULL; item = item->next)
        if (!conforms(item, json_get(schema, "items"), where)) return false;
    return true;
}

static const Json *schema_named(const char *name)
{
    const Json *components = json_get(description, "components");
    return json_get(json_get(components, "schemas"), name);
}

static const char *const noura = "Cookie: session=noura; lang=en\r\n";
static const char *const huda = "Cookie: session=huda; lang=en\r\n";

TEST(a_household_is_given_as_described)
{
    begin_described();
    const char *const who[] = {noura, huda};
    for (int i = 0; i < 2; i++) {
        const Json *held = body(get("/api/v1/households/104233", who[i]), 200,
                                "Content-Type: application/json");
        ck_assert(conforms(held, schema_named("Household"), STR("household")));
        Str text;
        ck_assert(json_text(json_get(held, "household_id"), &text));
        EXPECT_STR(text, "104233");
        const Json *decision = json_get(held, "decision");
        ck_assert(json_text(json_get(decision, "amount"), &text));
        EXPECT_STR(text, "2847.50");
        ck_assert(json_text(json_get(decision, "payment_date"), &text));
        EXPECT_STR(text, "2026-12-01");
        ck_assert(json_text(json_get(decision, "month"), &text));
        EXPECT_STR(text, "2026-12");
        ck_assert_uint_eq(json_get(held, "members")->count, 4);
        ck_assert_uint_eq(json_get(held, "facts")->count, 6);
        ck_assert_uint_eq(json_get(held, "history")->count, 3);
    }
    expect(get("/api/v1/households/104233", "Cookie: session=noura\r\n"), 200,
           "منطقة عسير");
    end_described();
}

TEST(an_explanation_is_given_as_described)
{
    begin_described();
    const Json *why =
        body(get("/api/v1/households/104233/decisions/2026-12", noura), 200,
             "Content-Type: application/json");
    ck_assert(conforms(why, schema_named("Explanation"), STR("explanation")));
    ck_assert_uint_ge(json_get(why, "steps")->count, 3);
    bool assumed = false;
    ck_assert(json_bool(json_get(why, "assumed"), &assumed));
    ck_assert(assumed);
    why = body(get("/api/v1/households/77/decisions/2026-12", huda), 200, NULL);
    ck_assert(conforms(why, schema_named("Explanation"), STR("explanation")));
    bool eligible = true;
    ck_assert(
        json_bool(json_get(json_get(why, "decision"), "eligible"), &eligible));
    ck_assert(!eligible);
    end_described();
}

TEST(a_program_is_told_problems_in_json)
{
    static const struct {
        const char *target;
        bool signed_in;
        int status;
    } cases[] = {
        {"/api/v1/households/104233", false, 401},
        {"/api/v1/households/104233/decisions/2026-12", false, 401},
        {"/api/v1/households/403", true, 403},
        {"/api/v1/households/5", true, 404},
        {"/api/v1/households/x", true, 404},
        {"/api/v1/households/104233?month=x", true, 400},
        {"/api/v1/households/104233/decisions/x", true, 404},
        {"/api/v1/households/104233/decisions/2020-01", true, 404},
        {"/api/v1/nothing", true, 404},
        {"/api/v1/households/1?a=%zz", true, 400},
    };
    begin_described();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reply =
            get(cases[i].target, cases[i].signed_in ? huda : "");
        const Json *problem = body(reply, cases[i].status,
                                   "Content-Type: application/problem+json");
        ck_assert(conforms(problem, schema_named("Problem"), STR("problem")));
        int64_t status = 0;
        ck_assert(json_int(json_get(problem, "status"), &status));
        ck_assert_int_eq(status, cases[i].status);
    }
    expect(get("/api/v1/households/1", ""), 401, "WWW-Authenticate: ");
    expect(post("/api/v1/households/1", huda, "a=b"), 405,
           "application/problem+json");
    end_described();
}

TEST(a_purpose_that_is_none_is_refused_and_staff_need_one)
{
    begin_described();
    char head[128];
    const char *at = "/api/v1/households/104233";
    (void)snprintf(head, sizeof head, "%sSanad-Purpose: fun\r\n", huda);
    expect(get(at, head), 400, "application/problem+json");
    const Json *parameter = json_get(
        json_get(json_get(description, "components"), "parameters"), "purpose");
    const Json *codes = json_get(json_get(parameter, "schema"), "enum");
    const char *const *known = access_purposes();
    for (const Json *one = codes->first; one != NULL; one = one->next) {
        ck_assert_ptr_nonnull(*known);
        EXPECT_STR(one->text, *known);
        (void)snprintf(head, sizeof head, "%sSanad-Purpose: %s\r\n", huda,
                       *known++);
        expect(get(at, head), 200, NULL);
    }
    ck_assert_ptr_null(*known);
    end_described();
}

/* "/w/households/{id}" as routes have it: "/w/households/{}". */
static void pattern_of(Str path, Buf *buf)
{
    bool inside = false;
    for (size_t i = 0; i < path.bytes; i++) {
        if (path.at[i] == '}') inside = false;
        if (!inside) buf_char(buf, path.at[i]);
        if (path.at[i] == '{') inside = true;
    }
}

static bool is_described(const HttpRoute *route)
{
    const Json *paths = json_get(description, "paths");
    for (const Json *path = paths->first; path != NULL; path = path->next) {
        Buf pattern = buf_make(256);
        pattern_of(path->key, &pattern);
        bool same = str_equal(buf_view(&pattern), str_of(route->pattern));
        buf_free(&pattern);
        if (same)
            return json_get(path, route->method == HTTP_GET ? "get" : "post") !=
                   NULL;
    }
    return false;
}

TEST(what_is_described_is_what_there_is)
{
    arena = arena_open((size_t)64 << 20);
    description = parse(asset_find("assets/openapi.json")->bytes);
    SiteConfig config = {.listen = "127.0.0.1:0"};
    Site site = {.config = &config};
    HttpConfig http = site_http(&site);
    size_t described = 0;
    for (size_t i = 0; i < http.route_count; i++)
        ck_assert_msg(is_described(&http.routes[i]), "%s is not described",
                      http.routes[i].pattern);
    const Json *paths = json_get(description, "paths");
    for (const Json *path = paths->first; path != NULL; path = path->next)
        described += path->count;
    ck_assert_uint_eq(described, http.route_count);
    arena_close(arena);
}
