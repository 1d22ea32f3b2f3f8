/*
 * Tells the differences of two versions: for people, and as JSON.
 */
#include "programme/diff.h"

#include "text/number.h"

enum { SENTENCE_BYTES = 1 << 20, DAY_ROOM = 16, FORM_ROOM = 64 };

static const char *const change_names[DIFF_WHATS] = {
    "added",        "removed",          "renamed",   "description",
    "requires",     "requires_no_more", "logic",     "policy",
    "column_added", "column_removed",   "dated",     "row_added",
    "row_removed",  "row_changed",      "row_moved", "part",
    "order"};

/* A sentence at work. */
typedef struct Teller {
    Buf *out;
    const TextStyle *style;
    const ModelWords *words;
    const DiffItem *item;
} Teller;

static void put_value(const Teller *to, Str value)
{
    if (value.at == NULL || value.bytes == 0) {
        buf_str(to->out, text_get(to->style, "diff.nothing"));
    } else {
        text_write_isolated(to->out, to->style, value);
    }
}

/* "1320 -> 1400", in the order of the language. */
static void put_pair(const Teller *to, Str old, Str now)
{
    Str nothing = text_get(to->style, "diff.nothing");
    TextArg args[] = {TEXT_STR("old", old.bytes == 0 ? nothing : old),
                      TEXT_STR("now", now.bytes == 0 ? nothing : now)};
    text_write(to->out, to->style, STR("diff.pair"), args, 2);
}

/* Words that something follows. */
static void put_words(const Teller *to, const char *key)
{
    buf_str(to->out, text_get(to->style, key));
    buf_char(to->out, ' ');
}

static void put_separator(const Teller *to, bool *first)
{
    if (!*first) put_words(to, "diff.between");
    *first = false;
}

static void put_label(const Teller *to, const GridColumn *column)
{
    Str label = words_column(to->style, to->words, column);
    if (label.bytes > 0) {
        text_write_isolated(to->out, to->style, label);
    } else {
        buf_str(to->out, text_get(to->style, "diff.result"));
    }
    buf_text(to->out, ": ");
}

/* The cells of a row that came or went, or those in which it changed. */
static void put_cells(const Teller *to)
{
    const DiffItem *item = to->item;
    bool changed = item->what == DIFF_ROW_CHANGED, first = true;
    for (uint32_t i = 0; i < item->cell_count; i++) {
        const DiffCell *cell = &item->cells[i];
        bool note = cell->column->part == GRID_NOTE;
        if (changed ? str_equal(cell->old, cell->now) : note) continue;
        put_separator(to, &first);
        put_label(to, cell->column);
        if (changed) {
            put_pair(to, cell->old, cell->now);
        } else {
            put_value(to, item->row > 0 ? cell->now : cell->old);
        }
    }
}

/* What the row rests on: its annotations, in words. */
static void put_citation(const Teller *to)
{
    const DiffItem *item = to->item;
    bool first = true;
    for (uint32_t i = 0; i < item->cell_count; i++) {
        const DiffCell *cell = &item->cells[i];
        Str text = item->row > 0 ? cell->now : cell->old;
        if (cell->column->part != GRID_NOTE || text.bytes == 0) continue;
        if (first) buf_text(to->out, " (");
        put_separator(to, &first);
        text_write_isolated(
            to->out, to->style,
            words_note_cell(to->style, to->words, cell->column->label, text));
    }
    if (!first) buf_char(to->out, ')');
}

static void put_dated(const Teller *to)
{
    const DiffItem *item = to->item;
    char from_room[DAY_ROOM], until_room[DAY_ROOM];
    Buf from = {
        .at = from_room, .room_bytes = DAY_ROOM, .limit_bytes = DAY_ROOM};
    Buf until = {
        .at = until_room, .room_bytes = DAY_ROOM, .limit_bytes = DAY_ROOM};
    const char *key = "diff.always";
    if (item->from != DAY_MIN) {
        day_write(&from, item->from);
        key = item->until == DAY_OPEN ? "diff.from" : "diff.from_until";
    } else if (item->until != DAY_OPEN) {
        key = "diff.until";
    }
    if (item->until != DAY_OPEN) day_write(&until, item->until);
    TextArg args[] = {TEXT_STR("from", buf_view(&from)),
                      TEXT_STR("until", buf_view(&until))};
    text_write(to->out, to->style, str_of(key), args, 2);
    buf_char(to->out, ' ');
    put_pair(to, item->old, item->now);
    put_citation(to);
}

