/*
 * The policy desk's pages over the shipped models: who may read them, and
 * what they say.
 */
#include "served.c"

#define OFFICER "Cookie: session=policy\r\n"
#define OFFICER_EN "Cookie: session=policy; lang=en\r\n"

TEST(only_who_may_read_models_comes_to_the_policy_desk)
{
    static const char *const doors[] = {
        "/p", "/p/models/pension", "/p/models/pension/check",
        "/p/models/pension/decisions/threshold", "/p/simulate"};
    begin();
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        expect(get(doors[i], ""), 303, "Location: /signin");
        expect(get(doors[i], "Cookie: session=noura\r\n"), 403, NULL);
        expect(get(doors[i], "Cookie: session=huda\r\n"), 403, NULL);
        expect(get(doors[i], OFFICER), 200, "aria-current=\"page\"");
    }
    end();
}

TEST(a_policy_officer_sees_no_household)
{
    begin();
    expect(get("/w", OFFICER), 303, "Location: /p\r\n");
    expect(get("/w/households/104233", OFFICER), 403, NULL);
    expect(get("/w/households/104233/decision", OFFICER), 403, NULL);
    expect(get("/w/purpose", OFFICER), 403, NULL);
    expect(get("/home", OFFICER), 403, NULL);
    expect(get("/household", OFFICER), 403, NULL);
    end();
}

TEST(the_list_tells_of_each_model_what_it_rests_on)
{
    begin();
    const char *reply = get("/p", OFFICER_EN);
    expect(reply, 200, "<a href=\"/p/models/pension\">Social security pension");
    expect(reply, 200, "Static check: nothing to mend");
    expect(reply, 200, "83 decisions");
    expect(reply, 200, "193 cases");
    expect(get("/p", OFFICER), 200, "معاش الضمان الاجتماعي المطور</a>");
    end();
}

TEST(a_diagram_links_every_decision_and_a_list_says_the_same)
{
    begin();
    const char *reply = get("/p/models/pension?figures=1", OFFICER);
    const char *link = "<a href=\"/p/models/pension/decisions/threshold\"";
    expect(reply, 200, "<svg class=\"diagram\" role=\"group\"");
    const char *drawn = strstr(reply, link);
    ck_assert_ptr_nonnull(drawn);
    ck_assert_ptr_nonnull(strstr(drawn + 1, link));
    ck_assert_ptr_nonnull(strstr(drawn, "</svg>"));
    expect(reply, 200, "<rect class=\"figure\"");
    reply = get("/p/models/pension", OFFICER);
    ck_assert_ptr_null(strstr(strstr(reply, "<svg class=\"diagram\""),
                              "<rect class=\"figure\" x=\"8"));
    end();
}

TEST(a_figure_shows_its_rows_with_dates_article_and_source)
{
    begin();
    const char *address = "/p/models/pension/decisions/basic_minimum_head";
    const char *reply = get(address, OFFICER_EN);
    expect(reply, 200, "<h1>Basic minimum for the head</h1>");
    expect(reply, 200, "<bdi>1 January 2022</bdi>");
    expect(reply, 200, "<bdi>31 October 2023</bdi>");
    expect(reply, 200, "1,100.00");
    expect(reply, 200, "Article 1 of the Social Security Law");
    expect(reply, 200, "class=\"now\"");
    reply = get(address, OFFICER);
    expect(reply, 200, "المادة الأولى من نظام الضمان الاجتماعي المطوّر");
    expect(reply, 200, "1 نوفمبر 2023");
    end();
}

TEST(what_a_decision_is_for_is_told_in_the_readers_language)
{
    begin();
    const char *address = "/p/models/pension/decisions/head_missing";
    const char *arabic = "lang=\"ar\" dir=\"rtl\">لا يوجد في الأسرة من يعولها";
    const char *english = "lang=\"en\" dir=\"ltr\">Nobody present heads";
    const char *reply = get(address, OFFICER);
    expect(reply, 200, arabic);
    ck_assert_ptr_null(strstr(reply, english));
    reply = get(address, OFFICER_EN);
    expect(reply, 200, english);
    ck_assert_ptr_null(strstr(reply, arabic));
    end();
}

TEST(an_assumption_is_flagged)
{
    begin();
    expect(get("/p/models/pension/decisions/minimum_payable", OFFICER), 200,
           "<span class=\"tag warn\">");
    end();
}

