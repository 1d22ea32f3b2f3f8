#include <time.h>

#include "served.c"

TEST(requests_that_are_not_exactly_right_are_refused)
{
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
         411},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
         411},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
         "Content-Length: 2\r\n\r\nab",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
         "Content-Length: 1\r\n\r\na",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nabcde",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nabcd",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\na",
         400},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
         413},
        {"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
         "Content-Type: application/json\r\n\r\n{}",
         415},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nB(d: 1\r\n\r\n", 400},
        {"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /?a=%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /?a=%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /?a=1&a=2 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"GET /w/households/%2e%2e%2f HTTP/1.1\r\nHost: x\r\n"
         "Connection: close\r\n\r\n",
         404},
        {"DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
         "Connection: close\r\n\r\n",
         405},
        {"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404},
    };
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reply = talk(cases[i].request, strlen(cases[i].request));
        ck_assert_msg(status_of(reply) == cases[i].status,
                      "status %d, expected %d for:\n%s", status_of(reply),
                      cases[i].status, cases[i].request);
        const char *again = strstr(reply + 1, "HTTP/1.1 200");
        ck_assert_msg(again == NULL, "two answers to:\n%s", cases[i].request);
    }
    end();
}

TEST(a_head_that_is_too_long_gets_431)
{
    static char request[64 * 1024];
    begin();
    int bytes =
        snprintf(request, sizeof request,
                 "GET / HTTP/1.1\r\nHost: x\r\nX: %0*d\r\n\r\n", 17000, 0);
    ck_assert_int_eq(status_of(talk(request, (size_t)bytes)), 431);
    bytes = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 80; i++)
        bytes += snprintf(request + bytes, 64, "X-%d: 1\r\n", i);
    bytes += snprintf(request + bytes, 8, "\r\n");
    ck_assert_int_eq(status_of(talk(request, (size_t)bytes)), 431);
    end();
}

TEST(no_request_is_counted_in_flight_after_it_failed)
{
    begin();
    (void)talk("GET / HTTP/1.1\r\n\r\n", 18);
    (void)talk("BROKEN\r\n\r\n", 10);
    (void)talk("GET / HTTP/1.1\r\nHost: x\r\nX: ", 28);
    /* the server sees that they hung up a moment after they did */
    const char *only_this = "sanad_http_requests_in_flight 1\n";
    const struct timespec moment = {.tv_nsec = 20000000};
    for (int i = 0; i < 250; i++) {
        if (strstr(get("/metrics", ""), only_this) != NULL) break;
        nanosleep(&moment, NULL);
    }
    expect(get("/metrics", ""), 200, only_this);
    end();
}

TEST(every_answer_has_the_security_headers)
{
    static const char *const targets[] = {"/", "/nothing", "/healthz",
                                          "/signin"};
    begin();
    for (size_t i = 0; i < 4; i++) {
        const char *reply = get(targets[i], "");
        ck_assert_ptr_nonnull(strstr(reply, "frame-ancestors 'none'"));
        ck_assert_ptr_nonnull(strstr(reply, "default-src 'none'"));
        ck_assert_ptr_null(strstr(reply, "unsafe-"));
        ck_assert_ptr_nonnull(strstr(reply, "Content-Type-Options: nosniff"));
        ck_assert_ptr_nonnull(strstr(reply, "Referrer-Policy: same-origin"));
        ck_assert_ptr_nonnull(strstr(reply, "Cache-Control: no-store"));
    }
    end();
}

TEST(pages_are_arabic_first_and_english_beside)
{
    begin();
    expect(get("/", ""), 200, "<html lang=\"ar\" dir=\"rtl\" ");
    expect(get("/?lang=en", ""), 200, "<html lang=\"en\" dir=\"ltr\" ");
    expect(get("/", "Cookie: lang=en\r\n"), 200, "<html lang=\"en\"");
    expect(get("/?lang=en", ""), 200, "Set-Cookie: lang=en; Path=/; HttpOnly");
    expect(get("/nothing", ""), 404, "<section class=\"other\" lang=\"en\"");
    end();
}

