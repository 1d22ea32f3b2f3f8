/*
 * Reads the time zones of the system: TZif files of version 2 and later, the
 * 64-bit block and the rule for the years behind it (RFC 8536).
 */
#include <stdio.h>

#include "feel/temporal.h"

enum {
    ZONE_FILE_MAX = 65536,
    ZONE_NAME_MAX = 64,
    HEADER_BYTES = 44,
    DAY_S = 86400
};

typedef struct Zone {
    const unsigned char *times; /* 8 bytes each, big-endian */
    const unsigned char *kinds; /* one index each */
    const unsigned char *types; /* 6 bytes each */
    int64_t time_count;
    int64_t type_count;
    Str footer;
} Zone;

static int64_t big_endian(const unsigned char *at, int bytes)
{
    uint64_t value = bytes == 4 && at[0] >= 0x80 ? ~(uint64_t)0 : 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | at[i];
    return (int64_t)value;
}

static bool name_safe(Str zone)
{
    if (zone.bytes == 0 || zone.bytes > ZONE_NAME_MAX) return false;
    for (size_t i = 0; i < zone.bytes; i++) {
        char c = zone.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '+' ||
                     c == '-' || (c == '/' && i > 0);
        if (!letter && !other) return false;
    }
    return true;
}

static size_t zone_load(Str zone, unsigned char *room)
{
    if (!name_safe(zone)) return 0;
    char path[sizeof "/usr/share/zoneinfo/" + ZONE_NAME_MAX];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", STR_ARG(zone));
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    size_t bytes = fread(room, 1, ZONE_FILE_MAX, file);
    fclose(file);
    return bytes == ZONE_FILE_MAX ? 0 : bytes;
}

/* The bytes of a block's data behind its header. */
static int64_t block_bytes(const unsigned char *header, int time_bytes)
{
    int64_t isut = big_endian(header + 20, 4);
    int64_t isstd = big_endian(header + 24, 4);
    int64_t leaps = big_endian(header + 28, 4);
    int64_t times = big_endian(header + 32, 4);
    int64_t types = big_endian(header + 36, 4);
    int64_t chars = big_endian(header + 40, 4);
    if (isut < 0 || isstd < 0 || leaps < 0 || times < 0 || types < 0 ||
        chars < 0) {
        return -1;
    }
    return times * (time_bytes + 1) + types * 6 + chars +
           leaps * (time_bytes + 4) + isstd + isut;
}

static bool zone_parse(const unsigned char *file, size_t bytes, Zone *ret)
{
    if (bytes < 2 * HEADER_BYTES || memcmp(file, "TZif", 4) != 0) return false;
    if (file[4] < '2') return false;
    int64_t skip = block_bytes(file, 4);
    int64_t at = HEADER_BYTES + skip;
    if (skip < 0 || at + HEADER_BYTES > (int64_t)bytes) return false;
    const unsigned char *header = file + at;
    int64_t data = block_bytes(header, 8);
    at += HEADER_BYTES;
    if (data < 0 || at + data >= (int64_t)bytes) return false;
    ret->time_count = big_endian(header + 32, 4);
    ret->type_count = big_endian(header + 36, 4);
    ret->times = file + at;
    ret->kinds = ret->times + 8 * ret->time_count;
    ret->types = ret->kinds + ret->time_count;
    const char *footer = (const char *)(file + at + data);
    ret->footer = str_trim((Str){footer, bytes - (size_t)(at + data)});
    return ret->type_count > 0;
}

static int32_t type_offset(const Zone *zone, int64_t type)
{
    if (type >= zone->type_count) type = 0;
    return (int32_t)big_endian(zone->types + 6 * type, 4);
}

/* The rule for later years, a POSIX TZ string: "CET-1CEST,M3.5.0,M10.5.0/3". */
typedef struct Rule {
    const char *at;
    const char *end;
} Rule;

static void rule_skip_name(Rule *rule)
{
    if (rule->at < rule->end && *rule->at == '<') {
        while (rule->at < rule->end && *rule->at != '>') rule->at++;
        if (rule->at < rule->end) rule->at++;
        return;
    }
    while (rule->at < rule->end && ((*rule->at >= 'a' && *rule->at <= 'z') ||
                                    (*rule->at >= 'A' && *rule->at <= 'Z'))) {
        rule->at++;
    }
}

