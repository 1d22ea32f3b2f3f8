/*
 * The forms with brackets and words of their own: if, for, some, every,
 * function, lists, contexts, ranges.
 */
#include "feel/builtin.h"
#include "feel/node_int.h"

enum { NAMES_MAX = 64 };

FeelNode *feel_parse_if(FeelParser *parser)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_IF, feel_place(parser));
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
    return node;
}

/* A list to go through, or a range of whole numbers or dates "a..b". */
static FeelNode *parse_domain(FeelParser *parser)
{
    FeelNode *a = feel_parse_expression(parser);
    if (a == NULL || !feel_accept(parser, "..")) return a;
    FeelNode *node = feel_node(parser, FEEL_NODE_RANGE, a->place);
    node->flag = FEEL_RANGE_LOW_CLOSED | FEEL_RANGE_HIGH_CLOSED;
    node->op = FEEL_DOMAIN_RANGE;
    node->a = a;
    node->b = feel_parse_expression(parser);
    node->type = feel_type_range(parser->arena, a->type);
    return node->b == NULL ? NULL : node;
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
    node->items =
        feel_grow(parser->arena, node->items, node->count, sizeof *node->items);
    node->vars =
        feel_grow(parser->arena, node->vars, node->count, sizeof *node->vars);
    node->items[node->count] = domain;
    FeelVar var = {.kind = FEEL_VAR_LOCAL,
                   .name = name,
                   .type = feel_infer_item(domain->type)};
    node->vars[node->count++] = feel_scope_add(parser->arena, scope, var);
    return true;
}

FeelNode *feel_parse_for(FeelParser *parser, FeelNodeKind kind)
{
    FeelNode *node = feel_node(parser, kind, feel_place(parser));
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
        node->partial = feel_scope_add(parser->arena, &scope, partial);
        sound = sound && feel_expect_word(parser, "return");
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
    return node;
}

static bool parse_parameter(FeelParser *parser, FeelNode *node,
                            FeelScope *scope, const FeelType **types)
{
    Str name = feel_free_name(parser);
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
    node->vars[node->count++] = feel_scope_add(parser->arena, scope, var);
    return true;
}

FeelNode *feel_parse_function(FeelParser *parser)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_FUNCTION, feel_place(parser));
    node->vars = ARENA_ARRAY(parser->arena, FeelVar *, NAMES_MAX);
    node->names = ARENA_ARRAY(parser->arena, Str, NAMES_MAX);
    const FeelType **types =
        ARENA_ARRAY(parser->arena, const FeelType *, NAMES_MAX);
    FeelScope scope = {.parent = parser->scope};
    if (!feel_expect(parser, "(")) return NULL;
    while (!feel_accept(parser, ")")) {
        if (node->count > 0 && !feel_expect(parser, ",")) return NULL;
        if (!parse_parameter(parser, node, &scope, types)) return NULL;
    }
    if (feel_accept_word(parser, "external")) {
        return feel_wrong(parser, "feel.external", STR("external"));
    }
    bool in_range = parser->in_range;
    parser->in_range = false;
    parser->scope = &scope;
    node->a = feel_parse_expression(parser);
    parser->scope = scope.parent;
    parser->in_range = in_range;
    if (node->a == NULL) return NULL;
    node->type =
        feel_type_function(parser->arena, types, node->count, node->a->type);
    return node;
}

FeelNode *feel_parse_range_rest(FeelParser *parser, FeelNode *low,
                                uint16_t flag, FeelPlace place)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_RANGE, place);
    node->a = low;
    node->flag = flag;
    bool in_range = parser->in_range;
    parser->in_range = true;
    node->b = feel_parse_sum(parser);
    parser->in_range = in_range;
    if (node->b == NULL) return NULL;
    if (feel_accept(parser, "]")) {
        node->flag |= FEEL_RANGE_HIGH_CLOSED;
    } else if (!feel_accept(parser, "[") && !feel_expect(parser, ")")) {
        return NULL;
    }
    node->type = feel_type_range(parser->arena,
                                 feel_type_join(low->type, node->b->type));
    return node;
}

FeelNode *feel_parse_list(FeelParser *parser)
{
    FeelPlace place = feel_place(parser);
    FeelNode *node = feel_node(parser, FEEL_NODE_LIST, place);
    bool in_range = parser->in_range;
    parser->in_range = false;
    feel_expect(parser, "[");
    const FeelType *item_type = feel_type_of(FEEL_NULL);
    while (!feel_accept(parser, "]")) {
        if (node->count > 0 && !feel_expect(parser, ",")) return NULL;
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
        node->items = feel_grow(parser->arena, node->items, node->count,
                                sizeof *node->items);
        node->items[node->count++] = item;
        item_type = feel_type_join(item_type, item->type);
    }
    parser->in_range = in_range;
    node->type = feel_type_list(parser->arena, item_type);
    return node;
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
        FeelNode *node = feel_node(parser, FEEL_NODE_RANGE, place);
        FeelNode *end = feel_parse_sum(parser);
        if (end == NULL || !feel_expect(parser, ")")) return NULL;
        node->flag = signs[i].flag;
        node->a = end;
        node->b = end;
        node->type = feel_type_range(parser->arena, end->type);
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
    *ret = feel_clean_name(parser->arena,
                           (Str){from, (size_t)(parser->at - from)});
    if (ret->bytes == 0) {
        feel_wrong(parser, "feel.expected", STR("name"));
        return false;
    }
    return feel_expect(parser, ":");
}

static const FeelType *context_type(FeelParser *parser, const FeelNode *node)
{
    FeelShape *shape = ARENA_NEW(parser->arena, FeelShape);
    const FeelType **types =
        ARENA_ARRAY(parser->arena, const FeelType *, node->count + 1);
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

FeelNode *feel_parse_context(FeelParser *parser)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_CONTEXT, feel_place(parser));
    FeelScope scope = {.parent = parser->scope};
    bool in_range = parser->in_range, sound = true;
    parser->in_range = false;
    feel_expect(parser, "{");
    while (sound && !feel_accept(parser, "}")) {
        Str key;
        sound = (node->count == 0 || feel_expect(parser, ",")) &&
                node->count < FEEL_ARGS_MAX && parse_key(parser, &key);
        if (sound && key_used(node, key)) {
            sound = feel_wrong(parser, "feel.key_twice", key) != NULL;
        }
        if (!sound) break;
        parser->scope = &scope;
        FeelNode *item = feel_parse_expression(parser);
        parser->scope = scope.parent;
        sound = item != NULL;
        if (!sound) break;
        FeelVar var = {.kind = FEEL_VAR_LOCAL, .name = key, .type = item->type};
        node->items = feel_grow(parser->arena, node->items, node->count,
                                sizeof *node->items);
        node->names = feel_grow(parser->arena, node->names, node->count,
                                sizeof *node->names);
        node->vars = feel_grow(parser->arena, node->vars, node->count,
                               sizeof *node->vars);
        node->names[node->count] = key;
        node->items[node->count] = item;
        node->vars[node->count++] = feel_scope_add(parser->arena, &scope, var);
    }
    parser->in_range = in_range;
    if (!sound) return feel_wrong(parser, "feel.expected", STR("}"));
    node->type = context_type(parser, node);
    return node;
}
