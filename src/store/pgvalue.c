#include "store/postgres_int.h"

/* Numbers of types in pg_type, fixed for ever. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC = 1700
};

enum { NUMERIC_BASE = 10000, NUMERIC_POSITIVE = 0, NUMERIC_NEGATIVE = 0x4000 };

static void put(char *to, int64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (char)((uint64_t)value >> (8 * (bytes - 1 - i)) & 0xff);
    }
}

/* Big-endian, signed. */
static int64_t get(const char *at, size_t bytes)
{
    uint64_t value = bytes > 0 && (at[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | (unsigned char)at[i];
    }
    return (int64_t)value;
}

bool pgvalue_is_bytes(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_BYTEA || type == TYPE_VARCHAR ||
           type == TYPE_BPCHAR || type == TYPE_UNKNOWN;
}

int pgvalue_write_int(Oid type, int64_t value, char *to)
{
    int bytes = type == TYPE_INT8   ? 8
                : type == TYPE_INT4 ? 4
                : type == TYPE_INT2 ? 2
                                    : 0;
    if (bytes == 0) {
        if (!pgvalue_is_bytes(type)) return -2;
        return snprintf(to, 24, "%lld", (long long)value);
    }
    put(to, value, bytes);
    return get(to, (size_t)bytes) == value ? bytes : -1;
}

/* Digits of base 10000, the first worth 10000^weight; a fraction is cut off,
 * as SQLite does. sum() of BIGINT is of this type. */
static int64_t read_numeric(Str bytes)
{
    CHECK(bytes.bytes >= 8);
    int64_t count = get(bytes.at, 2), weight = get(bytes.at + 2, 2);
    int64_t sign = get(bytes.at + 4, 2), value = 0;
    CHECK(sign == NUMERIC_POSITIVE || sign == NUMERIC_NEGATIVE);
    CHECK(bytes.bytes == 8 + 2 * (size_t)count);
    for (int64_t i = 0; i <= weight; i++) {
        int64_t digit = i < count ? get(bytes.at + 8 + 2 * i, 2) : 0;
        if (sign == NUMERIC_NEGATIVE) digit = -digit;
        CHECK(!__builtin_mul_overflow(value, NUMERIC_BASE, &value));
        CHECK(!__builtin_add_overflow(value, digit, &value));
    }
    return value;
}

int64_t pgvalue_read_int(Oid type, Str bytes)
{
    int64_t value = 0;
    switch (type) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return get(bytes.at, bytes.bytes);
    case TYPE_NUMERIC:
        return read_numeric(bytes);
    default:
        CHECK(pgvalue_is_bytes(type));
        return str_to_int(bytes, &value) ? value : 0;
    }
}
