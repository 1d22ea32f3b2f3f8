#include "dmn/sheet.h"

#include "base/buf.h"
#include "dmn/model_int.h"

enum { BLOCKS_MAX = 4096, NEEDS_MAX = 256, TEXT_BYTES_MAX = 1 << 20 };

/* What is being read. */
typedef struct Reading {
    Arena *arena;
    Sheet *sheet;
    const XmlNode **nodes; /* of the items, by place */
    SheetBlock *blocks;    /* room for those of one item */
    int32_t block_count;
    const XmlNode *logic; /* of that item */
    const XmlNode *next;  /* in it, to be counted; NULL: none */
    int32_t parts;        /* that were counted */
} Reading;

static Err no_room(Diag *diag)
{
    diag_set(diag, "xml.large");
    return ERR_FULL;
}

static bool kind_of(const XmlNode *node, SheetKind *ret)
{
    static const char *const names[SHEET_KINDS] = {
        "inputData", "businessKnowledgeModel", "decision", "decisionService"};
    for (int kind = 0; kind < SHEET_KINDS; kind++) {
        if (!xml_is(node, names[kind])) continue;
        *ret = (SheetKind)kind;
        return true;
    }
    return false;
}

/* How far a line is indented. */
static size_t indent_of(Str line)
{
    size_t spaces = 0;
    while (spaces < line.bytes && line.at[spaces] == ' ') spaces++;
    return spaces;
}

/* Text without the indentation that it has in the file; lines stay lines. */
static Err outdent(Arena *arena, Str text, Str *ret)
{
    size_t least = SIZE_MAX;
    Str rest = str_trim(text), line;
    bool first = true;
    for (; str_split(&rest, '\n', &line); first = false) {
        if (first || str_trim(line).bytes == 0) continue;
        if (indent_of(line) < least) least = indent_of(line);
    }
    Buf buf = buf_make(TEXT_BYTES_MAX);
    rest = str_trim(text);
    for (first = true; str_split(&rest, '\n', &line); first = false) {
        if (!first) {
            size_t cut = line.bytes < least ? line.bytes : least;
            line = (Str){line.at + cut, line.bytes - cut};
            buf_char(&buf, '\n');
        }
        buf_str(&buf, line);
    }
    bool room = !buf_full(&buf) && str_try(arena, buf_view(&buf), ret);
    buf_free(&buf);
    return room ? OK : ERR_FULL;
}

/* A description is prose: its lines are one. */
static Err prose(Arena *arena, Str text, Str *ret)
{
    Buf buf = buf_make(TEXT_BYTES_MAX);
    Str rest = str_trim(text), line;
    while (str_split(&rest, '\n', &line)) {
        if (buf.bytes > 0) buf_char(&buf, ' ');
        buf_str(&buf, str_trim(line));
    }
    bool room = !buf_full(&buf) && str_try(arena, buf_view(&buf), ret);
    buf_free(&buf);
    return room ? OK : ERR_FULL;
}

/* The texts of all children of a name: <inputEntry><text>..</text>. */
static Err take_cells(Arena *arena, const XmlNode *rule, const char *name,
                      int32_t count, Str *ret)
{
    const XmlNode *entry = xml_child(rule, name);
    for (int32_t i = 0; i < count && entry != NULL; i++) {
        TRY(outdent(arena, dmn_text_of(entry), &ret[i]));
        entry = xml_next(entry);
    }
    return OK;
}

/* What a column is called: by its label, its name, or what it asks. */
static Err column_name(Arena *arena, const XmlNode *column, Str *ret)
{
    Str name = xml_attribute(column, "label");
    if (name.bytes == 0) name = xml_attribute(column, "name");
    if (name.bytes == 0) {
        name = dmn_text_of(xml_child(column, "inputExpression"));
    }
    return str_try(arena, name, ret) ? OK : ERR_FULL;
}

static Err name_columns(Arena *arena, const XmlNode *node, const char *name,
                        Str **at)
{
    const XmlNode *column = xml_child(node, name);
    for (; column != NULL; column = xml_next(column)) {
        TRY(column_name(arena, column, (*at)++));
    }
    return OK;
}

