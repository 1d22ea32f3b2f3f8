/*
 * portable.h - a model for editors that speak DMN 1.3, as most of 2026 do.
 *
 * Models are DMN 1.5 and most of them say nothing that 1.3 could not: then
 * only the names of the standard's namespaces differ. What such an editor
 * saves is read here as it is; its comments and layout are gone, what it says
 * is not (programme/diff.h tells).
 */
#ifndef PROGRAMME_PORTABLE_H
#define PROGRAMME_PORTABLE_H

#include "base/diag.h"
#include "base/err.h"

/*
 * The text of a model as DMN 1.3; of an older one as it is. No other bytes
 * change.
 *
 * out    ret: in the arena
 * errs   ERR_INVALID: it uses what came later (portable.newer {element}), or
 *        is no model (xml.*, dmn.not_dmn)
 *        ERR_FULL: no memory (xml.large)
 */
NODISCARD Err portable_model(Arena *arena, Str model, Diag *diag, Str *ret);

#endif
