/*
 * What an expression can give at all, where its outermost part says so: a
 * count is a whole number and never negative, a month is one of twelve. So no
 * table is told to decide for the month 6.5.
 */
#include "feel/node_int.h"
#include "feel/set.h"

enum { NO_END = 1000000, SCRATCH_BYTES = 64 << 20 };

typedef struct Bounds {
    const char *name;
    int32_t low, high; /* NO_END: there is none on that side */
} Bounds;

static const Bounds parts[] = {
    {"month", 1, 12},          {"day", 1, 31},
    {"weekday", 1, 7},         {"hour", 0, 23},
    {"minute", 0, 59},         {"second", 0, 59},
    {"months", -11, 11},       {"hours", -23, 23},
    {"minutes", -59, 59},      {"seconds", -59, 59},
    {"year", -NO_END, NO_END}, {"years", -NO_END, NO_END},
    {"days", -NO_END, NO_END}};

static const Bounds calls[] = {
    {"count", 0, NO_END},       {"string length", 0, NO_END},
    {"day of year", 1, 366},    {"week of year", 1, 53},
    {"floor", -NO_END, NO_END}, {"ceiling", -NO_END, NO_END}};

static const Bounds *bounds_named(const Bounds *all, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, all[i].name)) return &all[i];
    }
    return NULL;
}

static const Bounds *bounds_of(const FeelNode *node)
{
    if (node->kind == FEEL_NODE_PATH) {
        FeelKind kind = node->a->type->kind;
        bool time = kind >= FEEL_DATE && kind <= FEEL_MONTHS_DURATION;
        return time ? bounds_named(parts, sizeof parts / sizeof *parts,
                                   node->text)
                    : NULL;
    }
    bool builtin = node->kind == FEEL_NODE_CALL && node->count == 1 &&
                   node->a->kind == FEEL_NODE_VARIABLE &&
                   node->a->var->kind == FEEL_VAR_BUILTIN;
    return builtin ? bounds_named(calls, sizeof calls / sizeof *calls,
                                  node->a->var->name)
                   : NULL;
}

static void scratch_closep(Arena **arena)
{
    arena_close(*arena);
}

Err feel_set_of_result(Arena *arena, const FeelScope *scope, FeelSource source,
                       FeelSet *ret, bool *ret_whole)
{
    Arena *scratch CLEANUP(scratch_closep) = arena_open(SCRATCH_BYTES);
    FeelProgram *program = feel_program_make(scratch);
    Diag diag = {.key = ""};
    FeelParser parser = {.arena = scratch,
                         .source = source,
                         .at = source.text.at,
                         .end = source.text.at + source.text.bytes,
                         .scope = scope,
                         .program = program,
                         .diag = &diag};
    *ret = (FeelSet){.known = true, .all = true, .null = FEEL_SET_NULL_IN};
    *ret_whole = false;
    if (program == NULL) return ERR_FULL;
    const FeelNode *node = feel_parse(&parser);
    if (parser.full) return ERR_FULL;
    if (node == NULL || parser.fault != NULL) return OK;
    const Bounds *bounds = bounds_of(node);
    if (bounds == NULL) return OK;
    *ret_whole = true;
    if (bounds->low == -NO_END && bounds->high == NO_END) return OK;
    FeelSpan *span = ARENA_TRY_NEW(arena, FeelSpan);
    if (span == NULL) return ERR_FULL;
    *span = (FeelSpan){.low = feel_number(bounds->low, 0),
                       .high = feel_number(bounds->high, 0),
                       .low_closed = true,
                       .high_closed = true,
                       .high_open = bounds->high == NO_END};
    *ret = (FeelSet){.known = true,
                     .null = FEEL_SET_NULL_IN,
                     .kind = FEEL_NUMBER,
                     .count = 1,
                     .spans = span};
    return OK;
}
