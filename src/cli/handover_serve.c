/*
 * handover_serve.c - the server's end of a handover: a thread that accepts,
 * and one for every command line.
 */
#define _GNU_SOURCE 1 /* O_PATH, SO_PEERCRED, accept4: Linux */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/handover.h"
#include "cli/handover_int.h"

enum {
    CALLS_MAX = 16, /* command lines at once */
    CALL_ARENA_BYTES = 1 << 18,
    PATIENCE_S = 5, /* for a request, and for an answer to be taken */
    BACKLOG = 16
};

struct Handover {
    Arena *arena;
    const Context *context;
    struct sockaddr_un address;
    int folder;
    int listener; /* -1: not listening */
    pthread_t acceptor;
    atomic_bool stopping;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int calls;
    pthread_mutex_t job; /* one job after the other */
};

typedef struct Call {
    Arena *arena;
    Handover *handover;
    int fd;
    int input;
    char request[HANDOVER_REQUEST_BYTES + 1];
    size_t bytes;
    const char *folder;
    int argc;
    char *argv[CLI_ARGS_MAX];
} Call;

/* False: the caller is gone, or takes nothing for too long. */
static bool answer(const Call *call, char kind, const char *at, size_t bytes)
{
    char message[HANDOVER_ANSWER_BYTES];
    do {
        size_t part = bytes < sizeof message - 1 ? bytes : sizeof message - 1;
        message[0] = kind;
        memcpy(message + 1, at, part);
        ssize_t sent = send(call->fd, message, part + 1, MSG_NOSIGNAL);
        if (sent != (ssize_t)part + 1) return false;
        at += part;
        bytes -= part;
    } while (bytes > 0);
    return true;
}

static void answer_end(const Call *call, int code)
{
    char byte = (char)code;
    (void)answer(call, HANDOVER_END, &byte, 1);
}

