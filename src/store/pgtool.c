#include "store/pgtool_int.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/postgres_int.h"

enum { SAID_BYTES = 4096, ARGS_MAX = 12 };

extern char **environ;

/* A program with what it is given. */
typedef struct Tool {
    StoreConn *conn;
    const char *name;
    char **env;
    const char *database; /* "--dbname=..." */
    char said[SAID_BYTES];
} Tool;

static bool names_variable(const char *entry, const char *name)
{
    size_t bytes = strlen(name);
    return strncmp(entry, name, bytes) == 0 && entry[bytes] == '=';
}

/* Whether the connection itself says what this variable says. */
static bool is_ours(const PQconninfoOption *options, const char *entry)
{
    for (; options->keyword != NULL; options++) {
        if (options->envvar != NULL && names_variable(entry, options->envvar)) {
            return true;
        }
    }
    return names_variable(entry, "LC_ALL");
}

/* Our own environment, with all that the connection is made of. */
static char **make_env(Arena *arena, const PQconninfoOption *options)
{
    size_t count = 2;
    for (char **at = environ; *at != NULL; at++) count++;
    for (int i = 0; options[i].keyword != NULL; i++) count++;
    char **env = ARENA_ARRAY(arena, char *, count);
    count = 0;
    for (char **at = environ; *at != NULL; at++) {
        if (!is_ours(options, *at)) env[count++] = *at;
    }
    for (; options->keyword != NULL; options++) {
        if (options->envvar == NULL || options->val == NULL) continue;
        env[count++] =
            arena_format(arena, "%s=%s", options->envvar, options->val);
    }
    env[count++] = arena_format(arena, "LC_ALL=C");
    return env;
}

/* The database's name and what no variable can say, but no secret. */
static const char *make_database(Arena *arena, const PQconninfoOption *options)
{
    Buf buf = buf_make(1 << 16);
    buf_text(&buf, "--dbname=");
    for (; options->keyword != NULL; options++) {
        bool secret = options->dispchar[0] == '*';
        bool name = strcmp(options->keyword, "dbname") == 0;
        if (options->val == NULL || secret) continue;
        if (options->envvar != NULL && !name) continue;
        buf_text(&buf, options->keyword);
        buf_text(&buf, "='");
        for (const char *at = options->val; *at != '\0'; at++) {
            if (*at == '\'' || *at == '\\') buf_char(&buf, '\\');
            buf_char(&buf, *at);
        }
        buf_text(&buf, "' ");
    }
    const char *text = arena_text(arena, buf.at, buf.bytes);
    buf_free(&buf);
    return text;
}

/* Refuses a secret that could get to the program by its command line only. */
static Err check_secrets(const PQconninfoOption *options, Diag *diag)
{
    for (; options->keyword != NULL; options++) {
        bool secret = options->dispchar[0] == '*';
        if (!secret || options->envvar != NULL || options->val == NULL) {
            continue;
        }
        diag_set(diag, "store.tool_secret");
        diag_arg_text(diag, options->keyword);
        return ERR_INVALID;
    }
    return OK;
}

static Err tool_open(Tool *tool, StoreConn *conn, const char *name, Diag *diag)
{
    const Pq *pq = conn->pg->pq;
    PQconninfoOption *options = pq->PQconninfo(conn->pg->to);
    *tool = (Tool){.conn = conn, .name = name};
    if (options == NULL) {
        Err err = postgres_fault(conn, NULL);
        store_diag(conn, diag);
        return err;
    }
    Err err = check_secrets(options, diag);
    tool->env = make_env(conn->arena, options);
    tool->database = make_database(conn->arena, options);
    pq->PQconninfoFree(options);
    return err;
}

/* Keeps the beginning of what is said and takes the rest away. */
static void listen_to(Tool *tool, int fd)
{
    size_t bytes = 0;
    for (;;) {
        char rest[512];
        size_t room = sizeof tool->said - 1 - bytes;
        ssize_t got = room > 0 ? read(fd, tool->said + bytes, room)
                               : read(fd, rest, sizeof rest);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (room > 0) bytes += (size_t)got;
    }
    tool->said[bytes] = '\0';
}

