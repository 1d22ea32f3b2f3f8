/*
 * Whether types can agree: what is certain to be null, whatever the values,
 * because an operation has no meaning for their kinds. Only asked for when a
 * model is checked; what is not known is never blamed.
 */
#include "feel/agree_int.h"

enum {
    CLASH_DEPTH_MAX = 12,
    CLASH_PARTS_MAX = 20000,
    WAYS_MAX = 16,
    WAYS_VISITS_MAX = 1000, /* of one operand */
    WAYS_DEPTH_MAX = 8,
    NEAR_MAX = 2,
    NAME_BYTES_MAX = 64
};

static bool known(const FeelType *type)
{
    return type->kind != FEEL_ANY && type->kind != FEEL_NULL;
}

static bool is_ordered(FeelKind kind)
{
    return kind >= FEEL_NUMBER && kind <= FEEL_MONTHS_DURATION;
}

void feel_say(FeelParser *parser, FeelPlace place, const char *key,
              const char *a, const char *b, const char *c)
{
    const FeelProgram *program = parser->program;
    Diag diag = {.key = ""};
    diag_set(&diag, key);
    if (a != NULL) diag_arg_text(&diag, a);
    if (b != NULL) diag_arg_text(&diag, b);
    if (c != NULL) diag_arg_text(&diag, c);
    diag_place(&diag, NULL, place.line, place.column);
    program->warn(program->warn_context, &diag, place.source, 0);
}

/* A name as a text that ends, cut between characters. */
static void write_name(char ret[NAME_BYTES_MAX], Str name)
{
    size_t bytes =
        name.bytes < NAME_BYTES_MAX ? name.bytes : NAME_BYTES_MAX - 1;
    while (bytes < name.bytes && bytes > 0 &&
           ((unsigned char)name.at[bytes] & 0xC0) == 0x80) {
        bytes--;
    }
    memcpy(ret, name.at, bytes);
    ret[bytes] = '\0';
}

static const char *name_of(const FeelType *type)
{
    return feel_kind_name(type->kind);
}

static const char *sign_of(uint8_t op)
{
    static const char *const signs[FEEL_OP_COUNT] = {
        [FEEL_OP_ADD] = "+",           [FEEL_OP_SUBTRACT] = "-",
        [FEEL_OP_MULTIPLY] = "*",      [FEEL_OP_DIVIDE] = "/",
        [FEEL_OP_POWER] = "**",        [FEEL_OP_EQUAL] = "=",
        [FEEL_OP_NOT_EQUAL] = "!=",    [FEEL_OP_LESS] = "<",
        [FEEL_OP_LESS_EQUAL] = "<=",   [FEEL_OP_GREATER] = ">",
        [FEEL_OP_GREATER_EQUAL] = ">="};
    return signs[op];
}

/* A division by nothing is null, whatever is divided. */
static bool by_zero(FeelParser *parser, const FeelNode *node)
{
    FeelValue b = node->b->value;
    bool zero = node->op == FEEL_OP_DIVIDE &&
                node->b->kind == FEEL_NODE_CONSTANT && b.kind == FEEL_NUMBER &&
                feel_same(b, feel_number(0, 0));
    if (zero) feel_say(parser, node->place, "feel.by_zero", NULL, NULL, NULL);
    return zero;
}

/* The types that the values of a node can have. */
typedef struct Ways {
    const FeelType *types[WAYS_MAX];
    uint32_t count;
    uint32_t visits;
    bool open; /* there may be others */
} Ways;

/* A name in a filter whose items, as written, have no fields: as outside. */
static const FeelNode *without_fields(const FeelNode *node)
{
    if (node->kind != FEEL_NODE_ITEM || node->a == NULL ||
        node->var->among == NULL) {
        return node;
    }
    const FeelNode *list = node->var->among;
    for (uint32_t i = 0; i < list->count; i++) {
        FeelKind kind = list->items[i]->type->kind;
        if (kind < FEEL_BOOLEAN || kind > FEEL_MONTHS_DURATION) return node;
    }
    return node->a;
}

