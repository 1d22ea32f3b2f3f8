#include "dmn/diagram.h"

#include <string.h>

enum {
    VERTICES_MAX = 4000, /* nodes, and places where a long line passes */
    EDGES_MAX = 12000,
    SCRATCH_BYTES = 16 << 20,
    ORDER_SWEEPS = 16,
    PLACE_SWEEPS = 24,
    LAYER_GAP = 56,
    NODE_GAP = 14,
    BEND_HEIGHT = 6,
    MARGIN = 8
};

/* A node, or a place in a column between that a long line passes. */
typedef struct Vertex {
    int32_t item; /* -1: a bend */
    int32_t layer;
    double height;
    double wish; /* where its neighbours would have it */
    double y;    /* its middle */
} Vertex;

/* From a vertex to one in the next layer. */
typedef struct Edge {
    int32_t from, to;
} Edge;

/* A requirement as the way that its line takes. */
typedef struct Way {
    int32_t from, to; /* items */
    int32_t first;    /* edge; the next ones follow it */
    int32_t count;
} Way;

typedef struct Drawing {
    const Sheet *sheet;
    const bool *shown;
    int32_t *users; /* by item */
    int32_t *layer; /* by item */
    int32_t *of_item;
    Vertex *vertices;
    int32_t vertex_count, layer_count;
    Edge *edges;
    Way *ways;
    int32_t edge_count, way_count;
    int32_t *order; /* vertices, layer by layer */
    int32_t *begin; /* of each layer in `order` */
    double *sum;    /* of neighbours, by vertex */
    int32_t *many;
    double *mean, *weight; /* of pools, see place_layer() */
    int32_t *pool_end;
} Drawing;

static bool is_shown(const Drawing *d, int32_t item)
{
    return d->shown == NULL || d->shown[item];
}

static bool is_quiet(const Drawing *d, int32_t item)
{
    return d->users[item] > DIAGRAM_QUIET &&
           d->sheet->items[item].kind == SHEET_INPUT;
}

/* Whether the line of this requirement is drawn. */
static bool has_line(const Drawing *d, int32_t item, int32_t need)
{
    return need != item && is_shown(d, item) && is_shown(d, need) &&
           !is_quiet(d, need);
}

static void count_users(Drawing *d)
{
    for (int32_t i = 0; i < d->sheet->count; i++) {
        const SheetItem *item = &d->sheet->items[i];
        if (!is_shown(d, i)) continue;
        for (int32_t n = 0; n < item->need_count; n++) {
            if (is_shown(d, item->needs[n])) d->users[item->needs[n]]++;
        }
    }
}

/* Puts an item behind what it needs; whether that moved it. */
static bool push_behind(Drawing *d, int32_t at)
{
    const SheetItem *item = &d->sheet->items[at];
    int32_t before = d->layer[at];
    for (int32_t n = 0; n < item->need_count; n++) {
        int32_t layer = d->layer[item->needs[n]];
        bool ahead = has_line(d, at, item->needs[n]) && d->layer[at] <= layer &&
                     layer < d->sheet->count;
        if (ahead) d->layer[at] = layer + 1;
    }
    return d->layer[at] > before;
}

/* Puts each item behind what it needs. A circle of needs ends with the
 * rounds; its lines then run backwards and are left out. */
static void layer_early(Drawing *d)
{
    bool more = true;
    for (int32_t round = 0; more && round < d->sheet->count; round++) {
        more = false;
        for (int32_t i = 0; i < d->sheet->count; i++) {
            more = push_behind(d, i) || more;
        }
    }
}

/* The layer before the first that needs it; its own without a user. */
static int32_t latest(const Drawing *d, int32_t wanted)
{
    int32_t least = INT32_MAX;
    for (int32_t i = 0; i < d->sheet->count; i++) {
        const SheetItem *item = &d->sheet->items[i];
        for (int32_t n = 0; n < item->need_count; n++) {
            if (item->needs[n] != wanted || !has_line(d, i, wanted)) continue;
            if (d->layer[i] < least) least = d->layer[i];
        }
    }
    return least == INT32_MAX ? d->layer[wanted] : least - 1;
}

