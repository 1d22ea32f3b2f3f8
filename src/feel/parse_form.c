/*
 * The forms with brackets and words of their own: if, for, some, every,
 * function, lists, contexts, ranges.
 */
#include "feel/builtin.h"
#include "feel/external.h"
#include "feel/node_int.h"

enum { NAMES_MAX = 64 };

FeelNode *feel_parse_if(FeelParser *parser, FeelPlace place)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_IF, place);
    if (node == NULL) return NULL;
    bool in_range = parser->in_range;
    parser->in_range = false;
    node->a = feel_parse_expression(parser);
    if (node->a == NULL || !feel_expect_word(parser, "then")) return NULL;
    node->b = feel_parse_expression(parser);
    if (node->b == NULL || !feel_expect_word(parser, "else")) return NULL;
    node->c = feel_parse_expression(parser);
    parser->in_range = in_range;
    if (node->c == NULL) return NULL;
    node->type = feel_type_join(node->b->type, node->c->type);
    feel_agree(parser, node);
    return node;
}

/* A list to go through, or a range of whole numbers or dates "a..b". */
static FeelNode *parse_domain(FeelParser *parser)
{
    FeelNode *a = feel_parse_expression(parser);
    if (a == NULL || !feel_accept(parser, "..")) return a;
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_RANGE, a->place,
                                     feel_type_range(parser->arena, a->type));
    if (node == NULL) return NULL;
    node->flag = FEEL_RANGE_LOW_CLOSED | FEEL_RANGE_HIGH_CLOSED;
    node->op = FEEL_DOMAIN_RANGE;
    node->a = a;
    node->b = feel_parse_expression(parser);
    if (node->b == NULL) return NULL;
    feel_agree(parser, node);
    return node;
}

/* Keeps a variable for the item that is added next. */
static bool add_variable(FeelParser *parser, FeelNode *node, FeelVar *var)
{
    FeelVar **vars = feel_grow(parser, node->vars, node->count, sizeof *vars);
    if (vars == NULL || var == NULL) return false;
    vars[node->count] = var;
    node->vars = vars;
    return true;
}

static bool parse_iterator(FeelParser *parser, FeelNode *node, FeelScope *scope)
{
    Str name = feel_free_name(parser);
    if (name.bytes == 0) {
        feel_wrong(parser, "feel.expected", STR("name"));
        return false;
    }
    if (!feel_expect_word(parser, "in")) return false;
    FeelNode *domain = parse_domain(parser);
    if (domain == NULL) return false;
    FeelVar var = {.kind = FEEL_VAR_LOCAL,
                   .name = name,
                   .type = feel_infer_item(domain->type),
                   .among = domain->kind == FEEL_NODE_LIST ? domain : NULL};
    return add_variable(parser, node, feel_declare(parser, scope, var)) &&
           feel_add_item(parser, node, domain);
}

FeelNode *feel_parse_for(FeelParser *parser, FeelNodeKind kind, FeelPlace place)
{
    FeelNode *node = feel_node(parser, kind, place);
    if (node == NULL) return NULL;
    FeelScope scope = {.parent = parser->scope};
    bool in_range = parser->in_range;
    parser->in_range = false;
    parser->scope = &scope;
    bool sound;
    do {
        sound = node->count < NAMES_MAX && parse_iterator(parser, node, &scope);
    } while (sound && feel_accept(parser, ","));
    if (kind == FEEL_NODE_FOR) {
        FeelVar partial = {.kind = FEEL_VAR_LOCAL,
                           .name = STR("partial"),
                           .type = feel_type_of(FEEL_LIST),
                           .index = -1};
        node->partial = feel_declare(parser, &scope, partial);
        sound = sound && node->partial != NULL &&
                feel_expect_word(parser, "return");
    } else {
        sound = sound && feel_expect_word(parser, "satisfies");
    }
    node->a = sound ? feel_parse_expression(parser) : NULL;
    parser->scope = scope.parent;
    parser->in_range = in_range;
    if (node->a == NULL) return NULL;
    node->type = kind == FEEL_NODE_FOR
                     ? feel_type_list(parser->arena, node->a->type)
                     : feel_type_of(FEEL_BOOLEAN);
    feel_agree(parser, node);
    return node->type == NULL ? feel_no_room(parser) : node;
}

