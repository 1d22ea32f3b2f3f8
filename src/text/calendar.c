#include "text/calendar.h"

#include "text/number.h"

/* 28 and 31 days occur in the published table of the years before 1365. */
enum { YEARS_MAX = 400, MONTHS = 12, MONTH_DAYS_MIN = 28, MONTH_DAYS_MAX = 31 };

struct Calendar {
    int32_t first_year;
    int32_t years;
    Day start[YEARS_MAX * MONTHS + 1]; /* of each month, and the end */
};

/* ---- the table ---- */

static Err fault(Diag *diag, const char *what, int32_t line)
{
    diag_set(diag, "calendar.table");
    diag_arg_text(diag, what);
    diag_place(diag, NULL, line, 0);
    return ERR_INVALID;
}

/* Reads "30 29 .." into month starts; false when not twelve months. */
static bool read_months(Str text, Day first, Day *start)
{
    Str word;
    int64_t days;
    int months = 0;
    start[0] = first;
    while (text.bytes > 0 && str_split(&text, ' ', &word)) {
        if (months == MONTHS || !str_to_int(word, &days)) return false;
        if (days < MONTH_DAYS_MIN || days > MONTH_DAYS_MAX) return false;
        start[months + 1] = start[months] + (Day)days;
        months++;
    }
    return months == MONTHS;
}

/* Adds the year of one line; gives what is wrong with it, or NULL. */
static const char *add_year(Calendar *calendar, Str line)
{
    Str name, first, months;
    int64_t year;
    Day day;
    if (!str_split(&line, '\t', &name) || !str_split(&line, '\t', &first) ||
        !str_split(&line, '\t', &months)) {
        return "columns";
    }
    if (calendar->years == YEARS_MAX) return "years";
    if (!str_to_int(name, &year) || year < 1 || year > 9999) return "year";
    if (calendar->years == 0) calendar->first_year = (int32_t)year;
    if (year != calendar->first_year + calendar->years) return "year";
    if (!day_read(first, &day)) return "date";
    Day *start = calendar->start + (ptrdiff_t)calendar->years * MONTHS;
    if (calendar->years > 0 && *start != day) return "date";
    if (!read_months(months, day, start)) return "months";
    calendar->years++;
    return NULL;
}

Err calendar_load(Arena *arena, Str tsv, Diag *diag, const Calendar **ret)
{
    Calendar *calendar = ARENA_NEW(arena, Calendar);
    Str line;
    int32_t number = 1;
    for (; str_split(&tsv, '\n', &line); number++) {
        if (line.bytes == 0 || line.at[0] == '#') continue;
        const char *bad = add_year(calendar, line);
        if (bad != NULL) return fault(diag, bad, number);
    }
    if (calendar->years == 0) return fault(diag, "years", number);
    *ret = calendar;
    return OK;
}

/* ---- conversion ---- */

/* The index of a month that the table has, or -1. */
static int32_t month_index(const Calendar *calendar, int32_t year,
                           int32_t month)
{
    int32_t at = year - calendar->first_year;
    if (at < 0 || at >= calendar->years || month < 1 || month > MONTHS) {
        return -1;
    }
    return at * MONTHS + month - 1;
}

bool calendar_hijri(const Calendar *calendar, Day day, Hijri *ret)
{
    int32_t low = 0, high = calendar->years * MONTHS;
    if (day < calendar->start[0] || day >= calendar->start[high]) return false;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (calendar->start[middle] <= day)
            low = middle;
        else
            high = middle;
    }
    *ret = (Hijri){calendar->first_year + low / MONTHS, low % MONTHS + 1,
                   day - calendar->start[low] + 1};
    return true;
}

int32_t calendar_month_days(const Calendar *calendar, int32_t year,
                            int32_t month)
{
    int32_t at = month_index(calendar, year, month);
    return at < 0 ? 0 : calendar->start[at + 1] - calendar->start[at];
}

bool calendar_day(const Calendar *calendar, Hijri hijri, Day *ret)
{
    int32_t days = calendar_month_days(calendar, hijri.year, hijri.month);
    if (hijri.day < 1 || hijri.day > days) return false;
    int32_t at = month_index(calendar, hijri.year, hijri.month);
    *ret = calendar->start[at] + hijri.day - 1;
    return true;
}

bool calendar_years_after(const Calendar *calendar, Day from, int32_t years,
                          Day *ret)
{
    Hijri hijri;
    if (years < 0 || years > YEARS_MAX) return false;
    if (!calendar_hijri(calendar, from, &hijri)) return false;
    int32_t at = month_index(calendar, hijri.year + years, hijri.month);
    if (at < 0) return false;
    /* the 30th of a month of 29 days is the first of the next */
    Day day = calendar->start[at] + hijri.day - 1;
    if (day >= calendar->start[calendar->years * MONTHS]) return false;
    *ret = day;
    return true;
}

