/*
 * Patterns of XPath and XQuery functions, done by PCRE2 with limits.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "codec/utf8.h"
#include "feel/builtin_int.h"
#include "feel/pattern.h"

enum {
    MATCH_LIMIT = 1000000,
    MATCH_LIMIT_FIRST = 100,
    MATCHES_A_STEP = 5,
    COMPILE_STEPS = 30,
    DEPTH_LIMIT = 1000,
    TEXT_LIMIT = 1 << 24,
    PATTERN_LIMIT = 1 << 18
};

static void code_freep(pcre2_code **code)
{
    pcre2_code_free(*code);
}

static void data_freep(pcre2_match_data **data)
{
    pcre2_match_data_free(*data);
}

static void context_freep(pcre2_match_context **context)
{
    pcre2_match_context_free(*context);
}

/* A name in a pattern that stands for nothing. */
static void tell_fault(FeelRun *run, Str pattern, const FeelPatternFault *fault)
{
    if (fault->name[0] == '\0' || run->diag.key[0] != '\0') return;
    (void)feel_run_fail(
        run, fault->block ? "feel.pattern_block" : "feel.pattern_category",
        NULL);
    diag_arg(&run->diag, pattern);
    diag_arg_text(&run->diag, fault->name);
}

static pcre2_code *compile(FeelRun *run, Str pattern, Str letters)
{
    FeelPatternFlags flags;
    int64_t cost = COMPILE_STEPS + (int64_t)(pattern.bytes / 8);
    if (!feel_pattern_flags(letters, &flags) || !feel_run_spend(run, cost)) {
        return NULL;
    }
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    if (flags.ignore_case) options |= PCRE2_CASELESS;
    if (flags.literal) {
        options = PCRE2_UTF | PCRE2_LITERAL |
                  (flags.ignore_case ? PCRE2_CASELESS : 0);
    }
    Buf text = buf_make(PATTERN_LIMIT);
    FeelPatternFault fault = {.block = false};
    bool sound = true;
    if (flags.literal) {
        buf_str(&text, pattern);
    } else {
        sound = feel_pattern_translate(pattern, flags, &text, &fault);
    }
    if (!sound) tell_fault(run, pattern, &fault);
    int error;
    size_t offset;
    const char *at = text.at == NULL ? "" : text.at;
    pcre2_code *code = sound ? pcre2_compile((PCRE2_SPTR)at, text.bytes,
                                             options, &error, &offset, NULL)
                             : NULL;
    buf_free(&text);
    return code;
}

static pcre2_match_context *limits(void)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    if (context != NULL) pcre2_set_depth_limit(context, DEPTH_LIMIT);
    return context;
}

/*
 * The first match from `from` on: 1 found, 0 none, -1 cannot be said. How
 * much a match has cost the library does not say, so it gets a small limit
 * first, and a greater one, which costs more steps, where that is too small.
 */
static int match(FeelRun *run, const pcre2_code *code, Str input, size_t from,
                 pcre2_match_data *data, pcre2_match_context *context)
{
    const char *at = input.at == NULL ? "" : input.at;
    int found = PCRE2_ERROR_MATCHLIMIT;
    for (uint32_t limit = MATCH_LIMIT_FIRST;
         found == PCRE2_ERROR_MATCHLIMIT && limit <= MATCH_LIMIT; limit *= 10) {
        if (!feel_run_spend(run, limit / MATCHES_A_STEP)) return -1;
        pcre2_set_match_limit(context, limit);
        found = pcre2_match(code, (PCRE2_SPTR)at, input.bytes, from, 0, data,
                            context);
    }
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    return found < 0 ? -1 : 1;
}

/* Nothing to be matched with: no pattern, or one that takes too long. */
static FeelValue bad_pattern(FeelRun *run, const char *key, Str pattern)
{
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_run_fail(run, key, NULL);
    diag_arg(&run->diag, pattern);
    return feel_null();
}

FeelValue feel_regex_matches(FeelRun *run, Str input, Str pattern, Str flags)
{
    pcre2_code *code CLEANUP(code_freep) = compile(run, pattern, flags);
    if (code == NULL) return bad_pattern(run, "feel.pattern", pattern);
    pcre2_match_data *data CLEANUP(data_freep) =
        pcre2_match_data_create_from_pattern(code, NULL);
    pcre2_match_context *context CLEANUP(context_freep) = limits();
    if (data == NULL || context == NULL) return feel_null();
    int found = match(run, code, input, 0, data, context);
    if (found < 0) return bad_pattern(run, "feel.pattern_use", pattern);
    return feel_boolean(found == 1);
}

