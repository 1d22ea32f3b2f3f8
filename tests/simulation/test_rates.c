/* Dated rates: the latest row that is not after the month holds for its ages,
 * and what is wrong is told by its line and column. */
#include "simulation/forecast.h"

#include "tests/harness.h"

enum { BYTES = 8 << 20 };

static Err read_text(Arena *arena, const char *text, Diag *diag, Rates *ret)
{
    *diag = (Diag){.key = ""};
    return rates_read(arena, str_of(text), "r.tsv", diag, ret);
}

TEST(growth_is_told_and_draws_nothing)
{
    Arena *arena = arena_open(BYTES);
    Diag diag;
    Rates rates;
    Err err = read_text(arena,
                        "2024-07\tgrowth\tall\t0\t150\t2000\tpublished\tP1\n"
                        "2022-01\tgrowth\tall\t0\t150\t900\tpublished\tP2\n"
                        "2022-01\tdeath\tmale\t0\t150\t5\tassumption\town\n",
                        &diag, &rates);
    ck_assert_int_eq(err, OK);
    ck_assert_int_eq(rates.count, 1);
    ck_assert_int_eq(rates.assumed, 1);
    ck_assert_int_eq(rates.growth.rate, 2000);
    ck_assert(str_is(rates.growth_source, "P1"));
    const char *wrong = "2024-07\tgrowth\tmale\t0\t150\t2000\tpublished\tx\n";
    ck_assert_int_eq(read_text(arena, wrong, &diag, &rates), ERR_INVALID);
    wrong = "2024-07\tdeath\tall\t0\t150\t2000\tpublished\tx\n";
    ck_assert_int_eq(read_text(arena, wrong, &diag, &rates), ERR_INVALID);
    arena_close(arena);
}

TEST(growth_is_that_of_whole_years)
{
    ForecastMonth month[25] = {{.people = 0}};
    Rates rates = {.growth = {.rate = 2000}, .growth_source = STR("P1")};
    ForecastGrowth growth;
    month[0] = (ForecastMonth){.people = 10000, .persons = 10000};
    month[11] = (ForecastMonth){.people = 11000, .persons = 11000};
    month[12] = (ForecastMonth){.people = 11044, .persons = 11040};
    month[24] = (ForecastMonth){.people = 12100, .persons = 12100};
    ck_assert(!forecast_growth(month, 1, &rates, &growth));
    ck_assert(!forecast_growth(month, 12, &rates, &growth)); /* no year */
    ck_assert(forecast_growth(month, 13, &rates, &growth));
    ck_assert_int_eq(growth.own, 10440); /* of people that are not rounded */
    ck_assert(forecast_growth(month, 25, &rates, &growth));
    ck_assert_int_eq(growth.own, 10000); /* each year, not half of both */
    ck_assert_int_eq(growth.told, 2000);
    ck_assert(!growth.assumed && !growth.rates_assumed);
    rates.growth.rate = 0;
    ck_assert(!forecast_growth(month, 25, &rates, &growth));
}

TEST(growth_tells_no_more_than_rounded_counts)
{
    ForecastMonth month[13] = {{.people = 0}};
    Rates rates = {.growth = {.rate = 2000}, .growth_source = STR("P1")};
    ForecastGrowth growth;
    month[0] = (ForecastMonth){.people = 1004, .persons = 1000};
    month[12] = (ForecastMonth){.people = 1022, .persons = 1020};
    ck_assert(forecast_growth(month, 13, &rates, &growth));
    ck_assert_int_eq(growth.own, 2000); /* not 1793 */
    /* nor where many grow out of few, or shrink to them */
    month[12] = (ForecastMonth){.people = 20004, .persons = 20000};
    ck_assert(forecast_growth(month, 13, &rates, &growth));
    ck_assert_int_eq(growth.own, 1900000);
    month[0] = (ForecastMonth){.people = 10004, .persons = 10000};
    month[12] = (ForecastMonth){.people = 9996, .persons = 10000};
    ck_assert(forecast_growth(month, 13, &rates, &growth));
    ck_assert_int_eq(growth.own, 0);
    month[0] = month[12] = (ForecastMonth){.people = 4, .persons = 0};
    ck_assert(!forecast_growth(month, 13, &rates, &growth));
}