static void put_row(const Teller *to, const char *key)
{
    TextArg args[] = {TEXT_INT("row", to->item->row),
                      TEXT_INT("old_row", to->item->old_row)};
    text_write(to->out, to->style, str_of(key), args, 2);
    buf_char(to->out, ' ');
    put_cells(to);
    put_citation(to);
}

/* A text about the item with one value. */
static void put_about(const Teller *to, const char *key, Str value)
{
    TextArg arg = TEXT_STR("0", value);
    text_write(to->out, to->style, str_of(key), &arg, 1);
}

static void put_form(const Teller *to)
{
    Str form[] = {to->item->old, to->item->now}, words[2];
    for (int i = 0; i < 2; i++) {
        char key[FORM_ROOM];
        words[i] = text_get(to->style, "diff.nothing");
        if (form[i].bytes == 0) continue;
        snprintf(key, sizeof key, "diff.form.%.*s", STR_ARG(form[i]));
        words[i] = text_has(to->style->texts, str_of(key))
                       ? text_get(to->style, key)
                       : form[i];
    }
    put_words(to, "diff.form");
    put_pair(to, words[0], words[1]);
}

static void put_part(const Teller *to)
{
    if (to->item->label.bytes > 0) {
        text_write_isolated(to->out, to->style, to->item->label);
        buf_text(to->out, ": ");
    }
    put_pair(to, to->item->old, to->item->now);
}

void diff_write_item(Buf *buf, const TextStyle *style, const ModelWords *words,
                     const DiffItem *item)
{
    Teller to = {buf, style, words, item};
    switch (item->what) {
    case DIFF_ADDED:
        buf_str(buf, text_get(style, "diff.added"));
        break;
    case DIFF_REMOVED:
        buf_str(buf, text_get(style, "diff.removed"));
        break;
    case DIFF_RENAMED:
        put_about(&to, "diff.renamed", item->old);
        break;
    case DIFF_DESCRIPTION:
        put_words(&to, "diff.description");
        put_pair(&to, item->old, item->now);
        break;
    case DIFF_NEEDS:
        put_about(&to, "diff.needs", words_label(style, words, item->now));
        break;
    case DIFF_NEEDS_NOT:
        put_about(&to, "diff.needs_not", words_label(style, words, item->old));
        break;
    case DIFF_FORM:
        put_form(&to);
        break;
    case DIFF_POLICY:
        put_words(&to, "diff.policy");
        put_pair(&to, item->old, item->now);
        break;
    case DIFF_COLUMN:
        put_about(&to, "diff.column", item->now);
        break;
    case DIFF_COLUMN_NOT:
        put_about(&to, "diff.column_not", item->old);
        break;
    case DIFF_DATED:
        put_dated(&to);
        break;
    case DIFF_ROW:
        put_row(&to, "diff.row");
        break;
    case DIFF_ROW_NOT:
        put_row(&to, "diff.row_not");
        break;
    case DIFF_ROW_CHANGED:
        put_row(&to, item->row == item->old_row ? "diff.row_changed"
                                                : "diff.row_changed_from");
        break;
    case DIFF_ROW_MOVED:
        put_row(&to, "diff.row_moved");
        break;
    case DIFF_PART:
        put_part(&to);
        break;
    case DIFF_ORDER:
        buf_str(buf, text_get(style, "diff.order"));
        break;
    case DIFF_WHATS:
        break;
    }
}