static void find_ways(Ways *ways, const FeelNode *node, int depth)
{
    node = without_fields(node);
    if (++ways->visits > WAYS_VISITS_MAX) ways->open = true;
    if (ways->open) return;
    bool item = node->kind == FEEL_NODE_VARIABLE && node->var->among != NULL;
    bool apart = !known(node->type) && depth < WAYS_DEPTH_MAX;
    if (apart && node->kind == FEEL_NODE_IF) {
        find_ways(ways, node->b, depth + 1);
        find_ways(ways, node->c, depth + 1);
    } else if (apart && item) {
        const FeelNode *list = node->var->among;
        for (uint32_t i = 0; i < list->count && !ways->open; i++) {
            find_ways(ways, list->items[i], depth + 1);
        }
    } else if (known(node->type) && ways->count < WAYS_MAX) {
        ways->types[ways->count++] = node->type;
    } else {
        ways->open = true;
    }
}

static bool is_sound(uint8_t op, const FeelType *a, const FeelType *b)
{
    bool same = a->kind == b->kind;
    switch (op) {
    case FEEL_OP_EQUAL:
    case FEEL_OP_NOT_EQUAL:
        return same;
    case FEEL_OP_LESS:
    case FEEL_OP_LESS_EQUAL:
    case FEEL_OP_GREATER:
    case FEEL_OP_GREATER_EQUAL:
        return same && is_ordered(a->kind);
    default:
        return feel_infer_binary(op, a, b)->kind != FEEL_ANY;
    }
}

/* Told when no value of the one side goes with any of the other. */
static void agree_binary(FeelParser *parser, const FeelNode *node)
{
    Ways a = {.count = 0}, b = {.count = 0};
    if (by_zero(parser, node)) return;
    find_ways(&a, node->a, 0);
    find_ways(&b, node->b, 0);
    if (a.open || b.open || a.count == 0 || b.count == 0) return;
    for (uint32_t i = 0; i < a.count * b.count; i++) {
        if (is_sound(node->op, a.types[i / b.count], b.types[i % b.count])) {
            return;
        }
    }
    feel_say(parser, node->place, "feel.clash", sign_of(node->op),
             name_of(a.types[0]), name_of(b.types[0]));
}

/* The ends of a range; what a loop counts through are numbers or dates. */
static void agree_range(FeelParser *parser, const FeelNode *node)
{
    const FeelType *a = node->a->type, *b = node->b->type;
    if (!known(a) || !known(b)) return;
    bool counted = a->kind == FEEL_NUMBER || a->kind == FEEL_DATE ||
                   node->op != FEEL_DOMAIN_RANGE;
    if (a->kind == b->kind && counted) return;
    feel_say(parser, node->place, "feel.clash", "..", name_of(a), name_of(b));
}

static void want_boolean(FeelParser *parser, const FeelNode *node,
                         const char *where)
{
    if (known(node->type) && node->type->kind != FEEL_BOOLEAN) {
        feel_say(parser, node->place, "feel.not_boolean", where,
                 name_of(node->type), NULL);
    }
}

static void agree_between(FeelParser *parser, const FeelNode *node)
{
    const FeelType *a = node->a->type;
    const FeelType *ends[] = {node->b->type, node->c->type};
    for (size_t i = 0; i < 2; i++) {
        if (!known(a) || !known(ends[i])) continue;
        if (a->kind == ends[i]->kind && is_ordered(a->kind)) continue;
        feel_say(parser, node->place, "feel.clash", "between", name_of(a),
                 name_of(ends[i]));
        return;
    }
}

/* A test of a value against a point, a range, or a list of either. */
static void agree_test(FeelParser *parser, const FeelNode *node)
{
    const FeelType *value = node->a->type, *other = node->b->type;
    for (int depth = 0; depth < 2; depth++) {
        bool inner = (other->kind == FEEL_LIST && value->kind != FEEL_LIST) ||
                     (other->kind == FEEL_RANGE && value->kind != FEEL_RANGE);
        if (inner && other->item != NULL) other = other->item;
    }
    bool open = other->kind == FEEL_RANGE || other->kind == FEEL_LIST;
    if (!known(value) || !known(other) || value->kind == other->kind || open ||
        value->kind == FEEL_LIST || other->kind == FEEL_BOOLEAN) {
        return;
    }
    feel_say(parser, node->place, "feel.clash", "in", name_of(value),
             name_of(other));
}