TEST(the_size_of_text_is_chosen_without_scripts_and_kept)
{
    begin();
    expect(get("/", ""), 200, "data-size=\"normal\"");
    const char *reply = get("/?size=larger", "");
    expect(reply, 200, "data-size=\"larger\"");
    expect(reply, 200, "Set-Cookie: size=larger; Path=/; HttpOnly");
    expect(reply, 200, "href=\"/?size=normal\"");
    expect(get("/", "Cookie: size=large\r\n"), 200, "data-size=\"large\"");
    expect(get("/nothing", "Cookie: size=large\r\n"), 404,
           "data-size=\"large\"");
    expect(get("/?size=huge", ""), 200, "data-size=\"normal\"");
    expect(
        get("/decision?month=2026-12&size=large", "Cookie: session=noura\r\n"),
        200, "href=\"/decision?month=2026-12&amp;size=larger\"");
    for (int i = 0; i < 2; i++) {
        expect(get("/home", "Cookie: session=noura; size=larger\r\n"), 200,
               "data-size=\"larger\"");
        expect(get("/home", "Cookie: session=noura\r\n"), 200,
               "data-size=\"normal\"");
    }
    end();
}

TEST(a_stranger_is_sent_to_sign_in)
{
    static const char *const closed[] = {
        "/home", "/household/looks", "/decision",           "/household",
        "/w",    "/w/purpose",       "/w/households/104233"};
    begin();
    for (size_t i = 0; i < 7; i++)
        expect(get(closed[i], ""), 303, "Location: /signin");
    expect(get("/home", "Cookie: session=forged\r\n"), 303, NULL);
    end();
}

TEST(roles_do_not_enter_each_others_rooms)
{
    begin();
    expect(get("/w", "Cookie: session=noura\r\n"), 403, NULL);
    expect(get("/w/purpose", "Cookie: session=noura\r\n"), 403, NULL);
    expect(post("/w/purpose", "Cookie: session=noura\r\n",
                "csrf=noura&purpose=call"),
           403, NULL);
    expect(get("/w/households/104233", "Cookie: session=noura\r\n"), 403, NULL);
    expect(get("/home", "Cookie: session=huda\r\n"), 403, NULL);
    expect(get("/w/households/403", "Cookie: session=huda\r\n"), 403, NULL);
    expect(get("/w/households/5", "Cookie: session=huda\r\n"), 404, NULL);
    expect(get("/w/households/x", "Cookie: session=huda\r\n"), 404, NULL);
    expect(get("/w/households/%D9%A4%D9%A0%D9%A3",
               "Cookie: session=huda\r\n"), /* 403 in Arabic digits */
           403, NULL);
    end();
}

TEST(a_beneficiary_sees_amount_day_and_reason)
{
    begin();
    const char *noura = "Cookie: session=noura; lang=en\r\n";
    expect(get("/home", noura), 200, "SAR 2,847.50");
    expect(get("/home", noura), 200, "Tuesday 1 December 2026");
    expect(get("/home", noura), 200, "1448 AH");
    expect(get("/decision", noura), 200, "assumption");
    expect(get("/decision?month=2026-12", noura), 200, "Article 5");
    expect(get("/decision?month=x", noura), 400, NULL);
    expect(get("/decision?month=%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A1%D9%A2", noura),
           200, "Article 5");
    expect(get("/decision?month=2020-01", noura), 404, NULL);
    expect(get("/household", noura), 200, "Social Insurance (GOSI)");
    const char *salem = "Cookie: session=salem; lang=en\r\n";
    expect(get("/home", salem), 200, "not entitled");
    expect(get("/home", "Cookie: session=noura; digits=arab\r\n"), 200,
           "٢٬٨٤٧٫٥٠");
    end();
}

/* Copies the body of the last reply. */
static char *body_of(const char *reply)
{
    const char *body = strstr(reply, "\r\n\r\n");
    ck_assert_ptr_nonnull(body);
    return strdup(body + 4);
}

