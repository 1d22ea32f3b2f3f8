#include "base/date.h"

/*
 * Days from the civil calendar and back, counting years from March so that
 * the leap day is the last; after H. Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms".
 */
Day day_of(Ymd date)
{
    int32_t year = date.year - (date.month <= 2);
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t shifted = date.month > 2 ? date.month - 3 : date.month + 9;
    int32_t day_of_year = (153 * shifted + 2) / 5 + date.day - 1;
    int32_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Ymd day_ymd(Day day)
{
    int32_t shifted = day + 719468;
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day_of_era = shifted - era * 146097;
    int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    Ymd date = {
        .year = year_of_era + era * 400,
        .month = march_month < 10 ? march_month + 3 : march_month - 9,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
    if (date.month <= 2) date.year++;
    return date;
}

bool ymd_valid(Ymd date)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};
    if (date.month < 1 || date.month > 12 || date.day < 1) return false;
    bool leap =
        (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    int32_t length = lengths[date.month - 1] + (date.month == 2 && leap);
    return date.day <= length;
}

/* Reads exactly `count` digits. */
static bool read_digits(const char *at, int count, int32_t *ret)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
        value = value * 10 + (at[i] - '0');
    }
    *ret = value;
    return true;
}

bool day_read(Str text, Day *ret)
{
    Ymd date;
    if (text.bytes != 10 || text.at[4] != '-' || text.at[7] != '-') {
        return false;
    }
    if (!read_digits(text.at, 4, &date.year) ||
        !read_digits(text.at + 5, 2, &date.month) ||
        !read_digits(text.at + 8, 2, &date.day) || !ymd_valid(date)) {
        return false;
    }
    Day day = day_of(date);
    if (day < DAY_MIN || day > DAY_MAX) return false;
    *ret = day;
    return true;
}

static void write_digits(Buf *buf, int32_t value, int count)
{
    char digits[10];
    for (int i = count - 1; i >= 0; i--) {
        digits[i] = (char)('0' + value % 10);
        value /= 10;
    }
    buf_add(buf, digits, (size_t)count);
}

void day_write(Buf *buf, Day day)
{
    Ymd date = day_ymd(day);
    write_digits(buf, date.year, 4);
    buf_char(buf, '-');
    write_digits(buf, date.month, 2);
    buf_char(buf, '-');
    write_digits(buf, date.day, 2);
}

bool month_read(Str text, Month *ret)
{
    int32_t year, month;
    if (text.bytes != 7 || text.at[4] != '-') return false;
    if (!read_digits(text.at, 4, &year)) return false;
    if (!read_digits(text.at + 5, 2, &month)) return false;
    if (year < 1850 || year > 2199 || month < 1 || month > 12) return false;
    *ret = (year - 1970) * 12 + month - 1;
    return true;
}

static int32_t year_of_month(Month month)
{
    return 1970 + (month >= 0 ? month : month - 11) / 12;
}

void month_write(Buf *buf, Month month)
{
    int32_t year = year_of_month(month);
    write_digits(buf, year, 4);
    buf_char(buf, '-');
    write_digits(buf, month - (year - 1970) * 12 + 1, 2);
}

Day month_first_day(Month month)
{
    int32_t year = year_of_month(month);
    return day_of((Ymd){year, month - (year - 1970) * 12 + 1, 1});
}

Month month_of_day(Day day)
{
    Ymd date = day_ymd(day);
    return (date.year - 1970) * 12 + date.month - 1;
}
