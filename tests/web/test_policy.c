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
        "/p/models/pension/decisions/threshold"};
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
    expect(reply, 200, "78 decisions");
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
