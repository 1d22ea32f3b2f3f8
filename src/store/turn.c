#include "store/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PID_BYTES = 24, PID_TRIES = 50 };

void turn_init(StoreTurn *turn)
{
    *turn = (StoreTurn){.lock_fd = -1};
    CHECK(pthread_mutex_init(&turn->lock, NULL) == 0);
    CHECK(pthread_cond_init(&turn->moved, NULL) == 0);
}

void turn_destroy(StoreTurn *turn)
{
    CHECK(turn->holders == 0);
    pthread_cond_destroy(&turn->moved);
    pthread_mutex_destroy(&turn->lock);
}

static Err refuse(const char *key, const char *name, Diag *diag)
{
    diag_set(diag, key);
    diag_arg_text(diag, name);
    diag_arg_text(diag, strerror(errno));
    return ERR_IO;
}

/* The number in the lock file; its holder writes it a moment after it has the
 * lock, and takes it away before it gives the lock back. */
static void read_holder(int fd, char pid[PID_BYTES])
{
    static const struct timespec moment = {.tv_nsec = 1000000};
    ssize_t got = 0;
    for (int tries = 0; got <= 0 && tries < PID_TRIES; tries++) {
        if (tries > 0) nanosleep(&moment, NULL);
        got = pread(fd, pid, PID_BYTES - 1, 0);
    }
    pid[got > 0 ? got : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
}

/* Says which process writes. */
static Err refuse_busy(int fd, const char *name, Diag *diag)
{
    char pid[PID_BYTES];
    read_holder(fd, pid);
    diag_set(diag, pid[0] == '\0' ? "store.writer_some" : "store.writer");
    diag_arg_text(diag, name);
    diag_arg_text(diag, pid);
    return ERR_BUSY;
}

static Err lock_file(int fd, const char *name, Diag *diag)
{
    char pid[PID_BYTES];
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return refuse_busy(fd, name, diag);
    int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)length, 0) == length) {
        return OK;
    }
    bool full = errno == ENOSPC || errno == EDQUOT;
    return refuse(full ? "store.full" : "store.io", name, diag);
}

static Err lock_take(StoreTurn *turn, const char *path, const char *name,
                     Diag *diag)
{
    char file[PATH_BYTES];
    int fd = -1, length = snprintf(file, sizeof file, "%s.lock", path);
    if (length >= PATH_BYTES) errno = ENAMETOOLONG;
    if (length < PATH_BYTES)
        fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return refuse("store.denied", name, diag);
    Err err = lock_file(fd, name, diag);
    if (err != OK) {
        close(fd);
    } else {
        turn->lock_fd = fd;
    }
    return err;
}

Err turn_join(StoreTurn *turn, const char *path, const char *name, Diag *diag)
{
    Err err = OK;
    pthread_mutex_lock(&turn->lock);
    if (turn->holders == 0) err = lock_take(turn, path, name, diag);
    if (err == OK) turn->holders++;
    pthread_mutex_unlock(&turn->lock);
    return err;
}

void turn_leave(StoreTurn *turn)
{
    pthread_mutex_lock(&turn->lock);
    if (--turn->holders == 0) {
        (void)!ftruncate(turn->lock_fd, 0); /* nobody is named who is gone */
        close(turn->lock_fd);
        turn->lock_fd = -1;
    }
    pthread_mutex_unlock(&turn->lock);
}

void turn_begin(StoreTurn *turn)
{
    pthread_mutex_lock(&turn->lock);
    uint64_t ticket = turn->next++;
    while (turn->serving != ticket) {
        pthread_cond_wait(&turn->moved, &turn->lock);
    }
    pthread_mutex_unlock(&turn->lock);
}

void turn_end(StoreTurn *turn)
{
    pthread_mutex_lock(&turn->lock);
    turn->serving++;
    pthread_cond_broadcast(&turn->moved);
    pthread_mutex_unlock(&turn->lock);
}
