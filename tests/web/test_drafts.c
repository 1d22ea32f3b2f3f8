/*
 * The life of a draft in the browser, over real drafts: begun, edited,
 * compared, reviewed by a second person, published; two at once; what is
 * wrong told with the form kept.
 */
#include "served.c"

#define REEM "Cookie: session=policy; lang=en\r\n"
#define REEM_AR "Cookie: session=policy\r\n"
#define FAISAL "Cookie: session=faisal; lang=en\r\n"

static char place[64]; /* "/p/drafts/17" */

/* Begins a draft of that title and goes to it. */
static void draft_begins_as(const char *title)
{
    char form[128];
    (void)snprintf(form, sizeof form, "csrf=policy&model=pension&title=%s",
                   title);
    const char *reply = post("/p/drafts", REEM, form);
    expect(reply, 303, "Location: /p/drafts/");
    const char *at = strstr(reply, "Location: ") + strlen("Location: ");
    snprintf(place, sizeof place, "%.*s", (int)strcspn(at, "\r"), at);
}

static void draft_begins(void)
{
    draft_begins_as("Raise+it");
}

/* Posts to the draft, or to a decision of it. */
static const char *send_to(const char *below, const char *who, const char *form)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s%s", place, below);
    return post(path, who, form);
}

static const char *see(const char *below, const char *who)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", place, below);
    return get(path, who);
}

#define HEAD "/decisions/basic_minimum_head"
/* Appends a value of a page as a form sends it. */
static void put_value(Buf *form, const char *value, size_t bytes)
{
    static const struct {
        const char *html, *form;
    } signs[] = {{"&gt;", "%3E"},  {"&lt;", "%3C"},   {"&amp;", "%26"},
                 {"&#34;", "%22"}, {"&quot;", "%22"}, {"&#39;", "%27"}};
    const char *end = value + bytes;
    while (value < end) {
        size_t i = 0, count = sizeof signs / sizeof signs[0];
        while (i < count &&
               strncmp(value, signs[i].html, strlen(signs[i].html)) != 0) {
            i++;
        }
        if (i < count) {
            buf_text(form, signs[i].form);
            value += strlen(signs[i].html);
        } else {
            form_escape(form, (Str){value++, 1});
        }
    }
}

/* Saves the second row as the page has it, but with another amount. */
static const char *change(const char *who, const char *csrf, int save,
                          const char *amount)
{
    static char kept[4096];
    const char *page = see(HEAD, REEM);
    Buf form = buf_make(sizeof kept - 1);
    buf_format(&form, "csrf=%s&save=%d&do=save&row=2", csrf, save);
    for (int column = 1; column <= 8; column++) {
        char name[32];
        (void)snprintf(name, sizeof name, "id=\"r2c%d\"", column);
        const char *at = strstr(page, name);
        if (at == NULL) break;
        bool high = strstr(at, "value=\"") > strstr(at, "</textarea>") &&
                    strstr(at, "</textarea>") != NULL;
        at = strstr(at, high ? "\">" : "value=\"");
        ck_assert_ptr_nonnull(at);
        at += strlen(high ? "\">" : "value=\"");
        buf_format(&form, "&c%d=", column);
        if (column == 2) at = amount;
        put_value(&form, at, strcspn(at, high ? "<" : "\""));
    }
    (void)snprintf(kept, sizeof kept, "%.*s", STR_ARG(buf_view(&form)));
    buf_free(&form);
    return send_to(HEAD, who, kept);
}