TEST(expressions_and_contexts_are_shown_as_they_are_written)
{
    begin();
    expect(get("/p/models/pension/decisions/threshold", OFFICER_EN), 200,
           "<code>Basic minimum head + Basic minimum dependant * "
           "Dependants</code>");
    const char *reply =
        get("/p/models/pension/decisions/entitlement", OFFICER_EN);
    expect(reply, 200, "<h3><bdi>eligible</bdi></h3>");
    expect(reply, 200, "<code>count(Reasons) = 0</code>");
    expect(get("/p/models/pension/decisions/refusals", OFFICER_EN), 200,
           "All the rows");
    end();
}

TEST(the_check_is_told_in_both_languages)
{
    begin();
    expect(get("/p/models/pension/check", OFFICER_EN), 200,
           "all cells of the column");
    expect(get("/p/models/pension/check", OFFICER), 200, "كل خلايا العمود");
    end();
}

TEST(what_is_not_there_is_not_found)
{
    begin();
    expect(get("/p/models/nothing", OFFICER), 404, NULL);
    expect(get("/p/models/nothing/check", OFFICER), 404, NULL);
    expect(get("/p/models/pension/decisions/nothing", OFFICER), 404, NULL);
    expect(get("/p/models/nothing/decisions/threshold", OFFICER), 404, NULL);
    end();
}

TEST(without_a_population_the_page_says_how_to_make_one)
{
    begin();
    expect(get("/p/simulate", OFFICER_EN), 200,
           "sanad snapshot --db DB --out everybody.snapshot");
    expect(get("/p/simulate/json?month=2026-12", OFFICER), 404, NULL);
    end();
}

TEST(only_who_may_simulate_does)
{
    static const char *const doors[] = {"/p/simulate?month=2026-12",
                                        "/p/simulate/csv?month=2026-12",
                                        "/p/simulate/json?month=2026-12"};
    served.nation = true;
    begin();
    for (int i = 0; i < 3; i++) {
        expect(get(doors[i], ""), 303, "Location: /signin");
        expect(get(doors[i], "Cookie: session=noura\r\n"), 403, NULL);
        expect(get(doors[i], "Cookie: session=huda\r\n"), 403, NULL);
        expect(get(doors[i], OFFICER), 200, NULL);
    }
    end();
}

TEST(a_change_is_tried_on_everybody_and_told_in_both_languages)
{
    const char *address = "/p/simulate?month=2026-12&a.basic_minimum_head=1500";
    served.nation = true;
    begin();
    const char *reply = get(address, OFFICER_EN);
    expect(reply, 200, "Worked out on all ");
    expect(reply, 200, "Basic minimum for the head: ");
    expect(reply, 200, "value=\"1500\"");
    expect(reply, 200, "<svg class=\"chart\"");
    expect(reply, 200, "By region");
    expect(reply, 200, "Riyadh");
    expect(reply, 200, "<table class=\"chart-data\">");
    expect(get(address, OFFICER), 200, "بحسب المنطقة");
    expect(get("/p/simulate?month=2026-12&show=winners", OFFICER), 200,
           "aria-current=\"true\">من يزيد");
    end();
}

/* What a field of an export says behind a key. */
static long long exported(const char *reply, const char *key)
{
    const char *at = strstr(reply, key);
    ck_assert_msg(at != NULL, "no %s in %.600s", key, reply);
    return strtoll(at + strlen(key), NULL, 10);
}

TEST(scenarios_stand_side_by_side_and_are_taken_along)
{
    served.nation = true;
    begin();
    const char *query = "month=2026-12&a.basic_minimum_head=1500&"
                        "b.basic_minimum_head=1000&c.earned_share=30";
    char address[256];
    (void)snprintf(address, sizeof address, "/p/simulate?%s", query);
    const char *reply = get(address, OFFICER_EN);
    expect(reply, 200, ">Scenario C</th>");
    expect(reply, 200, "data-count=\"3\"");
    expect(reply, 200, "/p/simulate/csv?month=2026-12&amp;");
    (void)snprintf(address, sizeof address, "/p/simulate/json?%s", query);
    reply = get(address, OFFICER);
    expect(reply, 200, "Content-Type: application/json");
    expect(reply, 200, "attachment; filename=\"simulation-2026-12.json\"");
    long long more = exported(reply, "\"winners\":");
    ck_assert_int_gt(more, 100);
    const char *second = strstr(reply, "Basic minimum head=1000");
    ck_assert_ptr_nonnull(second);
    ck_assert_int_eq(exported(second, "\"winners\":"), 0);
    ck_assert_int_gt(exported(second, "\"losers\":"), 100);
    ck_assert_ptr_nonnull(strstr(second, "Earned share=0.3"));
    (void)snprintf(address, sizeof address, "/p/simulate/csv?%s&of=b", query);
    expect(get(address, OFFICER), 200, "Content-Type: text/csv");
    (void)snprintf(address, sizeof address, "/p/simulate/report?%s&of=c",
                   query);
    expect(get(address, OFFICER), 200, "<!doctype html>");
    end();
}

