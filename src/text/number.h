/*
 * number.h - numbers and money as people write and read them.
 */
#ifndef TEXT_NUMBER_H
#define TEXT_NUMBER_H

#include "base/money.h"
#include "text/text.h"

/* An exact decimal: coefficient / 10^scale. */
typedef struct Decimal {
    int64_t coefficient;
    int32_t scale; /* 0..18 */
} Decimal;

/* Appends a decimal as people type it, without needless zeros: "1320", "0.5".
 */
void decimal_write(Buf *buf, Decimal value);

/* Appends a whole number with grouping: 9,800,000. */
void number_write(Buf *buf, const TextStyle *style, int64_t value);

/* Appends a number given as text ("-12345.60") with grouping. */
void number_write_exact(Buf *buf, const TextStyle *style, Str decimal);

/* Appends an amount with grouping and two decimals, without currency. */
void number_write_amount(Buf *buf, const TextStyle *style, Money money);

/* Appends an amount with its currency (text key money.amount). */
void number_write_money(Buf *buf, const TextStyle *style, Money money);

/* Appends text that has Latin digits in the digits of the style. */
void number_write_digits(Buf *buf, const TextStyle *style, Str text);

/*
 * Reads what people write: Latin, Arabic-Indic or Persian digits, grouping by
 * commas, Arabic separators or spaces in threes, a decimal point, a minus sign
 * before. False for anything else or beyond 18 digits.
 */
bool number_read(Str text, Decimal *ret);

/* As number_read(), with at most two decimals. */
bool number_read_money(Str text, Money *ret);

#endif
