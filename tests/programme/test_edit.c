#include "programme/edit.h"
#include "tests/harness.h"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- kept <rule> -->\n"
    "<dmn:definitions xmlns:dmn=\"https://www.omg.org/spec/DMN/20230324/"
    "MODEL/\" name=\"m\" namespace=\"urn:m\">\n"
    "  <dmn:decision id='limit' name=\"Limit &gt; all\">\n"
    "    <dmn:extensionElements><x y='/'/></dmn:extensionElements>\n"
    "    <dmn:decisionTable id=\"limit_table\">\n"
    "      <dmn:input label='since'><dmn:inputExpression>"
    "<dmn:text>month</dmn:text></dmn:inputExpression></dmn:input>\n"
    "      <dmn:output name=\"amount\"/>\n"
    "      <dmn:annotation name=\"Article\"/><dmn:annotation name=\"Source\"/>"
    "\n";

static const char first_row[] =
    "      <!-- first -->\n"
    "      <dmn:rule id=\"r1\">\n"
    "        <dmn:inputEntry id=\"i1\"><dmn:text>"
    "[date(\"2022-01-01\")..date(\"2024-01-01\"))</dmn:text></dmn:inputEntry>\n"
    "        <dmn:outputEntry><dmn:text>10</dmn:text></dmn:outputEntry>\n"
    "        <dmn:annotationEntry><dmn:text>Art 1</dmn:text>"
    "</dmn:annotationEntry>\n"
    "      </dmn:rule> <!-- said\n of it -->\n";

static const char second_row[] =
    "      <dmn:rule>\n"
    "        <dmn:inputEntry><dmn:text>&gt;= date(\"2024-01-01\")</dmn:text>"
    "</dmn:inputEntry>\n"
    "        <dmn:outputEntry><dmn:text><![CDATA[20]]></dmn:text>"
    "</dmn:outputEntry>\n"
    "      </dmn:rule>\n";

static const char tail[] =
    "    </dmn:decisionTable>\n"
    "  </dmn:decision>\n"
    "  <dmn:decision name='Half'><dmn:literalExpression><dmn:text/>"
    "</dmn:literalExpression></dmn:decision>\n"
    "  <dmn:decision name='Both'><dmn:context><dmn:contextEntry>"
    "<dmn:literalExpression id='inner'><dmn:text>1</dmn:text>"
    "</dmn:literalExpression></dmn:contextEntry></dmn:context>"
    "</dmn:decision>\n"
    "</dmn:definitions>\n";

static Arena *arena;

static Str join(const char *a, const char *b)
{
    return str_of(arena_format(arena, "%s%s%s%s", head, a, b, tail));
}

static Str whole(void)
{
    if (arena == NULL) arena = arena_open((size_t)1 << 30);
    return join(first_row, second_row);
}

static Str edited(const Edit *edit)
{
    Diag diag = {.key = ""};
    Str text = {NULL, 0};
    Err err = edit_apply(arena, whole(), edit, &diag, &text);
    ck_assert_msg(err == OK, "%s", diag.key);
    return text;
}

/* The model with the first `old` as `new`. */
static Str with(const char *old, const char *new)
{
    Str text = whole();
    const char *at = strstr(text.at, old);
    ck_assert_ptr_nonnull(at);
    return str_of(arena_format(arena, "%.*s%s%s", (int)(at - text.at), text.at,
                               new, at + strlen(old)));
}

#define EXPECT_TEXT(actual, expected)                                          \
    do {                                                                       \
        Str expected_text = (expected);                                        \
        EXPECT_STR(actual, expected_text.at);                                  \
    } while (0)

static Edit on(EditWhat what, int32_t row, const Str *cells, size_t count)
{
    whole();
    return (Edit){.what = what,
                  .decision = STR("Limit > all"),
                  .row = row,
                  .cells = cells,
                  .cell_count = count};
}

TEST(a_cell_changes_and_nothing_else)
{
    Str value = STR("a < b & \"\xd8\xb9\"");
    Edit edit = on(EDIT_CELL, 1, &value, 1);
    edit.part = GRID_OUTPUT;
    edit.column = 1;
    EXPECT_TEXT(edited(&edit), with(">10<", ">a &lt; b &amp; \"\xd8\xb9\"<"));
    edit.row = 2;
    edit.cells = &STR("21");
    EXPECT_TEXT(edited(&edit), with("<![CDATA[20]]>", "21"));
    edit.part = GRID_INPUT;
    edit.row = 1;
    edit.cells = &STR("-");
    edit.decision = STR("limit");
    EXPECT_TEXT(edited(&edit),
                with("[date(\"2022-01-01\")..date(\"2024-01-01\"))", "-"));
    edit.part = GRID_NOTE;
    edit.cells = &STR("");
    edit.decision = STR("limit_table");
    EXPECT_TEXT(edited(&edit), with("Art 1", ""));
}