/* The part of a reply behind its head. */
static const char *body_of(const char *reply)
{
    const char *at = strstr(reply, "\r\n\r\n");
    ck_assert_ptr_nonnull(at);
    return at + 4;
}

/* Whether every number of a table of groups is rounded: counts to tens, sums
 * to ten thousand riyals. */
static void expect_rounded_csv(const char *table)
{
    int numbers = 0;
    for (const char *at = strchr(table, '\n'); at != NULL && at[1] != '\0';
         at = strchr(at + 1, '\n')) {
        double value[18];
        const char *cell = at;
        for (int i = 0; i < 18; i++) {
            value[i] = strtod(cell + 1, NULL);
            cell = strchr(cell + 1, ',');
            ck_assert_ptr_nonnull(cell);
        }
        for (int i = 3; i < 18; i++, numbers++) {
            bool sum = i == 9 || i >= 11;
            long long to = sum ? 10000 : 10;
            ck_assert_msg((double)((long long)value[i] / to * to) == value[i],
                          "column %d is %f in %.200s", i, value[i], at);
        }
    }
    ck_assert_int_gt(numbers, 15 * 20);
}

TEST(what_is_told_is_rounded_so_that_differences_tell_of_nobody)
{
    served.nation = true;
    begin();
    const char *query = "month=2026-12&a.basic_minimum_head=1321.37";
    char address[256];
    (void)snprintf(address, sizeof address, "/p/simulate/csv?%s", query);
    expect_rounded_csv(body_of(get(address, OFFICER)));
    (void)snprintf(address, sizeof address, "/p/simulate/json?%s", query);
    const char *reply = get(address, OFFICER);
    expect(reply, 200, "\"counts_rounded_to\":10");
    ck_assert_int_gt(exported(reply, "\"winners\":"), 0);
    ck_assert_int_eq(exported(reply, "\"winners\":") % 10, 0);
    (void)snprintf(address, sizeof address, "/p/simulate?%s", query);
    expect(get(address, OFFICER_EN), 200, "All counts are rounded to tens");
    (void)snprintf(address, sizeof address, "/p/simulate/report?%s", query);
    expect(get(address, OFFICER_EN), 200, "All counts are rounded to tens");
    end();
}

TEST(an_address_says_no_more_than_what_is_changed)
{
    served.nation = true;
    begin();
    expect(get("/p/simulate?month=2026-12&a.basic_minimum_head=1320&"
               "a.earned_share=&a.minimum_payable=5",
               OFFICER),
           303, "Location: /p/simulate?month=2026-12&a.minimum_payable=5\r\n");
    expect(get("/p/simulate?month=2026-12&show=winners&"
               "a.basic_minimum_head=%D9%A1%D9%A5%D9%A0%D9%A0",
               OFFICER),
           303,
           "Location: "
           "/p/simulate?month=2026-12&a.basic_minimum_head=1500&show=winners");
    expect(get("/p/simulate?month=2026-12&a.days_of_a_year_of_age=354.36708",
               OFFICER),
           303, "Location: /p/simulate?month=2026-12\r\n");
    expect(get("/p/simulate?month=2026-12&n=1", OFFICER), 303,
           "Location: /p/simulate?month=2026-12\r\n");
    expect(get("/p/simulate?month=2026-12&n=3", OFFICER), 200,
           "data-count=\"3\"");
    end();
}

