/*
 * value.h - one value of a kind, from the text that an agency sent.
 */
#ifndef REGISTRY_VALUE_H
#define REGISTRY_VALUE_H

#include "codec/format.h"
#include "registry/book.h"

/*
 * Reads a value: dates as YYYY-MM-DD, flags as 0, 1, true or false, money
 * with two decimals, codes by name, texts by their format.
 *
 * out    ret->kind and ret->value or ret->text (in `arena`); the key, class
 *        and flags of assets are the caller's
 * errs   ERR_INVALID: not a value of that kind; diag names the rule
 *        (value.date, value.day, value.flag, value.count, value.money,
 *        value.negative, value.code, format.<name>, with the value as {0},
 *        and what codes there are as {1})
 */
NODISCARD Err value_read(Arena *arena, const Formats *formats, const Kind *kind,
                         Str text, Diag *diag, Attribute *ret);

/*
 * As value_read(), for a column in which numbers stand for some codes.
 *
 * in     words: what the column takes (models/csv.tsv): "0=head|1=spouse", by
 *        number or by name, or "male|female"; empty: all names of the kind
 * errs   as value_read()
 */
NODISCARD Err value_read_cell(Arena *arena, const Formats *formats,
                              const Kind *kind, Str words, Str text, Diag *diag,
                              Attribute *ret);

/* Appends a code as value_read_cell() reads it. */
void value_write_code(Buf *buf, const Kind *kind, Str words, int64_t value);

/*
 * Reads a day.
 *
 * errs   ERR_INVALID: value.date {text}: no date; value.day {text} {first}
 *        {last}: a date of which no fact can speak
 */
NODISCARD Err value_read_day(Str text, Diag *diag, Day *ret);

#endif
