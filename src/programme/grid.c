#include "programme/grid.h"

static Str label_of(const XmlNode *clause, GridPart part)
{
    Str label = xml_attribute(clause, "label");
    if (part != GRID_INPUT && label.bytes == 0) {
        label = xml_attribute(clause, "name");
    }
    if (part != GRID_INPUT || label.bytes > 0) return label;
    const XmlNode *expression = xml_child(clause, "inputExpression");
    if (expression == NULL) return label;
    const XmlNode *text = xml_child(expression, "text");
    return text == NULL ? label : str_trim(text->text);
}

/* What the entries and clauses of each part are called. */
static const char *const entry_names[] = {"inputEntry", "outputEntry",
                                          "annotationEntry"};
static const char *const clause_names[] = {"input", "output", "annotation"};

static void read_columns(Grid *grid)
{
    for (int part = GRID_INPUT; part <= GRID_NOTE; part++) {
        int32_t number = 0;
        for (const XmlNode *clause = xml_child(grid->table, clause_names[part]);
             clause != NULL; clause = xml_next(clause)) {
            grid->columns[grid->column_count++] =
                (GridColumn){(GridPart)part, ++number,
                             label_of(clause, (GridPart)part), clause};
        }
    }
}

static void read_row(const Grid *grid, GridRow *row)
{
    const XmlNode *entry = NULL;
    for (uint32_t i = 0; i < grid->column_count; i++) {
        const GridColumn *column = &grid->columns[i];
        if (column->number == 1) {
            entry = xml_child(row->node, entry_names[column->part]);
        } else if (entry != NULL) {
            entry = xml_next(entry);
        }
        row->cells[i].node = entry;
        const XmlNode *text = entry == NULL ? NULL : xml_child(entry, "text");
        if (text != NULL) row->cells[i].text = str_trim(text->text);
    }
}

Err grid_read(Arena *arena, const XmlNode *table, Diag *diag, Grid *ret)
{
    size_t columns = (size_t)xml_count(table, "input") +
                     xml_count(table, "output") +
                     xml_count(table, "annotation");
    size_t rows = xml_count(table, "rule");
    *ret = (Grid){.table = table};
    ret->columns = ARENA_TRY_ARRAY(arena, GridColumn, columns + 1);
    ret->rows = ARENA_TRY_ARRAY(arena, GridRow, rows + 1);
    GridCell *cells = NULL;
    if (rows < XML_NODES_MAX && columns < XML_NODES_MAX) {
        cells = ARENA_TRY_ARRAY(arena, GridCell, rows * columns + 1);
    }
    if (ret->columns == NULL || ret->rows == NULL || cells == NULL) {
        diag_set(diag, "xml.large");
        return ERR_FULL;
    }
    read_columns(ret);
    for (const XmlNode *rule = xml_child(table, "rule"); rule != NULL;
         rule = xml_next(rule), cells += columns) {
        GridRow *row = &ret->rows[ret->row_count++];
        *row = (GridRow){rule, cells};
        read_row(ret, row);
    }
    return OK;
}

static bool decides(const XmlNode *node)
{
    return xml_is(node, "decision") || xml_is(node, "businessKnowledgeModel");
}

const XmlNode *grid_owner(const XmlNode *node)
{
    while (node != NULL && !decides(node)) node = node->parent;
    return node;
}

const XmlNode *grid_element(const XmlNode *root, Str name)
{
    if (name.bytes == 0) return NULL;
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        if (!decides(node)) continue;
        if (str_equal(str_trim(xml_attribute(node, "name")), name) ||
            str_equal(xml_attribute(node, "id"), name)) {
            return node;
        }
    }
    for (const XmlNode *node = root->first; node != NULL;
         node = xml_walk(root, node)) {
        if (str_equal(xml_attribute(node, "id"), name) &&
            grid_owner(node) != NULL) {
            return node;
        }
    }
    return NULL;
}

static bool is_logic(const XmlNode *node)
{
    static const char *const names[] = {"decisionTable", "literalExpression",
                                        "context",       "invocation",
                                        "relation",      "list",
                                        "conditional",   "filter",
                                        "for",           "some",
                                        "every",         "functionDefinition"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (xml_is(node, names[i])) return true;
    }
    return false;
}

const XmlNode *grid_logic(const XmlNode *element)
{
    if (is_logic(element)) return element;
    const XmlNode *node = element->first;
    while (node != NULL) {
        if (is_logic(node)) return node;
        node = xml_is(node, "encapsulatedLogic") ? node->first : node->next;
    }
    return NULL;
}

