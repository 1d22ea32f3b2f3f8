#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/faults.h"

static HarnessTest *first, **last = &first;

void harness_register(HarnessTest *test)
{
    *last = test;
    last = &test->next;
}

const char *harness_path(const char *below_tests)
{
    static char path[4096];
    const char *root = getenv("SANAD_TESTS");
    snprintf(path, sizeof path, "%s/%s", root == NULL ? "tests" : root,
             below_tests);
    return path;
}

/* Makes the leak checker see that a buffer is meant to last. */
static void keep(void *buffer)
{
    static void *kept[4096];
    static size_t count;
    if (count < sizeof kept / sizeof *kept) kept[count++] = buffer;
}

Str harness_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    char *bytes = NULL;
    size_t used = 0, room = 0, got;
    do {
        if (used == room) {
            room = room == 0 ? 65536 : room * 2;
            bytes = realloc(bytes, room);
            ck_assert_ptr_nonnull(bytes);
        }
        got = fread(bytes + used, 1, room - used, file);
        used += got;
    } while (got > 0);
    fclose(file);
    keep(bytes);
    return (Str){bytes, used};
}

SRunner *harness_runner(HarnessTest *test)
{
    Suite *suite = suite_create("sanad");
    TCase *one = tcase_create(test->name);
    tcase_set_timeout(one, 120);
    _tcase_add_test(one, &test->test, 0, 0, 0, 1);
    suite_add_tcase(suite, one);
    return srunner_create(suite);
}

/* Runs one test in a process of its own; says what failed. */
static bool passes(HarnessTest *test)
{
    SRunner *runner = harness_runner(test);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    TestResult **failures = srunner_failures(runner);
    for (int i = 0; i < failed; i++) {
        printf("FAIL %s:%d: %s: %s\n", tr_lfile(failures[i]),
               tr_lno(failures[i]), tr_tcname(failures[i]),
               tr_msg(failures[i]));
    }
    free(failures);
    srunner_free(runner);
    return failed == 0;
}

int main(void)
{
    const char *only = getenv("TEST_ONLY"), *faults = getenv("FAULTS");
    long passed = 0, failed = 0;
    for (HarnessTest *test = first; test != NULL; test = test->next) {
        if (only != NULL && strcmp(only, test->name) != 0) continue;
        if (faults != NULL) {
            FaultCount count = faults_run(test, faults);
            passed += count.passed;
            failed += count.failed;
        } else if (passes(test)) {
            passed++;
        } else {
            failed++;
        }
    }
    printf("%ld passed, %ld failed\n", passed, failed);
    return failed != 0;
}
