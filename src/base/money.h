/*
 * money.h - exact amounts of money.
 *
 * An amount is a whole number of minor units (halalas for the riyal), signed,
 * so that a payment and its reversal add up to nothing. No floating point.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buf.h"

typedef struct Money {
    int64_t minor;
} Money;

/*
 * Reads "1320", "1320.5" or "1320.00": digits, at most two decimals, an
 * optional minus sign. False for anything else or beyond 15 whole digits.
 */
bool money_read(Str text, Money *ret);

/* Writes with two decimals and no grouping: "1320.00", "-0.05". */
void money_write(Buf *buf, Money money);

#endif
