/*
 * clock.h - the only door to the clock; everything else is given `now`.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/date.h"

/* Microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t Instant;

/*
 * Now. A process may be started in another time by SANAD_CLOCK, an ISO date
 * or "2026-11-22T08:00:00Z"; its clock then stands there and advances by one
 * microsecond a call, so that repeated runs give the same bytes.
 */
Instant clock_now(void);

/* Process CPU time and monotonic time in seconds, for progress and reports. */
double clock_cpu_s(void);
double clock_wall_s(void);

/* The day of an instant at an offset east of UTC, in minutes. */
Day instant_day(Instant at, int32_t offset_minutes);

/* Writes 2026-11-22T08:00:00Z. */
void instant_write(Buf *buf, Instant at);

/* Reads RFC 3339: date, T, time, optional fraction, Z or an offset. */
bool instant_read(Str text, Instant *ret);

#endif
