#include "text/text.h"

#include "base/asset.h"
#include "text/calendar.h"
#include "text/number.h"

enum { ENTRIES_LIMIT = 1 << 20 };

typedef struct Entry {
    Str key;
    Str text[TEXT_LANGS];
} Entry;

struct Texts {
    Arena *arena;
    Entry *entry;
    size_t count;
    size_t room;
    uint32_t *slot; /* index of an entry plus 1, by hash of its key */
    size_t slots;   /* a power of two, at least twice the room */
    const Calendar *calendar;
};

/* ---- catalogues ---- */

static uint64_t hash_of(Str key)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    for (size_t i = 0; i < key.bytes; i++) {
        hash = (hash ^ (unsigned char)key.at[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

/* The slot of a key, or the empty one where it would go. */
static size_t slot_of(const Texts *texts, Str key)
{
    size_t at = (size_t)hash_of(key) & (texts->slots - 1);
    while (texts->slot[at] != 0 &&
           !str_equal(texts->entry[texts->slot[at] - 1].key, key)) {
        at = (at + 1) & (texts->slots - 1);
    }
    return at;
}

static const Entry *find(const Texts *texts, Str key)
{
    if (texts == NULL || texts->slots == 0) return NULL;
    uint32_t index = texts->slot[slot_of(texts, key)];
    return index == 0 ? NULL : &texts->entry[index - 1];
}

/* Makes room for `more` entries and for finding them. */
static void make_room(Texts *texts, size_t more)
{
    CHECK(more < ENTRIES_LIMIT - texts->count);
    size_t room = texts->room < 64 ? 64 : texts->room;
    while (room < texts->count + more) room *= 2;
    if (room == texts->room) return;
    Entry *entry = ARENA_ARRAY(texts->arena, Entry, room);
    if (texts->count > 0) {
        memcpy(entry, texts->entry, texts->count * sizeof *entry);
    }
    texts->entry = entry;
    texts->room = room;
    texts->slots = room * 2;
    texts->slot = ARENA_ARRAY(texts->arena, uint32_t, texts->slots);
    for (size_t i = 0; i < texts->count; i++) {
        texts->slot[slot_of(texts, entry[i].key)] = (uint32_t)i + 1;
    }
}

Texts *text_empty(Arena *arena)
{
    Texts *texts = ARENA_NEW(arena, Texts);
    texts->arena = arena;
    make_room(texts, 1);
    return texts;
}

/* A text with \n and \t made real; most have none and are not copied. */
static Str unescape(Arena *arena, Str text)
{
    if (text.bytes == 0 || memchr(text.at, '\\', text.bytes) == NULL) {
        return text;
    }
    char *plain = arena_alloc(arena, text.bytes + 1, 1);
    size_t bytes = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        if (c == '\\' && i + 1 < text.bytes) {
            c = text.at[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        plain[bytes++] = c;
    }
    return (Str){plain, bytes};
}

static bool add_line(Texts *texts, Str line)
{
    Str key, arabic, english;
    if (!str_split(&line, '\t', &key) || key.bytes == 0) return false;
    if (!str_split(&line, '\t', &arabic)) return false;
    if (!str_split(&line, '\t', &english) || line.at != NULL) return false;
    make_room(texts, 1);
    size_t at = slot_of(texts, key);
    if (texts->slot[at] == 0) texts->slot[at] = (uint32_t)++texts->count;
    Entry *entry = &texts->entry[texts->slot[at] - 1];
    entry->key = key;
    entry->text[TEXT_AR] = unescape(texts->arena, arabic);
    entry->text[TEXT_EN] = unescape(texts->arena, english);
    return true;
}

Err text_add(Texts *texts, const char *file, Str tsv, Diag *diag)
{
    Str line;
    for (int32_t number = 1; str_split(&tsv, '\n', &line); number++) {
        if (line.bytes > 0 && line.at[line.bytes - 1] == '\r') line.bytes--;
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (add_line(texts, line)) continue;
        diag_set(diag, "text.columns");
        diag_place(diag, file, number, 0);
        return ERR_INVALID;
    }
    return OK;
}

static bool is_catalogue(const char *path)
{
    Str p = str_of(path);
    return p.bytes > 11 && memcmp(p.at, "locale/", 7) == 0 &&
           memcmp(p.at + p.bytes - 4, ".tsv", 4) == 0;
}

Err text_open(Arena *arena, Diag *diag, Texts **ret)
{
    static const char table[] = "models/calendar/umm-al-qura.tsv";
    Texts *texts = text_empty(arena);
    size_t lines = 0;
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (is_catalogue(asset->path)) lines += str_count(asset->bytes, '\n');
    }
    make_room(texts, lines);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (!is_catalogue(asset->path)) continue;
        TRY(text_add(texts, asset->path, asset->bytes, diag));
    }
    const Asset *asset = asset_find(table);
    if (asset != NULL) {
        Err err = calendar_load(arena, asset->bytes, diag, &texts->calendar);
        if (err != OK && diag != NULL) diag_place(diag, table, diag->line, 0);
        TRY(err);
    }
    *ret = texts;
    return OK;
}

const Calendar *text_calendar(const Texts *texts)
{
    return texts->calendar;
}

size_t text_count(const Texts *texts)
{
    return texts->count;
}

Str text_key_at(const Texts *texts, size_t index)
{
    CHECK(index < texts->count);
    return texts->entry[index].key;
}

/* ---- languages ---- */

bool text_lang_read(Str name, TextLang *ret)
{
    if (!str_is(name, "ar") && !str_is(name, "en")) return false;
    *ret = str_is(name, "ar") ? TEXT_AR : TEXT_EN;
    return true;
}

const char *text_lang_name(TextLang lang)
{
    return lang == TEXT_AR ? "ar" : "en";
}

const char *text_lang_dir(TextLang lang)
{
    return lang == TEXT_AR ? "rtl" : "ltr";
}

TextPlural text_plural(TextLang lang, int64_t number)
{
    if (lang != TEXT_AR) return number == 1 ? TEXT_ONE : TEXT_OTHER;
    if (number >= 0 && number <= 2) return (TextPlural)number;
    int64_t tail = number % 100 < 0 ? -(number % 100) : number % 100;
    if (tail >= 3 && tail <= 10) return TEXT_FEW;
    return tail >= 11 ? TEXT_MANY : TEXT_OTHER;
}

/* ---- texts ---- */

bool text_has(const Texts *texts, Str key)
{
    return find(texts, key) != NULL;
}

Str text_get_str(const TextStyle *style, Str key)
{
    const Entry *entry = find(style->texts, key);
    return entry == NULL ? key : entry->text[style->lang];
}

Str text_get(const TextStyle *style, const char *key)
{
    return text_get_str(style, str_of(key));
}

void text_write_isolated(Buf *buf, const TextStyle *style, Str value)
{
    if (style->isolate) buf_text(buf, "\xE2\x81\xA8"); /* U+2068 */
    buf_str(buf, value);
    if (style->isolate) buf_text(buf, "\xE2\x81\xA9"); /* U+2069 */
}

static void write_arg(Buf *buf, const TextStyle *style, const TextArg *arg)
{
    if (arg->kind == TEXT_ARG_STR)
        text_write_isolated(buf, style, arg->str);
    else
        number_write(buf, style, arg->number);
}

static const TextArg *find_arg(const TextArg *args, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, args[i].name)) return &args[i];
    }
    return NULL;
}