/* The replacement with $0..$9 filled in; false when it is ill-formed. */
static bool add_replacement(Buf *out, Str text, Str input, const size_t *vector,
                            uint32_t groups)
{
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        if (c != '$' && c != '\\') {
            buf_char(out, c);
            continue;
        }
        if (++i >= text.bytes) return false;
        if (c == '\\') {
            if (text.at[i] != '$' && text.at[i] != '\\') return false;
            buf_char(out, text.at[i]);
            continue;
        }
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        uint32_t group = (uint32_t)(text.at[i] - '0');
        while (i + 1 < text.bytes && text.at[i + 1] >= '0' &&
               text.at[i + 1] <= '9' &&
               group * 10 + (uint32_t)(text.at[i + 1] - '0') < groups) {
            group = group * 10 + (uint32_t)(text.at[++i] - '0');
        }
        if (group < groups && vector[2 * group] != PCRE2_UNSET) {
            buf_add(out, input.at + vector[2 * group],
                    vector[2 * group + 1] - vector[2 * group]);
        }
    }
    return true;
}

/* Goes over all matches; `visit` is told of each piece before a match. */
typedef struct Pieces {
    FeelRun *run;
    Buf *out; /* replace: the text made */
    Str replacement;
    bool literal; /* the replacement has no groups */
} Pieces;

static bool add_piece(Pieces *pieces, Str input, size_t from,
                      const size_t *vector, uint32_t groups)
{
    Str piece = {input.at + from, vector[0] - from};
    if (pieces->out == NULL) {
        return feel_run_push(pieces->run, feel_string(piece));
    }
    buf_str(pieces->out, piece);
    if (pieces->literal) {
        buf_str(pieces->out, pieces->replacement);
        return true;
    }
    return add_replacement(pieces->out, pieces->replacement, input, vector,
                           groups);
}

/* False when the pattern matches nothing (the empty text) or is refused. */
static bool each_match(const pcre2_code *code, Str input, Pieces *pieces,
                       size_t *ret_rest)
{
    pcre2_match_data *data CLEANUP(data_freep) =
        pcre2_match_data_create_from_pattern(code, NULL);
    pcre2_match_context *context CLEANUP(context_freep) = limits();
    if (data == NULL || context == NULL) return false;
    if (match(pieces->run, code, STR(""), 0, data, context) != 0) return false;
    size_t from = 0;
    for (;;) {
        int found = match(pieces->run, code, input, from, data, context);
        if (found < 0 ||
            !feel_run_spend(pieces->run,
                            1 + (int64_t)((input.bytes - from) / 64)))
            return false;
        if (found == 0) break;
        const size_t *vector = pcre2_get_ovector_pointer(data);
        if (vector[1] == vector[0]) return false;
        if (!add_piece(pieces, input, from, vector,
                       pcre2_get_ovector_count(data))) {
            return false;
        }
        from = vector[1];
    }
    *ret_rest = from;
    return true;
}

FeelValue feel_regex_replace(FeelRun *run, Str input, Str pattern,
                             Str replacement, Str flags)
{
    pcre2_code *code CLEANUP(code_freep) = compile(run, pattern, flags);
    if (code == NULL) return bad_pattern(run, "feel.pattern", pattern);
    Buf out = buf_make(TEXT_LIMIT);
    Pieces pieces = {.run = run,
                     .out = &out,
                     .replacement = replacement,
                     .literal = memchr(flags.bytes == 0 ? "" : flags.at, 'q',
                                       flags.bytes) != NULL};
    size_t rest;
    if (!each_match(code, input, &pieces, &rest)) {
        buf_free(&out);
        return bad_pattern(run, "feel.pattern_use", pattern);
    }
    if (input.bytes > rest) {
        buf_add(&out, input.at + rest, input.bytes - rest);
    }
    return feel_kept_text(run, &out);
}

FeelValue feel_regex_split(FeelRun *run, Str input, Str pattern)
{
    pcre2_code *code CLEANUP(code_freep) = compile(run, pattern, (Str){0});
    if (code == NULL) return bad_pattern(run, "feel.pattern", pattern);
    Pieces pieces = {.run = run};
    size_t base = run->pushed_used, rest;
    if (!each_match(code, input, &pieces, &rest)) {
        run->pushed_used = base;
        return bad_pattern(run, "feel.pattern_use", pattern);
    }
    feel_run_push(run, feel_string((Str){input.at + rest, input.bytes - rest}));
    size_t count = run->pushed_used - base;
    FeelValue *items = feel_run_values(run, count);
    run->pushed_used = base;
    if (items == NULL) return feel_null();
    memcpy(items, run->pushed + base, count * sizeof *items);
    return feel_list(items, (uint32_t)count);
}
