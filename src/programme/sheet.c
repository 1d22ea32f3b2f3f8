#include "programme/sheet.h"

static Str label_of(const XmlNode *clause, SheetPart part)
{
    Str label = xml_attribute(clause, "label");
    if (part != SHEET_INPUT && label.bytes == 0) {
        label = xml_attribute(clause, "name");
    }
    if (part != SHEET_INPUT || label.bytes > 0) return label;
    const XmlNode *expression = xml_child(clause, "inputExpression");
    if (expression == NULL) return label;
    const XmlNode *text = xml_child(expression, "text");
    return text == NULL ? label : str_trim(text->text);
}

/* What the entries and clauses of each part are called. */
static const char *const entry_names[] = {"inputEntry", "outputEntry",
                                          "annotationEntry"};
static const char *const clause_names[] = {"input", "output", "annotation"};

static void read_columns(Sheet *sheet)
{
    for (int part = SHEET_INPUT; part <= SHEET_NOTE; part++) {
        int32_t number = 0;
        for (const XmlNode *clause =
                 xml_child(sheet->table, clause_names[part]);
             clause != NULL; clause = xml_next(clause)) {
            sheet->columns[sheet->column_count++] =
                (SheetColumn){(SheetPart)part, ++number,
                              label_of(clause, (SheetPart)part), clause};
        }
    }
}

static void read_row(const Sheet *sheet, SheetRow *row)
{
    const XmlNode *entry = NULL;
    for (uint32_t i = 0; i < sheet->column_count; i++) {
        const SheetColumn *column = &sheet->columns[i];
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

Err sheet_read(Arena *arena, const XmlNode *table, Diag *diag, Sheet *ret)
{
    size_t columns = (size_t)xml_count(table, "input") +
                     xml_count(table, "output") +
                     xml_count(table, "annotation");
    size_t rows = xml_count(table, "rule");
    *ret = (Sheet){.table = table};
    ret->columns = ARENA_TRY_ARRAY(arena, SheetColumn, columns + 1);
    ret->rows = ARENA_TRY_ARRAY(arena, SheetRow, rows + 1);
    SheetCell *cells = NULL;
    if (rows < XML_NODES_MAX && columns < XML_NODES_MAX) {
        cells = ARENA_TRY_ARRAY(arena, SheetCell, rows * columns + 1);
    }
    if (ret->columns == NULL || ret->rows == NULL || cells == NULL) {
        diag_set(diag, "xml.large");
        return ERR_FULL;
    }
    read_columns(ret);
    for (const XmlNode *rule = xml_child(table, "rule"); rule != NULL;
         rule = xml_next(rule), cells += columns) {
        SheetRow *row = &ret->rows[ret->row_count++];
        *row = (SheetRow){rule, cells};
        read_row(ret, row);
    }
    return OK;
}

const XmlNode *sheet_walk(const XmlNode *root, const XmlNode *node)
{
    if (node->first != NULL) return node->first;
    while (node != root && node->next == NULL) node = node->parent;
    return node == root ? NULL : node->next;
}

static bool decides(const XmlNode *node)
{
    return xml_is(node, "decision") || xml_is(node, "businessKnowledgeModel");
}

const XmlNode *sheet_owner(const XmlNode *node)
{
    while (node != NULL && !decides(node)) node = node->parent;
    return node;
}

const XmlNode *sheet_element(const XmlNode *root, Str name)
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
         node = sheet_walk(root, node)) {
        if (str_equal(xml_attribute(node, "id"), name) &&
            sheet_owner(node) != NULL) {
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

const XmlNode *sheet_logic(const XmlNode *element)
{
    if (is_logic(element)) return element;
    const XmlNode *node = element->first;
    while (node != NULL) {
        if (is_logic(node)) return node;
        node = xml_is(node, "encapsulatedLogic") ? node->first : node->next;
    }
    return NULL;
}

int32_t sheet_column(const Sheet *sheet, SheetPart part, int32_t number)
{
    for (uint32_t i = 0; i < sheet->column_count; i++) {
        if (sheet->columns[i].part == part &&
            sheet->columns[i].number == number) {
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

bool sheet_span(Str cell, SheetSpan *ret)
{
    bool second;
    *ret = (SheetSpan){.from = DAY_MIN, .until = DAY_OPEN};
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

static void write_day(Buf *buf, const SheetSpan *span, Day day)
{
    buf_text(buf, span->literal ? "@\"" : "date(\"");
    day_write(buf, day);
    buf_text(buf, span->literal ? "\"" : "\")");
}

void sheet_span_write(Buf *buf, const SheetSpan *span)
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
