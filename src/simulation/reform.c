#include "simulation/reform.h"

#include "base/buf.h"

enum { MODEL_BYTES_MAX = 64 << 20 };

/* A tag of the text, or the end of it. */
typedef struct Tag {
    size_t from, end; /* of "<...>" */
    Str prefix;       /* "dmn:" or empty */
    Str name;
    Str attributes;
    bool closes, empty;
} Tag;

static bool begins(Str text, size_t at, const char *with)
{
    size_t bytes = strlen(with);
    return at + bytes <= text.bytes && memcmp(text.at + at, with, bytes) == 0;
}

/* Behind the next place of a text; the end when there is none. */
static size_t after(Str text, size_t at, const char *what)
{
    while (at < text.bytes && !begins(text, at, what)) at++;
    return at < text.bytes ? at + strlen(what) : text.bytes;
}

/* Behind the '>' that ends a tag; it may stand in a value, too. */
static size_t tag_end(Str text, size_t at)
{
    char quote = '\0';
    for (; at < text.bytes; at++) {
        char c = text.at[at];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return text.bytes;
}

static void read_tag(Str text, size_t at, Tag *tag)
{
    tag->from = at;
    tag->end = tag_end(text, at);
    tag->closes = begins(text, at, "</");
    tag->empty = tag->end >= 2 && text.at[tag->end - 2] == '/';
    size_t name = at + 1 + tag->closes, end = name, colon = name;
    while (end < tag->end && strchr(" \t\r\n/>", text.at[end]) == NULL) {
        if (text.at[end] == ':') colon = end + 1;
        end++;
    }
    tag->prefix = (Str){text.at + name, colon - name};
    tag->name = (Str){text.at + colon, end - colon};
    tag->attributes = (Str){text.at + end, tag->end - end};
}

/* The next tag from a place on; what is no element is passed over. */
static bool next_tag(Str text, size_t at, Tag *tag)
{
    while (at < text.bytes) {
        if (text.at[at] != '<') {
            at++;
        } else if (begins(text, at, "<!--")) {
            at = after(text, at, "-->");
        } else if (begins(text, at, "<![CDATA[")) {
            at = after(text, at, "]]>");
        } else if (begins(text, at, "<?") || begins(text, at, "<!")) {
            at = after(text, at, ">");
        } else {
            read_tag(text, at, tag);
            return true;
        }
    }
    return false;
}

/* Whether an attribute has a value. */
static bool has_value(Str attributes, const char *name, Str value)
{
    size_t name_bytes = strlen(name);
    for (size_t i = 0; i + name_bytes + 2 < attributes.bytes; i++) {
        size_t at = i + 1 + name_bytes;
        if (strchr(" \t\r\n", attributes.at[i]) == NULL ||
            !begins(attributes, i + 1, name) || attributes.at[at] != '=') {
            continue;
        }
        char quote = attributes.at[at + 1];
        size_t from = at + 2, end = from;
        while (end < attributes.bytes && attributes.at[end] != quote) end++;
        return str_equal((Str){attributes.at + from, end - from}, value);
    }
    return false;
}

static bool is_logic(Str name)
{
    static const char *const names[] = {"decisionTable", "literalExpression",
                                        "context",       "invocation",
                                        "relation",      "list",
                                        "conditional",   "filter",
                                        "for",           "some",
                                        "every",         "functionDefinition"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_is(name, names[i])) return true;
    }
    return false;
}

/* Finds the decision's logic: from..end of its element. */
static bool find_logic(Str text, Str name, Str *ret_prefix, size_t *ret_from,
                       size_t *ret_end)
{
    Tag tag;
    bool wanted = false, inside = false;
    int32_t depth = 0; /* below the decision */
    for (size_t at = 0; next_tag(text, at, &tag); at = tag.end) {
        if (!wanted) {
            wanted = !tag.closes && !tag.empty &&
                     str_is(tag.name, "decision") &&
                     (has_value(tag.attributes, "name", name) ||
                      has_value(tag.attributes, "id", name));
            continue;
        }
        if (!tag.closes && depth == 0 && is_logic(tag.name)) {
            inside = true;
            *ret_from = tag.from;
            *ret_prefix = tag.prefix;
        }
        if (tag.closes) depth--;
        if (!tag.closes && !tag.empty) depth++;
        if (depth < 0) return false;
        if (depth > 0 || !inside) continue;
        *ret_end = tag.end;
        return true;
    }
    return false;
}

static void add_escaped(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        switch (text.at[i]) {
        case '<':
            buf_text(buf, "&lt;");
            break;
        case '>':
            buf_text(buf, "&gt;");
            break;
        case '&':
            buf_text(buf, "&amp;");
            break;
        default:
            buf_char(buf, text.at[i]);
        }
    }
}

Err reform_set(Arena *arena, Str model, Str set, Diag *diag, Str *ret)
{
    const char *sign = memchr(set.at, '=', set.bytes);
    Str prefix = {"", 0};
    size_t from = 0, end = 0;
    if (sign == NULL) {
        diag_set(diag, "reform.form");
        diag_arg(diag, set);
        return ERR_INVALID;
    }
    Str name = str_trim((Str){set.at, (size_t)(sign - set.at)});
    Str value =
        str_trim((Str){sign + 1, set.bytes - (size_t)(sign + 1 - set.at)});
    if (name.bytes == 0 || value.bytes == 0 ||
        !find_logic(model, name, &prefix, &from, &end)) {
        diag_set(diag, value.bytes == 0 ? "reform.form" : "reform.none");
        diag_arg(diag, value.bytes == 0 ? set : name);
        return ERR_INVALID;
    }
    Buf buf = buf_make(MODEL_BYTES_MAX);
    buf_add(&buf, model.at, from);
    buf_format(&buf, "<%.*sliteralExpression><%.*stext>", STR_ARG(prefix),
               STR_ARG(prefix));
    add_escaped(&buf, value);
    buf_format(&buf, "</%.*stext></%.*sliteralExpression>", STR_ARG(prefix),
               STR_ARG(prefix));
    buf_add(&buf, model.at + end, model.bytes - end);
    bool room = !buf_full(&buf) && str_try(arena, buf_view(&buf), ret);
    buf_free(&buf);
    if (room) return OK;
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}
