/*
 * text.h - every text that people read, by key, in two languages.
 *
 * The catalogues are locale/<area>.tsv: key, Arabic, English. A text has
 * placeholders {0} or {name}, and for counted things all the forms that the
 * language has:
 *
 *   {0|zero:..|one:..|two:..|few:# ..|many:# ..|other:# ..}
 *
 * where # is the number. A key that no catalogue has is shown as it is, so
 * that it is seen and found; tools/texts finds it before.
 *
 * A TextStyle says for whom something is written; everything in this module
 * that writes for people takes one.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/buf.h"
#include "base/diag.h"

typedef struct Texts Texts;
typedef struct Calendar Calendar;

typedef enum TextLang { TEXT_AR, TEXT_EN, TEXT_LANGS } TextLang;

typedef struct TextStyle {
    const Texts *texts;
    TextLang lang;
    bool arabic_digits; /* U+0660..0669 in place of 0..9 */
    bool isolate; /* arguments between U+2068 and U+2069, for terminals and
                     PDF; never for pages, which have <bdi> */
} TextStyle;

typedef enum TextArgKind { TEXT_ARG_STR, TEXT_ARG_INT } TextArgKind;

/* One value for a placeholder; `name` is "0", "1" .. or a word. */
typedef struct TextArg {
    const char *name;
    TextArgKind kind;
    Str str;
    int64_t number;
} TextArg;

#define TEXT_STR(name, value) ((TextArg){(name), TEXT_ARG_STR, (value), 0})
#define TEXT_INT(name, value)                                                  \
    ((TextArg){(name), TEXT_ARG_INT, {NULL, 0}, (value)})

/*
 * Loads the catalogues and the calendar that the binary carries.
 *
 * in     arena: for the whole process; shared by threads afterwards
 * errs   ERR_INVALID: a line has not three columns (text.columns) or the
 *        calendar is faulty (calendar.table), with file and line
 */
NODISCARD Err text_open(Arena *arena, Diag *diag, Texts **ret);

/* Catalogues of nothing, for tests and packs that stand alone. */
Texts *text_empty(Arena *arena);

/*
 * Adds the texts of a pack; a key that exists is replaced by the pack's.
 * Not while other threads read.
 *
 * in     tsv: outlives the catalogues
 * errs   ERR_INVALID: as text_open(); texts before the faulty line are in
 */
NODISCARD Err text_add(Texts *texts, const char *file, Str tsv, Diag *diag);

/* The calendar of these texts, or NULL. */
const Calendar *text_calendar(const Texts *texts);

/* Reads "ar" or "en". False for anything else. */
bool text_lang_read(Str name, TextLang *ret);

/* "ar" or "en"; "rtl" or "ltr". */
const char *text_lang_name(TextLang lang);
const char *text_lang_dir(TextLang lang);

/* The text of a key as it stands in the catalogue, or the key itself. */
Str text_get(const TextStyle *style, const char *key);

/* The same with a key that is not zero-terminated. */
Str text_get_str(const TextStyle *style, Str key);

/* Whether a catalogue has this key. */
bool text_has(const Texts *texts, Str key);

/*
 * Appends the text of a key with its placeholders filled. One without a value
 * stays as it is written, to be seen.
 */
void text_write(Buf *buf, const TextStyle *style, Str key, const TextArg *args,
                size_t arg_count);

/*
 * Appends a message as a sentence: file, line and column where known, then
 * the text of its key with its arguments.
 */
void text_write_diag(Buf *buf, const TextStyle *style, const Diag *diag);

/* The form of a counted thing that a language has for a number. */
typedef enum TextPlural {
    TEXT_ZERO,
    TEXT_ONE,
    TEXT_TWO,
    TEXT_FEW,
    TEXT_MANY,
    TEXT_OTHER,
    TEXT_PLURALS
} TextPlural;

/* The form, by the rules of the Unicode CLDR. */
TextPlural text_plural(TextLang lang, int64_t number);

/* Appends a value, between isolating characters if the style wants them. */
void text_write_isolated(Buf *buf, const TextStyle *style, Str value);

/* The number of texts, and the key of the one at 0 <= index < count. */
size_t text_count(const Texts *texts);
Str text_key_at(const Texts *texts, size_t index);

#endif
