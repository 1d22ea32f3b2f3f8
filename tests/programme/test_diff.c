#include "programme/diff.h"
#include "programme/edit.h"
#include "tests/harness.h"

static Arena *arena;
static Str model;

static void open_model(void)
{
    arena = arena_open((size_t)1 << 30);
    model = harness_read(harness_path("../models/social-security/pension.dmn"));
}

static Str replace(Str text, const char *old, const char *now)
{
    size_t bytes = strlen(old);
    for (size_t i = 0; i + bytes <= text.bytes; i++) {
        if (memcmp(text.at + i, old, bytes) != 0) continue;
        return str_of(arena_format(arena, "%.*s%s%.*s", (int)i, text.at, now,
                                   (int)(text.bytes - i - bytes),
                                   text.at + i + bytes));
    }
    ck_abort_msg("no %s", old);
    return text;
}

static ModelDiff compare(Str old, Str now)
{
    Diag diag = {.key = ""};
    ModelDiff diff;
    Err err = model_diff(arena, old, now, &diag, &diff);
    ck_assert_msg(err == OK, "%s", diag.key);
    return diff;
}

TEST(layout_and_comments_are_no_difference)
{
    open_model();
    ck_assert(compare(model, model).same_bytes);
    Str now =
        replace(model, "<!-- ============ 3. Wealth ============ -->", "");
    now = replace(now, "<text>1320</text>", "<text>\n 1320\t</text>");
    now = replace(now, "id=\"wealth_weight\" name=\"Wealth weight\"",
                  "name='Wealth weight'\nid='wealth_weight'");
    ModelDiff diff = compare(model, now);
    ck_assert(!diff.same_bytes);
    ck_assert_uint_eq(diff.count, 0);
}

TEST(a_dated_parameter_is_told_by_its_day)
{
    open_model();
    const Str cells[] = {STR("1400"), STR("Law Article 1"), STR("P2")};
    Edit edit = {.what = EDIT_SINCE,
                 .decision = STR("Basic minimum head"),
                 .cells = cells,
                 .cell_count = 3};
    Diag diag = {.key = ""};
    Str now;
    ck_assert(day_read(STR("2027-01-01"), &edit.since));
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), OK);
    ModelDiff diff = compare(model, now);
    ck_assert_uint_eq(diff.count, 3);
    ck_assert_int_eq(diff.items[0].what, DIFF_DATED);
    EXPECT_STR(diff.items[0].old, "1320");
    EXPECT_STR(diff.items[0].now, "1400");
    ck_assert_int_eq(diff.items[0].from, edit.since);
    ck_assert_int_eq(diff.items[0].until, DAY_OPEN);
    ck_assert_int_eq(diff.items[1].what, DIFF_ROW_CHANGED);
    ck_assert_int_eq(diff.items[1].row, 2);
    ck_assert_int_eq(diff.items[2].what, DIFF_ROW);
    ck_assert_int_eq(diff.items[2].row, 3);
    /* the other way round it is taken out again */
    diff = compare(now, model);
    ck_assert_uint_eq(diff.count, 3);
    EXPECT_STR(diff.items[0].now, "1320");
    ck_assert_int_eq(diff.items[2].what, DIFF_ROW_NOT);
}

/* A past row corrected: from its first day until the next one. */
TEST(a_correction_is_told_with_its_end)
{
    open_model();
    ModelDiff diff = compare(
        model, replace(model, "<text>1100</text>", "<text>1101</text>"));
    Day day;
    ck_assert_uint_eq(diff.count, 2);
    ck_assert_int_eq(diff.items[0].what, DIFF_DATED);
    ck_assert(day_read(STR("2022-01-01"), &day));
    ck_assert_int_eq(diff.items[0].from, day);
    ck_assert(day_read(STR("2023-11-01"), &day));
    ck_assert_int_eq(diff.items[0].until, day);
    ck_assert_int_eq(diff.items[1].what, DIFF_ROW_CHANGED);
}

static const char table[] =
    "<definitions><decision name='T'><decisionTable>"
    "<input label='a'/><output name='o'/><annotation name='Article'/>%s"
    "</decisionTable></decision></definitions>";

