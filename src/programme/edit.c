#include "programme/edit.h"

#include <stdio.h>
#include <strings.h>

#include "codec/utf8.h"

enum {
    TREE_BYTES = 512 << 20,
    NUMBER_ROOM = 12,
    SPAN_ROOM = 64 /* a cell of two dates */
};

/* An edit at work: the document, and the part of it that is meant. */
typedef struct Editor {
    Arena *arena; /* of this edit alone */
    Str model;
    const Edit *edit;
    Diag *diag;
    const XmlNode *root;
    const XmlNode *owner; /* the decision */
    const XmlNode *logic;
    Grid grid; /* when the logic is a table */
    Buf out;
} Editor;

/* A refusal that names decision and row. */
static Err refuse(const Editor *on, const char *key, int32_t row)
{
    diag_set(on->diag, key);
    diag_arg(on->diag, on->edit->decision);
    diag_arg_int(on->diag, row);
    if (on->logic != NULL) diag_place(on->diag, NULL, on->logic->line, 1);
    return ERR_INVALID;
}

static void put(Editor *on, size_t from, size_t end)
{
    buf_add(&on->out, on->model.at + from, end - from);
}

/* "dmn:" as an element has it, or nothing. */
static Str prefix_of(const Editor *on, const XmlNode *node)
{
    const char *name = on->model.at + node->begin + 1;
    size_t bytes = 0;
    while (strchr(" \t\r\n/>:", name[bytes]) == NULL) bytes++;
    return (Str){name, name[bytes] == ':' ? bytes + 1 : 0};
}

static void put_tag(Editor *on, const char *name, const char *id)
{
    buf_format(&on->out, "<%.*s%s", STR_ARG(prefix_of(on, on->logic)), name);
    if (id != NULL) buf_format(&on->out, " id=\"%s\"", id);
    buf_char(&on->out, '>');
}

static void put_end(Editor *on, const char *name)
{
    buf_format(&on->out, "</%.*s%s>", STR_ARG(prefix_of(on, on->logic)), name);
}

static void put_text(Editor *on, Str value)
{
    put_tag(on, "text", NULL);
    xml_write_text(&on->out, value);
    put_end(on, "text");
}

/* The text with another inside of an element, which may be <empty/>. */
static void put_inside(Editor *on, const XmlNode *node, const char *name,
                       bool is_text, Str value)
{
    bool empty = node->end == node->inner;
    put(on, 0, empty ? node->inner - 2 : node->inner);
    if (empty) buf_char(&on->out, '>');
    if (is_text) {
        xml_write_text(&on->out, value);
    } else {
        put_text(on, value);
    }
    if (empty) { /* it may have another prefix than what is around it */
        buf_format(&on->out, "</%.*s%s>", STR_ARG(prefix_of(on, node)), name);
    }
    put(on, empty ? node->inner : node->inner_end, on->model.bytes);
}

static bool is_blank(Str text)
{
    return str_trim(text).bytes == 0;
}

/* Where the line of an element begins, with the line end before it; the
 * element itself when something else stands before it on the line. */
static size_t lead_of(const Editor *on, const XmlNode *node)
{
    size_t at = node->begin;
    while (at > 0 &&
           (on->model.at[at - 1] == ' ' || on->model.at[at - 1] == '\t')) {
        at--;
    }
    if (at == 0 || on->model.at[at - 1] != '\n') return node->begin;
    at--;
    if (at > 0 && on->model.at[at - 1] == '\r') at--;
    return at;
}

static Str lead_text(const Editor *on, const XmlNode *node)
{
    size_t from = lead_of(on, node);
    return (Str){on->model.at + from, node->begin - from};
}

/* The last child before a place, or NULL. */
static const XmlNode *child_before(const XmlNode *parent, const XmlNode *node)
{
    const XmlNode *found = NULL;
    for (const XmlNode *child = parent->first; child != NULL && child != node;
         child = child->next) {
        found = child;
    }
    return found;
}

/*
 * Where a row ends: at the end of its line, so that a comment behind it on
 * the line stays with it; at its tag's end when another element follows
 * on the line. A comment may go over lines.
 */
