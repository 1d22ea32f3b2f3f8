/*
 * explain_print.h - an explanation on paper or in a terminal, as text.
 */
#ifndef CLI_EXPLAIN_PRINT_H
#define CLI_EXPLAIN_PRINT_H

#include "service/explain.h"

/*
 * Appends an explanation as a person reads it: the result, the arithmetic,
 * the conditions, the facts, what can be done, and how to check all of it.
 */
void explain_print(Buf *buf, Arena *arena, const TextStyle *style,
                   const char *programme, const Explanation *found);

#endif
