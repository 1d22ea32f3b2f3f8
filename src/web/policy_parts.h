/*
 * policy_parts.h - the boxed expression of a decision as the parts in which an
 * officer types it: entries of a context, items of a list, what is called
 * with what, rows of a relation.
 */
#ifndef WEB_POLICY_PARTS_H
#define WEB_POLICY_PARTS_H

#include "dmn/sheet.h"

typedef struct PolicyPart {
    const SheetBlock *block;
    int32_t row;    /* of a relation, from 1; else 0 */
    int32_t number; /* of its first expression, as SheetBlock.part; 0: it is
                       a head, or cannot be typed */
    int32_t count;  /* of expressions */
} PolicyPart;

typedef struct PolicyParts {
    const PolicyPart *at;
    size_t count;
} PolicyParts;

/* The parts of an item; none of one with a single table or expression. */
PolicyParts policy_parts(Arena *arena, const SheetItem *item);

/* The part that begins with that expression, or NULL. */
const PolicyPart *policy_part(const PolicyParts *parts, int64_t number);

/* One of its expressions as it is written, from 0; what it is called there. */
Str policy_part_text(const PolicyPart *part, int32_t at);
Str policy_part_label(const PolicyPart *part, int32_t at);

#endif
