/*
 * basis.h - whether what the rows of a model rest on is known: that `Source`
 * names ids of models/sources.tsv, and `Status` one of the three words that
 * say how well a row is known (citation.h).
 *
 * Only tables with both of these annotations are looked at: others cite in a
 * way of their own.
 */
#ifndef PROGRAMME_BASIS_H
#define PROGRAMME_BASIS_H

#include "dmn/check.h"
#include "programme/citation.h"

enum { BASIS_FINDINGS_MAX = 1000 };

/*
 * Adds a warning for each source that the catalogue does not have
 * (check.source_unknown) and each status that is none (check.status_unknown).
 *
 * in     file: as findings name it
 * out    check: of dmn_check(); its findings stay in the order of lines
 * errs   ERR_INVALID: it is no XML; ERR_FULL: no memory (xml.large)
 */
NODISCARD Err basis_check(Arena *arena, const char *file, Str model,
                          const Citations *citations, Diag *diag,
                          DmnCheck *check);

#endif
