#include "base/file.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

static const char *folder(void)
{
    static char path[] = "/tmp/sanad-file-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_int_eq(chdir(path), 0);
    return path;
}

static void expect_content(const char *path, const char *text)
{
    FileMap map;
    Diag diag;
    ck_assert_int_eq(file_map(path, &diag, &map), OK);
    EXPECT_STR(map.bytes, text);
    file_unmap(&map);
}

TEST(a_file_is_written_whole_with_its_mode_and_read_back)
{
    const char *at = folder();
    struct stat about;
    Diag diag;
    ck_assert_int_eq(file_write("a", STR("hello"), 0600, &diag), OK);
    expect_content("a", "hello");
    ck_assert_int_eq(stat("a", &about), 0);
    ck_assert_uint_eq(about.st_mode & 0777, 0600);
    ck_assert_int_eq(file_write("a", STR("again"), 0600, &diag), OK);
    expect_content("a", "again");
    ck_assert_int_ne(access("a.new", F_OK), 0);
    unlink("a");
    rmdir(at);
}

TEST(a_link_where_it_is_written_is_not_followed)
{
    const char *at = folder();
    Diag diag = {.key = ""};
    ck_assert_int_eq(file_write("victim", STR("mine"), 0644, &diag), OK);
    ck_assert_int_eq(symlink("victim", "a.new"), 0);
    ck_assert_int_eq(file_write("a", STR("hello"), 0600, &diag), OK);
    expect_content("victim", "mine");
    expect_content("a", "hello");
    ck_assert_int_eq(file_sync_folder("a", &diag), OK);
    ck_assert_int_eq(file_sync_folder("./a", &diag), OK);
    ck_assert_int_eq(file_sync_folder("no/a", &diag), ERR_IO);
    ck_assert_str_eq(diag.key, "file.write");
    unlink("a");
    unlink("victim");
    rmdir(at);
}

TEST(a_write_that_fails_leaves_the_old_file_and_no_half_one)
{
    const char *at = folder();
    Diag diag;
    static char big[100000];
    ck_assert_int_eq(file_write("a", STR("old"), 0600, &diag), OK);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit few = {1000, 1000};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &few), 0);
    ck_assert_int_eq(file_write("a", (Str){big, sizeof big}, 0600, &diag),
                     ERR_IO);
    ck_assert_str_eq(diag.key, "file.write");
    ck_assert_str_eq(diag.arg[0], "a");
    ck_assert_str_eq(diag.arg[1], "File too large");
    expect_content("a", "old");
    ck_assert_int_ne(access("a.new", F_OK), 0);
    unlink("a");
    rmdir(at);
}

TEST(a_folder_that_is_not_there_is_named)
{
    const char *at = folder();
    Diag diag;
    ck_assert_int_eq(file_write("no/a", STR("x"), 0600, &diag), ERR_IO);
    ck_assert_str_eq(diag.key, "file.write");
    ck_assert_str_eq(diag.arg[0], "no/a");
    rmdir(at);
}

TEST(a_path_that_is_too_long_is_refused)
{
    static char path[5000];
    Diag diag;
    memset(path, 'a', sizeof path - 1);
    ck_assert_int_eq(file_write(path, STR("x"), 0600, &diag), ERR_IO);
    ck_assert_str_eq(diag.arg[1], "File name too long");
}

TEST(what_is_missing_or_no_file_is_told_apart)
{
    const char *at = folder();
    FileMap map;
    Diag diag;
    ck_assert_int_eq(file_map("none", &diag, &map), ERR_NOT_FOUND);
    ck_assert_str_eq(diag.key, "file.missing");
    ck_assert_str_eq(diag.arg[0], "none");
    ck_assert_int_eq(file_map(".", &diag, &map), ERR_IO);
    ck_assert_str_eq(diag.key, "file.folder");
    ck_assert_int_eq(file_map("/dev/null", &diag, &map), ERR_IO);
    ck_assert_str_eq(diag.key, "file.not_regular");
    ck_assert_int_eq(file_write("empty", (Str){NULL, 0}, 0600, &diag), OK);
    ck_assert_int_eq(file_map("empty", &diag, &map), OK);
    ck_assert_uint_eq(map.bytes.bytes, 0);
    file_unmapp(&map);
    unlink("empty");
    rmdir(at);
}

TEST(a_file_is_read_into_memory)
{
    const char *at = folder();
    FileMap map;
    Diag diag;
    ck_assert_int_eq(file_write("a", STR("hello"), 0600, &diag), OK);
    ck_assert_int_eq(file_read("a", &diag, &map), OK);
    ck_assert_int_eq(truncate("a", 0), 0);
    EXPECT_STR(map.bytes, "hello"); /* a mapping would end us here */
    file_unmap(&map);
    ck_assert_int_eq(file_read("a", &diag, &map), OK);
    ck_assert_uint_eq(map.bytes.bytes, 0);
    file_unmap(&map);
    unlink("a");
    ck_assert_int_eq(file_read("a", &diag, &map), ERR_NOT_FOUND);
    ck_assert_str_eq(diag.key, "file.missing");
    ck_assert_int_eq(file_read("/", &diag, &map), ERR_IO);
    ck_assert_str_eq(diag.key, "file.folder");
    rmdir(at);
}

enum { BIG_BYTES = 8 << 20, TIMES = 100000 };

static void *shake(void *stop)
{
    while (!atomic_load((atomic_bool *)stop)) {
        ck_assert_int_eq(truncate("a", 5000), 0);
        usleep(500);
        ck_assert_int_eq(truncate("a", BIG_BYTES), 0);
        usleep(500);
    }
    return NULL;
}

TEST(a_file_that_changes_while_it_is_read_is_told)
{
    const char *at = folder();
    FileMap map;
    Diag diag;
    pthread_t shaker;
    atomic_bool stop = false;
    ck_assert_int_eq(file_write("a", STR("x"), 0600, &diag), OK);
    ck_assert_int_eq(truncate("a", BIG_BYTES), 0);
    ck_assert_int_eq(pthread_create(&shaker, NULL, shake, &stop), 0);
    int changed = 0;
    for (int i = 0; i < TIMES && changed == 0; i++) {
        Err err = file_read("a", &diag, &map);
        if (err == OK) {
            ck_assert(map.bytes.bytes == 5000 || map.bytes.bytes == BIG_BYTES);
            file_unmap(&map);
            continue;
        }
        ck_assert_int_eq(err, ERR_IO);
        ck_assert_str_eq(diag.key, "file.changed");
        changed++;
    }
    atomic_store(&stop, true);
    ck_assert_int_eq(pthread_join(shaker, NULL), 0);
    ck_assert_int_gt(changed, 0);
    unlink("a");
    rmdir(at);
}
