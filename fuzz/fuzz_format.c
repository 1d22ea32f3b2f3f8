/*
 * fuzz_format - whatever is typed is refused or stored in a form that is
 * stored as itself; folding it for search is stable; numbers and texts with
 * placeholders are read to their end.
 */
#include "codec/arabic.h"
#include "codec/format.h"
#include "codec/utf8.h"
#include "text/number.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

static const Formats *formats(void)
{
    static const Formats *loaded;
    static Arena *arena;
    if (loaded == NULL) {
        arena = arena_open(1 << 24);
        Err err = format_load_embedded(arena, NULL, &loaded);
        CHECK(err == OK);
    }
    return loaded;
}

static void stored_as_itself(const char *name, Str input)
{
    const Format *format = format_find(formats(), str_of(name));
    CHECK(format != NULL);
    Buf once = buf_make(4096), twice = buf_make(4096);
    if (format_read(format, input, &once, NULL) == OK) {
        CHECK(utf8_valid(buf_view(&once)));
        CHECK(format_read(format, buf_view(&once), &twice, NULL) == OK);
        CHECK(str_equal(buf_view(&once), buf_view(&twice)));
    }
    buf_free(&once);
    buf_free(&twice);
}

static void folds_once(Str input)
{
    Buf once = buf_make(1 << 20), twice = buf_make(1 << 20);
    arabic_fold(&once, input);
    arabic_fold(&twice, buf_view(&once));
    CHECK(str_equal(buf_view(&once), buf_view(&twice)));
    buf_reset(&once);
    arabic_fold_name(&once, input);
    CHECK(utf8_valid(buf_view(&once)));
    buf_free(&once);
    buf_free(&twice);
}

/* The input as a text with placeholders, in both languages. */
static void fills_placeholders(Str input)
{
    Arena *arena = arena_open(1 << 24);
    Texts *texts = text_empty(arena);
    TextArg args[] = {TEXT_STR("0", STR("x")), TEXT_INT("n", 11)};
    Buf buf = buf_make(1 << 20);
    Err err = text_add(texts, "f.tsv", input, NULL);
    for (size_t i = 0; err == OK && i < text_count(texts); i++) {
        TextStyle style = {texts, i % 2 == 0 ? TEXT_AR : TEXT_EN, true, true};
        text_write(&buf, &style, text_key_at(texts, i), args, 2);
    }
    buf_free(&buf);
    arena_close(arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    static const char *const names[] = {"national_id", "iban", "mobile",
                                        "short_address", "name"};
    Str input = {(const char *)data, bytes};
    Decimal decimal;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        stored_as_itself(names[i], input);
    }
    folds_once(input);
    fills_placeholders(input);
    if (number_read(input, &decimal)) CHECK(decimal.scale <= 18);
    return 0;
}
