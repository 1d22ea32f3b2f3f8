#define _GNU_SOURCE 1 /* dup3: Linux */
#include "web/weblog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

enum { TAG_BYTES = 4, KEY_BYTES = 16 };

struct Weblog {
    const char *file; /* NULL: the standard error output */
    int fd;
    char key[KEY_BYTES];
    atomic_long lost;
};

static int open_file(const char *file)
{
    return open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

Err weblog_open(Arena *arena, const char *file, Diag *diag, Weblog **ret)
{
    Weblog *log = ARENA_NEW(arena, Weblog);
    bool standard = strcmp(file, "stderr") == 0;
    log->file = standard ? NULL : arena_text(arena, file, strlen(file));
    log->fd = standard ? STDERR_FILENO : open_file(file);
    if (log->fd < 0) {
        diag_set(diag, "web.log_failed");
        diag_arg_text(diag, file);
        diag_arg_text(diag, strerror(errno));
        return ERR_IO;
    }
    secret_random(log->key, sizeof log->key);
    *ret = log;
    return OK;
}

void weblog_close(Weblog *log)
{
    if (log->file != NULL) (void)close(log->fd);
}

/* "2026-11-22T08:00:00.123Z" */
static void write_time(Buf *buf, Instant at)
{
    instant_write(buf, at);
    if (buf_full(buf)) return;
    buf->bytes--; /* the Z */
    buf_format(buf, ".%03dZ", (int)(at / 1000 % 1000));
}

void weblog_line(const Weblog *log, Buf *buf, const WeblogLine *line)
{
    Hash tag = hash_keyed((Str){log->key, KEY_BYTES}, line->client);
    buf_text(buf, "{\"time\":\"");
    write_time(buf, line->at);
    buf_text(buf, "\",\"client\":\"");
    hex_write(buf, (Str){(const char *)tag.byte, TAG_BYTES});
    buf_text(buf, "\",\"method\":");
    json_quote(buf, str_of(line->method));
    buf_text(buf, ",\"route\":");
    if (line->route != NULL)
        json_quote(buf, str_of(line->route));
    else
        buf_text(buf, "null");
    buf_format(buf, ",\"status\":%d,\"bytes\":%zu,\"ms\":%lld}\n", line->status,
               line->bytes, (long long)line->ms);
}

static long lines_of(Str text)
{
    long lines = 0;
    for (size_t i = 0; i < text.bytes; i++) lines += text.at[i] == '\n';
    return lines;
}

void weblog_write(Weblog *log, Buf *buf)
{
    Str rest = buf_view(buf);
    while (rest.bytes > 0) {
        ssize_t done = write(log->fd, rest.at, rest.bytes);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) break;
        rest = (Str){rest.at + done, rest.bytes - (size_t)done};
    }
    if (rest.bytes > 0) atomic_fetch_add(&log->lost, lines_of(rest));
    buf_reset(buf);
}

void weblog_look(Weblog *log)
{
    struct stat ours, there;
    if (log->file == NULL || fstat(log->fd, &ours) != 0) return;
    bool same = stat(log->file, &there) == 0 && there.st_ino == ours.st_ino &&
                there.st_dev == ours.st_dev;
    if (same) return;
    int fd = open_file(log->file);
    if (fd < 0) return;
    /* in one step, under the hands of those who write */
    (void)dup3(fd, log->fd, O_CLOEXEC);
    (void)close(fd);
}

long weblog_lost(const Weblog *log)
{
    return atomic_load(&log->lost);
}
