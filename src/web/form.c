#include "web/form.h"

#include "codec/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Decodes into the arena. False on a bad percent sign. */
static bool unescape(Arena *arena, Str raw, bool plus_is_space, Str *ret)
{
    char *to = arena_text(arena, "", 0);
    if (raw.bytes > 0) to = arena_alloc(arena, raw.bytes + 1, 1);
    size_t length = 0;
    for (size_t i = 0; i < raw.bytes; i++) {
        char c = raw.at[i];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            if (i + 2 >= raw.bytes) return false;
            int high = hex_digit(raw.at[i + 1]);
            int low = hex_digit(raw.at[i + 2]);
            if (high < 0 || low < 0) return false;
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        }
        to[length++] = c;
    }
    *ret = (Str){to, length};
    return true;
}

/* Whether it is text: UTF-8, no control characters but line ends and tabs. */
static bool is_text(Str s, bool lines)
{
    for (size_t i = 0; i < s.bytes; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c >= 0x20 && c != 0x7f) continue;
        if (lines && (c == '\n' || c == '\r' || c == '\t')) continue;
        return false;
    }
    return utf8_valid(s);
}

static bool has(const FormPair *pairs, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(pairs[i].name, name)) return true;
    return false;
}

Err form_read(Arena *arena, Str text, FormPairs *ret)
{
    FormPair pairs[FORM_PAIRS_MAX];
    size_t count = 0;
    Str rest = text;
    Str part;
    while (text.bytes > 0 && str_split(&rest, '&', &part)) {
        if (part.bytes == 0) continue;
        Str value = part;
        Str name = part;
        if (!str_split(&value, '=', &name)) return ERR_INVALID;
        if (count == FORM_PAIRS_MAX) return ERR_RANGE;
        FormPair *pair = &pairs[count];
        if (!unescape(arena, name, true, &pair->name)) return ERR_INVALID;
        if (pair->name.bytes > FORM_NAME_BYTES_MAX) return ERR_RANGE;
        if (!unescape(arena, value, true, &pair->value)) return ERR_INVALID;
        if (!is_text(pair->name, false)) return ERR_INVALID;
        if (!is_text(pair->value, true)) return ERR_INVALID;
        if (has(pairs, count, pair->name)) return ERR_INVALID;
        count++;
    }
    FormPair *kept = ARENA_ARRAY(arena, FormPair, count + 1);
    if (count > 0) memcpy(kept, pairs, count * sizeof(FormPair));
    *ret = (FormPairs){kept, count};
    return OK;
}

Err form_cookies(Arena *arena, Str header, FormPairs *ret)
{
    FormPair pairs[FORM_COOKIES_MAX];
    size_t count = 0;
    Str rest = header;
    Str part;
    while (header.bytes > 0 && str_split(&rest, ';', &part)) {
        Str value = str_trim(part);
        Str name;
        if (memchr(value.at == NULL ? "" : value.at, '=', value.bytes) == NULL)
            continue;
        if (!str_split(&value, '=', &name)) continue;
        if (name.bytes == 0 || has(pairs, count, name)) continue;
        if (!is_text(value, false)) continue;
        if (count == FORM_COOKIES_MAX) return ERR_RANGE;
        pairs[count++] = (FormPair){name, value};
    }
    FormPair *kept = ARENA_ARRAY(arena, FormPair, count + 1);
    if (count > 0) memcpy(kept, pairs, count * sizeof(FormPair));
    *ret = (FormPairs){kept, count};
    return OK;
}

Str form_find(const FormPairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (str_is(pairs->pairs[i].name, name)) return pairs->pairs[i].value;
    return (Str){NULL, 0};
}

bool form_path_part(Arena *arena, Str raw, Str *ret)
{
    Str part;
    if (!unescape(arena, raw, false, &part)) return false;
    if (!is_text(part, false)) return false;
    if (part.bytes > 0 && memchr(part.at, '/', part.bytes) != NULL)
        return false;
    *ret = part;
    return true;
}

void form_escape(Buf *buf, Str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                     c == '_' || c == '~';
        if (plain) {
            buf_char(buf, (char)c);
            continue;
        }
        buf_char(buf, '%');
        buf_char(buf, digits[c >> 4]);
        buf_char(buf, digits[c & 15]);
    }
}
