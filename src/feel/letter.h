/*
 * letter.h - upper and lower case, letter by letter, in all scripts.
 *
 * The mappings are the full ones that depend on no language and no neighbour:
 * one letter may become up to three ("ß" becomes "SS"), and a capital
 * sigma at the end of a word becomes the same small sigma as anywhere.
 */
#ifndef FEEL_LETTER_H
#define FEEL_LETTER_H

#include <stdint.h>

enum { FEEL_LETTERS_MAX = 3 };

/* Writes the capitals of a letter, or itself, to `ret`; gives their number. */
int feel_letter_upper(uint32_t letter, uint32_t ret[FEEL_LETTERS_MAX]);

/* As feel_letter_upper(), for small letters. */
int feel_letter_lower(uint32_t letter, uint32_t ret[FEEL_LETTERS_MAX]);

#endif
