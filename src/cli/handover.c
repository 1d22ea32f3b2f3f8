#define _GNU_SOURCE 1 /* O_PATH, SO_PEERCRED, accept4: Linux */
#include "cli/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/handover_int.h"
#include "cli/password.h"
#include "cli/progress.h"

bool handover_address(const char *db, struct sockaddr_un *ret, int *ret_folder)
{
    char full[PATH_MAX];
    if (realpath(db, full) == NULL) return false;
    char *name = strrchr(full, '/');
    *name++ = '\0';
    int folder =
        open(full[0] == '\0' ? "/" : full, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(ret->sun_path, sizeof ret->sun_path,
                          "/proc/self/fd/%d/%s.jobs", folder, name);
    if (length < 0 || (size_t)length >= sizeof ret->sun_path) {
        close(folder);
        return false;
    }
    *ret_folder = folder;
    return true;
}

/* A connection to the server of a database, or -1. */
static int reach(const char *db)
{
    struct sockaddr_un address;
    int folder;
    if (!handover_address(db, &address, &folder)) return -1;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd >= 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    close(folder);
    return fd;
}

static void add(Buf *buf, const char *text)
{
    buf_str(buf, (Str){text, strlen(text) + 1});
}

/* What the command may read in the server: the secrets that it needs, which
 * are asked for here, where the terminal is; else nothing. -1: no input. */
static int make_input(Cli *cli)
{
    PasswordAsk asks[PASSWORD_ASKS_MAX];
    int count = password_asks(cli, asks);
    if (count == 0) return open("/dev/null", O_RDONLY | O_CLOEXEC);
    char secret[PASSWORD_ROOM] = "";
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    for (int i = 0; i < count && password_read(cli, &asks[i], secret); i++) {
        size_t bytes = strlen(secret);
        secret[bytes++] = '\n';
        (void)!write(ends[1], secret, bytes); /* all fit into the pipe */
    }
    explicit_bzero(secret, sizeof secret);
    close(ends[1]);
    return ends[0];
}

/* Sends the request with the descriptor of its input. */
static bool send_request(int fd, Str request, int input)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    union {
        const char *from;
        void *to;
    } bytes = {request.at};
    struct iovec part = {bytes.to, request.bytes};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof input);
    memcpy(CMSG_DATA(head), &input, sizeof input);
    return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)request.bytes;
}

static bool request(Cli *cli, int fd, int argc, char **argv)
{
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) == NULL) return false;
    Buf buf = buf_make(HANDOVER_REQUEST_BYTES);
    add(&buf, folder);
    add(&buf, cli->command->name);
    add(&buf, cli->lang[0] == 'a' ? "--lang=ar" : "--lang=en");
    for (int i = 0; i < argc; i++) add(&buf, argv[i]);
    int input = make_input(cli);
    bool sent = !buf_full(&buf) && input >= 0 &&
                send_request(fd, buf_view(&buf), input);
    if (input >= 0) close(input);
    buf_free(&buf);
    return sent;
}

typedef struct Watch {
    Cli *cli;
    bool terminal;
    bool drawn;
    double began_s;
} Watch;

static void draw(Watch *watch, const char *text)
{
    char unit[32];
    long long done, all;
    if (!watch->terminal ||
        sscanf(text, "%31s %lld %lld", unit, &done, &all) != 3) {
        return;
    }
    progress_draw(watch->cli->err, unit, watch->began_s, done, all);
    watch->drawn = true;
}

/* One message of the server; true: it was the last. */
static bool answered(Watch *watch, char *answer, size_t bytes, int *ret_code)
{
    Cli *cli = watch->cli;
    answer[bytes] = '\0';
    if (answer[0] == HANDOVER_PROGRESS) {
        draw(watch, answer + 1);
        return false;
    }
    if (watch->drawn) fprintf(cli->err, "\r%*s\r", 78, "");
    watch->drawn = false;
    if (answer[0] == HANDOVER_OUT) fwrite(answer + 1, 1, bytes - 1, cli->out);
    if (answer[0] == HANDOVER_ERR) fwrite(answer + 1, 1, bytes - 1, cli->err);
    if (answer[0] != HANDOVER_END || bytes != 2) return false;
    *ret_code = answer[1];
    return true;
}

static int follow(Cli *cli, int fd)
{
    char answer[HANDOVER_ANSWER_BYTES + 1];
    int code;
    Watch watch = {.cli = cli,
                   .terminal = isatty(fileno(cli->err)) == 1,
                   .began_s = clock_wall_s()};
    for (;;) {
        ssize_t got = recv(fd, answer, HANDOVER_ANSWER_BYTES, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (answered(&watch, answer, (size_t)got, &code)) return code;
    }
    Diag diag;
    diag_set(&diag, "handover.lost");
    return cli_fail(cli, ERR_IO, &diag);
}

bool handover(Cli *cli, const char *db, int argc, char **argv, int *ret_code)
{
    int fd = reach(db);
    if (fd < 0) return false;
    if (request(cli, fd, argc, argv)) {
        *ret_code = follow(cli, fd);
    } else {
        Diag diag;
        diag_set(&diag, "handover.refused");
        *ret_code = cli_fail(cli, ERR_IO, &diag);
    }
    close(fd);
    return true;
}
