#include "programme/diff.h"

#include "programme/diff_rows.h"
#include "programme/diff_tree.h"

/* A comparison at work. */
typedef struct Differ {
    Arena *arena;
    Diag *diag;
    const XmlNode *old_root, *now_root;
    DiffItem *items;
    size_t count, room;
    Str kind, name; /* of the element */
} Differ;

static Err no_memory(const Differ *on)
{
    diag_set(on->diag, "xml.large");
    return ERR_FULL;
}

static Err too_many(const Differ *on)
{
    diag_set(on->diag, "diff.many");
    diag_arg_int(on->diag, DIFF_ITEMS_MAX);
    return ERR_FULL;
}

static Err join(const Differ *on, Str a, const char *between, Str b, Str *ret)
{
    Buf buf = buf_make(XML_BYTES_MAX);
    buf_str(&buf, a);
    buf_text(&buf, between);
    buf_str(&buf, b);
    bool room = !buf_full(&buf) && str_try(on->arena, buf_view(&buf), ret);
    buf_free(&buf);
    return room ? OK : no_memory(on);
}

/* A new difference of the element, to be filled in; NULL when full. */
static DiffItem *add(Differ *on, DiffWhat what)
{
    if (on->count == on->room) {
        size_t room = on->room == 0 ? 64 : 2 * on->room;
        DiffItem *items = ARENA_TRY_ARRAY(on->arena, DiffItem, room);
        if (items == NULL) return NULL;
        if (on->count > 0) memcpy(items, on->items, on->count * sizeof *items);
        on->items = items;
        on->room = room;
    }
    DiffItem *item = &on->items[on->count++];
    *item = (DiffItem){.what = what, .kind = on->kind, .name = on->name};
    return item;
}

static Err say(Differ *on, DiffWhat what, Str label, Str old, Str now)
{
    if (on->count >= DIFF_ITEMS_MAX) return too_many(on);
    DiffItem *item = add(on, what);
    if (item == NULL) return no_memory(on);
    item->label = label;
    item->old = old;
    item->now = now;
    return OK;
}

/* Says once that the element is put together otherwise. */
static Err say_order(Differ *on)
{
    bool told = false;
    for (size_t i = on->count; i > 0 && !told; i--) {
        const DiffItem *item = &on->items[i - 1];
        bool own = item->name.at == on->name.at && item->kind.at == on->kind.at;
        if (!own) break;
        told = item->what == DIFF_ORDER;
    }
    Str none = {NULL, 0};
    return told ? OK : say(on, DIFF_ORDER, none, none, none);
}

/* Parts of an element that say something: what each belongs to, what it is
 * called in the text, what it says. */
typedef struct Leaves {
    Str *cells; /* LEAF_WIDTH of each */
    uint32_t count, room;
} Leaves;

enum { LEAF_LABEL, LEAF_TAG, LEAF_TEXT, LEAF_WIDTH };

static Str own_name(const XmlNode *node)
{
    const char *child = xml_is(node, "contextEntry") ? "variable"
                        : xml_is(node, "binding")    ? "parameter"
                                                     : NULL;
    if (child != NULL) node = xml_child(node, child);
    return node == NULL ? (Str){NULL, 0} : xml_attribute(node, "name");
}

/* "income.wage" for what is inside of entries of those names. */
static bool label_of(Arena *arena, const XmlNode *top, const XmlNode *node,
                     Str *ret)
{
    Buf buf = buf_make(1 << 16);
    const XmlNode *path[XML_DEPTH_MAX + 1];
    int32_t depth = 0;
    for (; node != top && node != NULL; node = node->parent) {
        if (own_name(node).bytes > 0) path[depth++] = node;
    }
    while (depth-- > 0) {
        if (buf.bytes > 0) buf_char(&buf, '.');
        buf_str(&buf, own_name(path[depth]));
    }
    bool room = !buf_full(&buf) && str_try(arena, buf_view(&buf), ret);
    buf_free(&buf);
    return room;
}

static Err add_leaf(Differ *on, Leaves *leaves, Str label, Str tag, Str text)
{
    if (leaves->count == leaves->room) {
        uint32_t room = leaves->room == 0 ? 16 : 2 * leaves->room;
        Str *cells = ARENA_TRY_ARRAY(on->arena, Str, LEAF_WIDTH * (size_t)room);
        if (cells == NULL) return no_memory(on);
        if (leaves->count > 0) {
            memcpy(cells, leaves->cells,
                   LEAF_WIDTH * leaves->count * sizeof *cells);
        }
        leaves->cells = cells;
        leaves->room = room;
    }
    Str *leaf = &leaves->cells[LEAF_WIDTH * (size_t)leaves->count++];
    leaf[LEAF_LABEL] = label;
    leaf[LEAF_TAG] = tag;
    leaf[LEAF_TEXT] = text;
    return OK;
}

