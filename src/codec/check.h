/*
 * check.h - check digits.
 */
#ifndef CODEC_CHECK_H
#define CODEC_CHECK_H

#include "base/str.h"

/*
 * Luhn: every second digit from the right but the last is doubled, and the
 * sum of all digits is a multiple of ten. False for anything but digits.
 */
bool check_luhn(Str digits);

/*
 * ISO 7064 MOD 97-10 as an IBAN uses it: the first four characters moved to
 * the end, letters as 10 to 35, remainder 1. False for anything but digits
 * and capital letters, and under five characters.
 */
bool check_iban(Str iban);

#endif