static Err make_room(Arena *arena, SheetTable *table, Str **ret_columns,
                     Str **ret_cells)
{
    table->column_count =
        table->input_count + table->output_count + table->note_count;
    size_t columns = (size_t)table->column_count;
    *ret_columns = ARENA_TRY_ARRAY(arena, Str, columns + 1);
    *ret_cells =
        ARENA_TRY_ARRAY(arena, Str, columns * (size_t)table->row_count + 1);
    table->columns = *ret_columns;
    table->cells = *ret_cells;
    return *ret_columns == NULL || *ret_cells == NULL ? ERR_FULL : OK;
}

static Err read_table(Arena *arena, const XmlNode *node, SheetTable *table)
{
    Str *columns, *cells;
    Str policy = xml_attribute(node, "hitPolicy");
    table->input_count = (int32_t)xml_count(node, "input");
    table->output_count = (int32_t)xml_count(node, "output");
    table->note_count = (int32_t)xml_count(node, "annotation");
    table->row_count = (int32_t)xml_count(node, "rule");
    TRY(make_room(arena, table, &columns, &cells));
    if (policy.bytes == 0) policy = STR("UNIQUE");
    bool room =
        str_try(arena, policy, &table->hit_policy) &&
        str_try(arena, xml_attribute(node, "aggregation"), &table->aggregation);
    if (!room) return ERR_FULL;
    Str *at = columns;
    TRY(name_columns(arena, node, "input", &at));
    Str *output = at;
    TRY(name_columns(arena, node, "output", &at));
    if (table->output_count == 1 && output->bytes == 0 &&
        !str_try(arena, xml_attribute(node, "outputLabel"), output)) {
        return ERR_FULL;
    }
    TRY(name_columns(arena, node, "annotation", &at));
    const XmlNode *rule = xml_child(node, "rule");
    for (; rule != NULL; rule = xml_next(rule)) {
        TRY(take_cells(arena, rule, "inputEntry", table->input_count, cells));
        cells += table->input_count;
        TRY(take_cells(arena, rule, "outputEntry", table->output_count, cells));
        cells += table->output_count;
        TRY(take_cells(arena, rule, "annotationEntry", table->note_count,
                       cells));
        cells += table->note_count;
    }
    return OK;
}

/* A relation: every cell is an expression, nearly always a literal one. */
static Err read_relation(Arena *arena, const XmlNode *node, SheetTable *table)
{
    Str *columns, *cells;
    table->output_count = (int32_t)xml_count(node, "column");
    table->row_count = (int32_t)xml_count(node, "row");
    TRY(make_room(arena, table, &columns, &cells));
    TRY(name_columns(arena, node, "column", &columns));
    const XmlNode *row = xml_child(node, "row");
    for (; row != NULL; row = xml_next(row), cells += table->column_count) {
        TRY(take_cells(arena, row, "literalExpression", table->column_count,
                       cells));
    }
    return OK;
}

/* What a child of a boxed expression is called in it. */
static Str label_of(const XmlNode *child)
{
    const XmlNode *named = xml_child(child, "variable");
    if (named == NULL) named = xml_child(child, "parameter");
    if (named != NULL) return xml_attribute(named, "name");
    return xml_is(child, "contextEntry") ? (Str){"", 0} : child->name;
}

/* The number of a literal expression; they are asked for in the order of the
 * text. */
static int32_t part_of(Reading *at, const XmlNode *node)
{
    while (at->next != NULL) {
        const XmlNode *seen = at->next;
        at->next = xml_walk(at->logic, seen);
        at->parts += xml_is(seen, "literalExpression");
        if (seen == node) return at->parts;
    }
    return 0;
}

/* That of a relation's first cell, if all cells are literal. */
static int32_t part_of_cells(Reading *at, const XmlNode *relation)
{
    uint32_t columns = xml_count(relation, "column");
    const XmlNode *first = xml_child(relation, "row");
    for (const XmlNode *row = first; row != NULL; row = xml_next(row)) {
        uint32_t cells = 0, literal = 0;
        for (const XmlNode *cell = row->first; cell != NULL;
             cell = cell->next) {
            cells += !xml_is(cell, "description") &&
                     !xml_is(cell, "extensionElements");
            literal += xml_is(cell, "literalExpression");
        }
        if (cells != columns || literal != columns) return 0;
    }
    if (first == NULL || columns == 0) return 0;
    return part_of(at, xml_child(first, "literalExpression"));
}