/* Moves what is needed late close to who needs it. */
static void layer_late(Drawing *d)
{
    bool more = true;
    for (int32_t round = 0; more && round < d->sheet->count; round++) {
        more = false;
        for (int32_t i = 0; i < d->sheet->count; i++) {
            int32_t late = is_shown(d, i) ? latest(d, i) : d->layer[i];
            if (late <= d->layer[i]) continue;
            d->layer[i] = late;
            more = true;
        }
    }
}

static int32_t add_vertex(Drawing *d, int32_t item, int32_t layer)
{
    if (d->vertex_count == VERTICES_MAX) return -1;
    d->vertices[d->vertex_count] = (Vertex){
        .item = item,
        .layer = layer,
        .height = item < 0 ? BEND_HEIGHT : DIAGRAM_NODE_HEIGHT + NODE_GAP};
    if (layer >= VERTICES_MAX) return -1;
    if (layer >= d->layer_count) d->layer_count = layer + 1;
    return d->vertex_count++;
}

/* A line from item to item, with a bend in each layer between. */
static Err add_way(Drawing *d, int32_t need, int32_t item)
{
    int32_t last = d->of_item[need];
    Way *way = &d->ways[d->way_count++];
    *way = (Way){.from = need, .to = item, .first = d->edge_count};
    for (int32_t layer = d->layer[need] + 1; layer <= d->layer[item]; layer++) {
        int32_t next = layer == d->layer[item] ? d->of_item[item]
                                               : add_vertex(d, -1, layer);
        if (next < 0 || d->edge_count == EDGES_MAX) return ERR_FULL;
        d->edges[d->edge_count++] = (Edge){last, next};
        way->count++;
        last = next;
    }
    return OK;
}

static Err add_all(Drawing *d)
{
    for (int32_t i = 0; i < d->sheet->count; i++) {
        if (!is_shown(d, i)) continue;
        d->of_item[i] = add_vertex(d, i, d->layer[i]);
        if (d->of_item[i] < 0) return ERR_FULL;
    }
    for (int32_t i = 0; i < d->sheet->count; i++) {
        const SheetItem *item = &d->sheet->items[i];
        for (int32_t n = 0; n < item->need_count; n++) {
            int32_t need = item->needs[n];
            bool forward = has_line(d, i, need) && d->layer[need] < d->layer[i];
            if (!forward) continue;
            if (d->way_count == EDGES_MAX) return ERR_FULL;
            TRY(add_way(d, need, i));
        }
    }
    return OK;
}

/* Vertices by layer, in the order in which they were made. */
static void begin_order(Drawing *d)
{
    int32_t at = 0;
    for (int32_t layer = 0; layer < d->layer_count; layer++) {
        d->begin[layer] = at;
        for (int32_t v = 0; v < d->vertex_count; v++) {
            if (d->vertices[v].layer == layer) d->order[at++] = v;
        }
    }
    d->begin[d->layer_count] = at;
}

/* Where the neighbours of a layer would have its vertices: those before it,
 * those behind it, or both. */
static void wish_layer(Drawing *d, int32_t layer, bool before, bool behind)
{
    for (int32_t i = d->begin[layer]; i < d->begin[layer + 1]; i++) {
        d->sum[d->order[i]] = 0;
        d->many[d->order[i]] = 0;
    }
    for (int32_t e = 0; e < d->edge_count; e++) {
        Edge edge = d->edges[e];
        if (before && d->vertices[edge.to].layer == layer) {
            d->sum[edge.to] += d->vertices[edge.from].y;
            d->many[edge.to]++;
        }
        if (behind && d->vertices[edge.from].layer == layer) {
            d->sum[edge.from] += d->vertices[edge.to].y;
            d->many[edge.from]++;
        }
    }
    for (int32_t i = d->begin[layer]; i < d->begin[layer + 1]; i++) {
        int32_t v = d->order[i];
        Vertex *vertex = &d->vertices[v];
        vertex->wish = d->many[v] == 0 ? vertex->y : d->sum[v] / d->many[v];
    }
}

