#include "codec/json.h"
#include "codec/utf8.h"
#include "registry/event.h"

enum { EXCERPT_CHARS = 40 }; /* of what is no single value */

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

/* What a household may be refused for as a whole: who the message is about. */
static const Json *subject(const Json *message)
{
    static const char *const names[] = {"household", "national_id", "person",
                                        "members"};
    const Json *data = json_get(message, "data");
    for (int i = 0; i < 4; i++) {
        const Json *json = json_get(data, names[i]);
        if (json != NULL) return json;
    }
    return json_get(message, "id");
}

/* How the bytes from an offset on begin; at their end, how they end. */
static Str excerpt(Arena *arena, Str bytes, size_t offset)
{
    if (offset >= bytes.bytes) {
        size_t most = EXCERPT_CHARS;
        offset = bytes.bytes < most ? 0 : bytes.bytes - most;
    }
    Str rest = {bytes.at + offset, bytes.bytes - offset};
    Buf buf = buf_make(4 * (size_t)EXCERPT_CHARS);
    utf8_write_excerpt(&buf, rest, EXCERPT_CHARS);
    Str text = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

/* The bytes of an object or an array, which has been read as JSON. */
static Str whole(Str bytes, const Json *json)
{
    bool text = false;
    int depth = 0;
    size_t at = json->offset;
    for (; at < bytes.bytes; at++) {
        char c = bytes.at[at];
        if (text && c == '\\') at++;
        if (c == '"') text = !text;
        if (text) continue;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth == 0) break;
    }
    if (at < bytes.bytes) at++;
    return (Str){bytes.at, at};
}

void event_place(Arena *arena, Str bytes, const Diag *why, Str *ret_path,
                 Str *ret_value)
{
    const Json *message;
    size_t offset = offset_of(bytes, why->column);
    Buf path = buf_make(2 * (size_t)EVENT_BYTES_MAX);
    *ret_path = *ret_value = (Str){"", 0};
    if (bytes.bytes > EVENT_BYTES_MAX ||
        json_read(arena, bytes, NULL, &message) != OK) {
        buf_int(&path, why->column > 0 ? why->column : 1);
        *ret_path = str_copy(arena, buf_view(&path));
        *ret_value = excerpt(arena, bytes, offset);
        buf_free(&path);
        return;
    }
    if (why->column <= 0) {
        const Json *about = subject(message);
        offset = about == NULL ? 0 : about->offset;
    }
    const Json *json = find(message, offset, &path);
    bool missing = str_is(STR("event.missing"), why->key);
    if (json != NULL && missing && why->arg_count > 0) {
        if (path.bytes > 0) buf_char(&path, '.');
        buf_text(&path, why->arg[0]);
    } else if (json != NULL && json->kind < JSON_ARRAY) {
        *ret_value = json->text;
    } else if (json != NULL) {
        *ret_value = excerpt(arena, whole(bytes, json), json->offset);
    }
    if (path.bytes == 0) buf_int(&path, why->column > 0 ? why->column : 1);
    *ret_path = str_copy(arena, buf_view(&path));
    buf_free(&path);
}
