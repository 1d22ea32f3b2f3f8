#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool frozen;
static _Atomic Instant frozen_at;

static void read_environment(void)
{
    const char *text = getenv("SANAD_CLOCK");
    if (text == NULL) return;
    Instant at;
    Day day;
    if (instant_read(str_of(text), &at)) {
        atomic_store(&frozen_at, at);
        frozen = true;
    } else if (day_read(str_of(text), &day)) {
        atomic_store(&frozen_at, (Instant)day * 86400 * 1000000);
        frozen = true;
    }
}

Instant clock_now(void)
{
    pthread_once(&once, read_environment);
    if (frozen) return atomic_fetch_add(&frozen_at, 1);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (Instant)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double seconds(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double clock_cpu_s(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double clock_wall_s(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

Day instant_day(Instant at, int32_t offset_minutes)
{
    int64_t local_s = floor_divide(at, 1000000) + offset_minutes * 60;
    return (Day)floor_divide(local_s, 86400);
}

void instant_write(Buf *buf, Instant at)
{
    int64_t second = floor_divide(at, 1000000);
    Day day = instant_day(at, 0);
    int64_t rest = second - (int64_t)day * 86400;
    day_write(buf, day);
    buf_format(buf, "T%02d:%02d:%02dZ", (int)(rest / 3600),
               (int)(rest / 60 % 60), (int)(rest % 60));
}

static bool two_digits(const char *at, int32_t max, int32_t *ret)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9') return false;
    *ret = (at[0] - '0') * 10 + (at[1] - '0');
    return *ret <= max;
}

/* Reads "Z" or "+03:00" to minutes east of UTC. */
static bool read_offset(Str text, int32_t *ret)
{
    if (text.bytes == 1 && text.at[0] == 'Z') {
        *ret = 0;
        return true;
    }
    int32_t hours, minutes;
    if (text.bytes != 6 || text.at[3] != ':') return false;
    if (text.at[0] != '+' && text.at[0] != '-') return false;
    if (!two_digits(text.at + 1, 14, &hours)) return false;
    if (!two_digits(text.at + 4, 59, &minutes)) return false;
    *ret = (text.at[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool instant_read(Str text, Instant *ret)
{
    Day day;
    int32_t hour, minute, second, offset, micro = 0;
    if (text.bytes < 20 || text.at[10] != 'T') return false;
    if (!day_read((Str){text.at, 10}, &day)) return false;
    const char *at = text.at;
    if (at[13] != ':' || at[16] != ':' || !two_digits(at + 11, 23, &hour) ||
        !two_digits(at + 14, 59, &minute) ||
        !two_digits(at + 17, 59, &second)) {
        return false;
    }
    size_t i = 19;
    if (at[i] == '.') {
        int32_t unit = 100000;
        size_t start = ++i;
        for (; i < text.bytes && at[i] >= '0' && at[i] <= '9'; i++) {
            micro += (at[i] - '0') * unit;
            unit /= 10;
        }
        if (i == start) return false;
    }
    if (!read_offset((Str){at + i, text.bytes - i}, &offset)) return false;
    int64_t seconds_of_day = hour * 3600 + minute * 60 + second - offset * 60;
    *ret = ((Instant)day * 86400 + seconds_of_day) * 1000000 + micro;
    return true;
}