/*
 * A comparison of types, which share parts: what is looked at is counted, and
 * what is not looked at is not blamed.
 */
typedef struct Clash {
    int depth, left;
} Clash;

static bool is_clash(Clash *at, const FeelType *type, const FeelType *target);

static bool clash_function(Clash *at, const FeelType *type,
                           const FeelType *target)
{
    if (type->open || target->open || type->item == NULL ||
        target->item == NULL) {
        return false;
    }
    return type->count != target->count ||
           is_clash(at, type->item, target->item);
}

static bool clash_context(Clash *at, const FeelType *type,
                          const FeelType *target)
{
    if (type->shape == NULL || target->shape == NULL) return false;
    for (uint32_t i = 0; i < target->count; i++) {
        int32_t field = feel_shape_find(type->shape, target->shape->names[i]);
        if (field < 0 || is_clash(at, type->fields[field], target->fields[i])) {
            return true;
        }
    }
    return false;
}

static bool clash_parts(Clash *at, const FeelType *type, const FeelType *target)
{
    if (type->kind == FEEL_CONTEXT) return clash_context(at, type, target);
    if (type->kind == FEEL_FUNCTION) return clash_function(at, type, target);
    bool items = type->kind == FEEL_LIST || type->kind == FEEL_RANGE;
    return items && type->item != NULL && target->item != NULL &&
           is_clash(at, type->item, target->item);
}

/* Whether no value of a type is one of the target's, but for null. */
static bool is_clash(Clash *at, const FeelType *type, const FeelType *target)
{
    if (at->depth == CLASH_DEPTH_MAX || --at->left < 0) return false;
    if (!known(type) || !known(target)) return false;
    if (type->kind != target->kind) return true;
    at->depth++;
    bool found = clash_parts(at, type, target);
    at->depth--;
    return found;
}

bool feel_types_clash_inside(const FeelType *type, const FeelType *target)
{
    Clash at = {0, CLASH_PARTS_MAX};
    return is_clash(&at, type, target);
}

bool feel_types_clash(const FeelType *type, const FeelType *target)
{
    bool from = type->kind == FEEL_LIST, to = target->kind == FEEL_LIST;
    if (!known(type) || !known(target)) return false;
    /* One value becomes a list of one, and that its item. */
    if (from != to) {
        const FeelType *item = from ? type->item : target->item;
        if (item == NULL) return false;
        return from ? feel_types_clash_inside(item, target)
                    : feel_types_clash_inside(type, item);
    }
    if (type->kind == FEEL_DATE && target->kind == FEEL_DATE_TIME) return false;
    return feel_types_clash_inside(type, target);
}

/* Arguments by name: each has to be the name of a parameter. */
static void agree_names(FeelParser *parser, const FeelNode *node,
                        const FeelType *type)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        char name[NAME_BYTES_MAX];
        const FeelNode *value = node->items[i];
        int32_t at = feel_shape_find(type->shape, node->names[i]);
        if (at >= 0) found++;
        if (at >= 0 && feel_types_clash(value->type, type->fields[at])) {
            feel_say(parser, value->place, "feel.declared",
                     name_of(value->type), name_of(type->fields[at]), NULL);
        }
        if (at >= 0) continue;
        write_name(name, node->names[i]);
        feel_say(parser, value->place, "feel.no_parameter", name, NULL, NULL);
    }
    if (found == node->count && found < type->count) {
        char count[16];
        snprintf(count, sizeof count, "%u", type->count);
        feel_say(parser, node->place, "feel.unbound", count, NULL, NULL);
    }
}

