/*
 * Models as people read them: items, tables and expressions as they are
 * written, and pictures in which nothing stands on another.
 */
#include "dmn/sheet.h"

#include "base/random.h"
#include "dmn/diagram.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 64 << 20 };

#define HEAD                                                                   \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">"                                          \
    "<inputData name=\"age\" id=\"age\"><variable name=\"age\" "               \
    "typeRef=\"number\"/></inputData>"
#define NEED(kind, id)                                                         \
    "<informationRequirement><required" kind " href=\"#" id "\"/>"             \
    "</informationRequirement>"
#define TAIL "</definitions>"

static Sheet read_text(Arena *arena, const char *text)
{
    Sheet sheet;
    Diag diag = {.key = ""};
    Err err = sheet_read(arena, str_of(text), &diag, &sheet);
    ck_assert_msg(err == OK, "%s", diag.key);
    return sheet;
}

TEST(items_have_their_names_and_what_they_need_each_once)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Sheet sheet = read_text(
        arena, HEAD
        "<decision name=\"A b\" id=\"a\"><description> one\n   two "
        "</description><variable name=\"A b\" typeRef=\"number\"/>" NEED(
            "Input", "age") NEED("Decision", "c") NEED("Input", "age")
            NEED("Input",
                 "gone") "</decision>"
                         "<decision name=\"C\" id=\"c\"/>"
                         "<businessKnowledgeModel name=\"K\" id=\"k\"/>" TAIL);
    ck_assert_int_eq(sheet.count, 4);
    const SheetItem *item = &sheet.items[1];
    ck_assert_int_eq(item->kind, SHEET_DECISION);
    EXPECT_STR(item->name, "A b");
    EXPECT_STR(item->text, "one two");
    EXPECT_STR(item->type, "number");
    ck_assert_int_eq(item->need_count, 2);
    ck_assert_int_eq(item->needs[0], sheet_find(&sheet, STR("age")));
    ck_assert_int_eq(item->needs[1], 2);
    ck_assert_int_eq(sheet.items[3].kind, SHEET_KNOWLEDGE);
    ck_assert_int_eq(sheet_named(&sheet, SHEET_DECISION, STR("C")), 2);
    ck_assert_int_eq(sheet_named(&sheet, SHEET_INPUT, STR("C")), -1);
    ck_assert_int_eq(sheet_find(&sheet, STR("none")), -1);
}

TEST(tables_are_cells_in_the_order_of_their_columns)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Sheet sheet = read_text(
        arena,
        HEAD "<decision name=\"T\" id=\"t\"><decisionTable hitPolicy=\"FIRST\" "
             "outputLabel=\"T\"><input><inputExpression><text>age</text>"
             "</inputExpression></input><input label=\"B\"/><output/>"
             "<annotation name=\"Article\"/>"
             "<rule><inputEntry><text> &lt; 5 </text></inputEntry>"
             "<inputEntry><text>-</text></inputEntry>"
             "<outputEntry><text>\"a\"</text></outputEntry>"
             "<annotationEntry><text>Art. 1</text></annotationEntry></rule>"
             "<rule><inputEntry><text>7</text></inputEntry></rule>"
             "</decisionTable></decision>" TAIL);
    const SheetItem *item = &sheet.items[1];
    ck_assert_int_eq(item->block_count, 1);
    const SheetTable *table = item->blocks[0].table;
    ck_assert_ptr_nonnull(table);
    EXPECT_STR(table->hit_policy, "FIRST");
    ck_assert_int_eq(table->column_count, 4);
    static const char *const columns[] = {"age", "B", "T", "Article"};
    static const char *const cells[] = {"< 5", "-", "\"a\"", "Art. 1",
                                        "7",   "",  "",      ""};
    for (int i = 0; i < 4; i++) EXPECT_STR(table->columns[i], columns[i]);
    for (int i = 0; i < 8; i++) EXPECT_STR(table->cells[i], cells[i]);
}

