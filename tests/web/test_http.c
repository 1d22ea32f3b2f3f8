#define _GNU_SOURCE 1 /* memmem */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "codec/json.h"
#include "tests/harness.h"
#include "web/http.h"

static void pause_ms(long ms)
{
    const struct timespec moment = {ms / 1000, (ms % 1000) * 1000000};
    (void)nanosleep(&moment, NULL);
}

static void plain_error(HttpRequest *request, int status)
{
    buf_format(http_body(request), "error %d", status);
    http_reply(request, status, "text/plain");
}

static void *wake_later(void *arg)
{
    pause_ms(300);
    http_wake(arg, ERR_CONFLICT);
    return NULL;
}

static void *wake_now(void *arg)
{
    http_wake(arg, OK);
    return NULL;
}

static void woken(HttpRequest *request)
{
    buf_format(http_body(request), "woken %s", err_name(request->woken));
    http_reply(request, 200, "text/plain");
}

static void start(HttpRequest *request, void *(*waker)(void *))
{
    pthread_t thread;
    http_park(request, woken);
    ck_assert_int_eq(pthread_create(&thread, NULL, waker, request), 0);
    (void)pthread_detach(thread);
}

static void slow(HttpRequest *request)
{
    start(request, wake_later);
}

static void quick(HttpRequest *request)
{
    start(request, wake_now);
}

static void twice_then(HttpRequest *request)
{
    http_wake(request, OK);
    http_park(request, woken);
}

static void twice(HttpRequest *request)
{
    http_wake(request, OK);
    http_park(request, twice_then);
}

static void echo(HttpRequest *request)
{
    Buf *body = http_body(request);
    buf_format(body, "%.*s|%.*s|%.*s|%.*s", STR_ARG(request->param[0]),
               STR_ARG(form_find(&request->query, "q")),
               STR_ARG(form_find(&request->field, "f")),
               STR_ARG(http_cookie(request, "c")));
    http_reply_cookie(request, "s", STR("v"), 60);
    http_reply_header(request, "X-Test", STR("a\r\nSplit: yes"));
    http_reply(request, 200, "text/plain");
}

static void forgets(HttpRequest *request UNUSED)
{
}

static const HttpRoute routes[] = {
    {HTTP_GET, "/free", forgets, LIMIT_FREE},
    {HTTP_GET, "/slow", slow, LIMIT_USUAL},
    {HTTP_GET, "/quick", quick, LIMIT_USUAL},
    {HTTP_GET, "/twice", twice, LIMIT_USUAL},
    {HTTP_GET, "/echo/{}", echo, LIMIT_USUAL},
    {HTTP_POST, "/echo/{}", echo, LIMIT_USUAL},
    {HTTP_GET, "/forgets", forgets, LIMIT_USUAL},
};

static HttpConfig config_of(const char *listen)
{
    return (HttpConfig){.listen = listen,
                        .threads = 2,
                        .routes = routes,
                        .route_count = sizeof routes / sizeof routes[0],
                        .on_error = plain_error};
}

typedef struct Served {
    pid_t pid;
    int port;
    char reply[65536];
} Served;

static Served served;

static void begin(HttpConfig config)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    served.pid = fork();
    if (served.pid == 0) {
        Diag diag = {.key = ""};
        HttpServer *server = NULL;
        http_signals_block();
        if (http_open(&config, &diag, &server) != OK) _exit(2);
        int port = http_port(server);
        if (write(ends[1], &port, sizeof port) != sizeof port) _exit(3);
        if (http_run(server) != OK) _exit(4);
        http_close(server);
        _exit(0);
    }
    (void)close(ends[1]);
    ck_assert_int_eq(read(ends[0], &served.port, sizeof served.port),
                     sizeof served.port);
    (void)close(ends[0]);
}

static void end(void)
{
    int status = 0;
    (void)kill(served.pid, SIGTERM);
    ck_assert_int_eq(waitpid(served.pid, &status, 0), served.pid);
    ck_assert_msg(status == 0, "the server ended with status %d", status);
}

