/*
 * http_loop.c - the threads that serve: each has connections of its own, in a
 * daemon of the library that it runs by itself.
 *
 * In a turn a thread takes in what has come and works on all of it. Requests
 * that wait for http_wake() stay where they are, without being taken out of
 * the library and put in again; the library asks for them at the next turn.
 * While some wait, a thread sleeps until its bell rings, a moment at most, so
 * that those who ask together have their records written together.
 */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "web/http_int.h"

enum {
    PATIENCE_MS = 1, /* while requests wait; new ones are then looked at */
    TURN_MS_MAX = 1000,
    LINES_BYTES_MAX = 64 * 1024
};

int64_t http_clock_ms(void)
{
    return (int64_t)(clock_wall_s() * 1000.0);
}

void http_ring(HttpLoop *loop)
{
    const uint64_t one = 1;
    if (atomic_exchange(&loop->rung, true)) return;
    (void)!write(loop->bell_fd, &one, sizeof one);
}

/* Waits until there is something to do. */
static void sleep_until_due(HttpLoop *loop)
{
    struct pollfd fds[] = {{loop->bell_fd, POLLIN, 0},
                           {loop->epoll_fd, POLLIN, 0}};
    MHD_UNSIGNED_LONG_LONG due_ms = 0;
    int limit_ms = TURN_MS_MAX;
    if (loop->waiting > 0) {
        limit_ms = PATIENCE_MS;
    } else if (mhd()->MHD_get_timeout(loop->daemon, &due_ms) == MHD_YES &&
               due_ms < TURN_MS_MAX) {
        limit_ms = (int)due_ms;
    }
    (void)poll(fds, 2, limit_ms);
    if ((fds[0].revents & POLLIN) == 0) return;
    uint64_t rings = 0;
    (void)!read(loop->bell_fd, &rings, sizeof rings);
    /* whoever rings from here on is heard in the next turn */
    atomic_store(&loop->rung, false);
}

static void *loop_run(void *arg)
{
    HttpLoop *loop = arg;
    HttpServer *server = loop->server;
    bool quiet = false;
    while (true) {
        sleep_until_due(loop);
        int stage = atomic_load(&server->stage);
        if (stage == STAGE_ENDED) return NULL;
        if (stage == STAGE_QUIET && !quiet) {
            (void)mhd()->MHD_quiesce_daemon(
                loop->daemon); /* its socket is ours */
            quiet = true;
            atomic_fetch_add(&server->quiet_loops, 1);
        }
        loop->now_ms = http_clock_ms();
        (void)mhd()->MHD_run(loop->daemon);
        const HttpConfig *config = server->config;
        if (config->on_turn != NULL) config->on_turn(config->app);
        if (loop->lines.bytes > 0) weblog_write(server->log, &loop->lines);
    }
}

static Err loop_open(HttpServer *server, HttpLoop *loop)
{
    loop->server = server;
    loop->lines = buf_make(LINES_BYTES_MAX);
    loop->now_ms = http_clock_ms();
    loop->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->bell_fd < 0) return ERR_IO;
    loop->daemon = http_daemon(loop);
    const union MHD_DaemonInfo *info =
        loop->daemon == NULL ? NULL
                             : mhd()->MHD_get_daemon_info(
                                   loop->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info != NULL) {
        loop->epoll_fd = info->epoll_fd;
        if (pthread_create(&loop->thread, NULL, loop_run, loop) == 0) return OK;
    }
    if (loop->daemon != NULL) {
        (void)mhd()->MHD_quiesce_daemon(loop->daemon);
        mhd()->MHD_stop_daemon(loop->daemon);
    }
    (void)close(loop->bell_fd);
    return ERR_IO;
}

void http_loops_stage(HttpServer *server, int stage)
{
    atomic_store(&server->stage, stage);
    for (int i = 0; i < server->loop_count; i++) http_ring(&server->loops[i]);
}

Err http_loops_open(HttpServer *server, int count)
{
    server->loops = ARENA_ARRAY(server->arena, HttpLoop, count);
    for (int i = 0; i < count; i++) {
        Err err = loop_open(server, &server->loops[i]);
        if (err != OK) {
            http_loops_close(server);
            return err;
        }
        server->loop_count++;
    }
    return OK;
}

void http_loops_close(HttpServer *server)
{
    http_loops_stage(server, STAGE_ENDED);
    for (int i = 0; i < server->loop_count; i++)
        (void)pthread_join(server->loops[i].thread, NULL);
    /* somebody may still be on his way out of http_wake() */
    while (atomic_load(&server->ringing) > 0) (void)sched_yield();
    for (int i = 0; i < server->loop_count; i++) {
        HttpLoop *loop = &server->loops[i];
        (void)mhd()->MHD_quiesce_daemon(loop->daemon);
        mhd()->MHD_stop_daemon(loop->daemon);
        if (loop->lines.bytes > 0) weblog_write(server->log, &loop->lines);
        buf_free(&loop->lines);
        (void)close(loop->bell_fd);
    }
    server->loop_count = 0;
}