/* What stands around it may be named by another prefix, or by none. */
TEST(an_empty_text_is_closed_by_its_own_name)
{
    Diag diag = {.key = ""};
    const Str value = STR("11");
    Edit edit = on(EDIT_CELL, 1, &value, 1);
    Str text, model = with("<dmn:text>10</dmn:text>", "<text/>");
    edit.part = GRID_OUTPUT;
    edit.column = 1;
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &text), OK);
    EXPECT_TEXT(text, with("<dmn:text>10</dmn:text>", "<text>11</text>"));
}

TEST(an_annotation_that_a_row_lacks_is_added)
{
    Edit edit = on(EDIT_CELL, 2, &STR("P1"), 1);
    edit.part = GRID_NOTE;
    edit.column = 2;
    EXPECT_TEXT(edited(&edit),
                with("]]></dmn:text></dmn:outputEntry>\n",
                     "]]></dmn:text></dmn:outputEntry>\n"
                     "        <dmn:annotationEntry><dmn:text></dmn:text>"
                     "</dmn:annotationEntry>\n"
                     "        <dmn:annotationEntry><dmn:text>P1</dmn:text>"
                     "</dmn:annotationEntry>\n"));
}

TEST(a_row_is_added_as_its_neighbour_is_laid_out)
{
    const Str cells[] = {STR("< date(\"2022-01-01\")"), STR("5"), STR("Art 0")};
    static const char row[] =
        "      <dmn:rule id=\"row_1\">\n"
        "        <dmn:inputEntry id=\"row_1_1\"><dmn:text>"
        "&lt; date(\"2022-01-01\")</dmn:text></dmn:inputEntry>\n"
        "        <dmn:outputEntry id=\"row_1_2\"><dmn:text>5</dmn:text>"
        "</dmn:outputEntry>\n"
        "        <dmn:annotationEntry><dmn:text>Art 0</dmn:text>"
        "</dmn:annotationEntry>\n"
        "        <dmn:annotationEntry><dmn:text></dmn:text>"
        "</dmn:annotationEntry>\n"
        "      </dmn:rule>\n";
    Edit edit = on(EDIT_ROW_ADD, 0, cells, 3);
    Str all = join(row, arena_format(arena, "%s%s", first_row, second_row));
    EXPECT_TEXT(edited(&edit), all);
    edit.row = 1;
    all = join(first_row, arena_format(arena, "%s%s", row, second_row));
    EXPECT_TEXT(edited(&edit), all);
}

TEST(rows_go_and_move_with_their_comments)
{
    Edit edit = on(EDIT_ROW_MOVE, 1, NULL, 0);
    edit.to = 2;
    EXPECT_TEXT(edited(&edit), join(second_row, first_row));
    edit.row = 2;
    edit.to = 1;
    EXPECT_TEXT(edited(&edit), join(second_row, first_row));
    edit = on(EDIT_ROW_REMOVE, 2, NULL, 0);
    EXPECT_TEXT(edited(&edit), join(first_row, ""));
}

TEST(a_dated_row_is_closed_and_another_put_behind_it)
{
    const Str cells[] = {STR("30"), STR("Art 2"), STR("P9")};
    Edit edit = on(EDIT_SINCE, 0, cells, 3);
    ck_assert(day_read(STR("2026-01-01"), &edit.since));
    static const char closed[] =
        "      <dmn:rule>\n"
        "        <dmn:inputEntry><dmn:text>[date(\"2024-01-01\")..date("
        "\"2026-01-01\"))</dmn:text></dmn:inputEntry>\n"
        "        <dmn:outputEntry><dmn:text><![CDATA[20]]></dmn:text>"
        "</dmn:outputEntry>\n"
        "      </dmn:rule>\n"
        "      <dmn:rule>\n"
        "        <dmn:inputEntry><dmn:text>&gt;= date(\"2026-01-01\")"
        "</dmn:text></dmn:inputEntry>\n"
        "        <dmn:outputEntry><dmn:text>30</dmn:text></dmn:outputEntry>\n"
        "        <dmn:annotationEntry><dmn:text>Art 2</dmn:text>"
        "</dmn:annotationEntry>\n"
        "        <dmn:annotationEntry><dmn:text>P9</dmn:text>"
        "</dmn:annotationEntry>\n"
        "      </dmn:rule>\n";
    EXPECT_TEXT(edited(&edit), join(first_row, closed));
    /* what was to follow follows still */
    ck_assert(day_read(STR("2023-07-01"), &edit.since));
    Str text = edited(&edit);
    ck_assert_ptr_nonnull(
        strstr(text.at, "[date(\"2022-01-01\")..date(\"2023-07-01\"))"));
    ck_assert_ptr_nonnull(
        strstr(text.at, "[date(\"2023-07-01\")..date(\"2024-01-01\"))"));
}