/* Each is matched by the tags around it too: a "text" alone may be of either
 * branch of a conditional. */
static Err add_leaves(Differ *on, const XmlNode *top, const XmlNode *node,
                      Leaves *leaves)
{
    Str label, tag = node->name;
    if (node != top && node->parent != top) {
        TRY(join(on, node->parent->name, "/", tag, &tag));
        const XmlNode *around = node->parent->parent;
        if (around != top) TRY(join(on, around->name, "/", tag, &tag));
    }
    if (!label_of(on->arena, top, node, &label)) return no_memory(on);
    for (const XmlAttribute *a = node->attributes; a != NULL; a = a->next) {
        bool called =
            str_is(a->name, "name") && !xml_is(node, "formalParameter");
        if (str_is(a->name, "id") || called) continue;
        Str at = a->name;
        if (node != top) TRY(join(on, tag, "@", at, &at));
        TRY(add_leaf(on, leaves, label, at, a->value));
    }
    Str text = str_trim(node->text);
    if (text.bytes == 0) return OK;
    return add_leaf(on, leaves, label, tag, text);
}

/* What is told in another way, or not at all. */
static bool is_apart(const XmlNode *node, const XmlNode *logic)
{
    static const char *const names[] = {"description", "informationRequirement",
                                        "knowledgeRequirement",
                                        "authorityRequirement"};
    if (node == logic) return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (xml_is(node, names[i])) return true;
    }
    return false;
}

/* The leaves of an element, or of its logic alone. */
static Err gather(Differ *on, const XmlNode *top, const XmlNode *logic,
                  Leaves *ret)
{
    *ret = (Leaves){.count = 0};
    const XmlNode *node = top->first;
    TRY(add_leaves(on, top, top, ret));
    while (node != NULL && node != top) {
        bool apart = is_apart(node, logic);
        if (!apart) TRY(add_leaves(on, top, node, ret));
        if (!apart && node->first != NULL) {
            node = node->first;
            continue;
        }
        while (node != top && node->next == NULL) node = node->parent;
        if (node != top) node = node->next;
    }
    return OK;
}

/* Says that a part is new, gone or another; NULL: not there. */
static Err say_leaf(Differ *on, const Str *old, const Str *now, Str fallback)
{
    Str none = {NULL, 0};
    const Str *leaf = now == NULL ? old : now;
    Str label = leaf[LEAF_LABEL];
    if (label.bytes == 0) label = fallback;
    if (old == NULL || now == NULL ||
        !str_equal(old[LEAF_TEXT], now[LEAF_TEXT])) {
        return say(on, DIFF_PART, label, old == NULL ? none : old[LEAF_TEXT],
                   now == NULL ? none : now[LEAF_TEXT]);
    }
    if (str_equal(old[LEAF_LABEL], now[LEAF_LABEL])) return say_order(on);
    /* a variable is called as its element is */
    if (str_equal(now[LEAF_LABEL], on->name)) return OK;
    return say(on, DIFF_PART, fallback, old[LEAF_LABEL], now[LEAF_LABEL]);
}

static Err compare_leaves(Differ *on, const XmlNode *old, const XmlNode *now,
                          const XmlNode *old_logic, const XmlNode *now_logic,
                          Str fallback)
{
    static const uint32_t weight[LEAF_WIDTH] = {2, 1, 2};
    Leaves a, b;
    DiffPair *fate_a, *fate_b;
    TRY(gather(on, old, old_logic, &a));
    TRY(gather(on, now, now_logic, &b));
    DiffRows rows_a = {a.cells, a.count, LEAF_WIDTH};
    DiffRows rows_b = {b.cells, b.count, LEAF_WIDTH};
    if (diff_rows(on->arena, &rows_a, &rows_b, weight, &fate_a, &fate_b) !=
        OK) {
        return no_memory(on);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        const Str *leaf = &b.cells[LEAF_WIDTH * (size_t)i], *before = NULL;
        DiffFate fate = fate_b[i].fate;
        if (fate == DIFF_FATE_MOVED) TRY(say_order(on));
        if (fate == DIFF_FATE_SAME || fate == DIFF_FATE_MOVED) continue;
        if (fate == DIFF_FATE_CHANGED) {
            before = &a.cells[LEAF_WIDTH * (size_t)fate_b[i].other];
        }
        TRY(say_leaf(on, before, leaf, fallback));
    }
    for (uint32_t i = 0; i < a.count; i++) {
        if (fate_a[i].fate != DIFF_FATE_NONE) continue;
        TRY(say_leaf(on, &a.cells[LEAF_WIDTH * (size_t)i], NULL, fallback));
    }
    return OK;
}

