#include "cli/mail.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

/* Of an encoded word, before its last code point: at most 75 bytes in all. */
enum { WORD_BYTES = 58, SENT_ARENA_BYTES = 1 << 16 };

typedef struct Sent {
    Arena *arena;
    pid_t child;
    FILE *err;
} Sent;

/* Waits for the mail program, so that it leaves no trace but a complaint. */
static void *see_off(void *arg)
{
    Sent sent = *(Sent *)arg;
    int status = 0;
    arena_close(sent.arena);
    if (waitpid(sent.child, &status, 0) != sent.child || status == 0) {
        return NULL;
    }
    fprintf(sent.err, "sanad: the mail program refused a message (%d)\n",
            WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    fflush(sent.err);
    return NULL;
}

/* Starts the program with the pipe's end as its standard input. */
static bool start(const char *program, const char *to, int input, pid_t *ret)
{
    char *const environment[] = {NULL};
    const char *const words[] = {program, "-i", "--", to, NULL};
    char *arguments[5];
    memcpy(arguments, words, sizeof arguments);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool done = posix_spawn(ret, program, &actions, &attributes, arguments,
                            environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return done;
}

/* The message fits into the pipe, so that nobody waits for the program. */
static Err hand_over(const char *program, const char *to, Str text, FILE *err)
{
    int ends[2];
    if (pipe(ends) != 0) return ERR_IO;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    Arena *arena = arena_open(SENT_ARENA_BYTES);
    Sent *sent = ARENA_NEW(arena, Sent);
    *sent = (Sent){.arena = arena, .err = err};
    bool done = write(ends[1], text.at, text.bytes) == (ssize_t)text.bytes &&
                start(program, to, ends[0], &sent->child);
    close(ends[0]);
    close(ends[1]);
    pthread_t thread;
    if (done && pthread_create(&thread, NULL, see_off, sent) == 0) {
        pthread_detach(thread);
        return OK;
    }
    arena_close(arena);
    return done ? OK : ERR_IO;
}

/* The bytes of the code point at the beginning of a text. */
static size_t point_bytes(Str s)
{
    size_t bytes = 1;
    while (bytes < s.bytes && ((unsigned char)s.at[bytes] & 0xc0) == 0x80) {
        bytes++;
    }
    return bytes;
}

/* A header of any letters, in encoded words of whole code points (RFC 2047). */
static void write_header(Buf *buf, Str text)
{
    while (text.bytes > 0) {
        size_t end = buf->bytes + WORD_BYTES;
        buf_text(buf, "=?UTF-8?Q?");
        while (text.bytes > 0 && buf->bytes < end) {
            size_t bytes = point_bytes(text);
            for (size_t i = 0; i < bytes; i++) {
                buf_format(buf, "=%02X", (unsigned char)text.at[i]);
            }
            text.at += bytes;
            text.bytes -= bytes;
        }
        buf_text(buf, text.bytes > 0 ? "?=\n " : "?=");
    }
}

Err mail_send(const char *program, const char *to, Str subject, Str body,
              FILE *err)
{
    if (to[0] == '-' || strpbrk(to, "\r\n") != NULL) return ERR_INVALID;
    Buf text = buf_make(MAIL_BYTES_MAX);
    buf_format(&text, "To: %s\nSubject: ", to);
    write_header(&text, subject);
    buf_text(&text, "\nMIME-Version: 1.0\n"
                    "Content-Type: text/plain; charset=utf-8\n"
                    "Content-Transfer-Encoding: 8bit\n\n");
    buf_str(&text, body);
    Err sent = buf_full(&text) ? ERR_INVALID
                               : hand_over(program, to, buf_view(&text), err);
    buf_free(&text);
    return sent;
}