TEST(only_who_may_read_models_comes_to_drafts)
{
    begin();
    expect(get("/p/drafts", ""), 303, "Location: /signin");
    expect(get("/p/drafts", "Cookie: session=huda\r\n"), 403, NULL);
    expect(get("/p/drafts", "Cookie: session=noura\r\n"), 403, NULL);
    expect(post("/p/drafts", REEM, "csrf=wrong&model=pension&title=x"), 403,
           NULL);
    expect(get("/p/drafts", REEM), 200, "There are no drafts yet.");
    expect(get("/p/drafts/77", REEM), 404, "There is no draft 77");
    expect(get("/p/drafts/x", REEM), 404, NULL);
    expect(post("/p/drafts", REEM, "csrf=policy&model=none&title=x"), 404,
           NULL);
    /* not "03-2026" among Arabic words */
    expect(get("/p/drafts", REEM_AR), 200, "مثل <bdi>2026-03</bdi>");
    const char *page = post("/p/drafts", REEM,
                            "csrf=policy&model=pension&title=Kept&month=soon");
    expect(page, 400, "Write the month like this");
    expect(page, 400, "value=\"soon\"");
    expect(page, 400, "value=\"Kept\"");
    expect(post("/p/drafts", REEM,
                "csrf=policy&model=pension&title=Old&month=2026-01"),
           303, "Location: /p/drafts/");
    end();
}

TEST(a_draft_is_begun_edited_reviewed_and_published)
{
    begin();
    draft_begins();
    expect(get("/p/drafts", REEM), 200, "<bdi>Raise it</bdi>");
    expect(see("", REEM), 200, "Nothing yet.");
    expect(change(REEM, "policy", 1, "1400"), 303,
           "/decisions/basic_minimum_head?saved=1#r2");
    expect(see(HEAD, REEM), 200, "value=\"1400\"");
    ck_assert_ptr_null(strstr(see(HEAD, REEM), "readonly"));
    expect(see("", REEM), 200, "1320");
    expect(see("", REEM), 200, "1400");
    expect(see("", REEM_AR), 200, "ما تغيّره في المنشور");
    expect(see("", REEM_AR), 200, "<bdi>2023-11-01</bdi>");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=soon&text=w"),
           400, "Write the month like this");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=2027-01"), 303,
           place);
    expect(see("", REEM), 200, "in review");
    expect(see(HEAD, REEM), 200, "spellcheck=\"false\" readonly>");
    expect(see("/decisions/threshold", REEM), 200,
           "spellcheck=\"false\" readonly>");
    expect(send_to("", REEM, "csrf=policy&save=2&step=3&do=approve"), 403,
           "a second person is needed");
    expect(see("", FAISAL), 200, "name=\"step\" value=\"3\"");
    expect(send_to("", FAISAL, "csrf=faisal&save=1&step=3&do=approve"), 409,
           "read it again");
    expect(send_to("", FAISAL, "csrf=faisal&save=2&do=approve"), 409,
           "read it again");
    expect(send_to("", FAISAL, "csrf=faisal&save=2&step=2&do=approve"), 409,
           "read it again");
    expect(send_to("", FAISAL, "csrf=faisal&save=2&step=3&do=approve"), 303,
           place);
    expect(see("", REEM), 200, "id=\"publish\"");
    expect(send_to("", REEM, "csrf=policy&save=2&do=publish"), 303, place);
    expect(see("", REEM), 200, "published");
    expect(see("", REEM), 200, "This draft is at its end");
    expect(send_to("", REEM, "csrf=policy&save=2&do=comment&text=late"), 409,
           "is published.");
    const char *again = send_to("", REEM_AR, "csrf=policy&save=2&do=publish");
    expect(again, 409, "لا يصح ذلك الآن");
    expect(again, 409, "منشورة.");
    ck_assert_ptr_null(strstr(again, "«published»"));
    end();
}

TEST(a_faulty_cell_is_told_beside_its_row_and_cannot_be_submitted)
{
    begin();
    draft_begins();
    expect(change(REEM, "policy", 1, "1 +"), 303, "saved=1");
    const char *page = see(HEAD, REEM);
    expect(page, 200, "Not sound yet");
    const char *row = strstr(page, "id=\"r2\"");
    ck_assert_ptr_nonnull(row);
    const char *tag = strstr(row, "class=\"tag bad\"");
    ck_assert_ptr_nonnull(tag);
    ck_assert_ptr_nonnull(strstr(tag, "<form"));
    expect(see(HEAD, REEM_AR), 200, "حال المصدر");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=2027-01"), 400,
           "row 2");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=2027-01"), 400,
           "value=\"2027-01\"");
    end();
}