/* Starts it with one of its outputs in a pipe and the other one nowhere. */
static int start(const Tool *tool, const char *const *args, int hear, int to,
                 pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) return failed;
    for (int fd = 0; fd < 3 && failed == 0; fd++) {
        failed = fd == hear ? posix_spawn_file_actions_adddup2(&actions, to, fd)
                            : posix_spawn_file_actions_addopen(
                                  &actions, fd, "/dev/null",
                                  fd == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    char *argv[ARGS_MAX + 2];
    int count = 0;
    argv[count++] = (char *)(uintptr_t)tool->name;
    while (args[count - 1] != NULL) {
        CHECK(count <= ARGS_MAX);
        argv[count] = (char *)(uintptr_t)args[count - 1];
        count++;
    }
    argv[count] = NULL;
    if (failed == 0) {
        failed =
            posix_spawnp(ret_pid, tool->name, &actions, NULL, argv, tool->env);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* Runs it to its end; `hear`: 1 or 2, the output that is kept. *ret_good: it
 * ended well. Gives errno of what could not even begin. */
static int run(Tool *tool, const char *const *args, int hear, bool *ret_good)
{
    int ends[2], status = 0;
    pid_t pid;
    *ret_good = false;
    if (pipe(ends) != 0) return errno;
    for (int i = 0; i < 2; i++) (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    int failed = start(tool, args, hear, ends[1], &pid);
    close(ends[1]);
    if (failed == 0) listen_to(tool, ends[0]);
    close(ends[0]);
    if (failed != 0) return failed;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return errno;
    }
    *ret_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return 0;
}

static Err no_tool(const Tool *tool, int why, Diag *diag)
{
    diag_set(diag, why == ENOENT ? "store.no_tool" : "store.tool");
    diag_arg_text(diag, tool->name);
    diag_arg_text(diag, strerror(why));
    return ERR_INVALID;
}

/* The line with the error among what was said, without the program's name. */
static Err tool_failed(const Tool *tool, Diag *diag)
{
    const char *line = strstr(tool->said, "error: ");
    line = line == NULL ? tool->said : line + strlen("error: ");
    diag_set(diag, "store.tool");
    diag_arg_text(diag, tool->name);
    diag_arg(diag, (Str){line, strcspn(line, "\n")});
    return ERR_IO;
}

/* "pg_dump (PostgreSQL) 15.18 (Debian ...)": refused when the server, or what
 * a newer program wrote, is beyond it. */
static Err check_version(Tool *tool, Diag *diag)
{
    static const char *const args[] = {"--version", NULL};
    bool good;
    int failed = run(tool, args, STDOUT_FILENO, &good);
    if (failed != 0) return no_tool(tool, failed, diag);
    const char *at = strstr(tool->said, "(PostgreSQL) ");
    if (!good || at == NULL) return tool_failed(tool, diag);
    int64_t major = 0;
    const PostgresConn *pg = tool->conn->pg;
    int64_t server = pg->pq->PQserverVersion(pg->to) / 10000;
    at += strlen("(PostgreSQL) ");
    if (!str_to_int((Str){at, strspn(at, "0123456789")}, &major)) {
        return tool_failed(tool, diag);
    }
    if (major >= server) return OK;
    diag_set(diag, "store.old_tool");
    diag_arg_text(diag, tool->name);
    diag_arg_int(diag, major);
    diag_arg_int(diag, server);
    return ERR_INVALID;
}

static Err tool_run(Tool *tool, const char *const *args, Diag *diag)
{
    bool good;
    int failed = run(tool, args, STDERR_FILENO, &good);
    if (failed != 0) return no_tool(tool, failed, diag);
    return good ? OK : tool_failed(tool, diag);
}

/* Reads an archive to its end; what it holds goes nowhere. */
static Err check_archive(Tool *tool, const char *file, Diag *diag)
{
    const char *args[] = {"--file=/dev/null", "--", file, NULL};
    return tool_run(tool, args, diag);
}

Err pgtool_dump(StoreConn *conn, const char *file, Diag *diag)
{
    Tool dump, restore;
    TRY(tool_open(&dump, conn, "pg_dump", diag));
    TRY(tool_open(&restore, conn, "pg_restore", diag));
    TRY(check_version(&dump, diag));
    TRY(check_version(&restore, diag));
    const char *to = arena_format(conn->arena, "--file=%s", file);
    const char *args[] = {"--format=custom", "--no-password", to, dump.database,
                          NULL};
    TRY(tool_run(&dump, args, diag));
    return check_archive(&restore, file, diag);
}

Err pgtool_restore(StoreConn *conn, const char *file, Diag *diag)
{
    Tool tool;
    TRY(tool_open(&tool, conn, "pg_restore", diag));
    TRY(check_version(&tool, diag));
    const char *args[] = {"--exit-on-error",
                          "--single-transaction",
                          "--no-owner",
                          "--no-privileges",
                          "--no-comments",
                          "--no-password",
                          tool.database,
                          "--",
                          file,
                          NULL};
    return tool_run(&tool, args, diag);
}