TEST(what_is_wrong_in_the_form_is_said_and_the_form_kept)
{
    static const struct {
        const char *query, *says;
    } cases[] = {
        {"a.basic_minimum_head=much", "Basic minimum for the head: write a"},
        {"a.basic_minimum_head=-5", "Basic minimum for the head: write a"},
        {"a.basic_minimum_head=1e9", "Basic minimum for the head: write a"},
        {"a.basic_minimum_head=1000001", "from 0 to 1,000,000"},
        {"a.basic_minimum_head=0.0000001", "at most six decimals"},
        {"a.basic_minimum_head=if%20true%20then%201", "write a number"},
        {"a.earned_share=101", "a share from 0 to 100"},
        {"a.lookback_months=0.5", "a whole number from 0 to 10,000"},
        {"a.minimum_age=10001", "a whole number from 0 to 10,000"},
        {"a.home_exempt=maybe", "choose yes or no"},
        {"a.nothing=5", "not known: a.nothing"},
        {"d.earned_share=5", "not known: d.earned_share"},
        {"a.%3Cscript%3E=5", "a.&lt;script&gt;"},
        {"month=2019-01", "Choose a month from"},
        {"month=2190-01", "Choose a month from"},
        {"month=soon", "such as 2026-12"},
    };
    served.nation = true;
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char address[128];
        (void)snprintf(address, sizeof address,
                       "/p/simulate?b.minimum_age=18&%s", cases[i].query);
        const char *reply = get(address, OFFICER_EN);
        expect(reply, 400, cases[i].says);
        expect(reply, 400, "<title>Error: ");
        expect(reply, 400, "data-count=\"2\"");
        ck_assert_ptr_null(strstr(reply, "id=\"results\""));
    }
    expect(get("/p/simulate?a.basic_minimum_head=much", OFFICER), 400,
           "value=\"much\"");
    expect(get("/p/simulate?a.basic_minimum_head=much", OFFICER), 400,
           "اكتب رقمًا");
    expect(get("/p/simulate/json?a.earned_share=x", OFFICER), 400, NULL);
    expect(get("/p/simulate/pdf?month=2026-12", OFFICER), 404, NULL);
    expect(get("/p/simulate/csv?month=2026-12&of=b", OFFICER), 404, NULL);
    end();
}

TEST(a_wrong_value_loses_no_scenario_and_says_where_it_is)
{
    served.nation = true;
    begin();
    /* as a form without scripts sends it: no n, all figures of both */
    const char *query = "/p/simulate?month=2026-12&a.basic_minimum_head=1500&"
                        "a.earned_share=50&b.basic_minimum_head=1320&"
                        "b.earned_share=400";
    const char *reply = get(query, OFFICER_EN);
    expect(reply, 400, "data-count=\"2\"");
    expect(reply, 400, "Scenario B, ");
    expect(reply, 400, "href=\"#b.earned_share\"");
    expect(reply, 400, "id=\"b.earned_share\"");
    expect(reply, 400, "value=\"400\"");
    expect(get(query, OFFICER), 400, "البديل B، ");
    /* what is wrong may be elsewhere than in the last of them */
    reply = get("/p/simulate?month=2026-12&a.earned_share=x&"
                "c.basic_minimum_head=1320",
                OFFICER_EN);
    expect(reply, 400, "Scenario A, ");
    expect(reply, 400, "data-count=\"3\"");
    end();
}

TEST(a_simulation_is_kept_by_name_and_forgotten)
{
    static const char *const kept =
        "<a href=\"/p/simulate?month=2026-12&amp;a.minimum_age=30\"><bdi>older";
    served.nation = true;
    begin();
    const char *form =
        "csrf=policy&name=older&query=month%3D2026-12%26a.minimum_age%3D30";
    expect(post("/p/scenarios", "", form), 303, "Location: /signin");
    expect(post("/p/scenarios", "Cookie: session=huda\r\n",
                "csrf=huda&name=older&query=month%3D2026-12"),
           403, NULL);
    expect(post("/p/scenarios", OFFICER, "csrf=wrong&name=older"), 403, NULL);
    expect(post("/p/scenarios", OFFICER_EN, "csrf=policy&name=+&query=x"), 400,
           "Write a name");
    expect(post("/p/scenarios", OFFICER, form), 303,
           "Location: /p/simulate?month=2026-12&a.minimum_age=30#saved");
    expect(get("/p/simulate?month=2026-12", OFFICER), 200, kept);
    expect(post("/p/scenarios", OFFICER, "csrf=policy&name=older"), 303,
           "Location: /p/simulate#saved");
    ck_assert_ptr_null(strstr(get("/p/simulate?month=2026-12", OFFICER), kept));
    end();
}

#define COLLEAGUE "Cookie: session=omar; lang=en\r\n"

