/*
 * Reckoning with dates, times and durations: the part of feel/temporal.h that
 * compares, adds and takes apart.
 */
#include "feel/number.h"
#include "feel/temporal.h"

#define NANOS_A_SECOND ((int64_t)1000000000)
#define NANOS_A_DAY (86400 * NANOS_A_SECOND)

static bool is_point(FeelValue value)
{
    return value.kind == FEEL_DATE || value.kind == FEEL_DATE_TIME;
}

/* A date is its midnight in UTC, as the specification says. */
static FeelMoment moment_of(FeelValue value)
{
    if (value.kind != FEEL_DATE) return *value.as.moment;
    return (FeelMoment){.day = value.as.whole, .zone_kind = FEEL_ZONE_OFFSET};
}

static FeelNanos instant_of(FeelMoment moment)
{
    return (FeelNanos)moment.day * NANOS_A_DAY + moment.nanos -
           (FeelNanos)moment.offset_s * NANOS_A_SECOND;
}

static int sign(FeelNanos value)
{
    return (value > 0) - (value < 0);
}

bool feel_temporal_compare(FeelValue a, FeelValue b, int *ret)
{
    if (a.kind == FEEL_DATE && b.kind == FEEL_DATE) {
        *ret = (a.as.whole > b.as.whole) - (a.as.whole < b.as.whole);
        return true;
    }
    if (a.kind == FEEL_MONTHS_DURATION && b.kind == FEEL_MONTHS_DURATION) {
        *ret = (a.as.whole > b.as.whole) - (a.as.whole < b.as.whole);
        return true;
    }
    if (a.kind == FEEL_DAYS_DURATION && b.kind == FEEL_DAYS_DURATION) {
        *ret = sign(feel_duration_nanos(a) - feel_duration_nanos(b));
        return true;
    }
    bool times = a.kind == FEEL_TIME && b.kind == FEEL_TIME;
    if (!times && (!is_point(a) || !is_point(b))) return false;
    FeelMoment x = moment_of(a), y = moment_of(b);
    bool dated = a.kind == FEEL_DATE || b.kind == FEEL_DATE;
    if (!dated &&
        (x.zone_kind == FEEL_ZONE_LOCAL) != (y.zone_kind == FEEL_ZONE_LOCAL)) {
        return false;
    }
    *ret = sign(instant_of(x) - instant_of(y));
    return true;
}

static FeelValue add_months(Arena *arena, FeelValue point, int64_t months)
{
    FeelMoment moment = moment_of(point);
    FeelYmd date = feel_day_ymd(moment.day);
    int64_t total = 0;
    if (__builtin_add_overflow(date.year * 12 + date.month - 1, months,
                               &total)) {
        return feel_null();
    }
    int64_t year = total / 12 - (total % 12 < 0);
    date.month = (int32_t)(total - year * 12) + 1;
    date.year = year;
    while (date.day > 28 && !feel_ymd_valid(date)) date.day--;
    if (!feel_ymd_valid(date)) return feel_null();
    moment.day = feel_ymd_day(date);
    if (point.kind == FEEL_DATE) return feel_date(moment.day);
    return feel_moment_make(arena, FEEL_DATE_TIME, moment);
}

/* The local moment of an instant in the zone of `like`. */
static FeelValue moment_at(Arena *arena, FeelNanos instant, FeelMoment like)
{
    if (like.zone_kind == FEEL_ZONE_NAMED) {
        FeelNanos seconds = instant / NANOS_A_SECOND;
        if (seconds > INT64_MAX / 4 || seconds < INT64_MIN / 4) {
            return feel_null();
        }
        if (!feel_zone_offset(like.zone_name, (int64_t)seconds, false,
                              &like.offset_s)) {
            return feel_null();
        }
    }
    FeelNanos local = instant + (FeelNanos)like.offset_s * NANOS_A_SECOND;
    FeelNanos day = local / NANOS_A_DAY - (local % NANOS_A_DAY < 0);
    if (day > INT64_MAX / 2 || day < INT64_MIN / 2) return feel_null();
    like.day = (int64_t)day;
    like.nanos = (int64_t)(local - day * NANOS_A_DAY);
    return feel_moment_make(arena, FEEL_DATE_TIME, like);
}