static void put_heading(Buf *buf, const TextStyle *style,
                        const ModelWords *words, const DiffItem *item)
{
    char key[FORM_ROOM];
    Str label = words_label(style, words, item->name);
    snprintf(key, sizeof key, "diff.kind.%.*s", STR_ARG(item->kind));
    TextArg arg = TEXT_STR("0", label);
    text_write(buf, style, str_of(key), &arg, 1);
    if (!str_equal(label, item->name)) {
        buf_text(buf, " (");
        text_write_isolated(buf, style, item->name);
        buf_char(buf, ')');
    }
    buf_char(buf, '\n');
}

void diff_write(Buf *buf, const TextStyle *style, const ModelWords *words,
                const ModelDiff *diff)
{
    const DiffItem *last = NULL;
    for (size_t i = 0; i < diff->count; i++) {
        const DiffItem *item = &diff->items[i];
        if (last == NULL || !str_equal(last->name, item->name) ||
            !str_equal(last->kind, item->kind)) {
            put_heading(buf, style, words, item);
        }
        buf_text(buf, "  ");
        diff_write_item(buf, style, words, item);
        buf_char(buf, '\n');
        last = item;
    }
    if (diff->count > 0) return;
    buf_str(buf, text_get(style,
                          diff->same_bytes ? "diff.same_bytes" : "diff.same"));
    buf_char(buf, '\n');
}

static void json_value(JsonOut *out, const char *key, Str value)
{
    json_out_key(out, key);
    if (value.at == NULL) {
        json_out_null(out);
    } else {
        json_out_str(out, value);
    }
}

static void json_day(JsonOut *out, const char *key, Day day, Day open)
{
    char room[DAY_ROOM];
    Buf text = {.at = room, .room_bytes = DAY_ROOM, .limit_bytes = DAY_ROOM};
    if (day != open) day_write(&text, day);
    json_value(out, key, day == open ? (Str){NULL, 0} : buf_view(&text));
}

static void json_cells(JsonOut *out, const DiffItem *item)
{
    static const char *const parts[] = {"input", "output", "annotation"};
    json_out_key(out, "cells");
    json_out_array(out);
    for (uint32_t i = 0; i < item->cell_count; i++) {
        const DiffCell *cell = &item->cells[i];
        json_out_object(out);
        json_put_text(out, "part", parts[cell->column->part]);
        json_put_str(out, "column", cell->column->label);
        json_value(out, "old", cell->old);
        json_value(out, "now", cell->now);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void json_sentence(JsonOut *out, const TextStyle *style, TextLang lang,
                          const ModelWords *words, const DiffItem *item)
{
    TextStyle own = *style;
    Buf text = buf_make(SENTENCE_BYTES);
    own.lang = lang;
    own.isolate = false;
    diff_write_item(&text, &own, words, item);
    json_out_key(out, text_lang_name(lang));
    json_out_str(out, buf_view(&text));
    buf_free(&text);
}

void diff_write_json(JsonOut *out, const TextStyle *style,
                     const ModelWords *words, const ModelDiff *diff)
{
    json_out_array(out);
    for (size_t i = 0; i < diff->count; i++) {
        const DiffItem *item = &diff->items[i];
        json_out_object(out);
        json_put_text(out, "change", change_names[item->what]);
        json_put_str(out, "element", item->kind);
        json_put_str(out, "name", item->name);
        if (item->label.bytes > 0) json_value(out, "label", item->label);
        if (item->cells == NULL || item->what == DIFF_DATED) {
            json_value(out, "old", item->old);
            json_value(out, "now", item->now);
        }
        if (item->what == DIFF_DATED) {
            json_day(out, "from", item->from, DAY_MIN);
            json_day(out, "until", item->until, DAY_OPEN);
        }
        if (item->old_row > 0) json_out_key(out, "old_row");
        if (item->old_row > 0) json_out_int(out, item->old_row);
        if (item->row > 0) json_out_key(out, "row");
        if (item->row > 0) json_out_int(out, item->row);
        if (item->cells != NULL) json_cells(out, item);
        json_sentence(out, style, TEXT_AR, words, item);
        json_sentence(out, style, TEXT_EN, words, item);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}
