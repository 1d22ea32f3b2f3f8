#include "simulation/reform.h"

#include "codec/xml.h"
#include "dmn/check.h"
#include "programme/edit.h"

/* Cuts "NAME=VALUE"; false: it is not of this form. */
static bool cut(Str set, Str *ret_name, Str *ret_value)
{
    const char *sign = memchr(set.at, '=', set.bytes);
    if (sign == NULL) return false;
    size_t name_bytes = (size_t)(sign - set.at);
    *ret_name = str_trim((Str){set.at, name_bytes});
    *ret_value = str_trim((Str){sign + 1, set.bytes - name_bytes - 1});
    return ret_name->bytes > 0 && ret_value->bytes > 0;
}

Err reform_set(Arena *arena, Str model, Str set, Diag *diag, Str *ret)
{
    Str name, value;
    if (!cut(set, &name, &value)) {
        diag_set(diag, "reform.form");
        diag_arg(diag, set);
        return ERR_INVALID;
    }
    Edit edit = {
        .what = EDIT_LOGIC, .decision = name, .cells = &value, .cell_count = 1};
    Err err = edit_apply(arena, model, &edit, diag, ret);
    if (err != ERR_NOT_FOUND) return err;
    diag_set(diag, "reform.none");
    diag_arg(diag, name);
    return ERR_INVALID;
}

/* Whether a check found the same in the same decision. */
static bool found_in(const DmnCheck *check, const DmnFinding *what)
{
    for (size_t i = 0; i < check->count; i++) {
        const DmnFinding *other = &check->findings[i];
        if (strcmp(other->diag.key, what->diag.key) == 0 &&
            str_equal(other->decision, what->decision)) {
            return true;
        }
    }
    return false;
}

/* The first error of the changed model that it had not before; *ret is NULL
 * when it has some. */
static Err find_errors(Arena *arena, DmnSource *sources, size_t count,
                       Str before, Diag *diag, DmnModel **ret)
{
    DmnCheck now, then = {.count = 0};
    Str after = sources[0].bytes;
    bool looked = false;
    TRY(dmn_check_load(arena, sources, count, diag, &now, ret));
    for (size_t i = 0; i < now.count; i++) {
        const DmnFinding *found = &now.findings[i];
        if (found->severity != DMN_ERROR) continue;
        if (!looked) {
            sources[0].bytes = before;
            Err err = dmn_check(arena, sources, count, diag, &then);
            sources[0].bytes = after;
            if (err != OK) return err;
            looked = true;
        }
        if (found_in(&then, found)) continue;
        char place[DIAG_ARG_BYTES];
        snprintf(place, sizeof place, "%.*s", STR_ARG(found->decision));
        *diag = found->diag;
        if (place[0] != '\0') diag_place(diag, place, 0, 0);
        return ERR_INVALID;
    }
    return OK;
}

/* The place of the next `text` in `in` from `at` on; in.bytes: none. */
static size_t next_of(Str in, size_t at, Str text)
{
    for (; at + text.bytes <= in.bytes; at++) {
        const char *first = memchr(in.at + at, text.at[0], in.bytes - at);
        if (first == NULL) break;
        at = (size_t)(first - in.at);
        if (at + text.bytes > in.bytes) break;
        if (memcmp(first, text.at, text.bytes) == 0) return at;
    }
    return in.bytes;
}

/* The text that a decision is compared with where its name stands at `at`:
 * NAME = "text"; empty: with none. */
static Str compared(Str model, size_t at)
{
    Str rest = {model.at + at, model.bytes - at};
    Str none = {NULL, 0};
    while (rest.bytes > 0 && rest.at[0] == ' ') rest.at++, rest.bytes--;
    if (rest.bytes > 0 && rest.at[0] == '!') rest.at++, rest.bytes--;
    if (rest.bytes == 0 || rest.at[0] != '=') return none;
    rest.at++, rest.bytes--;
    while (rest.bytes > 0 && rest.at[0] == ' ') rest.at++, rest.bytes--;
    if (rest.bytes == 0 || rest.at[0] != '"') return none;
    const char *end = memchr(rest.at + 1, '"', rest.bytes - 1);
    return end == NULL ? none : (Str){rest.at + 1, (size_t)(end - rest.at - 1)};
}

/* Whether a model has a text, in quotes, that is no attribute of its XML. */
static bool has_text(Str model, Str quoted)
{
    size_t at = next_of(model, 0, quoted);
    while (at < model.bytes && at > 0 && model.at[at - 1] == '=') {
        at = next_of(model, at + 1, quoted);
    }
    return at < model.bytes;
}

/* The name of a decision that is given by name or id. */
static Str name_of(const XmlNode *model, Str given)
{
    for (const XmlNode *node = xml_child(model, "decision"); node != NULL;
         node = xml_next(node)) {
        if (str_equal(xml_attribute(node, "id"), given)) {
            return xml_attribute(node, "name");
        }
    }
    return given;
}

/* A text for a decision that the model compares with texts must be one that
 * the model knows: another is a slip, and all would go as if it were none. */
static Err find_slip(Arena *arena, Str model, Str set, Diag *diag)
{
    const XmlNode *root;
    Str name, value, known = {NULL, 0};
    if (!cut(set, &name, &value)) return OK;
    bool text = value.bytes > 2 && value.at[0] == '"' &&
                memchr(value.at + 1, '"', value.bytes - 1) ==
                    value.at + value.bytes - 1;
    if (!text || has_text(model, value)) return OK;
    Str bare = {value.at + 1, value.bytes - 2};
    TRY(xml_read(arena, model, diag, &root));
    name = name_of(root, name);
    if (name.bytes == 0) return OK;
    for (size_t at = next_of(model, 0, name); at < model.bytes;
         at = next_of(model, at + 1, name)) {
        Str with = compared(model, at + name.bytes);
        if (with.at != NULL && str_equal(with, bare)) return OK;
        if (with.at != NULL) known = with;
    }
    if (known.at == NULL) return OK;
    diag_set(diag, "reform.value");
    diag_arg(diag, name);
    diag_arg(diag, bare);
    diag_arg(diag, known);
    return ERR_INVALID;
}

Err reform_load(Arena *arena, DmnSource *sources, size_t count, const Str *sets,
                int32_t set_count, Diag *diag, DmnModel **ret)
{
    Str before = sources[0].bytes;
    *ret = NULL;
    for (int32_t i = 0; i < set_count; i++) {
        TRY(reform_set(arena, sources[0].bytes, sets[i], diag,
                       &sources[0].bytes));
    }
    if (set_count > 0) {
        TRY(find_errors(arena, sources, count, before, diag, ret));
    }
    for (int32_t i = 0; i < set_count; i++) {
        TRY(find_slip(arena, before, sets[i], diag));
    }
    if (*ret != NULL) return OK;
    return dmn_load(arena, sources, count, DMN_STRICT, diag, ret);
}