static size_t cut_after(const Editor *on, const XmlNode *node)
{
    static const char comment[] = "<!--", comment_end[] = "-->";
    const char *end = on->model.at + on->logic->inner_end;
    const char *at = on->model.at + node->end;
    while (at < end) {
        if (*at == '\n') {
            if (at[-1] == '\r') at--;
            return (size_t)(at - on->model.at);
        }
        if (*at == '<') {
            bool is_comment = end - at > 4 && memcmp(at, comment, 4) == 0;
            if (!is_comment) break;
            while (at < end && memcmp(at, comment_end, 3) != 0) at++;
            at += 2;
        }
        at++;
    }
    return node->end;
}

/* Where a row begins: what stands between it and the element before it, its
 * comments, belongs to it. */
static size_t cut_before(const Editor *on, const XmlNode *node)
{
    const XmlNode *before = child_before(on->logic, node);
    return before == NULL ? lead_of(on, node) : cut_after(on, before);
}

static bool has_cells(const Editor *on)
{
    const Edit *edit = on->edit;
    for (size_t i = 0; i < edit->cell_count; i++) {
        Str cell = edit->cells[i];
        if (cell.bytes > EDIT_TEXT_BYTES_MAX || !utf8_valid(cell)) return false;
        for (size_t c = 0; c < cell.bytes; c++) {
            unsigned char byte = (unsigned char)cell.at[c];
            if (byte < ' ' && strchr("\t\n\r", byte) == NULL) return false;
            if (byte == 0) return false;
        }
    }
    return edit->cell_count <= EDIT_CELLS_MAX;
}

static Err need_table(const Editor *on)
{
    return xml_is(on->logic, "decisionTable") ? OK
                                              : refuse(on, "edit.no_table", 0);
}

static Err need_row(const Editor *on, int32_t row)
{
    if (row >= 1 && (uint32_t)row <= on->grid.row_count) return OK;
    Err err = refuse(on, "edit.no_row", row);
    diag_arg_int(on->diag, (int64_t)on->grid.row_count);
    return err;
}

/* A cell must say something, unless it is an annotation. */
static Err need_text(const Editor *on, GridPart part, Str text, int32_t row)
{
    if (part == GRID_NOTE || !is_blank(text)) return OK;
    if (row == 0) return refuse(on, "edit.empty_text", row);
    return refuse(on, part == GRID_INPUT ? "edit.empty_input" : "edit.empty",
                  row);
}

/* A row that lacks annotations gets them up to the one that is set. */
static void add_notes(Editor *on, const GridRow *row, int32_t column)
{
    int32_t have = (int32_t)xml_count(row->node, "annotationEntry");
    const XmlNode *last = child_before(row->node, NULL);
    CHECK(last != NULL); /* its result, at least */
    put(on, 0, last->end);
    for (int32_t i = have + 1; i <= column; i++) {
        buf_str(&on->out, lead_text(on, last));
        put_tag(on, "annotationEntry", NULL);
        put_text(on, i == column ? on->edit->cells[0] : STR(""));
        put_end(on, "annotationEntry");
    }
    put(on, last->end, on->model.bytes);
}

static Err edit_cell(Editor *on)
{
    static const char *const names[] = {"inputEntry", "outputEntry",
                                        "annotationEntry"};
    const Edit *edit = on->edit;
    int32_t column = grid_column(&on->grid, edit->part, edit->column);
    TRY(need_row(on, edit->row));
    if (edit->cell_count != 1) return refuse(on, "edit.cells", edit->row);
    if (column < 0) {
        Err err = refuse(on, "edit.no_column", edit->row);
        diag_arg_int(on->diag, edit->column);
        return err;
    }
    TRY(need_text(on, edit->part, edit->cells[0], edit->row));
    const GridRow *row = &on->grid.rows[edit->row - 1];
    const XmlNode *entry = row->cells[column].node;
    if (entry == NULL && edit->part == GRID_NOTE && row->node->first != NULL) {
        add_notes(on, row, edit->column);
        return OK;
    }
    if (entry == NULL) return refuse(on, "edit.cells", edit->row);
    const XmlNode *text = xml_child(entry, "text");
    put_inside(on, text == NULL ? entry : text,
               text == NULL ? names[edit->part] : "text", text != NULL,
               edit->cells[0]);
    return OK;
}

static const char *find_text(Str text, const char *what)
{
    size_t bytes = strlen(what);
    for (size_t i = 0; i + bytes <= text.bytes; i++) {
        if (memcmp(text.at + i, what, bytes) == 0) return text.at + i;
    }
    return NULL;
}