TEST(expressions_are_replaced)
{
    Edit edit = on(EDIT_TEXT, 0, &STR("1 < 2"), 1);
    edit.decision = STR("Half");
    EXPECT_TEXT(edited(&edit),
                with("<dmn:text/>", "<dmn:text>1 &lt; 2</dmn:text>"));
    edit.decision = STR("inner");
    EXPECT_TEXT(edited(&edit), with(">1<", ">1 &lt; 2<"));
    edit.what = EDIT_LOGIC;
    edit.decision = STR("Both");
    EXPECT_TEXT(
        edited(&edit),
        with("<dmn:context><dmn:contextEntry>"
             "<dmn:literalExpression id='inner'><dmn:text>1</dmn:text>"
             "</dmn:literalExpression></dmn:contextEntry></dmn:context>",
             "<dmn:literalExpression><dmn:text>1 &lt; 2</dmn:text>"
             "</dmn:literalExpression>"));
}

static void expect_refused(const Edit *edit, const char *key)
{
    Diag diag = {.key = ""};
    Str text;
    Err err = edit_apply(arena, whole(), edit, &diag, &text);
    ck_assert_str_eq(diag.key, key);
    ck_assert_int_ne(err, OK);
}

TEST(nonsense_is_refused_by_name)
{
    const Str two[] = {STR("1"), STR("2")};
    Edit edit = on(EDIT_CELL, 3, two, 1);
    edit.part = GRID_OUTPUT;
    edit.column = 1;
    expect_refused(&edit, "edit.no_row");
    edit.row = 0;
    expect_refused(&edit, "edit.no_row");
    edit.row = 1;
    edit.column = 2;
    expect_refused(&edit, "edit.no_column");
    edit.column = 1;
    edit.cell_count = 2;
    expect_refused(&edit, "edit.cells");
    edit.cell_count = 1;
    edit.cells = &STR(" \n");
    expect_refused(&edit, "edit.empty");
    edit.part = GRID_INPUT;
    expect_refused(&edit, "edit.empty_input");
    edit.cells = &STR("\x01");
    expect_refused(&edit, "edit.characters");
    edit.cells = &STR("\xff");
    expect_refused(&edit, "edit.characters");
    edit.decision = STR("Nobody");
    expect_refused(&edit, "edit.none");
    edit.decision = STR("Half");
    edit.cells = two;
    expect_refused(&edit, "edit.no_table");
    edit = on(EDIT_TEXT, 0, two, 1);
    expect_refused(&edit, "edit.no_expression");
    edit = on(EDIT_ROW_MOVE, 1, NULL, 0);
    edit.to = 1;
    expect_refused(&edit, "edit.same_place");
    edit = on(EDIT_ROW_ADD, 1, two, 1);
    expect_refused(&edit, "edit.empty");
    edit = on(EDIT_SINCE, 0, two, 1);
    ck_assert(day_read(STR("2024-01-01"), &edit.since));
    expect_refused(&edit, "edit.since_taken");
    ck_assert(day_read(STR("2021-12-31"), &edit.since));
    expect_refused(&edit, "edit.since_none");
    ck_assert(day_read(STR("2025-01-01"), &edit.since));
    edit.cell_count = 0;
    expect_refused(&edit, "edit.cells");
}

