/*
 * bench_codec - how fast files and messages are read. Prints a line a claim
 * and fails when one is no longer true.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "codec/arabic.h"
#include "codec/csv.h"
#include "codec/json.h"

enum { ROWS = 1000000, ROUNDS = 5, MESSAGES = 200000 };

static bool failed;

/* Prints one figure, and fails when it is over its limit. */
static void claim(const char *what, double ns, double limit_ns)
{
    bool ok = ns <= limit_ns;
    printf("%-40s %8.1f ns  (limit %.0f)%s\n", what, ns, limit_ns,
           ok ? "" : "  TOO SLOW");
    if (!ok) failed = true;
}

/* A file of persons with twelve columns, `quoted` with names in quotes. */
static Buf persons(bool quoted)
{
    Buf buf = buf_make((size_t)1 << 30);
    buf_text(&buf, "person_id,household_id,role,birth_date,nationality,"
                   "resident,days_abroad,enrolled,salary,pension_income,"
                   "rent_income,name_ar\n");
    for (int i = 0; i < ROWS; i++) {
        buf_format(&buf, "%d,%d,%d,19%02d-0%d-1%d,0,1,%d,0,%d.%02d,0.00,", i,
                   i / 5, i % 4, i % 100, i % 9 + 1, i % 10, i % 365, i % 20000,
                   i % 100);
        buf_text(&buf, quoted ? "0.00,\"عبدالله \"\"سعد\"\" الحربي\"\n"
                              : "0.00,عبدالله سعد الحربي\n");
    }
    CHECK(!buf_full(&buf));
    return buf;
}

/* Nanoseconds a row of the best of some rounds. */
static double read_rows(Str file)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        Csv csv;
        double start = clock_cpu_s();
        CHECK(csv_open(&csv, file, "persons.csv", NULL) == OK);
        size_t rows = 0;
        while (csv_next(&csv, NULL) == OK) rows++;
        CHECK(rows == ROWS);
        csv_close(&csv);
        double ns = (clock_cpu_s() - start) * 1e9 / ROWS;
        if (ns < best) best = ns;
    }
    return best;
}

static double divide(Str file)
{
    Csv csv;
    CsvPart parts[8];
    CHECK(csv_open(&csv, file, "persons.csv", NULL) == OK);
    double start = clock_cpu_s();
    CHECK(csv_parts(&csv, 8, parts) == 8);
    double ns = (clock_cpu_s() - start) * 1e9 / ROWS;
    csv_close(&csv);
    return ns;
}

static double read_messages(void)
{
    Str message = STR("{\"specversion\":\"1.0\",\"id\":\"gosi-2026-000123\","
                      "\"source\":\"urn:sa:gosi\",\"type\":\"wage.reported\","
                      "\"time\":\"2026-11-01T08:00:00Z\",\"data\":{\"person\":"
                      "\"1000000008\",\"amount\":\"4500.00\",\"from\":"
                      "\"2026-10-01\",\"to\":\"2026-11-01\"}}");
    Arena *arena = arena_open(1 << 20);
    double start = clock_cpu_s();
    for (int i = 0; i < MESSAGES; i++) {
        const Json *json;
        arena_reset(arena);
        CHECK(json_read(arena, message, NULL, &json) == OK);
        CHECK(json_get(json, "data") != NULL);
    }
    double ns = (clock_cpu_s() - start) * 1e9 / MESSAGES;
    arena_close(arena);
    return ns;
}

static double fold_names(void)
{
    Buf buf = buf_make(4096);
    double start = clock_cpu_s();
    for (int i = 0; i < MESSAGES; i++) {
        buf_reset(&buf);
        arabic_fold_name(&buf, STR("عبد الرحمن بن عبدالله آل سعود"));
    }
    double ns = (clock_cpu_s() - start) * 1e9 / MESSAGES;
    buf_free(&buf);
    return ns;
}

int main(void)
{
    Buf plain = persons(false), quoted = persons(true);
    claim("csv row of 12 fields", read_rows(buf_view(&plain)), 400);
    claim("csv row with a doubled quote", read_rows(buf_view(&quoted)), 600);
    claim("csv row divided among threads", divide(buf_view(&plain)), 100);
    claim("json event of 9 members", read_messages(), 4000);
    claim("name folded for search", fold_names(), 2000);
    buf_free(&plain);
    buf_free(&quoted);
    return failed ? 1 : 0;
}