const XmlNode *grid_part(const XmlNode *logic, int32_t number)
{
    const XmlNode *node = logic;
    for (; node != NULL; node = xml_walk(logic, node)) {
        if (xml_is(node, "literalExpression") && --number == 0) break;
    }
    return node;
}

static Str entry_name(const XmlNode *node)
{
    const char *child = xml_is(node, "contextEntry") ? "variable"
                        : xml_is(node, "binding")    ? "parameter"
                                                     : NULL;
    if (child != NULL) node = xml_child(node, child);
    return child == NULL || node == NULL ? (Str){"", 0}
                                         : xml_attribute(node, "name");
}

void grid_part_name(const XmlNode *owner, const XmlNode *node, Buf *buf)
{
    const XmlNode *path[XML_DEPTH_MAX + 1];
    int32_t depth = 0;
    for (; node != owner && node != NULL; node = node->parent) {
        if (entry_name(node).bytes > 0) path[depth++] = node;
    }
    while (depth-- > 0) {
        if (buf->bytes > 0) buf_char(buf, '.');
        buf_str(buf, entry_name(path[depth]));
    }
}

int32_t grid_part_named(const XmlNode *logic, Str name)
{
    int32_t number = 0, found = 0;
    Buf buf = buf_make(1 << 16);
    const XmlNode *node = logic;
    for (; node != NULL && found == 0; node = xml_walk(logic, node)) {
        if (!xml_is(node, "literalExpression")) continue;
        number++;
        buf_reset(&buf);
        grid_part_name(logic, node, &buf);
        bool is = !buf_full(&buf) && str_equal(buf_view(&buf), name);
        if (is && name.bytes > 0) found = number;
    }
    buf_free(&buf);
    return found;
}

int32_t grid_column(const Grid *grid, GridPart part, int32_t number)
{
    for (uint32_t i = 0; i < grid->column_count; i++) {
        if (grid->columns[i].part == part &&
            grid->columns[i].number == number) {
            return (int32_t)i;
        }
    }
    return -1;
}

static bool drop(Str *text, const char *with)
{
    Str rest = str_trim(*text);
    size_t bytes = strlen(with);
    if (rest.bytes < bytes || memcmp(rest.at, with, bytes) != 0) return false;
    *text = (Str){rest.at + bytes, rest.bytes - bytes};
    return true;
}

/* date("2026-01-01") or @"2026-01-01". */
static bool drop_date(Str *text, bool *ret_literal, Day *ret)
{
    enum { DAY_BYTES = 10 };
    *ret_literal = drop(text, "@");
    if (!*ret_literal && !(drop(text, "date") && drop(text, "("))) return false;
    if (!drop(text, "\"") || text->bytes <= DAY_BYTES) return false;
    if (!day_read((Str){text->at, DAY_BYTES}, ret)) return false;
    *text = (Str){text->at + DAY_BYTES, text->bytes - DAY_BYTES};
    return drop(text, "\"") && (*ret_literal || drop(text, ")"));
}

bool grid_span(Str cell, GridSpan *ret)
{
    bool second;
    *ret = (GridSpan){.from = DAY_MIN, .until = DAY_OPEN};
    if (drop(&cell, ">=")) {
        return drop_date(&cell, &ret->literal, &ret->from) &&
               str_trim(cell).bytes == 0;
    }
    if (drop(&cell, "<")) {
        return drop_date(&cell, &ret->literal, &ret->until) &&
               str_trim(cell).bytes == 0;
    }
    if (!drop(&cell, "[") || !drop_date(&cell, &ret->literal, &ret->from) ||
        !drop(&cell, "..") || !drop_date(&cell, &second, &ret->until)) {
        return false;
    }
    bool closed = drop(&cell, "]");
    if (!closed && !drop(&cell, ")") && !drop(&cell, "[")) return false;
    ret->until += closed;
    return str_trim(cell).bytes == 0;
}

static void write_day(Buf *buf, const GridSpan *span, Day day)
{
    buf_text(buf, span->literal ? "@\"" : "date(\"");
    day_write(buf, day);
    buf_text(buf, span->literal ? "\"" : "\")");
}

void grid_span_write(Buf *buf, const GridSpan *span)
{
    if (span->from == DAY_MIN && span->until == DAY_OPEN) {
        buf_text(buf, "-");
    } else if (span->until == DAY_OPEN) {
        buf_text(buf, ">= ");
        write_day(buf, span, span->from);
    } else if (span->from == DAY_MIN) {
        buf_text(buf, "< ");
        write_day(buf, span, span->until);
    } else {
        buf_text(buf, "[");
        write_day(buf, span, span->from);
        buf_text(buf, "..");
        write_day(buf, span, span->until);
        buf_text(buf, ")");
    }
}
