#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness.h"
#include "web/out.h"

static Buf buf;
static TextStyle style;
static Arena *arena;

static Out make(void)
{
    Diag diag = {.key = ""};
    arena = arena_open(1 << 20);
    Texts *texts = text_empty(arena);
    Str tsv = STR("t.plain\tنص <و> & \"\tText <and> & \"\n"
                  "t.named\tمرحبًا {0}!\tHello {0}!\n"
                  "t.count\t{0|one:فرد|two:فردان|few:# أفراد|other:# فرد}\t"
                  "{0|one:one|other:#}\n");
    ck_assert_int_eq(text_add(texts, "t.tsv", tsv, &diag), OK);
    style = (TextStyle){.texts = texts, .lang = TEXT_EN};
    buf = buf_make(1 << 16);
    return (Out){.buf = &buf, .style = &style};
}

static void done(const char *expected)
{
    EXPECT_STR(buf_view(&buf), expected);
    buf_free(&buf);
    arena_close(arena);
}

TEST(text_cannot_become_markup)
{
    Out out = make();
    out_html(&out, STR("<b a=\"1\" c='2'>&amp;</b>"));
    done("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;");
}

TEST(isolates_become_bdi_and_are_closed)
{
    Out out = make();
    out_html(&out, STR("a \u2068b\u2069 \u2067c \u2069\u2069 \u2066d"));
    done("a <bdi>b</bdi> <bdi>c </bdi> <bdi>d</bdi>");
}

TEST(overrides_of_direction_are_left_out)
{
    Out out = make();
    out_html(&out, STR("a\u202eb\u202c\u202ac – é س \u2014"));
    done("abc – é س \u2014");
}

TEST(a_value_has_no_tags)
{
    Out out = make();
    out_value(&out, STR("x\u2068\"y\"\u2069<"));
    done("x&quot;y&quot;&lt;");
}

TEST(a_part_of_an_address_is_escaped_whole)
{
    Out out = make();
    out_url(&out, STR("//a?b=c&\"<س"));
    done("%2F%2Fa%3Fb%3Dc%26%22%3C%D8%B3");
}

TEST(an_address_leads_to_this_site_only)
{
    static const char *const foreign[] = {
        "//evil", "/\\evil", "https://evil", "javascript:x",
        "",       "x",       "/a b",         "/a\nb"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        Out out = make();
        out_path(&out, str_of(foreign[i]));
        done("#");
    }
    Out out = make();
    out_path(&out, STR("/w?q=\"&x=1"));
    done("/w?q=&quot;&amp;x=1");
}

TEST(texts_are_escaped_and_their_arguments_isolated)
{
    Out out = make();
    out_text(&out, 0, "t.plain");
    buf_char(&buf, '|');
    out_textf(&out, "t.named", (TextArg[]){PAGE_ARG("0", STR("<i>\u2069x"))},
              1);
    buf_char(&buf, '|');
    out_textf_value(&out, "t.named", (TextArg[]){PAGE_ARG("0", STR("\""))}, 1);
    buf_char(&buf, '|');
    out_textf(&out, "t.count", (TextArg[]){PAGE_ARG("0", (int64_t)1)}, 1);
    buf_char(&buf, '\0');
    ck_assert_ptr_null(strstr(buf.at, "<i>"));
    ck_assert_ptr_nonnull(strstr(buf.at, "Text &lt;and&gt; &amp; &quot;|"));
    ck_assert_ptr_nonnull(strstr(buf.at, "Hello <bdi>&lt;i&gt;</bdi>x!|"));
    ck_assert_ptr_nonnull(strstr(buf.at, "|Hello &quot;!|one"));
    buf_free(&buf);
    arena_close(arena);
}

/* Whether tools/pages compiles a template of this text. */
static bool compiles(const char *text)
{
    char folder[] = "/tmp/sanad-pages-XXXXXX";
    char path[128];
    char command[512];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x.html", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fputs(text, file);
    (void)fclose(file);
    (void)snprintf(command, sizeof command,
                   "%s %s >/dev/null 2>&1; s=$?; rm -r %s; exit $s",
                   harness_path("../tools/pages"), path, folder);
    int status = system(command);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(a_template_that_could_be_unsafe_does_not_compile)
{
    static const char *const bad[] = {
        "<p {{x}}>",
        "<p class={{x}}>",
        "<a href=\"{{x}}\">",
        "<a href=\"//{{x}}\">",
        "<a href=\"{{t k}}\">",
        "<a HREF=\"{{x}}\">",
        "<p onclick=\"{{x}}\">",
        "<p style=\"{{x}}\">",
        "<script>{{x}}</script>",
        "<style>{{x}}</style>",
        "<!-- {{x}} -->",
        "<{{x}}>",
        "{{&x}}",
        "{{{x}}}",
        "{{#x}}<b{{/x}}",
        "{{?x}}<p class=\"{{/x}}\">",
        "{{?x}}",
        "{{/x}}",
        "{{#a}}{{/b}}",
        "<p a='b'>",
        "<p class=\"{{x}}",
        "{{>nothing}}",
        "{{x",
        "<a href=\"/a\" title=\"{{url x}}\">",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!compiles(bad[i]), "compiled: %s", bad[i]);
    ck_assert(compiles("<a href=\"/w/{{x}}\" class=\"a{{?b}} c{{/b}}\">"
                       "{{t k.l x}}{{#y}}{{z}}{{page.q}}{{/y}}</a>"));
}