static const char row_form[] =
    "<rule><inputEntry><text>%s</text></inputEntry><outputEntry><text>%s</text>"
    "</outputEntry><annotationEntry><text>%s</text></annotationEntry></rule>";

/* A table of rows "a,o,Article; ..." */
static Str table_of(const char *rows)
{
    Buf buf = buf_make(1 << 16);
    Str rest = str_of(rows), row, cell[3];
    while (str_split(&rest, ';', &row)) {
        for (int i = 0; i < 3; i++) ck_assert(str_split(&row, ',', &cell[i]));
        buf_str(&buf, str_of(arena_format(
                          arena, row_form,
                          arena_text(arena, cell[0].at, cell[0].bytes),
                          arena_text(arena, cell[1].at, cell[1].bytes),
                          arena_text(arena, cell[2].at, cell[2].bytes))));
    }
    buf_char(&buf, '\0');
    Str whole = str_of(arena_format(arena, table, buf.at));
    buf_free(&buf);
    return whole;
}

TEST(rows_are_matched_by_what_they_say)
{
    open_model();
    static const struct {
        const char *old, *now, *expected;
    } cases[] = {
        {"1,a,X;2,b,Y", "1,a,X;2,b,Y", ""},
        {"1,a,X;2,b,Y", "2,b,Y;1,a,X", "moved 1->2"},
        {"1,a,X;2,b,Y", "0,z,Z;1,a,X;2,b,Y", "added 1"},
        {"1,a,X;2,b,Y;3,c,Z", "1,a,X;3,c,Z", "removed 2"},
        {"1,a,X;2,b,Y;3,c,Z", "1,a,X;2,q,Y;3,c,Z", "changed 2->2"},
        {"1,a,X;2,b,Y", "9,i,I;8,h,H;7,b,Y;1,a,X",
         "added 1 added 2 changed 2->3"},
        {"1,a,X", "2,b,Y", "added 1 removed 1"},
        {"1,a,X;1,a,X;1,a,X", "1,a,X", "removed 2 removed 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ModelDiff diff =
            compare(table_of(cases[i].old), table_of(cases[i].now));
        Buf said = buf_make(1 << 12);
        for (size_t k = 0; k < diff.count; k++) {
            const DiffItem *item = &diff.items[k];
            if (k > 0) buf_char(&said, ' ');
            if (item->what == DIFF_ROW) {
                buf_format(&said, "added %d", item->row);
            } else if (item->what == DIFF_ROW_NOT) {
                buf_format(&said, "removed %d", item->old_row);
            } else {
                buf_format(&said, "%s %d->%d",
                           item->what == DIFF_ROW_MOVED ? "moved" : "changed",
                           item->old_row, item->row);
            }
        }
        ck_assert_msg(str_is(buf_view(&said), cases[i].expected),
                      "%s to %s: %.*s", cases[i].old, cases[i].now,
                      STR_ARG(buf_view(&said)));
        buf_free(&said);
    }
}

TEST(elements_are_matched_by_id_and_name)
{
    open_model();
    Str now = replace(model, "name=\"Wealth weight\"", "name=\"Weight\"");
    now = replace(now, "<variable name=\"Wealth weight\"",
                  "<variable name=\"Weight\"");
    ModelDiff diff = compare(model, now);
    ck_assert_uint_ge(diff.count, 2);
    ck_assert_int_eq(diff.items[0].what, DIFF_RENAMED);
    EXPECT_STR(diff.items[0].old, "Wealth weight");
    EXPECT_STR(diff.items[0].name, "Weight");
    ck_assert_int_eq(diff.items[1].what, DIFF_NEEDS);
    now = replace(model, "id=\"wealth_weight\" name=\"Wealth weight\"",
                  "id=\"other\" name=\"Other\"");
    diff = compare(model, now);
    ck_assert_int_eq(diff.items[0].what, DIFF_ADDED);
    EXPECT_STR(diff.items[0].now, "Other");
    ck_assert_int_eq(diff.items[diff.count - 1].what, DIFF_REMOVED);
    EXPECT_STR(diff.items[diff.count - 1].name, "Wealth weight");
}

TEST(expressions_columns_and_policies_are_told)
{
    open_model();
    static const struct {
        const char *old, *now;
        DiffWhat what;
        const char *before, *after;
    } cases[] = {
        {"Lookback months / Wealth divisor", "Wealth divisor / 2", DIFF_PART,
         "Lookback months / Wealth divisor", "Wealth divisor / 2"},
        {"if list contains(Excluded kinds, \"rural_support\") then 1 else 0",
         "1", DIFF_PART,
         "if list contains(Excluded kinds, \"rural_support\") then 1 else 0",
         "1"},
        {"hitPolicy=\"UNIQUE\"", "hitPolicy=\"FIRST\"", DIFF_POLICY, "UNIQUE",
         "FIRST"},
        {"<annotation name=\"Status\"/>", "", DIFF_COLUMN_NOT, "Status", NULL},
        {"<output typeRef=\"number\"/>", "<output typeRef=\"string\"/>",
         DIFF_PART, "number", "string"},
        {"<inputExpression typeRef=\"date\"><text>month</text>",
         "<inputExpression typeRef=\"date\"><text>day</text>", DIFF_COLUMN,
         NULL, "day"},
        {"or for an independent", "or an independent", DIFF_DESCRIPTION, NULL,
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ModelDiff diff =
            compare(model, replace(model, cases[i].old, cases[i].now));
        ck_assert_uint_ge(diff.count, 1);
        ck_assert_msg(diff.items[0].what == cases[i].what, "%s: %d",
                      cases[i].old, diff.items[0].what);
        if (cases[i].before != NULL) {
            EXPECT_STR(diff.items[0].old, cases[i].before);
        }
        if (cases[i].after != NULL) {
            EXPECT_STR(diff.items[0].now, cases[i].after);
        }
    }
}

TEST(differences_are_told_in_both_languages_and_as_json)
{
    open_model();
    Str now = replace(model, "<text>1320</text>", "<text>1400</text>");
    now = replace(now, "Lookback months / Wealth divisor", "1");
    ModelDiff diff = compare(model, now);
    TextStyle style = {.lang = TEXT_EN};
    const ModelWords plain = {.programme = NULL};
    Texts *texts;
    Diag diag;
    const Json *json;
    Buf buf = buf_make(1 << 20);
    ck_assert_int_eq(text_open(arena, &diag, &texts), OK);
    style.texts = texts;
    diff_write(&buf, &style, &plain, &diff);
    EXPECT_STR(buf_view(&buf),
               "decision: Basic minimum head\n"
               "  from 2023-11-01: 1320 -> 1400 (Royal order of October 2023; "
               "P1; confirmed)\n"
               "  row 2 changed: result: 1320 -> 1400 (Royal order of October "
               "2023; P1; confirmed)\n"
               "decision: Wealth weight\n"
               "  Lookback months / Wealth divisor -> 1\n");
    buf_reset(&buf);
    JsonOut out = json_out_make(&buf);
    diff_write_json(&out, &style, &plain, &diff);
    ck_assert_int_eq(json_read(arena, buf_view(&buf), &diag, &json), OK);
    ck_assert_uint_eq(json->count, 3);
    Str said;
    ck_assert(json_text(json_get(json_at(json, 0), "from"), &said));
    EXPECT_STR(said, "2023-11-01");
    ck_assert(json_text(json_get(json_at(json, 0), "ar"), &said));
    ck_assert_ptr_nonnull(strstr(arena_text(arena, said.at, said.bytes),
                                 "\u0627\u0639\u062a\u0628\u0627\u0631"));
    buf_free(&buf);
}

TEST(decisions_and_columns_are_called_as_their_readers_call_them)
{
    open_model();
    Str cells[] = {STR("1400"), STR("Law Article 1"), STR("P2"),
                   STR("unconfirmed")};
    Edit edit = {.what = EDIT_SINCE,
                 .decision = STR("Basic minimum head"),
                 .cells = cells,
                 .cell_count = 4};
    const Pack *pack;
    ModelWords words;
    Texts *texts;
    Str now;
    Diag diag = {.key = ""};
    TextStyle style = {.lang = TEXT_AR};
    Buf buf = buf_make(1 << 20);
    ck_assert(day_read(STR("2027-01-01"), &edit.since));
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), OK);
    now = replace(now, "<requiredDecision href=\"#wealth_divisor\"/>",
                  "<requiredDecision href=\"#earned_share\"/>");
    ck_assert_int_eq(text_open(arena, &diag, &texts), OK);
    ck_assert_int_eq(pack_embedded(arena, &diag, &pack), OK);
    ck_assert_int_eq(words_find(arena, pack, now, &diag, &words), OK);
    style.texts = texts;
    ModelDiff diff = compare(model, now);
    diff_write(&buf, &style, &words, &diff);
    static const char *const said[] = {
        "القرار: الحد الأدنى للعائل أو المستقل (Basic minimum head)\n",
        "أُضيف الصف 3: الشهر: >= date(",
        "(المادة الأولى من نظام الضمان الاجتماعي المطوّر؛ P2؛ غير مؤكد)",
        "صار يعتمد على: ما يُحتسب من الدخل المكتسب\n"};
    const char *text = arena_text(arena, buf.at, buf.bytes);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        ck_assert_msg(strstr(text, said[i]) != NULL, "%s not in %s", said[i],
                      text);
    }
    /* a model of somebody else has no such names */
    now = replace(now, "urn:sanad:models:", "urn:other:models:");
    ck_assert_int_eq(words_find(arena, pack, now, &diag, &words), OK);
    ck_assert_ptr_null(words.programme);
    buf_free(&buf);
}