/* The number of the job that a page looks on at. */
static int job_in(const char *reply)
{
    const char *at = strstr(reply, "name=\"job\" value=\"");
    ck_assert_msg(at != NULL, "no job in %.3000s", reply);
    return (int)strtol(at + strlen("name=\"job\" value=\""), NULL, 10);
}

/* A page about the same question, looking on at a job. */
static const char *look_at(const char *query, int job, const char *who)
{
    char address[256];
    (void)snprintf(address, sizeof address, "/p/simulate?%s&job=%d", query,
                   job);
    return get(address, who);
}

/* Somebody cancels a job. */
static const char *stop(int job, const char *who, const char *secret)
{
    char form[256];
    (void)snprintf(form, sizeof form,
                   "csrf=%s&page=simulate&query=month%%3D2026-12%%26"
                   "a.minimum_age%%3D40&job=%d",
                   secret, job);
    return post("/p/stop", who, form);
}

TEST(long_work_is_told_of_at_once_and_can_be_cancelled)
{
    const char *query = "month=2026-12&a.minimum_age=40";
    char form[256];
    served.nation = served.held = true;
    begin();
    const char *reply =
        get("/p/simulate?month=2026-12&a.minimum_age=40", OFFICER_EN);
    expect(reply, 202, "Waiting for its turn");
    expect(reply, 202, "It begins in a moment.");
    expect(reply, 202, "<progress ");
    expect(reply, 202, "value=\"40\"");
    int job = job_in(reply);
    (void)snprintf(form, sizeof form,
                   "<noscript><meta http-equiv=\"refresh\" content=\"2;url="
                   "/p/simulate?month=2026-12&amp;a.minimum_age=40&amp;job=%d",
                   job);
    expect(reply, 202, form);
    expect(look_at(query, job, OFFICER_EN), 202, "Waiting for its turn");
    expect(look_at(query, job, OFFICER), 202, "تنتظر دورها");
    expect(look_at(query, job, COLLEAGUE), 303,
           "Location: /p/simulate?month=2026-12&a.minimum_age=40\r\n");
    expect(stop(job, OFFICER, "wrong"), 403, NULL);
    expect(stop(job, COLLEAGUE, "omar"), 303, NULL);
    expect(look_at(query, job, OFFICER_EN), 202, "Waiting for its turn");
    expect(stop(job, OFFICER, "policy"), 303,
           "Location: /p/simulate?month=2026-12&a.minimum_age=40&job=");
    reply = look_at(query, job, OFFICER_EN);
    expect(reply, 200, "Cancelled");
    expect(reply, 200,
           "<a class=\"button\" href=\"/p/simulate?month=2026-12&amp;"
           "a.minimum_age=40\">Work it out again</a>");
    expect(reply, 200, "value=\"40\"");
    ck_assert_ptr_null(strstr(reply, "http-equiv"));
    expect(post("/p/stop", OFFICER, "csrf=policy&page=x&job=1"), 404, NULL);
    let_go();
    expect(get("/p/simulate?month=2026-12&a.minimum_age=40", OFFICER), 200,
           "id=\"results\"");
    expect(look_at(query, job, OFFICER), 303,
           "Location: /p/simulate?month=2026-12&a.minimum_age=40\r\n");
    end();
}

TEST(a_newer_question_takes_the_place_of_the_one_that_waits)
{
    const char *query = "month=2026-12&a.minimum_age=40";
    served.nation = served.held = true;
    begin();
    int first =
        job_in(get("/p/simulate?month=2026-12&a.minimum_age=40", OFFICER_EN));
    int newer =
        job_in(get("/p/simulate?month=2026-12&a.minimum_age=41", OFFICER_EN));
    ck_assert_int_ne(first, newer);
    const char *reply = look_at(query, first, OFFICER_EN);
    expect(reply, 200, "A newer question took its place");
    expect(reply, 200, "value=\"40\"");
    expect(get("/p/simulate/json?month=2026-12&a.minimum_age=41", OFFICER_EN),
           303, "Location: /p/simulate?month=2026-12&a.minimum_age=41&job=");
    let_go();
    expect(get("/p/simulate?month=2026-12&a.minimum_age=41", OFFICER), 200,
           "id=\"results\"");
    end();
}

