#include "crypto/secret.h"

#include <stdlib.h>

#include "tests/harness.h"

static const unsigned char *rfc_key(void)
{
    return (const unsigned char *)"12345678901234567890";
}

/* RFC 6238 appendix B, SHA-1, the last six of its eight digits. */
TEST(one_time_codes_are_those_of_rfc_6238)
{
    static const struct {
        int64_t second;
        int code;
    } published[] = {{59, 287082},         {1111111109, 81804},
                     {1111111111, 50471},  {1234567890, 5924},
                     {2000000000, 279037}, {INT64_C(20000000000), 353130}};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        Instant at = published[i].second * 1000000;
        ck_assert_int_eq(secret_code(rfc_key(), at), published[i].code);
    }
}

TEST(a_code_is_right_one_step_around_and_no_further)
{
    const Instant step = 30 * INT64_C(1000000);
    Instant at = 1000 * step + step / 2;
    int code = secret_code(rfc_key(), at);
    for (int shift = -3; shift <= 3; shift++) {
        int64_t matched = -1;
        bool right =
            secret_code_check(rfc_key(), at + shift * step, code, &matched);
        ck_assert_int_eq(right, shift >= -1 && shift <= 1);
        if (right) ck_assert_int_eq(matched, 1000);
    }
    int64_t matched = -1;
    ck_assert(!secret_code_check(rfc_key(), at, code ^ 1, &matched));
    ck_assert(!secret_code_check(rfc_key(), at, -1, &matched));
    ck_assert(!secret_code_check(rfc_key(), at, code + 1000000, &matched));
    ck_assert_int_eq(matched, -1);
}

/* RFC 4648 base32 of the same twenty bytes. */
TEST(a_key_is_told_in_base32)
{
    char text[33];
    secret_key_text(rfc_key(), text);
    ck_assert_str_eq(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    unsigned char ones[SECRET_KEY_BYTES];
    memset(ones, 0xFF, sizeof ones);
    secret_key_text(ones, text);
    ck_assert_str_eq(text, "77777777777777777777777777777777");
}

TEST(a_password_is_known_again_and_no_other)
{
    char encoded[SECRET_ENCODED_BYTES], again[SECRET_ENCODED_BYTES];
    Str password = STR("correct horse battery");
    ck_assert_int_eq(secret_password_hash(password, encoded), OK);
    ck_assert_int_eq(strncmp(encoded, "$argon2id$v=19$m=65536,t=3,p=1$", 31),
                     0);
    ck_assert(secret_password_check(password, encoded));
    ck_assert(!secret_password_check(STR("correct horse batterz"), encoded));
    ck_assert(!secret_password_check(STR(""), encoded));
    ck_assert(!secret_password_check(password, ""));
    ck_assert(!secret_password_check(password, "$argon2id$broken"));
    ck_assert_int_eq(secret_password_hash(password, again), OK);
    ck_assert_str_ne(encoded, again); /* another salt */
}

TEST(passwords_that_are_too_short_or_too_long_are_refused)
{
    char encoded[SECRET_ENCODED_BYTES] = "untouched";
    static char long_one[SECRET_PASSWORD_BYTES_MAX + 1];
    memset(long_one, 'x', sizeof long_one);
    ck_assert_int_eq(secret_password_hash(STR("elevenbytes"), encoded),
                     ERR_RANGE);
    ck_assert_int_eq(
        secret_password_hash((Str){long_one, sizeof long_one}, encoded),
        ERR_RANGE);
    ck_assert_str_eq(encoded, "untouched");
    ck_assert(!secret_password_check((Str){long_one, sizeof long_one}, ""));
}

TEST(random_bytes_do_not_repeat)
{
    unsigned char one[32], two[32], zero[32] = {0};
    unsetenv("SANAD_SEED");
    secret_random(one, sizeof one);
    for (int i = 0; i < 1000; i++) {
        secret_random(two, sizeof two);
        ck_assert_int_ne(memcmp(one, two, sizeof one), 0);
        ck_assert_int_ne(memcmp(zero, two, sizeof zero), 0);
        memcpy(one, two, sizeof one);
    }
}

/* SplitMix64 of seed 1234567, low byte first. */
TEST(a_seed_for_tests_fixes_the_sequence)
{
    uint64_t first;
    ck_assert_int_eq(setenv("SANAD_SEED", "1234567", 1), 0);
    secret_random(&first, sizeof first);
    ck_assert_uint_eq(first, UINT64_C(6457827717110365317));
}
