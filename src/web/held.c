#include "web/held.h"

/* What people type, and how it is called on its page. */
static const struct {
    const char *name, *label;
} typed[] = {{"title", "drafts.name"},
             {"month", "policy.month"},
             {"text", "drafts.words"},
             {"since", "drafts.since_day"},
             {"name", "policy.keep_name"}};

/* The cells of a row are called c1, c2 and so on. */
static bool is_cell(Str name)
{
    bool cell = name.bytes > 1 && name.at[0] == 'c';
    for (size_t i = 1; i < name.bytes; i++)
        cell = cell && name.at[i] >= '0' && name.at[i] <= '9';
    return cell;
}

/* The text key of a field that is typed into; NULL for any other. */
static const char *label_of(Str name)
{
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        if (str_is(name, typed[i].name)) return typed[i].label;
    return is_cell(name) ? "web.held_cell" : NULL;
}

bool held_is(const Visit *visit)
{
    const HttpRequest *request = visit->request;
    if (request->method != HTTP_POST) return false;
    if (!str_is(http_header(request, "Sec-Fetch-Site"), "same-origin"))
        return false;
    for (size_t i = 0; i < request->field.count; i++) {
        const FormPair *pair = &request->field.pairs[i];
        if (str_trim(pair->value).bytes > 0 && label_of(pair->name) != NULL)
            return true;
    }
    return false;
}

static PageHeldField field_of(Visit *visit, const FormPair *pair, size_t at)
{
    const char *key = label_of(pair->name);
    PageHeldField field = {.name = pair->name, .value = pair->value};
    if (key == NULL) return field;
    Arena *arena = visit->request->arena;
    field.id = str_of(arena_format(arena, "held-%zu", at + 1));
    field.cell = is_cell(pair->name);
    field.label = visit_text(visit, key);
    if (!field.cell) return field;
    Str number = {pair->name.at + 1, pair->name.bytes - 1};
    TextArg arg = TEXT_STR("0", number);
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, str_of(key), &arg, 1);
    field.label = str_copy(arena, buf_view(buf));
    return field;
}

void held_show(Visit *visit)
{
    HttpRequest *request = visit->request;
    const FormPairs *pairs = &request->field;
    PageHeldField *fields =
        ARENA_ARRAY(request->arena, PageHeldField, pairs->count + 1);
    PageHeld page = {.frame = visit_frame(visit, "web.held_title"),
                     .action = request->path,
                     .fields = fields,
                     .out = !visit->signed_in};
    for (size_t i = 0; i < pairs->count; i++) {
        if (str_is(pairs->pairs[i].name, "csrf")) continue;
        fields[page.fields_count] =
            field_of(visit, &pairs->pairs[i], page.fields_count);
        page.fields_count++;
    }
    page.frame.mistaken = true;
    page.frame.here = STR("/?"); /* a switch of language asks nothing again */
    Out out = visit_out(visit);
    page_held(&out, &page);
    visit_reply(visit, 403);
}