static Str child_text(const XmlNode *node, const char *name)
{
    const XmlNode *child = xml_child(node, name);
    return child == NULL ? (Str){"", 0} : str_trim(child->text);
}

/* What a requirement points to, by name where it is of this file. */
static Str needed(const XmlNode *root, const XmlNode *requirement)
{
    if (requirement->first == NULL) return (Str){"", 0};
    Str href = xml_attribute(requirement->first, "href");
    if (href.bytes < 2 || href.at[0] != '#') return href;
    Str id = {href.at + 1, href.bytes - 1};
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        if (str_equal(xml_attribute(node, "id"), id)) {
            return xml_attribute(node, "name");
        }
    }
    return href;
}

static bool is_requirement(const XmlNode *node)
{
    return xml_is(node, "informationRequirement") ||
           xml_is(node, "knowledgeRequirement") ||
           xml_is(node, "authorityRequirement");
}

/* Tells what `one` requires and `other` does not. */
static Err compare_needs(Differ *on, DiffWhat what, const XmlNode *one,
                         const XmlNode *one_root, const XmlNode *other,
                         const XmlNode *other_root)
{
    for (const XmlNode *a = one->first; a != NULL; a = a->next) {
        if (!is_requirement(a)) continue;
        Str name = needed(one_root, a);
        const XmlNode *b = other->first;
        while (b != NULL &&
               !(is_requirement(b) && str_equal(needed(other_root, b), name))) {
            b = b->next;
        }
        if (b == NULL) TRY(say(on, what, (Str){"", 0}, name, name));
    }
    return OK;
}

/* Columns of both versions: those of now, then those that are gone. */
typedef struct Union {
    const Grid *old, *now;
    const GridColumn **column;
    int32_t *in_old, *in_now; /* -1: not there */
    uint32_t count;
} Union;

static Str column_key(const GridColumn *column)
{
    const XmlNode *expression = xml_child(column->clause, "inputExpression");
    return expression == NULL ? column->label : child_text(expression, "text");
}

/* The column of the old table that is a column of the new one. */
static int32_t old_column(const Union *all, const GridColumn *column)
{
    bool by_label = false;
    for (int tries = 0; tries < 2; tries++, by_label = true) {
        for (uint32_t i = 0; i < all->old->column_count; i++) {
            const GridColumn *old = &all->old->columns[i];
            if (old->part != column->part) continue;
            bool same = by_label
                            ? str_equal(old->label, column->label)
                            : str_equal(column_key(old), column_key(column));
            bool taken = false;
            for (uint32_t u = 0; u < all->count; u++) {
                taken |= all->in_old[u] == (int32_t)i;
            }
            if (same && !taken) return (int32_t)i;
        }
    }
    return -1;
}

static Err unite(Differ *on, const Grid *old, const Grid *now, Union *ret)
{
    size_t room = (size_t)old->column_count + now->column_count + 1;
    if (room > DIFF_COLUMNS_MAX) return too_many(on);
    *ret = (Union){.old = old, .now = now};
    ret->column = ARENA_TRY_ARRAY(on->arena, const GridColumn *, room);
    ret->in_old = ARENA_TRY_ARRAY(on->arena, int32_t, room);
    ret->in_now = ARENA_TRY_ARRAY(on->arena, int32_t, room);
    if (ret->column == NULL || ret->in_old == NULL || ret->in_now == NULL) {
        return no_memory(on);
    }
    for (uint32_t i = 0; i < now->column_count; i++) {
        int32_t before = old_column(ret, &now->columns[i]);
        ret->column[ret->count] = &now->columns[i];
        ret->in_now[ret->count] = (int32_t)i;
        ret->in_old[ret->count++] = before;
    }
    uint32_t here = ret->count;
    for (uint32_t i = 0; i < old->column_count; i++) {
        bool found = false;
        for (uint32_t u = 0; u < here; u++) {
            found |= ret->in_old[u] == (int32_t)i;
        }
        if (found) continue;
        ret->column[ret->count] = &old->columns[i];
        ret->in_now[ret->count] = -1;
        ret->in_old[ret->count++] = (int32_t)i;
    }
    return OK;
}

