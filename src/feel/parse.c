/*
 * Expressions by precedence: or, and, comparison, sum, product, power, sign,
 * "instance of", then paths, filters and calls. Unary tests at the end.
 */
#include "feel/builtin.h"
#include "feel/node_int.h"

/* NULL also when `b` is. */
static FeelNode *binary(FeelParser *parser, FeelOpCode op, FeelNode *a,
                        FeelNode *b)
{
    if (a == NULL || b == NULL) return NULL;
    FeelNode *node = feel_node(parser, FEEL_NODE_BINARY, a->place);
    if (node == NULL) return NULL;
    node->op = (uint8_t)op;
    node->a = a;
    node->b = b;
    node->type = feel_infer_binary(node->op, a->type, b->type);
    feel_agree(parser, node);
    return node;
}

/* The sign of a comparison at the cursor, or FEEL_OP_COUNT. */
static FeelOpCode comparison_sign(FeelParser *parser)
{
    if (feel_accept(parser, "<=")) return FEEL_OP_LESS_EQUAL;
    if (feel_accept(parser, ">=")) return FEEL_OP_GREATER_EQUAL;
    if (feel_accept(parser, "!=")) return FEEL_OP_NOT_EQUAL;
    if (feel_accept(parser, "<")) return FEEL_OP_LESS;
    if (feel_accept(parser, ">")) return FEEL_OP_GREATER;
    if (feel_peek(parser, "==")) return FEEL_OP_COUNT;
    if (feel_accept(parser, "=")) return FEEL_OP_EQUAL;
    return FEEL_OP_COUNT;
}

static FeelNode *parse_path(FeelParser *parser, FeelNode *a)
{
    feel_skip(parser);
    FeelPlace place = feel_place(parser);
    FeelNode *node = feel_node(parser, FEEL_NODE_PATH, place);
    if (node == NULL) return NULL;
    node->a = a;
    const FeelType *type = a->type;
    if (type->kind == FEEL_LIST && type->item != NULL) type = type->item;
    static const char *const spaced[] = {"time offset", "start included",
                                         "end included"};
    const char *best = NULL;
    if (type->kind == FEEL_CONTEXT && type->shape != NULL) {
        for (uint32_t i = 0; i < type->shape->count; i++) {
            const char *end = feel_match_name(parser, type->shape->names[i]);
            if (end == NULL || end <= best) continue;
            best = end;
            node->text = type->shape->names[i];
        }
    }
    for (size_t i = 0; best == NULL && i < 3; i++) {
        best = feel_match_name(parser, str_of(spaced[i]));
        node->text = str_of(spaced[i]);
    }
    if (best != NULL) {
        parser->at = best;
    } else {
        node->text = feel_free_name(parser);
    }
    if (node->text.bytes == 0) {
        return feel_wrong(parser, "feel.expected", STR("name"));
    }
    node->type = feel_infer_path(parser->arena, a->type, node->text);
    feel_agree(parser, node);
    return node->type == NULL ? feel_no_room(parser) : node;
}

static FeelNode *parse_filter(FeelParser *parser, FeelNode *a)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_FILTER, a->place);
    if (node == NULL) return NULL;
    bool in_range = parser->in_range;
    parser->in_range = false;
    FeelScope scope = {.parent = parser->scope};
    FeelVar item = {.kind = FEEL_VAR_LOCAL,
                    .name = STR("item"),
                    .type = feel_infer_item(a->type),
                    .among = a->kind == FEEL_NODE_LIST ? a : NULL};
    node->a = a;
    node->var = feel_declare(parser, &scope, item);
    if (node->var == NULL) return NULL;
    scope.item = node->var;
    parser->scope = &scope;
    node->b = feel_parse_expression(parser);
    parser->scope = scope.parent;
    parser->in_range = in_range;
    if (node->b == NULL || !feel_expect(parser, "]")) return NULL;
    node->type = feel_infer_filter(a, node->b);
    feel_agree(parser, node);
    return node;
}

/* Named arguments all have a name and a colon; else none has. */
static Str argument_name(FeelParser *parser)
{
    Str name = feel_new_name(parser, ":");
    if (name.bytes > 0) feel_accept(parser, ":");
    return name;
}