bool calendar_read(Str text, Hijri *ret)
{
    int64_t year, month, day;
    if (text.bytes != 10 || text.at[4] != '-' || text.at[7] != '-') {
        return false;
    }
    if (!str_to_int((Str){text.at, 4}, &year) ||
        !str_to_int((Str){text.at + 5, 2}, &month) ||
        !str_to_int((Str){text.at + 8, 2}, &day)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    *ret = (Hijri){(int32_t)year, (int32_t)month, (int32_t)day};
    return true;
}

void calendar_write(Buf *buf, Hijri hijri)
{
    buf_format(buf, "%04d-%02d-%02d", hijri.year, hijri.month, hijri.day);
}

Day calendar_civil_day(Instant at)
{
    return instant_day(at, CALENDAR_OFFSET_MINUTES);
}

int32_t calendar_weekday(Day day)
{
    int32_t rest = (day + 4) % 7; /* 1970-01-01 was a Thursday */
    return rest < 0 ? rest + 7 : rest;
}

/* ---- for people ---- */

/* A text of the catalogue by a key that ends with a number: "month.11". */
static Str numbered(const TextStyle *style, const char *stem, int32_t number)
{
    char key[32];
    snprintf(key, sizeof key, "%s.%d", stem, number);
    Str text = text_get(style, key);
    /* what is not there is shown as its stem: the key dies with this call */
    return text.at == key ? str_of(stem) : text;
}

/* A day or year in the digits of the style, never grouped. */
typedef struct Figure {
    char at[24];
    size_t bytes;
} Figure;

static Figure figure(const TextStyle *style, int32_t value)
{
    Figure figure = {.bytes = 0};
    Buf plain = buf_make(16), shown = buf_make(sizeof figure.at);
    buf_int(&plain, value);
    number_write_digits(&shown, style, buf_view(&plain));
    if (shown.bytes > 0) memcpy(figure.at, shown.at, shown.bytes);
    figure.bytes = shown.bytes;
    buf_free(&plain);
    buf_free(&shown);
    return figure;
}

/* A date as one sentence is isolated as a whole by whoever embeds it. */
static TextStyle inside(const TextStyle *style)
{
    TextStyle plain = *style;
    plain.isolate = false;
    return plain;
}

static void write_parts(Buf *buf, const TextStyle *style, const char *key,
                        Day day)
{
    TextStyle plain = inside(style);
    Ymd date = day_ymd(day);
    Figure number = figure(style, date.day), year = figure(style, date.year);
    TextArg args[] = {
        TEXT_STR("weekday", numbered(style, "weekday", calendar_weekday(day))),
        TEXT_STR("day", ((Str){number.at, number.bytes})),
        TEXT_STR("month", numbered(style, "month", date.month)),
        TEXT_STR("year", ((Str){year.at, year.bytes}))};
    text_write(buf, &plain, str_of(key), args, 4);
}

void calendar_write_short(Buf *buf, const TextStyle *style, Day day)
{
    write_parts(buf, style, "date.short", day);
}

void calendar_write_month(Buf *buf, const TextStyle *style, Month month)
{
    write_parts(buf, style, "date.month", month_first_day(month));
}

void calendar_write_hijri(Buf *buf, const TextStyle *style, Day day)
{
    const Calendar *calendar = text_calendar(style->texts);
    Hijri hijri;
    if (calendar == NULL || !calendar_hijri(calendar, day, &hijri)) return;
    TextStyle plain = inside(style);
    Figure number = figure(style, hijri.day), year = figure(style, hijri.year);
    TextArg args[] = {TEXT_STR("day", ((Str){number.at, number.bytes})),
                      TEXT_STR("month", numbered(style, "hijri", hijri.month)),
                      TEXT_STR("year", ((Str){year.at, year.bytes}))};
    text_write(buf, &plain, STR("date.hijri"), args, 3);
}

static void write_bracketed(Buf *buf, const TextStyle *style, Day day)
{
    Buf hijri = buf_make(256);
    calendar_write_hijri(&hijri, style, day);
    if (hijri.bytes > 0) {
        buf_text(buf, " (");
        buf_str(buf, buf_view(&hijri));
        buf_char(buf, ')');
    }
    buf_free(&hijri);
}

void calendar_write_long(Buf *buf, const TextStyle *style, Day day)
{
    write_parts(buf, style, "date.long", day);
    write_bracketed(buf, style, day);
}

void calendar_write_both(Buf *buf, const TextStyle *style, Day day)
{
    write_parts(buf, style, "date.short", day);
    write_bracketed(buf, style, day);
}
