#include "codec/json.h"
#include "registry/event.h"

/* The byte at which a column begins. */
static size_t offset_of(Str bytes, int32_t column)
{
    size_t at = 0;
    for (int32_t left = column - 1; left > 0 && at < bytes.bytes; left--) {
        at++;
        while (at < bytes.bytes && ((unsigned char)bytes.at[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

/* The last of a list that begins at or before an offset; NULL: none does. */
static const Json *reaching(const Json *first, size_t offset,
                            int32_t *ret_index)
{
    const Json *found = NULL;
    int32_t index = 0;
    for (const Json *at = first; at != NULL; at = at->next, index++) {
        if (at->offset > offset) break;
        found = at;
        *ret_index = index;
    }
    return found;
}

/* Goes down to the value that begins at an offset, writing the way to it. */
static const Json *find(const Json *json, size_t offset, Buf *path)
{
    while (json != NULL && json->offset != offset) {
        int32_t index = 0;
        bool array = json->kind == JSON_ARRAY;
        json = reaching(json->first, offset, &index);
        if (json == NULL) return NULL;
        if (array) {
            buf_char(path, '[');
            buf_int(path, index);
            buf_char(path, ']');
        } else {
            if (path->bytes > 0) buf_char(path, '.');
            buf_str(path, json->key);
        }
    }
    return json;
}

void event_place(Arena *arena, Str bytes, const Diag *why, Str *ret_path,
                 Str *ret_value)
{
    const Json *message;
    *ret_path = *ret_value = (Str){"", 0};
    if (why->column <= 0 || bytes.bytes == 0) return;
    Buf path = buf_make(2 * (size_t)EVENT_BYTES_MAX);
    if (json_read(arena, bytes, NULL, &message) != OK) {
        buf_int(&path, why->column);
        *ret_path = str_copy(arena, buf_view(&path));
        buf_free(&path);
        return;
    }
    const Json *json = find(message, offset_of(bytes, why->column), &path);
    bool missing = str_is(STR("event.missing"), why->key);
    if (json != NULL && missing && why->arg_count > 0) {
        if (path.bytes > 0) buf_char(&path, '.');
        buf_text(&path, why->arg[0]);
    } else if (json != NULL && json->kind < JSON_ARRAY) {
        *ret_value = json->text;
    }
    if (json != NULL) *ret_path = str_copy(arena, buf_view(&path));
    buf_free(&path);
}