static bool parse_parameter(FeelParser *parser, FeelNode *node,
                            FeelScope *scope, const FeelType **types)
{
    feel_skip(parser);
    const char *from = parser->at;
    Str name = feel_new_name(parser, ":,)");
    if (name.bytes == 0) name = feel_free_name(parser);
    if (feel_is_keyword(name) && !str_is(name, "in")) {
        parser->at = from;
        name.bytes = 0;
    }
    if (name.bytes == 0 || node->count == NAMES_MAX) {
        feel_wrong(parser, "feel.expected", STR("name"));
        return false;
    }
    const FeelType *type = feel_type_of(FEEL_ANY);
    if (feel_accept(parser, ":")) type = feel_parse_type(parser);
    if (type == NULL) return false;
    FeelVar var = {.kind = FEEL_VAR_LOCAL, .name = name, .type = type};
    node->names[node->count] = name;
    types[node->count] = type;
    node->vars[node->count] = feel_declare(parser, scope, var);
    return node->vars[node->count++] != NULL;
}

/* The entry of a context literal, or NULL. */
static const FeelNode *entry_of(const FeelNode *node, const char *key)
{
    if (node == NULL || node->kind != FEEL_NODE_CONTEXT) return NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        if (str_is(node->names[i], key)) return node->items[i];
    }
    return NULL;
}

static Str literal_text(const FeelNode *node)
{
    bool literal = node != NULL && node->kind == FEEL_NODE_CONSTANT &&
                   node->value.kind == FEEL_STRING;
    return literal ? feel_text(node->value) : (Str){0};
}

/* {java: {class: "...", method signature: "..."}} in place of a body. */
static bool take_external(FeelParser *parser, FeelNode *node)
{
    const FeelNode *java = entry_of(node->a, "java");
    const FeelExternals *externals = parser->program->externals;
    Str class_name = literal_text(entry_of(java, "class"));
    Str signature = literal_text(entry_of(java, "method signature"));
    node->flag = FEEL_FUNCTION_EXTERNAL;
    node->text = class_name;
    node->value = feel_string(signature);
    if (externals != NULL &&
        externals->find(class_name, signature, node->count) >= 0) {
        return true;
    }
    Str named = class_name.bytes > 0 ? class_name : STR("external");
    return feel_wrong_at(parser, node->place, "feel.external", named) != NULL;
}

FeelNode *feel_parse_function(FeelParser *parser)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_FUNCTION, feel_place(parser));
    FeelVar **vars = ARENA_TRY_ARRAY(parser->arena, FeelVar *, NAMES_MAX);
    Str *names = ARENA_TRY_ARRAY(parser->arena, Str, NAMES_MAX);
    const FeelType **types =
        ARENA_TRY_ARRAY(parser->arena, const FeelType *, NAMES_MAX);
    if (node == NULL || vars == NULL || names == NULL || types == NULL) {
        return feel_no_room(parser);
    }
    node->vars = vars;
    node->names = names;
    FeelScope scope = {.parent = parser->scope};
    if (!feel_expect(parser, "(")) return NULL;
    while (!feel_accept(parser, ")")) {
        if (node->count > 0 && !feel_accept(parser, ",")) {
            return feel_wrong(parser, "feel.expected", STR(", )"));
        }
        if (!parse_parameter(parser, node, &scope, types)) return NULL;
    }
    bool external = feel_accept_word(parser, "external");
    bool in_range = parser->in_range;
    parser->in_range = false;
    parser->scope = &scope;
    node->a = feel_parse_expression(parser);
    parser->scope = scope.parent;
    parser->in_range = in_range;
    if (node->a == NULL) return NULL;
    const FeelType *result = node->a->type;
    if (external) {
        if (!take_external(parser, node)) return NULL;
        result = feel_type_of(FEEL_ANY);
    }
    node->type = feel_type_function(parser->arena, types, node->count, result);
    return node->type == NULL ? feel_no_room(parser) : node;
}

