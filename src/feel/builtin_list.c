/* Functions of lists. */
#include "feel/builtin_int.h"
#include "feel/number.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

enum { FLATTEN_DEPTH_MAX = 64 };

/* Collects items on the run's stack and takes them off as a list. */
static FeelValue collected(FeelRun *run, size_t base)
{
    size_t count = run->pushed_used - base;
    FeelValue *items = feel_run_values(run, count);
    run->pushed_used = base;
    if (items == NULL) return feel_null();
    if (count > 0) {
        memcpy(items, run->pushed + base, count * sizeof *items);
    }
    return feel_list(items, (uint32_t)count);
}

static void push_all(FeelRun *run, FeelValue list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        feel_run_push(run, list.as.items[i]);
    }
}

static bool holds(FeelRun *run, FeelValue list, FeelValue value)
{
    for (uint32_t i = 0; i < list.count && !run->full; i++) {
        if (feel_is_true(feel_equal(run, list.as.items[i], value))) return true;
    }
    return false;
}

FN(list_contains)
{
    return feel_boolean(holds(run, args[0], args[1]));
}

FN(count)
{
    return feel_number(args[0].count, 0);
}

static FeelValue best(FeelRun *run, const FeelValue *args, uint32_t count,
                      int sign)
{
    FeelValue list;
    if (!feel_given(args, count, &list) || list.count == 0) {
        return feel_misused(run);
    }
    FeelValue found = list.as.items[0];
    int order;
    if (!feel_order(run, found, found, &order)) return feel_misused(run);
    for (uint32_t i = 1; i < list.count; i++) {
        if (!feel_order(run, list.as.items[i], found, &order)) {
            return feel_misused(run);
        }
        if (order * sign > 0) found = list.as.items[i];
    }
    return found;
}

FN(min)
{
    return best(run, args, count, -1);
}

FN(max)
{
    return best(run, args, count, 1);
}

/* "all" and "any": three-valued, an item that is no boolean is unknown. */
static FeelValue joined(FeelRun *run, const FeelValue *args, uint32_t count,
                        bool decides)
{
    FeelValue list;
    if (!feel_given(args, count, &list)) return feel_misused(run);
    bool unknown = false;
    for (uint32_t i = 0; i < list.count; i++) {
        FeelValue item = list.as.items[i];
        if (item.kind == FEEL_BOOLEAN) {
            if ((item.as.whole != 0) == decides) return item;
        } else if (item.kind == FEEL_NULL) {
            unknown = true;
        } else {
            return feel_misused(run);
        }
    }
    return unknown ? feel_null() : feel_boolean(!decides);
}

FN(all)
{
    return joined(run, args, count, false);
}

FN(any)
{
    return joined(run, args, count, true);
}

/* A position from 1, or from the end if negative, to an index from 0. */
static bool index_at(FeelRun *run, FeelValue list, FeelValue value,
                     uint32_t *ret)
{
    int64_t at;
    if (!feel_cut_to_int(run, value, &at)) return false;
    if (at < 0) at += (int64_t)list.count + 1;
    if (at < 1 || at > list.count) return false;
    *ret = (uint32_t)at - 1;
    return true;
}

FN(sublist)
{
    uint32_t start;
    int64_t length = args[0].count;
    if (!index_at(run, args[0], args[1], &start)) return feel_misused(run);
    if (count > 2 && (!feel_cut_to_int(run, args[2], &length) || length < 0)) {
        return feel_misused(run);
    }
    int64_t left = (int64_t)args[0].count - start;
    if (length > left) {
        if (count > 2) return feel_misused(run);
        length = left;
    }
    if (length == 0) return feel_list(NULL, 0);
    return feel_list(args[0].as.items + start, (uint32_t)length);
}

FN(append)
{
    size_t base = run->pushed_used;
    if (args[0].kind == FEEL_LIST) {
        push_all(run, args[0]);
    } else {
        feel_run_push(run, args[0]);
    }
    for (uint32_t i = 1; i < count; i++) feel_run_push(run, args[i]);
    return collected(run, base);
}

FN(concatenate)
{
    size_t base = run->pushed_used;
    for (uint32_t i = 0; i < count; i++) {
        if (args[i].kind == FEEL_LIST) {
            push_all(run, args[i]);
        } else {
            feel_run_push(run, args[i]);
        }
    }
    return collected(run, base);
}

FN(union)
{
    size_t base = run->pushed_used;
    for (uint32_t i = 0; i < count; i++) {
        FeelValue list =
            args[i].kind == FEEL_LIST ? args[i] : feel_list(&args[i], 1);
        for (uint32_t j = 0; j < list.count; j++) {
            FeelValue so_far =
                feel_list(run->pushed_used == base ? NULL : run->pushed + base,
                          (uint32_t)(run->pushed_used - base));
            if (!feel_run_spend(run, so_far.count)) return feel_null();
            if (!holds(run, so_far, list.as.items[j])) {
                feel_run_push(run, list.as.items[j]);
            }
        }
    }
    return collected(run, base);
}

FN(distinct_values)
{
    return feel_fn_union(run, args, 1);
}

FN(insert_before)
{
    uint32_t at;
    if (!index_at(run, args[0], args[1], &at)) return feel_misused(run);
    FeelValue *items = feel_run_values(run, args[0].count + 1u);
    if (items == NULL) return feel_null();
    for (uint32_t i = 0; i < at; i++) items[i] = args[0].as.items[i];
    items[at] = args[2];
    for (uint32_t i = at; i < args[0].count; i++) {
        items[i + 1] = args[0].as.items[i];
    }
    return feel_list(items, args[0].count + 1);
}

