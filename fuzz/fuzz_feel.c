/*
 * fuzz_feel - any text is an expression or is refused with a place; what is
 * evaluated ends within its limits, and its JSON can be read back.
 */
#include "codec/utf8.h"
#include "feel/feel.h"

enum { ARENA_BYTES = 128 << 20, TEXT_BYTES = 1 << 22 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

/* The expression and, behind a zero byte, its context in JSON. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    if (bytes > 4096) return 0;
    Arena *arena = arena_open(ARENA_BYTES);
    Str text = {(const char *)data, bytes}, rest = {0};
    const char *zero = bytes == 0 ? NULL : memchr(text.at, '\0', bytes);
    if (zero != NULL) {
        text.bytes = (size_t)(zero - text.at);
        rest = (Str){zero + 1, bytes - text.bytes - 1};
    }
    Diag diag = {0};
    FeelValue context = feel_null(), value;
    const Json *json;
    if (rest.bytes > 0 && json_read(arena, rest, &diag, &json) == OK) {
        CHECK(feel_from_json(arena, json, &context) == OK);
    }
    memset(&diag, 0, sizeof diag);
    Err err = feel_evaluate(arena, text, context, 1, &diag, &value);
    CHECK(err == OK || err == ERR_INVALID || err == ERR_FULL);
    CHECK(err == OK || diag.key[0] != '\0');
    if (err == OK && utf8_valid(text)) {
        Buf out = buf_make(TEXT_BYTES);
        feel_write_json(&out, value);
        Diag read = {0};
        Arena *other = arena_open(ARENA_BYTES);
        Err back = buf_full(&out)
                       ? OK
                       : json_read(other, buf_view(&out), &read, &json);
        CHECK(back == OK || back == ERR_FULL ||
              str_is(str_of(read.key), "json.deep") ||
              str_is(str_of(read.key), "json.twice"));
        arena_close(other);
        buf_free(&out);
    }
    arena_close(arena);
    return 0;
}