FeelNode *feel_parse_range_rest(FeelParser *parser, FeelNode *low,
                                uint16_t flag, FeelPlace place)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_RANGE, place);
    if (node == NULL) return NULL;
    node->a = low;
    node->flag = flag;
    bool in_range = parser->in_range;
    parser->in_range = true;
    node->b = feel_parse_sum(parser);
    parser->in_range = in_range;
    if (node->b == NULL) return NULL;
    if (feel_accept(parser, "]")) {
        node->flag |= FEEL_RANGE_HIGH_CLOSED;
    } else if (!feel_accept(parser, "[") && !feel_accept(parser, ")")) {
        return feel_wrong(parser, "feel.expected", STR("] )"));
    }
    node->type = feel_type_range(parser->arena,
                                 feel_type_join(low->type, node->b->type));
    feel_agree(parser, node);
    return node->type == NULL ? feel_no_room(parser) : node;
}

FeelNode *feel_parse_list(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    FeelNode *node = feel_node(parser, FEEL_NODE_LIST, place);
    if (node == NULL) return NULL;
    bool in_range = parser->in_range;
    parser->in_range = false;
    feel_expect(parser, "[");
    const FeelType *item_type = feel_type_of(FEEL_NULL);
    while (!feel_accept(parser, "]")) {
        if (node->count > 0 && !feel_accept(parser, ",")) {
            return feel_wrong(parser, "feel.expected", STR(", ]"));
        }
        FeelNode *item = feel_parse_expression(parser);
        if (item == NULL) return NULL;
        if (node->count == 0 && feel_accept(parser, "..")) {
            parser->in_range = in_range;
            return feel_parse_range_rest(parser, item, FEEL_RANGE_LOW_CLOSED,
                                         place);
        }
        if (node->count == FEEL_ITEMS_MAX) {
            return feel_wrong(parser, "feel.too_many", STR("4096"));
        }
        if (!feel_add_item(parser, node, item)) return NULL;
        item_type = feel_type_join(item_type, item->type);
    }
    parser->in_range = in_range;
    node->type = feel_type_list(parser->arena, item_type);
    return node->type == NULL ? feel_no_room(parser) : node;
}

FeelNode *feel_parse_open_range(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    feel_expect(parser, "]");
    FeelNode *low = feel_parse_sum(parser);
    if (low == NULL || !feel_expect(parser, "..")) return NULL;
    return feel_parse_range_rest(parser, low, 0, place);
}

/* "(>= 5)": a range with one end. */
static FeelNode *parse_half_range(FeelParser *parser, FeelPlace place)
{
    static const struct {
        const char *sign;
        uint16_t flag;
    } signs[] = {{"<=", FEEL_RANGE_LOW_OPEN | FEEL_RANGE_HIGH_CLOSED},
                 {">=", FEEL_RANGE_HIGH_OPEN | FEEL_RANGE_LOW_CLOSED},
                 {"!=", FEEL_RANGE_NOT_EQUAL},
                 {"<", FEEL_RANGE_LOW_OPEN},
                 {">", FEEL_RANGE_HIGH_OPEN},
                 {"=", FEEL_RANGE_LOW_CLOSED | FEEL_RANGE_HIGH_CLOSED |
                           FEEL_RANGE_EQUAL}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!feel_accept(parser, signs[i].sign)) continue;
        FeelNode *end = feel_parse_sum(parser);
        if (end == NULL || !feel_expect(parser, ")")) return NULL;
        FeelNode *node =
            feel_typed_node(parser, FEEL_NODE_RANGE, place,
                            feel_type_range(parser->arena, end->type));
        if (node == NULL) return NULL;
        node->flag = signs[i].flag;
        node->a = end;
        node->b = end;
        return node;
    }
    return NULL;
}

