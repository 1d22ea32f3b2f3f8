/* Functions of numbers. */
#include "feel/builtin_int.h"
#include "feel/number.h"
#include "feel/run_fast_int.h"
#include "feel/temporal.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

/* A number, or null with the diagnostic that there is none. */
static FeelValue defined(FeelRun *run, FeelValue value)
{
    return value.kind == FEEL_NULL ? feel_misused(run) : value;
}

static FeelValue rounded(FeelRun *run, const FeelValue *args, uint32_t count,
                         FeelRounding rounding)
{
    int64_t scale = 0;
    if (count > 1 && !feel_cut_to_int(run, args[1], &scale)) {
        return feel_misused(run);
    }
    return defined(run,
                   feel_number_round(run->arena, args[0], scale, rounding));
}

FN(decimal)
{
    return rounded(run, args, count, FEEL_HALF_EVEN);
}

FN(floor)
{
    return rounded(run, args, count, FEEL_FLOOR);
}

FN(ceiling)
{
    return rounded(run, args, count, FEEL_CEILING);
}

FN(round_up)
{
    return rounded(run, args, count, FEEL_UP);
}

FN(round_down)
{
    return rounded(run, args, count, FEEL_DOWN);
}

FN(round_half_up)
{
    return rounded(run, args, count, FEEL_HALF_UP);
}

FN(round_half_down)
{
    return rounded(run, args, count, FEEL_HALF_DOWN);
}

FN(abs)
{
    FeelValue a = args[0];
    if (a.kind == FEEL_LIST && a.count == 1) a = a.as.items[0];
    if (a.kind == FEEL_NUMBER) {
        return feel_number_compare(a, feel_number(0, 0)) < 0
                   ? feel_number_negate(run->arena, a)
                   : a;
    }
    if (a.kind == FEEL_MONTHS_DURATION || a.kind == FEEL_DAYS_DURATION) {
        return a.as.whole < 0
                   ? feel_temporal_multiply(run->arena, a, feel_number(-1, 0))
                   : a;
    }
    return feel_misused(run);
}

FN(modulo)
{
    return defined(run, feel_number_modulo(run->arena, args[0], args[1]));
}

FN(sqrt)
{
    return defined(run, feel_number_math(run->arena, FEEL_SQRT, args[0]));
}

FN(log)
{
    return defined(run, feel_number_math(run->arena, FEEL_LOG, args[0]));
}

FN(exp)
{
    return defined(run, feel_number_math(run->arena, FEEL_EXP, args[0]));
}

static FeelValue parity(FeelRun *run, FeelValue a, int64_t wanted)
{
    FeelValue rest = feel_number_modulo(run->arena, a, feel_number(2, 0));
    if (rest.kind != FEEL_NUMBER) return feel_null();
    return feel_boolean(feel_number_compare(rest, feel_number(wanted, 0)) == 0);
}

FN(odd)
{
    return parity(run, args[0], 1);
}

FN(even)
{
    return parity(run, args[0], 0);
}

/* Numbers only; null when there is another item or none. */
static bool numbers_given(const FeelValue *args, uint32_t count, FeelValue *ret)
{
    if (!feel_given(args, count, ret) || ret->count == 0) return false;
    for (uint32_t i = 0; i < ret->count; i++) {
        if (ret->as.items[i].kind != FEEL_NUMBER) return false;
    }
    return true;
}

static FeelValue total(FeelRun *run, FeelValue list)
{
    FeelValue sum = feel_number(0, 0);
    if (list.count > 0) sum = list.as.items[0];
    for (uint32_t i = 1; i < list.count && sum.kind == FEEL_NUMBER; i++) {
        const FeelValue *item = &list.as.items[i];
        if (feel_fast_sum(FEEL_OP_ADD, &sum, item, &sum)) continue;
        sum = feel_number_add(run->arena, sum, *item);
    }
    return sum;
}

FN(sum)
{
    FeelValue list;
    if (!numbers_given(args, count, &list)) return feel_misused(run);
    return total(run, list);
}

FN(product)
{
    FeelValue list;
    if (!numbers_given(args, count, &list)) return feel_misused(run);
    FeelValue product = feel_number(1, 0);
    for (uint32_t i = 0; i < list.count && product.kind == FEEL_NUMBER; i++) {
        product = feel_number_multiply(run->arena, product, list.as.items[i]);
    }
    return product;
}

FN(mean)
{
    FeelValue list;
    if (!numbers_given(args, count, &list)) return feel_misused(run);
    FeelValue sum = total(run, list);
    if (sum.kind != FEEL_NUMBER) return sum;
    return feel_number_divide(run->arena, sum, feel_number(list.count, 0));
}

