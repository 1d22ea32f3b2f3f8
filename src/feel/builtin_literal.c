/*
 * range(): a range written as a text, "[18..21)". Its ends are literals:
 * numbers, strings, "@" literals, and strings that one of the four functions
 * of literals (literal_names) is called with. A round or turned bracket may
 * have no end beside it.
 */
#include "feel/builtin_int.h"
#include "feel/compile.h"
#include "feel/number.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

enum { TEXT_MAX = 1024, RANGE_ARENA_BYTES = 16 << 20 };

static const char *const literal_names[] = {"date and time", "date", "time",
                                            "duration"};

/* The bytes of the string that a text begins with, 0 without one. */
static size_t string_bytes(Str text)
{
    if (text.bytes == 0 || text.at[0] != '"') return 0;
    for (size_t i = 1; i < text.bytes; i++) {
        if (text.at[i] == '\\') {
            i++;
        } else if (text.at[i] == '"') {
            return i + 1;
        }
    }
    return 0;
}

static Str after(Str text, size_t bytes)
{
    return str_trim((Str){text.at + bytes, text.bytes - bytes});
}

static bool begins(Str text, const char *with)
{
    size_t bytes = strlen(with);
    return text.bytes >= bytes && memcmp(text.at, with, bytes) == 0;
}

/* Whether a text is a string, "@" and a string, or a call with a string. */
static bool is_text_literal(Str text)
{
    if (begins(text, "@")) text = after(text, 1);
    if (string_bytes(text) > 0) return string_bytes(text) == text.bytes;
    for (size_t i = 0; i < sizeof literal_names / sizeof *literal_names; i++) {
        if (!begins(text, literal_names[i])) continue;
        Str rest = after(text, strlen(literal_names[i]));
        if (!begins(rest, "(")) return false;
        rest = after(rest, 1);
        size_t bytes = string_bytes(rest);
        return bytes > 0 && str_is(after(rest, bytes), ")");
    }
    return false;
}

/* Compiles a literal in a small program of its own. */
static bool compile_literal(FeelRun *run, Arena *arena, Str text,
                            FeelValue *ret)
{
    FeelProgram *program = feel_program_make(arena);
    FeelBuilder *builder =
        program == NULL ? NULL
                        : feel_builder_open(arena, program, NULL, STR("range"));
    if (builder == NULL) return false;
    FeelScope scope = {0};
    for (size_t i = 0; i < sizeof literal_names / sizeof *literal_names; i++) {
        Str name = str_of(literal_names[i]);
        FeelVar var = {.kind = FEEL_VAR_BUILTIN,
                       .name = name,
                       .type = feel_type_of(FEEL_FUNCTION),
                       .index = feel_builtin_find(name)};
        if (feel_scope_add(arena, &scope, var) == NULL) return false;
    }
    FeelOperand operand;
    FeelValue value;
    Diag diag;
    FeelSource source = {.text = text, .line = 1, .column = 1};
    diag_set(&diag, "");
    return feel_compile(builder, &scope, source, &diag, &operand) == OK &&
           feel_operand_constant(builder, operand, &value) &&
           value.kind != FEEL_NULL && feel_copy(run->arena, value, ret);
}

static void arena_shut(Arena **arena)
{
    arena_close(*arena);
}

/* An end; an empty text is no end, which is null. */
static bool read_end(FeelRun *run, Str text, FeelValue *ret)
{
    *ret = feel_null();
    if (text.bytes == 0) return true;
    if (is_text_literal(text)) {
        Arena *arena CLEANUP(arena_shut) = arena_open(RANGE_ARENA_BYTES);
        return arena != NULL && compile_literal(run, arena, text, ret);
    }
    if (!begins(text, "+")) *ret = feel_number_read(run->arena, text);
    return ret->kind == FEEL_NUMBER;
}

/* Where ".." stands outside strings; the length of the text if nowhere. */
static size_t dots_at(Str text)
{
    for (size_t i = 0; i + 1 < text.bytes; i++) {
        Str rest = {text.at + i, text.bytes - i};
        size_t string = string_bytes(rest);
        if (string > 0) {
            i += string - 1;
        } else if (begins(rest, "..")) {
            return i;
        }
    }
    return text.bytes;
}

/* The flags of a range by its brackets; false when those are none. */
static bool bracket_flags(char open, char close, uint16_t *ret)
{
    *ret = (uint16_t)((open == '[' ? FEEL_RANGE_LOW_CLOSED : 0) |
                      (close == ']' ? FEEL_RANGE_HIGH_CLOSED : 0));
    return strchr("[(]", open) != NULL && strchr("])[", close) != NULL;
}

/* The ends must be of one kind and in order. */
static bool ascends(FeelRun *run, FeelValue low, FeelValue high)
{
    int order;
    return feel_order(run, low, high, &order) && order <= 0;
}

FN(range)
{
    Str text = str_trim(feel_text(args[0]));
    uint16_t flag;
    if (text.bytes < 4 || text.bytes > TEXT_MAX ||
        !bracket_flags(text.at[0], text.at[text.bytes - 1], &flag) ||
        !feel_run_spend(run, 100)) {
        return feel_misused(run);
    }
    Str ends = {text.at + 1, text.bytes - 2};
    size_t dots = dots_at(ends);
    if (dots == ends.bytes) return feel_misused(run);
    FeelValue low, high;
    if (!read_end(run, str_trim((Str){ends.at, dots}), &low) ||
        !read_end(run, after(ends, dots + 2), &high)) {
        return feel_misused(run);
    }
    bool no_low = low.kind == FEEL_NULL, no_high = high.kind == FEEL_NULL;
    if ((no_low && (flag & FEEL_RANGE_LOW_CLOSED)) ||
        (no_high && (flag & FEEL_RANGE_HIGH_CLOSED)) || (no_low && no_high) ||
        (!no_low && !no_high && !ascends(run, low, high))) {
        return feel_misused(run);
    }
    if (no_low) flag |= FEEL_RANGE_LOW_OPEN;
    if (no_high) flag |= FEEL_RANGE_HIGH_OPEN;
    return feel_run_range(run, low, high, flag);
}
