/*
 * The smallest parts of FEEL's text: spaces and comments, names as the scope
 * knows them, literals, types.
 */
#include "codec/utf8.h"
#include "feel/builtin.h"
#include "feel/node_int.h"
#include "feel/number.h"
#include "feel/temporal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool starts_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '?' || (unsigned char)c >= 0x80;
}

static bool in_name(char c)
{
    return starts_name(c) || is_digit(c);
}

/* Bytes of the white space at `at`, 0 when there is none. */
static size_t space_bytes(const char *at, const char *end)
{
    if (at >= end) return 0;
    if (*at > ' ' && *at < 0x7F) return 0; /* nearly always */
    if (*at == ' ' || (*at >= '\t' && *at <= '\r')) return 1;
    if ((unsigned char)*at < 0xC2) return 0;
    Str rest = {at, (size_t)(end - at)};
    uint32_t c = utf8_next(&rest);
    bool space = c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E ||
                 (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
                 c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
    return space ? (size_t)(rest.at - at) : 0;
}

static const char *skip_comment(const char *at, const char *end)
{
    if (end - at < 2 || at[0] != '/') return at;
    if (at[1] == '/') {
        while (at < end && *at != '\n') at++;
    } else if (at[1] == '*') {
        const char *from = at;
        for (at += 2; end - at >= 2; at++) {
            if (at[0] == '*' && at[1] == '/') return at + 2;
        }
        return from;
    }
    return at;
}

void feel_skip(FeelParser *parser)
{
    for (;;) {
        const char *from = parser->at;
        parser->at += space_bytes(parser->at, parser->end);
        parser->at = skip_comment(parser->at, parser->end);
        if (parser->at == from) return;
    }
}

bool feel_peek(FeelParser *parser, const char *symbol)
{
    feel_skip(parser);
    if (parser->at == parser->end || *parser->at != *symbol) return false;
    size_t bytes = strlen(symbol);
    return (size_t)(parser->end - parser->at) >= bytes &&
           memcmp(parser->at, symbol, bytes) == 0;
}

bool feel_accept(FeelParser *parser, const char *symbol)
{
    if (!feel_peek(parser, symbol)) return false;
    parser->at += strlen(symbol);
    return true;
}

static bool peek_word(FeelParser *parser, const char *word)
{
    if (!feel_peek(parser, word)) return false;
    const char *after = parser->at + strlen(word);
    return after == parser->end || !in_name(*after);
}

bool feel_accept_word(FeelParser *parser, const char *word)
{
    if (!peek_word(parser, word)) return false;
    parser->at += strlen(word);
    return true;
}

bool feel_expect(FeelParser *parser, const char *symbol)
{
    if (feel_accept(parser, symbol)) return true;
    feel_wrong(parser, "feel.expected", str_of(symbol));
    return false;
}

bool feel_expect_word(FeelParser *parser, const char *word)
{
    if (feel_accept_word(parser, word)) return true;
    feel_wrong(parser, "feel.expected", str_of(word));
    return false;
}

bool feel_is_digit(const FeelParser *parser, size_t ahead)
{
    return (size_t)(parser->end - parser->at) > ahead &&
           is_digit(parser->at[ahead]);
}

/* Goes on from where it was asked last, if that is not behind the cursor. */
FeelPlace feel_place(FeelParser *parser)
{
    FeelPlace place = {parser->source.file, parser->source.line,
                       parser->source.column};
    Str before = {parser->source.text.at, 0};
    if (parser->seen != NULL && parser->seen <= parser->at) {
        place = parser->seen_place;
        before.at = parser->seen;
    }
    before.bytes = (size_t)(parser->at - before.at);
    while (before.bytes > 0) {
        if (utf8_next(&before) == '\n') {
            place.line++;
            place.column = 1;
        } else {
            place.column++;
        }
    }
    parser->seen = parser->at;
    parser->seen_place = place;
    return place;
}

void *feel_grow(FeelParser *parser, void *items, uint32_t count,
                size_t item_bytes)
{
    bool full = count == 0 || (count >= 4 && (count & (count - 1)) == 0);
    if (!full) return items;
    void *more =
        arena_try(parser->arena, count == 0 ? 4 : 2 * count, item_bytes);
    if (more == NULL) return feel_no_room(parser);
    if (count > 0) memcpy(more, items, count * item_bytes);
    return more;
}

bool feel_add_item(FeelParser *parser, FeelNode *node, FeelNode *item)
{
    FeelNode **items =
        feel_grow(parser, node->items, node->count, sizeof *items);
    if (items == NULL) return false;
    items[node->count++] = item;
    node->items = items;
    return true;
}

FeelVar *feel_declare(FeelParser *parser, FeelScope *scope, FeelVar var)
{
    FeelVar *kept = feel_scope_add(parser->arena, scope, var);
    return kept == NULL ? feel_no_room(parser) : kept;
}

FeelNode *feel_node(FeelParser *parser, FeelNodeKind kind, FeelPlace place)
{
    FeelNode *node = ARENA_TRY_NEW(parser->arena, FeelNode);
    if (node == NULL) return feel_no_room(parser);
    node->kind = kind;
    node->place = place;
    node->type = feel_type_of(FEEL_ANY);
    return node;
}

FeelNode *feel_typed_node(FeelParser *parser, FeelNodeKind kind,
                          FeelPlace place, const FeelType *type)
{
    FeelNode *node = feel_node(parser, kind, place);
    if (node == NULL || type == NULL) return feel_no_room(parser);
    node->type = type;
    return node;
}

FeelNode *feel_fault_node(FeelParser *parser, FeelPlace place, const char *key,
                          Str text)
{
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_FAULT, place,
                                     feel_type_of(FEEL_NULL));
    if (node == NULL) return NULL;
    node->text = text;
    if (parser->fault == NULL) {
        parser->fault = node;
        parser->fault_key = key;
    }
    return node;
}

