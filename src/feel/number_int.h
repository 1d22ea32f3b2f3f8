/*
 * number_int.h - numbers in the form of the decimal library.
 *
 * Its variant 000 takes values, a rounding mode and a place for flags in each
 * call, so it keeps no state and is safe in threads. The compiler's decimal
 * operators are never used beside it: both define the same symbols with
 * different arguments.
 */
#ifndef FEEL_NUMBER_INT_H
#define FEEL_NUMBER_INT_H

#include "feel/number.h"

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

/* number.c: a number as a decimal128; a result in its shortest form. */
BID_UINT128 feel_bid(FeelValue a);
FeelValue feel_of_bid(Arena *arena, BID_UINT128 bid);

/* power.c: exponential and logarithm, within two units of the last digit. */
BID_UINT128 feel_bid_exp(BID_UINT128 a);
BID_UINT128 feel_bid_log(BID_UINT128 a);

#endif