static FeelNode *parse_call(FeelParser *parser, FeelNode *a)
{
    FeelNode *node = feel_node(parser, FEEL_NODE_CALL, a->place);
    Str *names = NULL;
    if (node == NULL) return NULL;
    bool named = false;
    bool in_range = parser->in_range;
    parser->in_range = false;
    node->a = a;
    while (!feel_accept(parser, ")")) {
        if (node->count > 0 && !feel_accept(parser, ",")) {
            return feel_wrong(parser, "feel.expected", STR(", )"));
        }
        if (node->count == FEEL_ITEMS_MAX) {
            return feel_wrong(parser, "feel.too_many", STR("4096"));
        }
        Str name = argument_name(parser);
        if (node->count > 0 && named != (name.bytes > 0)) {
            return feel_wrong(parser, "feel.expected",
                              named ? STR("name") : STR("value"));
        }
        named = name.bytes > 0;
        FeelNode *item = feel_parse_expression(parser);
        names = feel_grow(parser, names, node->count, sizeof *names);
        if (item == NULL || names == NULL) return NULL;
        names[node->count] = name;
        if (!feel_add_item(parser, node, item)) return NULL;
    }
    parser->in_range = in_range;
    if (named) node->names = names;
    node->type = feel_infer_call(parser->arena, node);
    feel_agree(parser, node);
    return node->type == NULL ? feel_no_room(parser) : node;
}

static FeelNode *parse_primary(FeelParser *parser)
{
    feel_skip(parser);
    if (parser->at >= parser->end) {
        return feel_wrong(parser, "feel.expected", STR("value"));
    }
    if (feel_is_digit(parser, 0) ||
        (*parser->at == '.' && feel_is_digit(parser, 1))) {
        return feel_parse_number(parser);
    }
    if (*parser->at == '"') return feel_parse_string(parser);
    if (*parser->at == '@') return feel_parse_at(parser);
    if (*parser->at == '[') return feel_parse_list(parser);
    if (*parser->at == ']') return feel_parse_open_range(parser);
    if (*parser->at == '{') return feel_parse_context(parser);
    if (*parser->at == '(') return feel_parse_paren(parser);
    FeelPlace place = feel_place(parser);
    bool yes = feel_accept_word(parser, "true");
    if (yes || feel_accept_word(parser, "false")) {
        return feel_constant_node(parser, place, feel_boolean(yes));
    }
    if (feel_accept_word(parser, "null")) {
        return feel_constant_node(parser, place, feel_null());
    }
    if (feel_accept_word(parser, "if")) {
        return feel_parse_if(parser, place);
    }
    if (feel_accept_word(parser, "for")) {
        return feel_parse_for(parser, FEEL_NODE_FOR, place);
    }
    if (feel_accept_word(parser, "some")) {
        return feel_parse_for(parser, FEEL_NODE_SOME, place);
    }
    if (feel_accept_word(parser, "every")) {
        return feel_parse_for(parser, FEEL_NODE_EVERY, place);
    }
    if (feel_accept_word(parser, "function")) {
        return feel_parse_function(parser);
    }
    return feel_parse_variable(parser);
}

static FeelNode *parse_postfix(FeelParser *parser)
{
    FeelNode *node = parse_primary(parser);
    for (int32_t steps = 0; node != NULL; steps++) {
        if (steps > FEEL_PARSE_DEPTH_MAX) {
            return feel_wrong(parser, "feel.too_deep", STR("path"));
        }
        if (feel_peek(parser, ".") && !feel_peek(parser, "..")) {
            parser->at++;
            node = parse_path(parser, node);
        } else if (!parser->in_range && feel_accept(parser, "[")) {
            node = parse_filter(parser, node);
        } else if (feel_accept(parser, "(")) {
            node = parse_call(parser, node);
        } else {
            return node;
        }
    }
    return node;
}

static FeelNode *parse_instance(FeelParser *parser)
{
    FeelNode *a = parse_postfix(parser);
    if (a == NULL || !feel_accept_word(parser, "instance")) return a;
    if (!feel_expect_word(parser, "of")) return NULL;
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_INSTANCE, a->place,
                                     feel_type_of(FEEL_BOOLEAN));
    if (node == NULL) return NULL;
    node->a = a;
    node->named = feel_parse_type(parser);
    return node->named == NULL ? NULL : node;
}

static FeelNode *parse_sign(FeelParser *parser)
{
    feel_skip(parser);
    FeelPlace place = feel_place(parser);
    int32_t signs = 0;
    while (feel_accept(parser, "-")) signs++;
    FeelNode *a = parse_instance(parser);
    if (a == NULL || signs == 0) return a;
    signs = 2 - signs % 2; /* two are as good as any even number of them */
    for (; a != NULL && signs > 0; signs--) {
        const FeelType *type =
            a->type->kind == FEEL_NUMBER ? a->type : feel_type_of(FEEL_ANY);
        FeelNode *node = feel_typed_node(parser, FEEL_NODE_NEGATE, place, type);
        if (node != NULL) node->a = a;
        feel_agree(parser, node);
        a = node;
    }
    return a;
}

static FeelNode *parse_power(FeelParser *parser)
{
    FeelNode *a = parse_sign(parser);
    while (a != NULL && feel_accept(parser, "**")) {
        a = binary(parser, FEEL_OP_POWER, a, parse_sign(parser));
    }
    return a;
}

