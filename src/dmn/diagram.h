/*
 * diagram.h - where the elements of a model stand in a picture of what needs
 * what: in columns, each behind all that it needs, with few lines that cross.
 *
 * What is needed stands left of what needs it; who reads from right to left
 * mirrors the picture. The same sheet gives the same picture.
 */
#ifndef DMN_DIAGRAM_H
#define DMN_DIAGRAM_H

#include "dmn/sheet.h"

enum {
    DIAGRAM_NODE_WIDTH = 168,
    DIAGRAM_NODE_HEIGHT = 56,
    DIAGRAM_QUIET = 6 /* more users than this: no lines */
};

typedef struct DiagramNode {
    int32_t item; /* of the sheet */
    int32_t x, y; /* its upper left corner */
    bool quiet;   /* so many need it that its lines are left out */
} DiagramNode;

typedef struct DiagramPoint {
    int32_t x, y;
} DiagramPoint;

/* From the right side of what is needed to the left side of who needs it. */
typedef struct DiagramLine {
    int32_t from, to; /* items of the sheet */
    const DiagramPoint *points;
    int32_t point_count;
} DiagramLine;

typedef struct Diagram {
    int32_t width, height;
    const DiagramNode *nodes; /* in the order of the sheet */
    int32_t node_count;
    const DiagramLine *lines;
    int32_t line_count;
} Diagram;

/*
 * Draws a sheet, or a part of it.
 *
 * in     shown: which items; NULL: all
 * errs   ERR_FULL: no memory, or more than fits into a picture
 * cost   60 ms at the limit of 4,000 nodes and bends
 */
NODISCARD Err diagram_make(Arena *arena, const Sheet *sheet, const bool *shown,
                           Diagram *ret);

#endif
