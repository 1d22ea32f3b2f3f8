/* Functions of strings; positions count code points. */
#include "codec/utf8.h"
#include "feel/builtin_int.h"
#include "feel/letter.h"
#include "feel/number.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

enum { TEXT_LIMIT = 1 << 24 };

FN(string)
{
    if (args[0].kind == FEEL_NULL) return feel_null();
    if (args[0].kind == FEEL_STRING) return args[0];
    Buf text = buf_make(TEXT_LIMIT);
    feel_write(&text, args[0]);
    return feel_kept_text(run, &text);
}

FN(string_length)
{
    return feel_number((int64_t)utf8_length(feel_text(args[0])), 0);
}

FN(substring)
{
    Str text = feel_text(args[0]);
    int64_t start, length = INT64_MAX;
    if (!feel_cut_to_int(run, args[1], &start) || start == 0) {
        return feel_misused(run);
    }
    if (count > 2 && (!feel_cut_to_int(run, args[2], &length) || length < 1)) {
        return feel_misused(run);
    }
    int64_t points = (int64_t)utf8_length(text);
    if (start < 0) start += points + 1;
    if (start < 1 || start > points) return feel_string(STR(""));
    Str head = utf8_cut(text, (size_t)start - 1);
    Str rest = {text.at + head.bytes, text.bytes - head.bytes};
    if (length < points) rest = utf8_cut(rest, (size_t)length);
    return feel_string(rest);
}

static FeelValue change_case(FeelRun *run, FeelValue value, bool upper)
{
    Buf text = buf_make(TEXT_LIMIT);
    Str rest = feel_text(value);
    while (rest.bytes > 0) {
        uint32_t letter = utf8_next(&rest), to[FEEL_LETTERS_MAX];
        int count = upper ? feel_letter_upper(letter, to)
                          : feel_letter_lower(letter, to);
        for (int i = 0; i < count; i++) utf8_write(&text, to[i]);
    }
    return feel_kept_text(run, &text);
}

FN(upper_case)
{
    return change_case(run, args[0], true);
}

FN(lower_case)
{
    return change_case(run, args[0], false);
}

/* The bytes before the first occurrence, or -1. */
static int64_t find(Str text, Str match)
{
    if (match.bytes > text.bytes) return -1;
    for (size_t i = 0; i + match.bytes <= text.bytes; i++) {
        if (match.bytes == 0 ||
            memcmp(text.at + i, match.at, match.bytes) == 0) {
            return (int64_t)i;
        }
    }
    return -1;
}

/* A search costs by the lengths of both texts. */
static bool spend_search(FeelRun *run, const FeelValue *args)
{
    int64_t parts = (int64_t)args[1].count / 64 + 1;
    return feel_run_spend(run, (int64_t)args[0].count / 64 * parts);
}

FN(contains)
{
    if (!spend_search(run, args)) return feel_null();
    return feel_boolean(find(feel_text(args[0]), feel_text(args[1])) >= 0);
}

FN(starts_with)
{
    Str text = feel_text(args[0]), match = feel_text(args[1]);
    if (match.bytes > text.bytes) return feel_boolean(false);
    return feel_boolean(str_equal((Str){text.at, match.bytes}, match));
}

FN(ends_with)
{
    Str text = feel_text(args[0]), match = feel_text(args[1]);
    if (match.bytes > text.bytes) return feel_boolean(false);
    Str tail = {text.at + text.bytes - match.bytes, match.bytes};
    return feel_boolean(str_equal(tail, match));
}

FN(substring_before)
{
    if (!spend_search(run, args)) return feel_null();
    Str text = feel_text(args[0]);
    int64_t at = find(text, feel_text(args[1]));
    return feel_string((Str){text.at, at < 0 ? 0 : (size_t)at});
}

FN(substring_after)
{
    if (!spend_search(run, args)) return feel_null();
    Str text = feel_text(args[0]), match = feel_text(args[1]);
    int64_t at = find(text, match);
    if (at < 0) return feel_string(STR(""));
    size_t skip = (size_t)at + match.bytes;
    return feel_string((Str){text.at + skip, text.bytes - skip});
}

FN(string_join)
{
    Buf text = buf_make(TEXT_LIMIT);
    Str mark = count > 1 && args[1].kind == FEEL_STRING ? feel_text(args[1])
                                                        : (Str){0};
    bool first = true;
    for (uint32_t i = 0; i < args[0].count; i++) {
        FeelValue item = args[0].as.items[i];
        if (item.kind == FEEL_NULL) continue;
        if (item.kind != FEEL_STRING) {
            buf_free(&text);
            return feel_misused(run);
        }
        if (!first) buf_str(&text, mark);
        buf_str(&text, feel_text(item));
        first = false;
    }
    return feel_kept_text(run, &text);
}

static Str flags_of(const FeelValue *args, uint32_t count, uint32_t at)
{
    return count > at && args[at].kind == FEEL_STRING ? feel_text(args[at])
                                                      : (Str){0};
}

FN(matches)
{
    return feel_regex_matches(run, feel_text(args[0]), feel_text(args[1]),
                              flags_of(args, count, 2));
}

FN(replace)
{
    return feel_regex_replace(run, feel_text(args[0]), feel_text(args[1]),
                              feel_text(args[2]), flags_of(args, count, 3));
}

FN(split)
{
    return feel_regex_split(run, feel_text(args[0]), feel_text(args[1]));
}