TEST(models_of_other_encodings_are_refused)
{
    Diag diag = {.key = ""};
    Str text;
    Edit edit = on(EDIT_ROW_REMOVE, 1, NULL, 0);
    Str latin = with("UTF-8", "ISO-8859-1");
    ck_assert_int_eq(edit_apply(arena, latin, &edit, &diag, &text),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.encoding");
}

TEST(the_last_row_stays)
{
    Diag diag = {.key = ""};
    Str text;
    Edit edit = on(EDIT_ROW_REMOVE, 1, NULL, 0);
    ck_assert_int_eq(
        edit_apply(arena, join(first_row, ""), &edit, &diag, &text),
        ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.last_row");
}

TEST(a_place_in_the_text_is_told_as_a_cell)
{
    EditPlace place;
    Str text = whole();
    int32_t line = 1;
    for (const char *at = text.at; at < strstr(text.at, "<![CDATA"); at++) {
        line += *at == '\n';
    }
    ck_assert_int_eq(edit_place(arena, text, line, 40, &place), OK);
    EXPECT_STR(place.decision, "Limit > all");
    ck_assert_int_eq(place.row, 2);
    ck_assert_int_eq(place.part, GRID_OUTPUT);
    ck_assert_int_eq(place.column, 1);
    EXPECT_STR(place.label, "amount");
    ck_assert_int_eq(edit_place(arena, text, 2, 8, &place), OK);
    EXPECT_STR(place.decision, "");
    ck_assert_int_eq(edit_place(arena, text, 4, 5, &place), OK);
    EXPECT_STR(place.decision, "Limit > all");
    ck_assert_int_eq(place.row, 0);
}

TEST(spans_are_read_and_written)
{
    static const char *const good[] = {
        "-", ">= date(\"2022-01-01\")", "< date(\"2022-01-01\")",
        "[date(\"2022-01-01\")..date(\"2023-11-01\"))", ">= @\"2022-01-01\""};
    static const char *const bad[] = {"",
                                      "> date(\"2022-01-01\")",
                                      ">= date(\"2022-02-30\")",
                                      ">= date(\"2022-01-01\") x",
                                      "[1..2]",
                                      "date(\"2022-01-01\")"};
    GridSpan span;
    for (size_t i = 1; i < sizeof good / sizeof good[0]; i++) {
        Buf buf = buf_make(1 << 8);
        ck_assert_msg(grid_span(str_of(good[i]), &span), "%s", good[i]);
        grid_span_write(&buf, &span);
        EXPECT_STR(buf_view(&buf), good[i]);
        buf_free(&buf);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!grid_span(str_of(bad[i]), &span), "%s", bad[i]);
    }
    ck_assert(grid_span(STR(" [ date( \"2022-01-01\" ) .. @\"2022-01-31\" ]"),
                        &span));
    ck_assert_int_eq(span.until - span.from, 31);
}

static Str decision(const char *row)
{
    whole();
    return str_of(arena_format(
        arena,
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
        "name=\"m\" namespace=\"urn:m\">\n"
        "<inputData id=\"n\" name=\"n\"><variable name=\"n\" "
        "typeRef=\"number\"/>"
        "</inputData>\n"
        "<decision name=\"D\"><variable name=\"D\" typeRef=\"number\"/>\n"
        "<informationRequirement><requiredInput href=\"#n\"/>"
        "</informationRequirement>\n"
        "<decisionTable><input><inputExpression><text>n</text>"
        "</inputExpression></input><output/><annotation name=\"Article\"/>\n"
        "<rule><inputEntry><text>&lt; 3</text></inputEntry><outputEntry>"
        "<text>1</text></outputEntry></rule>\n%s</decisionTable></decision>\n"
        "</definitions>\n",
        row));
}

TEST(a_fault_is_told_by_its_cell)
{
    DmnCheck check;
    EditPlace place;
    const Citations known = {.count = 0};
    Diag diag = {.key = ""};
    DmnSource source = {
        "m.dmn", decision("<rule><inputEntry><text>&gt;= 3</text></inputEntry>"
                          "<outputEntry><text>1 +</text></outputEntry>"
                          "</rule>")};
    ck_assert_int_eq(
        edit_check(arena, &source, 1, &known, &diag, &check, &place),
        ERR_INVALID);
    ck_assert_str_ne(diag.key, "");
    EXPECT_STR(place.decision, "D");
    ck_assert_int_eq(place.row, 2);
    ck_assert_int_eq(place.part, GRID_OUTPUT);
    ck_assert_int_eq(place.column, 1);
    source.bytes = decision("<rule><inputEntry><text>&gt;= 3</text>"
                            "</inputEntry><outputEntry><text>1</text>"
                            "</outputEntry></rule>");
    ck_assert_int_eq(
        edit_check(arena, &source, 1, &known, &diag, &check, &place), OK);
    source.bytes = STR("<a");
    ck_assert_int_eq(
        edit_check(arena, &source, 1, &known, &diag, &check, &place),
        ERR_INVALID);
}

TEST(an_expression_inside_of_another_changes_and_nothing_else)
{
    whole();
    const Str model = harness_read(harness_path("../models/social-security/"
                                                "pension.dmn"));
    static const struct {
        int32_t number;
        const char *entry, *was;
    } cases[] = {{2, "", "<text>Pension</text>"},
                 {0, "amount", "<text>Pension</text>"},
                 {1, "", "<text>count(Reasons) = 0</text>"},
                 {0, "eligible", "<text>count(Reasons) = 0</text>"}};
    Diag diag = {.key = ""};
    Str now, value = STR("1 < 2");
    Edit edit = {.what = EDIT_PART,
                 .decision = STR("Entitlement"),
                 .cells = &value,
                 .cell_count = 1};
    const char *owner = strstr(model.at, "name=\"Entitlement\">");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        edit.row = cases[i].number;
        edit.entry = str_of(cases[i].entry);
        ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), OK);
        const char *at = strstr(owner, cases[i].was);
        EXPECT_TEXT(now,
                    str_of(arena_format(arena, "%.*s<text>1 &lt; 2</text>%s",
                                        (int)(at - model.at), model.at,
                                        at + strlen(cases[i].was))));
    }
    edit.row = 0;
    edit.entry = STR("nobody");
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.no_entry");
    edit.row = 7;
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.no_part");
    edit.row = 1;
    value = STR(" ");
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.empty_text");
    value = STR("Pen\x01sion");
    ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), ERR_INVALID);
    ck_assert_str_eq(diag.key, "edit.characters_text");
}