static FeelNode *parse_product(FeelParser *parser)
{
    FeelNode *a = parse_power(parser);
    while (a != NULL) {
        FeelOpCode op = FEEL_OP_COUNT;
        if (feel_peek(parser, "**")) return a;
        if (feel_accept(parser, "*")) op = FEEL_OP_MULTIPLY;
        if (op == FEEL_OP_COUNT && feel_accept(parser, "/")) {
            op = FEEL_OP_DIVIDE;
        }
        if (op == FEEL_OP_COUNT) return a;
        a = binary(parser, op, a, parse_power(parser));
    }
    return a;
}

FeelNode *feel_parse_sum(FeelParser *parser)
{
    FeelNode *a = parse_product(parser);
    while (a != NULL) {
        FeelOpCode op = FEEL_OP_COUNT;
        if (feel_accept(parser, "+")) op = FEEL_OP_ADD;
        if (op == FEEL_OP_COUNT && feel_accept(parser, "-")) {
            op = FEEL_OP_SUBTRACT;
        }
        if (op == FEEL_OP_COUNT) return a;
        a = binary(parser, op, a, parse_product(parser));
    }
    return a;
}

static FeelNode *parse_between(FeelParser *parser, FeelNode *a)
{
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_BETWEEN, a->place,
                                     feel_type_of(FEEL_BOOLEAN));
    if (node == NULL) return NULL;
    node->a = a;
    node->b = feel_parse_sum(parser);
    if (node->b == NULL || !feel_expect_word(parser, "and")) return NULL;
    node->c = feel_parse_sum(parser);
    if (node->c == NULL) return NULL;
    feel_agree(parser, node);
    return node;
}

static FeelNode *test_node(FeelParser *parser, FeelVar *value, FeelNode *other)
{
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_TEST, other->place,
                                     feel_type_of(FEEL_BOOLEAN));
    if (node == NULL) return NULL;
    node->a = feel_variable_node(parser, other->place, value);
    node->b = other;
    if (node->a == NULL) return NULL;
    feel_agree(parser, node);
    return node;
}

/* One test of the value: a comparison without left side, or an expression. */
static FeelNode *parse_test(FeelParser *parser, FeelVar *value)
{
    FeelOpCode op = comparison_sign(parser);
    if (op != FEEL_OP_COUNT) {
        FeelNode *b = feel_parse_sum(parser);
        if (b == NULL) return NULL;
        return binary(parser, op, feel_variable_node(parser, b->place, value),
                      b);
    }
    bool used = parser->used_tested;
    parser->used_tested = false;
    FeelNode *node = feel_parse_expression(parser);
    if (node == NULL) return NULL;
    bool about = parser->used_tested;
    parser->used_tested = used;
    if (!about) return test_node(parser, value, node);
    FeelNode *truth = feel_typed_node(parser, FEEL_NODE_TRUTH, node->place,
                                      feel_type_of(FEEL_BOOLEAN));
    if (truth != NULL) truth->a = node;
    return truth;
}

static FeelNode *tests_node(FeelParser *parser, FeelVar *value, FeelPlace place)
{
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_IN, place,
                                     feel_type_of(FEEL_BOOLEAN));
    if (node != NULL) node->var = value;
    return node;
}

FeelNode *feel_parse_tests_list(FeelParser *parser, FeelVar *value)
{
    FeelNode *node = tests_node(parser, value, feel_place(parser));
    if (node == NULL) return NULL;
    do {
        if (node->count == FEEL_ARGS_MAX) {
            return feel_wrong(parser, "feel.too_many", STR("255"));
        }
        FeelNode *test = parse_test(parser, value);
        if (test == NULL || !feel_add_item(parser, node, test)) return NULL;
    } while (feel_accept(parser, ","));
    return node;
}

/* "in (a, b)" or "in (a..b]": which, is known behind the first item. */
static FeelNode *parse_in_brackets(FeelParser *parser, FeelVar *value,
                                   FeelPlace place)
{
    bool in_range = parser->in_range;
    parser->in_range = false;
    FeelNode *node = feel_parse_tests_list(parser, value);
    parser->in_range = in_range;
    if (node == NULL) return NULL;
    bool range = node->count == 1 && node->items[0]->kind == FEEL_NODE_TEST &&
                 feel_accept(parser, "..");
    if (!range) return feel_expect(parser, ")") ? node : NULL;
    FeelNode *domain =
        feel_parse_range_rest(parser, node->items[0]->b, 0, place);
    if (domain == NULL) return NULL;
    node->items[0] = test_node(parser, value, domain);
    return node->items[0] == NULL ? NULL : node;
}