/* A number for ids of a new row that no id of the model has yet. */
static int64_t free_number(const Editor *on)
{
    static const char word[] = "\"row_";
    const char *end = on->model.at + on->model.bytes, *at = on->model.at;
    int64_t most = 0;
    while ((at = find_text((Str){at, (size_t)(end - at)}, word)) != NULL) {
        at += sizeof word - 1;
        size_t bytes = 0;
        int64_t number;
        while (at + bytes < end && at[bytes] >= '0' && at[bytes] <= '9') {
            bytes++;
        }
        bool small = bytes < NUMBER_ROOM; /* a longer one cannot be taken */
        if (small && str_to_int((Str){at, bytes}, &number) && number > most) {
            most = number;
        }
    }
    return most + 1;
}

/* Writes a row in the layout of another; `cells` are all or the first. */
static void put_row(Editor *on, const XmlNode *like, const Str *cells,
                    size_t count)
{
    static const char *const names[] = {"inputEntry", "outputEntry",
                                        "annotationEntry"};
    char id[4 * NUMBER_ROOM];
    bool ids = like != NULL && xml_has(like, "id");
    int64_t number = ids ? free_number(on) : 0;
    Str lead = {"", 0};
    if (like != NULL && like->first != NULL) lead = lead_text(on, like->first);
    snprintf(id, sizeof id, "row_%lld", (long long)number);
    put_tag(on, "rule", ids ? id : NULL);
    for (uint32_t i = 0; i < on->grid.column_count; i++) {
        GridPart part = on->grid.columns[i].part;
        bool entry_ids = ids && part != GRID_NOTE;
        snprintf(id, sizeof id, "row_%lld_%u", (long long)number,
                 (unsigned)i + 1);
        buf_str(&on->out, lead);
        put_tag(on, names[part], entry_ids ? id : NULL);
        put_text(on, i < count ? cells[i] : STR(""));
        put_end(on, names[part]);
    }
    if (lead.bytes > 0) buf_str(&on->out, lead_text(on, like));
    put_end(on, "rule");
}

/* Puts a row behind another, or before all; the model's text up to `until`
 * is written already, that from `until` on is not. */
static void insert_row(Editor *on, int32_t after, const Str *cells,
                       size_t count, size_t until)
{
    const Grid *grid = &on->grid;
    if (grid->row_count == 0) {
        const XmlNode *last = child_before(on->logic, NULL);
        size_t at = last == NULL ? on->logic->inner : last->end;
        put(on, until, at);
        if (last != NULL) buf_str(&on->out, lead_text(on, last));
        put_row(on, NULL, cells, count);
        put(on, at, on->model.bytes);
        return;
    }
    const XmlNode *like = grid->rows[after > 0 ? after - 1 : 0].node;
    size_t at = after > 0 ? cut_after(on, like) : cut_before(on, like);
    put(on, until, at);
    buf_str(&on->out, lead_text(on, like));
    put_row(on, like, cells, count);
    put(on, at, on->model.bytes);
}

static Err edit_row_add(Editor *on)
{
    const Edit *edit = on->edit;
    const Grid *grid = &on->grid;
    if (edit->row != 0) TRY(need_row(on, edit->row));
    if (edit->cell_count > grid->column_count) {
        return refuse(on, "edit.cells", edit->row);
    }
    for (uint32_t i = 0; i < grid->column_count; i++) {
        Str cell = i < edit->cell_count ? edit->cells[i] : STR("");
        TRY(need_text(on, grid->columns[i].part, cell, edit->row + 1));
    }
    insert_row(on, edit->row, edit->cells, edit->cell_count, 0);
    return OK;
}

static Err edit_row_remove(Editor *on)
{
    TRY(need_row(on, on->edit->row));
    if (on->grid.row_count == 1) return refuse(on, "edit.last_row", 1);
    const XmlNode *row = on->grid.rows[on->edit->row - 1].node;
    put(on, 0, lead_of(on, row));
    put(on, row->end, on->model.bytes);
    return OK;
}