TEST(a_beneficiary_sees_who_looked_and_who_was_refused)
{
    begin();
    const char *noura = "Cookie: session=noura; lang=en\r\n";
    expect(get("/household", noura), 200, "href=\"/household/looks\"");
    expect(get("/household/looks", noura), 200, "20 November 2026");
    expect(get("/household/looks", noura), 200, "Objection</td>");
    expect(get("/household/looks", noura), 200, "not known</td>");
    expect(get("/household/looks", noura), 200,
           "<span class=\"tag bad\">Refused</span>");
    expect(get("/household/looks", "Cookie: session=salem; lang=en\r\n"), 200,
           "Nobody has looked");
    expect(get("/household/looks", "Cookie: session=huda\r\n"), 403, NULL);
    end();
}

TEST(a_page_that_is_given_again_has_the_same_bytes_and_headers)
{
    begin();
    const char *noura = "Cookie: session=noura; lang=en\r\n";
    char *first = body_of(get("/home", noura));
    expect(get("/metrics", ""), 200, "kept_total{found=\"yes\"} 0\n");
    for (int i = 0; i < 3; i++) {
        const char *reply = get("/home", noura);
        expect(reply, 200, "frame-ancestors 'none'");
        expect(reply, 200, "Cache-Control: no-store");
        expect(reply, 200, "Content-Type: text/html; charset=utf-8");
        char *again = body_of(reply);
        ck_assert_str_eq(first, again);
        free(again);
    }
    expect(get("/metrics", ""), 200, "kept_total{found=\"yes\"} 3\n");
    const char *head = ask("HEAD", "/home", noura, "");
    expect(head, 200, "Content-Length: ");
    ck_assert_ptr_null(strstr(head, "<html"));
    free(first);
    end();
}

TEST(a_kept_page_is_for_its_session_language_and_digits_alone)
{
    begin();
    for (int i = 0; i < 2; i++) {
        expect(get("/home", "Cookie: session=noura; lang=en\r\n"), 200,
               "<bdi>Noura Al-Qahtani</bdi>");
        const char *salem = get("/home", "Cookie: session=salem; lang=en\r\n");
        expect(salem, 200, "value=\"salem\"");
        ck_assert_ptr_null(strstr(salem, "value=\"noura\""));
        expect(get("/home", "Cookie: session=noura\r\n"), 200,
               "<html lang=\"ar\"");
        expect(get("/home", "Cookie: session=noura; digits=arab\r\n"), 200,
               "٢٬٨٤٧٫٥٠");
        expect(get("/home?digits=latn", "Cookie: session=noura\r\n"), 200,
               "Set-Cookie: digits=latn");
        expect(get("/home", "Cookie: session=huda\r\n"), 403, NULL);
        expect(get("/home", ""), 303, "Location: /signin");
    }
    end();
}

TEST(a_change_makes_a_kept_page_anew)
{
    begin();
    const char *noura = "Cookie: session=noura; lang=en\r\n";
    const char *huda = "Cookie: session=huda\r\n";
    expect(get("/home", noura), 200, "SAR 2,847.50");
    expect(get("/home", noura), 200, "SAR 2,847.50");
    expect(get("/w?q=change", huda), 200, NULL);
    expect(get("/home", noura), 200, "SAR 2,848.50");
    expect(get("/home", noura), 200, "SAR 2,848.50");
    end();
}

TEST(a_kept_page_that_may_not_be_read_any_more_is_not_given)
{
    begin();
    const char *noura = "Cookie: session=noura; lang=en\r\n";
    expect(get("/home", noura), 200, "SAR 2,847.50");
    expect(get("/w?q=deny", "Cookie: session=huda\r\n"), 200, NULL);
    const char *reply = get("/home", noura);
    expect(reply, 403, NULL);
    ck_assert_ptr_null(strstr(reply, "2,847"));
    end();
}

TEST(errors_of_the_backend_become_pages)
{
    begin();
    const char *huda = "Cookie: session=huda; lang=en\r\n";
    expect(get("/w?q=busy", huda), 503, "The service is busy");
    expect(get("/w?q=conflict", huda), 409, NULL);
    expect(get("/w?q=broken", huda), 500, NULL);
    expect(get("/w?q=nobody", huda), 200, "No household has this");
    const char *kin = get("/w?q=kin", huda);
    expect(kin, 200, "is not shown because it concerns your own");
    ck_assert_ptr_null(strstr(kin, "No household has this"));
    ck_assert_ptr_null(strstr(kin, "<table"));
    expect(get("/w?q=+", huda), 200, "Type a number or a name");
    end();
}