/* The text of the form that a number takes, from "one:..|other:..". */
static bool pick_form(TextLang lang, Str forms, int64_t number, Str *ret)
{
    static const char *const names[TEXT_PLURALS] = {"zero", "one",  "two",
                                                    "few",  "many", "other"};
    const char *wanted = names[text_plural(lang, number)];
    bool found = false;
    Str form, name;
    while (str_split(&forms, '|', &form)) {
        str_split(&form, ':', &name);
        if (form.at == NULL) continue;
        bool exact = str_is(name, wanted);
        if (!exact && !str_is(name, "other")) continue;
        *ret = form;
        found = true;
        if (exact) break;
    }
    return found;
}

/* Writes a counted thing; false when this is none. */
static bool write_counted(Buf *buf, const TextStyle *style, const TextArg *arg,
                          Str forms)
{
    int64_t number = arg->number;
    if (arg->kind == TEXT_ARG_STR && !str_to_int(arg->str, &number)) {
        return false;
    }
    Str form, part;
    if (!pick_form(style->lang, forms, number, &form)) return false;
    if (form.bytes == 0) return true;
    while (str_split(&form, '#', &part)) {
        buf_str(buf, part);
        if (form.at != NULL) number_write(buf, style, number);
    }
    return true;
}

/* Writes what one placeholder stands for; false to leave it as it is. */
static bool write_placeholder(Buf *buf, const TextStyle *style, Str inside,
                              const TextArg *args, size_t arg_count)
{
    Str name, forms = inside;
    if (inside.bytes == 0 || !str_split(&forms, '|', &name)) return false;
    const TextArg *arg = find_arg(args, arg_count, name);
    if (arg == NULL) return false;
    if (forms.at != NULL) return write_counted(buf, style, arg, forms);
    write_arg(buf, style, arg);
    return true;
}

void text_write(Buf *buf, const TextStyle *style, Str key, const TextArg *args,
                size_t arg_count)
{
    Str rest = text_get_str(style, key), before, inside;
    if (rest.bytes == 0) return;
    while (str_split(&rest, '{', &before)) {
        buf_str(buf, before);
        if (rest.at == NULL) return;
        const char *close =
            rest.bytes == 0 ? NULL : memchr(rest.at, '}', rest.bytes);
        if (close == NULL) {
            buf_char(buf, '{');
            continue;
        }
        inside = (Str){rest.at, (size_t)(close - rest.at)};
        rest = (Str){close + 1, rest.bytes - inside.bytes - 1};
        if (write_placeholder(buf, style, inside, args, arg_count)) continue;
        buf_char(buf, '{');
        buf_str(buf, inside);
        buf_char(buf, '}');
    }
}

/* Writes "file, line 3, column 7: " as far as it is known. */
static void write_place(Buf *buf, const TextStyle *style, const Diag *diag)
{
    bool file = diag->file[0] != '\0', line = diag->line > 0;
    bool column = line && diag->column > 0;
    if (!file && !line) return;
    TextArg args[] = {TEXT_STR("file", str_of(diag->file)),
                      TEXT_INT("line", diag->line),
                      TEXT_INT("column", diag->column)};
    const char *key = !line    ? "diag.file"
                      : column ? (file ? "diag.file_column" : "diag.column")
                               : (file ? "diag.file_line" : "diag.line");
    text_write(buf, style, str_of(key), args, 3);
    buf_char(buf, ' ');
}

void text_write_diag(Buf *buf, const TextStyle *style, const Diag *diag)
{
    static const char *const names[DIAG_ARGS_MAX] = {"0", "1", "2", "3"};
    TextArg args[DIAG_ARGS_MAX];
    for (int i = 0; i < diag->arg_count; i++) {
        args[i] = TEXT_STR(names[i], str_of(diag->arg[i]));
    }
    write_place(buf, style, diag);
    text_write(buf, style, str_of(diag->key), args, (size_t)diag->arg_count);
}