static void agree_call(FeelParser *parser, const FeelNode *node)
{
    const FeelType *type = node->a->type;
    if (node->a->kind == FEEL_NODE_VARIABLE &&
        node->a->var->kind == FEEL_VAR_BUILTIN) {
        feel_agree_builtin(parser, node);
        return;
    }
    if (known(type) && type->kind != FEEL_FUNCTION) {
        feel_say(parser, node->place, "feel.called", name_of(type), NULL, NULL);
        return;
    }
    if (type->kind != FEEL_FUNCTION || type->open) return;
    if (node->names != NULL && type->shape != NULL) {
        agree_names(parser, node, type);
        return;
    }
    bool few = node->names != NULL && node->count < type->count;
    if (node->count != type->count && !few) {
        char count[16];
        snprintf(count, sizeof count, "%u", type->count);
        feel_say(parser, node->place, "feel.parameters", count, NULL, NULL);
        return;
    }
    for (uint32_t i = 0; node->names == NULL && i < node->count; i++) {
        if (!feel_types_clash(node->items[i]->type, type->fields[i])) continue;
        feel_say(parser, node->items[i]->place, "feel.declared",
                 name_of(node->items[i]->type), name_of(type->fields[i]), NULL);
    }
}

static bool has_property(const FeelType *type, Str name)
{
    static const struct {
        const char *name;
        uint32_t kinds;
    } properties[] = {{"year", 1u << FEEL_DATE | 1u << FEEL_DATE_TIME},
                      {"month", 1u << FEEL_DATE | 1u << FEEL_DATE_TIME},
                      {"day", 1u << FEEL_DATE | 1u << FEEL_DATE_TIME},
                      {"weekday", 1u << FEEL_DATE | 1u << FEEL_DATE_TIME},
                      {"hour", 1u << FEEL_TIME | 1u << FEEL_DATE_TIME},
                      {"minute", 1u << FEEL_TIME | 1u << FEEL_DATE_TIME},
                      {"second", 1u << FEEL_TIME | 1u << FEEL_DATE_TIME},
                      {"time offset", 1u << FEEL_TIME | 1u << FEEL_DATE_TIME},
                      {"timezone", 1u << FEEL_TIME | 1u << FEEL_DATE_TIME},
                      {"days", 1u << FEEL_DAYS_DURATION},
                      {"hours", 1u << FEEL_DAYS_DURATION},
                      {"minutes", 1u << FEEL_DAYS_DURATION},
                      {"seconds", 1u << FEEL_DAYS_DURATION},
                      {"years", 1u << FEEL_MONTHS_DURATION},
                      {"months", 1u << FEEL_MONTHS_DURATION},
                      {"start", 1u << FEEL_RANGE},
                      {"end", 1u << FEEL_RANGE},
                      {"start included", 1u << FEEL_RANGE},
                      {"end included", 1u << FEEL_RANGE}};
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        if (str_is(name, properties[i].name)) {
            return (properties[i].kinds >> type->kind & 1) != 0;
        }
    }
    return false;
}

static void agree_path(FeelParser *parser, const FeelNode *node)
{
    const FeelType *type = node->a->type;
    if (type->kind == FEEL_LIST && type->item != NULL) type = type->item;
    if (!known(type) || type->kind == FEEL_LIST) return;
    bool sound = type->kind == FEEL_CONTEXT
                     ? type->shape == NULL ||
                           feel_shape_find(type->shape, node->text) >= 0
                     : has_property(type, node->text);
    if (sound) return;
    char name[NAME_BYTES_MAX];
    write_name(name, node->text);
    feel_say(parser, node->place, "feel.no_such_field", name, name_of(type),
             NULL);
}

static void agree_filter(FeelParser *parser, const FeelNode *node)
{
    const FeelType *test = node->b->type;
    if (known(test) && test->kind != FEEL_NUMBER &&
        test->kind != FEEL_BOOLEAN) {
        feel_say(parser, node->b->place, "feel.not_boolean", "[ ]",
                 name_of(test), NULL);
    }
}

