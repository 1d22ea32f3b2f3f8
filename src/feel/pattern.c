#include "feel/pattern.h"

#include "codec/utf8.h"

enum { GROUPS_MAX = 99, NESTING_MAX = 40, REPEAT_MAX = 65535 };

#define NAME_START                                                             \
    "_:A-Za-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}"  \
    "\\x{37F}-\\x{1FFF}\\x{200C}-\\x{200D}\\x{2070}-\\x{218F}"                 \
    "\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}\\x{F900}-\\x{FDCF}"                \
    "\\x{FDF0}-\\x{FFFD}\\x{10000}-\\x{EFFFF}"
#define NAME_CHAR                                                              \
    NAME_START "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}-\\x{2040}"

/* The cursor over the pattern, and the groups so far. */
typedef struct Reader {
    const char *at;
    const char *end;
    FeelPatternFlags flags;
    Buf *out;
    int groups; /* opened */
    bool closed[GROUPS_MAX + 1];
    int nesting;
    FeelPatternFault *fault;
} Reader;

/* Keeps what \p{...} names and nobody knows; gives false. */
static bool unknown(Reader *in, Str name, bool block)
{
    size_t bytes = name.bytes;
    if (bytes >= FEEL_PATTERN_NAME_BYTES) bytes = FEEL_PATTERN_NAME_BYTES - 1;
    while (bytes < name.bytes && bytes > 0 &&
           ((unsigned char)name.at[bytes] & 0xC0) == 0x80) {
        bytes--;
    }
    if (bytes > 0) memcpy(in->fault->name, name.at, bytes);
    in->fault->name[bytes] = '\0';
    in->fault->block = block;
    return false;
}

