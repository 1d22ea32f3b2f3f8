#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static Err fail(Diag *diag, Err err, const char *key, const char *path)
{
    int reason = errno;
    char text[128];
    if (strerror_r(reason, text, sizeof text) != 0) text[0] = '\0';
    diag_set(diag, key);
    diag_arg_text(diag, path);
    diag_arg_text(diag, text);
    return err;
}

Err file_map(const char *path, Diag *diag, FileMap *ret)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return fail(diag, ERR_NOT_FOUND, "file.missing", path);
    }
    if (fd < 0) return fail(diag, ERR_IO, "file.read", path);
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        return fail(diag, ERR_IO, "file.not_regular", path);
    }
    *ret = (FileMap){{NULL, 0}};
    if (about.st_size > 0) {
        size_t bytes = (size_t)about.st_size;
        void *at = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED) {
            close(fd);
            return fail(diag, ERR_IO, "file.read", path);
        }
        ret->bytes = (Str){at, bytes};
    }
    close(fd);
    return OK;
}

void file_unmap(FileMap *map)
{
    if (map->bytes.at != NULL) {
        munmap((void *)(uintptr_t)map->bytes.at, map->bytes.bytes);
    }
    map->bytes = (Str){NULL, 0};
}

void file_unmapp(FileMap *map)
{
    file_unmap(map);
}

static bool write_all(int fd, Str bytes)
{
    while (bytes.bytes > 0) {
        ssize_t wrote = write(fd, bytes.at, bytes.bytes);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.at += wrote;
        bytes.bytes -= (size_t)wrote;
    }
    return true;
}

Err file_write(const char *path, Str bytes, unsigned mode, Diag *diag)
{
    char beside[PATH_BYTES];
    int length = snprintf(beside, sizeof beside, "%s.new", path);
    if (length < 0 || length >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        return fail(diag, ERR_IO, "file.write", path);
    }
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) return fail(diag, ERR_IO, "file.write", path);
    bool done = write_all(fd, bytes) && fsync(fd) == 0;
    done = close(fd) == 0 && done;
    if (!done || rename(beside, path) != 0) {
        Err err = fail(diag, ERR_IO, "file.write", path);
        unlink(beside);
        return err;
    }
    return OK;
}