FeelNode *feel_parse_paren(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    feel_expect(parser, "(");
    feel_skip(parser);
    const char *from = parser->at;
    bool in_range = parser->in_range;
    parser->in_range = false;
    FeelNode *half = parse_half_range(parser, place);
    if (half == NULL && parser->at != from) return NULL;
    if (half == NULL) {
        FeelNode *node = feel_parse_expression(parser);
        parser->in_range = in_range;
        if (node == NULL) return NULL;
        if (feel_accept(parser, "..")) {
            return feel_parse_range_rest(parser, node, 0, place);
        }
        return feel_expect(parser, ")") ? node : NULL;
    }
    parser->in_range = in_range;
    return half;
}

/* The key of an entry: a string, or everything up to the colon. */
static bool parse_key(FeelParser *parser, Str *ret)
{
    feel_skip(parser);
    if (parser->at < parser->end && *parser->at == '"') {
        FeelNode *string = feel_parse_string(parser);
        if (string == NULL) return false;
        *ret = feel_text(string->value);
        return feel_expect(parser, ":");
    }
    const char *from = parser->at;
    while (parser->at < parser->end && *parser->at != ':' &&
           *parser->at != ',' && *parser->at != '}' && *parser->at != '{' &&
           *parser->at != '"' && *parser->at != '(') {
        parser->at++;
    }
    *ret = feel_clean_name(parser, (Str){from, (size_t)(parser->at - from)});
    if (ret->bytes == 0) {
        feel_wrong(parser, "feel.expected", STR("name"));
        return false;
    }
    return feel_expect(parser, ":");
}

static const FeelType *context_type(FeelParser *parser, const FeelNode *node)
{
    FeelShape *shape = ARENA_TRY_NEW(parser->arena, FeelShape);
    const FeelType **types =
        ARENA_TRY_ARRAY(parser->arena, const FeelType *, node->count + 1);
    if (shape == NULL || types == NULL) return NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        types[i] = node->items[i]->type;
    }
    *shape = (FeelShape){node->count, node->names};
    return feel_type_context(parser->arena, shape, types);
}

static bool key_used(const FeelNode *node, Str key)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (str_equal(node->names[i], key)) return true;
    }
    return false;
}

/* One "key: value"; the names of those before it may be used in it. */
static bool parse_entry(FeelParser *parser, FeelNode *node, FeelScope *scope)
{
    Str key;
    if (node->count == FEEL_ARGS_MAX) {
        return feel_wrong(parser, "feel.too_many", STR("255")) != NULL;
    }
    feel_skip(parser);
    FeelPlace place = feel_place(parser);
    if (!parse_key(parser, &key)) return false;
    if (key_used(node, key)) {
        return feel_wrong_at(parser, place, "feel.key_twice", key) != NULL;
    }
    parser->scope = scope;
    FeelNode *item = feel_parse_expression(parser);
    parser->scope = scope->parent;
    if (item == NULL) return false;
    FeelVar var = {.kind = FEEL_VAR_LOCAL, .name = key, .type = item->type};
    Str *names = feel_grow(parser, node->names, node->count, sizeof *names);
    if (names == NULL) return false;
    names[node->count] = key;
    node->names = names;
    return add_variable(parser, node, feel_declare(parser, scope, var)) &&
           feel_add_item(parser, node, item);
}

FeelNode *feel_parse_context(FeelParser *parser)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_CONTEXT, feel_place(parser));
    if (node == NULL) return NULL;
    FeelScope scope = {.parent = parser->scope};
    bool in_range = parser->in_range, sound = true;
    parser->in_range = false;
    feel_expect(parser, "{");
    while (sound && !feel_accept(parser, "}")) {
        sound = node->count == 0 || feel_accept(parser, ",");
        if (!sound) feel_wrong(parser, "feel.expected", STR(", }"));
        sound = sound && parse_entry(parser, node, &scope);
    }
    parser->in_range = in_range;
    if (!sound) return feel_wrong(parser, "feel.expected", STR("}"));
    node->type = context_type(parser, node);
    return node->type == NULL ? feel_no_room(parser) : node;
}