TEST(what_is_typed_over_an_older_text_is_told_and_kept)
{
    begin();
    draft_begins();
    expect(change(REEM, "policy", 1, "1400"), 303, NULL);
    const char *page = change(FAISAL, "faisal", 1, "1555");
    expect(page, 409, "Somebody saved a newer text");
    expect(page, 409, ">1555</textarea>");
    expect(page, 409, "value=\"1400\"");
    expect(page, 409, "id=\"stale-row\"");
    expect(change(FAISAL, "faisal", 2, "1555"), 303, NULL);
    expect(see(HEAD, REEM), 200, "value=\"1555\"");
    end();
}

TEST(rows_are_added_moved_and_removed)
{
    begin();
    draft_begins();
    expect(send_to(HEAD, REEM,
                   "csrf=policy&save=1&do=since&since=2027-01-01&c2=1400"),
           303, "saved=1");
    const char *page = see(HEAD, REEM);
    expect(page, 200, "id=\"r3\"");
    expect(page, 200, "2027-01-01");
    expect(send_to(HEAD, REEM, "csrf=policy&save=2&do=since&since=x&c2=7"), 400,
           "Write the day like this");
    expect(send_to(HEAD, REEM, "csrf=policy&save=2&do=up&row=3"), 303, "#r2");
    expect(send_to(HEAD, REEM, "csrf=policy&save=3&do=remove&row=2"), 303,
           NULL);
    ck_assert_ptr_null(strstr(see(HEAD, REEM), "id=\"r3\""));
    expect(send_to(HEAD, REEM, "csrf=policy&save=4&do=remove&row=9"), 400,
           "Write the number of a row");
    expect(send_to(HEAD, REEM, "csrf=policy&save=4&do=add&row=1&c1=-&c2=5"),
           303, "#r2");
    expect(see(HEAD, REEM), 200, "id=\"r3\"");
    page = send_to(HEAD, REEM, "csrf=policy&save=5&do=save&row=2&c1=-&c2=");
    expect(page, 400, "may not be empty");
    ck_assert_ptr_null(strstr(page, "Line ")); /* of a file that nobody sees */
    end();
}

TEST(a_month_may_be_typed_in_arabic_digits)
{
    begin();
    /* "٢٠٢٦-٠١" and "٢٠٢٧-٠١" */
    const char *reply = post("/p/drafts", REEM,
                             "csrf=policy&model=pension&title=Old&month="
                             "%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A0%D9%A1");
    expect(reply, 303, "Location: /p/drafts/");
    draft_begins();
    expect(change(REEM, "policy", 1, "1400"), 303, NULL);
    expect(send_to("", REEM,
                   "csrf=policy&save=2&do=submit&month="
                   "%D9%A2%D9%A0%D9%A2%D9%A7-%D9%A0%D9%A1"),
           303, place);
    expect(see("", REEM), 200, "January 2027");
    end();
}

TEST(what_is_typed_in_a_row_goes_with_it_when_it_is_moved)
{
    begin();
    draft_begins();
    expect(send_to(HEAD, REEM,
                   "csrf=policy&save=1&do=since&since=2027-01-01&c2=1400"),
           303, "saved=1");
    expect(send_to(HEAD, REEM,
                   "csrf=policy&save=2&do=up&row=3&c1=%3E%3D+date%28%22"
                   "2027-01-01%22%29&c2=1455&c3=&c4=&c5="),
           303, "saved=1#r2");
    const char *page = see(HEAD, REEM);
    expect(page, 200,
           "id=\"r2c2\" name=\"c2\" autocomplete=\"off\" "
           "value=\"1455\"");
    ck_assert_ptr_null(strstr(page, "value=\"1400\""));
    end();
}

/* As a browser says of a form that stands on our own page. */
#define OURS "Sec-Fetch-Site: same-origin\r\n"

