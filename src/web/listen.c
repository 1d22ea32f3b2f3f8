#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, HOST_BYTES_MAX = 64 };

typedef union Address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
} Address;

static Err fail(Diag *diag, Err err, const char *key, const char *address)
{
    int cause = errno;
    diag_set(diag, key);
    diag_arg_text(diag, address);
    if (err == ERR_IO) {
        char why[96];
        why[0] = '\0';
        (void)!strerror_r(cause, why, sizeof why);
        diag_arg_text(diag, why);
    }
    return err;
}

/* Whether a server answers there: then its socket is not ours to take away. */
static bool is_served(const Address *at)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return true;
    bool nobody = connect(fd, &at->any, (socklen_t)sizeof at->local) != 0 &&
                  (errno == ECONNREFUSED || errno == ENOENT);
    (void)close(fd);
    return !nobody;
}

static Err read_local(const char *address, Diag *diag, Address *ret,
                      socklen_t *ret_bytes)
{
    const char *path = address + strlen("unix:");
    size_t bytes = strlen(path);
    if (bytes == 0 || bytes >= sizeof ret->local.sun_path)
        return fail(diag, ERR_INVALID, "web.listen_bad", address);
    ret->local.sun_family = AF_UNIX;
    memcpy(ret->local.sun_path, path, bytes + 1);
    *ret_bytes = (socklen_t)sizeof ret->local;
    struct stat there;
    if (lstat(path, &there) != 0 || !S_ISSOCK(there.st_mode)) return OK;
    if (is_served(ret))
        return fail(diag, ERR_CONFLICT, "web.listen_taken", address);
    (void)unlink(path); /* a killed server left it */
    return OK;
}

/* Splits host and port; the host without brackets. */
static bool split(const char *address, char host[HOST_BYTES_MAX],
                  int64_t *ret_port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || !str_to_int(str_of(colon + 1), ret_port)) return false;
    if (*ret_port < 0 || *ret_port > 65535) return false;
    Str name = {address, (size_t)(colon - address)};
    bool brackets =
        name.bytes >= 2 && name.at[0] == '[' && name.at[name.bytes - 1] == ']';
    if (brackets) name = (Str){name.at + 1, name.bytes - 2};
    if (name.bytes >= HOST_BYTES_MAX) return false;
    memcpy(host, name.at, name.bytes);
    host[name.bytes] = '\0';
    if (name.bytes == 0 || strcmp(host, "localhost") == 0)
        memcpy(host, "127.0.0.1", sizeof "127.0.0.1");
    return true;
}

static Err read_internet(const char *address, bool outside, Diag *diag,
                         Address *ret, socklen_t *ret_bytes)
{
    char host[HOST_BYTES_MAX];
    int64_t port = 0;
    if (!split(address, host, &port))
        return fail(diag, ERR_INVALID, "web.listen_bad", address);
    bool loopback = false;
    if (inet_pton(AF_INET, host, &ret->v4.sin_addr) == 1) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons((uint16_t)port);
        *ret_bytes = (socklen_t)sizeof ret->v4;
        loopback = (ntohl(ret->v4.sin_addr.s_addr) >> 24) == 127;
    } else if (inet_pton(AF_INET6, host, &ret->v6.sin6_addr) == 1) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons((uint16_t)port);
        *ret_bytes = (socklen_t)sizeof ret->v6;
        loopback = IN6_IS_ADDR_LOOPBACK(&ret->v6.sin6_addr) != 0;
    } else {
        return fail(diag, ERR_INVALID, "web.listen_bad", address);
    }
    if (!loopback && !outside)
        return fail(diag, ERR_DENIED, "web.listen_outside", address);
    return OK;
}

static int port_of(int fd)
{
    Address bound;
    memset(&bound, 0, sizeof bound);
    socklen_t bytes = (socklen_t)sizeof bound;
    if (getsockname(fd, &bound.any, &bytes) != 0) return 0;
    if (bound.any.sa_family == AF_INET) return ntohs(bound.v4.sin_port);
    if (bound.any.sa_family == AF_INET6) return ntohs(bound.v6.sin6_port);
    return 0;
}

Err listen_open(const char *address, bool outside, Diag *diag, int *ret_fd,
                int *ret_port)
{
    Address to;
    memset(&to, 0, sizeof to);
    socklen_t bytes = 0;
    if (strncmp(address, "unix:", 5) == 0)
        TRY(read_local(address, diag, &to, &bytes));
    else
        TRY(read_internet(address, outside, diag, &to, &bytes));
    int kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    int fd = socket(to.any.sa_family, kind, 0);
    if (fd < 0) return fail(diag, ERR_IO, "web.listen_failed", address);
    int yes = 1;
    if (to.any.sa_family != AF_UNIX)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, &to.any, bytes) != 0 || listen(fd, BACKLOG) != 0) {
        Err err = fail(diag, ERR_IO, "web.listen_failed", address);
        (void)close(fd);
        return err;
    }
    *ret_fd = fd;
    *ret_port = port_of(fd);
    return OK;
}