static FeelNode *parse_in(FeelParser *parser, FeelNode *a)
{
    FeelVar *value = ARENA_TRY_NEW(parser->arena, FeelVar);
    if (value == NULL) return feel_no_room(parser);
    *value = (FeelVar){.kind = FEEL_VAR_LOCAL, .type = a->type, .index = -1};
    feel_skip(parser);
    FeelPlace place = feel_place(parser);
    FeelNode *node;
    if (feel_accept(parser, "(")) {
        node = parse_in_brackets(parser, value, place);
    } else {
        node = tests_node(parser, value, a->place);
        FeelOpCode op = comparison_sign(parser);
        FeelNode *b = feel_parse_sum(parser);
        if (node == NULL || b == NULL) return NULL;
        FeelNode *test =
            op == FEEL_OP_COUNT
                ? test_node(parser, value, b)
                : binary(parser, op,
                         feel_variable_node(parser, b->place, value), b);
        if (test == NULL || !feel_add_item(parser, node, test)) return NULL;
    }
    if (node != NULL) node->a = a;
    return node;
}

static FeelNode *parse_comparison(FeelParser *parser)
{
    FeelNode *a = feel_parse_sum(parser);
    while (a != NULL) {
        FeelOpCode op = comparison_sign(parser);
        if (op != FEEL_OP_COUNT) {
            a = binary(parser, op, a, feel_parse_sum(parser));
        } else if (feel_accept_word(parser, "between")) {
            a = parse_between(parser, a);
        } else if (feel_accept_word(parser, "in")) {
            a = parse_in(parser, a);
        } else {
            return a;
        }
    }
    return a;
}

static FeelNode *logic(FeelParser *parser, FeelNodeKind kind, FeelNode *a,
                       FeelNode *b)
{
    if (b == NULL) return NULL;
    FeelNode *node =
        feel_typed_node(parser, kind, a->place, feel_type_of(FEEL_BOOLEAN));
    if (node == NULL) return NULL;
    node->a = a;
    node->b = b;
    feel_agree(parser, node);
    return node;
}

static FeelNode *parse_and(FeelParser *parser)
{
    FeelNode *a = parse_comparison(parser);
    while (a != NULL && feel_accept_word(parser, "and")) {
        a = logic(parser, FEEL_NODE_AND, a, parse_comparison(parser));
    }
    return a;
}

static FeelNode *parse_or(FeelParser *parser)
{
    FeelNode *a = parse_and(parser);
    while (a != NULL && feel_accept_word(parser, "or")) {
        a = logic(parser, FEEL_NODE_OR, a, parse_and(parser));
    }
    return a;
}

FeelNode *feel_parse_expression(FeelParser *parser)
{
    if (parser->depth >= FEEL_PARSE_DEPTH_MAX) {
        return feel_wrong(parser, "feel.too_deep", STR("expression"));
    }
    parser->depth++;
    FeelNode *node = parse_or(parser);
    parser->depth--;
    return node;
}

static FeelNode *at_end(FeelParser *parser, FeelNode *node)
{
    feel_skip(parser);
    if (node == NULL || parser->at == parser->end) return node;
    return feel_wrong(parser, "feel.expected", STR("end"));
}

FeelNode *feel_parse(FeelParser *parser)
{
    return at_end(parser, feel_parse_expression(parser));
}

/* not(...) around all tests is their negation, else a call of not(). */
static FeelNode *parse_not(FeelParser *parser, FeelVar *value)
{
    const char *from = parser->at;
    if (!feel_accept_word(parser, "not") || !feel_accept(parser, "(")) {
        parser->at = from;
        return NULL;
    }
    FeelNode *tests = feel_parse_tests_list(parser, value);
    if (parser->full) return NULL;
    if (tests == NULL || !feel_accept(parser, ")")) {
        parser->at = from;
        diag_set(parser->diag, "");
        return NULL;
    }
    feel_skip(parser);
    if (parser->at != parser->end) {
        parser->at = from;
        return NULL;
    }
    FeelNode *node = feel_typed_node(parser, FEEL_NODE_NOT, tests->place,
                                     feel_type_of(FEEL_BOOLEAN));
    if (node != NULL) node->a = tests;
    return node;
}

FeelNode *feel_parse_tests(FeelParser *parser, FeelVar *value)
{
    parser->tested = value;
    feel_skip(parser);
    if (feel_peek(parser, "-") &&
        str_is(str_trim((Str){parser->at, (size_t)(parser->end - parser->at)}),
               "-")) {
        return feel_constant_node(parser, feel_place(parser),
                                  feel_boolean(true));
    }
    FeelNode *not = parse_not(parser, value);
    if (not != NULL || parser->full) return not ;
    return at_end(parser, feel_parse_tests_list(parser, value));
}
