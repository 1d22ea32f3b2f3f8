#include "codec/format.h"

#include "base/asset.h"
#include "codec/arabic.h"
#include "codec/check.h"
#include "codec/utf8.h"

enum {
    RANGES_MAX = 12,
    ITEMS_MAX = 32,
    REWRITES_MAX = 8,
    GROWTH_MAX = 32,
    COLUMNS = 6
};

typedef struct Range {
    uint32_t first;
    uint32_t last;
} Range;

/* One step of a pattern: a set of characters, and how many of them. */
typedef struct Item {
    Range range[RANGES_MAX];
    size_t range_count;
    bool letters;
    size_t min;
    size_t max;
} Item;

typedef struct Rewrite {
    Str from;
    Str to;
} Rewrite;

typedef enum Check { CHECK_NONE, CHECK_LUHN, CHECK_IBAN } Check;

struct Format {
    const char *name;
    const char *key; /* "format." and the name */
    Item item[ITEMS_MAX];
    size_t item_count;
    Rewrite rewrite[REWRITES_MAX];
    size_t rewrite_count;
    Check check;
    bool compact;
    bool single;
    bool upper;
};

struct Formats {
    size_t count;
    Format *format;
};

/* A cleaned text of bounded length. */
typedef struct Work {
    char at[FORMAT_BYTES_MAX + GROWTH_MAX];
    size_t bytes;
} Work;

/* ---- reading the table ---- */

/* Takes one character of a pattern; a backslash makes the next one plain. */
static bool take(Str *rest, uint32_t *ret, bool *ret_letters)
{
    *ret_letters = false;
    if (rest->bytes == 0) return false;
    *ret = utf8_next(rest);
    if (*ret != '\\') return *ret != UTF8_BAD;
    if (rest->bytes == 0) return false;
    *ret = utf8_next(rest);
    *ret_letters = *ret == 'l';
    return *ret != UTF8_BAD;
}

static bool add_range(Item *item, uint32_t first, uint32_t last)
{
    if (item->range_count == RANGES_MAX || first > last) return false;
    item->range[item->range_count++] = (Range){first, last};
    return true;
}

/* Reads a set up to its bracket; the opening one is behind us. */
static bool read_set(Str *rest, Item *item)
{
    while (rest->bytes > 0 && rest->at[0] != ']') {
        uint32_t first, last;
        bool letters, ignored;
        if (!take(rest, &first, &letters)) return false;
        if (letters) {
            item->letters = true;
            continue;
        }
        last = first;
        if (rest->bytes > 1 && rest->at[0] == '-' && rest->at[1] != ']') {
            utf8_next(rest);
            if (!take(rest, &last, &ignored)) return false;
        }
        if (!add_range(item, first, last)) return false;
    }
    if (rest->bytes == 0) return false;
    utf8_next(rest);
    return true;
}

static bool read_count(Str text, size_t *ret)
{
    int64_t value;
    if (!str_to_int(text, &value)) return false;
    if (value < 0 || value > FORMAT_BYTES_MAX) return false;
    *ret = (size_t)value;
    return true;
}

/* Reads {n} or {n,m} if it stands here. */
static bool read_repeat(Str *rest, Item *item)
{
    item->min = item->max = 1;
    if (rest->bytes == 0 || rest->at[0] != '{') return true;
    *rest = (Str){rest->at + 1, rest->bytes - 1};
    Str inside, low;
    if (!str_split(rest, '}', &inside) || rest->at == NULL) return false;
    str_split(&inside, ',', &low);
    if (!read_count(low, &item->min)) return false;
    item->max = item->min;
    if (inside.at != NULL && !read_count(inside, &item->max)) return false;
    return item->min <= item->max && item->max > 0;
}

static bool read_pattern(Str text, Format *format)
{
    while (text.bytes > 0) {
        if (format->item_count == ITEMS_MAX) return false;
        Item *item = &format->item[format->item_count++];
        uint32_t c;
        bool plain = text.at[0] != '[';
        if (!plain) text = (Str){text.at + 1, text.bytes - 1};
        if (plain && !take(&text, &c, &item->letters)) return false;
        if (plain && !item->letters && !add_range(item, c, c)) return false;
        if (!plain && !read_set(&text, item)) return false;
        if (!read_repeat(&text, item)) return false;
    }
    return format->item_count > 0;
}

static bool read_check(Str text, Format *format)
{
    format->check = str_is(text, "luhn")   ? CHECK_LUHN
                    : str_is(text, "iban") ? CHECK_IBAN
                                           : CHECK_NONE;
    return format->check != CHECK_NONE || str_is(text, "-");
}

static bool read_clean(Str text, Format *format)
{
    Str word;
    if (str_is(text, "-")) return true;
    while (str_split(&text, ',', &word)) {
        if (str_is(word, "compact"))
            format->compact = true;
        else if (str_is(word, "single"))
            format->single = true;
        else if (str_is(word, "upper"))
            format->upper = true;
        else
            return false;
    }
    return true;
}

static bool read_rewrites(Str text, Format *format)
{
    Str rule, from;
    size_t growth = 0;
    if (str_is(text, "-")) return true;
    while (str_split(&text, ' ', &rule)) {
        if (format->rewrite_count == REWRITES_MAX) return false;
        str_split(&rule, '>', &from);
        if (from.bytes == 0 || rule.at == NULL) return false;
        format->rewrite[format->rewrite_count++] = (Rewrite){from, rule};
        growth += rule.bytes;
    }
    return growth <= GROWTH_MAX;
}