FN(stddev)
{
    FeelValue list;
    if (!numbers_given(args, count, &list) || list.count < 2) {
        return feel_misused(run);
    }
    FeelValue n = feel_number(list.count, 0);
    FeelValue mean = feel_number_divide(run->arena, total(run, list), n);
    FeelValue squares = feel_number(0, 0);
    for (uint32_t i = 0; i < list.count; i++) {
        if (mean.kind != FEEL_NUMBER || squares.kind != FEEL_NUMBER) {
            return feel_misused(run);
        }
        FeelValue off =
            feel_number_subtract(run->arena, list.as.items[i], mean);
        if (off.kind != FEEL_NUMBER) return feel_misused(run);
        off = feel_number_multiply(run->arena, off, off);
        if (off.kind != FEEL_NUMBER) return feel_misused(run);
        squares = feel_number_add(run->arena, squares, off);
    }
    FeelValue variance = feel_number_divide(
        run->arena, squares, feel_number((int64_t)list.count - 1, 0));
    if (variance.kind != FEEL_NUMBER) return feel_misused(run);
    return feel_number_math(run->arena, FEEL_SQRT, variance);
}

/* A sorted copy of numbers: merge sort from the bottom up. */
static FeelValue *sorted(FeelRun *run, FeelValue list)
{
    FeelValue *from = feel_run_values(run, list.count);
    FeelValue *to = feel_run_values(run, list.count);
    if (from == NULL || to == NULL) return NULL;
    memcpy(from, list.as.items, list.count * sizeof *from);
    for (uint32_t width = 1; width < list.count; width *= 2) {
        if (!feel_run_spend(run, list.count / 8)) return NULL;
        for (uint32_t low = 0; low < list.count; low += 2 * width) {
            uint32_t middle = low + width, high = low + 2 * width;
            if (middle > list.count) middle = list.count;
            if (high > list.count) high = list.count;
            uint32_t a = low, b = middle;
            for (uint32_t i = low; i < high; i++) {
                bool left =
                    b >= high ||
                    (a < middle && feel_number_compare(from[a], from[b]) <= 0);
                to[i] = left ? from[a++] : from[b++];
            }
        }
        FeelValue *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

FN(median)
{
    FeelValue list;
    if (!numbers_given(args, count, &list)) return feel_misused(run);
    FeelValue *items = sorted(run, list);
    if (items == NULL) return feel_null();
    uint32_t half = list.count / 2;
    if (list.count % 2 == 1) return items[half];
    FeelValue sum = feel_number_add(run->arena, items[half - 1], items[half]);
    if (sum.kind != FEEL_NUMBER) return sum;
    return feel_number_divide(run->arena, sum, feel_number(2, 0));
}

FN(mode)
{
    FeelValue list;
    if (feel_given(args, count, &list) && list.count == 0) return list;
    if (!numbers_given(args, count, &list)) return feel_misused(run);
    FeelValue *items = sorted(run, list);
    FeelValue *modes = feel_run_values(run, list.count);
    if (items == NULL || modes == NULL) return feel_null();
    uint32_t best = 0, found = 0;
    for (uint32_t i = 0; i < list.count;) {
        uint32_t run_end = i;
        while (run_end < list.count &&
               feel_number_compare(items[run_end], items[i]) == 0) {
            run_end++;
        }
        if (run_end - i > best) {
            best = run_end - i;
            found = 0;
        }
        if (run_end - i == best) modes[found++] = items[i];
        i = run_end;
    }
    return feel_list(modes, found);
}

/* Whether an argument is left out, null, or one of the characters allowed. */
static bool is_separator(const FeelValue *args, uint32_t count, uint32_t at,
                         Str allowed)
{
    if (count <= at || args[at].kind != FEEL_STRING) return true;
    Str mark = feel_text(args[at]);
    return mark.bytes == 1 &&
           memchr(allowed.at, mark.at[0], allowed.bytes) != NULL;
}

/* The text with separators taken out and the decimal mark made a point. */
FN(number)
{
    Str from = feel_text(args[0]);
    Str grouping = count > 1 && args[1].kind == FEEL_STRING ? feel_text(args[1])
                                                            : (Str){0};
    Str mark = count > 2 && args[2].kind == FEEL_STRING ? feel_text(args[2])
                                                        : (Str){0};
    bool group_known = is_separator(args, count, 1, STR(" ,."));
    bool mark_known = is_separator(args, count, 2, STR(".,"));
    bool plus = from.bytes > 0 && from.at[0] == '+'; /* is in no literal */
    if (plus || !group_known || !mark_known ||
        (mark.bytes > 0 && str_equal(mark, grouping))) {
        return feel_misused(run);
    }
    char *text = arena_try_raw(run->arena, from.bytes + 1, 1);
    if (text == NULL) return feel_null();
    size_t bytes = 0;
    for (size_t i = 0; i < from.bytes; i++) {
        char c = from.at[i];
        if (grouping.bytes > 0 && c == grouping.at[0]) continue;
        bool is_mark = mark.bytes > 0 && c == mark.at[0];
        if (!is_mark && c == '.' && mark.bytes > 0) return feel_misused(run);
        text[bytes++] = is_mark ? '.' : c;
    }
    return defined(run, feel_number_read(run->arena, (Str){text, bytes}));
}