TEST(expressions_inside_expressions_are_one_deeper)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Sheet sheet = read_text(
        arena, HEAD
        "<decision name=\"X\" id=\"x\"><context>"
        "<contextEntry><variable name=\"a\"/><literalExpression><text>\n"
        "        if age &gt; 1\n          then 2\n        else 3\n  </text>"
        "</literalExpression></contextEntry>"
        "<contextEntry><conditional><if><literalExpression><text>true</text>"
        "</literalExpression></if><then><list><literalExpression><text>1"
        "</text></literalExpression></list></then></conditional>"
        "</contextEntry></context></decision>" TAIL);
    const SheetItem *item = &sheet.items[1];
    static const struct {
        int32_t depth;
        const char *form, *label, *text;
    } blocks[] = {{0, "context", "", ""},
                  {1, "literalExpression", "a", "if age > 1\n  then 2\nelse 3"},
                  {1, "conditional", "", ""},
                  {2, "literalExpression", "if", "true"},
                  {2, "list", "then", ""},
                  {3, "literalExpression", "", "1"}};
    ck_assert_int_eq(item->block_count, 6);
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(item->blocks[i].depth, blocks[i].depth);
        EXPECT_STR(item->blocks[i].form, blocks[i].form);
        EXPECT_STR(item->blocks[i].label, blocks[i].label);
        EXPECT_STR(item->blocks[i].text, blocks[i].text);
    }
    static const int32_t parts[] = {0, 1, 0, 2, 0, 3};
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(item->blocks[i].part, parts[i]);
    }
}

#define LIT(text) "<literalExpression><text>" text "</text></literalExpression>"

TEST(a_relation_of_expressions_alone_is_counted_with_the_others)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    static const char *const cells[] = {LIT("4"), "<list>" LIT("4") "</list>",
                                        ""};
    for (int i = 0; i < 3; i++) {
        char text[2048];
        (void)snprintf(
            text, sizeof text,
            "%s<decision name=\"X\" id=\"x\"><context><contextEntry>"
            "<variable name=\"a\"/>%s</contextEntry><contextEntry>"
            "<variable name=\"r\"/><relation><column name=\"u\"/>"
            "<column name=\"v\"/><row>%s%s</row><row>%s%s</row></relation>"
            "</contextEntry><contextEntry>%s</contextEntry></context>"
            "</decision>%s",
            HEAD, LIT("1"), LIT("2"), LIT("3"), cells[i], LIT("5"), LIT("6"),
            TAIL);
        Sheet sheet = read_text(arena, text);
        const SheetItem *item = &sheet.items[1];
        ck_assert_int_eq(item->block_count, 4);
        ck_assert_int_eq(item->blocks[1].part, 1);
        ck_assert_int_eq(item->blocks[2].part, i == 0 ? 2 : 0);
        ck_assert_int_eq(item->blocks[3].part, i == 2 ? 5 : 6);
    }
}

TEST(what_is_no_model_is_refused)
{
    Sheet sheet;
    Diag diag = {.key = ""};
    Arena *arena = arena_open(ARENA_BYTES);
    ck_assert_int_eq(sheet_read(arena, STR("<html/>"), &diag, &sheet),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "dmn.not_dmn");
    ck_assert_int_eq(sheet_read(arena, STR("<html"), &diag, &sheet),
                     ERR_INVALID);
    arena_close(arena);
}

/* A sheet of random needs, some of them in circles when `circles`. */
static Sheet random_sheet(Arena *arena, Random *random, bool circles)
{
    int32_t count = (int32_t)random_below(random, 60) + 1;
    SheetItem *items = ARENA_ARRAY(arena, SheetItem, count);
    for (int32_t i = 0; i < count; i++) {
        int32_t *needs = ARENA_ARRAY(arena, int32_t, 8);
        items[i].kind = i < 3 ? SHEET_INPUT : SHEET_DECISION;
        items[i].needs = needs;
        int32_t below = circles ? count : i;
        int32_t many = below == 0 ? 0 : (int32_t)random_below(random, 5);
        for (int32_t n = 0; n < many; n++) {
            int32_t need = (int32_t)random_below(random, (uint64_t)below);
            bool twice = false;
            for (int32_t k = 0; k < items[i].need_count; k++) {
                twice = twice || needs[k] == need;
            }
            if (!twice) needs[items[i].need_count++] = need;
        }
    }
    return (Sheet){.items = items, .count = count};
}