static Err compare_columns(Differ *on, const Union *all)
{
    for (uint32_t i = 1; i < all->count; i++) {
        bool both = all->in_old[i] >= 0 && all->in_now[i] >= 0;
        if (both && all->in_old[i] < all->in_old[i - 1]) TRY(say_order(on));
    }
    for (uint32_t i = 0; i < all->count; i++) {
        Str label = all->column[i]->label, none = {NULL, 0};
        if (all->in_old[i] < 0) {
            TRY(say(on, DIFF_COLUMN, label, none, label));
        } else if (all->in_now[i] < 0) {
            TRY(say(on, DIFF_COLUMN_NOT, label, label, none));
        } else {
            TRY(compare_leaves(on, all->old->columns[all->in_old[i]].clause,
                               all->now->columns[all->in_now[i]].clause, NULL,
                               NULL, label));
        }
    }
    return OK;
}

static Err rows_of(Differ *on, const Union *all, const Grid *grid,
                   const int32_t *in, DiffRows *ret)
{
    Str *cells = ARENA_TRY_ARRAY(on->arena, Str,
                                 (size_t)grid->row_count * all->count + 1);
    if (cells == NULL) return no_memory(on);
    *ret = (DiffRows){cells, grid->row_count, all->count};
    for (uint32_t r = 0; r < grid->row_count; r++) {
        for (uint32_t c = 0; c < all->count; c++, cells++) {
            if (in[c] >= 0) *cells = grid->rows[r].cells[in[c]].text;
        }
    }
    return OK;
}

/* The cells of a row of each side, either of which may be missing (-1). */
static Err cells_of(Differ *on, const Union *all, int64_t old, int64_t now,
                    DiffItem *item)
{
    DiffCell *cells = ARENA_TRY_ARRAY(on->arena, DiffCell, all->count + 1);
    if (cells == NULL) return no_memory(on);
    for (uint32_t i = 0; i < all->count; i++) {
        cells[i].column = all->column[i];
        if (old >= 0 && all->in_old[i] >= 0) {
            cells[i].old = all->old->rows[old].cells[all->in_old[i]].text;
            if (cells[i].old.at == NULL) cells[i].old = STR("");
        }
        if (now >= 0 && all->in_now[i] >= 0) {
            cells[i].now = all->now->rows[now].cells[all->in_now[i]].text;
            if (cells[i].now.at == NULL) cells[i].now = STR("");
        }
    }
    item->old_row = (int32_t)old + 1;
    item->row = (int32_t)now + 1;
    item->cells = cells;
    item->cell_count = all->count;
    return OK;
}

static Err say_row(Differ *on, const Union *all, DiffWhat what, int64_t old,
                   int64_t now)
{
    Str none = {NULL, 0};
    TRY(say(on, what, none, none, none));
    return cells_of(on, all, old, now, &on->items[on->count - 1]);
}

/* A row moved when others did not just come or go around it. */
static Err compare_rows(Differ *on, const Union *all)
{
    DiffRows old, now;
    DiffPair *fate_old, *fate_now;
    TRY(rows_of(on, all, all->old, all->in_old, &old));
    TRY(rows_of(on, all, all->now, all->in_now, &now));
    uint32_t *weight = ARENA_TRY_ARRAY(on->arena, uint32_t, all->count + 1);
    if (weight == NULL) return no_memory(on);
    for (uint32_t i = 0; i < all->count; i++) {
        weight[i] = all->column[i]->part == GRID_NOTE ? 1 : 2;
    }
    if (diff_rows(on->arena, &old, &now, weight, &fate_old, &fate_now) != OK) {
        return no_memory(on);
    }
    for (uint32_t i = 0; i < now.rows; i++) {
        DiffFate fate = fate_now[i].fate;
        int64_t other = fate_now[i].other;
        if (fate == DIFF_FATE_NONE) other = -1;
        DiffWhat what = fate == DIFF_FATE_NONE    ? DIFF_ROW
                        : fate == DIFF_FATE_MOVED ? DIFF_ROW_MOVED
                                                  : DIFF_ROW_CHANGED;
        if (fate != DIFF_FATE_SAME) TRY(say_row(on, all, what, other, i));
    }
    for (uint32_t i = 0; i < old.rows; i++) {
        if (fate_old[i].fate != DIFF_FATE_NONE) continue;
        TRY(say_row(on, all, DIFF_ROW_NOT, i, -1));
    }
    return OK;
}

