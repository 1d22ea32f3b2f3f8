/*
 * pages_policy.h - the pages of the policy desk.
 */
#ifndef WEB_PAGES_POLICY_H
#define WEB_PAGES_POLICY_H

#include "web/parts.h"

/* A model in the list. */
typedef struct PageModelLine {
    Str name;  /* for its address */
    Str title; /* of its programme */
    Str first; /* its oldest figure; empty: it has none by dates */
    Str last;
    int64_t decisions;
    int64_t tables;
    int64_t rows;
    int64_t cases;
    int64_t sources;
    int64_t unconfirmed;
    bool doubt; /* some are not confirmed */
    int64_t errors;
    int64_t warnings;
    bool clean;
} PageModelLine;

/* A version of the law that holds from a coming month. */
typedef struct PageComing {
    Str from;
    Str value; /* of a figure, then; empty elsewhere */
    Str title;
    Str draft; /* its id */
} PageComing;

typedef struct PageModels {
    PageFrame frame;
    const PageComing *coming;
    size_t coming_count;
    const PageModelLine *models;
    size_t models_count;
    Str pack; /* hash of the law in force */
} PageModels;

/* A line of text within a node. */
typedef struct PageNodeText {
    Str x;
    Str y;
    Str text;
} PageNodeText;

typedef struct PageNode {
    Str id;   /* of a decision, for its address; empty: no link */
    Str kind; /* class of its shape */
    Str x;
    Str y;
    Str width;
    Str height;
    Str round; /* radius of its corners */
    const PageNodeText *lines;
    size_t lines_count;
    bool here; /* the decision that the page is about */
} PageNode;

typedef struct PageCurve {
    Str d; /* as a path */
} PageCurve;

/* What needs what, drawn. */
typedef struct PageDiagram {
    bool drawn;
    Str width;
    Str height;
    Str box; /* view box */
    const PageCurve *curves;
    size_t curves_count;
    const PageNode *nodes;
    size_t nodes_count;
} PageDiagram;

/* An element in a list. */
typedef struct PageItem {
    Str id; /* empty: no page of its own */
    Str label;
    Str name;  /* in the model */
    Str needs; /* labels, by commas */
    Str value; /* of a figure in force */
    Str since;
    bool valued;
    bool doubt;
} PageItem;

typedef struct PageModel {
    PageFrame frame;
    const PageComing *coming;
    size_t coming_count;
    PageModelLine model;
    PageDiagram diagram;
    bool whole; /* figures of the law are drawn, too */
    Str month;
    const PageItem *figures;
    size_t figures_count;
    bool any_figures;
    const PageItem *items;
    size_t items_count;
} PageModel;

typedef struct PageColumn {
    Str name;
} PageColumn;

typedef struct PageCell {
    Str label; /* of its column */
    Str words;
    bool any; /* any value will do */
    Str code; /* as it stands in the model, where it has no words */
} PageCell;

typedef struct PageTableRow {
    Str number;
    const PageCell *cells;
    size_t cells_count;
    bool now;   /* in force this month */
    bool cited; /* its table says where rows stand */
    Str article;
    Str source;
    Str remark;
    bool confirmed;
    bool unconfirmed;
    bool assumption;
} PageTableRow;

/* A part of a decision's logic. */
typedef struct PageBlock {
    Str label;
    Str depth; /* "0", "1" .., for its class */
    Str form;  /* what it is, for people; empty: nothing to say */
    Str code;  /* an expression */
    bool table;
    Str title;
    Str policy; /* which rows speak */
    const PageColumn *columns;
    size_t columns_count;
    const PageTableRow *rows;
    size_t rows_count;
    bool cited;
} PageBlock;

typedef struct PageRule {
    PageFrame frame;
    const PageComing *coming;
    size_t coming_count;
    PageModelLine model;
    Str label;
    Str name;
    Str text; /* the model's own words */
    Str text_lang;
    Str text_dir;
    Str value; /* of a figure, this month */
    Str month;
    bool valued;
    const PageBlock *blocks;
    size_t blocks_count;
    PageDiagram diagram;
    const PageItem *needs;
    size_t needs_count;
    bool any_needs;
    const PageItem *users;
    size_t users_count;
    bool any_users;
} PageRule;

typedef struct PageFinding {
    bool error;
    bool warning;
    Str id;
    Str decision;
    Str row; /* empty: none */
    Str message;
    Str remedy;
    Str line;
} PageFinding;

typedef struct PageFindings {
    PageFrame frame;
    PageModelLine model;
    const PageFinding *findings;
    size_t findings_count;
    bool any_findings;
} PageFindings;

/* The list of models. */
void page_models(Out *out, const PageModels *page);
/* A model: its diagram, its figures, its decisions. */
void page_model(Out *out, const PageModel *page);
/* A decision of a model. */
void page_rule(Out *out, const PageRule *page);
/* What the static check found. */
void page_findings(Out *out, const PageFindings *page);
#endif