static void agree_negate(FeelParser *parser, const FeelNode *node)
{
    const FeelType *a = node->a->type;
    if (known(a) && a->kind != FEEL_NUMBER && a->kind != FEEL_DAYS_DURATION &&
        a->kind != FEEL_MONTHS_DURATION) {
        feel_say(parser, node->place, "feel.argument", "-", name_of(a), NULL);
    }
}

void feel_agree(FeelParser *parser, const FeelNode *node)
{
    if (parser->program->warn == NULL || node == NULL) return;
    switch (node->kind) {
    case FEEL_NODE_BINARY:
        agree_binary(parser, node);
        break;
    case FEEL_NODE_AND:
    case FEEL_NODE_OR:
        want_boolean(parser, node->a,
                     node->kind == FEEL_NODE_AND ? "and" : "or");
        want_boolean(parser, node->b,
                     node->kind == FEEL_NODE_AND ? "and" : "or");
        break;
    case FEEL_NODE_IF:
        want_boolean(parser, node->a, "if");
        break;
    case FEEL_NODE_SOME:
    case FEEL_NODE_EVERY:
        want_boolean(parser, node->a, "satisfies");
        break;
    case FEEL_NODE_BETWEEN:
        agree_between(parser, node);
        break;
    case FEEL_NODE_TEST:
        agree_test(parser, node);
        break;
    case FEEL_NODE_CALL:
        agree_call(parser, node);
        break;
    case FEEL_NODE_PATH:
        agree_path(parser, node);
        break;
    case FEEL_NODE_FILTER:
        agree_filter(parser, node);
        break;
    case FEEL_NODE_NEGATE:
        agree_negate(parser, node);
        break;
    case FEEL_NODE_RANGE:
        agree_range(parser, node);
        break;
    case FEEL_NODE_CONSTANT:
    case FEEL_NODE_VARIABLE:
    case FEEL_NODE_LIST:
    case FEEL_NODE_CONTEXT:
    case FEEL_NODE_FUNCTION:
    case FEEL_NODE_FOR:
    case FEEL_NODE_IN:
    case FEEL_NODE_TRUTH:
    case FEEL_NODE_NOT:
    case FEEL_NODE_INSTANCE:
    case FEEL_NODE_ITEM:
    case FEEL_NODE_FAULT:
        break;
    }
}

/* How many letters differ, added or left out; more than NEAR_MAX is far. */
static uint32_t distance(Str a, Str b)
{
    uint8_t row[NAME_BYTES_MAX + 1];
    if (a.bytes > NAME_BYTES_MAX || b.bytes > NAME_BYTES_MAX) {
        return NEAR_MAX + 1;
    }
    for (size_t j = 0; j <= b.bytes; j++) row[j] = (uint8_t)j;
    for (size_t i = 1; i <= a.bytes; i++) {
        uint8_t before = row[0];
        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= b.bytes; j++) {
            bool same = (a.at[i - 1] | 0x20) == (b.at[j - 1] | 0x20);
            uint8_t least = (uint8_t)(before + !same);
            if (row[j] + 1 < least) least = (uint8_t)(row[j] + 1);
            if (row[j - 1] + 1 < least) least = (uint8_t)(row[j - 1] + 1);
            before = row[j];
            row[j] = least;
        }
    }
    return row[b.bytes];
}

Str feel_near_name(const FeelParser *parser, Str name)
{
    Str near = {0};
    uint32_t least = name.bytes < 2 ? 0 : name.bytes < 4 ? 1 : NEAR_MAX;
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (distance(name, str_of(words[i])) == 0) return str_of(words[i]);
    }
    for (const FeelScope *s = parser->scope; s != NULL; s = s->parent) {
        for (const FeelVar *var = s->vars; var != NULL; var = var->next) {
            if (str_is(var->name, "?")) continue;
            uint32_t off = distance(name, var->name);
            if (off > least || (off == least && near.bytes > 0)) continue;
            least = off;
            near = var->name;
        }
        feel_program_spend(parser->program, 200);
    }
    return near;
}
