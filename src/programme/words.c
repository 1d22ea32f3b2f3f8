#include "programme/words.h"

enum { KEY_BYTES = 512 };

/* The text "group.name", or "group.middle.name"; none: {NULL, 0}. */
static Str text_of(const TextStyle *style, const char *group,
                   const char *middle, Str name)
{
    char room[KEY_BYTES];
    Buf key = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    buf_text(&key, group);
    buf_char(&key, '.');
    if (middle != NULL) {
        buf_text(&key, middle);
        buf_char(&key, '.');
    }
    buf_str(&key, name);
    Str none = {NULL, 0};
    if (buf_full(&key) || !text_has(style->texts, buf_view(&key))) return none;
    return text_get_str(style, buf_view(&key));
}

ModelWords words_for(const Pack *pack, Str path)
{
    ModelWords words = {.citations = &pack->citations};
    for (int32_t i = 0; i < pack->programme_count; i++) {
        const Programme *programme = &pack->programmes[i];
        if (str_is(path, programme->path)) words.programme = programme->name;
    }
    return words;
}

Err words_find(Arena *arena, const Pack *pack, Str model, Diag *diag,
               ModelWords *ret)
{
    const XmlNode *root;
    *ret = (ModelWords){.citations = &pack->citations};
    TRY(xml_read(arena, model, diag, &root));
    Str space = xml_attribute(root, "namespace");
    for (int32_t i = 0; i < pack->programme_count && space.bytes > 0; i++) {
        const char *path = pack->programmes[i].path;
        TRY(xml_read(arena, pack_file(pack, path), diag, &root));
        if (!str_equal(xml_attribute(root, "namespace"), space)) continue;
        *ret = words_for(pack, str_of(path));
    }
    return OK;
}

Str words_label(const TextStyle *style, const ModelWords *words, Str name)
{
    static const char *const groups[] = {"decision", "input"};
    if (words->programme == NULL) return name;
    for (int i = 0; i < 2; i++) {
        Str label = text_of(style, groups[i], words->programme, name);
        if (label.bytes > 0) return label;
    }
    return name;
}

Str words_note(const TextStyle *style, Str name)
{
    Str note = text_of(style, "policy", "note", name);
    return note.bytes > 0 ? note : name;
}

Str words_column(const TextStyle *style, const ModelWords *words,
                 const GridColumn *column)
{
    if (column->part == GRID_NOTE) return words_note(style, column->label);
    return words_label(style, words, column->label);
}

Str words_note_cell(const TextStyle *style, const ModelWords *words, Str column,
                    Str cell)
{
    const Citation *known = NULL;
    if (words->citations != NULL && str_is(column, "Article")) {
        known = citation_find(words->citations, cell);
    }
    if (known != NULL) return known->title[style->lang];
    Str status = {NULL, 0};
    if (str_is(column, "Status")) status = text_of(style, "status", NULL, cell);
    return status.bytes > 0 ? status : cell;
}
