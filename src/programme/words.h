/*
 * words.h - what the decisions, inputs and columns of a model are called in
 * the reader's language.
 *
 * A model names each thing once, for whoever writes expressions; what people
 * read stands in locale/law.tsv by programme: decision.pension.NAME. What has
 * no text there is called as the model calls it.
 */
#ifndef PROGRAMME_WORDS_H
#define PROGRAMME_WORDS_H

#include "programme/grid.h"
#include "programme/pack.h"

typedef struct ModelWords {
    const Citations *citations; /* NULL: articles by their keys */
    const char *programme;      /* NULL: all by the names in the model */
} ModelWords;

/* The words for a model of a pack; path: as the pack names it. */
ModelWords words_for(const Pack *pack, Str path);

/*
 * The words for any text of a model: those of the programme whose model has
 * the same namespace.
 *
 * errs   ERR_INVALID, ERR_FULL: it cannot be read as XML
 */
NODISCARD Err words_find(Arena *arena, const Pack *pack, Str model, Diag *diag,
                         ModelWords *ret);

/* What a decision or an input is called. */
Str words_label(const TextStyle *style, const ModelWords *words, Str name);

/* The same of a column; empty: it has no name at all. */
Str words_column(const TextStyle *style, const ModelWords *words,
                 const GridColumn *column);

/* The name of an annotation column, where it is one of those that say where
 * a row stands; else as it is. */
Str words_note(const TextStyle *style, Str name);

/* A cell of an annotation: the title of an article, a status in words. */
Str words_note_cell(const TextStyle *style, const ModelWords *words, Str column,
                    Str cell);

#endif