TEST(what_people_type_is_escaped)
{
    begin();
    const char *reply = get("/w?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                            "Cookie: session=huda\r\n");
    expect(reply, 200, "&quot;&gt;&lt;script&gt;");
    ck_assert_ptr_null(strstr(reply, "<script>alert"));
    end();
}

/* The secret that a form page sets as a cookie. */
static void form_secret(char ret[64])
{
    const char *reply = get("/signin", "");
    const char *at = strstr(reply, "Set-Cookie: form=");
    ck_assert_ptr_nonnull(at);
    at += strlen("Set-Cookie: form=");
    size_t bytes = strcspn(at, ";");
    ck_assert_uint_lt(bytes, 64);
    memcpy(ret, at, bytes);
    ret[bytes] = '\0';
}

TEST(a_form_without_its_secret_is_refused)
{
    char secret[64];
    char cookie[128];
    char form[256];
    begin();
    expect(post("/signin/persona", "", "persona=noura"), 403, NULL);
    form_secret(secret);
    (void)snprintf(cookie, sizeof cookie, "Cookie: form=%s\r\n", secret);
    (void)snprintf(form, sizeof form, "csrf=%s&persona=noura", secret);
    expect(post("/signin/persona", "", form), 403, NULL);
    expect(post("/signin/persona", cookie, "csrf=x&persona=noura"), 403, NULL);
    char cross[256];
    (void)snprintf(cross, sizeof cross, "%sSec-Fetch-Site: cross-site\r\n",
                   cookie);
    expect(post("/signin/persona", cross, form), 403, NULL);
    expect(post("/signin/persona", cookie, form), 303,
           "Set-Cookie: session=noura; Path=/; HttpOnly; SameSite=Lax");
    expect(post("/signout", "Cookie: session=noura\r\n", "csrf=no"), 403, NULL);
    expect(post("/signout", "Cookie: session=noura\r\n", "csrf=noura"), 303,
           "Set-Cookie: session=; Path=/");
    end();
}

TEST(forms_keep_what_was_typed_and_say_what_is_wrong)
{
    char secret[64];
    char cookie[128];
    char form[256];
    begin();
    form_secret(secret);
    (void)snprintf(cookie, sizeof cookie, "Cookie: form=%s; lang=en\r\n",
                   secret);
    (void)snprintf(form, sizeof form, "csrf=%s&national_id=12%%3C3", secret);
    const char *reply = post("/signin", cookie, form);
    expect(reply, 400, "value=\"12&lt;3\"");
    expect(reply, 400, "<title>Error: ");
    expect(reply, 400, "href=\"#national-id\"");
    (void)snprintf(form, sizeof form, "csrf=%s&national_id=%%D9%%A1000000008",
                   secret);
    expect(post("/signin", cookie, form), 200, "name=\"code\"");
    (void)snprintf(form, sizeof form,
                   "csrf=%s&national_id=1000000008&code=000000", secret);
    expect(post("/signin/code", cookie, form), 400, "has expired");
    (void)snprintf(form, sizeof form,
                   "csrf=%s&national_id=1000000008&code=123+456", secret);
    expect(post("/signin/code", cookie, form), 303, "Location: /home");
    (void)snprintf(form, sizeof form,
                   "csrf=%s&user=huda&password=&code=", secret);
    expect(post("/signin/staff", cookie, form), 400, "value=\"huda\"");
    (void)snprintf(form, sizeof form,
                   "csrf=%s&user=huda&password=correct+horse&code=123456",
                   secret);
    expect(post("/signin/staff", cookie, form), 303, "Location: /w");
    end();
}

/* Signs somebody in as a persona; he asked for a page before. */
static const char *signs_in(const char *who, const char *next)
{
    static char kept[512];
    char secret[64];
    char cookie[1300];
    char form[256];
    form_secret(secret);
    (void)snprintf(cookie, sizeof cookie, "Cookie: form=%s; next=%s\r\n",
                   secret, next);
    (void)snprintf(form, sizeof form, "csrf=%s&persona=%s", secret, who);
    const char *reply = post("/signin/persona", cookie, form);
    expect(reply, 303, "Set-Cookie: session=");
    const char *at = strstr(reply, "Location: ");
    ck_assert_ptr_nonnull(at);
    (void)snprintf(kept, sizeof kept, "%.*s", (int)strcspn(at + 10, "\r"),
                   at + 10);
    return kept;
}

TEST(who_signs_in_comes_to_the_page_that_he_was_kept_from)
{
    begin();
    expect(get("/p/simulate?month=2026-12&a.earned_share=40&lang=en", ""), 303,
           "Set-Cookie: next=/p/simulate?month=2026-12&a.earned_share=40; "
           "Path=/; HttpOnly");
    expect(get("/decision?month=2026-11", ""), 303,
           "Set-Cookie: next=/decision?month=2026-11;");
    ck_assert_ptr_null(strstr(get("/w?q=1000000008", ""), "next="));
    ck_assert_ptr_null(strstr(get("/p/models/x;Domain=y", ""), "next="));
    ck_assert_str_eq(signs_in("policy", "/p/simulate?month=2026-12"),
                     "/p/simulate?month=2026-12");
    ck_assert_str_eq(signs_in("noura", "/decision?month=2026-11"),
                     "/decision?month=2026-11");
    ck_assert_str_eq(signs_in("noura", "/p/simulate"), "/home");
    ck_assert_str_eq(signs_in("huda", "/home"), "/w");
    ck_assert_str_eq(signs_in("huda", "//evil.example/"), "/w");
    ck_assert_str_eq(signs_in("huda", "/pevil"), "/w");
    ck_assert_str_eq(signs_in("noura", ""), "/home");
    end();
}

TEST(who_leaves_after_his_session_has_ended_is_out_without_a_word)
{
    begin();
    expect(post("/signout", "Cookie: session=ended\r\n", "csrf=ended"), 303,
           "Location: /\r\n");
    expect(post("/signout", "Cookie: session=noura\r\n", "csrf=no"), 403, NULL);
    end();
}

/* Huda signs in; she has not said for what she reads. */
static void huda_begins(void)
{
    char secret[64];
    char cookie[128];
    char form[256];
    form_secret(secret);
    (void)snprintf(cookie, sizeof cookie, "Cookie: form=%s\r\n", secret);
    (void)snprintf(form, sizeof form,
                   "csrf=%s&user=huda&password=correct+horse&code=123456",
                   secret);
    expect(post("/signin/staff", cookie, form), 303, "Location: /w");
}

TEST(staff_are_asked_for_what_they_read_and_led_on)
{
    begin();
    const char *huda = "Cookie: session=huda; lang=en\r\n";
    huda_begins();
    expect(get("/w", huda), 303, "Location: /w/purpose?next=%2Fw%3F\r\n");
    expect(get("/w/households/104233/decision?month=2026-12", huda), 303,
           "Location: /w/purpose?next=%2Fw%2Fhouseholds%2F104233%2Fdecision%3F"
           "month%3D2026-12%26\r\n");
    const char *question =
        get("/w/purpose?next=%2Fw%3Fq%3D%25D8%25B3%26", huda);
    expect(question, 200, "name=\"next\" value=\"/w?q=%D8%B3\"");
    expect(question, 200, "value=\"objection\"");
    ck_assert_ptr_null(strstr(question, "You are reading for:"));
    expect(post("/w/purpose", huda, "csrf=huda&next=%2Fw"), 400,
           "<title>Error");
    expect(post("/w/purpose", huda, "csrf=huda&purpose=fun&next=%2Fw"), 400,
           "Choose first");
    expect(get("/w", huda), 303, "Location: /w/purpose");
    expect(post("/w/purpose", huda, "purpose=call&next=%2Fw"), 403, NULL);
    expect(get("/w", huda), 303, "Location: /w/purpose");
    expect(post("/w/purpose", huda,
                "csrf=huda&purpose=objection&next=%2Fw%2Fhouseholds%2F104233"),
           303, "Location: /w/households/104233\r\n");
    expect(get("/w/households/104233", huda), 200,
           "<strong>Objection to a decision</strong>");
    expect(get("/w?q=x", huda), 200, "/w/purpose?next=%2Fw%3Fq%3Dx%26");
    expect(post("/w/purpose", huda, "csrf=huda&purpose=call&next=%2Fw"), 303,
           "Location: /w\r\n");
    expect(get("/w", huda), 200, "<strong>The person calls</strong>");
    expect(get("/w/purpose", huda), 200,
           "value=\"call\" aria-current=\"true\"");
    ck_assert_ptr_null(
        strstr(get("/home", "Cookie: session=noura; lang=en\r\n"),
               "You are reading for:"));
    end();
}

TEST(the_question_leads_nowhere_but_to_pages_of_staff)
{
    static const char *const elsewhere[] = {
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/w//evil\\x",
        "/home",
        "w/households/1",
        "/wrong",
        "/w/%0d%0aSet-Cookie:x",
        "/w?q=\x01",
        "javascript:alert(1)",
        "",
    };
    char form[256];
    begin();
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        Buf buf = buf_make(256);
        form_escape(&buf, str_of(elsewhere[i]));
        (void)snprintf(form, sizeof form, "csrf=huda&purpose=call&next=%.*s",
                       STR_ARG(buf_view(&buf)));
        buf_free(&buf);
        const char *reply =
            post("/w/purpose", "Cookie: session=huda\r\n", form);
        ck_assert_ptr_null(strstr(reply, "evil.example/"));
        if (strchr(elsewhere[i], '\x01') != NULL)
            expect(reply, 400, NULL);
        else if (strstr(elsewhere[i], "%0d") == NULL)
            expect(reply, 303, "Location: /w\r\n");
        ck_assert_ptr_null(strstr(reply, "\nSet-Cookie:x"));
    }
    end();
}

