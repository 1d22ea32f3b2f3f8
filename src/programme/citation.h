/*
 * citation.h - where a row of the law stands, for people, in both languages.
 *
 * A model says in the annotations of each row what it rests on: `Article` is
 * a key of models/citations.tsv, `Source` names ids of models/sources.tsv,
 * `Status` says how well it is known. The two catalogues hold the titles, so
 * that a provision is named once, in two languages, and a lawyer corrects it
 * in one place. They are part of the pack, as the models are.
 */
#ifndef PROGRAMME_CITATION_H
#define PROGRAMME_CITATION_H

#include "base/diag.h"
#include "base/err.h"
#include "text/text.h"

enum { CITATION_SOURCES_MAX = 16 };

/* A provision: an article, an order, a statement of the ministry. */
typedef struct Citation {
    Str key;      /* "Law Article 1" */
    Str document; /* "law"; empty when no text was found */
    Str article;  /* "1"; "?": not known; empty: it has none */
    Str date;     /* of the document: YYYY, YYYY-MM, YYYY-MM-DD or empty */
    Str title[TEXT_LANGS];
} Citation;

/* What was read to know it. */
typedef struct CitationSource {
    Str id;   /* "P1" */
    Str kind; /* "official", "press" */
    Str date; /* as that of a citation */
    Str title[TEXT_LANGS];
    Str address;
} CitationSource;

typedef struct Citations {
    const Citation *citations;
    size_t count;
    const CitationSource *sources;
    size_t source_count;
} Citations;

/*
 * Reads both catalogues; an empty text is an empty catalogue.
 *
 * in     the bytes outlive the catalogues
 * errs   ERR_INVALID: citation.columns, citation.twice or citation.date, with
 *        file and line
 */
NODISCARD Err citation_load(Arena *arena, Str citations, Str sources,
                            Diag *diag, Citations *ret);

/* The provision of that key, or NULL. */
const Citation *citation_find(const Citations *all, Str key);

/*
 * The sources that an annotation names, "P2, P16", as far as they are known.
 *
 * out    ret: room for CITATION_SOURCES_MAX
 */
size_t citation_sources(const Citations *all, Str annotation,
                        const CitationSource **ret);

/* Whether every id of an annotation is known. */
bool citation_sources_known(const Citations *all, Str annotation);

/*
 * Append a provision or a source for people, with its date as far as it is
 * known: "statement of the ministry, 1 July 2025 (6 Muharram 1447 AH)".
 */
void citation_write(Buf *buf, const TextStyle *style, const Citation *citation);
void citation_write_source(Buf *buf, const TextStyle *style,
                           const CitationSource *source);

#endif