static Err edit_row_move(Editor *on)
{
    const Edit *edit = on->edit;
    TRY(need_row(on, edit->row));
    TRY(need_row(on, edit->to));
    if (edit->row == edit->to) return refuse(on, "edit.same_place", edit->row);
    const XmlNode *row = on->grid.rows[edit->row - 1].node;
    const XmlNode *other = on->grid.rows[edit->to - 1].node;
    size_t from = cut_before(on, row), end = cut_after(on, row);
    bool down = edit->to > edit->row;
    size_t at = down ? cut_after(on, other) : cut_before(on, other);
    put(on, 0, down ? from : at);
    if (down) {
        put(on, end, at);
        put(on, from, end);
        put(on, at, on->model.bytes);
    } else {
        put(on, from, end);
        put(on, at, from);
        put(on, end, on->model.bytes);
    }
    return OK;
}

static Err edit_expression(Editor *on, const XmlNode *literal)
{
    if (on->edit->cell_count != 1) return refuse(on, "edit.cells", 0);
    TRY(need_text(on, GRID_OUTPUT, on->edit->cells[0], 0));
    const XmlNode *text = xml_child(literal, "text");
    put_inside(on, text == NULL ? literal : text,
               text == NULL ? "literalExpression" : "text", text != NULL,
               on->edit->cells[0]);
    return OK;
}

static Err edit_text(Editor *on)
{
    if (!xml_is(on->logic, "literalExpression")) {
        return refuse(on, "edit.no_expression", 0);
    }
    return edit_expression(on, on->logic);
}

/* An expression inside of a context, a list, an invocation, a relation. */
static Err edit_part(Editor *on)
{
    const Edit *edit = on->edit;
    int32_t number = edit->row;
    if (number == 0) number = grid_part_named(on->logic, edit->entry);
    const XmlNode *part = grid_part(on->logic, number);
    if (number > 0 && part != NULL) return edit_expression(on, part);
    (void)refuse(on, edit->row == 0 ? "edit.no_entry" : "edit.no_part",
                 edit->row);
    diag_arg(on->diag, edit->entry);
    return ERR_INVALID;
}

static Err edit_logic(Editor *on)
{
    if (on->edit->cell_count != 1) return refuse(on, "edit.cells", 0);
    TRY(need_text(on, GRID_OUTPUT, on->edit->cells[0], 0));
    put(on, 0, on->logic->begin);
    put_tag(on, "literalExpression", NULL);
    put_text(on, on->edit->cells[0]);
    put_end(on, "literalExpression");
    put(on, on->logic->end, on->model.bytes);
    return OK;
}

/* The input of dates, and the row that holds on the day. */
static Err find_span(const Editor *on, uint32_t *ret_column, int32_t *ret_row,
                     GridSpan *ret)
{
    const Edit *edit = on->edit;
    const Grid *grid = &on->grid;
    bool dated = false;
    *ret_row = 0;
    for (uint32_t r = 0; r < grid->row_count; r++) {
        GridSpan span;
        uint32_t c = 0;
        while (c < grid->column_count && grid->columns[c].part == GRID_INPUT &&
               !grid_span(grid->rows[r].cells[c].text, &span)) {
            c++;
        }
        if (c == grid->column_count || grid->columns[c].part != GRID_INPUT)
            continue;
        dated = true;
        bool meant = edit->row == 0 || edit->row == (int32_t)r + 1;
        if (!meant || edit->since < span.from || edit->since >= span.until)
            continue;
        if (*ret_row != 0) return refuse(on, "edit.since_many", *ret_row);
        *ret_row = (int32_t)r + 1;
        *ret_column = c;
        *ret = span;
    }
    if (!dated) return refuse(on, "edit.since_undated", edit->row);
    if (*ret_row == 0) return refuse(on, "edit.since_none", edit->row);
    if (ret->from != edit->since) return OK;
    return refuse(on, "edit.since_taken", *ret_row);
}

/* The cells of the row from that day on: the other inputs are as they were,
 * then comes what the edit says. */
static Err since_cells(Editor *on, int32_t row, uint32_t column, Str span,
                       Str *ret, size_t *ret_count)
{
    const Grid *grid = &on->grid;
    const Edit *edit = on->edit;
    uint32_t inputs = xml_count(grid->table, "input");
    if (inputs + edit->cell_count > grid->column_count ||
        edit->cell_count < xml_count(grid->table, "output")) {
        return refuse(on, "edit.cells", row);
    }
    for (uint32_t i = 0; i < inputs; i++) {
        ret[i] = i == column ? span : grid->rows[row - 1].cells[i].text;
    }
    for (size_t i = 0; i < edit->cell_count; i++) {
        TRY(need_text(on, grid->columns[inputs + i].part, edit->cells[i],
                      row + 1));
        ret[inputs + i] = edit->cells[i];
    }
    *ret_count = inputs + edit->cell_count;
    return OK;
}

