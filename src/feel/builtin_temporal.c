/* Functions of dates, times and durations. */
#include "feel/builtin_int.h"
#include "feel/number.h"
#include "feel/temporal.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)
#define NANOS_A_SECOND ((int64_t)1000000000)

/* An item in place of a list of one. */
static FeelValue single(FeelValue value)
{
    if (value.kind == FEEL_LIST && value.count == 1) {
        return value.as.items[0];
    }
    return value;
}

static bool whole(FeelValue value, int64_t *ret)
{
    value = single(value);
    return value.kind == FEEL_NUMBER && feel_number_int(value, ret);
}

static FeelValue date_of(FeelValue from)
{
    if (from.kind == FEEL_STRING) return feel_date_read(feel_text(from));
    if (from.kind == FEEL_DATE) return from;
    if (from.kind == FEEL_DATE_TIME) return feel_date(from.as.moment->day);
    return feel_null();
}

FN(date)
{
    if (count == 1) {
        FeelValue value = date_of(single(args[0]));
        return value.kind == FEEL_NULL ? feel_misused(run) : value;
    }
    int64_t year, month, day;
    if (count != 3 || !whole(args[0], &year) || !whole(args[1], &month) ||
        !whole(args[2], &day)) {
        return feel_misused(run);
    }
    FeelValue value = feel_date_make(year, month, day);
    return value.kind == FEEL_NULL ? feel_misused(run) : value;
}

static FeelValue date_time_from(FeelRun *run, FeelValue from)
{
    if (from.kind == FEEL_STRING) {
        return feel_date_time_read(run->arena, feel_text(from));
    }
    if (from.kind == FEEL_DATE_TIME) return from;
    if (from.kind == FEEL_DATE) {
        FeelMoment moment = {.day = from.as.whole,
                             .zone_kind = FEEL_ZONE_OFFSET};
        return feel_moment_make(run->arena, FEEL_DATE_TIME, moment);
    }
    return feel_null();
}

FN(date_and_time)
{
    if (count == 1) {
        FeelValue value = date_time_from(run, single(args[0]));
        return value.kind == FEEL_NULL ? feel_misused(run) : value;
    }
    FeelValue day = date_of(single(args[0]));
    FeelValue time = single(args[1]);
    if (single(args[0]).kind == FEEL_STRING || day.kind != FEEL_DATE ||
        time.kind != FEEL_TIME) {
        return feel_misused(run);
    }
    FeelMoment moment = *time.as.moment;
    moment.day = day.as.whole;
    return feel_moment_make(run->arena, FEEL_DATE_TIME, moment);
}

static FeelValue time_from(FeelRun *run, FeelValue from)
{
    if (from.kind == FEEL_STRING) {
        return feel_time_read(run->arena, feel_text(from));
    }
    if (from.kind == FEEL_TIME) return from;
    if (from.kind == FEEL_DATE_TIME) {
        FeelMoment moment = *from.as.moment;
        moment.day = 0;
        return feel_moment_make(run->arena, FEEL_TIME, moment);
    }
    if (from.kind == FEEL_DATE) {
        FeelMoment moment = {.zone_kind = FEEL_ZONE_OFFSET};
        return feel_moment_make(run->arena, FEEL_TIME, moment);
    }
    return feel_null();
}

/* Seconds with their fraction, in nanoseconds. */
static bool seconds_of(FeelRun *run, FeelValue value, int64_t *ret_nanos)
{
    value = single(value);
    if (value.kind != FEEL_NUMBER) return false;
    value =
        feel_number_multiply(run->arena, value, feel_number(NANOS_A_SECOND, 0));
    if (value.kind != FEEL_NUMBER) return false;
    value = feel_number_round(run->arena, value, 0, FEEL_DOWN);
    return value.kind == FEEL_NUMBER && feel_number_int(value, ret_nanos) &&
           *ret_nanos >= 0 && *ret_nanos < 60 * NANOS_A_SECOND;
}

