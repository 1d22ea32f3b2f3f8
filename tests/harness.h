/*
 * harness.h - Debian's Check with tests that register themselves.
 *
 * A test is TEST(name_of_the_rule) { ... } with ck_assert_*() inside; each
 * runs in a process of its own. A program prints one line a failure and ends
 * with "N passed, N failed". TEST_ONLY=name runs one; CK_FORK=no is for a
 * debugger; FAULTS is for faults.h.
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <check.h>
#include <stdint.h>

#include "base/str.h"

typedef struct HarnessTest {
    const char *name;
    TTest test;
    struct HarnessTest *next;
} HarnessTest;

void harness_register(HarnessTest *test);

/* A runner of that test alone, for srunner_free(). */
SRunner *harness_runner(HarnessTest *test);

#define TEST(test_name)                                                        \
    static void test_name##_run(int _i);                                       \
    static HarnessTest test_name##_entry = {                                   \
        #test_name, {#test_name, test_name##_run, __FILE__, __LINE__}, NULL};  \
    __attribute__((constructor)) static void test_name##_register(void)        \
    {                                                                          \
        harness_register(&test_name##_entry);                                  \
    }                                                                          \
    static void test_name##_run(int _i UNUSED)

/* Compares a Str with a C string and shows both. */
#define EXPECT_STR(actual, expected)                                           \
    do {                                                                       \
        Str actual_ = (actual);                                                \
        const char *expected_ = (expected);                                    \
        ck_assert_msg(str_is(actual_, expected_),                              \
                      "%s is \"%.*s\", expected \"%s\"", #actual,              \
                      STR_ARG(actual_), expected_);                            \
    } while (0)

/* The path of a file below the tests folder, from wherever it is run. */
const char *harness_path(const char *below_tests);

/* The whole of a file, in a process-long buffer; fails the test if absent. */
Str harness_read(const char *path);

#endif
