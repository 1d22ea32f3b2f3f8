#include "base/str.h"

int str_compare(Str a, Str b)
{
    size_t common = a.bytes < b.bytes ? a.bytes : b.bytes;
    int order = common == 0 ? 0 : memcmp(a.at, b.at, common);
    if (order != 0) return order;
    return (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Str str_trim(Str s)
{
    while (s.bytes > 0 && is_space(s.at[0])) {
        s.at++;
        s.bytes--;
    }
    while (s.bytes > 0 && is_space(s.at[s.bytes - 1])) s.bytes--;
    return s;
}

bool str_split(Str *rest, char separator, Str *ret_part)
{
    if (rest->at == NULL) return false;
    const char *end =
        rest->bytes == 0 ? NULL : memchr(rest->at, separator, rest->bytes);
    if (end == NULL) {
        *ret_part = *rest;
        *rest = (Str){NULL, 0};
        return true;
    }
    size_t bytes = (size_t)(end - rest->at);
    *ret_part = (Str){rest->at, bytes};
    *rest = (Str){end + 1, rest->bytes - bytes - 1};
    return true;
}

size_t str_count(Str text, char separator)
{
    size_t count = 0;
    Str part;
    while (str_split(&text, separator, &part)) count++;
    return count;
}

bool str_to_int(Str s, int64_t *ret)
{
    bool minus = s.bytes > 0 && s.at[0] == '-';
    size_t i = minus ? 1 : 0;
    if (i == s.bytes) return false;
    int64_t value = 0;
    for (; i < s.bytes; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') return false;
        if (__builtin_mul_overflow(value, 10, &value)) return false;
        int digit = s.at[i] - '0';
        if (__builtin_sub_overflow(value, digit, &value)) return false;
    }
    /* counted downwards, because INT64_MIN has no positive twin */
    if (!minus && value == INT64_MIN) return false;
    *ret = minus ? value : -value;
    return true;
}

Str str_copy(Arena *arena, Str s)
{
    return (Str){arena_text(arena, s.at, s.bytes), s.bytes};
}

bool str_try(Arena *arena, Str s, Str *ret)
{
    char *copy = arena_try_raw(arena, s.bytes + 1, 1);
    if (copy == NULL) return false;
    if (s.bytes > 0) memcpy(copy, s.at, s.bytes);
    copy[s.bytes] = '\0';
    *ret = (Str){copy, s.bytes};
    return true;
}
