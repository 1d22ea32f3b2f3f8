/*
 * agree_int.h - what the parts of the check of types share.
 */
#ifndef FEEL_AGREE_INT_H
#define FEEL_AGREE_INT_H

#include "feel/node_int.h"

/* agree.c: tells whoever checks the model; arguments that are NULL are none. */
void feel_say(FeelParser *parser, FeelPlace place, const char *key,
              const char *a, const char *b, const char *c);

/* agree_builtin.c: whether a built-in function can take what it is given. */
void feel_agree_builtin(FeelParser *parser, const FeelNode *node);

#endif
