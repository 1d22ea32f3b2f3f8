/* Built-in functions of symbols. */
#include "dmn/column_int.h"
#include "feel/builtin.h"
#include "feel/number.h"

typedef const Sym *Builtin(DmnLow *low, const Sym *const *args, uint32_t count);

/* One list, or the arguments as one. */
static const Sym *given(DmnLow *low, const Sym *const *args, uint32_t count)
{
    bool list = count == 1 && dmn_sym_kind(args[0]) == FEEL_LIST;
    return list ? args[0] : dmn_sym_options(low, args, NULL, count);
}

static bool single_null(const Sym *const *args, uint32_t count)
{
    return count == 1 && dmn_sym_is_null(args[0]);
}

static const Sym *call_count(DmnLow *low, const Sym *const *args,
                             uint32_t count)
{
    (void)count;
    return dmn_sym_count(low, args[0]);
}

static const Sym *call_sum(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    return dmn_sym_sum(low, given(low, args, count));
}

static const Sym *call_mean(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    const Sym *list = given(low, args, count);
    const Sym *sum = dmn_sym_typed(low, dmn_sym_sum(low, list));
    if (sum == NULL || dmn_sym_is_null(sum)) return sum;
    const Sym *many = dmn_sym_typed(low, dmn_sym_count(low, list));
    if (many == NULL || dmn_sym_is_null(many)) return many;
    return dmn_sym_arithmetic(low, FEEL_OP_DIVIDE, sum, many);
}

static const Sym *call_min(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    return dmn_sym_best(low, given(low, args, count), true);
}

static const Sym *call_max(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    return dmn_sym_best(low, given(low, args, count), false);
}

static const Sym *call_any(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    return dmn_sym_joined(low, given(low, args, count), true);
}

static const Sym *call_all(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (single_null(args, count)) return args[0];
    return dmn_sym_joined(low, given(low, args, count), false);
}

static const Sym *call_not(DmnLow *low, const Sym *const *args, uint32_t count)
{
    (void)count;
    FeelOp op = {.code = FEEL_OP_NOT};
    return dmn_sym_apply(low, &op, args[0], args[0]);
}

static const Sym *call_list_contains(DmnLow *low, const Sym *const *args,
                                     uint32_t count)
{
    (void)count;
    return dmn_sym_holds(low, args[0], args[1]);
}

static const Sym *call_flatten(DmnLow *low, const Sym *const *args,
                               uint32_t count)
{
    (void)count;
    if (dmn_sym_is_null(args[0])) return args[0];
    return dmn_sym_flatten(low, args[0]);
}

/* Lists whose items are known one by one, put behind each other. */
static const Sym *joined_lists(DmnLow *low, const Sym *const *args,
                               uint32_t count, uint32_t lists)
{
    const Sym *parts[DMN_OPTIONS_MAX];
    ColumnRef masks[DMN_OPTIONS_MAX];
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        const Sym *list = args[i];
        FeelKind kind = dmn_sym_kind(list);
        bool spread = i < lists && kind == FEEL_LIST;
        if (!spread) {
            list = dmn_sym_options(low, &args[i], NULL, 1);
        } else if (!dmn_ref_is(low, list->null, 0)) {
            return dmn_sym_fail(low, "a list that may be null");
        } else {
            list = dmn_sym_as_options(low, list);
        }
        if (list == NULL) return NULL;
        if (used + list->count > DMN_OPTIONS_MAX) {
            return dmn_sym_fail(low, "a long list");
        }
        for (uint32_t j = 0; j < list->count; j++) {
            parts[used] = list->parts[j];
            masks[used++] = list->masks[j];
        }
    }
    return dmn_sym_options(low, parts, masks, used);
}

static const Sym *call_append(DmnLow *low, const Sym *const *args,
                              uint32_t count)
{
    return joined_lists(low, args, count, 1);
}

static const Sym *call_concatenate(DmnLow *low, const Sym *const *args,
                                   uint32_t count)
{
    return joined_lists(low, args, count, count);
}