static FeelValue add_nanos(Arena *arena, FeelValue point, FeelNanos nanos)
{
    FeelMoment moment = moment_of(point);
    if (point.kind == FEEL_TIME) {
        FeelNanos total = (moment.nanos + nanos) % NANOS_A_DAY;
        moment.nanos = (int64_t)(total < 0 ? total + NANOS_A_DAY : total);
        return feel_moment_make(arena, FEEL_TIME, moment);
    }
    FeelValue sum = moment_at(arena, instant_of(moment) + nanos, moment);
    if (point.kind == FEEL_DATE && sum.kind != FEEL_NULL) {
        return feel_date(sum.as.moment->day);
    }
    return sum;
}

FeelValue feel_temporal_add(Arena *arena, FeelValue a, FeelValue b)
{
    if (a.kind == FEEL_MONTHS_DURATION && b.kind == FEEL_MONTHS_DURATION) {
        int64_t sum;
        if (__builtin_add_overflow(a.as.whole, b.as.whole, &sum)) {
            return feel_null();
        }
        return feel_months(sum);
    }
    if (a.kind == FEEL_DAYS_DURATION && b.kind == FEEL_DAYS_DURATION) {
        return feel_days_duration(feel_duration_nanos(a) +
                                  feel_duration_nanos(b));
    }
    bool swap = a.kind == FEEL_MONTHS_DURATION || a.kind == FEEL_DAYS_DURATION;
    FeelValue point = swap ? b : a;
    FeelValue duration = swap ? a : b;
    if (is_point(point) && duration.kind == FEEL_MONTHS_DURATION) {
        return add_months(arena, point, duration.as.whole);
    }
    if ((is_point(point) || point.kind == FEEL_TIME) &&
        duration.kind == FEEL_DAYS_DURATION) {
        return add_nanos(arena, point, feel_duration_nanos(duration));
    }
    return feel_null();
}

static FeelValue negated(FeelValue duration)
{
    if (duration.kind == FEEL_MONTHS_DURATION) {
        if (duration.as.whole == INT64_MIN) return feel_null();
        return feel_months(-duration.as.whole);
    }
    if (duration.kind == FEEL_DAYS_DURATION) {
        return feel_days_duration(-feel_duration_nanos(duration));
    }
    return feel_null();
}

FeelValue feel_temporal_subtract(Arena *arena, FeelValue a, FeelValue b)
{
    if (b.kind == FEEL_MONTHS_DURATION || b.kind == FEEL_DAYS_DURATION) {
        bool duration =
            a.kind == FEEL_MONTHS_DURATION || a.kind == FEEL_DAYS_DURATION;
        if (duration && a.kind != b.kind) return feel_null();
        return feel_temporal_add(arena, a, negated(b));
    }
    bool times = a.kind == FEEL_TIME && b.kind == FEEL_TIME;
    if (!times && (!is_point(a) || !is_point(b))) return feel_null();
    FeelMoment x = moment_of(a), y = moment_of(b);
    if ((x.zone_kind == FEEL_ZONE_LOCAL) != (y.zone_kind == FEEL_ZONE_LOCAL)) {
        return feel_null();
    }
    return feel_days_duration(instant_of(x) - instant_of(y));
}

/* Nanoseconds or months as a number, exactly. */
static FeelValue number_of(Arena *arena, FeelValue duration)
{
    FeelValue whole = feel_number(duration.as.whole, 0);
    if (duration.kind == FEEL_MONTHS_DURATION) return whole;
    return feel_number_add(arena, whole, feel_number(duration.count, 9));
}

static FeelValue duration_of(Arena *arena, FeelKind kind, FeelValue number)
{
    if (number.kind != FEEL_NUMBER) return feel_null();
    if (kind == FEEL_MONTHS_DURATION) {
        int64_t months;
        number = feel_number_round(arena, number, 0, FEEL_DOWN);
        if (number.kind != FEEL_NUMBER || !feel_number_int(number, &months)) {
            return feel_null();
        }
        return feel_months(months);
    }
    number = feel_number_round(arena, number, 9, FEEL_DOWN);
    if (number.kind != FEEL_NUMBER) return feel_null();
    FeelValue seconds = feel_number_round(arena, number, 0, FEEL_FLOOR);
    FeelValue rest = feel_number_multiply(
        arena, feel_number_subtract(arena, number, seconds),
        feel_number(NANOS_A_SECOND, 0));
    int64_t whole, nanos;
    if (!feel_number_int(seconds, &whole) || !feel_number_int(rest, &nanos)) {
        return feel_null();
    }
    return feel_days_duration((FeelNanos)whole * NANOS_A_SECOND + nanos);
}

