#include "codec/arabic.h"

#include "codec/utf8.h"

/* What folding makes of a code point besides another one. */
enum { DROP = 0, SPACE = ' ' };

typedef struct Range {
    uint32_t first;
    uint32_t last;
} Range;

/* Arabic vowel marks, Koranic signs and the tatweel. */
static const Range marks[] = {
    {0x0610, 0x061A}, {0x0640, 0x0640}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED},
    {0x08D3, 0x08FF}, {0x0300, 0x036F}, {0xFE70, 0xFE7F}};

static const Range invisibles[] = {
    {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};

/* Punctuation and spaces outside ASCII; the rest of Unicode is letters. */
static const Range spaces[] = {
    {0x0080, 0x00BF}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7}, {0x0600, 0x060F},
    {0x061B, 0x061F}, {0x066A, 0x066D}, {0x06D4, 0x06D4}, {0x06DD, 0x06DE},
    {0x06E9, 0x06E9}, {0x2000, 0x206F}, {0x2190, 0x2BFF}, {0x3000, 0x3003},
    {0xFD3E, 0xFD3F}, {0xFFFD, 0xFFFD}};

/* Letters that people exchange, each with its one form; sorted. */
static const uint16_t letters[][2] = {
    {0x0621, DROP},   {0x0622, 0x0627}, {0x0623, 0x0627}, {0x0624, 0x0648},
    {0x0625, 0x0627}, {0x0626, 0x064A}, {0x0629, 0x0647}, {0x0649, 0x064A},
    {0x0654, DROP},   {0x0671, 0x0627}, {0x0672, 0x0627}, {0x0673, 0x0627},
    {0x0674, DROP},   {0x0675, 0x0627}, {0x0676, 0x0648}, {0x0678, 0x064A},
    {0x06A9, 0x0643}, {0x06AA, 0x0643}, {0x06BE, 0x0647}, {0x06C0, 0x0647},
    {0x06C1, 0x0647}, {0x06C2, 0x0647}, {0x06C3, 0x0647}, {0x06CC, 0x064A},
    {0x06CD, 0x064A}, {0x06D0, 0x064A}, {0x06D2, 0x064A}, {0x06D5, 0x0647}};

/* The letter of each presentation form from U+FE80 on, run by run. */
static const struct {
    uint16_t first;
    uint16_t letter;
} forms[] = {
    {0xFE80, 0x0621}, {0xFE81, 0x0622}, {0xFE83, 0x0623}, {0xFE85, 0x0624},
    {0xFE87, 0x0625}, {0xFE89, 0x0626}, {0xFE8D, 0x0627}, {0xFE8F, 0x0628},
    {0xFE93, 0x0629}, {0xFE95, 0x062A}, {0xFE99, 0x062B}, {0xFE9D, 0x062C},
    {0xFEA1, 0x062D}, {0xFEA5, 0x062E}, {0xFEA9, 0x062F}, {0xFEAB, 0x0630},
    {0xFEAD, 0x0631}, {0xFEAF, 0x0632}, {0xFEB1, 0x0633}, {0xFEB5, 0x0634},
    {0xFEB9, 0x0635}, {0xFEBD, 0x0636}, {0xFEC1, 0x0637}, {0xFEC5, 0x0638},
    {0xFEC9, 0x0639}, {0xFECD, 0x063A}, {0xFED1, 0x0641}, {0xFED5, 0x0642},
    {0xFED9, 0x0643}, {0xFEDD, 0x0644}, {0xFEE1, 0x0645}, {0xFEE5, 0x0646},
    {0xFEE9, 0x0647}, {0xFEED, 0x0648}, {0xFEEF, 0x0649}, {0xFEF1, 0x064A}};

enum {
    LAM_ALEF_FIRST = 0xFEF5,
    LAM_ALEF_LAST = 0xFEFC,
    LAM = 0x0644,
    ALEF = 0x0627
};

/* U+00C0 to U+00FF without their accents. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo ouuuuyty";

static bool within(const Range *ranges, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) return true;
    }
    return false;
}
#define WITHIN(ranges, c) within((ranges), sizeof(ranges) / sizeof *(ranges), c)

bool arabic_invisible(uint32_t code_point)
{
    return code_point >= 0xAD && WITHIN(invisibles, code_point);
}

uint32_t arabic_latin(uint32_t c)
{
    if (c >= 0x0660 && c <= 0x0669) return c - 0x0660 + '0';
    if (c >= 0x06F0 && c <= 0x06F9) return c - 0x06F0 + '0';
    if (c == 0x066B) return '.';
    if (c == 0x066C) return ',';
    return c;
}

void arabic_digits(Buf *buf, Str text)
{
    while (text.bytes > 0) {
        Str rest = text;
        uint32_t c = utf8_next(&rest), to = arabic_latin(c);
        if (to != c)
            buf_char(buf, (char)to);
        else
            buf_add(buf, text.at, text.bytes - rest.bytes);
        text = rest;
    }
}

static uint32_t fold_ascii(uint32_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return c;
    return c == '\'' || c == '`' ? DROP : SPACE;
}

/* The Arabic letter of a presentation form. */
static uint32_t unshape(uint32_t c)
{
    size_t i = sizeof forms / sizeof *forms;
    while (i > 1 && forms[i - 1].first > c) i--;
    return forms[i - 1].letter;
}