/* A number argument, or NULL with *ret_null set when it is another thing. */
static const Sym *number_arg(DmnLow *low, const Sym *arg, bool *ret_null)
{
    FeelKind kind = dmn_sym_kind(arg);
    *ret_null = kind != FEEL_NUMBER && kind != FEEL_LIST;
    if (kind == FEEL_LIST) return dmn_sym_fail(low, "a list as a number");
    return *ret_null ? NULL : dmn_sym_typed(low, arg);
}

static const Sym *call_round(DmnLow *low, const Sym *const *args,
                             uint32_t count, FeelRounding rounding)
{
    bool null;
    int64_t scale = 0;
    const Sym *number = number_arg(low, args[0], &null);
    if (null) return dmn_sym_null(low);
    if (number == NULL) return NULL;
    if (count > 1) {
        if (args[1]->kind != SYM_CONSTANT) {
            return dmn_sym_fail(low, "rounding to decimals that are computed");
        }
        FeelValue given_scale = args[1]->value;
        if (given_scale.kind != FEEL_NUMBER) return dmn_sym_null(low);
        if (!feel_number_int(given_scale, &scale)) {
            return dmn_sym_fail(low, "rounding to a part of a decimal");
        }
    }
    return dmn_sym_round(low, number, scale, rounding);
}

#define ROUND(name, rounding)                                                  \
    static const Sym *name(DmnLow *low, const Sym *const *args,                \
                           uint32_t count)                                     \
    {                                                                          \
        return call_round(low, args, count, rounding);                         \
    }

ROUND(call_decimal, FEEL_HALF_EVEN)
ROUND(call_floor, FEEL_FLOOR)
ROUND(call_ceiling, FEEL_CEILING)
ROUND(call_round_up, FEEL_UP)
ROUND(call_round_down, FEEL_DOWN)
ROUND(call_half_up, FEEL_HALF_UP)
ROUND(call_half_down, FEEL_HALF_DOWN)

static const Sym *call_abs(DmnLow *low, const Sym *const *args, uint32_t count)
{
    (void)count;
    const Sym *a = dmn_sym_typed(low, args[0]);
    if (a == NULL) return NULL;
    if (a->kind != SYM_NUMBER && a->kind != SYM_MONTHS &&
        a->kind != SYM_SECONDS) {
        return dmn_sym_fail(low, "the absolute value of this kind");
    }
    ColumnRef zero = dmn_never(low);
    ColumnRef other = column_two(low->graph, COLUMN_SUBTRACT, zero, a->at);
    Sym made = *a;
    made.at = column_make(low->graph, COLUMN_SELECT,
                          column_two(low->graph, COLUMN_LESS, a->at, zero),
                          other, a->at);
    return dmn_sym_make(low, made);
}

static const Sym *call_modulo(DmnLow *low, const Sym *const *args,
                              uint32_t count)
{
    (void)count;
    bool null_a, null_b;
    const Sym *a = number_arg(low, args[0], &null_a);
    const Sym *b = number_arg(low, args[1], &null_b);
    if (null_a || null_b) return dmn_sym_null(low);
    return a == NULL || b == NULL ? NULL : dmn_sym_modulo(low, a, b);
}

static const Sym *call_months(DmnLow *low, const Sym *const *args,
                              uint32_t count)
{
    (void)count;
    const Sym *from = dmn_sym_typed(low, args[0]);
    const Sym *to = dmn_sym_typed(low, args[1]);
    if (from == NULL || to == NULL) return NULL;
    if (dmn_sym_is_null(from) || dmn_sym_is_null(to)) {
        return dmn_sym_null(low);
    }
    if (from->kind != SYM_DATE || to->kind != SYM_DATE) {
        return dmn_sym_fail(low, "months between other than dates");
    }
    return dmn_sym_make(
        low,
        (Sym){.kind = SYM_MONTHS,
              .at = column_two(low->graph, COLUMN_MONTHS, from->at, to->at),
              .null = column_or(low->graph, from->null, to->null)});
}