/* What a table by dates alone says, row by row. */
typedef struct Dated {
    GridSpan *span;
    const Grid *grid;
    uint32_t output; /* its column */
} Dated;

/* Whether it is such a table: one input of dates, one output, at any day at
 * most one row. */
static Err read_dated(Differ *on, const Grid *grid, Dated *ret, bool *ret_is)
{
    enum { DATED_ROWS_MAX = 1000 };
    *ret_is = false;
    *ret = (Dated){.grid = grid, .output = 1};
    bool fits = grid->row_count <= DATED_ROWS_MAX &&
                xml_count(grid->table, "input") == 1 &&
                xml_count(grid->table, "output") == 1;
    if (!fits) return OK;
    ret->span = ARENA_TRY_ARRAY(on->arena, GridSpan, grid->row_count + 1);
    if (ret->span == NULL) return no_memory(on);
    for (uint32_t i = 0; i < grid->row_count; i++) {
        GridSpan *own = &ret->span[i];
        if (!grid_span(grid->rows[i].cells[0].text, own)) return OK;
        for (uint32_t k = 0; k < i; k++) {
            const GridSpan *other = &ret->span[k];
            if (own->from < other->until && other->from < own->until) return OK;
        }
    }
    *ret_is = true;
    return OK;
}

static int64_t row_on(const Dated *dated, Day day)
{
    for (uint32_t i = 0; i < dated->grid->row_count; i++) {
        if (dated->span[i].from <= day && day < dated->span[i].until) return i;
    }
    return -1;
}

static Str value_on(const Dated *dated, int64_t row)
{
    if (row < 0) return (Str){NULL, 0};
    Str text = dated->grid->rows[row].cells[dated->output].text;
    return text.at == NULL ? STR("") : text;
}

/* The first day behind another on which either table says something new. */
static Day next_change(const Dated *const *sides, Day behind)
{
    Day found = DAY_OPEN;
    for (int s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < sides[s]->grid->row_count; i++) {
            const GridSpan *span = &sides[s]->span[i];
            if (span->from > behind && span->from < found) found = span->from;
            if (span->until > behind && span->until < found) {
                found = span->until;
            }
        }
    }
    return found;
}

static bool str_same(Str a, Str b)
{
    return (a.at == NULL) == (b.at == NULL) && str_equal(a, b);
}

static Err compare_dated(Differ *on, const Union *all)
{
    Dated old, now;
    bool old_is, now_is;
    TRY(read_dated(on, all->old, &old, &old_is));
    TRY(read_dated(on, all->now, &now, &now_is));
    if (!old_is || !now_is) return OK;
    const Dated *const sides[] = {&old, &now};
    const size_t first = on->count;
    for (Day day = DAY_MIN, next; day != DAY_OPEN; day = next) {
        next = next_change(sides, day);
        int64_t a = row_on(&old, day), b = row_on(&now, day);
        Str before = value_on(&old, a), after = value_on(&now, b);
        if (str_same(before, after)) continue;
        DiffItem *last = on->count > first ? &on->items[on->count - 1] : NULL;
        if (last != NULL && last->until == day && last->row == (int32_t)b + 1 &&
            str_same(last->old, before)) {
            last->until = next;
            continue;
        }
        TRY(say_row(on, all, DIFF_DATED, a, b));
        DiffItem *item = &on->items[on->count - 1];
        item->old = before;
        item->now = after;
        item->from = day;
        item->until = next;
    }
    return OK;
}

static Err policy_of(Differ *on, const XmlNode *table, Str *ret)
{
    Str policy = xml_attribute(table, "hitPolicy");
    Str sum = xml_attribute(table, "aggregation");
    *ret = policy.bytes == 0 ? STR("UNIQUE") : policy;
    return sum.bytes == 0 ? OK : join(on, *ret, " ", sum, ret);
}