FN(remove)
{
    uint32_t at;
    if (!index_at(run, args[0], args[1], &at)) return feel_misused(run);
    FeelValue *items = feel_run_values(run, args[0].count);
    if (items == NULL) return feel_null();
    uint32_t kept = 0;
    for (uint32_t i = 0; i < args[0].count; i++) {
        if (i != at) items[kept++] = args[0].as.items[i];
    }
    return feel_list(items, kept);
}

/* The items that a function of two says yes to, replaced. */
static FeelValue replace_matching(FeelRun *run, const FeelValue *args,
                                  FeelValue *items)
{
    for (uint32_t i = 0; i < args[0].count && !run->full; i++) {
        FeelValue pair[2] = {args[0].as.items[i], args[2]};
        FeelValue yes = feel_run_call(run, args[1], pair, 2);
        if (yes.kind != FEEL_BOOLEAN) return feel_misused(run);
        items[i] = yes.as.whole ? args[2] : args[0].as.items[i];
    }
    return feel_list(items, args[0].count);
}

FN(list_replace)
{
    FeelValue where = args[1];
    if (where.kind == FEEL_LIST && where.count == 1) {
        where = where.as.items[0];
    }
    FeelValue *items = feel_run_values(run, args[0].count);
    if (items == NULL) return feel_null();
    if (where.kind == FEEL_FUNCTION) {
        FeelValue parts[3] = {args[0], where, args[2]};
        return replace_matching(run, parts, items);
    }
    uint32_t at;
    if (where.kind == FEEL_NUMBER) {
        where = feel_number_round(run->arena, where, 0, FEEL_DOWN);
    }
    if (!index_at(run, args[0], where, &at)) return feel_misused(run);
    for (uint32_t i = 0; i < args[0].count; i++) {
        items[i] = i == at ? args[2] : args[0].as.items[i];
    }
    return feel_list(items, args[0].count);
}

FN(reverse)
{
    FeelValue *items = feel_run_values(run, args[0].count);
    if (items == NULL) return feel_null();
    for (uint32_t i = 0; i < args[0].count; i++) {
        items[i] = args[0].as.items[args[0].count - 1 - i];
    }
    return feel_list(items, args[0].count);
}

FN(index_of)
{
    size_t base = run->pushed_used;
    for (uint32_t i = 0; i < args[0].count; i++) {
        if (feel_is_true(feel_equal(run, args[0].as.items[i], args[1]))) {
            feel_run_push(run, feel_number((int64_t)i + 1, 0));
        }
    }
    return collected(run, base);
}

static bool flatten(FeelRun *run, FeelValue list, int depth)
{
    if (depth > FLATTEN_DEPTH_MAX || run->full) return false;
    if (!feel_run_spend(run, list.count)) return false;
    for (uint32_t i = 0; i < list.count; i++) {
        FeelValue item = list.as.items[i];
        if (item.kind != FEEL_LIST) {
            feel_run_push(run, item);
        } else if (!flatten(run, item, depth + 1)) {
            return false;
        }
    }
    return true;
}

FN(flatten)
{
    size_t base = run->pushed_used;
    if (!flatten(run, args[0], 0)) {
        run->pushed_used = base;
        return feel_misused(run);
    }
    return collected(run, base);
}

/* Whether a stands before b: by the function, or by FEEL's order. */
static int precedes(FeelRun *run, const FeelValue *args, uint32_t count,
                    FeelValue a, FeelValue b)
{
    if (count > 1) {
        FeelValue pair[2] = {a, b};
        FeelValue yes = feel_run_call(run, args[1], pair, 2);
        if (yes.kind != FEEL_BOOLEAN) return -1;
        return yes.as.whole != 0;
    }
    int order;
    return feel_order(run, a, b, &order) ? order < 0 : -1;
}

/* One pass of a stable merge sort; false when an order is not defined. */
static bool merge(FeelRun *run, const FeelValue *args, uint32_t count,
                  const FeelValue *from, FeelValue *to, uint32_t width)
{
    uint32_t items = args[0].count;
    if (!feel_run_spend(run, items / 4)) return false;
    for (uint32_t low = 0; low < items; low += 2 * width) {
        uint32_t middle = low + width < items ? low + width : items;
        uint32_t high = low + 2 * width < items ? low + 2 * width : items;
        uint32_t a = low, b = middle;
        for (uint32_t i = low; i < high; i++) {
            int right = a >= middle;
            if (a < middle && b < high) {
                right = precedes(run, args, count, from[b], from[a]);
            }
            if (right < 0 || run->full) return false;
            to[i] = right ? from[b++] : from[a++];
        }
    }
    return true;
}

FN(sort)
{
    FeelValue *from = feel_run_values(run, args[0].count);
    FeelValue *to = feel_run_values(run, args[0].count);
    if (from == NULL || to == NULL) return feel_null();
    if (args[0].count > 0) {
        memcpy(from, args[0].as.items, args[0].count * sizeof *from);
    }
    for (uint32_t width = 1; width < args[0].count; width *= 2) {
        if (!merge(run, args, count, from, to, width)) {
            return feel_misused(run);
        }
        FeelValue *swap = from;
        from = to;
        to = swap;
    }
    return feel_list(from, args[0].count);
}