TEST(what_is_typed_when_the_session_ends_is_given_back)
{
    begin();
    draft_begins();
    const char *form = "csrf=ended&save=1&do=save&row=2&c2=14%3C55"
                       "&c3=%D8%A7%D9%84%D9%85%D8%A7%D8%AF%D8%A9";
    const char *page = send_to(HEAD, OURS "Cookie: lang=en\r\n", form);
    expect(page, 403, "What you typed is not saved yet");
    expect(page, 403,
           "name=\"c2\" rows=\"2\" dir=\"ltr\" lang=\"en\" "
           "spellcheck=\"false\">14&lt;55</textarea>");
    expect(page, 403, "name=\"row\" value=\"2\"");
    expect(page, 403, "name=\"do\" value=\"save\"");
    expect(page, 403, "href=\"/signin\" target=\"_blank\"");
    expect(page, 403, place);
    /* signed in again, but the form is of the session before */
    page = send_to(HEAD, OURS REEM, form);
    expect(page, 403, "in a session that has ended");
    expect(page, 403, "name=\"csrf\" value=\"policy\"");
    expect(page, 403, ">14&lt;55</textarea>");
    ck_assert_ptr_null(strstr(page, "value=\"ended\""));
    ck_assert_ptr_null(strstr(see(HEAD, REEM), "55\""));
    /* what another site made up is no form of ours */
    page = send_to(HEAD, "Sec-Fetch-Site: cross-site\r\n" REEM, form);
    expect(page, 403, "You may not see this page");
    ck_assert_ptr_null(strstr(page, "textarea"));
    expect(send_to(HEAD, REEM, form), 403, "You may not see this page");
    expect(send_to(HEAD, "", form), 303, "Location: /signin");
    expect(send_to(HEAD, OURS "Cookie: session=noura; lang=en\r\n", form), 403,
           "You may not see this page");
    end();
}

TEST(numbers_and_days_are_taken_as_they_are_written_in_arabic)
{
    begin();
    draft_begins();
    expect(change(REEM, "policy", 1, "١٤٠٠"), 303, "saved=1");
    expect(see(HEAD, REEM), 200, "value=\"1400\"");
    expect(change(REEM, "policy", 2, "1,410"), 303, "saved=1");
    expect(see(HEAD, REEM), 200, "value=\"1410\"");
    expect(change(REEM, "policy", 3, "١٬٤٢٠٫٥"), 303, "saved=1");
    expect(see(HEAD, REEM), 200, "value=\"1420.5\"");
    /* no number of thousands: as it was typed, and told as a fault */
    expect(change(REEM, "policy", 4, "14,30"), 303, "saved=1");
    expect(see(HEAD, REEM), 200, "value=\"14,30\"");
    expect(change(REEM, "policy", 5, "1430.50"), 303, "saved=1");
    expect(see(HEAD, REEM), 200, "value=\"1430.50\"");
    /* "٢٠٢٧-٠١-٠١" and "١٤٤٠" */
    expect(send_to(HEAD, REEM,
                   "csrf=policy&save=6&do=since&since="
                   "%D9%A2%D9%A0%D9%A2%D9%A7-%D9%A0%D9%A1-%D9%A0%D9%A1"
                   "&c2=%D9%A1%D9%A4%D9%A4%D9%A0"),
           303, "saved=1");
    const char *page = see(HEAD, REEM);
    expect(page, 200, "2027-01-01");
    expect(page, 200, "value=\"1440\"");
    /* a condition of two numbers is no number of thousands */
    expect(
        send_to(HEAD, REEM, "csrf=policy&save=7&do=add&row=1&c1=1%2C400&c2=7"),
        303, "saved=1");
    page = see(HEAD, REEM);
    expect(page, 200, "value=\"1,400\"");
    expect(send_to("/decisions/threshold", REEM,
                   "csrf=policy&save=8&do=text&c1=max(1%2C400)"),
           303, "saved=1");
    expect(see("/decisions/threshold", REEM), 200, ">max(1,400)</textarea>");
    /* "7 + ٤٢ + "٤٢"" and the name "حد ٤٢" */
    expect(send_to("/decisions/threshold", REEM,
                   "csrf=policy&save=9&do=text&c1=7+%2B+%D9%A4%D9%A2+%2B+%22"
                   "%D9%A4%D9%A2%22+%2B+%D8%AD%D8%AF+%D9%A4%D9%A2"),
           303, "saved=1");
    expect(see("/decisions/threshold", REEM), 200,
           ">7 + 42 + &quot;\xd9\xa4\xd9\xa2&quot; + "
           "\xd8\xad\xd8\xaf \xd9\xa4\xd9\xa2</textarea>");
    /* "\\" + "٤" + ٤: a backslash that hides another, and no quote */
    expect(send_to("/decisions/threshold", REEM,
                   "csrf=policy&save=10&do=text&c1=%22%5C%5C%22+%2B+%22"
                   "%D9%A4%22+%2B+%D9%A4"),
           303, "saved=1");
    expect(see("/decisions/threshold", REEM), 200,
           ">&quot;\\\\&quot; + &quot;\xd9\xa4&quot; + 4</textarea>");
    end();
}