TEST(an_assumed_growth_is_none_that_is_published)
{
    Arena *arena = arena_open(BYTES);
    Diag diag;
    Rates rates;
    Err err = read_text(arena,
                        "2024-07\tgrowth\tall\t0\t150\t2000\tassumption\tP1\n"
                        "2022-01\tgrowth\tall\t0\t150\t900\tpublished\tP2\n"
                        "2022-01\tdeath\tmale\t0\t150\t5\tpublished\tx\n",
                        &diag, &rates);
    ck_assert_int_eq(err, OK);
    ck_assert(rates.growth_assumed);
    ck_assert_int_eq(rates.assumed, 0);
    arena_close(arena);
}

TEST(the_latest_row_holds)
{
    Arena *arena = arena_open(BYTES);
    Diag diag;
    Rates rates;
    RateTable table;
    Err err = read_text(arena,
                        "# rates\n"
                        "2026-03\tdeath\tmale\t10\t20\t7\tpublished\tx\n"
                        "2022-01\tdeath\tmale\t0\t150\t5\tassumption\town\n"
                        "2022-01\tbirth\tfemale\t15\t49\t9\tpublished\tx\n",
                        &diag, &rates);
    ck_assert_int_eq(err, OK);
    ck_assert_int_eq(rates.count, 3);
    ck_assert_int_eq(rates.assumed, 1);
    const Month march = (2026 - 1970) * 12 + 2;
    rates_of_month(&rates, march - 1, &table);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][15], 5);
    rates_of_month(&rates, march, &table);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][9], 5);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][10], 7);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][20], 7);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][150], 5);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_FEMALE][15], 0);
    ck_assert_int_eq(table.rate[RATE_BIRTH][RATE_FEMALE][49], 9);
    ck_assert_int_eq(table.rate[RATE_BIRTH][RATE_FEMALE][50], 0);
    rates_of_month(&rates, (2021 - 1970) * 12, &table);
    ck_assert_int_eq(table.rate[RATE_DEATH][RATE_MALE][15], 0);
    arena_close(arena);
}

TEST(faulty_rows_are_told)
{
    static const struct {
        const char *text, *what;
    } wrong[] = {{"2022\tdeath\tmale\t0\t1\t1\tpublished\tx\n", "from"},
                 {"2022-01\tbirths\tmale\t0\t1\t1\tpublished\tx\n", "event"},
                 {"2022-01\tdeath\tmen\t0\t1\t1\tpublished\tx\n", "sex"},
                 {"2022-01\tbirth\tmale\t0\t1\t1\tpublished\tx\n", "sex"},
                 {"2022-01\tdeath\tmale\t-1\t1\t1\tpublished\tx\n", "age_from"},
                 {"2022-01\tdeath\tmale\t2\t1\t1\tpublished\tx\n", "age_to"},
                 {"2022-01\tdeath\tmale\t2\t151\t1\tpublished\tx\n", "age_to"},
                 {"2022-01\tdeath\tmale\t0\t1\t100001\tpublished\tx\n", "rate"},
                 {"2022-01\tdeath\tmale\t0\t1\t1.5\tpublished\tx\n", "rate"},
                 {"2022-01\tdeath\tmale\t0\t1\t1\trumour\tx\n", "status"},
                 {"2022-01\tdeath\tmale\t0\t1\t1\tpublished\t\n", "source"},
                 {"2022-01\tdeath\tmale\t0\t1\t1\tpublished\n", "columns"}};
    Diag diag;
    Rates rates;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Arena *arena = arena_open(BYTES);
        ck_assert_int_eq(read_text(arena, wrong[i].text, &diag, &rates),
                         ERR_INVALID);
        ck_assert_str_eq(diag.key, "rates.line");
        ck_assert_str_eq(diag.arg[0], wrong[i].what);
        ck_assert_int_eq(diag.line, 1);
        arena_close(arena);
    }
    Arena *arena = arena_open(BYTES);
    ck_assert_int_eq(read_text(arena, "# no rows\n", &diag, &rates),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "rates.none");
    arena_close(arena);
}