TEST(the_months_to_come_are_drawn_for_the_law_and_each_scenario)
{
    const char *address = "/p/forecast?month=2026-12&a.minimum_age=30&"
                          "b.basic_minimum_head=1500";
    served.nation = true;
    begin();
    const char *reply = get(address, OFFICER_EN);
    for (int i = 0; i < 60 && status_of(reply) != 200; i++) {
        expect(reply, 202, "http-equiv=\"refresh\"");
        reply = get(address, OFFICER_EN);
    }
    expect(reply, 200, "id=\"results\"");
    expect(reply, 200,
           "<p class=\"lead\">Entitled households and cost over 36 months");
    expect(reply, 200, "2029-11");
    ck_assert_ptr_null(strstr(reply, "2029-12"));
    expect(reply, 200, ">Scenario B</th>");
    expect(reply, 200, "2026-12");
    expect(reply, 200, ">Scenario A</th>");
    expect(reply, 200, "<svg class=\"chart\"");
    expect(reply, 200, "% a year. Published is that Saudis grew by about");
    expect(reply, 200,
           "href=\"/p/simulate?month=2026-12&amp;a.minimum_age=30&amp;");
    expect(get("/p/forecast?month=2026-12&a.minimum_age=x", OFFICER_EN), 400,
           "write a number");
    expect(get(address, "Cookie: session=faisal\r\n"), 403, NULL);
    end();
}

TEST(the_months_to_come_have_a_form_of_their_own)
{
    const char *address = "/p/forecast?month=2026-12&a.minimum_age=30&n=2";
    char form[256];
    served.nation = served.held = true;
    begin();
    const char *reply = get(address, OFFICER_EN);
    expect(reply, 202, "method=\"get\" action=\"/p/forecast\"");
    int job = job_in(reply);
    (void)snprintf(form, sizeof form,
                   "csrf=policy&page=forecast&query=month%%3D2026-12%%26"
                   "a.minimum_age%%3D30%%26n%%3D2&job=%d",
                   job);
    expect(post("/p/stop", OFFICER, form), 303, "Location: /p/forecast?");
    /* cancelled, it can be changed and asked again */
    (void)snprintf(form, sizeof form, "%s&job=%d", address, job);
    reply = get(form, OFFICER_EN);
    expect(reply, 200, "Cancelled");
    expect(reply, 200,
           "name=\"month\" dir=\"ltr\" autocomplete=\"off\" "
           "maxlength=\"7\" value=\"2026-12\"");
    expect(reply, 200, "id=\"a.minimum_age\" name=\"a.minimum_age\"");
    expect(reply, 200, "value=\"30\"");
    expect(reply, 200, "data-count=\"2\"");
    expect(reply, 200, "<button class=\"button\">Work it out</button>");
    /* what is wrong can be mended where it stands */
    static const char *const doors[] = {"/p/forecast?month=abc",
                                        "/p/sweep?month=abc"};
    for (int i = 0; i < 2; i++) {
        reply = get(doors[i], OFFICER_EN);
        expect(reply, 400, "<a href=\"#month\">");
        expect(reply, 400, "id=\"month\" name=\"month\"");
        expect(reply, 400, "value=\"abc\"");
        expect(reply, 400, "<button class=\"button\">Work it out</button>");
    }
    let_go();
    end();
}