TEST(an_expression_is_edited_and_what_cannot_be_is_told)
{
    begin();
    draft_begins();
    const char *wealth = "/decisions/threshold";
    expect(see(wealth, REEM), 200, "id=\"code\"");
    expect(send_to(wealth, REEM, "csrf=policy&save=1&do=text&c1=1+%2B+1"), 303,
           "saved=1");
    expect(see(wealth, REEM), 200, ">1 + 1</textarea>");
    expect(see("/decisions/nothing", REEM), 404, NULL);
    end();
}

#define ENTRIES "/decisions/entitlement"

TEST(the_entries_of_a_context_are_edited_as_cells_are)
{
    begin();
    draft_begins();
    const char *page = see(ENTRIES, REEM);
    expect(page, 200, "for=\"p1c1\"><bdi>eligible</bdi>");
    expect(page, 200, "id=\"p2c1\" name=\"c1\"");
    ck_assert_ptr_null(strstr(page, "cannot be edited in the browser"));
    expect(send_to(ENTRIES, REEM,
                   "csrf=policy&save=1&do=part&row=2&c1=Pension+%2B+0"),
           303, "/decisions/entitlement?saved=1#p2");
    expect(see(ENTRIES, REEM), 200, "value=\"Pension + 0\"");
    expect(see("", REEM), 200, "<bdi>Pension</bdi> -&gt; <bdi>Pension + 0");
    /* digits as people write them */
    expect(
        send_to(ENTRIES, REEM,
                "csrf=policy&save=2&do=part&row=2&c1=%D9%A1%D9%A4%D9%A0%D9%A0"),
        303, "#p2");
    expect(see(ENTRIES, REEM), 200, "value=\"1400\"");
    expect(send_to(ENTRIES, REEM, "csrf=policy&save=3&do=part&row=2&c1=1400"),
           400, "Nothing here was changed");
    page = send_to(ENTRIES, REEM, "csrf=policy&save=3&do=part&row=2&c1=+");
    expect(page, 400, "may not be empty");
    expect(page, 400, "href=\"#p2c1\"");
    expect(send_to(ENTRIES, REEM, "csrf=policy&save=3&do=part&row=77&c1=7"),
           400, "Write the number of an entry");
    expect(send_to(ENTRIES, REEM, "csrf=policy&save=3&do=save&row=2&c1=7"), 400,
           NULL);
    /* a fault is saved, and told by its entry */
    expect(send_to(ENTRIES, REEM,
                   "csrf=policy&save=3&do=part&row=2&c1=Pension+%2B"),
           303, "#p2");
    expect(see(ENTRIES, REEM), 200, "entry: <bdi>amount</bdi>");
    /* what was typed over an older text stands apart, to be saved again */
    page = send_to(ENTRIES, FAISAL, "csrf=faisal&save=3&do=part&row=2&c1=9");
    expect(page, 409, "Somebody saved a newer text");
    expect(page, 409, "id=\"stale-row\" name=\"row\"");
    expect(page, 409, ">9</textarea>");
    expect(page, 409, "value=\"part\"");
    expect(page, 409, "value=\"Pension +\"");
    expect(see(ENTRIES, REEM_AR), 200, "البند <bdi>2</bdi>");
    end();
}