FeelNode *feel_variable_node(FeelParser *parser, FeelPlace place, FeelVar *var)
{
    FeelNode *node =
        feel_typed_node(parser, FEEL_NODE_VARIABLE, place, var->type);
    if (node != NULL) node->var = var;
    return node;
}

/* Where the name ends if it stands at the cursor, spaces being alike. */
const char *feel_match_name(const FeelParser *parser, Str name)
{
    const char *at = parser->at;
    if (name.bytes == 0) return NULL;
    const char *want = name.at, *want_end = name.at + name.bytes;
    while (want < want_end) {
        size_t spaces = space_bytes(want, want_end);
        if (spaces > 0) {
            while (spaces > 0) {
                want += spaces;
                spaces = space_bytes(want, want_end);
            }
            size_t there = space_bytes(at, parser->end);
            if (there == 0) return NULL;
            while (there > 0) {
                at += there;
                there = space_bytes(at, parser->end);
            }
            continue;
        }
        if (at >= parser->end || *at != *want) return NULL;
        at++;
        want++;
    }
    bool open = at < parser->end && in_name(*at) && in_name(want[-1]);
    return open ? NULL : at;
}

/* A name with each run of white space made one space. */
Str feel_clean_name(FeelParser *parser, Str text)
{
    text = str_trim(text);
    if (text.bytes == 0) return STR("");
    char *clean = arena_try(parser->arena, text.bytes + 1, 1);
    if (clean == NULL) {
        feel_no_room(parser);
        return STR("");
    }
    size_t bytes = 0;
    const char *at = text.at, *end = text.at + text.bytes;
    while (at < end) {
        size_t spaces = space_bytes(at, end);
        if (spaces == 0) {
            clean[bytes++] = *at++;
            continue;
        }
        at += spaces;
        if (bytes > 0 && clean[bytes - 1] != ' ') clean[bytes++] = ' ';
    }
    if (bytes > 0 && clean[bytes - 1] == ' ') bytes--;
    return (Str){clean, bytes};
}