/* Both of each decide otherwise, though every word is there as before. */
static const char *const pairs[][2] = {
    {"<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a'/><formalParameter name='b'/>"
     "<literalExpression><text>a - b</text></literalExpression>"
     "</encapsulatedLogic></businessKnowledgeModel>",
     "<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='b'/><formalParameter name='a'/>"
     "<literalExpression><text>a - b</text></literalExpression>"
     "</encapsulatedLogic></businessKnowledgeModel>"},
    {"<decision name='D'><conditional><if><literalExpression><text>c"
     "</text></literalExpression></if><then><literalExpression><text>1"
     "</text></literalExpression></then><else><literalExpression><text>2"
     "</text></literalExpression></else></conditional></decision>",
     "<decision name='D'><conditional><if><literalExpression><text>c"
     "</text></literalExpression></if><then><literalExpression><text>2"
     "</text></literalExpression></then><else><literalExpression><text>1"
     "</text></literalExpression></else></conditional></decision>"},
    {"<decision name='D'><list><literalExpression><text>1</text>"
     "</literalExpression><literalExpression><text>2</text>"
     "</literalExpression></list></decision>",
     "<decision name='D'><list><literalExpression><text>2</text>"
     "</literalExpression><literalExpression><text>1</text>"
     "</literalExpression></list></decision>"},
    {"<decisionService name='S'><outputDecision href='#a'/>"
     "<encapsulatedDecision href='#b'/></decisionService>",
     "<decisionService name='S'><outputDecision href='#b'/>"
     "<encapsulatedDecision href='#a'/></decisionService>"},
    {"<decisionService name='S'><outputDecision href='#a'/>"
     "</decisionService>",
     "<decisionService name='S'><encapsulatedDecision href='#a'/>"
     "</decisionService>"},
    {"<extensionElements><measures><measure decision='A'/></measures>"
     "</extensionElements>",
     "<extensionElements><measures><measure decision='B'/></measures>"
     "</extensionElements>"},
    {"<decision name='D'><extensionElements><x>1</x></extensionElements>"
     "</decision>",
     "<decision name='D'><extensionElements><x>2</x></extensionElements>"
     "</decision>"}};

