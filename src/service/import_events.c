#include "service/import_events.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "registry/import_csv.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    LINE_ROOM_BYTES = EVENT_BYTES_MAX + CHUNK_BYTES,
    ARENA_BYTES_MAX = 512 * 1024 * 1024,
    HEAD_BYTES = 64, /* what is kept of a line that is too long */
    TRIES_MAX = 5
};

typedef struct Import {
    const ImportEvents *job;
    FILE *file;
    Arena *arena; /* of one message */
    Event *event;
    Diag *diag;
    Buf buf;     /* what has been read and not yet taken */
    size_t from; /* where the next line begins in it */
    bool ended, too_long;
    char head[HEAD_BYTES]; /* how a line that is too long begins */
    int64_t done_bytes, all_bytes;
    int32_t line;
    bool open; /* a transaction is open */
    bool due;  /* months are determined: what is new decides again */
    double slice_began_s;
    ImportEventsReport now, committed;
} Import;

static void close_file(FILE **file)
{
    if (*file != NULL && *file != stdin) fclose(*file);
}

static Err fail_read(const Import *at)
{
    diag_set(at->diag, "file.read");
    diag_arg_text(at->diag, at->job->file);
    diag_arg_text(at->diag, strerror(errno));
    return ERR_IO;
}

static Err open_file(Import *at)
{
    struct stat about;
    if (strcmp(at->job->file, "-") == 0) {
        at->file = stdin;
        return OK;
    }
    at->file = fopen(at->job->file, "rb");
    if (at->file == NULL) {
        if (errno != ENOENT) return fail_read(at);
        diag_set(at->diag, "file.missing");
        diag_arg_text(at->diag, at->job->file);
        return ERR_NOT_FOUND;
    }
    if (fstat(fileno(at->file), &about) == 0 && S_ISREG(about.st_mode)) {
        at->all_bytes = about.st_size;
    }
    return OK;
}

/* Reads the next chunk behind what is still there. */
static Err fill(Import *at)
{
    size_t rest = at->buf.bytes - at->from;
    memmove(at->buf.at, at->buf.at + at->from, rest);
    at->buf.bytes = rest;
    at->from = 0;
    if (!buf_reserve(&at->buf, CHUNK_BYTES)) return ERR_FULL;
    size_t got = fread(at->buf.at + rest, 1, CHUNK_BYTES, at->file);
    if (got == 0 && ferror(at->file)) return fail_read(at);
    at->buf.bytes += got;
    at->done_bytes += (int64_t)got;
    at->ended = got == 0;
    return OK;
}

/*
 * The next line, without its end; at NULL after the last. A line beyond the
 * limit is passed over but for its beginning, and marked as too long.
 */
static Err next_line(Import *at, Str *ret)
{
    at->too_long = false;
    size_t seen = 0;
    for (;;) {
        char *begin = at->buf.at + at->from;
        size_t have = at->buf.bytes - at->from;
        char *end =
            have > seen ? memchr(begin + seen, '\n', have - seen) : NULL;
        if (end != NULL || (at->ended && have > 0)) {
            size_t bytes = end == NULL ? have : (size_t)(end - begin);
            *ret = (Str){begin, bytes};
            at->from += bytes + (end != NULL);
            at->line++;
            return OK;
        }
        if (at->ended) {
            *ret = (Str){NULL, 0};
            return OK;
        }
        seen = have;
        if (have > EVENT_BYTES_MAX) {
            if (!at->too_long) memcpy(at->head, begin, HEAD_BYTES);
            at->too_long = true;
            at->from = at->buf.bytes - 1; /* keep one byte: a line is open */
            seen = 1;
        }
        TRY(fill(at));
    }
}

static Err begin_slice(Import *at)
{
    if (at->open) return OK;
    TRY(store_begin(at->job->tx));
    at->open = true;
    at->slice_began_s = clock_wall_s();
    const RegistryFollow *follow = at->job->follow;
    if (follow == NULL) return OK;
    return follow->due(at->job->tx, follow->arg, &at->due);
}

static Err end_slice(Import *at)
{
    if (!at->open) return OK;
    at->open = false;
    Err err = store_commit(at->job->tx);
    if (err != OK) {
        store_rollback(at->job->tx);
        return err;
    }
    at->committed = at->now;
    if (at->job->progress != NULL) {
        int64_t done = at->done_bytes - (int64_t)(at->buf.bytes - at->from);
        if (!at->job->progress(at->job->arg, done, at->all_bytes)) {
            return ERR_STOPPED;
        }
    }
    return OK;
}

