/*
 * weblog.h - a line of JSON for each request, for those who run the service.
 *
 * It says when, which route, which status, how much and how long; never a
 * name, a number of a person or household, or what was typed: addresses stand
 * there as the pattern of their route. Clients are told apart by a tag that is
 * made from their address with a secret of this process, which is never
 * written anywhere.
 */
#ifndef WEB_WEBLOG_H
#define WEB_WEBLOG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"

typedef struct Weblog Weblog;

enum { WEBLOG_METHOD_BYTES = 8 };

typedef struct WeblogLine {
    Instant at;
    Str client;         /* its address */
    const char *method; /* "GET" */
    const char *route;  /* "/w/households/{}"; NULL: none of ours */
    int status;         /* 0: gone before it was answered */
    size_t bytes;       /* of the body */
    int64_t ms;
} WeblogLine;

/*
 * Opens a log.
 *
 * in     file: "stderr", or a path to append to (mode 0600)
 * errs   ERR_IO: cannot be opened (web.log_failed {file, why})
 * owns   the caller, weblog_close()
 */
NODISCARD Err weblog_open(Arena *arena, const char *file, Diag *diag,
                          Weblog **ret);
void weblog_close(Weblog *log);

/* Appends a line to a buffer of the calling thread. */
void weblog_line(const Weblog *log, Buf *buf, const WeblogLine *line);

/* Writes the buffer's lines out and empties it. From any thread. */
void weblog_write(Weblog *log, Buf *buf);

/* Opens the file anew when it was moved away or removed, as logs are rotated.
 * From one thread. */
void weblog_look(Weblog *log);

/* Lines that could not be written, for metrics. */
long weblog_lost(const Weblog *log);

#endif