static int64_t rule_number(Rule *rule)
{
    int64_t value = 0;
    while (rule->at < rule->end && *rule->at >= '0' && *rule->at <= '9' &&
           value < 100000) {
        value = value * 10 + (*rule->at++ - '0');
    }
    return value;
}

static bool rule_take(Rule *rule, char c)
{
    if (rule->at >= rule->end || *rule->at != c) return false;
    rule->at++;
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static int64_t rule_seconds(Rule *rule)
{
    bool negative = rule_take(rule, '-');
    if (!negative) rule_take(rule, '+');
    int64_t seconds = rule_number(rule) * 3600;
    if (rule_take(rule, ':')) seconds += rule_number(rule) * 60;
    if (rule_take(rule, ':')) seconds += rule_number(rule);
    return negative ? -seconds : seconds;
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Seconds since 1970, local, of a rule's change in a year. */
static int64_t rule_change(Rule *rule, int64_t year)
{
    int64_t first = feel_ymd_day((FeelYmd){year, 1, 1});
    int64_t day = first;
    if (rule_take(rule, 'M')) {
        int64_t month = rule_number(rule);
        rule_take(rule, '.');
        int64_t week = rule_number(rule);
        rule_take(rule, '.');
        int64_t weekday = rule_number(rule);
        if (month < 1 || month > 12) month = 1;
        FeelYmd start = {year, (int32_t)month, 1};
        day = feel_ymd_day(start);
        int64_t falls = ((day + 4) % 7 + 7) % 7;
        day += (weekday - falls + 7) % 7 + (week - 1) * 7;
        while (feel_day_ymd(day).month != month) day -= 7;
    } else if (rule_take(rule, 'J')) {
        int64_t n = rule_number(rule);
        day = first + n - 1 + (leap(year) && n >= 60);
    } else {
        day = first + rule_number(rule);
    }
    int64_t time = 2 * 3600;
    if (rule_take(rule, '/')) time = rule_seconds(rule);
    return day * DAY_S + time;
}

static int32_t rule_offset(Str footer, int64_t at_s)
{
    Rule rule = {footer.at, footer.at + footer.bytes};
    rule_skip_name(&rule);
    int64_t standard = -rule_seconds(&rule);
    if (rule.at >= rule.end) return (int32_t)standard;
    rule_skip_name(&rule);
    int64_t summer = standard + 3600;
    if (rule.at < rule.end && *rule.at != ',') summer = -rule_seconds(&rule);
    if (!rule_take(&rule, ',')) return (int32_t)standard;
    int64_t day = at_s / DAY_S - (at_s % DAY_S < 0);
    int64_t year = feel_day_ymd(day).year;
    int64_t begin = rule_change(&rule, year) - standard;
    rule_take(&rule, ',');
    int64_t end = rule_change(&rule, year) - summer;
    bool in_summer =
        begin < end ? at_s >= begin && at_s < end : at_s >= begin || at_s < end;
    return (int32_t)(in_summer ? summer : standard);
}

static int32_t offset_at(const Zone *zone, int64_t at_s)
{
    int64_t low = 0, high = zone->time_count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (big_endian(zone->times + 8 * middle, 8) <= at_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == zone->time_count && zone->footer.bytes > 0) {
        return rule_offset(zone->footer, at_s);
    }
    return type_offset(zone, low == 0 ? 0 : zone->kinds[low - 1]);
}

/* A local time that is skipped takes the offset from before the gap. */
static int32_t offset_at_local(const Zone *zone, int64_t local_s)
{
    int32_t before = offset_at(zone, local_s - DAY_S);
    int32_t after = offset_at(zone, local_s + DAY_S);
    if (before == after) return before;
    if (offset_at(zone, local_s - before) == before) return before;
    if (offset_at(zone, local_s - after) == after) return after;
    return before;
}

bool feel_zone_offset(Str name, int64_t at_s, bool local, int32_t *ret)
{
    unsigned char room[ZONE_FILE_MAX];
    size_t bytes = zone_load(name, room);
    Zone zone;
    if (!zone_parse(room, bytes, &zone)) return false;
    *ret = local ? offset_at_local(&zone, at_s) : offset_at(&zone, at_s);
    return true;
}

bool feel_zone_known(Str name)
{
    int32_t offset;
    return feel_zone_offset(name, 0, false, &offset);
}