static Err compare_tables(Differ *on, const XmlNode *old, const XmlNode *now)
{
    Grid a, b;
    Union all;
    Str old_policy, now_policy;
    TRY(policy_of(on, old, &old_policy));
    TRY(policy_of(on, now, &now_policy));
    TRY(grid_read(on->arena, old, on->diag, &a));
    TRY(grid_read(on->arena, now, on->diag, &b));
    TRY(unite(on, &a, &b, &all));
    if (!str_equal(old_policy, now_policy)) {
        TRY(say(on, DIFF_POLICY, (Str){NULL, 0}, old_policy, now_policy));
    }
    TRY(compare_columns(on, &all));
    TRY(compare_dated(on, &all));
    return compare_rows(on, &all);
}

static Err compare_logic(Differ *on, const XmlNode *old, const XmlNode *now)
{
    Str none = {NULL, 0};
    if (old == NULL && now == NULL) return OK;
    Str a = old == NULL ? none : old->name, b = now == NULL ? none : now->name;
    if (str_equal(a, b) && xml_is(now, "decisionTable")) {
        return compare_tables(on, old, now);
    }
    if (str_equal(a, b)) {
        TRY(compare_leaves(on, old, now, NULL, NULL, none));
        return diff_same_shape(old, now) ? OK : say_order(on);
    }
    TRY(say(on, DIFF_FORM, none, a, b));
    bool said = old != NULL && xml_is(old, "literalExpression");
    bool says = now != NULL && xml_is(now, "literalExpression");
    if (!said && !says) return OK;
    return say(on, DIFF_PART, none, said ? child_text(old, "text") : none,
               says ? child_text(now, "text") : none);
}

/* Parameters, entries and the like that are called as before, but stand in
 * another order. */
static Err compare_names(Differ *on, const XmlNode *old, const XmlNode *now)
{
    static const uint32_t weight[LEAF_WIDTH] = {1, 1, 1};
    const XmlNode *const tops[] = {old, now};
    Leaves names[2] = {{.count = 0}, {.count = 0}};
    DiffPair *fate_old, *fate_now;
    for (int s = 0; s < 2; s++) {
        const XmlNode *node = tops[s]->first;
        while (node != NULL) {
            Str name = xml_attribute(node, "name");
            if (name.bytes > 0) {
                TRY(add_leaf(on, &names[s], node->name, name, STR("")));
            }
            if (node->first != NULL) {
                node = node->first;
                continue;
            }
            while (node != tops[s] && node->next == NULL) node = node->parent;
            node = node == tops[s] ? NULL : node->next;
        }
    }
    DiffRows a = {names[0].cells, names[0].count, LEAF_WIDTH};
    DiffRows b = {names[1].cells, names[1].count, LEAF_WIDTH};
    if (diff_rows(on->arena, &a, &b, weight, &fate_old, &fate_now) != OK) {
        return no_memory(on);
    }
    for (uint32_t i = 0; i < b.rows; i++) {
        if (fate_now[i].fate == DIFF_FATE_MOVED) return say_order(on);
    }
    return OK;
}

static Err compare(Differ *on, const XmlNode *old, const XmlNode *now)
{
    const size_t first = on->count;
    Str none = {NULL, 0}, before = xml_attribute(old, "name");
    Str old_words = child_text(old, "description");
    Str now_words = child_text(now, "description");
    const XmlNode *old_logic = NULL, *now_logic = NULL;
    if (grid_owner(now) != NULL) {
        old_logic = grid_logic(old);
        now_logic = grid_logic(now);
    }
    if (!str_equal(before, on->name)) {
        TRY(say(on, DIFF_RENAMED, none, before, on->name));
    }
    TRY(compare_logic(on, old_logic, now_logic));
    TRY(compare_leaves(on, old, now, old_logic, now_logic, none));
    TRY(compare_needs(on, DIFF_NEEDS, now, on->now_root, old, on->old_root));
    TRY(compare_needs(on, DIFF_NEEDS_NOT, old, on->old_root, now,
                      on->now_root));
    if (!str_equal(old_words, now_words)) {
        TRY(say(on, DIFF_DESCRIPTION, none, old_words, now_words));
    }
    TRY(compare_names(on, old, now));
    bool told = on->count > first || diff_same_tree(old, now);
    return told ? OK : say_order(on);
}

static bool is_element(const XmlNode *node)
{
    static const char *const names[] = {
        "decision",       "businessKnowledgeModel", "inputData",
        "itemDefinition", "decisionService",        "knowledgeSource",
        "import"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (xml_is(node, names[i])) return true;
    }
    return false;
}