FN(time)
{
    if (count == 1) {
        FeelValue value = time_from(run, single(args[0]));
        return value.kind == FEEL_NULL ? feel_misused(run) : value;
    }
    int64_t hour, minute, nanos;
    if (count < 3 || !whole(args[0], &hour) || !whole(args[1], &minute) ||
        !seconds_of(run, args[2], &nanos) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59) {
        return feel_misused(run);
    }
    FeelMoment moment = {.nanos = (hour * 60 + minute) * 60 * NANOS_A_SECOND +
                                  nanos};
    FeelValue offset = count > 3 ? single(args[3]) : feel_null();
    if (offset.kind == FEEL_DAYS_DURATION) {
        if (offset.as.whole < -18 * 3600 || offset.as.whole > 18 * 3600) {
            return feel_misused(run);
        }
        moment.zone_kind = FEEL_ZONE_OFFSET;
        moment.offset_s = (int32_t)offset.as.whole;
    } else if (offset.kind != FEEL_NULL) {
        return feel_misused(run);
    }
    return feel_moment_make(run->arena, FEEL_TIME, moment);
}

FN(duration)
{
    FeelValue value = feel_duration_read(feel_text(args[0]));
    return value.kind == FEEL_NULL ? feel_misused(run) : value;
}

FN(years_and_months_duration)
{
    return feel_months_between(args[0], args[1]);
}

static FeelValue now(FeelRun *run, FeelKind kind)
{
    if (run->now_us == 0) return feel_run_fail(run, "feel.no_clock", NULL);
    int64_t day_us = 86400 * (int64_t)1000000;
    int64_t day = run->now_us / day_us - (run->now_us % day_us < 0);
    if (kind == FEEL_DATE) return feel_date(day);
    FeelMoment moment = {.day = day,
                         .nanos = (run->now_us - day * day_us) * 1000,
                         .zone_kind = FEEL_ZONE_OFFSET};
    return feel_moment_make(run->arena, FEEL_DATE_TIME, moment);
}

FN(now)
{
    return now(run, FEEL_DATE_TIME);
}

FN(today)
{
    return now(run, FEEL_DATE);
}

static int64_t day_in(FeelValue point)
{
    return point.kind == FEEL_DATE ? point.as.whole : point.as.moment->day;
}

static int64_t day_of_year(int64_t day)
{
    FeelYmd date = feel_day_ymd(day);
    return day - feel_ymd_day((FeelYmd){date.year, 1, 1}) + 1;
}

FN(day_of_year)
{
    return feel_number(day_of_year(day_in(args[0])), 0);
}

/* From 0, Monday. */
static int64_t weekday(int64_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

FN(day_of_week)
{
    static const char *const names[] = {"Monday",   "Tuesday", "Wednesday",
                                        "Thursday", "Friday",  "Saturday",
                                        "Sunday"};
    return feel_string(str_of(names[weekday(day_in(args[0]))]));
}

FN(month_of_year)
{
    static const char *const names[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    return feel_string(str_of(names[feel_day_ymd(day_in(args[0])).month - 1]));
}

/* ISO 8601: the week belongs to the year of its Thursday. */
FN(week_of_year)
{
    int64_t day = day_in(args[0]);
    int64_t thursday = day - weekday(day) + 3;
    return feel_number((day_of_year(thursday) - 1) / 7 + 1, 0);
}

static bool same_moment_form(const FeelMoment *a, const FeelMoment *b)
{
    if (a->day != b->day || a->nanos != b->nanos ||
        a->zone_kind != b->zone_kind) {
        return false;
    }
    if (a->zone_kind == FEEL_ZONE_NAMED) {
        return str_equal(a->zone_name, b->zone_name);
    }
    return a->offset_s == b->offset_s;
}

/* Equal in every part, the zone included, and of one kind. */
FN(is)
{
    FeelValue a = args[0], b = args[1];
    if (a.kind != b.kind) return feel_boolean(false);
    if (a.kind == FEEL_TIME || a.kind == FEEL_DATE_TIME) {
        return feel_boolean(same_moment_form(a.as.moment, b.as.moment));
    }
    return feel_boolean(feel_is_true(feel_equal(run, a, b)));
}
