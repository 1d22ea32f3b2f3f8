#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Opens a regular file; *ret_fd is to be closed. */
static Err open_regular(const char *path, Diag *diag, int *ret_fd,
                        size_t *ret_bytes)
{
    struct stat about = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return fail(diag, ERR_NOT_FOUND, "file.missing", path);
    }
    if (fd < 0) return fail(diag, ERR_IO, "file.read", path);
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        bool folder = S_ISDIR(about.st_mode);
        return fail(diag, ERR_IO, folder ? "file.folder" : "file.not_regular",
                    path);
    }
    *ret_fd = fd;
    *ret_bytes = (size_t)about.st_size;
    return OK;
}

Err file_map(const char *path, Diag *diag, FileMap *ret)
{
    int fd;
    size_t bytes;
    TRY(open_regular(path, diag, &fd, &bytes));
    *ret = (FileMap){{NULL, 0}};
    if (bytes > 0) {
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

/* Reads to the end, or until `to` is full. */
static bool read_all(int fd, char *to, size_t room, size_t *ret_bytes)
{
    size_t bytes = 0;
    while (bytes < room) {
        ssize_t got = read(fd, to + bytes, room - bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        bytes += (size_t)got;
    }
    *ret_bytes = bytes;
    return true;
}

/* Reads what an open file had when it was opened; it must have no more. */
static Err read_open(int fd, size_t bytes, const char *path, Diag *diag,
                     FileMap *ret)
{
    size_t got, more = 0;
    char beyond;
    if (bytes == 0) return OK;
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return fail(diag, ERR_FULL, "file.read", path);
    bool well = read_all(fd, at, bytes, &got) &&
                read_all(fd, &beyond, sizeof beyond, &more);
    ret->bytes = (Str){at, bytes};
    if (well && got == bytes && more == 0) return OK;
    Err err = fail(diag, ERR_IO, well ? "file.changed" : "file.read", path);
    file_unmap(ret);
    return err;
}

Err file_read(const char *path, Diag *diag, FileMap *ret)
{
    int fd;
    size_t bytes;
    TRY(open_regular(path, diag, &fd, &bytes));
    *ret = (FileMap){{NULL, 0}};
    Err err = read_open(fd, bytes, path, diag, ret);
    close(fd);
    return err;
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
    unlink(beside); /* its rights may be other ones than asked for */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
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

Err file_sync_folder(const char *path, Diag *diag)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t bytes = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (bytes >= sizeof folder) {
        errno = ENAMETOOLONG;
        return fail(diag, ERR_IO, "file.write", path);
    }
    memcpy(folder, path, bytes);
    folder[bytes] = '\0';
    int fd =
        open(bytes == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    Err err = synced ? OK : fail(diag, ERR_IO, "file.write", path);
    if (fd >= 0) close(fd);
    return err;
}

enum { OUT_BYTES = 1 << 20 };

Err file_out_begin(FileOut *out, const char *path, unsigned mode, Diag *diag)
{
    size_t bytes = strlen(path) + sizeof ".new";
    *out = (FileOut){.path = path,
                     .beside = malloc(bytes),
                     .buffer = malloc(OUT_BYTES),
                     .fd = -1};
    if (out->beside == NULL || out->buffer == NULL) {
        errno = ENOMEM;
        return fail(diag, ERR_FULL, "file.write", path);
    }
    snprintf(out->beside, bytes, "%s.new", path);
    unlink(out->beside); /* its rights may be other ones than asked for */
    out->fd = open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return out->fd < 0 ? fail(diag, ERR_IO, "file.write", path) : OK;
}

static void out_write(FileOut *out, Str bytes)
{
    if (out->reason == 0 && !write_all(out->fd, bytes)) out->reason = errno;
}

static void out_flush(FileOut *out)
{
    out_write(out, (Str){out->buffer, out->buffered});
    out->buffered = 0;
}

void file_out_add(FileOut *out, const void *bytes, size_t count)
{
    out->bytes += count;
    if (out->buffered + count > OUT_BYTES) out_flush(out);
    if (count > OUT_BYTES) {
        out_write(out, (Str){bytes, count});
        return;
    }
    if (count > 0) memcpy(out->buffer + out->buffered, bytes, count);
    out->buffered += count;
}

void file_out_align(FileOut *out, size_t multiple)
{
    static const char zero[64];
    size_t past = out->bytes % multiple;
    while (past != 0 && past < multiple) {
        size_t more = multiple - past;
        if (more > sizeof zero) more = sizeof zero;
        file_out_add(out, zero, more);
        past += more;
    }
}

Err file_out_end(FileOut *out, Str head, Diag *diag)
{
    out_flush(out);
    if (head.bytes > 0 && out->reason == 0 &&
        lseek(out->fd, 0, SEEK_SET) != 0) {
        out->reason = errno;
    }
    out_write(out, head);
    if (out->reason == 0 && fsync(out->fd) != 0) out->reason = errno;
    if (close(out->fd) != 0 && out->reason == 0) out->reason = errno;
    out->fd = -1;
    if (out->reason == 0 && rename(out->beside, out->path) != 0) {
        out->reason = errno;
    }
    if (out->reason == 0) return OK;
    unlink(out->beside);
    errno = out->reason;
    return fail(diag, ERR_IO, "file.write", out->path);
}

void file_out_drop(FileOut *out)
{
    if (out->fd >= 0) {
        close(out->fd);
        unlink(out->beside);
    }
    free(out->beside);
    free(out->buffer);
    *out = (FileOut){.fd = -1};
}