TEST(what_stands_elsewhere_is_told)
{
    arena = arena_open((size_t)1 << 26);
    /* beside another difference of the same element as well */
    static const char *const also[] = {"", "<question>q</question>"};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        Str text[2];
        for (int s = 0; s < 2; s++) {
            text[s] = str_of(arena_format(
                arena, "<definitions>%s</definitions>", pairs[i][s]));
        }
        ModelDiff diff = compare(text[0], text[1]);
        ck_assert_msg(diff.count > 0, "pair %zu", i);
        ck_assert_uint_eq(compare(text[0], text[0]).count, 0);
        const char *end = i == 0 ? "</businessKnowledgeModel>" : "</decision>";
        if (i > 2) continue;
        for (int s = 0; s < 2; s++) {
            text[s] = replace(text[s], end,
                              arena_format(arena, "%s%s", also[s], end));
        }
        ModelDiff both = compare(text[0], text[1]);
        ck_assert_uint_eq(both.count, diff.count + 1);
    }
    ModelDiff diff = compare(STR("<definitions namespace='urn:a'/>"),
                             STR("<definitions namespace='urn:b'/>"));
    ck_assert_uint_eq(diff.count, 1);
    ck_assert_int_eq(diff.items[0].what, DIFF_PART);
    EXPECT_STR(diff.items[0].label, "namespace");
    diff = compare(STR("<definitions><decision name='a'/><decision name='b'/>"
                       "</definitions>"),
                   STR("<definitions><decision name='b'/><decision name='a'/>"
                       "</definitions>"));
    ck_assert_uint_eq(diff.count, 1);
    ck_assert_int_eq(diff.items[0].what, DIFF_ORDER);
}