TEST(lists_and_relations_are_edited_by_part)
{
    begin();
    draft_begins_as("Parts");
    const char *page = see(ENTRIES, REEM);
    expect(page, 200, "id=\"p2c2\" name=\"c2\"");
    expect(page, 200, "for=\"p4c2\"><bdi>share</bdi>");
    expect(page, 200, "id=\"p7\"");
    expect(send_to(ENTRIES, REEM,
                   "csrf=policy&save=3&do=part&row=4&c1=3&c2=%D9%A5%D9%A0"),
           303, "#p4");
    page = see(ENTRIES, REEM);
    expect(page, 200, "name=\"c2\" autocomplete=\"off\" value=\"50\"");
    expect(page, 200, "value=\"3\"");
    expect(send_to(ENTRIES, REEM, "csrf=policy&save=4&do=part&row=7&c1=80"),
           303, "#p7");
    page = see(ENTRIES, REEM);
    expect(page, 200, "value=\"80\"");
    expect(page, 200, "value=\"7\"");
    /* a cell is a list: the rows are left to the file */
    draft_begins_as("Deep+parts");
    page = see(ENTRIES, REEM);
    expect(page, 200, "This table inside of the rule cannot be edited");
    ck_assert_ptr_null(strstr(page, "id=\"p2c2\""));
    end();
}

TEST(words_are_said_and_a_draft_is_returned_or_withdrawn)
{
    begin();
    draft_begins();
    expect(send_to("", FAISAL, "csrf=faisal&save=1&do=comment&text=+"), 400,
           "Say it in words");
    expect(send_to("", FAISAL, "csrf=faisal&save=1&do=comment&text=Too+much"),
           303, place);
    expect(see("", REEM), 200, "<bdi>Too much</bdi>");
    expect(send_to("", FAISAL,
                   "csrf=faisal&save=1&do=comment&text=One%0D%0Atwo%0D%0A"),
           303, place);
    expect(see("", REEM), 200, "<bdi>One two</bdi>");
    const char *page =
        send_to("", FAISAL, "csrf=faisal&save=1&do=comment&text=No%E2%80%AEt");
    expect(page, 400, "<bdi>U+202E</bdi> at place");
    expect(page, 400, "href=\"#words\"");
    expect(page, 400, "maxlength=\"2000\" aria-invalid=\"true\">No");
    page = send_to("", REEM,
                   "csrf=policy&save=1&do=submit&month=2027-01&text=Because");
    expect(page, 400, "href=\"#check\""); /* it changes nothing */
    expect(page, 400, "value=\"2027-01\"");
    expect(page, 400, "aria-describedby=\"reason-hint\">Because");
    expect(send_to("", REEM, "csrf=policy&save=1&do=submit&month=2027-01"), 400,
           "changes nothing");
    expect(send_to("", REEM, "csrf=policy&save=1&do=nothing"), 400, NULL);
    expect(send_to("", REEM, "csrf=policy&save=1&do=withdraw&text=No+need"),
           303, place);
    expect(see("", REEM), 200, "withdrew it");
    expect(see(HEAD, REEM), 200, "cannot be edited");
    end();
}

