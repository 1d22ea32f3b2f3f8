/*
 * file_fault.c - a library that is loaded before the program's own (LD_PRELOAD)
 * and lets the n-th call that touches a file of one folder fail.
 *
 * FAULT_FOLDER: the folder, absolute; FAULT_AT: n, from 1; FAULT_STICKY: every
 * call from then on that would change a file fails too, as on a full disk;
 * FAULT_KILL: instead of failing, the n-th call ends the program by kill -9;
 * FAULT_TOLD: a file to which the call that failed is written, so that whoever
 * counts knows when n was beyond the last call. A test that finds
 * file_fault_at() in the program counts from when it calls it.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS = 1024 };

static atomic_bool ours[FDS]; /* descriptors of files of the folder */
static atomic_long calls;
static atomic_long asked_at; /* by file_fault_at(), before FAULT_AT */

/* The n-th call from now on fails; 0: none. What was left of the count
 * before: 0 when one has failed. */
long file_fault_at(long nth)
{
    long left = atomic_load(&asked_at) - atomic_exchange(&calls, 0);
    atomic_store(&asked_at, nth);
    return left > 0 ? left : 0;
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static bool inside(const char *path)
{
    const char *folder = getenv("FAULT_FOLDER");
    return folder != NULL && path != NULL &&
           strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_ours(int fd)
{
    return fd >= 0 && fd < FDS && atomic_load(&ours[fd]);
}

static void tell(const char *call)
{
    const char *told = getenv("FAULT_TOLD");
    long fd = told == NULL ? -1
                           : syscall(SYS_openat, AT_FDCWD, told,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    (void)syscall(SYS_write, fd, call, strlen(call));
    (void)syscall(SYS_close, fd);
}

/* Whether this call is the one, or after it on a disk that stays full. */
static bool fails(const char *call, bool changes)
{
    const char *at = getenv("FAULT_AT");
    long nth = atomic_load(&asked_at);
    if (nth == 0 && at != NULL) nth = strtol(at, NULL, 10);
    long now = atomic_fetch_add(&calls, 1) + 1;
    bool sticky = getenv("FAULT_STICKY") != NULL;
    if (nth <= 0 || now < nth || (now > nth && !(sticky && changes))) {
        return false;
    }
    if (now == nth) tell(call);
    if (getenv("FAULT_KILL") != NULL) (void)kill(getpid(), SIGKILL);
    errno = sticky && changes ? ENOSPC : EIO;
    return true;
}

static int opened(int fd, bool mine)
{
    if (fd >= 0 && fd < FDS) atomic_store(&ours[fd], mine);
    return fd;
}

static int open_with(const char *name, const char *path, int flags, int mode)
{
    int (*real)(const char *, int, ...) = next(name);
    bool mine = inside(path);
    if (mine && fails("open", (flags & O_CREAT) != 0)) return -1;
    return opened(real(path, flags, mode), mine);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
    va_end(args);
    return open_with("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
    va_end(args);
    return open_with("open64", path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = next("fopen");
    if (inside(path) && fails("fopen", mode[0] != 'r')) return NULL;
    return real(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    return fopen(path, mode);
}

int close(int fd)
{
    int (*real)(int) = next("close");
    if (fd >= 0 && fd < FDS) atomic_store(&ours[fd], false);
    return real(fd);
}

ssize_t read(int fd, void *to, size_t bytes)
{
    ssize_t (*real)(int, void *, size_t) = next("read");
    return is_ours(fd) && fails("read", false) ? -1 : real(fd, to, bytes);
}

ssize_t pread(int fd, void *to, size_t bytes, off_t at)
{
    ssize_t (*real)(int, void *, size_t, off_t) = next("pread");
    return is_ours(fd) && fails("pread", false) ? -1 : real(fd, to, bytes, at);
}

ssize_t pread64(int fd, void *to, size_t bytes, off_t at)
{
    return pread(fd, to, bytes, at);
}

ssize_t write(int fd, const void *from, size_t bytes)
{
    ssize_t (*real)(int, const void *, size_t) = next("write");
    return is_ours(fd) && fails("write", true) ? -1 : real(fd, from, bytes);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) = next("pwrite");
    return is_ours(fd) && fails("pwrite", true) ? -1
                                                : real(fd, from, bytes, at);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off_t at)
{
    return pwrite(fd, from, bytes, at);
}

int ftruncate(int fd, off_t bytes)
{
    int (*real)(int, off_t) = next("ftruncate");
    return is_ours(fd) && fails("ftruncate", true) ? -1 : real(fd, bytes);
}

int ftruncate64(int fd, off_t bytes)
{
    return ftruncate(fd, bytes);
}

int fsync(int fd)
{
    int (*real)(int) = next("fsync");
    return is_ours(fd) && fails("fsync", false) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    int (*real)(int) = next("fdatasync");
    return is_ours(fd) && fails("fdatasync", false) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("rename");
    return inside(to) && fails("rename", true) ? -1 : real(from, to);
}

int link(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("link");
    return inside(to) && fails("link", true) ? -1 : real(from, to);
}

void *mmap(void *at, size_t bytes, int protection, int flags, int fd,
           off_t from)
{
    if (is_ours(fd) && fails("mmap", false)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, bytes, protection, flags, fd, from);
}

void *mmap64(void *at, size_t bytes, int protection, int flags, int fd,
             off_t from)
{
    return mmap(at, bytes, protection, flags, fd, from);
}