/* Stacks a layer in its order, around the middle of the picture. */
static void stack_layer(Drawing *d, int32_t layer)
{
    double at = 0, all = 0;
    for (int32_t i = d->begin[layer]; i < d->begin[layer + 1]; i++) {
        all += d->vertices[d->order[i]].height;
    }
    at = -all / 2;
    for (int32_t i = d->begin[layer]; i < d->begin[layer + 1]; i++) {
        Vertex *vertex = &d->vertices[d->order[i]];
        vertex->y = at + vertex->height / 2;
        at += vertex->height;
    }
}

/* Sorts a layer by what its neighbours wish; equal wishes keep their order. */
static void sort_layer(Drawing *d, int32_t layer)
{
    int32_t first = d->begin[layer], end = d->begin[layer + 1];
    for (int32_t i = first + 1; i < end; i++) {
        int32_t moved = d->order[i], at = i;
        double wish = d->vertices[moved].wish;
        while (at > first && d->vertices[d->order[at - 1]].wish > wish) {
            d->order[at] = d->order[at - 1];
            at--;
        }
        d->order[at] = moved;
    }
    stack_layer(d, layer);
}

/*
 * Puts the vertices of a layer as close to their wishes as their order and
 * heights allow: of all ways to do so the one with the least squares, found
 * by pooling neighbours that would overlap.
 */
static void place_layer(Drawing *d, int32_t layer)
{
    int32_t first = d->begin[layer], pools = 0;
    double above = 0; /* room that those before take */
    for (int32_t i = first; i < d->begin[layer + 1]; i++) {
        const Vertex *vertex = &d->vertices[d->order[i]];
        d->mean[pools] = vertex->wish - above - vertex->height / 2;
        d->weight[pools] = 1;
        d->pool_end[pools++] = i + 1;
        above += vertex->height;
        while (pools > 1 && d->mean[pools - 1] < d->mean[pools - 2]) {
            double a = d->weight[pools - 2], b = d->weight[pools - 1];
            d->mean[pools - 2] =
                (d->mean[pools - 2] * a + d->mean[pools - 1] * b) / (a + b);
            d->weight[pools - 2] = a + b;
            d->pool_end[pools - 2] = i + 1;
            pools--;
        }
    }
    above = 0;
    for (int32_t i = first, pool = 0; i < d->begin[layer + 1]; i++) {
        Vertex *vertex = &d->vertices[d->order[i]];
        if (i == d->pool_end[pool]) pool++;
        vertex->y = d->mean[pool] + above + vertex->height / 2;
        above += vertex->height;
    }
}

static void arrange(Drawing *d)
{
    begin_order(d);
    for (int32_t layer = 0; layer < d->layer_count; layer++) {
        stack_layer(d, layer);
    }
    for (int32_t sweep = 0; sweep < ORDER_SWEEPS; sweep++) {
        for (int32_t i = 0; i < d->layer_count; i++) {
            bool on = sweep % 2 == 1;
            int32_t layer = on ? i : d->layer_count - 1 - i;
            wish_layer(d, layer, on, !on);
            sort_layer(d, layer);
        }
    }
    for (int32_t sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
        for (int32_t i = 0; i < d->layer_count; i++) {
            int32_t layer = sweep % 2 == 0 ? i : d->layer_count - 1 - i;
            wish_layer(d, layer, true, true);
            place_layer(d, layer);
        }
    }
}

static int32_t x_of(int32_t layer)
{
    return MARGIN + layer * (DIAGRAM_NODE_WIDTH + LAYER_GAP);
}

/* The upper end of everything, as the picture begins there. */
static double top_of(const Drawing *d)
{
    double top = 0;
    for (int32_t v = 0; v < d->vertex_count; v++) {
        double edge = d->vertices[v].y - d->vertices[v].height / 2;
        if (v == 0 || edge < top) top = edge;
    }
    return top;
}

static int32_t y_of(const Drawing *d, double top, int32_t vertex)
{
    return (int32_t)(d->vertices[vertex].y - top) + MARGIN;
}