/* The second person and everybody else reads what would be lost. */
TEST(a_version_that_is_undone_is_told_with_what_it_loses)
{
    begin();
    draft_begins();
    expect(change(REEM, "policy", 1, "1777"), 303, "saved=1");
    expect(send_to("", REEM,
                   "csrf=policy&save=2&do=submit&month=2027-01&text="
                   "Only+said"),
           303, place);
    const char *page = see("", FAISAL);
    expect(page, 200, "Said when it was submitted: <bdi>Only said</bdi>");
    ck_assert_ptr_null(strstr(page, "id=\"undone\""));
    expect(send_to("", FAISAL, "csrf=faisal&save=2&step=3&do=approve"), 303,
           place);
    expect(send_to("", REEM, "csrf=policy&save=2&do=publish"), 303, place);
    const char *reply =
        post("/p/drafts", REEM,
             "csrf=policy&model=pension&title=Before&month=2026-12");
    expect(reply, 303, "Location: /p/drafts/");
    const char *at = strstr(reply, "Location: ") + strlen("Location: ");
    snprintf(place, sizeof place, "%.*s", (int)strcspn(at, "\r"), at);
    expect(change(REEM, "policy", 1, "1400"), 303, "saved=1");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=2026-12"), 409,
           "a newer version holds");
    expect(send_to("", REEM,
                   "csrf=policy&save=2&do=submit&month=2026-12&text="
                   "Meant"),
           303, place);
    for (int state = 0; state < 3; state++) { /* review, approved, published */
        page = see("", state == 0 ? REEM : FAISAL);
        expect(page, 200, "undoes the published version");
        expect(page, 200, "January 2027");
        expect(page, 200, "<bdi>1777</bdi> -&gt; <bdi>1400</bdi>");
        expect(page, 200, "later months is undone: <bdi>Meant</bdi>");
        ck_assert_ptr_null(strstr(page, "decided months"));
        expect(see("", REEM_AR), 200, "تُبطل النسخة المنشورة");
        if (state == 0) {
            expect(send_to("", FAISAL, "csrf=faisal&save=2&step=3&do=approve"),
                   303, place);
        } else if (state == 1) {
            expect(send_to("", REEM, "csrf=policy&save=2&do=publish"), 303,
                   place);
        }
    }
    end();
}

/* What the law gives to everybody in a month, as a file tells it. */
static long long cost_of(const char *month)
{
    char address[64];
    snprintf(address, sizeof address, "/p/simulate/json?month=%s", month);
    const char *reply = get(address, REEM);
    expect(reply, 200, "\"before\":");
    const char *at = strstr(strstr(reply, "\"before\":"), "\"cost\":");
    ck_assert_ptr_nonnull(at);
    at += strcspn(at, "0123456789");
    return strtoll(at, NULL, 10);
}

TEST(what_is_published_is_the_law_of_the_desk_at_once)
{
    served.nation = true;
    begin();
    expect(get("/p/simulate?month=2027-02", REEM), 200, "value=\"1320\"");
    long long old = cost_of("2027-02"), now = cost_of("2026-12");
    draft_begins();
    expect(change(REEM, "policy", 1, "1400"), 303, "saved=1");
    expect(send_to("", REEM, "csrf=policy&save=2&do=submit&month=2027-01"), 303,
           place);
    expect(send_to("", FAISAL, "csrf=faisal&save=2&step=3&do=approve"), 303,
           place);
    expect(send_to("", REEM, "csrf=policy&save=2&do=publish"), 303, place);
    expect(get("/p/simulate?month=2027-02", REEM), 200, "value=\"1400\"");
    expect(get("/p/simulate?month=2026-12", REEM), 200, "value=\"1320\"");
    expect(get("/p/simulate?month=2027-02&a.basic_minimum_head=1400", REEM),
           303, "Location: /p/simulate?month=2027-02\r\n");
    ck_assert_int_gt(cost_of("2027-02"), old);
    ck_assert_int_eq(cost_of("2026-12"), now);
    expect(get("/p/models/pension/decisions/basic_minimum_head", REEM), 200,
           "1,320");
    /* and a notice of it stands before everybody until then */
    char link[128];
    (void)snprintf(link, sizeof link, "<a href=\"%s\"><bdi>Raise it</bdi></a>",
                   place);
    static const char *const pages[] = {
        "/p", "/p/models/pension",
        "/p/models/pension/decisions/basic_minimum_head",
        "/p/models/pension/decisions/entitlement"};
    for (int i = 0; i < 4; i++) {
        const char *page = get(pages[i], REEM);
        expect(page, 200, link);
        expect(page, 200, "Published, from");
        const char *value = strstr(page, "1,400");
        ck_assert((value != NULL) == (i == 2));
    }
    expect(get("/p", REEM_AR), 200, "منشور يسري اعتبارًا من");
    end();
}