static void expect_sound(const Sheet *sheet, const Diagram *diagram)
{
    ck_assert_int_eq(diagram->node_count, sheet->count);
    for (int32_t i = 0; i < diagram->node_count; i++) {
        const DiagramNode *a = &diagram->nodes[i];
        ck_assert_int_ge(a->x, 0);
        ck_assert_int_ge(a->y, 0);
        ck_assert_int_le(a->x + DIAGRAM_NODE_WIDTH, diagram->width);
        ck_assert_int_le(a->y + DIAGRAM_NODE_HEIGHT, diagram->height);
        for (int32_t k = 0; k < i; k++) {
            const DiagramNode *b = &diagram->nodes[k];
            ck_assert(a->x != b->x || abs(a->y - b->y) >= DIAGRAM_NODE_HEIGHT);
        }
    }
    for (int32_t i = 0; i < diagram->line_count; i++) {
        const DiagramLine *line = &diagram->lines[i];
        ck_assert_int_ge(line->point_count, 2);
        for (int32_t p = 1; p < line->point_count; p++) {
            ck_assert_int_le(line->points[p - 1].x, line->points[p].x);
        }
        const DiagramNode *from = &diagram->nodes[line->from];
        const DiagramNode *to = &diagram->nodes[line->to];
        ck_assert_int_eq(from->item, line->from);
        ck_assert_int_eq(line->points[0].x, from->x + DIAGRAM_NODE_WIDTH);
        ck_assert_int_eq(line->points[line->point_count - 1].x, to->x);
    }
}

TEST(in_a_picture_nothing_stands_on_another_and_lines_run_forward)
{
    Random random = random_make(11);
    for (int round = 0; round < 300; round++) {
        Diagram diagram;
        Arena *arena = arena_open(ARENA_BYTES);
        bool circles = round % 3 == 2;
        Sheet sheet = random_sheet(arena, &random, circles);
        ck_assert_int_eq(diagram_make(arena, &sheet, NULL, &diagram), OK);
        expect_sound(&sheet, &diagram);
        int32_t needs = 0, quiet = 0;
        for (int32_t i = 0; i < sheet.count; i++) {
            needs += sheet.items[i].need_count;
            quiet += diagram.nodes[i].quiet;
        }
        if (!circles && quiet == 0) {
            ck_assert_int_eq(diagram.line_count, needs);
        }
        arena_close(arena);
    }
}

TEST(a_part_is_drawn_alone_and_what_all_need_has_no_lines)
{
    Diagram diagram;
    Arena *arena = arena_open(ARENA_BYTES);
    SheetItem items[12] = {{.kind = SHEET_INPUT}};
    const int32_t first = 0;
    for (int i = 1; i < 12; i++) {
        items[i] = (SheetItem){
            .kind = SHEET_DECISION, .needs = &first, .need_count = 1};
    }
    Sheet sheet = {.items = items, .count = 12};
    ck_assert_int_eq(diagram_make(arena, &sheet, NULL, &diagram), OK);
    ck_assert_int_eq(diagram.line_count, 0);
    ck_assert(diagram.nodes[0].quiet);
    bool shown[12] = {true, true, true};
    ck_assert_int_eq(diagram_make(arena, &sheet, shown, &diagram), OK);
    ck_assert_int_eq(diagram.node_count, 3);
    ck_assert_int_eq(diagram.line_count, 2);
    bool marked[12] = {false};
    sheet_mark(&sheet, 4, marked);
    ck_assert(marked[4] && marked[0] && !marked[1]);
    arena_close(arena);
}

TEST(a_model_beyond_the_limit_has_no_picture)
{
    enum { COUNT = 5000 };
    Diagram diagram;
    Arena *arena = arena_open(ARENA_BYTES);
    SheetItem *items = ARENA_ARRAY(arena, SheetItem, COUNT);
    Sheet sheet = {.items = items, .count = COUNT};
    ck_assert_int_eq(diagram_make(arena, &sheet, NULL, &diagram), ERR_FULL);
    arena_close(arena);
}