static Err read_logic(Reading *at, const XmlNode *node, Str label,
                      int32_t depth);

/* The expressions inside an expression, one deeper. */
static Err read_parts(Reading *at, const XmlNode *node, int32_t depth)
{
    const XmlNode *child = node->first;
    for (; child != NULL; child = child->next) {
        XmlNode alone = {.first = NULL};
        XmlNode copy = *child;
        copy.next = NULL;
        alone.first = &copy;
        if (dmn_logic_of(&alone) != NULL) {
            TRY(read_logic(at, child, (Str){"", 0}, depth + 1));
            continue;
        }
        const XmlNode *logic = dmn_logic_of(child);
        if (logic != NULL) {
            TRY(read_logic(at, logic, label_of(child), depth + 1));
        }
    }
    return OK;
}

static Err read_logic(Reading *at, const XmlNode *node, Str label,
                      int32_t depth)
{
    if (at->block_count == BLOCKS_MAX || depth > SHEET_DEPTH_MAX) {
        return ERR_FULL;
    }
    SheetBlock *block = &at->blocks[at->block_count++];
    *block = (SheetBlock){.depth = depth};
    bool room = str_try(at->arena, node->name, &block->form) &&
                str_try(at->arena, label, &block->label);
    if (!room) return ERR_FULL;
    if (xml_is(node, "literalExpression")) block->part = part_of(at, node);
    if (xml_is(node, "literalExpression") || xml_is(node, "unaryTests")) {
        return outdent(at->arena, dmn_text_of(node), &block->text);
    }
    bool table = xml_is(node, "decisionTable");
    if (table || xml_is(node, "relation")) {
        SheetTable *made = ARENA_TRY_NEW(at->arena, SheetTable);
        if (made == NULL) return ERR_FULL;
        block->table = made;
        if (!table) block->part = part_of_cells(at, node);
        return table ? read_table(at->arena, node, made)
                     : read_relation(at->arena, node, made);
    }
    return read_parts(at, node, depth);
}

/* Where the logic of an item stands: a knowledge model has it wrapped. */
static const XmlNode *logic_of(const XmlNode *node)
{
    const XmlNode *wrapped = xml_child(node, "encapsulatedLogic");
    return dmn_logic_of(wrapped != NULL ? wrapped : node);
}

static Err read_item(Reading *at, const XmlNode *node, SheetItem *item)
{
    Arena *arena = at->arena;
    const XmlNode *text = xml_child(node, "description");
    const XmlNode *variable = xml_child(node, "variable");
    item->line = node->line;
    bool room = str_try(arena, xml_attribute(node, "name"), &item->name) &&
                str_try(arena, xml_attribute(node, "id"), &item->id);
    if (variable != NULL) {
        room = room &&
               str_try(arena, xml_attribute(variable, "typeRef"), &item->type);
    }
    if (!room) return ERR_FULL;
    if (item->id.bytes == 0) item->id = item->name;
    if (text != NULL) TRY(prose(arena, text->text, &item->text));
    const XmlNode *logic = logic_of(node);
    if (logic == NULL) return OK;
    at->block_count = at->parts = 0;
    at->logic = at->next = logic;
    TRY(read_logic(at, logic, (Str){"", 0}, 0));
    SheetBlock *blocks =
        ARENA_TRY_ARRAY(arena, SheetBlock, (size_t)at->block_count);
    if (blocks == NULL) return ERR_FULL;
    memcpy(blocks, at->blocks, (size_t)at->block_count * sizeof *blocks);
    item->blocks = blocks;
    item->block_count = at->block_count;
    return OK;
}

/* A reference within this file, "#id"; others are no items. */
static int32_t referred(const Sheet *sheet, const XmlNode *reference)
{
    Str href = xml_attribute(reference, "href");
    if (href.bytes < 2 || href.at[0] != '#') return -1;
    return sheet_find(sheet, (Str){href.at + 1, href.bytes - 1});
}

