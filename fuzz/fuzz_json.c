/*
 * fuzz_json - any bytes are answered, and what is read, written and read
 * again is written the same.
 */
#include "codec/json.h"
#include "codec/utf8.h"

enum { BYTES_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

/*
 * Writes a tree; its depth is limited by the reader. An object is written as
 * the array of its keys and values, as writers know their keys beforehand.
 */
static void write_tree(JsonOut *out, const Json *json)
{
    bool object = json->kind == JSON_OBJECT, array = json->kind == JSON_ARRAY;
    if (object || array) json_out_array(out);
    for (const Json *child = json->first; child != NULL; child = child->next) {
        if (object) json_out_str(out, child->key);
        write_tree(out, child);
    }
    if (object || array) json_out_array_end(out);
    if (object || array) return;
    if (json->kind == JSON_TEXT)
        json_out_str(out, json->text);
    else
        json_out_raw(out, json->text);
}

/* Reads and writes again; false when it is not JSON. */
static bool again(Str bytes, Buf *buf)
{
    Arena *arena = arena_open(BYTES_MAX);
    const Json *json = NULL;
    Diag diag = {0};
    bool good = json_read(arena, bytes, &diag, &json) == OK;
    CHECK(good || diag.key[0] != '\0');
    if (good) {
        JsonOut out = json_out_make(buf);
        write_tree(&out, json);
    }
    arena_close(arena);
    return good;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    Buf once = buf_make(BYTES_MAX), twice = buf_make(BYTES_MAX);
    if (again((Str){(const char *)data, bytes}, &once)) {
        CHECK(utf8_valid(buf_view(&once)));
        CHECK(again(buf_view(&once), &twice));
        CHECK(str_equal(buf_view(&once), buf_view(&twice)));
    }
    buf_free(&once);
    buf_free(&twice);
    return 0;
}
