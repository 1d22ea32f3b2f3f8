#include "programme/citation.h"

#include "text/calendar.h"
#include "text/number.h"

enum { COLUMNS = 6 };

static const char citations_file[] = "models/citations.tsv";
static const char sources_file[] = "models/sources.tsv";

static Err refuse(Diag *diag, const char *key, Str what, const char *file,
                  int32_t line)
{
    diag_set(diag, key);
    diag_arg(diag, what);
    diag_place(diag, file, line, 0);
    return ERR_INVALID;
}

/* Splits a line into its six columns; "-" is an empty one. */
static bool split(Str line, Str column[static COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        if (!str_split(&line, '\t', &column[i])) return false;
        column[i] = str_trim(column[i]);
        if (column[i].bytes == 0) return false;
        if (str_is(column[i], "-")) column[i] = (Str){"", 0};
    }
    return line.at == NULL && column[0].bytes > 0;
}

/* A date as exact as it is known: YYYY, YYYY-MM, YYYY-MM-DD or nothing. */
static bool is_date(Str text)
{
    char padded[16] = "2000-01-01";
    Day day;
    if (text.bytes == 0) return true;
    if (text.bytes != 4 && text.bytes != 7 && text.bytes != 10) return false;
    memcpy(padded, text.at, text.bytes);
    return day_read(str_of(padded), &day);
}

/* The next line that says something; false at the end. */
static bool next_line(Str *tsv, int32_t *number, Str *ret)
{
    while (str_split(tsv, '\n', ret)) {
        (*number)++;
        if (ret->bytes > 0 && ret->at[ret->bytes - 1] == '\r') ret->bytes--;
        if (ret->bytes > 0 && ret->at[0] != '#') return true;
    }
    return false;
}

static Err load_citations(Arena *arena, Str tsv, Diag *diag, Citations *all)
{
    Citation *made = ARENA_ARRAY(arena, Citation, str_count(tsv, '\n') + 1);
    all->citations = made;
    int32_t number = 0;
    Str line, is[COLUMNS];
    while (next_line(&tsv, &number, &line)) {
        if (!split(line, is) || is[4].bytes == 0 || is[5].bytes == 0) {
            return refuse(diag, "citation.columns", line, citations_file,
                          number);
        }
        if (citation_find(all, is[0]) != NULL) {
            return refuse(diag, "citation.twice", is[0], citations_file,
                          number);
        }
        if (!is_date(is[3])) {
            return refuse(diag, "citation.date", is[3], citations_file, number);
        }
        made[all->count++] = (Citation){.key = is[0],
                                        .document = is[1],
                                        .article = is[2],
                                        .date = is[3],
                                        .title = {is[4], is[5]}};
    }
    return OK;
}

static const CitationSource *find_source(const Citations *all, Str id)
{
    for (size_t i = 0; i < all->source_count; i++) {
        if (str_equal(all->sources[i].id, id)) return &all->sources[i];
    }
    return NULL;
}

static Err load_sources(Arena *arena, Str tsv, Diag *diag, Citations *all)
{
    CitationSource *made =
        ARENA_ARRAY(arena, CitationSource, str_count(tsv, '\n') + 1);
    all->sources = made;
    int32_t number = 0;
    Str line, is[COLUMNS];
    while (next_line(&tsv, &number, &line)) {
        if (!split(line, is) || is[3].bytes == 0 || is[4].bytes == 0) {
            return refuse(diag, "citation.columns", line, sources_file, number);
        }
        if (find_source(all, is[0]) != NULL) {
            return refuse(diag, "citation.twice", is[0], sources_file, number);
        }
        if (!is_date(is[2])) {
            return refuse(diag, "citation.date", is[2], sources_file, number);
        }
        made[all->source_count++] = (CitationSource){.id = is[0],
                                                     .kind = is[1],
                                                     .date = is[2],
                                                     .title = {is[3], is[4]},
                                                     .address = is[5]};
    }
    return OK;
}

Err citation_load(Arena *arena, Str citations, Str sources, Diag *diag,
                  Citations *ret)
{
    *ret = (Citations){0};
    TRY(load_citations(arena, citations, diag, ret));
    return load_sources(arena, sources, diag, ret);
}

const Citation *citation_find(const Citations *all, Str key)
{
    for (size_t i = 0; i < all->count; i++) {
        if (str_equal(all->citations[i].key, key)) return &all->citations[i];
    }
    return NULL;
}

size_t citation_sources(const Citations *all, Str annotation,
                        const CitationSource **ret)
{
    size_t count = 0;
    Str id;
    while (annotation.bytes > 0 && count < CITATION_SOURCES_MAX &&
           str_split(&annotation, ',', &id)) {
        const CitationSource *source = find_source(all, str_trim(id));
        if (source != NULL) ret[count++] = source;
    }
    return count;
}

bool citation_sources_known(const Citations *all, Str annotation)
{
    Str id;
    while (annotation.bytes > 0 && str_split(&annotation, ',', &id)) {
        if (find_source(all, str_trim(id)) == NULL) return false;
    }
    return true;
}

/* Appends ", 9 October 2023" as far as the date is known. */
static void write_date(Buf *buf, const TextStyle *style, Str date)
{
    Day day;
    Month month;
    Buf year = buf_make(64);
    if (date.bytes == 0) return;
    buf_str(buf, text_get(style, "value.comma"));
    if (day_read(date, &day)) {
        calendar_write_both(buf, style, day);
    } else if (month_read(date, &month)) {
        calendar_write_month(buf, style, month);
    } else {
        number_write_digits(&year, style, date);
        TextArg args[] = {TEXT_STR("year", buf_view(&year))};
        TextStyle plain = *style;
        plain.isolate = false;
        text_write(buf, &plain, STR("date.year"), args, 1);
    }
    buf_free(&year);
}

void citation_write(Buf *buf, const TextStyle *style, const Citation *citation)
{
    number_write_digits(buf, style, citation->title[style->lang]);
    write_date(buf, style, citation->date);
    if (!str_is(citation->article, "?")) return;
    buf_str(buf, text_get(style, "citation.no_article"));
}

void citation_write_source(Buf *buf, const TextStyle *style,
                           const CitationSource *source)
{
    number_write_digits(buf, style, source->title[style->lang]);
    write_date(buf, style, source->date);
}
