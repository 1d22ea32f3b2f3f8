/*
 * served.c - the site over made-up people, served by a process of its own,
 * and a client that says exactly what it is told. Included by tests.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_backend.c"
#include "nation.c"
#include "tests/harness.h"
#include "web/site.h"

enum { REPLY_BYTES_MAX = 1 << 20 };

typedef struct Served {
    pid_t pid;
    int port;
    bool nation; /* with a population to try changes on */
    bool held;   /* its lab works out nothing before let_go() */
    bool other;  /* its law calls earned income otherwise: "worked" */
    int gate[2];
    char reply[REPLY_BYTES_MAX];
    size_t bytes;
} Served;

static Served served;

static void tell_port(void *arg, int port)
{
    int fd = *(int *)arg;
    ck_assert_int_eq(write(fd, &port, sizeof port), sizeof port);
}

static void on_stuck(void *arg)
{
    (void)arg;
    _exit(EXIT_FAILURE);
}

static void stand_at_gate(void *arg, Err err UNUSED)
{
    char any;
    (void)!read(*(int *)arg, &any, 1);
}

/* Keeps the lab's thread busy until let_go(). */
static void hold_lab(const Nation *nation, const Policy *policy)
{
    Diag diag = {.key = ""};
    int64_t job;
    bool waits;
    LabLaw law = {.pack = policy->pack,
                  .programme = policy->models[0].programme};
    LabQuestion question = {.month = lab_first_month(nation->lab)};
    LabWork work = {.law = &law,
                    .who = STR("nobody"),
                    .questions = &question,
                    .count = 1,
                    .moment_ms = 600000,
                    .done = stand_at_gate,
                    .arg = &served.gate[0]};
    ck_assert_int_eq(lab_ask(nation->lab, &work, &diag, &job, &waits), OK);
}

UNUSED static void let_go(void)
{
    ck_assert_int_eq(write(served.gate[1], "x", 1), 1);
    (void)close(served.gate[0]);
    (void)close(served.gate[1]);
    served.held = false;
}

/* A pack whose pension law knows no text "earned". */
static Err rename_earned(Arena *arena, Diag *diag, const Pack **pack)
{
    static const char earned[] = "\"earned\"";
    const char *path = "models/social-security/pension.dmn";
    Str from = pack_file(*pack, path);
    char *text = arena_format(arena, "%.*s", STR_ARG(from));
    char *at = strstr(text, earned);
    ck_assert_ptr_nonnull(at);
    for (; at != NULL; at = strstr(at, earned)) memcpy(at, "\"worked\"", 8);
    TRY(pack_with(arena, *pack, path, str_of(text), diag, pack));
    own_law_id = (*pack)->id;
    return OK;
}

static Err serve(const char *listen, void (*on_open)(void *, int), void *arg)
{
    http_signals_block();
    Arena *arena = arena_open(64 * 1024 * 1024);
    Texts *texts = NULL;
    Diag diag = {.key = ""};
    const Pack *pack;
    const Policy *policy;
    Err err = text_open(arena, &diag, &texts);
    if (err == OK) err = pack_embedded(arena, &diag, &pack);
    if (err == OK && served.other) err = rename_earned(arena, &diag, &pack);
    if (err == OK) err = policy_open(arena, pack, &diag, &policy);
    if (err == OK) {
        Nation nation = {.lab = NULL};
        if (served.nation) nation_open(&nation, policy);
        if (served.held) hold_lab(&nation, policy);
        SiteConfig config = {.listen = listen,
                             .demo = true,
                             .behind_proxy = getenv("FAKE_PROXY") != NULL,
                             .threads = 2,
                             .texts = texts,
                             .backend = &fake_backend,
                             .policy = policy,
                             .lab = nation.lab,
                             .on_open = on_open,
                             .on_stuck = on_stuck,
                             .open_arg = arg};
        err = site_serve(&config, &diag);
        if (served.nation) nation_close(&nation);
        fake_drafts_close();
    }
    if (err != OK) fprintf(stderr, "%s %s\n", diag.key, diag.arg[0]);
    arena_close(arena);
    return err;
}

/* Starts the site in a process of its own. */
static void begin(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    if (served.held) ck_assert_int_eq(pipe(served.gate), 0);
    served.pid = fork();
    ck_assert_int_ge(served.pid, 0);
    if (served.pid == 0) {
        (void)close(ends[0]);
        _exit(serve("127.0.0.1:0", tell_port, &ends[1]) == OK ? 0 : 1);
    }
    (void)close(ends[1]);
    ck_assert_int_eq(read(ends[0], &served.port, sizeof served.port),
                     sizeof served.port);
    (void)close(ends[0]);
}

/* Stops it as a service manager would; it must end well. */
static void end(void)
{
    int status = 0;
    ck_assert_int_eq(kill(served.pid, SIGTERM), 0);
    ck_assert_int_eq(waitpid(served.pid, &status, 0), served.pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                  "the server ended with status %d", status);
}

/* Sends bytes as they are and reads until the server closes. */
static const char *talk(const char *bytes, size_t count)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)served.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {5, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    (void)!send(fd, bytes, count, MSG_NOSIGNAL);
    served.bytes = 0;
    ssize_t got = 1;
    while (got > 0 && served.bytes < sizeof served.reply - 1) {
        got = recv(fd, served.reply + served.bytes,
                   sizeof served.reply - 1 - served.bytes, 0);
        if (got > 0) served.bytes += (size_t)got;
    }
    served.reply[served.bytes] = '\0';
    (void)close(fd);
    return served.reply;
}

static int status_of(const char *reply)
{
    if (strncmp(reply, "HTTP/1.", 7) != 0) return 0;
    return (int)strtol(reply + 9, NULL, 10);
}

/* A request with these further headers and this body. */
static const char *ask(const char *method, const char *target,
                       const char *headers, const char *body)
{
    static char text[REPLY_BYTES_MAX / 4];
    int bytes = snprintf(text, sizeof text,
                         "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                         "%s\r\n%s",
                         method, target, headers, body);
    return talk(text, (size_t)bytes);
}

static const char *get(const char *target, const char *headers)
{
    return ask("GET", target, headers, "");
}

UNUSED static const char *post(const char *target, const char *headers,
                               const char *form)
{
    char head[1024];
    (void)snprintf(head, sizeof head,
                   "%sContent-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: %zu\r\n",
                   headers, strlen(form));
    return ask("POST", target, head, form);
}

static void expect(const char *reply, int status, const char *part)
{
    ck_assert_msg(status_of(reply) == status, "status %d, expected %d:\n%.600s",
                  status_of(reply), status, reply);
    ck_assert_msg(part == NULL || strstr(reply, part) != NULL,
                  "no \"%s\" in:\n%.3000s", part, reply);
}
