#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "tests/harness.h"

TEST(every_item_is_zeroed_and_aligned_for_any_type)
{
    Arena *arena = arena_open(1 << 20);
    for (size_t bytes = 0; bytes < 300; bytes++) {
        unsigned char *item = arena_alloc(arena, 1, bytes);
        ck_assert_uint_eq((uintptr_t)item % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++) ck_assert_uint_eq(item[i], 0);
        memset(item, 0xA5, bytes);
    }
    arena_close(arena);
}

TEST(items_never_overlap)
{
    enum { COUNT = 2000 };
    static unsigned char *item[COUNT];
    Arena *arena = arena_open(16 << 20);
    for (int i = 0; i < COUNT; i++) {
        item[i] = arena_alloc(arena, 1, (size_t)(i % 700) + 1);
        memset(item[i], i & 255, (size_t)(i % 700) + 1);
    }
    for (int i = 0; i < COUNT; i++) {
        for (int b = 0; b <= i % 700; b++) {
            ck_assert_uint_eq(item[i][b], (unsigned)i & 255);
        }
    }
    arena_close(arena);
}

TEST(the_limit_is_an_answer_and_what_was_given_stays)
{
    Arena *arena = arena_open(1000);
    char *text = arena_try(arena, 500, 1);
    ck_assert_ptr_nonnull(text);
    text[0] = 'x';
    ck_assert_ptr_null(arena_try(arena, 501, 1));
    ck_assert_int_eq(text[0], 'x');
    ck_assert_ptr_nonnull(arena_try(arena, 400, 1));
    ck_assert_uint_le(arena_taken_bytes(arena), 1000);
    arena_close(arena);
}

TEST(a_product_that_overflows_is_refused)
{
    Arena *arena = arena_open(SIZE_MAX / 2);
    ck_assert_ptr_null(arena_try(arena, SIZE_MAX / 2, 4));
    ck_assert_ptr_null(arena_try(arena, (SIZE_MAX >> 4) + 2, 16));
    ck_assert_uint_eq(arena_taken_bytes(arena), 0);
    arena_close(arena);
}

TEST(a_reset_arena_uses_its_blocks_again_and_zeroes_them)
{
    Arena *arena = arena_open(1 << 20);
    unsigned char *first = arena_alloc(arena, 100, 1);
    memset(first, 0xFF, 100);
    arena_alloc(arena, 200000, 1); /* a block of its own */
    size_t taken = arena_taken_bytes(arena);
    ck_assert_uint_ge(taken, 200100);
    for (int i = 0; i < 50; i++) {
        arena_reset(arena);
        ck_assert_uint_eq(arena_taken_bytes(arena), 0);
        unsigned char *again = arena_alloc(arena, 100, 1);
        ck_assert_ptr_eq(again, first);
        for (int b = 0; b < 100; b++) ck_assert_uint_eq(again[b], 0);
        memset(again, 0xFF, 100);
        ck_assert_ptr_nonnull(arena_try(arena, 200000, 1));
        ck_assert_uint_eq(arena_taken_bytes(arena), taken);
    }
    arena_close(arena);
}

TEST(the_limit_holds_again_after_a_reset)
{
    Arena *arena = arena_open(100000);
    for (int i = 0; i < 100; i++) {
        ck_assert_ptr_nonnull(arena_try(arena, 90000, 1));
        ck_assert_ptr_null(arena_try(arena, 90000, 1));
        arena_reset(arena);
    }
    arena_close(arena);
}

TEST(a_text_is_copied_with_a_zero_behind_it)
{
    Arena *arena = arena_open(4096);
    char source[] = {'a', 'b', 'c', 'd'};
    char *copy = arena_text(arena, source, 3);
    source[0] = 'z';
    ck_assert_str_eq(copy, "abc");
    ck_assert_str_eq(arena_text(arena, NULL, 0), "");
    ck_assert_str_eq(arena_format(arena, "%s-%03d", "x", 7), "x-007");
    arena_close(arena);
}

TEST(closing_nothing_is_allowed_and_closep_forgets)
{
    arena_close(NULL);
    Arena *arena = arena_open(1);
    arena_closep(&arena);
    ck_assert_ptr_null(arena);
    arena_closep(&arena);
}

TEST(the_nth_block_fails_once_in_test_builds)
{
    Arena *arena = arena_open(1 << 20);
    arena_fail_at(2);
    ck_assert_ptr_nonnull(arena_try(arena, 1, 1));
#ifdef SANAD_TORTURE
    ck_assert_ptr_null(arena_try(arena, 100000, 1));
#endif
    ck_assert_ptr_nonnull(arena_try(arena, 100000, 1));
    arena_fail_at(1);
    arena_fail_at(0);
    ck_assert_ptr_nonnull(arena_try(arena, 200000, 1));
    arena_close(arena);
}

#ifdef SANAD_TORTURE
TEST(an_arena_that_is_asked_for_a_little_more_each_time_keeps_few_blocks)
{
    enum { ROUNDS = 2000, FIRST = 100000, STEP = 1000, BLOCKS_MAX = 20 };
    Arena *arena = arena_open((size_t)1 << 30);
    arena_fail_at(BLOCKS_MAX);
    for (size_t i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        ck_assert_ptr_nonnull(arena_try_raw(arena, FIRST + i * STEP, 1));
    }
    arena_fail_at(0);
    arena_close(arena);
}
#endif