TEST(what_a_text_rests_on_is_checked_with_it)
{
    whole();
    const Pack *pack;
    DmnCheck check;
    EditPlace place;
    Str now, bad[] = {STR("NOSUCH"), STR("rubbish")};
    static const char *const keys[] = {"check.source_unknown",
                                       "check.status_unknown"};
    Diag diag = {.key = ""};
    Str path = STR("models/social-security/pension.dmn");
    ck_assert_int_eq(pack_embedded(arena, &diag, &pack), OK);
    Str model = pack_file(pack, "models/social-security/pension.dmn");
    for (int i = 0; i < 2; i++) {
        size_t found = 0;
        Edit edit = {.what = EDIT_CELL,
                     .decision = STR("Basic minimum head"),
                     .row = 2,
                     .part = GRID_NOTE,
                     .column = i + 2,
                     .cells = &bad[i],
                     .cell_count = 1};
        ck_assert_int_eq(edit_apply(arena, model, &edit, &diag, &now), OK);
        ck_assert_int_eq(
            edit_check_in(arena, pack, path, now, &diag, &check, &place), OK);
        for (size_t f = 0; f < check.count; f++) {
            if (check.findings[f].severity != DMN_WARNING) continue;
            found++;
            EXPECT_STR(check.findings[f].decision, "Basic minimum head");
            ck_assert_int_eq(check.findings[f].row, 2);
            ck_assert_str_eq(check.findings[f].diag.key, keys[i]);
        }
        ck_assert_uint_eq(found, 1);
    }
    ck_assert_int_eq(edit_check_in(arena, pack, STR("models/none.dmn"), now,
                                   &diag, &check, &place),
                     ERR_NOT_FOUND);
}

/* Each cell of a model that is shipped, set to what it was and to something
 * else and back. */
TEST(every_cell_of_a_model_can_be_set_and_set_back)
{
    whole();
    Str model = harness_read(harness_path("../models/social-security/"
                                          "pension.dmn"));
    const XmlNode *root;
    Diag diag;
    int32_t cells = 0;
    ck_assert_int_eq(xml_read(arena, model, &diag, &root), OK);
    for (const XmlNode *node = root; node != NULL;
         node = xml_walk(root, node)) {
        Grid grid;
        if (!xml_is(node, "decisionTable")) continue;
        ck_assert_int_eq(grid_read(arena, node, &diag, &grid), OK);
        for (uint32_t r = 0; r < grid.row_count; r += 7) {
            for (uint32_t c = 0; c < grid.column_count; c++, cells++) {
                Str text = xml_child(grid.rows[r].cells[c].node, "text")->text;
                Str other = STR("<&>\"'"), changed, back;
                Edit edit = {.what = EDIT_CELL,
                             .decision = xml_attribute(node, "id"),
                             .row = (int32_t)r + 1,
                             .part = grid.columns[c].part,
                             .column = grid.columns[c].number,
                             .cells = &other,
                             .cell_count = 1};
                ck_assert_int_eq(
                    edit_apply(arena, model, &edit, &diag, &changed), OK);
                ck_assert(!str_equal(model, changed));
                edit.cells = &text;
                ck_assert_int_eq(
                    edit_apply(arena, changed, &edit, &diag, &back), OK);
                ck_assert_msg(str_equal(model, back), "%.*s row %u",
                              STR_ARG(edit.decision), r + 1);
            }
        }
    }
    ck_assert_int_gt(cells, 100);
}