static const Sym *call_date(DmnLow *low, const Sym *const *args, uint32_t count)
{
    if (count == 1 && dmn_sym_kind(args[0]) == FEEL_DATE) return args[0];
    return dmn_sym_fail(low, "a date that is put together");
}

typedef struct Known {
    const char *name;
    Builtin *call;
} Known;

static Builtin *known_builtin(const char *name)
{
    static const Known known[] = {
        {"count", call_count},
        {"sum", call_sum},
        {"min", call_min},
        {"max", call_max},
        {"mean", call_mean},
        {"any", call_any},
        {"all", call_all},
        {"not", call_not},
        {"list contains", call_list_contains},
        {"flatten", call_flatten},
        {"append", call_append},
        {"concatenate", call_concatenate},
        {"decimal", call_decimal},
        {"floor", call_floor},
        {"ceiling", call_ceiling},
        {"round up", call_round_up},
        {"round down", call_round_down},
        {"round half up", call_half_up},
        {"round half down", call_half_down},
        {"abs", call_abs},
        {"modulo", call_modulo},
        {"years and months duration", call_months},
        {"date", call_date},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name) == 0) return known[i].call;
    }
    return NULL;
}

static const Sym *folded(DmnLow *low, int32_t builtin, const Sym *const *args,
                         uint32_t count)
{
    FeelValue values[FEEL_ARGS_MAX];
    for (uint32_t i = 0; i < count; i++) values[i] = args[i]->value;
    return dmn_sym_folded(
        low, feel_builtin_call(&low->eval->run, builtin, values, count));
}

/* The argument of texts, when all others are constant; else -1. */
static int32_t text_arg(const Sym *const *args, uint32_t count)
{
    int32_t found = -1;
    for (uint32_t i = 0; i < count; i++) {
        if (args[i]->kind == SYM_CONSTANT) continue;
        if (args[i]->kind != SYM_STRING || found >= 0) return -1;
        found = (int32_t)i;
    }
    return found;
}

/* Any function of a text of a dictionary: called once for each. */
static const Sym *call_by_text(DmnLow *low, int32_t builtin,
                               const Sym *const *args, uint32_t count,
                               int32_t place)
{
    FeelValue values[FEEL_ARGS_MAX];
    const Sym *text = args[place], *made = NULL;
    for (uint32_t i = 0; i < count; i++) values[i] = args[i]->value;
    for (int32_t i = -1; i < text->texts->count; i++) {
        ColumnRef where = text->null;
        values[place] = feel_null();
        if (i >= 0) {
            where = column_two(low->graph, COLUMN_EQUAL, text->at,
                               column_constant(low->graph, i));
            where = column_and(low->graph, where,
                               column_not(low->graph, text->null));
            values[place] = feel_string(text->texts->at[i]);
        }
        if (dmn_ref_is(low, where, 0)) continue;
        const Sym *one = dmn_sym_folded(
            low, feel_builtin_call(&low->eval->run, builtin, values, count));
        made = made == NULL ? one : dmn_sym_select(low, where, one, made);
        if (made == NULL) return NULL;
    }
    return made == NULL ? dmn_sym_null(low) : made;
}

const Sym *dmn_sym_builtin(DmnLow *low, int32_t index, const Sym *const *args,
                           uint32_t count)
{
    const FeelBuiltin *builtin = feel_builtin_at(index);
    bool constant = true;
    for (uint32_t i = 0; i < count; i++) {
        if (args[i] == NULL) return NULL;
        if (args[i]->kind == SYM_BROKEN) return dmn_sym_fail(low, args[i]->why);
        constant = constant && args[i]->kind == SYM_CONSTANT;
    }
    if (count < builtin->min || count > builtin->max) return dmn_sym_null(low);
    /* what only the clock knows is not the same for every evaluation */
    if (constant && count > 0) return folded(low, index, args, count);
    Builtin *call = known_builtin(builtin->name);
    int32_t text = text_arg(args, count);
    if (call == NULL && text >= 0) {
        return call_by_text(low, index, args, count, text);
    }
    if (call == NULL) {
        return dmn_sym_fail_of(low, "the function", str_of(builtin->name));
    }
    return call(low, args, count);
}
