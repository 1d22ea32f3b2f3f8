#include "feel/temporal.h"

#include "feel/number.h"

#define NANOS_A_SECOND ((int64_t)1000000000)
#define NANOS_A_DAY (86400 * NANOS_A_SECOND)

enum { DAY_S = 86400, OFFSET_MAX_S = 18 * 3600 };

/* After Howard Hinnant's civil calendar algorithms, on 64 bits. */
FeelYmd feel_day_ymd(int64_t day)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    FeelYmd date;
    date.day = (int32_t)(of_year - (153 * month + 2) / 5 + 1);
    date.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    date.year = year + era * 400 + (date.month <= 2);
    return date;
}

int64_t feel_ymd_day(FeelYmd date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

static int32_t month_days(int64_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool feel_ymd_valid(FeelYmd date)
{
    return date.year >= -FEEL_YEAR_MAX && date.year <= FEEL_YEAR_MAX &&
           date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= month_days(date.year, date.month);
}

FeelValue feel_date_make(int64_t year, int64_t month, int64_t day)
{
    if (month < 1 || month > 12 || day < 1 || day > 31) return feel_null();
    FeelYmd date = {year, (int32_t)month, (int32_t)day};
    if (!feel_ymd_valid(date)) return feel_null();
    return feel_date(feel_ymd_day(date));
}

FeelValue feel_days_duration(FeelNanos nanos)
{
    FeelNanos seconds = nanos / NANOS_A_SECOND;
    FeelNanos rest = nanos % NANOS_A_SECOND;
    if (rest < 0) {
        rest += NANOS_A_SECOND;
        seconds--;
    }
    if (seconds > INT64_MAX || seconds < INT64_MIN) return feel_null();
    return (FeelValue){.kind = FEEL_DAYS_DURATION,
                       .count = (uint32_t)rest,
                       .as.whole = (int64_t)seconds};
}

FeelNanos feel_duration_nanos(FeelValue duration)
{
    return (FeelNanos)duration.as.whole * NANOS_A_SECOND + duration.count;
}

FeelValue feel_moment_make(Arena *arena, FeelKind kind, FeelMoment moment)
{
    if (moment.nanos < 0 || moment.nanos >= NANOS_A_DAY) return feel_null();
    if (kind == FEEL_DATE_TIME) {
        FeelYmd date = feel_day_ymd(moment.day);
        if (date.year > FEEL_YEAR_MAX || date.year < -FEEL_YEAR_MAX) {
            return feel_null();
        }
    }
    if (moment.zone_kind == FEEL_ZONE_NAMED) {
        int64_t local_s = moment.day * DAY_S + moment.nanos / NANOS_A_SECOND;
        if (!feel_zone_offset(moment.zone_name, local_s, true,
                              &moment.offset_s)) {
            return feel_null();
        }
    }
    FeelMoment *kept = arena_try_raw(arena, 1, sizeof *kept);
    if (kept == NULL) return feel_null();
    *kept = moment;
    return (FeelValue){.kind = (uint8_t)kind, .as.moment = kept};
}

/* Reading: a cursor over the text; each part says whether it was there. */
typedef struct Cursor {
    const char *at;
    const char *end;
} Cursor;

static bool take(Cursor *in, char c)
{
    if (in->at >= in->end || *in->at != c) return false;
    in->at++;
    return true;
}

/* Between `min` and `max` digits. */
static bool take_digits(Cursor *in, int min, int max, int64_t *ret)
{
    int count = 0;
    int64_t value = 0;
    while (count < max && in->at < in->end && *in->at >= '0' &&
           *in->at <= '9') {
        value = value * 10 + (*in->at++ - '0');
        count++;
    }
    *ret = value;
    return count >= min;
}

static bool take_date(Cursor *in, FeelYmd *ret)
{
    bool negative = take(in, '-');
    const char *first = in->at;
    int64_t year, month, day;
    if (!take_digits(in, 4, 9, &year)) return false;
    if (in->at - first > 4 && *first == '0') return false;
    if (!take(in, '-') || !take_digits(in, 2, 2, &month) || !take(in, '-') ||
        !take_digits(in, 2, 2, &day)) {
        return false;
    }
    *ret = (FeelYmd){negative ? -year : year, (int32_t)month, (int32_t)day};
    return feel_ymd_valid(*ret);
}

static bool take_fraction(Cursor *in, int64_t *ret_nanos)
{
    *ret_nanos = 0;
    if (!take(in, '.')) return true;
    int64_t unit = NANOS_A_SECOND / 10;
    const char *first = in->at;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        *ret_nanos += (*in->at - '0') * unit;
        unit /= 10;
    }
    return in->at > first;
}

static bool take_offset(Cursor *in, FeelMoment *moment)
{
    int64_t hours, minutes, seconds = 0;
    bool negative = take(in, '-');
    if (!negative && !take(in, '+')) return false;
    if (!take_digits(in, 2, 2, &hours) || !take(in, ':') ||
        !take_digits(in, 2, 2, &minutes)) {
        return false;
    }
    if (take(in, ':') && !take_digits(in, 2, 2, &seconds)) return false;
    if (minutes > 59 || seconds > 59) return false;
    int64_t total = hours * 3600 + minutes * 60 + seconds;
    if (total > OFFSET_MAX_S) return false;
    moment->zone_kind = FEEL_ZONE_OFFSET;
    moment->offset_s = (int32_t)(negative ? -total : total);
    return true;
}

static bool take_zone(Cursor *in, FeelMoment *moment)
{
    if (in->at == in->end) return true;
    if (take(in, 'Z') || take(in, 'z')) {
        moment->zone_kind = FEEL_ZONE_OFFSET;
        return in->at == in->end;
    }
    if (take(in, '@')) {
        moment->zone_kind = FEEL_ZONE_NAMED;
        moment->zone_name = (Str){in->at, (size_t)(in->end - in->at)};
        in->at = in->end;
        return moment->zone_name.bytes > 0;
    }
    return take_offset(in, moment) && in->at == in->end;
}

static bool take_time(Cursor *in, FeelMoment *moment)
{
    int64_t hours, minutes, seconds, nanos;
    if (!take_digits(in, 2, 2, &hours) || !take(in, ':') ||
        !take_digits(in, 2, 2, &minutes) || !take(in, ':') ||
        !take_digits(in, 2, 2, &seconds) || !take_fraction(in, &nanos)) {
        return false;
    }
    if (hours == 24 && minutes == 0 && seconds == 0 && nanos == 0) {
        hours = 0;
        moment->day++;
    }
    if (hours > 23 || minutes > 59 || seconds > 59) return false;
    moment->nanos =
        (hours * 3600 + minutes * 60 + seconds) * NANOS_A_SECOND + nanos;
    return take_zone(in, moment);
}

FeelValue feel_date_read(Str text)
{
    Cursor in = {text.at, text.at + text.bytes};
    FeelYmd date;
    if (!take_date(&in, &date) || in.at != in.end) return feel_null();
    return feel_date(feel_ymd_day(date));
}

FeelValue feel_time_read(Arena *arena, Str text)
{
    Cursor in = {text.at, text.at + text.bytes};
    FeelMoment moment = {0};
    take(&in, 'T');
    if (!take_time(&in, &moment)) return feel_null();
    moment.day = 0;
    return feel_moment_make(arena, FEEL_TIME, moment);
}

FeelValue feel_date_time_read(Arena *arena, Str text)
{
    Cursor in = {text.at, text.at + text.bytes};
    FeelMoment moment = {0};
    FeelYmd date;
    if (!take_date(&in, &date)) return feel_null();
    moment.day = feel_ymd_day(date);
    if (in.at != in.end && (!take(&in, 'T') || !take_time(&in, &moment))) {
        return feel_null();
    }
    return feel_moment_make(arena, FEEL_DATE_TIME, moment);
}

/* One "12Y" of a duration; *ret stays when the letter does not follow. */
static bool take_part(Cursor *in, char letter, int64_t *ret)
{
    Cursor ahead = *in;
    int64_t value;
    if (!take_digits(&ahead, 1, 18, &value) || !take(&ahead, letter)) {
        return false;
    }
    *ret = value;
    *in = ahead;
    return true;
}

/* As take_fraction(), but the point may stand alone: "PT0.S". */
static bool take_loose_fraction(Cursor *in, int64_t *ret_nanos)
{
    if (in->end - in->at > 1 && in->at[0] == '.' && in->at[1] == 'S') {
        in->at++;
    }
    return take_fraction(in, ret_nanos);
}

static bool take_seconds(Cursor *in, int64_t *ret_s, int64_t *ret_nanos)
{
    Cursor ahead = *in;
    int64_t value, nanos;
    if (!take_digits(&ahead, 1, 18, &value) ||
        !take_loose_fraction(&ahead, &nanos) || !take(&ahead, 'S')) {
        return false;
    }
    *ret_s = value;
    *ret_nanos = nanos;
    *in = ahead;
    return true;
}

static FeelValue months_read(Cursor in, bool negative)
{
    int64_t years = 0, months = 0;
    bool any = take_part(&in, 'Y', &years);
    any = take_part(&in, 'M', &months) || any;
    int64_t total;
    if (!any || in.at != in.end || __builtin_mul_overflow(years, 12, &total) ||
        __builtin_add_overflow(total, months, &total)) {
        return feel_null();
    }
    return feel_months(negative ? -total : total);
}

static FeelValue days_read(Cursor in, bool negative)
{
    int64_t days = 0, hours = 0, minutes = 0, seconds = 0, nanos = 0;
    bool any = take_part(&in, 'D', &days);
    if (take(&in, 'T')) {
        any = take_part(&in, 'H', &hours);
        any = take_part(&in, 'M', &minutes) || any;
        any = take_seconds(&in, &seconds, &nanos) || any;
    }
    if (!any || in.at != in.end) return feel_null();
    FeelNanos total = (FeelNanos)days * DAY_S + (FeelNanos)hours * 3600 +
                      (FeelNanos)minutes * 60 + seconds;
    total = total * NANOS_A_SECOND + nanos;
    return feel_days_duration(negative ? -total : total);
}

FeelValue feel_duration_read(Str text)
{
    Cursor in = {text.at, text.at + text.bytes};
    bool negative = take(&in, '-');
    if (!take(&in, 'P')) return feel_null();
    FeelValue months = months_read(in, negative);
    return months.kind != FEEL_NULL ? months : days_read(in, negative);
}

FeelValue feel_temporal_read(Arena *arena, Str text)
{
    FeelValue value = feel_date_read(text);
    if (value.kind == FEEL_NULL) value = feel_duration_read(text);
    if (value.kind == FEEL_NULL) value = feel_time_read(arena, text);
    if (value.kind == FEEL_NULL) value = feel_date_time_read(arena, text);
    return value;
}

static void write_date(Buf *buf, int64_t day)
{
    FeelYmd date = feel_day_ymd(day);
    if (date.year < 0) buf_char(buf, '-');
    buf_format(buf, "%04lld-%02d-%02d",
               (long long)(date.year < 0 ? -date.year : date.year), date.month,
               date.day);
}

static void write_fraction(Buf *buf, int64_t nanos)
{
    if (nanos == 0) return;
    buf_char(buf, '.');
    for (int64_t unit = NANOS_A_SECOND / 10; nanos > 0; unit /= 10) {
        buf_char(buf, (char)('0' + nanos / unit));
        nanos %= unit;
    }
}

static void write_offset(Buf *buf, int32_t offset_s)
{
    if (offset_s == 0) {
        buf_char(buf, 'Z');
        return;
    }
    int32_t seconds = offset_s < 0 ? -offset_s : offset_s;
    buf_format(buf, "%c%02d:%02d", offset_s < 0 ? '-' : '+', seconds / 3600,
               seconds / 60 % 60);
    if (seconds % 60 != 0) buf_format(buf, ":%02d", seconds % 60);
}

static void write_time(Buf *buf, const FeelMoment *moment)
{
    int64_t seconds = moment->nanos / NANOS_A_SECOND;
    buf_format(buf, "%02d:%02d:%02d", (int)(seconds / 3600),
               (int)(seconds / 60 % 60), (int)(seconds % 60));
    write_fraction(buf, moment->nanos % NANOS_A_SECOND);
    if (moment->zone_kind == FEEL_ZONE_OFFSET) {
        write_offset(buf, moment->offset_s);
    } else if (moment->zone_kind == FEEL_ZONE_NAMED) {
        buf_char(buf, '@');
        buf_str(buf, moment->zone_name);
    }
}

static void write_part(Buf *buf, uint64_t value, char letter)
{
    if (value == 0) return;
    buf_format(buf, "%llu", (unsigned long long)value);
    buf_char(buf, letter);
}

static void write_days(Buf *buf, FeelValue value)
{
    FeelNanos nanos = feel_duration_nanos(value);
    if (nanos == 0) {
        buf_text(buf, "PT0S");
        return;
    }
    if (nanos < 0) buf_char(buf, '-');
    if (nanos < 0) nanos = -nanos;
    uint64_t seconds = (uint64_t)(nanos / NANOS_A_SECOND);
    int64_t rest = (int64_t)(nanos % NANOS_A_SECOND);
    buf_char(buf, 'P');
    write_part(buf, seconds / DAY_S, 'D');
    seconds %= DAY_S;
    if (seconds == 0 && rest == 0) return;
    buf_char(buf, 'T');
    write_part(buf, seconds / 3600, 'H');
    write_part(buf, seconds / 60 % 60, 'M');
    if (seconds % 60 == 0 && rest == 0) return;
    buf_format(buf, "%d", (int)(seconds % 60));
    write_fraction(buf, rest);
    buf_char(buf, 'S');
}

static void write_months(Buf *buf, int64_t months)
{
    if (months == 0) {
        buf_text(buf, "P0M");
        return;
    }
    if (months < 0) buf_char(buf, '-');
    uint64_t count = months < 0 ? -(uint64_t)months : (uint64_t)months;
    buf_char(buf, 'P');
    write_part(buf, count / 12, 'Y');
    write_part(buf, count % 12, 'M');
}

void feel_temporal_write(Buf *buf, FeelValue value)
{
    if (value.kind == FEEL_DATE) {
        write_date(buf, value.as.whole);
    } else if (value.kind == FEEL_TIME) {
        write_time(buf, value.as.moment);
    } else if (value.kind == FEEL_DATE_TIME) {
        write_date(buf, value.as.moment->day);
        buf_char(buf, 'T');
        write_time(buf, value.as.moment);
    } else if (value.kind == FEEL_DAYS_DURATION) {
        write_days(buf, value);
    } else if (value.kind == FEEL_MONTHS_DURATION) {
        write_months(buf, value.as.whole);
    }
}