/* Adds what a node refers to, but each only once. */
static void add_need(const Sheet *sheet, const XmlNode *reference,
                     int32_t *needs, int32_t *count)
{
    int32_t found = referred(sheet, reference);
    bool known = found < 0 || *count == NEEDS_MAX;
    for (int32_t i = 0; i < *count; i++) known = known || needs[i] == found;
    if (!known) needs[(*count)++] = found;
}

static Err read_needs(const Reading *at, const XmlNode *node, SheetItem *item)
{
    int32_t needs[NEEDS_MAX], count = 0;
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        bool inside = xml_is(child, "informationRequirement") ||
                      xml_is(child, "knowledgeRequirement");
        bool output = xml_is(child, "outputDecision");
        if (output) add_need(at->sheet, child, needs, &count);
        if (inside && child->first != NULL) {
            add_need(at->sheet, child->first, needs, &count);
        }
    }
    int32_t *kept = ARENA_TRY_ARRAY(at->arena, int32_t, (size_t)count + 1);
    if (kept == NULL) return ERR_FULL;
    memcpy(kept, needs, (size_t)count * sizeof *kept);
    item->needs = kept;
    item->need_count = count;
    return OK;
}

static Err read_items(Reading *at, const XmlNode *root, SheetItem *items)
{
    Sheet *sheet = at->sheet;
    SheetKind kind;
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        if (!kind_of(node, &kind)) continue;
        at->nodes[sheet->count] = node;
        items[sheet->count].kind = kind;
        TRY(read_item(at, node, &items[sheet->count]));
        sheet->count++;
    }
    for (int32_t i = 0; i < sheet->count; i++) {
        TRY(read_needs(at, at->nodes[i], &items[i]));
    }
    return OK;
}

Err sheet_read(Arena *arena, Str bytes, Diag *diag, Sheet *ret)
{
    const XmlNode *root;
    SheetKind kind;
    size_t count = 1;
    Arena *scratch CLEANUP(arena_closep) = arena_open(XML_BYTES_MAX * 4L);
    if (scratch == NULL) return no_room(diag);
    TRY(xml_read(scratch, bytes, diag, &root));
    if (!xml_is(root, "definitions")) {
        diag_set(diag, "dmn.not_dmn");
        return ERR_INVALID;
    }
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        count += kind_of(node, &kind);
    }
    SheetItem *items = ARENA_TRY_ARRAY(arena, SheetItem, count);
    *ret = (Sheet){.items = items};
    Reading reading = {
        .arena = arena,
        .sheet = ret,
        .nodes = ARENA_TRY_ARRAY(scratch, const XmlNode *, count),
        .blocks = ARENA_TRY_ARRAY(scratch, SheetBlock, BLOCKS_MAX)};
    bool room = items != NULL && reading.nodes != NULL &&
                reading.blocks != NULL &&
                str_try(arena, xml_attribute(root, "name"), &ret->name);
    if (!room || read_items(&reading, root, items) != OK) return no_room(diag);
    return OK;
}

int32_t sheet_find(const Sheet *sheet, Str id)
{
    for (int32_t i = 0; i < sheet->count; i++) {
        if (str_equal(sheet->items[i].id, id)) return i;
    }
    return -1;
}

int32_t sheet_named(const Sheet *sheet, SheetKind kind, Str name)
{
    for (int32_t i = 0; i < sheet->count; i++) {
        const SheetItem *item = &sheet->items[i];
        if (item->kind == kind && str_equal(item->name, name)) return i;
    }
    return -1;
}

void sheet_mark(const Sheet *sheet, int32_t item, bool *ret)
{
    ret[item] = true;
    /* each round marks what is one step further; there are no longer ways
     * than there are items */
    for (bool more = true; more;) {
        more = false;
        for (int32_t i = 0; i < sheet->count; i++) {
            for (int32_t n = 0; ret[i] && n < sheet->items[i].need_count; n++) {
                int32_t need = sheet->items[i].needs[n];
                more = more || !ret[need];
                ret[need] = true;
            }
        }
    }
}
