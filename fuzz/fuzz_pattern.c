/*
 * fuzz_pattern - any bytes are a pattern of XPath or are refused; what is
 * translated is a pattern of PCRE2, and matching, replacing and splitting
 * with it end within their limits and agree with each other.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "codec/utf8.h"
#include "feel/feel.h"
#include "feel/pattern.h"

enum { ARENA_BYTES = 64 << 20, PATTERN_BYTES = 1 << 18 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

/* A translation that PCRE2 refuses may only be too large for it. */
static void check_translation(Str pattern, Str letters)
{
    FeelPatternFlags flags;
    if (!feel_pattern_flags(letters, &flags) || flags.literal) return;
    Buf out = buf_make(PATTERN_BYTES);
    FeelPatternFault fault;
    if (feel_pattern_translate(pattern, flags, &out, &fault) &&
        !buf_full(&out)) {
        int error;
        size_t offset;
        pcre2_code *code =
            pcre2_compile((PCRE2_SPTR)(out.at == NULL ? "" : out.at), out.bytes,
                          PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C,
                          &error, &offset, NULL);
        CHECK(code != NULL || error == PCRE2_ERROR_PATTERN_TOO_LARGE ||
              error == PCRE2_ERROR_HEAP_FAILED ||
              error == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP ||
              error == PCRE2_ERROR_PATTERN_TOO_COMPLICATED);
        pcre2_code_free(code);
    }
    buf_free(&out);
}

static FeelValue evaluate(Arena *arena, Str expression, FeelValue context)
{
    Diag diag = {.key = ""};
    FeelValue value;
    Err err = feel_evaluate(arena, expression, context, 1, &diag, &value);
    CHECK(err == OK || err == ERR_FULL);
    return err == OK ? value : feel_null();
}

/* Input, pattern, flags and replacement, with zero bytes between. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    static const Str names[] = {{"i", 1}, {"p", 1}, {"f", 1}, {"r", 1}};
    static const FeelShape shape = {4, names};
    Str rest = {(const char *)data, bytes}, part[4] = {{0}};
    if (bytes > 2000 || !utf8_valid(rest)) return 0;
    for (int i = 0; i < 4 && str_split(&rest, '\0', &part[i]); i++) continue;
    check_translation(part[1], part[2]);
    Arena *arena = arena_open(ARENA_BYTES);
    FeelRecord *record = feel_record_try(arena, &shape);
    for (int i = 0; i < 4; i++) record->fields[i] = feel_string(part[i]);
    FeelValue context = feel_context(record);
    FeelValue found = evaluate(arena, STR("matches(i, p, f)"), context);
    FeelValue made = evaluate(arena, STR("replace(i, p, \"\", f)"), context);
    /* Without a match nothing is replaced. */
    if (found.kind == FEEL_BOOLEAN && !feel_is_true(found) &&
        made.kind == FEEL_STRING) {
        CHECK(str_equal(feel_text(made), part[0]));
    }
    (void)evaluate(arena, STR("replace(i, p, r, f)"), context);
    FeelValue pieces = evaluate(arena, STR("split(i, p)"), context);
    if (pieces.kind == FEEL_LIST) CHECK(pieces.count >= 1);
    arena_close(arena);
    return 0;
}