static uint32_t fold_letter(uint32_t c)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i][0] == c) return letters[i][1];
        if (letters[i][0] > c) break;
    }
    return c;
}

/* The one form of a code point; not for lam-alef, which becomes two. */
static uint32_t fold(uint32_t c)
{
    if (c < 0x80) return fold_ascii(c);
    if (c >= 0xFE80 && c < LAM_ALEF_FIRST) c = unshape(c);
    c = arabic_latin(c);
    if (c < 0x80) return fold_ascii(c);
    if (c >= 0x0627 && c <= 0x0648) {
        return c == 0x0629 ? 0x0647 : c == 0x0640 ? DROP : c;
    }
    if (WITHIN(marks, c) || WITHIN(invisibles, c)) return DROP;
    if (c == 0x2018 || c == 0x2019 || c == 0x02BB || c == 0x02BC ||
        c == 0x02BE || c == 0x02BF) {
        return DROP; /* apostrophes: Sa'ad is Saad */
    }
    if (c == UTF8_BAD || WITHIN(spaces, c)) return SPACE;
    if (c >= 0xC0 && c <= 0xFF) return (unsigned char)latin[c - 0xC0];
    return fold_letter(c);
}

void arabic_fold(Buf *buf, Str text)
{
    size_t start = buf->bytes;
    bool gap = false;
    while (text.bytes > 0) {
        uint32_t c = utf8_next(&text);
        bool two = c >= LAM_ALEF_FIRST && c <= LAM_ALEF_LAST;
        uint32_t folded = two ? LAM : fold(c);
        if (folded == DROP) continue;
        if (folded == SPACE) {
            gap = buf->bytes > start;
            continue;
        }
        if (gap) buf_char(buf, ' ');
        gap = false;
        utf8_write(buf, folded);
        if (two) utf8_write(buf, ALEF);
    }
}

/* One text constant of a list, with its length. */
#define WORD(literal)                                                          \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

static bool is_one_of(Str word, const Str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(word, words[i])) return true;
    }
    return false;
}

/* "son of" and "daughter of", folded. */
static bool is_filler(Str word)
{
    static const Str words[] = {WORD("بن"),   WORD("ابن"), WORD("بنت"),
                                WORD("ابنه"), WORD("bin"), WORD("ibn"),
                                WORD("bint"), WORD("ben")};
    return is_one_of(word, words, sizeof words / sizeof *words);
}

/* Parts of a name that begin it and are never a name alone, folded. */
static bool joins_next(Str word)
{
    static const Str words[] = {
        WORD("عبد"), WORD("ابو"), WORD("ابا"), WORD("ابي"),   WORD("ام"),
        WORD("ال"),  WORD("abd"), WORD("abu"), WORD("abdul"), WORD("abdel"),
        WORD("abo"), WORD("umm"), WORD("um"),  WORD("al"),    WORD("el")};
    return is_one_of(word, words, sizeof words / sizeof *words);
}

/* Parts of a name that end it and are never a name alone, folded. */
static bool joins_previous(Str word)
{
    static const Str words[] = {WORD("الله"), WORD("الدين"), WORD("allah"),
                                WORD("aldin"), WORD("eldin")};
    return is_one_of(word, words, sizeof words / sizeof *words);
}

/* The next word of a folded text; false after the last. */
static bool next_word(Str *rest, Str *ret)
{
    if (rest->bytes == 0) return false;
    return str_split(rest, ' ', ret);
}

void arabic_fold_name(Buf *buf, Str name)
{
    size_t start = buf->bytes;
    arabic_fold(buf, name);
    if (buf->bytes == start) return;
    Str rest = {buf->at + start, buf->bytes - start}, word;
    char *to = buf->at + start;
    bool first = true, join = true;
    /* names only get shorter, so they are rewritten where they stand */
    while (next_word(&rest, &word)) {
        if (is_filler(word) && !first && rest.bytes > 0) continue;
        bool next = joins_next(word);
        if (!join && !joins_previous(word)) *to++ = ' ';
        memmove(to, word.at, word.bytes);
        to += word.bytes;
        join = next;
        first = false;
    }
    buf->bytes = (size_t)(to - buf->at);
}

size_t arabic_tokens(Str folded, Str *ret, size_t room)
{
    size_t count = 0;
    while (count < room && next_word(&folded, &ret[count])) {
        if (ret[count].bytes > 0) count++;
    }
    return count;
}