static Err give_nodes(const Drawing *d, Arena *arena, double top, Diagram *ret)
{
    DiagramNode *nodes =
        ARENA_TRY_ARRAY(arena, DiagramNode, (size_t)d->sheet->count + 1);
    if (nodes == NULL) return ERR_FULL;
    ret->nodes = nodes;
    ret->width = x_of(d->layer_count) - LAYER_GAP + MARGIN;
    for (int32_t v = 0; v < d->vertex_count; v++) {
        const Vertex *vertex = &d->vertices[v];
        int32_t middle = y_of(d, top, v);
        int32_t under = middle + (int32_t)vertex->height / 2 + MARGIN;
        if (under > ret->height) ret->height = under;
        if (vertex->item < 0) continue;
        nodes[ret->node_count++] = (DiagramNode){
            vertex->item, x_of(vertex->layer), middle - DIAGRAM_NODE_HEIGHT / 2,
            is_quiet(d, vertex->item)};
    }
    return OK;
}

static Err give_lines(const Drawing *d, Arena *arena, double top, Diagram *ret)
{
    DiagramLine *lines =
        ARENA_TRY_ARRAY(arena, DiagramLine, (size_t)d->way_count + 1);
    /* a line has an end more than it has edges, and a bend has two ends */
    DiagramPoint *point =
        ARENA_TRY_ARRAY(arena, DiagramPoint, (size_t)d->edge_count * 2 + 1);
    if (lines == NULL || point == NULL) return ERR_FULL;
    ret->lines = lines;
    ret->line_count = d->way_count;
    for (int32_t w = 0; w < d->way_count; w++) {
        const Way *way = &d->ways[w];
        lines[w] = (DiagramLine){way->from, way->to, point, way->count * 2};
        for (int32_t e = way->first; e < way->first + way->count; e++) {
            int32_t from = d->edges[e].from, to = d->edges[e].to;
            *point++ = (DiagramPoint){x_of(d->vertices[from].layer) +
                                          DIAGRAM_NODE_WIDTH,
                                      y_of(d, top, from)};
            *point++ =
                (DiagramPoint){x_of(d->vertices[to].layer), y_of(d, top, to)};
        }
    }
    return OK;
}

static bool make_room(Drawing *d, Arena *scratch)
{
    size_t items = (size_t)d->sheet->count + 1;
    d->users = ARENA_TRY_ARRAY(scratch, int32_t, items);
    d->layer = ARENA_TRY_ARRAY(scratch, int32_t, items);
    d->of_item = ARENA_TRY_ARRAY(scratch, int32_t, items);
    d->vertices = ARENA_TRY_ARRAY(scratch, Vertex, VERTICES_MAX);
    d->edges = ARENA_TRY_ARRAY(scratch, Edge, EDGES_MAX);
    d->ways = ARENA_TRY_ARRAY(scratch, Way, EDGES_MAX);
    d->order = ARENA_TRY_ARRAY(scratch, int32_t, VERTICES_MAX);
    d->begin = ARENA_TRY_ARRAY(scratch, int32_t, VERTICES_MAX + 1);
    d->sum = ARENA_TRY_ARRAY(scratch, double, VERTICES_MAX);
    d->many = ARENA_TRY_ARRAY(scratch, int32_t, VERTICES_MAX);
    d->mean = ARENA_TRY_ARRAY(scratch, double, VERTICES_MAX);
    d->weight = ARENA_TRY_ARRAY(scratch, double, VERTICES_MAX);
    d->pool_end = ARENA_TRY_ARRAY(scratch, int32_t, VERTICES_MAX);
    return !arena_refused(scratch);
}

Err diagram_make(Arena *arena, const Sheet *sheet, const bool *shown,
                 Diagram *ret)
{
    Drawing d = {.sheet = sheet, .shown = shown};
    Arena *scratch CLEANUP(arena_closep) = arena_open(SCRATCH_BYTES);
    *ret = (Diagram){.width = 0};
    if (scratch == NULL || !make_room(&d, scratch)) return ERR_FULL;
    count_users(&d);
    layer_early(&d);
    layer_late(&d);
    TRY(add_all(&d));
    arrange(&d);
    double top = top_of(&d);
    TRY(give_nodes(&d, arena, top, ret));
    return give_lines(&d, arena, top, ret);
}