static Err edit_since(Editor *on)
{
    uint32_t column = 0;
    int32_t row;
    GridSpan span;
    size_t count = 0;
    char room[SPAN_ROOM];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    TRY(find_span(on, &column, &row, &span));
    GridSpan before = span, behind = span;
    before.until = behind.from = on->edit->since;
    grid_span_write(&text, &behind);
    Str *cells = ARENA_ARRAY(on->arena, Str, on->grid.column_count + 1);
    TRY(since_cells(on, row, column, str_copy(on->arena, buf_view(&text)),
                    cells, &count));
    const GridCell *cell = &on->grid.rows[row - 1].cells[column];
    const XmlNode *old = xml_child(cell->node, "text");
    put(on, 0, old->inner);
    buf_reset(&text);
    grid_span_write(&text, &before);
    xml_write_text(&on->out, buf_view(&text));
    insert_row(on, row, cells, count, old->inner_end);
    return OK;
}

/* Only UTF-8 can be put together with what people type here. */
static Err need_utf8(const Editor *on)
{
    Str model = on->model;
    static const char word[] = "encoding=";
    const char *end = memchr(model.at, '>', model.bytes);
    size_t head = end == NULL ? 0 : (size_t)(end - model.at);
    const char *at = find_text((Str){model.at, head}, word);
    bool fits = utf8_valid(model) && memchr(model.at, 0, model.bytes) == NULL;
    if (fits && at != NULL && memcmp(model.at, "<?xml", 5) == 0) {
        at += sizeof word; /* and the quote */
        fits = head - (size_t)(at - model.at) >= 5 &&
               strncasecmp(at, "utf-8", 5) == 0;
    }
    if (fits) return OK;
    diag_set(on->diag, "edit.encoding");
    return ERR_INVALID;
}

static Err find(Editor *on)
{
    const XmlNode *element = grid_element(on->root, on->edit->decision);
    if (element != NULL) {
        on->owner = grid_owner(element);
        on->logic = grid_logic(element);
    }
    if (on->logic == NULL) {
        diag_set(on->diag, "edit.none");
        diag_arg(on->diag, on->edit->decision);
        return ERR_NOT_FOUND;
    }
    bool in_row = on->edit->row > 0 && on->edit->what != EDIT_PART;
    if (!has_cells(on)) {
        return refuse(on, in_row ? "edit.characters" : "edit.characters_text",
                      on->edit->row);
    }
    bool table = on->edit->what != EDIT_TEXT && on->edit->what != EDIT_PART &&
                 on->edit->what != EDIT_LOGIC;
    if (!table) return OK;
    TRY(need_table(on));
    return grid_read(on->arena, on->logic, on->diag, &on->grid);
}

static Err apply(Editor *on)
{
    TRY(need_utf8(on));
    TRY(xml_read(on->arena, on->model, on->diag, &on->root));
    TRY(find(on));
    switch (on->edit->what) {
    case EDIT_CELL:
        return edit_cell(on);
    case EDIT_ROW_ADD:
        return edit_row_add(on);
    case EDIT_ROW_REMOVE:
        return edit_row_remove(on);
    case EDIT_ROW_MOVE:
        return edit_row_move(on);
    case EDIT_TEXT:
        return edit_text(on);
    case EDIT_PART:
        return edit_part(on);
    case EDIT_LOGIC:
        return edit_logic(on);
    case EDIT_SINCE:
        return edit_since(on);
    }
    return ERR_INVALID;
}

Err edit_apply(Arena *arena, Str model, const Edit *edit, Diag *diag, Str *ret)
{
    Arena *own CLEANUP(arena_closep) = arena_open(TREE_BYTES);
    Diag unheard;
    Editor on = {.arena = own,
                 .model = model,
                 .edit = edit,
                 .diag = diag == NULL ? &unheard : diag,
                 .out = buf_make(XML_BYTES_MAX)};
    Err err = apply(&on);
    if (err == OK &&
        (buf_full(&on.out) || !str_try(arena, buf_view(&on.out), ret))) {
        diag_set(on.diag, "xml.large");
        err = ERR_FULL;
    }
    buf_free(&on.out);
    return err;
}

