#include "base/diag.h"
#include "base/err.h"
#include "base/idset.h"
#include "base/random.h"
#include "tests/harness.h"

TEST(a_set_says_once_that_an_id_is_new)
{
    IdSet set = {NULL, 0, 0};
    bool full = true;
    Random random = random_make(5);
    ck_assert(idset_add(&set, 0, &full));
    ck_assert(!full);
    ck_assert(!idset_add(&set, 0, &full));
    ck_assert(idset_add(&set, INT64_MAX, &full));
    ck_assert(!idset_add(&set, INT64_MAX, &full));
    for (int64_t id = 1; id < 50000; id++) {
        ck_assert(idset_add(&set, id * 4096, &full));
    }
    ck_assert_uint_eq(set.id_count, 50001);
    for (int i = 0; i < 50000; i++) {
        int64_t id = (int64_t)random_below(&random, 49999) + 1;
        ck_assert(!idset_add(&set, id * 4096, &full));
        ck_assert(!full);
    }
    ck_assert_uint_eq(set.id_count, 50001);
    ck_assert_uint_lt(set.id_count * 3, set.slot_count * 2 + 3);
    idset_free(&set);
    ck_assert(idset_add(&set, 4096, &full));
    idset_free(&set);
}

/* The first values of SplitMix64 for seed 1234567, as published. */
TEST(the_sequence_is_that_of_splitmix64)
{
    static const uint64_t published[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821)};
    Random random = random_make(1234567);
    for (int i = 0; i < 5; i++) {
        ck_assert_uint_eq(random_next(&random), published[i]);
    }
}

TEST(numbers_below_a_bound_stay_below_and_reach_all)
{
    Random random = random_make(3);
    int seen[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint64_t got = random_below(&random, 7);
        ck_assert_uint_lt(got, 7);
        seen[got]++;
    }
    for (int i = 0; i < 7; i++) {
        ck_assert_int_gt(seen[i], 9500);
        ck_assert_int_lt(seen[i], 10500);
    }
    ck_assert_uint_eq(random_below(&random, 1), 0);
    ck_assert(!random_chance(&random, 0));
    ck_assert(random_chance(&random, 1000000));
}

TEST(sequences_of_different_keys_differ_and_repeat)
{
    for (uint64_t key = 0; key < 1000; key++) {
        Random one = random_for(9, key), same = random_for(9, key);
        Random next = random_for(9, key + 1), seed = random_for(10, key);
        uint64_t value = random_next(&one);
        ck_assert_uint_eq(value, random_next(&same));
        ck_assert_uint_ne(value, random_next(&next));
        ck_assert_uint_ne(value, random_next(&seed));
    }
}

TEST(every_error_has_a_name_a_status_and_an_exit_code)
{
    for (int err = OK; err < ERR_COUNT; err++) {
        ck_assert_ptr_nonnull(err_name((Err)err));
        ck_assert_int_eq(err_exit((Err)err), err == OK ? 0 : 1);
        ck_assert_int_ge(err_http((Err)err), 200);
    }
    ck_assert_str_eq(err_name(ERR_BUSY), "ERR_BUSY");
    ck_assert_int_eq(err_http(ERR_DENIED), 403);
    ck_assert_int_eq(err_http(ERR_NOT_FOUND), 404);
    ck_assert_int_eq(err_http(ERR_CONFLICT), 409);
    ck_assert_int_eq(err_http(ERR_FULL), 503);
}

TEST(a_diag_cuts_long_arguments_between_letters)
{
    Diag diag;
    char letters[2 * DIAG_ARG_BYTES];
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        memcpy(letters + i, "\xD8\xA7", 2);
    }
    diag_set(&diag, "test.key");
    diag_arg(&diag, (Str){letters, sizeof letters});
    size_t kept = strlen(diag.arg[0]);
    ck_assert_uint_eq(kept % 2, 0);
    ck_assert_uint_ge(kept, DIAG_ARG_BYTES - 3);
    ck_assert_uint_lt(kept, DIAG_ARG_BYTES);
}

TEST(a_diag_keeps_four_arguments_and_forgets_them_when_set_again)
{
    Diag diag;
    diag_set(&diag, "first");
    for (int i = 0; i < 6; i++) diag_arg_int(&diag, i - 1);
    ck_assert_int_eq(diag.arg_count, DIAG_ARGS_MAX);
    ck_assert_str_eq(diag.arg[0], "-1");
    ck_assert_str_eq(diag.arg[3], "2");
    diag_place(&diag, "a.csv", 3, 4);
    diag_place(&diag, NULL, 5, 6);
    ck_assert_str_eq(diag.file, "a.csv");
    ck_assert_int_eq(diag.line, 5);
    diag_set(&diag, "second");
    ck_assert_int_eq(diag.arg_count, 0);
    ck_assert_str_eq(diag.file, "");
    diag_set(NULL, "nobody");
    diag_arg_text(NULL, "listens");
    diag_place(NULL, "here", 1, 1);
}