/* How often a text stands in a reply. */
static int count_of(const char *reply, const char *text)
{
    int count = 0;
    for (const char *at = reply; (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    return count;
}

TEST(two_figures_are_moved_at_once)
{
    const char *address =
        "/p/sweep?month=2026-12&x=basic_minimum_head&xof=basic_minimum_head&"
        "xfrom=900&xto=1740&y=earned_share&yof=earned_share&yfrom=30&yto=70";
    served.nation = true;
    begin();
    const char *reply = get("/p/sweep?month=2026-12", OFFICER_EN);
    for (int i = 0; i < 60 && status_of(reply) != 200; i++) {
        reply = get("/p/sweep?month=2026-12", OFFICER_EN);
    }
    expect(reply, 200, "value=\"990\"");
    expect(reply, 200, "value=\"1650\"");
    reply = get(address, OFFICER_EN);
    for (int i = 0; i < 60 && status_of(reply) != 200; i++) {
        reply = get(address, OFFICER_EN);
    }
    expect(reply, 200, "id=\"results\"");
    ck_assert_int_eq(count_of(reply, "<td class=\"heat-"), 25);
    ck_assert_int_gt(count_of(reply, "<td class=\"heat-0"), 0);
    ck_assert_int_gt(count_of(reply, "<td class=\"heat-7"), 0);
    ck_assert_int_eq(count_of(reply, ">The law</span>"), 1);
    expect(reply, 200,
           "<a href=\"/p/simulate?month=2026-12&amp;a.basic_minimum_head=1530"
           "&amp;a.earned_share=40\"><bdi");
    expect(get("/p/simulate?month=2026-12&a.basic_minimum_head=1530&"
               "a.earned_share=40",
               OFFICER_EN),
           200, "id=\"results\"");
    address = "/p/sweep?month=2026-12&a.minimum_age=30&show=covered";
    reply = get(address, OFFICER_EN);
    for (int i = 0; i < 60 && status_of(reply) != 200; i++) {
        reply = get(address, OFFICER_EN);
    }
    expect(reply, 200, "a.minimum_age=30&amp;a.basic_minimum_head=990&amp;");
    ck_assert_int_eq(count_of(reply, ">The law</span>"), 0);
    expect(get("/p/sweep?month=2026-12&xof=basic_minimum_head&xfrom=5&xto=4",
               OFFICER_EN),
           400, "write a larger number");
    end();
}

/* Waits on a page, then gives its table. */
static const char *table_of(const char *page, const char *table)
{
    const char *reply = get(page, OFFICER_EN);
    for (int i = 0; i < 60 && status_of(reply) != 200; i++) {
        reply = get(page, OFFICER_EN);
    }
    expect(reply, 200, "/csv?month=2026-12");
    return get(table, OFFICER);
}

/* The answer to an address, however long it takes. */
static const char *get_long(const char *address, const char *who)
{
    const char *reply = get(address, who);
    for (int i = 0; i < 120 && status_of(reply) == 202; i++) {
        reply = get(address, who);
    }
    return reply;
}

TEST(other_readings_of_what_is_not_confirmed_are_tried_when_asked)
{
    const char *plain = "/p/simulate?month=2026-12&a.basic_minimum_head=1500";
    const char *asked = "/p/simulate?month=2026-12&a.basic_minimum_head=1500"
                        "&uncertain=a";
    served.nation = true;
    begin();
    const char *reply = get_long(plain, OFFICER_EN);
    expect(reply, 200, "Scenario A: the cost by other readings</a>");
    ck_assert_ptr_null(strstr(reply, "If assumptions were others"));
    reply = get_long(asked, OFFICER_EN);
    expect(reply, 200, "If assumptions were others");
    expect(reply, 200, "What is not confirmed in the rules");
    expect(reply, 200, "Most</th>");
    expect(reply, 200, "as the rules have it</th>");
    expect(reply, 200,
           "/p/simulate/csv?month=2026-12&amp;a.basic_minimum_head=1500&amp;"
           "of=a&amp;uncertain=a");
    expect(get_long(asked, OFFICER), 200, "لو كانت الافتراضات غيرها");
    reply = get("/p/simulate/csv?month=2026-12&a.basic_minimum_head=1500"
                "&uncertain=a",
                OFFICER);
    expect(reply, 200,
           "\nuncertain,\"Retirement pension class = "
           "\"\"earned\"\"\",");
    expect_rounded_csv(body_of(reply));
    reply = get("/p/simulate/json?month=2026-12&a.basic_minimum_head=1500"
                "&uncertain=a",
                OFFICER);
    expect(reply, 200, "\"uncertainty\":{");
    reply = get("/p/simulate/report?month=2026-12&a.basic_minimum_head=1500"
                "&uncertain=a",
                OFFICER_EN);
    expect(reply, 200, "If assumptions were others");
    expect(get("/p/simulate?month=2026-12&uncertain=c", OFFICER), 303,
           "Location: /p/simulate?month=2026-12\r\n");
    end();
}

TEST(a_reading_that_a_law_does_not_take_is_left_out)
{
    const char *asked = "/p/simulate?month=2026-12&a.basic_minimum_head=1500"
                        "&uncertain=a";
    served.nation = served.other = true;
    begin();
    const char *reply = get_long(asked, OFFICER_EN);
    expect(reply, 200, "If assumptions were others");
    expect(reply, 200, "do not fit the law as it stands and were left out");
    expect(reply, 200, "Most</th>");
    reply = get_long(asked, OFFICER);
    expect(reply, 200, "لا تصلح لصيغة النظام الحالية فتُركت");
    reply = get("/p/simulate/csv?month=2026-12&a.basic_minimum_head=1500"
                "&uncertain=a",
                OFFICER);
    expect(reply, 200, "\nleft_out,\"Retirement pension class\",0,");
    ck_assert_ptr_null(strstr(reply, "\nuncertain,\"Retirement pension"));
    expect(reply, 200, "\nuncertain,\"Pension ceiling");
    served.other = false;
    end();
}

TEST(months_to_come_and_two_figures_are_taken_along_as_tables)
{
    served.nation = true;
    begin();
    const char *reply =
        table_of("/p/forecast?month=2026-12&b.minimum_age=30",
                 "/p/forecast/csv?month=2026-12&b.minimum_age=30");
    expect(reply, 200, "attachment; filename=\"forecast-2026-12.csv\"");
    expect(reply, 200, "scenario,month,eligible,cost\r\nlaw,2026-12,");
    expect(reply, 200, "\nb,2029-11,");
    ck_assert_int_eq(count_of(body_of(reply), "\r\n"), 1 + 2 * 36);
    ck_assert_int_gt(exported(reply, "law,2026-12,"), 100);
    ck_assert_int_eq(exported(reply, "law,2026-12,") % 10, 0);
    reply = table_of("/p/sweep?month=2026-12", "/p/sweep/csv?month=2026-12");
    expect(reply, 200, "attachment; filename=\"sweep-2026-12.csv\"");
    expect(reply, 200, "basic_minimum_head,earned_share,cost,cost_change,");
    ck_assert_int_eq(count_of(body_of(reply), "\r\n"), 26);
    expect(get("/p/sweep/csv?month=abc", OFFICER), 400, NULL);
    expect(get("/p/forecast/csv?month=2026-12", "Cookie: session=huda\r\n"),
           403, NULL);
    end();
}

TEST(the_same_figure_twice_is_no_sweep)
{
    const char *twice = "/p/sweep?month=2026-12&x=earned_share&y=earned_share";
    served.nation = served.held = true;
    begin();
    const char *reply = get(twice, OFFICER_EN);
    expect(reply, 400, "choose two different figures");
    expect(reply, 400, "<a href=\"#y\">");
    ck_assert_int_eq(
        count_of(reply, "<option value=\"earned_share\" selected>"), 2);
    expect(get(twice, OFFICER), 400, "اختر رقمين مختلفين");
    /* who names one alone gets another beside it */
    reply = get("/p/sweep?month=2026-12&y=basic_minimum_head", OFFICER_EN);
    expect(reply, 202, "id=\"x\"");
    ck_assert_int_eq(
        count_of(reply, "<option value=\"basic_minimum_head\" selected>"), 1);
    let_go();
    end();
}

TEST(every_figure_of_a_sweep_has_ends_to_begin_with)
{
    char figure[40][64];
    int count = 0;
    served.nation = true;
    begin();
    const char *reply = get("/p/sweep?month=2026-12", OFFICER_EN);
    for (const char *at = reply; (at = strstr(at, "<option value=\"")) != NULL;
         count++) {
        at += strlen("<option value=\"");
        if (strncmp(at, "cost", 4) == 0) break; /* what is shown */
        ck_assert_int_lt(count, 40);
        (void)snprintf(figure[count], sizeof figure[count], "%.*s",
                       (int)strcspn(at, "\""), at);
    }
    ck_assert_int_gt(count, 8);
    for (int i = 0; i < count; i++) {
        char address[128];
        (void)snprintf(address, sizeof address,
                       "/p/sweep?month=2026-12&x=%.60s", figure[i]);
        reply = get(address, OFFICER_EN);
        ck_assert_msg(status_of(reply) < 300, "%s: %.300s", address, reply);
    }
    expect(get("/p/sweep?yof=earned_share&yto=101", OFFICER_EN), 400,
           "a share from 0 to 100");
    end();
}

TEST(another_page_waits_until_the_first_is_done)
{
    served.nation = served.held = true;
    begin();
    expect(get("/p/forecast?month=2026-12", OFFICER_EN), 202, "Waiting");
    const char *reply =
        get("/p/simulate?month=2026-12&a.minimum_age=40", OFFICER_EN);
    expect(reply, 503, "Another simulation of yours waits");
    expect(reply, 503, "value=\"40\"");
    expect(get("/p/simulate?month=2026-12&a.minimum_age=40", COLLEAGUE), 202,
           "One simulation is before it.");
    let_go();
    end();
}