/* The byte at a line and column of a text, or its end. */
static size_t byte_at(Str text, int32_t line, int32_t column)
{
    size_t at = 0;
    for (; at < text.bytes && line > 1; at++) line -= text.at[at] == '\n';
    for (; at < text.bytes && column > 1 && text.at[at] != '\n'; column--) {
        at++;
        while (at < text.bytes && ((unsigned char)text.at[at] & 0xC0) == 0x80)
            at++;
    }
    return at;
}

/* The innermost element around a byte. */
static const XmlNode *node_at(const XmlNode *root, size_t at)
{
    const XmlNode *node = root, *found = root;
    while (node != NULL) {
        bool inside = at >= node->begin && at < node->end;
        if (inside) found = node;
        node = inside && node->first != NULL ? node->first : node->next;
    }
    return found;
}

static Err place_in_row(Arena *arena, const XmlNode *rule, size_t at,
                        EditPlace *ret)
{
    Grid grid;
    Diag diag;
    TRY(grid_read(arena, rule->parent, &diag, &grid));
    for (uint32_t r = 0; r < grid.row_count; r++) {
        if (grid.rows[r].node != rule) continue;
        ret->row = (int32_t)r + 1;
        for (uint32_t c = 0; c < grid.column_count; c++) {
            const XmlNode *cell = grid.rows[r].cells[c].node;
            if (cell == NULL || at < cell->begin || at >= cell->end) continue;
            ret->part = grid.columns[c].part;
            ret->column = grid.columns[c].number;
            ret->label = grid.columns[c].label;
        }
    }
    return OK;
}

Err edit_place(Arena *arena, Str model, int32_t line, int32_t column,
               EditPlace *ret)
{
    const XmlNode *root;
    Diag diag;
    *ret = (EditPlace){.row = 0};
    TRY(xml_read(arena, model, &diag, &root));
    size_t at = byte_at(model, line, column);
    const XmlNode *node = node_at(root, at), *owner = grid_owner(node);
    if (owner == NULL) return OK;
    ret->decision = str_trim(xml_attribute(owner, "name"));
    const XmlNode *rule = node;
    while (rule != owner && !xml_is(rule, "rule")) rule = rule->parent;
    if (rule != owner) return place_in_row(arena, rule, at, ret);
    Buf name = buf_make(1 << 12);
    grid_part_name(owner, node, &name);
    bool room = str_try(arena, buf_view(&name), &ret->label);
    buf_free(&name);
    return room ? OK : ERR_FULL;
}

const char *edit_place_key(const EditPlace *place)
{
    bool labelled = place->label.bytes > 0;
    if (place->column > 0) return labelled ? "edit.in_cell" : "edit.in_column";
    if (place->row > 0) return "edit.in_row";
    return labelled ? "edit.in_entry" : "edit.in_decision";
}

Err edit_check(Arena *arena, const DmnSource *sources, size_t count,
               const Citations *citations, Diag *diag, DmnCheck *ret,
               EditPlace *ret_place)
{
    *ret = (DmnCheck){.count = 0};
    *ret_place = (EditPlace){.row = 0};
    TRY(dmn_check(arena, sources, count, diag, ret));
    TRY(basis_check(arena, sources[0].name, sources[0].bytes, citations, diag,
                    ret));
    for (size_t i = 0; i < ret->count; i++) {
        const DmnFinding *found = &ret->findings[i];
        if (found->severity != DMN_ERROR) continue;
        *diag = found->diag;
        TRY(edit_place(arena, sources[0].bytes, diag->line, diag->column,
                       ret_place));
        if (ret_place->row == 0) ret_place->row = found->row;
        if (ret_place->decision.bytes == 0)
            ret_place->decision = found->decision;
        return ERR_INVALID;
    }
    return OK;
}

Err edit_check_in(Arena *arena, const Pack *pack, Str path, Str text,
                  Diag *diag, DmnCheck *ret, EditPlace *ret_place)
{
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    size_t count = pack_sources(arena, pack, path, sources);
    *ret = (DmnCheck){.count = 0};
    *ret_place = (EditPlace){.row = 0};
    if (sources[0].name == NULL) return ERR_NOT_FOUND;
    sources[0].bytes = text;
    return edit_check(arena, sources, count, &pack->citations, diag, ret,
                      ret_place);
}