/* A version, the same with one difference, and with another one as well: the
 * one that is told first does not hide the other. */
static const char *const beside[][3] = {
    {"<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a'/><literalExpression><text>1</text>"
     "</literalExpression></encapsulatedLogic></businessKnowledgeModel>",
     "<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a'/><literalExpression><text>2</text>"
     "</literalExpression></encapsulatedLogic></businessKnowledgeModel>",
     "<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='z'/><literalExpression><text>2</text>"
     "</literalExpression></encapsulatedLogic></businessKnowledgeModel>"},
    {"<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a' typeRef='number'/><literalExpression><text>1"
     "</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>",
     "<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a' typeRef='number'/><literalExpression><text>2"
     "</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>",
     "<businessKnowledgeModel name='B'><encapsulatedLogic>"
     "<formalParameter name='a' typeRef='string'/><literalExpression><text>2"
     "</text></literalExpression></encapsulatedLogic></"
     "businessKnowledgeModel>"},
    {"<decision name='D'><list><list><literalExpression><text>1</text>"
     "</literalExpression><literalExpression><text>2</text>"
     "</literalExpression></list><list><literalExpression><text>3</text>"
     "</literalExpression></list></list></decision>",
     "<decision name='D'><description>d</description><list><list>"
     "<literalExpression><text>1</text></literalExpression>"
     "<literalExpression><text>2</text></literalExpression></list><list>"
     "<literalExpression><text>3</text></literalExpression></list></list>"
     "</decision>",
     "<decision name='D'><description>d</description><list><list>"
     "<literalExpression><text>1</text></literalExpression></list><list>"
     "<literalExpression><text>2</text></literalExpression>"
     "<literalExpression><text>3</text></literalExpression></list></list>"
     "</decision>"}};

TEST(no_difference_hides_another)
{
    arena = arena_open((size_t)1 << 26);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        Str text[3];
        for (int s = 0; s < 3; s++) {
            text[s] = str_of(arena_format(
                arena, "<definitions>%s</definitions>", beside[i][s]));
        }
        size_t one = compare(text[0], text[1]).count;
        size_t both = compare(text[0], text[2]).count;
        ck_assert_msg(one > 0 && both > one, "%zu: %zu, %zu", i, one, both);
    }
}

TEST(what_is_no_model_is_refused)
{
    open_model();
    ModelDiff diff;
    Diag diag = {.key = ""};
    ck_assert_int_eq(model_diff(arena, model, STR("<a/>"), &diag, &diff),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "dmn.not_dmn");
    ck_assert_int_eq(model_diff(arena, STR("<a"), model, &diag, &diff),
                     ERR_INVALID);
}
