#include "tests/faults.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

/* A run that waits for ever is ended; the longest test of all takes a minute
 * where the machine has other work. */
enum { RUN_SECONDS = 600, TEST_SECONDS = 2 };

typedef long FailAt(long nth);

/* How a run ended. */
enum { RAN_THROUGH, RAN_INTO_IT };

static FailAt *way_of(const char *what)
{
    FailAt *file = NULL;
    if (strcmp(what, "memory") == 0) return arena_fail_item_at;
    if (strcmp(what, "statement") == 0) return store_fail_at;
    void *found = dlsym(RTLD_DEFAULT, "file_fault_at");
    memcpy(&file, &found, sizeof file);
    CHECK(file != NULL && strcmp(what, "file") == 0);
    return file;
}

/* In a child: the test without a process of its own, and the word of it. */
static void run_child(HarnessTest *test, FailAt *fail_at, long nth, int said)
{
    /* When time is up, Check kills the whole group of processes. */
    if (setpgid(0, 0) != 0) _exit(EXIT_FAILURE);
    alarm(RUN_SECONDS);
    if (freopen("/dev/null", "w", stdout) == NULL) _exit(EXIT_FAILURE);
    if (dup2(said, STDERR_FILENO) < 0) _exit(EXIT_FAILURE);
    SRunner *runner = harness_runner(test);
    srunner_set_fork_status(runner, CK_NOFORK);
    (void)fail_at(nth);
    srunner_run_all(runner, CK_SILENT);
    _exit(fail_at(0) > 0 ? RAN_THROUGH : RAN_INTO_IT);
}

/*
 * Whether a process was right to stop: because a disk did not confirm a commit
 * (nobody knows what such a disk holds), or because Check could not tell of an
 * assertion that failed in a thread or with a long text. Else its words are
 * passed on.
 */
static bool may_stop(FILE *said)
{
    char text[8192] = "";
    rewind(said);
    size_t bytes = fread(text, 1, sizeof text - 1, said);
    text[bytes] = '\0';
    if (strstr(text, "the disk did not confirm a write") != NULL) return true;
    if (strstr(text, "check_pack.c:") != NULL) return true;
    fputs(text, stderr);
    return false;
}

/* How the n-th run ended: RAN_THROUGH, RAN_INTO_IT or -1. */
static int run(HarnessTest *test, FailAt *fail_at, long nth)
{
    FILE *said = tmpfile();
    CHECK(said != NULL);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) run_child(test, fail_at, nth, fileno(said));
    int status = 0, end = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    if (WIFEXITED(status) && WEXITSTATUS(status) <= RAN_INTO_IT) {
        end = WEXITSTATUS(status);
    } else if (may_stop(said)) {
        end = RAN_INTO_IT;
    } else {
        printf("FAIL %s: run %ld: status %x\n", test->name, nth, status);
        fflush(stdout);
    }
    fclose(said);
    return end;
}

/* Another for each test: together they come to every n. */
static long stride_of(const HarnessTest *test)
{
    long sum = 0;
    for (const char *at = test->name; *at != '\0'; at++) sum += *at;
    return 2 + sum % 7;
}

FaultCount faults_run(HarnessTest *test, const char *what)
{
    FailAt *fail_at = way_of(what);
    FaultCount count = {0};
    const char *given = getenv("FAULTS_SECONDS");
    time_t until =
        time(NULL) + (given == NULL ? TEST_SECONDS : strtol(given, NULL, 10));
    int end = RAN_INTO_IT;
    for (long n = 1; end != RAN_THROUGH && time(NULL) < until;
         n += 1 + n / stride_of(test)) {
        end = run(test, fail_at, n);
        if (end < 0) {
            count.failed++;
        } else {
            count.passed++;
        }
    }
    return count;
}
