#include "registry/value.h"

#include "base/money.h"
#include "codec/arabic.h"

/* Money above this in one month is a slip of the keyboard, not an income. */
static const int64_t money_max = INT64_C(100000000000000);

static Err refuse(Diag *diag, const char *key, Str text)
{
    diag_set(diag, key);
    diag_arg(diag, text);
    return ERR_INVALID;
}

static Err read_money(Str text, Diag *diag, Attribute *ret)
{
    Money money;
    if (!money_read(text, &money) || money.minor > money_max) {
        return refuse(diag, "value.money", text);
    }
    if (money.minor < 0) return refuse(diag, "value.negative", text);
    ret->value = money.minor;
    return OK;
}

static Err read_count(const Kind *kind, Str text, Diag *diag, Attribute *ret)
{
    bool number = str_to_int(text, &ret->value);
    if (number && ret->value < 0) return refuse(diag, "value.negative", text);
    if (number && ret->value <= kind->most) return OK;
    (void)refuse(diag, "value.count", text);
    diag_arg_int(diag, kind->most);
    return ERR_INVALID;
}

/* The next word of a column with the code that it stands for. */
static bool next_word(const Kind *kind, Str *rest, Str *ret_word, Str *ret_name,
                      int32_t *ret_code)
{
    Str word;
    if (!str_split(rest, '|', &word)) return false;
    Str name = word;
    str_split(&name, '=', ret_word);
    *ret_name = name.at == NULL ? *ret_word : name;
    *ret_code = kind_code(kind, *ret_name);
    return true;
}

/* Names what is taken, so that the right word can be put in its place. */
static Err refuse_code(Diag *diag, const Kind *kind, Str words, Str text)
{
    Buf known = buf_make(DIAG_ARG_BYTES);
    Str word, name;
    int32_t code;
    for (int32_t i = 0; i < kind->code_count && words.bytes == 0; i++) {
        if (i > 0) buf_text(&known, ", ");
        buf_text(&known, kind->codes[i]);
    }
    for (Str rest = words; rest.bytes > 0;) {
        if (!next_word(kind, &rest, &word, &name, &code)) break;
        if (known.bytes > 0) buf_text(&known, ", ");
        buf_str(&known, word);
        if (!str_equal(word, name)) buf_format(&known, " %.*s", STR_ARG(name));
    }
    (void)refuse(diag, "value.code", text);
    diag_arg(diag, buf_view(&known));
    buf_free(&known);
    return ERR_INVALID;
}

static Err read_code(const Kind *kind, Str words, Str text, Diag *diag,
                     Attribute *ret)
{
    Str rest = words, word, name;
    int32_t code = words.bytes == 0 ? kind_code(kind, text) : -1;
    bool found = code >= 0;
    while (!found && next_word(kind, &rest, &word, &name, &code)) {
        found = code >= 0 && (str_equal(text, word) || str_equal(text, name));
    }
    if (!found) return refuse_code(diag, kind, words, text);
    ret->value = code;
    return OK;
}

void value_write_code(Buf *buf, const Kind *kind, Str words, int64_t value)
{
    Str rest = words, word, name;
    int32_t code;
    while (next_word(kind, &rest, &word, &name, &code)) {
        if (code != value) continue;
        buf_str(buf, word);
        return;
    }
    buf_text(buf, kind->codes[value]);
}

/* Whether it is a date of the calendar, of whatever year. */
static bool is_date(Str text)
{
    static const size_t bytes[] = {4, 2, 2};
    int64_t part[3];
    for (int i = 0; i < 3; i++) {
        Str digits;
        if (!str_split(&text, '-', &digits) || digits.bytes != bytes[i] ||
            !str_to_int(digits, &part[i])) {
            return false;
        }
    }
    return text.at == NULL &&
           ymd_valid(
               (Ymd){(int32_t)part[0], (int32_t)part[1], (int32_t)part[2]});
}

Err value_read_day(Str text, Diag *diag, Day *ret)
{
    if (day_read(text, ret)) return OK;
    if (!is_date(text)) return refuse(diag, "value.date", text);
    Buf first = buf_make(16), last = buf_make(16);
    day_write(&first, DAY_MIN);
    day_write(&last, DAY_MAX);
    (void)refuse(diag, "value.day", text);
    diag_arg(diag, buf_view(&first));
    diag_arg(diag, buf_view(&last));
    buf_free(&first);
    buf_free(&last);
    return ERR_INVALID;
}

static Err read_text(Arena *arena, const Formats *formats, const Kind *kind,
                     Str text, Diag *diag, Attribute *ret)
{
    const Format *format = format_find(formats, str_of(kind->format));
    CHECK(format != NULL);
    Buf buf = buf_make(FORMAT_BYTES_MAX);
    Err err = format_read(format, text, &buf, diag);
    if (err == OK) ret->text = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return err;
}

/* Numbers and dates may be typed with Arabic-Indic digits. */
static Str latin_digits(Arena *arena, Str text)
{
    bool plain = true;
    for (size_t i = 0; i < text.bytes; i++) {
        plain = plain && (unsigned char)text.at[i] < 0x80;
    }
    if (plain) return text;
    Buf buf = buf_make(FORMAT_BYTES_MAX);
    arabic_digits(&buf, text);
    Str latin = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return latin;
}

Err value_read(Arena *arena, const Formats *formats, const Kind *kind, Str text,
               Diag *diag, Attribute *ret)
{
    Str names = {NULL, 0};
    return value_read_cell(arena, formats, kind, names, text, diag, ret);
}

Err value_read_cell(Arena *arena, const Formats *formats, const Kind *kind,
                    Str words, Str text, Diag *diag, Attribute *ret)
{
    Day day;
    *ret = (Attribute){.kind = kind->id};
    if (kind->type != KIND_TEXT) text = latin_digits(arena, text);
    switch (kind->type) {
    case KIND_DATE:
        TRY(value_read_day(text, diag, &day));
        ret->value = day;
        return OK;
    case KIND_FLAG:
        ret->value = str_is(text, "1") || str_is(text, "true");
        if (ret->value == 0 && !str_is(text, "0") && !str_is(text, "false")) {
            return refuse(diag, "value.flag", text);
        }
        return OK;
    case KIND_COUNT:
        return read_count(kind, text, diag, ret);
    case KIND_MONEY:
    case KIND_ASSET:
        return read_money(text, diag, ret);
    case KIND_CODE:
        return read_code(kind, words, text, diag, ret);
    case KIND_TEXT:
        return read_text(arena, formats, kind, text, diag, ret);
    }
    return ERR_INVALID;
}