/* Reads one line; gives the name of the column at fault, or NULL. */
static const char *read_line(Arena *arena, Str line, Format *format)
{
    Str column[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!str_split(&line, '\t', &column[i])) return "columns";
    }
    if (line.at != NULL) return "columns";
    if (column[0].bytes == 0 || column[0].bytes > 32) return "name";
    format->name = arena_text(arena, column[0].at, column[0].bytes);
    format->key = arena_format(arena, "format.%s", format->name);
    if (!read_pattern(column[1], format)) return "pattern";
    if (!read_check(column[2], format)) return "check";
    if (!read_clean(column[3], format)) return "clean";
    if (!read_rewrites(column[4], format)) return "rewrite";
    return NULL;
}

static Err fault(Diag *diag, const char *what, int32_t line)
{
    diag_set(diag, "format.table");
    diag_arg_text(diag, what);
    diag_place(diag, NULL, line, 0);
    return ERR_INVALID;
}

Err format_load(Arena *arena, Str tsv, Diag *diag, const Formats **ret)
{
    Formats *formats = ARENA_NEW(arena, Formats);
    formats->format = ARENA_ARRAY(arena, Format, str_count(tsv, '\n') + 1);
    Str line;
    for (int32_t number = 1; str_split(&tsv, '\n', &line); number++) {
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (formats->count == FORMATS_MAX) return fault(diag, "count", number);
        Format *format = &formats->format[formats->count];
        const char *bad = read_line(arena, line, format);
        if (bad == NULL && format_find(formats, str_of(format->name)) != NULL) {
            bad = "name";
        }
        if (bad != NULL) return fault(diag, bad, number);
        formats->count++;
    }
    *ret = formats;
    return OK;
}

Err format_load_embedded(Arena *arena, Diag *diag, const Formats **ret)
{
    static const char path[] = "models/formats.tsv";
    const Asset *asset = asset_find(path);
    CHECK(asset != NULL);
    Err err = format_load(arena, asset->bytes, diag, ret);
    if (err != OK && diag != NULL) diag_place(diag, path, diag->line, 0);
    return err;
}

const Format *format_find(const Formats *formats, Str name)
{
    for (size_t i = 0; i < formats->count; i++) {
        if (str_is(name, formats->format[i].name)) return &formats->format[i];
    }
    return NULL;
}

const char *format_name(const Format *format)
{
    return format->name;
}

/* ---- reading what was typed ---- */

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0xA0 || c == 0x202F ||
           (c >= 0x2000 && c <= 0x200A);
}

static bool is_hyphen(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* Cleans the input into `work`. False when it is not UTF-8. */
static bool clean(const Format *format, Str input, Work *work)
{
    bool gap = false;
    work->bytes = 0;
    while (input.bytes > 0) {
        uint32_t c = utf8_next(&input);
        if (c == UTF8_BAD) return false;
        if (arabic_invisible(c)) continue;
        c = arabic_latin(c);
        if (format->compact && (is_space(c) || is_hyphen(c))) continue;
        if (format->single && is_space(c)) {
            gap = work->bytes > 0;
            continue;
        }
        if (format->upper && c >= 'a' && c <= 'z') c = c - 'a' + 'A';
        if (gap) work->at[work->bytes++] = ' ';
        gap = false;
        work->bytes += utf8_put(work->at + work->bytes, c);
    }
    return true;
}

static void rewrite(const Format *format, Work *work)
{
    for (size_t i = 0; i < format->rewrite_count; i++) {
        Str from = format->rewrite[i].from, to = format->rewrite[i].to;
        if (work->bytes < from.bytes) continue;
        if (memcmp(work->at, from.at, from.bytes) != 0) continue;
        memmove(work->at + to.bytes, work->at + from.bytes,
                work->bytes - from.bytes);
        if (to.bytes > 0) memcpy(work->at, to.at, to.bytes);
        work->bytes += to.bytes - from.bytes;
    }
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80) return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c == 0xD7 || c == 0xF7) return false;
    return (c >= 0xC0 && c <= 0x24F) || (c >= 0x620 && c <= 0x65F) ||
           (c >= 0x66E && c <= 0x6D3) || (c >= 0x6FA && c <= 0x6FC) ||
           (c >= 0x750 && c <= 0x77F) || (c >= 0xFE70 && c <= 0xFEFC);
}

static bool item_has(const Item *item, uint32_t c)
{
    if (item->letters && is_letter(c)) return true;
    for (size_t i = 0; i < item->range_count; i++) {
        if (c >= item->range[i].first && c <= item->range[i].last) return true;
    }
    return false;
}

static bool matches(const Format *format, Str text)
{
    for (size_t i = 0; i < format->item_count; i++) {
        const Item *item = &format->item[i];
        size_t count = 0;
        while (count < item->max && text.bytes > 0) {
            Str rest = text;
            if (!item_has(item, utf8_next(&rest))) break;
            text = rest;
            count++;
        }
        if (count < item->min) return false;
    }
    return text.bytes == 0;
}

static bool passes_check(const Format *format, Str text)
{
    switch (format->check) {
    case CHECK_NONE:
        return true;
    case CHECK_LUHN:
        return check_luhn(text);
    case CHECK_IBAN:
        return check_iban(text);
    }
    return false;
}

Err format_read(const Format *format, Str input, Buf *buf, Diag *diag)
{
    Work work;
    bool fits = input.bytes <= FORMAT_BYTES_MAX && clean(format, input, &work);
    if (fits) {
        rewrite(format, &work);
        Str text = {work.at, work.bytes};
        fits = matches(format, text) && passes_check(format, text);
    }
    if (!fits) {
        diag_set(diag, format->key);
        diag_arg(diag, input);
        return ERR_INVALID;
    }
    buf_add(buf, work.at, work.bytes);
    return buf_full(buf) ? ERR_FULL : OK;
}
