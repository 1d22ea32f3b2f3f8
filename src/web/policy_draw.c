/*
 * policy_draw.c - what needs what, as SVG that reads in the direction of its
 * language.
 */
#include "dmn/diagram.h"
#include "web/policy_pages.h"

enum {
    LETTERS = 23, /* of a line within a node */
    LINES_MAX = 3,
    LINE_HEIGHT = 16
};

typedef struct Draw {
    Visit *visit;
    const PolicyModel *model;
    const Diagram *diagram;
    bool mirrored; /* from right to left */
} Draw;

static Str number(const Draw *draw, int32_t value)
{
    return str_of(arena_format(draw->visit->request->arena, "%d", value));
}

static int32_t across(const Draw *draw, int32_t x, int32_t width)
{
    return draw->mirrored ? draw->diagram->width - x - width : x;
}

static size_t letters_of(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Breaks a label between words into lines; what is too long is cut. */
static size_t break_label(Arena *arena, Str label, Str lines[LINES_MAX])
{
    size_t count = 0;
    Str word;
    while (str_split(&label, ' ', &word)) {
        Str *line = &lines[count == 0 ? 0 : count - 1];
        bool fits =
            count > 0 && letters_of(*line) + 1 + letters_of(word) <= LETTERS;
        if (fits) {
            *line = str_of(arena_format(arena, "%.*s %.*s", STR_ARG(*line),
                                        STR_ARG(word)));
        } else if (count < LINES_MAX) {
            lines[count++] = word;
        } else {
            *line =
                str_of(arena_format(arena, "%.*s\xE2\x80\xA6", STR_ARG(*line)));
            break;
        }
    }
    return count;
}

static const char *class_of(const PolicyModel *model, int32_t item)
{
    static const char *const names[SHEET_KINDS] = {"input", "knowledge",
                                                   "decision", "service"};
    if (model->figure[item]) return "figure";
    return names[model->sheet.items[item].kind];
}

static PageNode node_of(const Draw *draw, const DiagramNode *node)
{
    Arena *arena = draw->visit->request->arena;
    const SheetItem *item = &draw->model->sheet.items[node->item];
    Str lines[LINES_MAX];
    Str label = policy_label(draw->visit, draw->model, item->name);
    size_t count = break_label(arena, label, lines);
    int32_t x = across(draw, node->x, DIAGRAM_NODE_WIDTH);
    int32_t middle = node->y + DIAGRAM_NODE_HEIGHT / 2;
    int32_t first = middle + 5 - (int32_t)(count - 1) * LINE_HEIGHT / 2;
    PageNodeText *texts = ARENA_ARRAY(arena, PageNodeText, LINES_MAX);
    for (size_t i = 0; i < count; i++) {
        texts[i] = (PageNodeText){
            number(draw, x + DIAGRAM_NODE_WIDTH / 2),
            number(draw, first + (int32_t)i * LINE_HEIGHT), lines[i]};
    }
    bool input = item->kind == SHEET_INPUT;
    return (PageNode){.id = input ? (Str){"", 0} : item->id,
                      .kind = str_of(class_of(draw->model, node->item)),
                      .x = number(draw, x),
                      .y = number(draw, node->y),
                      .width = number(draw, DIAGRAM_NODE_WIDTH),
                      .height = number(draw, DIAGRAM_NODE_HEIGHT),
                      .round = number(draw, input ? 28 : 8),
                      .lines = texts,
                      .lines_count = count};
}

/* A line as a path: curved between columns, straight through bends. */
static Str path_of(const Draw *draw, const DiagramLine *line)
{
    Buf *buf = http_scratch(draw->visit->request);
    for (int32_t i = 0; i < line->point_count; i++) {
        DiagramPoint to = line->points[i];
        int32_t x = across(draw, to.x, 0);
        if (i == 0) {
            buf_format(buf, "M%d %d", x, to.y);
        } else if (i % 2 == 0) {
            buf_format(buf, "L%d %d", x, to.y);
        } else {
            int32_t from = across(draw, line->points[i - 1].x, 0);
            int32_t half = (from + x) / 2;
            buf_format(buf, "C%d %d %d %d %d %d", half, line->points[i - 1].y,
                       half, to.y, x, to.y);
        }
    }
    return str_copy(draw->visit->request->arena, buf_view(buf));
}

PageDiagram policy_draw(Visit *visit, const PolicyModel *model,
                        const bool *shown, int32_t here)
{
    Diagram diagram;
    Arena *arena = visit->request->arena;
    PageDiagram page = {.drawn = false};
    if (diagram_make(arena, &model->sheet, shown, &diagram) != OK) return page;
    Draw draw = {.visit = visit,
                 .model = model,
                 .diagram = &diagram,
                 .mirrored = visit->style.lang == TEXT_AR};
    PageNode *nodes = ARENA_ARRAY(arena, PageNode, diagram.node_count + 1);
    PageCurve *curves = ARENA_ARRAY(arena, PageCurve, diagram.line_count + 1);
    for (int32_t i = 0; i < diagram.node_count; i++) {
        nodes[i] = node_of(&draw, &diagram.nodes[i]);
        nodes[i].here = diagram.nodes[i].item == here;
    }
    for (int32_t i = 0; i < diagram.line_count; i++) {
        curves[i].d = path_of(&draw, &diagram.lines[i]);
    }
    page =
        (PageDiagram){.drawn = diagram.node_count > 0,
                      .width = number(&draw, diagram.width),
                      .height = number(&draw, diagram.height),
                      .box = str_of(arena_format(
                          arena, "0 0 %d %d", diagram.width, diagram.height)),
                      .curves = curves,
                      .curves_count = (size_t)diagram.line_count,
                      .nodes = nodes,
                      .nodes_count = (size_t)diagram.node_count};
    return page;
}