FeelValue feel_temporal_multiply(Arena *arena, FeelValue a, FeelValue b)
{
    FeelValue duration = a.kind == FEEL_NUMBER ? b : a;
    FeelValue factor = a.kind == FEEL_NUMBER ? a : b;
    if (factor.kind != FEEL_NUMBER || (duration.kind != FEEL_MONTHS_DURATION &&
                                       duration.kind != FEEL_DAYS_DURATION)) {
        return feel_null();
    }
    FeelValue number = number_of(arena, duration);
    if (number.kind != FEEL_NUMBER) return number;
    return duration_of(arena, (FeelKind)duration.kind,
                       feel_number_multiply(arena, number, factor));
}

FeelValue feel_temporal_divide(Arena *arena, FeelValue a, FeelValue b)
{
    if (a.kind != FEEL_MONTHS_DURATION && a.kind != FEEL_DAYS_DURATION) {
        return feel_null();
    }
    FeelValue number = number_of(arena, a);
    if (number.kind != FEEL_NUMBER) return number;
    if (b.kind == FEEL_NUMBER) {
        return duration_of(arena, (FeelKind)a.kind,
                           feel_number_divide(arena, number, b));
    }
    if (b.kind != a.kind) return feel_null();
    FeelValue divisor = number_of(arena, b);
    if (divisor.kind != FEEL_NUMBER) return divisor;
    return feel_number_divide(arena, number, divisor);
}

static FeelValue date_property(int64_t day, Str name)
{
    FeelYmd date = feel_day_ymd(day);
    if (str_is(name, "year")) return feel_number(date.year, 0);
    if (str_is(name, "month")) return feel_number(date.month, 0);
    if (str_is(name, "day")) return feel_number(date.day, 0);
    if (str_is(name, "weekday")) {
        int64_t since_monday = (day + 3) % 7;
        return feel_number((since_monday + 7) % 7 + 1, 0);
    }
    return feel_null();
}

static FeelValue time_property(FeelMoment moment, Str name)
{
    int64_t seconds = moment.nanos / NANOS_A_SECOND;
    if (str_is(name, "hour")) return feel_number(seconds / 3600, 0);
    if (str_is(name, "minute")) return feel_number(seconds / 60 % 60, 0);
    if (str_is(name, "second")) return feel_number(seconds % 60, 0);
    if (str_is(name, "time offset")) {
        if (moment.zone_kind == FEEL_ZONE_LOCAL) return feel_null();
        return feel_days_duration((FeelNanos)moment.offset_s * NANOS_A_SECOND);
    }
    if (str_is(name, "timezone") && moment.zone_kind == FEEL_ZONE_NAMED) {
        return feel_string(moment.zone_name);
    }
    return feel_null();
}

static FeelValue days_property(FeelValue duration, Str name)
{
    FeelNanos nanos = feel_duration_nanos(duration);
    int64_t seconds = (int64_t)(nanos / NANOS_A_SECOND);
    if (str_is(name, "days")) return feel_number(seconds / 86400, 0);
    if (str_is(name, "hours")) return feel_number(seconds / 3600 % 24, 0);
    if (str_is(name, "minutes")) return feel_number(seconds / 60 % 60, 0);
    if (str_is(name, "seconds")) return feel_number(seconds % 60, 0);
    return feel_null();
}

FeelValue feel_temporal_property(FeelValue value, Str name)
{
    FeelValue found = feel_null();
    switch ((FeelKind)value.kind) {
    case FEEL_DATE:
        return date_property(value.as.whole, name);
    case FEEL_TIME:
        return time_property(*value.as.moment, name);
    case FEEL_DATE_TIME:
        found = date_property(value.as.moment->day, name);
        if (found.kind != FEEL_NULL) return found;
        return time_property(*value.as.moment, name);
    case FEEL_DAYS_DURATION:
        return days_property(value, name);
    case FEEL_MONTHS_DURATION:
        if (str_is(name, "years")) return feel_number(value.as.whole / 12, 0);
        if (str_is(name, "months")) return feel_number(value.as.whole % 12, 0);
        return found;
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return found;
}

FeelValue feel_months_between(FeelValue from, FeelValue to)
{
    if (!is_point(from) || !is_point(to)) return feel_null();
    FeelMoment x = moment_of(from), y = moment_of(to);
    FeelYmd a = feel_day_ymd(x.day), b = feel_day_ymd(y.day);
    int64_t months = (b.year - a.year) * 12 + b.month - a.month;
    FeelNanos rest_a = (FeelNanos)a.day * NANOS_A_DAY + x.nanos;
    FeelNanos rest_b = (FeelNanos)b.day * NANOS_A_DAY + y.nanos;
    if (months > 0 && rest_b < rest_a) months--;
    if (months < 0 && rest_b > rest_a) months++;
    return feel_months(months);
}