static int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)served.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {10, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void put(int fd, const char *text)
{
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static const char *take(int fd)
{
    size_t bytes = 0;
    ssize_t got = 1;
    while (got > 0 && bytes < sizeof served.reply - 1) {
        got =
            recv(fd, served.reply + bytes, sizeof served.reply - 1 - bytes, 0);
        if (got > 0) bytes += (size_t)got;
    }
    served.reply[bytes] = '\0';
    (void)close(fd);
    return served.reply;
}

static const char *get(const char *target)
{
    int fd = dial();
    char text[512];
    (void)snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                   "Cookie: c=biscuit\r\n\r\n",
                   target);
    put(fd, text);
    return take(fd);
}

static void expect(const char *reply, const char *part)
{
    ck_assert_msg(strstr(reply, part) != NULL, "no \"%s\" in \"%s\"", part,
                  reply);
}

TEST(a_parked_request_is_answered_when_it_is_woken)
{
    begin(config_of("127.0.0.1:0"));
    expect(get("/slow"), "woken ERR_CONFLICT");
    for (int i = 0; i < 200; i++) expect(get("/quick"), "woken OK");
    expect(get("/twice"), "woken OK");
    end();
}

TEST(many_wait_at_the_same_time_and_none_for_another)
{
    enum { CROWD = 120 };
    int fd[CROWD];
    begin(config_of("127.0.0.1:0"));
    double from_s = clock_wall_s();
    for (int i = 0; i < CROWD; i++) {
        fd[i] = dial();
        put(fd[i],
            "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    expect(get("/echo/7"), "7|||");
    ck_assert(clock_wall_s() - from_s < 5); /* 18 s one by one */
    for (int i = 0; i < CROWD; i++) expect(take(fd[i]), "woken ERR_CONFLICT");
    ck_assert(clock_wall_s() - from_s < 5);
    end();
}

/* Closes so that the other side is told at once. */
static void slam(int fd)
{
    struct linger none = {1, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    (void)close(fd);
}

TEST(who_goes_away_while_he_waits_harms_nobody)
{
    begin(config_of("127.0.0.1:0"));
    for (int i = 0; i < 40; i++) {
        int fd = dial();
        put(fd, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        if (i % 2 == 0) pause_ms(5);
        if (i % 4 == 3)
            (void)close(fd);
        else
            slam(fd);
    }
    for (int i = 0; i < 200; i++) {
        int fd = dial();
        put(fd, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
        slam(fd);
    }
    expect(get("/slow"), "woken ERR_CONFLICT");
    end(); /* waits until all are cleared up */
}

TEST(a_head_up_to_the_limit_is_taken)
{
    static char text[16 * 1024];
    begin(config_of("127.0.0.1:0"));
    int bytes = snprintf(text, sizeof text,
                         "GET /echo/1 HTTP/1.1\r\nHost: x\r\n"
                         "Connection: close\r\n");
    for (int i = 0; i < 60; i++)
        bytes +=
            snprintf(text + bytes, 256, "X-Filling-%02d: %0110d\r\n", i, 1);
    ck_assert_int_gt(bytes, 7400);
    ck_assert_int_lt(bytes, HTTP_HEAD_BYTES_MAX);
    bytes += snprintf(text + bytes, 8, "\r\n");
    int fd = dial();
    put(fd, text);
    expect(take(fd), "HTTP/1.1 200");
    end();
}

TEST(a_handler_that_forgets_to_answer_gives_500)
{
    begin(config_of("127.0.0.1:0"));
    expect(get("/forgets"), "HTTP/1.1 500");
    end();
}

TEST(parts_of_a_request_reach_the_handler_decoded)
{
    begin(config_of("127.0.0.1:0"));
    expect(get("/echo/%D8%B3%20x?q=a%2Bb+c"), "س x|a+b c||biscuit");
    int fd = dial();
    put(fd, "POST /echo/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            "Content-Length: 8\r\n\r\nf=%");
    pause_ms(50);
    put(fd, "41&g=");
    expect(take(fd), "1||A|");
    end();
}

/* A request as the proxy passes it on from an address. */
static const char *from(const char *target, const char *address)
{
    int fd = dial();
    char text[512];
    (void)snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                   "X-Forwarded-For: %s\r\n\r\n",
                   target, address);
    put(fd, text);
    return take(fd);
}

/* The refusal of one who asks more than once a second. On a machine that is
 * busy beside, a second may pass between two questions: then one is free. */
static const char *refusal(const char *target, const char *address)
{
    for (int i = 0; i < 9; i++) {
        const char *reply = from(target, address);
        if (strstr(reply, "HTTP/1.1 429") != NULL) return reply;
    }
    ck_abort_msg("%s asked nine times and was not refused", address);
    return "";
}

TEST(an_address_may_ask_so_much_and_others_as_well)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.behind_proxy = true;
    config.limits = (LimitRates){.usual_per_s = 1, .usual_at_once = 3};
    begin(config);
    for (int i = 0; i < 3; i++)
        expect(from("/echo/1", "192.0.2.1"), "HTTP/1.1 200");
    expect(refusal("/echo/1", "192.0.2.1"), "Retry-After: 1\r\n");
    (void)refusal("/nowhere", "192.0.2.1");
    /* what the client claims before the proxy's word does not count */
    (void)refusal("/echo/1", "198.51.100.7, 192.0.2.1");
    expect(from("/echo/1", "192.0.2.2"), "HTTP/1.1 200");
    expect(from("/free", "192.0.2.1"), "HTTP/1.1 500");
    for (int i = 0; i < 20; i++) expect(get("/echo/1"), "HTTP/1.1 200");
    pause_ms(1100);
    expect(from("/echo/1", "192.0.2.1"), "HTTP/1.1 200");
    end();
}

TEST(without_a_proxy_what_a_client_claims_is_not_believed)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.limits = (LimitRates){.usual_per_s = 1, .usual_at_once = 1};
    begin(config);
    for (int i = 0; i < 9; i++)
        expect(from("/echo/1", "192.0.2.1"), "HTTP/1.1 200");
    end();
}

/* The n-th line of a log, as JSON. */
static const Json *line_of(Arena *arena, const char *path, int n)
{
    const Json *json = NULL;
    Diag diag = {.key = ""};
    FILE *file = fopen(path, "r");
    char *text = arena_alloc(arena, 4096, 1);
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i <= n; i++)
        ck_assert_msg(fgets(text, 4096, file) != NULL, "no line %d", n);
    (void)fclose(file);
    ck_assert_int_eq(json_read(arena, str_of(text), &diag, &json), OK);
    return json;
}

static void expect_text(const Json *line, const char *key, const char *value)
{
    Str text = {NULL, 0};
    ck_assert_msg(json_text(json_get(line, key), &text), "no %s", key);
    EXPECT_STR(text, value);
}

/* Requests of several connections are logged after their answers, in any
 * order; who wants one waits for the line. */
static void wait_for_line(const char *path, int n)
{
    for (int tries = 0; tries < 500; tries++) {
        int lines = 0;
        FILE *file = fopen(path, "r");
        for (int c; file != NULL && (c = fgetc(file)) != EOF;)
            lines += c == '\n';
        if (file != NULL) (void)fclose(file);
        if (lines >= n) return;
        pause_ms(10);
    }
    ck_abort_msg("no line %d", n);
}

TEST(the_log_has_routes_and_figures_and_nothing_of_anybody)
{
    char path[] = "/tmp/sanad-log-XXXXXX";
    char old[64];
    int64_t number;
    Str tag[3];
    HttpConfig config = config_of("127.0.0.1:0");
    ck_assert_int_ge(mkstemp(path), 0);
    (void)unlink(path);
    config.log = path;
    config.behind_proxy = true;
    begin(config);
    expect(from("/echo/1000000008?q=secret", "192.0.2.1"), "HTTP/1.1 200");
    wait_for_line(path, 1);
    expect(from("/echo/2", "192.0.2.1"), "HTTP/1.1 200");
    wait_for_line(path, 2);
    expect(from("/1000000008", "192.0.2.2"), "HTTP/1.1 404");
    wait_for_line(path, 3);
    Arena *arena = arena_open(1 << 20);
    for (int i = 0; i < 3; i++) {
        const Json *line = line_of(arena, path, i);
        expect_text(line, "method", "GET");
        ck_assert(json_text(json_get(line, "client"), &tag[i]));
        ck_assert_uint_eq(tag[i].bytes, 8);
        ck_assert(json_int(json_get(line, "ms"), &number));
        ck_assert(json_int(json_get(line, "bytes"), &number));
        ck_assert_int_gt(number, 0);
        ck_assert(json_int(json_get(line, "status"), &number));
        ck_assert_int_eq(number, i < 2 ? 200 : 404);
        if (i < 2) expect_text(line, "route", "/echo/{}");
    }
    ck_assert(str_equal(tag[0], tag[1]));
    ck_assert(!str_equal(tag[0], tag[2]));
    Str all = harness_read(path);
    static const char *const never[] = {"1000000008", "secret", "192.0.2"};
    for (int i = 0; i < 3; i++)
        ck_assert_ptr_null(
            memmem(all.at, all.bytes, never[i], strlen(never[i])));
    struct stat is;
    ck_assert_int_eq(stat(path, &is), 0);
    ck_assert_int_eq(is.st_mode & 0777, 0600);
    /* moved away, it begins anew */
    (void)snprintf(old, sizeof old, "%s.1", path);
    ck_assert_int_eq(rename(path, old), 0);
    for (int i = 0; i < 40 && stat(path, &is) != 0; i++) pause_ms(100);
    expect(from("/echo/3", "192.0.2.1"), "HTTP/1.1 200");
    pause_ms(50);
    expect_text(line_of(arena, path, 0), "route", "/echo/{}");
    end();
    (void)unlink(path);
    (void)unlink(old);
    arena_close(arena);
}

TEST(a_log_that_cannot_be_written_is_said_at_the_start)
{
    HttpConfig config = config_of("127.0.0.1:0");
    Diag diag = {.key = ""};
    HttpServer *server = NULL;
    config.log = "/nowhere/access.log";
    ck_assert_int_eq(http_open(&config, &diag, &server), ERR_IO);
    ck_assert_str_eq(diag.key, "web.log_failed");
}

TEST(a_header_cannot_be_split)
{
    begin(config_of("127.0.0.1:0"));
    ck_assert_ptr_null(strstr(get("/echo/1"), "Split"));
    end();
}

TEST(requests_follow_each_other_on_one_connection)
{
    begin(config_of("127.0.0.1:0"));
    int fd = dial();
    put(fd, "GET /echo/1 HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /echo/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const char *reply = take(fd);
    expect(reply, "1|||");
    expect(reply, "woken ERR_CONFLICT");
    expect(reply, "3|||");
    end();
}

TEST(a_head_that_dribbles_in_is_cut_off)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.head_ms = 1500;
    config.idle_ms = 3000;
    begin(config);
    int fd = dial();
    put(fd, "GET /echo/1 HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 16; i++) {
        pause_ms(250);
        put(fd, "X: y\r\n");
    }
    expect(take(fd), "HTTP/1.1 408");
    end();
}

TEST(a_body_that_dribbles_in_is_cut_off)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.body_ms = 1500;
    begin(config);
    int fd = dial();
    put(fd, "POST /echo/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n");
    for (int i = 0; i < 16; i++) {
        pause_ms(250);
        put(fd, "a");
    }
    expect(take(fd), "HTTP/1.1 408");
    end();
}

TEST(a_silent_connection_is_closed)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.idle_ms = 1000;
    begin(config);
    int fd = dial();
    ck_assert_str_eq(take(fd), "");
    end();
}

TEST(a_stop_lets_the_request_in_flight_finish)
{
    begin(config_of("127.0.0.1:0"));
    int fd = dial();
    put(fd, "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    pause_ms(100);
    (void)kill(served.pid, SIGTERM);
    expect(take(fd), "woken ERR_CONFLICT");
    end();
}

TEST(only_the_inside_is_listened_on_without_a_proxy)
{
    static const struct {
        const char *address;
        Err err;
    } cases[] = {
        {"0.0.0.0:0", ERR_DENIED},
        {"[::]:0", ERR_DENIED},
        {"192.0.2.1:80", ERR_DENIED},
        {"127.0.0.1", ERR_INVALID},
        {"127.0.0.1:x", ERR_INVALID},
        {"127.0.0.1:65536", ERR_INVALID},
        {"example.org:80", ERR_INVALID},
        {"unix:", ERR_INVALID},
        {"", ERR_INVALID},
        {"unix:/nowhere/at/all", ERR_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpConfig config = config_of(cases[i].address);
        Diag diag = {.key = ""};
        HttpServer *server = NULL;
        ck_assert_msg(http_open(&config, &diag, &server) == cases[i].err,
                      "%s gives %s", cases[i].address, diag.key);
        ck_assert_str_eq(diag.arg[0], cases[i].address);
    }
}

TEST(a_unix_socket_serves_too)
{
    char path[64];
    char address[80];
    (void)snprintf(path, sizeof path, "/tmp/sanad-test-%d.sock", getpid());
    (void)snprintf(address, sizeof address, "unix:%s", path);
    begin(config_of(address));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memcpy(to.sun_path, path, strlen(path) + 1);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    put(fd, "GET /echo/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(take(fd), "1|||");
    end();
    (void)unlink(path);
}

TEST(a_unix_socket_of_another_server_is_let_be)
{
    char path[64];
    char address[80];
    (void)snprintf(path, sizeof path, "/tmp/sanad-test-%d.two", getpid());
    (void)snprintf(address, sizeof address, "unix:%s", path);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memcpy(to.sun_path, path, strlen(path) + 1);
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(stale, (struct sockaddr *)&to, sizeof to), 0);
    close(stale); /* as a server leaves it that was killed */
    HttpConfig config = config_of(address);
    begin(config);
    HttpServer *second = NULL;
    Diag diag = {.key = ""};
    ck_assert_int_eq(http_open(&config, &diag, &second), ERR_CONFLICT);
    ck_assert_str_eq(diag.key, "web.listen_taken");
    ck_assert_str_eq(diag.arg[0], address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    put(fd, "GET /echo/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(take(fd), "1|||");
    end();
    (void)unlink(path);
}

TEST(behind_a_proxy_cookies_and_transport_are_strict)
{
    HttpConfig config = config_of("127.0.0.1:0");
    config.behind_proxy = true;
    begin(config);
    const char *reply = get("/echo/1");
    expect(reply, "Strict-Transport-Security: max-age=63072000");
    expect(reply, "Set-Cookie: __Host-s=v; Path=/; HttpOnly; SameSite=Lax; "
                  "Max-Age=60; Secure");
    expect(reply, "1|||");
    end();
}