/* The caller sends nothing after its request: it is there or it hung up. */
static bool wanted(const Call *call)
{
    char byte;
    if (atomic_load(&call->handover->stopping)) return false;
    ssize_t got = recv(call->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool told(void *arg, const char *unit, int64_t done, int64_t all)
{
    const Call *call = arg;
    char text[96];
    int length =
        snprintf(text, sizeof text, "%c%s %lld %lld", HANDOVER_PROGRESS, unit,
                 (long long)done, (long long)all);
    /* A caller that does not look misses a picture of the bar, no more. */
    if (length > 0) {
        (void)send(call->fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    return wanted(call);
}

/* Splits the request: folder, command, options. */
static bool read_request(Call *call)
{
    char *at = call->request, *end = at + call->bytes;
    if (call->bytes == 0 || end[-1] != '\0') return false;
    call->folder = at;
    at += strlen(at) + 1;
    while (at < end && call->argc < CLI_ARGS_MAX) {
        call->argv[call->argc++] = at;
        at += strlen(at) + 1;
    }
    if (at < end || call->argc == 0 || call->folder[0] != '/') return false;
    const CliCommand *command = cli_command(call->argv[0]);
    return command != NULL && command->place != CLI_HERE;
}

static int run_command(Call *call, FILE *out, FILE *err)
{
    Handover *handover = call->handover;
    CliHost host = {.context = handover->context,
                    .folder = call->folder,
                    .input = call->input,
                    .told = told,
                    .arg = call};
    bool job = cli_command(call->argv[0])->place == CLI_JOB;
    int code = 1;
    if (job) pthread_mutex_lock(&handover->job);
    if (wanted(call)) {
        code = cli_hosted(&host, call->argc, call->argv, out, err);
    }
    if (job) pthread_mutex_unlock(&handover->job);
    return code;
}

/* Runs the command into memory, so that no transaction waits for a reader. */
static void serve_call(Call *call)
{
    char *text[2] = {NULL, NULL};
    size_t bytes[2] = {0, 0};
    FILE *out = open_memstream(&text[0], &bytes[0]);
    FILE *err = open_memstream(&text[1], &bytes[1]);
    int code = 1;
    if (out != NULL && err != NULL) code = run_command(call, out, err);
    if (out != NULL && fclose(out) != 0) code = 1;
    if (err != NULL && fclose(err) != 0) code = 1;
    bool there = true;
    if (bytes[0] > 0) there = answer(call, HANDOVER_OUT, text[0], bytes[0]);
    if (bytes[1] > 0 && there) {
        (void)answer(call, HANDOVER_ERR, text[1], bytes[1]);
    }
    answer_end(call, code);
    free(text[0]);
    free(text[1]);
}

static void call_free(Call *call)
{
    Handover *handover = call->handover;
    if (call->input >= 0) close(call->input);
    close(call->fd);
    arena_close(call->arena);
    pthread_mutex_lock(&handover->lock);
    handover->calls--;
    pthread_cond_signal(&handover->ended);
    pthread_mutex_unlock(&handover->lock);
}

/* Receives the request and the caller's standard input. */
static bool receive(Call *call)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {call->request, HANDOVER_REQUEST_BYTES};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(call->fd, &message, MSG_CMSG_CLOEXEC);
    if (got <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        return false;
    }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_level == SOL_SOCKET &&
        head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(sizeof call->input)) {
        memcpy(&call->input, CMSG_DATA(head), sizeof call->input);
    }
    call->bytes = (size_t)got;
    return call->input >= 0 && read_request(call);
}

static void *call_run(void *arg)
{
    Call *call = arg;
    if (receive(call)) {
        serve_call(call);
    } else {
        answer_end(call, 2);
    }
    call_free(call);
    return NULL;
}

/* Only who may read the database file anyway: its user, and root. */
static bool allowed(int fd)
{
    struct ucred peer;
    socklen_t bytes = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static bool enter(Handover *handover)
{
    pthread_mutex_lock(&handover->lock);
    bool room = handover->calls < CALLS_MAX;
    if (room) handover->calls++;
    pthread_mutex_unlock(&handover->lock);
    return room;
}

static void begin_call(Handover *handover, int fd)
{
    struct timeval patience = {.tv_sec = PATIENCE_S};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (!allowed(fd) || !enter(handover)) {
        close(fd);
        return;
    }
    Arena *arena = arena_open(CALL_ARENA_BYTES);
    Call *call = ARENA_NEW(arena, Call);
    call->arena = arena;
    call->handover = handover;
    call->fd = fd;
    call->input = -1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, call_run, call) == 0) {
        pthread_detach(thread);
    } else {
        call_free(call);
    }
}

static void *accept_run(void *arg)
{
    Handover *handover = arg;
    while (!atomic_load(&handover->stopping)) {
        int fd = accept4(handover->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) begin_call(handover, fd);
    }
    return NULL;
}

/* Makes the socket, in place of one that a killed server left. */
static bool listen_beside(Handover *handover, const char *db)
{
    if (!handover_address(db, &handover->address, &handover->folder)) {
        return false;
    }
    struct sockaddr_un *address = &handover->address;
    unlink(address->sun_path); /* we hold the lock: nobody else serves */
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    handover->listener = fd;
    /* Linux gives the file the rights of the socket, from its first moment */
    return fchmod(fd, 0600) == 0 &&
           bind(fd, (struct sockaddr *)address, sizeof *address) == 0 &&
           listen(fd, BACKLOG) == 0;
}

Err handover_open(const Context *context, Diag *diag, Handover **ret)
{
    Arena *arena = arena_open(CALL_ARENA_BYTES);
    Handover *handover = ARENA_NEW(arena, Handover);
    handover->arena = arena;
    handover->context = context;
    handover->folder = handover->listener = -1;
    pthread_mutex_init(&handover->lock, NULL);
    pthread_mutex_init(&handover->job, NULL);
    pthread_cond_init(&handover->ended, NULL);
    *ret = handover;
    if (store_kind(context->store) != STORE_SQLITE) return OK;
    bool open =
        listen_beside(handover, store_name(context->store)) &&
        pthread_create(&handover->acceptor, NULL, accept_run, handover) == 0;
    if (open) return OK;
    diag_set(diag, "handover.no_socket");
    diag_arg_text(diag, store_name(context->store));
    diag_arg_text(diag, strerror(errno));
    if (handover->listener >= 0) close(handover->listener);
    handover->listener = -1;
    handover_close(handover);
    return ERR_IO;
}

void handover_close(Handover *handover)
{
    if (handover == NULL) return;
    atomic_store(&handover->stopping, true);
    if (handover->listener >= 0) {
        unlink(handover->address.sun_path);
        shutdown(handover->listener, SHUT_RDWR); /* wakes the acceptor */
        pthread_join(handover->acceptor, NULL);
        close(handover->listener);
    }
    pthread_mutex_lock(&handover->lock);
    while (handover->calls > 0) {
        pthread_cond_wait(&handover->ended, &handover->lock);
    }
    pthread_mutex_unlock(&handover->lock);
    if (handover->folder >= 0) close(handover->folder);
    pthread_cond_destroy(&handover->ended);
    pthread_mutex_destroy(&handover->job);
    pthread_mutex_destroy(&handover->lock);
    arena_close(handover->arena);
}