static Err redetermine(Import *at, const EventOutcome *outcome, Diag *diag,
                       int64_t *ret_changed)
{
    const RegistryFollow *follow = at->job->follow;
    *ret_changed = 0;
    for (int32_t i = 0; i < outcome->touched_count && at->due; i++) {
        int32_t changed;
        TRY(follow->household(at->job->tx, follow->arg,
                              outcome->touched[i].household_id,
                              outcome->touched[i].since, diag, &changed));
        *ret_changed += changed;
    }
    return OK;
}

/* One message in its savepoint. */
static Err carry_out(Import *at, Str line, Diag *diag, EventOutcome *ret,
                     int64_t *ret_changed)
{
    const ImportEvents *job = at->job;
    Instant now = job->now == 0 ? clock_now() : job->now;
    TRY(event_read(at->arena, job->types, line, diag, at->event));
    TRY(store_savepoint(job->tx));
    Err err =
        event_apply(job->tx, at->arena, job->types, at->event, now, diag, ret);
    if (err == OK) err = redetermine(at, ret, diag, ret_changed);
    if (err == OK) err = store_flush(job->tx);
    if (err == OK) return store_release(job->tx);
    Err undone = store_rollback_to(job->tx);
    return undone == OK ? err : undone;
}

static bool ends_import(Err err)
{
    return err == ERR_IO || err == ERR_BUSY;
}

static void reject(Import *at, Str line, Diag *why)
{
    diag_place(why, at->job->file, at->line, why->column);
    if (why->key[0] == '\0') diag_set(why, "err.ERR_CONFLICT");
    at->now.rejected++;
    if (at->job->reject == NULL) return;
    at->job->reject(at->job->arg, at->job->file, line, why);
}

static Err import_line(Import *at, Str line)
{
    EventOutcome outcome = {0};
    Diag why = {0};
    Err err = ERR_FULL;
    int64_t changed = 0;
    if (at->too_long) {
        diag_set(&why, "event.too_long");
        diag_arg_int(&why, EVENT_BYTES_MAX);
        reject(at, (Str){at->head, HEAD_BYTES}, &why);
        return OK;
    }
    TRY(begin_slice(at));
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        why = (Diag){0};
        arena_reset(at->arena);
        err = carry_out(at, line, &why, &outcome, &changed);
        if (err != ERR_CONFLICT || why.key[0] != '\0') break;
    }
    if (ends_import(err)) {
        if (why.key[0] != '\0') *at->diag = why;
        return err;
    }
    if (err != OK) {
        reject(at, line, &why);
    } else {
        at->now.carried_out += outcome.is_new;
        at->now.repeated += !outcome.is_new;
        at->now.households += outcome.touched_count;
        at->now.decisions += changed;
    }
    double ms = (clock_wall_s() - at->slice_began_s) * 1000;
    return ms >= IMPORT_EVENTS_SLICE_MS ? end_slice(at) : OK;
}

/* What is no message: blank lines and the mark some programs put first. */
static Str strip(Str line, bool first)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (first && line.bytes >= 3 && memcmp(line.at, mark, 3) == 0) {
        line.at += 3;
        line.bytes -= 3;
    }
    return str_trim(line);
}

static Err import_all(Import *at)
{
    Str line;
    for (;;) {
        TRY(next_line(at, &line));
        if (line.at == NULL) break;
        line = strip(line, at->line == 1);
        if (line.bytes > 0 || at->too_long) TRY(import_line(at, line));
    }
    return end_slice(at);
}

Err import_events(const ImportEvents *job, Diag *diag, ImportEventsReport *ret)
{
    Import at = {.job = job, .diag = diag, .buf = buf_make(LINE_ROOM_BYTES)};
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES_MAX);
    Arena *own CLEANUP(arena_closep) = arena_open(ARENA_BYTES_MAX);
    FILE *file CLEANUP(close_file) = NULL;
    at.arena = arena;
    at.event = ARENA_NEW(own, Event);
    *ret = (ImportEventsReport){0};
    TRY(open_file(&at));
    file = at.file;
    Err err = buf_reserve(&at.buf, CHUNK_BYTES) ? import_all(&at) : ERR_FULL;
    if (at.open) store_rollback(job->tx);
    import_failed(job->tx, err, diag);
    buf_free(&at.buf);
    *ret = at.committed;
    ret->rejected = at.now.rejected;
    return err;
}
