#include "codec/check.h"

bool check_luhn(Str digits)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits.bytes; i++) {
        char c = digits.at[digits.bytes - 1 - i];
        if (c < '0' || c > '9') return false;
        unsigned digit = (unsigned)(c - '0') * (i % 2 == 1 ? 2 : 1);
        sum = (sum + (digit > 9 ? digit - 9 : digit)) % 10;
    }
    return digits.bytes > 0 && sum == 0;
}

bool check_iban(Str iban)
{
    if (iban.bytes < 5) return false;
    unsigned rest = 0;
    for (size_t i = 0; i < iban.bytes; i++) {
        char c = iban.at[(i + 4) % iban.bytes];
        if (c >= '0' && c <= '9') {
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        } else if (c >= 'A' && c <= 'Z') {
            rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
        } else {
            return false;
        }
    }
    return rest == 1;
}