bool feel_is_keyword(Str word)
{
    static const char *const words[] = {
        "and",     "or",   "if",        "then",   "else",     "for",
        "in",      "some", "every",     "return", "true",     "false",
        "between", "null", "satisfies", "of",     "instance", "function"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(word, words[i])) return true;
    }
    return false;
}

static Str word_at(const char *at, const char *end)
{
    const char *from = at;
    if (at < end && starts_name(*at) && space_bytes(at, end) == 0) {
        while (at < end && in_name(*at) && space_bytes(at, end) == 0) at++;
    }
    return (Str){from, (size_t)(at - from)};
}

/*
 * A name that no scope knows: words up to what cannot belong to a name. No
 * two words follow each other in FEEL otherwise, but for keywords.
 */
Str feel_free_name(FeelParser *parser)
{
    feel_skip(parser);
    Str word = word_at(parser->at, parser->end);
    if (word.bytes == 0 || feel_is_keyword(word)) return (Str){0};
    const char *from = parser->at;
    while (word.bytes > 0 && !feel_is_keyword(word)) {
        parser->at = word.at + word.bytes;
        const char *next = parser->at;
        size_t spaces = space_bytes(next, parser->end);
        while (spaces > 0) {
            next += spaces;
            spaces = space_bytes(next, parser->end);
        }
        word = word_at(next, parser->end);
    }
    return feel_clean_name(parser, (Str){from, (size_t)(parser->at - from)});
}

/*
 * Whether a byte may stand in a name with signs of its own, "Pre-X's a/b". A
 * comment is no part of a name, whatever it holds.
 */
static bool in_signed_name(const char *at, const char *end)
{
    bool comment = end - at > 1 && *at == '/' && (at[1] == '/' || at[1] == '*');
    if (comment) return false;
    return in_name(*at) || space_bytes(at, end) > 0 ||
           (*at != '\0' && strchr("./-'+*", *at) != NULL);
}

static bool ends_with_one(FeelParser *parser, const char *signs)
{
    feel_skip(parser);
    return parser->at < parser->end && *parser->at != '\0' &&
           strchr(signs, *parser->at) != NULL;
}

Str feel_new_name(FeelParser *parser, const char *signs)
{
    feel_skip(parser);
    const char *from = parser->at;
    Str name = feel_free_name(parser);
    if (name.bytes > 0 && ends_with_one(parser, signs)) return name;
    parser->at = from;
    if (from == parser->end || !starts_name(*from)) return (Str){0};
    const char *at = from;
    while (at < parser->end && in_signed_name(at, parser->end)) at++;
    parser->at = at;
    if (ends_with_one(parser, signs)) {
        return feel_clean_name(parser, (Str){from, (size_t)(at - from)});
    }
    parser->at = from;
    return (Str){0};
}

FeelNode *feel_constant_node(FeelParser *parser, FeelPlace place,
                             FeelValue value)
{
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_CONSTANT, place,
                                     feel_type_of((FeelKind)value.kind));
    if (node != NULL) node->value = value;
    return node;
}

FeelNode *feel_parse_number(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    const char *from = parser->at;
    while (feel_is_digit(parser, 0)) parser->at++;
    if (parser->at < parser->end && *parser->at == '.' &&
        feel_is_digit(parser, 1)) {
        parser->at++;
        while (feel_is_digit(parser, 0)) parser->at++;
    }
    if (parser->at < parser->end &&
        (*parser->at == 'e' || *parser->at == 'E')) {
        const char *mark = parser->at++;
        if (parser->at < parser->end &&
            (*parser->at == '+' || *parser->at == '-')) {
            parser->at++;
        }
        if (!feel_is_digit(parser, 0)) parser->at = mark;
        while (parser->at != mark && feel_is_digit(parser, 0)) parser->at++;
    }
    Str text = {from, (size_t)(parser->at - from)};
    FeelValue value = feel_number_read(parser->arena, text);
    if (value.kind == FEEL_NULL && !arena_refused(parser->arena)) {
        return feel_fault_node(parser, place, "feel.number_large",
                               utf8_cut(text, 24));
    }
    return feel_constant_node(parser, place, value);
}