TEST(parts_are_kept_by_their_tag_and_asked_again_by_etag)
{
    begin();
    const char *reply = get("/", "");
    char target[128];
    const char *at = strstr(reply, "/a/");
    ck_assert_ptr_nonnull(at);
    (void)snprintf(target, sizeof target, "%.*s", (int)strcspn(at, "\""), at);
    reply = get(target, "");
    expect(reply, 200, "immutable");
    const char *etag = strstr(reply, "ETag: ");
    ck_assert_ptr_nonnull(etag);
    char again[128];
    (void)snprintf(again, sizeof again, "If-None-Match: %.18s\r\n", etag + 6);
    reply = get(target, again);
    expect(reply, 304, NULL);
    ck_assert_ptr_null(strstr(reply, "@font-face"));
    expect(get("/a/0000000000000000/sanad.css", ""), 200,
           "Cache-Control: no-cache");
    expect(get("/a/0/../secret", ""), 404, NULL);
    end();
}

TEST(head_gives_the_head_alone)
{
    begin();
    const char *reply = ask("HEAD", "/", "", "");
    expect(reply, 200, "Content-Length: ");
    ck_assert_ptr_null(strstr(reply, "<html"));
    end();
}

TEST(programs_find_health_metrics_and_description)
{
    begin();
    expect(get("/healthz", ""), 200, "ok");
    expect(get("/readyz", ""), 200, "ready");
    expect(get("/metrics", ""), 200, "sanad_http_requests_total");
    expect(get("/openapi.json", ""), 200, "\"openapi\": \"3.1.0\"");
    end();
}

TEST(serves_made_up_people_when_asked_to)
{
    const char *listen = getenv("FAKE_SERVER");
    if (listen == NULL) return;
    served.nation = true;
    /* its lab then waits for a byte on the standard input */
    served.held = getenv("FAKE_HELD") != NULL;
    served.gate[0] = STDIN_FILENO;
    ck_assert_int_eq(serve(listen, NULL, NULL), OK);
}
