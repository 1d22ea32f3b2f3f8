/*
 * column_walk_int.h - the state of going through a unit: see column_unit.c.
 */
#ifndef DMN_COLUMN_WALK_INT_H
#define DMN_COLUMN_WALK_INT_H

#include "dmn/column_int.h"

enum {
    BRANCHES_MAX = 48,
    UNITS_DEEP_MAX = 200,
    LOOPS_OPEN_MAX = 8,
    WALK_GONE = -1
};

/* A side of a jump: taken where `cond` is 1, or where it is not. */
typedef struct WalkBranch {
    int32_t jump;
    bool side;
    ColumnRef cond;
} WalkBranch;

typedef struct WalkState {
    const Sym **slots;
    WalkBranch path[BRANCHES_MAX];
    int32_t depth;
    int32_t target; /* of a pending state; WALK_GONE: it has met another */
} WalkState;

typedef struct WalkLoop {
    const Sym *list;
    int32_t head; /* the operation that takes the next item; -1: not open */
    int32_t exit;
    int32_t depth;     /* of the path where it was opened */
    const Sym **saved; /* slots before the body */
    bool filter;
    uint32_t next; /* option that is being gone through */
    ColumnRef mask;
    int32_t domain; /* of items; 0: options */
    /* what the body gives */
    const Sym *pushed;
    ColumnRef pushed_mask;
    int32_t pushed_domain;
    const Sym *parts[DMN_OPTIONS_MAX];
    ColumnRef masks[DMN_OPTIONS_MAX];
    uint32_t count;
    /* "some" and "every": what was found so far */
    ColumnRef decided, unknown;
} WalkLoop;

typedef struct WalkTable {
    DmnMatched *rows;
    uint32_t count;
    int32_t depth;    /* of the path where the table begins */
    int32_t previous; /* table that was open */
} WalkTable;

typedef struct Walk {
    DmnLow *low;
    const FeelUnit *unit;
    const FeelOp *ops;
    int32_t at;
    WalkState now;
    bool dead; /* nothing comes here but pending states */
    WalkState *pending;
    WalkState **meeting;
    int32_t pending_count, pending_max;
    int32_t made_branches; /* counted down, for those that are no jump's */
    WalkLoop **loops;      /* by number */
    int32_t open[LOOPS_OPEN_MAX];
    int32_t open_count;
    WalkTable *tables; /* by loop number */
    int32_t open_table;
    const Sym *result;
} Walk;

/*
 * Each gives false when the unit cannot be lowered, with a reason.
 */

/* column_unit.c */
bool dmn_walk_fails(Walk *walk, const char *why);
const Sym *dmn_walk_fetch(Walk *walk, int32_t at);
bool dmn_walk_give(Walk *walk, int32_t to, const Sym *sym);
const Sym **dmn_walk_slots(Walk *walk, const Sym *const *slots);

/* column_loop.c */
bool dmn_loop_open(Walk *walk, const FeelOp *op);
bool dmn_loop_first(Walk *walk, const FeelOp *op);
bool dmn_loop_back(Walk *walk, int32_t head);
bool dmn_loop_push(Walk *walk, const FeelOp *op);
bool dmn_loop_filter(Walk *walk, const FeelOp *op);
bool dmn_loop_quantified(Walk *walk, const FeelOp *op);
bool dmn_loop_close(Walk *walk, const FeelOp *op);

#endif
