#include "text/number.h"

#include "tests/harness.h"

static TextStyle style(TextLang lang, bool arabic_digits)
{
    static Texts *texts;
    static Arena *arena;
    if (texts == NULL) {
        arena = arena_open(1 << 20);
        texts = text_empty(arena);
        Err err = text_add(texts, NULL,
                           STR("money.amount\t{0} ريال\tSAR {0}\n"), NULL);
        ck_assert_int_eq(err, OK);
    }
    return (TextStyle){texts, lang, arabic_digits, false};
}

#define EXPECT_WRITTEN(call, expected)                                         \
    do {                                                                       \
        Buf buf = buf_make(256);                                               \
        call;                                                                  \
        EXPECT_STR(buf_view(&buf), expected);                                  \
        buf_free(&buf);                                                        \
    } while (0)

TEST(numbers_are_grouped_by_thousands)
{
    TextStyle en = style(TEXT_EN, true), ar = style(TEXT_AR, true);
    EXPECT_WRITTEN(number_write(&buf, &en, 0), "0");
    EXPECT_WRITTEN(number_write(&buf, &en, 999), "999");
    EXPECT_WRITTEN(number_write(&buf, &en, -1000), "-1,000");
    EXPECT_WRITTEN(number_write(&buf, &en, 9800000), "9,800,000");
    EXPECT_WRITTEN(number_write(&buf, &en, INT64_MIN),
                   "-9,223,372,036,854,775,808");
    EXPECT_WRITTEN(number_write(&buf, &ar, 12345), "١٢٬٣٤٥");
    EXPECT_WRITTEN(number_write_exact(&buf, &en, STR("-1234.5678")),
                   "-1,234.5678");
    EXPECT_WRITTEN(number_write_exact(&buf, &ar, STR("0.5")), "٠٫٥");
}

TEST(latin_digits_are_the_default_in_arabic_too)
{
    TextStyle ar = style(TEXT_AR, false);
    EXPECT_WRITTEN(number_write(&buf, &ar, 12345), "12,345");
    EXPECT_WRITTEN(number_write_money(&buf, &ar, (Money){132000}),
                   "1,320.00 ريال");
}

TEST(money_has_two_decimals_and_its_currency)
{
    TextStyle en = style(TEXT_EN, false), ar = style(TEXT_AR, true);
    EXPECT_WRITTEN(number_write_money(&buf, &en, (Money){132000}),
                   "SAR 1,320.00");
    EXPECT_WRITTEN(number_write_amount(&buf, &en, (Money){-5}), "-0.05");
    EXPECT_WRITTEN(number_write_money(&buf, &ar, (Money){132050}),
                   "١٬٣٢٠٫٥٠ ريال");
}

TEST(what_people_write_is_read_exactly)
{
    static const struct {
        const char *text;
        int64_t coefficient;
        int32_t scale;
    } good[] = {{"0", 0, 0},
                {"007", 7, 0},
                {"1,320.50", 132050, 2},
                {"١٬٣٢٠٫٥٠", 132050, 2},
                {"۱۲۳", 123, 0},
                {" -1 320 ", -1320, 0},
                {"\xE2\x88\x92"
                 "5",
                 -5, 0},
                {"1320", 1320, 0},
                {"0.000000000000000001", 1, 18},
                {"999999999999999999", 999999999999999999, 0},
                {"\xE2\x80\x8F"
                 "12",
                 12, 0}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Decimal decimal;
        ck_assert_msg(number_read(str_of(good[i].text), &decimal), "%s",
                      good[i].text);
        ck_assert_int_eq(decimal.coefficient, good[i].coefficient);
        ck_assert_int_eq(decimal.scale, good[i].scale);
    }
}

TEST(a_decimal_is_written_as_people_type_it)
{
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){1320, 0}), "1320");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){132050, 2}), "1320.5");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){5, 1}), "0.5");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){-5, 3}), "-0.005");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){1000, 3}), "1");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){0, 2}), "0");
    EXPECT_WRITTEN(decimal_write(&buf, (Decimal){INT64_MIN, 18}),
                   "-9.223372036854775808");
}

TEST(what_is_no_number_is_refused)
{
    static const char *const bad[] = {
        "",         " ",         "-",
        "1,5",      "1,,000",    "12,34",
        "1,000,00", "1.",        ".5",
        "1.5.0",    "1,234.5,6", "1e5",
        "--1",      "1-",        "abc",
        "1234,567", "1.0,00",    "9999999999999999999",
        ",123",     "1 2",       "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Decimal decimal;
        ck_assert_msg(!number_read(str_of(bad[i]), &decimal), "%s", bad[i]);
    }
}

TEST(money_is_read_with_two_decimals_at_most)
{
    Money money;
    ck_assert(number_read_money(STR("١٣٢٠٫٥"), &money));
    ck_assert_int_eq(money.minor, 132050);
    ck_assert(number_read_money(STR("-7"), &money));
    ck_assert_int_eq(money.minor, -700);
    ck_assert(!number_read_money(STR("1.005"), &money));
    ck_assert(!number_read_money(STR("999999999999999999"), &money));
}