bool feel_pattern_flags(Str text, FeelPatternFlags *ret)
{
    *ret = (FeelPatternFlags){0};
    for (size_t i = 0; i < text.bytes; i++) {
        switch (text.at[i]) {
        case 's':
            ret->dot_all = true;
            break;
        case 'm':
            ret->multi_line = true;
            break;
        case 'i':
            ret->ignore_case = true;
            break;
        case 'x':
            ret->spaces = true;
            break;
        case 'q':
            ret->literal = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

static bool more(const Reader *in)
{
    return in->at < in->end;
}

static bool take(Reader *in, char c)
{
    if (!more(in) || *in->at != c) return false;
    in->at++;
    return true;
}

static uint32_t take_point(Reader *in)
{
    Str rest = {in->at, (size_t)(in->end - in->at)};
    uint32_t c = utf8_next(&rest);
    in->at = rest.at;
    return c;
}

static void put_point(Buf *out, uint32_t c)
{
    buf_format(out, "\\x{%X}", c);
}

static bool category_known(Str name)
{
    static const char *const families[] = {
        "L:ultmo", "M:nce", "N:dlo", "P:cdseifo", "Z:slp", "S:mcko", "C:cfon"};
    if (name.bytes < 1 || name.bytes > 2) return false;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        if (families[i][0] != name.at[0]) continue;
        return name.bytes == 1 || strchr(families[i] + 2, name.at[1]) != NULL;
    }
    return false;
}

/* Behind \p or \P: {Lu} or {IsArabic}, as something one character matches. */
static bool put_property(Reader *in, bool negated)
{
    if (!take(in, '{')) return false;
    const char *from = in->at;
    while (more(in) && *in->at != '}') in->at++;
    Str name = {from, (size_t)(in->at - from)};
    if (!take(in, '}')) return false;
    if (name.bytes > 2 && name.at[0] == 'I' && name.at[1] == 's') {
        uint32_t low, high;
        Str block = {name.at + 2, name.bytes - 2};
        if (!feel_pattern_block(block, &low, &high)) {
            return unknown(in, name, true);
        }
        buf_text(in->out, negated ? "[^" : "[");
        put_point(in->out, low);
        buf_char(in->out, '-');
        put_point(in->out, high);
        buf_char(in->out, ']');
        return true;
    }
    if (!category_known(name)) return unknown(in, name, false);
    buf_text(in->out, negated ? "\\P{" : "\\p{");
    buf_str(in->out, name);
    buf_char(in->out, '}');
    return true;
}

/* An escape that stands for many characters; false when `c` is none. */
static bool put_many(Reader *in, char c, bool *ret_sound)
{
    *ret_sound = true;
    switch (c) {
    case 's':
        buf_text(in->out, "[ \\t\\n\\r]");
        return true;
    case 'S':
        buf_text(in->out, "[^ \\t\\n\\r]");
        return true;
    case 'd':
        buf_text(in->out, "\\p{Nd}");
        return true;
    case 'D':
        buf_text(in->out, "\\P{Nd}");
        return true;
    case 'w':
        buf_text(in->out, "[^\\p{P}\\p{Z}\\p{C}]");
        return true;
    case 'W':
        buf_text(in->out, "[\\p{P}\\p{Z}\\p{C}]");
        return true;
    case 'i':
        buf_text(in->out, "[" NAME_START "]");
        return true;
    case 'I':
        buf_text(in->out, "[^" NAME_START "]");
        return true;
    case 'c':
        buf_text(in->out, "[" NAME_CHAR "]");
        return true;
    case 'C':
        buf_text(in->out, "[^" NAME_CHAR "]");
        return true;
    case 'p':
    case 'P':
        *ret_sound = put_property(in, c == 'P');
        return true;
    default:
        return false;
    }
}

/* The one character that an escape stands for; false when it is none. */
static bool single_escape(char c, uint32_t *ret)
{
    switch (c) {
    case 'n':
        *ret = '\n';
        return true;
    case 'r':
        *ret = '\r';
        return true;
    case 't':
        *ret = '\t';
        return true;
    default:
        *ret = (uint32_t)(unsigned char)c;
        return c != '\0' && strchr("\\|.?*+(){}-[]^$", c) != NULL;
    }
}

static bool put_back_reference(Reader *in)
{
    int number = *in->at++ - '0';
    while (more(in) && *in->at >= '0' && *in->at <= '9' &&
           number * 10 + (*in->at - '0') <= in->groups) {
        number = number * 10 + (*in->at++ - '0');
    }
    if (number == 0 || number > in->groups || !in->closed[number]) {
        return false;
    }
    buf_format(in->out, "\\g{%d}", number);
    return true;
}

static bool put_escape(Reader *in)
{
    if (!more(in)) return false;
    if (*in->at >= '0' && *in->at <= '9') return put_back_reference(in);
    char c = *in->at++;
    bool sound;
    if (put_many(in, c, &sound)) return sound;
    uint32_t single;
    if (!single_escape(c, &single)) return false;
    put_point(in->out, single);
    return true;
}

static bool put_class(Reader *in);

/* One character of a class; false when a "many" escape or the end is next. */
static bool class_char(Reader *in, uint32_t *ret)
{
    if (!more(in) || *in->at == '[' || *in->at == ']') return false;
    if (*in->at != '\\') {
        *ret = take_point(in);
        return *ret != UTF8_BAD;
    }
    if (in->end - in->at < 2 || !single_escape(in->at[1], ret)) return false;
    in->at += 2;
    return true;
}

/* A range, a character or an escape, as one alternative. */
static bool put_class_part(Reader *in)
{
    uint32_t low, high;
    bool sound;
    if (class_char(in, &low)) {
        high = low;
        bool range = in->end - in->at >= 2 && in->at[0] == '-' &&
                     in->at[1] != ']' && in->at[1] != '[';
        if (range) {
            in->at++;
            if (!class_char(in, &high) || high < low) return false;
        }
        buf_char(in->out, '[');
        put_point(in->out, low);
        buf_char(in->out, '-');
        put_point(in->out, high);
        buf_char(in->out, ']');
        return true;
    }
    if (!take(in, '\\') || !more(in)) return false;
    char c = *in->at++;
    return put_many(in, c, &sound) && sound;
}

/* The parts of a class up to "]" or "-[", as alternatives. */
static bool put_class_parts(Reader *in, Buf *parts)
{
    Buf *out = in->out;
    in->out = parts;
    bool sound = true, first = true;
    while (sound && more(in) && *in->at != ']') {
        bool subtract =
            in->end - in->at >= 2 && in->at[0] == '-' && in->at[1] == '[';
        if (subtract) break;
        if (!first) buf_char(parts, '|');
        first = false;
        sound = put_class_part(in);
    }
    in->out = out;
    return sound && !first && more(in);
}

/* "[...]": behind the bracket. Negation and subtraction look ahead. */
static bool put_class(Reader *in)
{
    if (++in->nesting > NESTING_MAX) return false;
    bool negated = take(in, '^');
    Buf parts = buf_make(1 << 16), less = buf_make(1 << 16);
    bool sound = put_class_parts(in, &parts);
    if (sound && take(in, '-')) {
        Buf *out = in->out;
        in->out = &less;
        sound = take(in, '[') && put_class(in);
        in->out = out;
    }
    sound = sound && take(in, ']');
    buf_text(in->out, "(?:");
    if (less.bytes > 0) {
        buf_text(in->out, "(?!");
        buf_str(in->out, buf_view(&less));
        buf_char(in->out, ')');
    }
    buf_text(in->out, negated ? "(?!" : "(?:");
    buf_str(in->out, buf_view(&parts));
    buf_text(in->out, negated ? ")(?s:.))" : "))");
    sound = sound && !buf_full(&parts) && !buf_full(&less);
    buf_free(&parts);
    buf_free(&less);
    in->nesting--;
    return sound;
}

static bool take_count(Reader *in, int *ret)
{
    int value = 0;
    const char *from = in->at;
    while (more(in) && *in->at >= '0' && *in->at <= '9') {
        value = value * 10 + (*in->at++ - '0');
        if (value > REPEAT_MAX) return false;
    }
    *ret = value;
    return in->at > from;
}

/* {n}, {n,} or {n,m}, behind the first brace. */
static bool put_repeat(Reader *in)
{
    int low, high;
    if (!take_count(in, &low)) return false;
    buf_format(in->out, "{%d", low);
    if (take(in, ',')) {
        buf_char(in->out, ',');
        bool open = more(in) && *in->at == '}';
        if (!open && (!take_count(in, &high) || high < low)) return false;
        if (!open) buf_format(in->out, "%d", high);
    }
    buf_char(in->out, '}');
    return take(in, '}');
}

static bool at_quantifier(const Reader *in)
{
    return more(in) && (*in->at == '?' || *in->at == '*' || *in->at == '+' ||
                        *in->at == '{');
}

/* ?, *, + or a repeat, each with ? for as few as possible. */
static bool put_quantifier(Reader *in)
{
    if (!at_quantifier(in)) return true;
    char c = *in->at++;
    if (c == '{') {
        if (!put_repeat(in)) return false;
    } else {
        buf_char(in->out, c);
    }
    if (take(in, '?')) buf_char(in->out, '?');
    return !at_quantifier(in);
}

static bool put_group(Reader *in, int *open)
{
    bool capture = true;
    if (take(in, '?')) {
        if (!take(in, ':')) return false;
        capture = false;
    }
    buf_text(in->out, capture ? "(" : "(?:");
    open[in->nesting] = 0;
    if (capture) {
        if (in->groups == GROUPS_MAX) return false;
        open[in->nesting] = ++in->groups;
    }
    return ++in->nesting < NESTING_MAX;
}

/* What is neither group nor alternative: with its quantifier. */
static bool put_atom(Reader *in)
{
    char c = *in->at;
    if (strchr("?*+{}]", c) != NULL) return false;
    if (c == '[') {
        in->at++;
        if (!put_class(in)) return false;
    } else if (c == '\\') {
        in->at++;
        if (!put_escape(in)) return false;
    } else if (c == '.') {
        in->at++;
        buf_text(in->out, in->flags.dot_all ? "(?s:.)" : "[^\\n\\r]");
    } else if (c == '^') {
        in->at++;
        buf_text(in->out, in->flags.multi_line ? "(?m:^)" : "(?:\\A)");
    } else if (c == '$') {
        in->at++;
        buf_text(in->out, in->flags.multi_line ? "(?m:$)" : "(?:\\z)");
    } else {
        uint32_t point = take_point(in);
        if (point == UTF8_BAD) return false;
        put_point(in->out, point);
    }
    return put_quantifier(in);
}

/* The end of a group, with its quantifier. */
static bool put_group_end(Reader *in, const int *open)
{
    if (in->nesting == 0) return false;
    in->closed[open[--in->nesting]] = true;
    buf_char(in->out, ')');
    return put_quantifier(in);
}

static bool translate(Reader *in)
{
    int open[NESTING_MAX + 1];
    bool sound = true;
    while (sound && more(in)) {
        if (take(in, '|')) {
            buf_char(in->out, '|');
        } else if (take(in, '(')) {
            sound = put_group(in, open);
        } else if (take(in, ')')) {
            sound = put_group_end(in, open);
        } else {
            sound = put_atom(in);
        }
    }
    return sound && in->nesting == 0;
}

/* Flag x: white space goes, but for what stands in a class. */
static void without_spaces(Str pattern, Buf *out)
{
    int depth = 0;
    for (size_t i = 0; i < pattern.bytes; i++) {
        char c = pattern.at[i];
        bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (c == '\\' && i + 1 < pattern.bytes &&
            (pattern.at[i + 1] == '[' || pattern.at[i + 1] == ']' ||
             pattern.at[i + 1] == '\\')) {
            buf_char(out, c);
            c = pattern.at[++i];
        } else if (c == '[') {
            depth++;
        } else if (c == ']' && depth > 0) {
            depth--;
        } else if (space && depth == 0) {
            continue;
        }
        buf_char(out, c);
    }
}

bool feel_pattern_translate(Str pattern, FeelPatternFlags flags, Buf *out,
                            FeelPatternFault *fault)
{
    *fault = (FeelPatternFault){.block = false};
    Buf stripped = buf_make(1 << 16);
    if (flags.spaces) {
        without_spaces(pattern, &stripped);
        pattern = buf_view(&stripped);
    }
    Reader in = {.at = pattern.at,
                 .end = pattern.bytes == 0 ? pattern.at
                                           : pattern.at + pattern.bytes,
                 .flags = flags,
                 .out = out,
                 .fault = fault};
    bool sound = translate(&in) && !buf_full(out) && !buf_full(&stripped);
    buf_free(&stripped);
    return sound;
}