/* The element of another version: of the same id, else of the same name. */
static const XmlNode *partner(const XmlNode *root, const XmlNode *node)
{
    Str id = xml_attribute(node, "id"), name = xml_attribute(node, "name");
    const XmlNode *named = NULL;
    for (const XmlNode *other = root->first; other != NULL;
         other = other->next) {
        if (!str_equal(other->name, node->name)) continue;
        Str other_id = xml_attribute(other, "id");
        if (id.bytes > 0 && str_equal(other_id, id)) return other;
        bool same = str_equal(xml_attribute(other, "name"), name);
        if (same && named == NULL) named = other;
    }
    return named;
}

static const XmlAttribute *find_attribute(const XmlNode *node, Str name)
{
    const XmlAttribute *found = node->attributes;
    while (found != NULL && !str_equal(found->name, name)) found = found->next;
    return found;
}

/* What the model says of itself, beside its elements. */
static Err compare_root(Differ *on)
{
    const XmlNode *old = on->old_root, *now = on->now_root;
    const XmlNode *was = xml_child(old, "extensionElements");
    const XmlNode *is = xml_child(now, "extensionElements");
    Str none = {NULL, 0};
    on->kind = now->name;
    on->name = xml_attribute(now, "name");
    for (int side = 0; side < 2; side++) {
        const XmlAttribute *a = (side == 0 ? now : old)->attributes;
        for (; a != NULL; a = a->next) {
            const XmlAttribute *b =
                find_attribute(side == 0 ? old : now, a->name);
            Str other = b == NULL ? none : b->value;
            bool told = side == 1 && b != NULL;
            bool silent = !diff_attribute_says(a) || str_is(a->name, "id");
            if (told || silent || diff_same_value(a->value, other)) continue;
            TRY(say(on, DIFF_PART, a->name, side == 0 ? other : a->value,
                    side == 0 ? a->value : other));
        }
    }
    if (was == NULL && is == NULL) return OK;
    if (was == NULL || is == NULL) return say_order(on);
    if (diff_same_tree(was, is)) return OK;
    TRY(compare_leaves(on, was, is, NULL, NULL, was->name));
    return say_order(on);
}

static Err compare_all(Differ *on)
{
    Str none = {NULL, 0};
    TRY(compare_root(on));
    for (const XmlNode *now = on->now_root->first; now != NULL;
         now = now->next) {
        if (!is_element(now)) continue;
        const XmlNode *old = partner(on->old_root, now);
        on->kind = now->name;
        on->name = xml_attribute(now, "name");
        if (old != NULL && partner(on->now_root, old) == now) {
            TRY(compare(on, old, now));
        } else {
            TRY(say(on, DIFF_ADDED, none, none, on->name));
        }
    }
    for (const XmlNode *old = on->old_root->first; old != NULL;
         old = old->next) {
        if (!is_element(old)) continue;
        const XmlNode *now = partner(on->now_root, old);
        if (now != NULL && partner(on->old_root, now) == old) continue;
        on->kind = old->name;
        on->name = xml_attribute(old, "name");
        TRY(say(on, DIFF_REMOVED, none, on->name, none));
    }
    return OK;
}

static Err read_version(Differ *on, Str text, const XmlNode **ret)
{
    TRY(xml_read(on->arena, text, on->diag, ret));
    size_t elements = 0;
    for (const XmlNode *node = (*ret)->first; node != NULL; node = node->next) {
        elements++;
    }
    if (elements > DIFF_ELEMENTS_MAX) return too_many(on);
    if (xml_is(*ret, "definitions")) return OK;
    diag_set(on->diag, "dmn.not_dmn");
    return ERR_INVALID;
}

Err model_diff(Arena *arena, Str old, Str now, Diag *diag, ModelDiff *ret)
{
    Diag unheard;
    Differ on = {.arena = arena, .diag = diag == NULL ? &unheard : diag};
    *ret = (ModelDiff){.same_bytes = str_equal(old, now)};
    TRY(read_version(&on, old, &on.old_root));
    TRY(read_version(&on, now, &on.now_root));
    TRY(compare_all(&on));
    if (on.count == 0 && !diff_same_tree(on.old_root, on.now_root)) {
        on.kind = on.now_root->name;
        on.name = xml_attribute(on.now_root, "name");
        TRY(say_order(&on));
    }
    ret->items = on.items;
    ret->count = on.count;
    return OK;
}