static int hex_value(char c)
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* `digits` hexadecimal digits; -1 when they are not there. */
static int64_t take_hex(FeelParser *parser, int digits)
{
    int64_t value = 0;
    if (parser->end - parser->at < digits) return -1;
    for (int i = 0; i < digits; i++) {
        int digit = hex_value(parser->at[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    parser->at += digits;
    return value;
}

/* The second half of a surrogate pair written as two escapes. */
static int64_t take_low_surrogate(FeelParser *parser, int64_t high)
{
    const char *mark = parser->at;
    if (parser->end - mark >= 6 && mark[0] == '\\' && mark[1] == 'u') {
        parser->at += 2;
        int64_t low = take_hex(parser, 4);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
        parser->at = mark;
    }
    return high;
}

static bool take_escape(FeelParser *parser, Buf *text)
{
    char c = *parser->at++;
    int64_t code = -1;
    switch (c) {
    case 'n':
        code = '\n';
        break;
    case 'r':
        code = '\r';
        break;
    case 't':
        code = '\t';
        break;
    case '"':
    case '\'':
    case '\\':
        code = c;
        break;
    case 'u':
        code = take_hex(parser, 4);
        if (code >= 0xD800 && code <= 0xDBFF) {
            code = take_low_surrogate(parser, code);
        }
        break;
    case 'U':
        code = take_hex(parser, 6);
        break;
    default:
        buf_char(text, '\\');
        buf_char(text, c);
        return true;
    }
    if (code < 0 || code > 0x10FFFF) return false;
    utf8_write(text, (uint32_t)code);
    return true;
}

/* The inside of a string literal; the cursor stands on the first quote. */
static bool take_string(FeelParser *parser, Str *ret)
{
    Buf text = buf_make(1 << 20);
    FeelPlace place = feel_place(parser);
    parser->at++;
    bool sound = true;
    while (sound && parser->at < parser->end && *parser->at != '"') {
        if (*parser->at == '\\' && parser->at + 1 < parser->end) {
            parser->at++;
            sound = take_escape(parser, &text);
        } else {
            buf_char(&text, *parser->at++);
        }
    }
    sound = sound && parser->at < parser->end && !buf_full(&text);
    if (!sound) {
        feel_wrong_at(parser, place, "feel.string", STR("\""));
    } else if (!str_try(parser->arena, buf_view(&text), ret)) {
        sound = feel_no_room(parser) != NULL;
    } else {
        parser->at++;
    }
    buf_free(&text);
    return sound;
}

FeelNode *feel_parse_string(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    Str text;
    if (!take_string(parser, &text)) return NULL;
    return feel_constant_node(parser, place, feel_string(text));
}

FeelNode *feel_parse_at(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    Str text;
    if (!feel_expect(parser, "@")) return NULL;
    if (parser->at >= parser->end || *parser->at != '"') {
        return feel_wrong(parser, "feel.expected", STR("\""));
    }
    if (!take_string(parser, &text)) return NULL;
    FeelValue value = feel_temporal_read(parser->arena, text);
    if (value.kind != FEEL_NULL) {
        return feel_constant_node(parser, place, value);
    }
    return feel_fault_node(parser, place, "feel.at_literal", text);
}

/* The longest name of a scope, or of the fields of its item, that is here. */
typedef struct Match {
    const char *end;
    FeelVar *var;
    FeelVar *item; /* the name is a field of this */
    Str name;
} Match;

/* Whether a name can begin here at all: no, for most of a scope. */
static bool may_begin(const FeelParser *parser, Str name)
{
    if (name.bytes == 0 || parser->at == parser->end) return false;
    return *name.at == *parser->at || *name.at <= ' '; /* or no ASCII */
}

static void match_scope(const FeelParser *parser, const FeelScope *scope,
                        Match *best)
{
    int64_t tried = 1;
    if (scope->item != NULL) {
        const FeelShape *shape = scope->item->type->shape;
        for (uint32_t i = 0; shape != NULL && i < shape->count; i++) {
            tried++;
            if (!may_begin(parser, shape->names[i])) continue;
            const char *end = feel_match_name(parser, shape->names[i]);
            if (end != NULL && end > best->end) {
                *best = (Match){end, NULL, scope->item, shape->names[i]};
            }
        }
    }
    for (FeelVar *var = scope->vars; var != NULL; var = var->next) {
        tried++;
        if (!may_begin(parser, var->name)) continue;
        const char *end = feel_match_name(parser, var->name);
        if (end != NULL && end > best->end) {
            *best = (Match){end, var, NULL, var->name};
        }
    }
    feel_program_spend(parser->program, tried);
}

/* The innermost filter whose item's fields are not known; or NULL. */
static FeelVar *open_item(const FeelParser *parser)
{
    for (const FeelScope *s = parser->scope; s != NULL; s = s->parent) {
        if (s->item != NULL && s->item->type->shape == NULL &&
            (s->item->type->kind == FEEL_ANY ||
             s->item->type->kind == FEEL_CONTEXT)) {
            return s->item;
        }
    }
    return NULL;
}

static FeelNode *item_field(FeelParser *parser, FeelPlace place, FeelVar *item,
                            Str name, FeelNode *other)
{
    const FeelType *type = other == NULL ? feel_type_field(item->type, name)
                                         : feel_type_of(FEEL_ANY);
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_ITEM, place, type);
    if (node == NULL) return NULL;
    node->var = item;
    node->text = name;
    node->a = other;
    return node;
}

static FeelNode *variable(FeelParser *parser, FeelPlace place, const Match *m)
{
    if (m->item != NULL) {
        return item_field(parser, place, m->item, m->name, NULL);
    }
    m->var->used = true;
    if (m->var == parser->tested) parser->used_tested = true;
    return feel_variable_node(parser, place, m->var);
}

FeelNode *feel_parse_variable(FeelParser *parser)
{
    feel_skip(parser);
    FeelPlace place = feel_place(parser);
    Match best = {0};
    for (const FeelScope *s = parser->scope; s != NULL; s = s->parent) {
        match_scope(parser, s, &best);
    }
    if (parser->program->full) return feel_no_room(parser);
    FeelVar *item = open_item(parser);
    Str word = word_at(parser->at, parser->end);
    FeelNode *node;
    if (best.end != NULL) {
        parser->at = best.end;
        node = variable(parser, place, &best);
        bool local = best.var == NULL || best.var->kind == FEEL_VAR_LOCAL ||
                     best.var->kind == FEEL_VAR_BUILTIN;
        if (item == NULL || (local && !str_equal(best.name, word)) ||
            best.item != NULL || best.var == item || node == NULL) {
            return node;
        }
        return item_field(parser, place, item, best.name, node);
    }
    Str name = feel_free_name(parser);
    if (name.bytes == 0) {
        return feel_wrong(parser, "feel.expected", STR("value"));
    }
    if (item != NULL) return item_field(parser, place, item, name, NULL);
    node = feel_fault_node(parser, place, "feel.name_unknown", name);
    if (node != NULL && parser->fault == node) {
        parser->fault_near = feel_near_name(parser, name);
        if (parser->fault_near.bytes > 0) parser->fault_key = "feel.name_near";
    }
    return node;
}

/* Types. */

static const FeelType *named_type(FeelParser *parser, FeelPlace place, Str name)
{
    const FeelType *type = feel_type_named(name);
    if (type != NULL) return type;
    for (const FeelScope *s = parser->scope; s != NULL; s = s->parent) {
        if (s->type_named == NULL) continue;
        type = s->type_named(s->type_context, name);
        if (type != NULL) return type;
    }
    return feel_wrong_at(parser, place, "feel.type_unknown", name);
}

static const FeelType *context_type(FeelParser *parser)
{
    const FeelType **fields = NULL;
    Str *names = NULL;
    FeelShape *shape = ARENA_TRY_NEW(parser->arena, FeelShape);
    if (shape == NULL) return feel_no_room(parser);
    while (!feel_accept(parser, ">")) {
        if (shape->count > 0 && !feel_expect(parser, ",")) return NULL;
        if (shape->count == FEEL_ARGS_MAX) {
            return feel_wrong(parser, "feel.too_many", STR("255"));
        }
        Str name = feel_new_name(parser, ":");
        if (name.bytes == 0) name = feel_free_name(parser);
        if (name.bytes == 0) {
            return feel_wrong(parser, "feel.expected", STR("name"));
        }
        if (!feel_expect(parser, ":")) return NULL;
        const FeelType *type = feel_parse_type(parser);
        if (type == NULL) return NULL;
        names = feel_grow(parser, names, shape->count, sizeof *names);
        fields = feel_grow(parser, fields, shape->count, sizeof *fields);
        if (names == NULL || fields == NULL) return NULL;
        names[shape->count] = name;
        fields[shape->count++] = type;
    }
    shape->names = names;
    return feel_type_context(parser->arena, shape, fields);
}

static const FeelType *function_type(FeelParser *parser)
{
    const FeelType **params = NULL;
    uint32_t count = 0;
    while (!feel_accept(parser, ">")) {
        if (count > 0 && !feel_expect(parser, ",")) return NULL;
        if (count == FEEL_ARGS_MAX) return NULL;
        params = feel_grow(parser, params, count, sizeof *params);
        if (params == NULL) return NULL;
        params[count] = feel_parse_type(parser);
        if (params[count++] == NULL) return NULL;
    }
    if (!feel_expect(parser, "->")) return NULL;
    const FeelType *result = feel_parse_type(parser);
    if (result == NULL) return NULL;
    return feel_type_function(parser->arena, params, count, result);
}

/* "prefix.name", empty when memory is used up. */
static Str joined_name(FeelParser *parser, Str prefix, Str name)
{
    size_t bytes = prefix.bytes + 1 + name.bytes;
    char *text = arena_try_raw(parser->arena, bytes, 1);
    if (text == NULL) {
        feel_no_room(parser);
        return (Str){0};
    }
    memcpy(text, prefix.at, prefix.bytes);
    text[prefix.bytes] = '.';
    if (name.bytes > 0) memcpy(text + prefix.bytes + 1, name.at, name.bytes);
    return (Str){text, bytes};
}

static const FeelType *nested_type(FeelParser *parser)
{
    static const char *const simple[] = {"years and months duration",
                                         "days and time duration",
                                         "date and time", "function"};
    feel_skip(parser);
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++) {
        const char *end = feel_match_name(parser, str_of(simple[i]));
        if (end == NULL) continue;
        parser->at = end;
        if (i == 3 && feel_accept(parser, "<")) return function_type(parser);
        return feel_type_named(str_of(simple[i]));
    }
    FeelPlace place = feel_place(parser);
    Str name = feel_free_name(parser);
    while (name.bytes > 0 && feel_peek(parser, ".") &&
           parser->at + 1 < parser->end && parser->at[1] != '.') {
        parser->at++;
        name = joined_name(parser, name, feel_free_name(parser));
    }
    if (name.bytes == 0) {
        return feel_wrong(parser, "feel.expected", STR("type"));
    }
    bool list = str_is(name, "list"), range = str_is(name, "range");
    if ((list || range) && feel_accept(parser, "<")) {
        const FeelType *item = feel_parse_type(parser);
        if (item == NULL || !feel_expect(parser, ">")) return NULL;
        return list ? feel_type_list(parser->arena, item)
                    : feel_type_range(parser->arena, item);
    }
    if (str_is(name, "context") && feel_accept(parser, "<")) {
        return context_type(parser);
    }
    return named_type(parser, place, name);
}

const FeelType *feel_parse_type(FeelParser *parser)
{
    if (parser->depth > FEEL_PARSE_DEPTH_MAX) {
        return feel_wrong(parser, "feel.too_deep", STR("type"));
    }
    parser->depth++;
    const FeelType *type = nested_type(parser);
    parser->depth--;
    return type == NULL && arena_refused(parser->arena) ? feel_no_room(parser)
                                                        : type;
}
