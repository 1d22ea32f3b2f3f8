/*
 * What an expression with branches can be, kept while a model is checked: a
 * declared type that a branch or a row never has is said at that place, even
 * where the others agree with it.
 */
#include "feel/builder_int.h"

void feel_builder_outcomes(FeelBuilder *builder, FeelOperand value,
                           const FeelOutcome *outcomes)
{
    builder->outcomes = outcomes;
    builder->outcomes_of = value.at;
    builder->outcomes_end = builder->op_count;
}

/* Puts one in front; without room there is less to say. */
static FeelOutcome *put(FeelBuilder *builder, FeelOutcome one,
                        const FeelOutcome *next)
{
    FeelOutcome *made = ARENA_TRY_NEW(builder->arena, FeelOutcome);
    if (made == NULL) return NULL;
    *made = one;
    made->next = next;
    return made;
}

bool feel_builder_outcome(FeelBuilder *builder, FeelOperand value,
                          FeelOutcome as, const FeelOutcome **outcomes)
{
    if (builder->program->warn == NULL) return true;
    const FeelOutcome *inner = NULL;
    if (builder->outcomes_of == value.at &&
        builder->outcomes_end == builder->op_count) {
        inner = builder->outcomes;
    }
    as.type = value.type;
    if (inner == NULL) {
        *outcomes = put(builder, as, *outcomes);
        return *outcomes != NULL;
    }
    for (; inner != NULL; inner = inner->next) {
        as.type = inner->type;
        as.place = inner->place;
        const FeelOutcome *made = put(builder, as, *outcomes);
        if (made == NULL) return false;
        *outcomes = made;
    }
    return true;
}

/* The part of a declared type that an outcome has to be. */
static const FeelType *wanted(const FeelOutcome *outcome, const FeelType *type)
{
    if (type->kind == FEEL_LIST && (outcome->listed || outcome->field.bytes)) {
        type = type->item == NULL ? feel_type_of(FEEL_ANY) : type->item;
    }
    return outcome->field.bytes == 0 ? type
                                     : feel_type_field(type, outcome->field);
}

static void say(const FeelProgram *program, const FeelOutcome *outcome,
                const FeelType *declared)
{
    Diag diag = {.key = ""};
    diag_set(&diag, "feel.declared");
    diag_arg_text(&diag, feel_kind_name(outcome->type->kind));
    diag_arg_text(&diag, feel_kind_name(declared->kind));
    diag_place(&diag, NULL, outcome->place.line, outcome->place.column);
    program->warn(program->warn_context, &diag, outcome->place.source,
                  outcome->row);
}

void feel_warn_declared(FeelBuilder *builder, FeelOperand value,
                        const FeelType *declared)
{
    const FeelProgram *program = builder->program;
    if (program->warn == NULL) return;
    bool told = false;
    const FeelOutcome *outcome = NULL;
    if (builder->outcomes_of == value.at &&
        builder->outcomes_end == builder->op_count) {
        outcome = builder->outcomes;
    }
    for (; outcome != NULL; outcome = outcome->next) {
        const FeelType *type = wanted(outcome, declared);
        if (!feel_types_clash(outcome->type, type)) continue;
        say(program, outcome, type);
        told = true;
    }
    if (told || !feel_types_clash(value.type, declared)) return;
    FeelOutcome whole = {.type = value.type,
                         .place = program->places[builder->place]};
    say(program, &whole, declared);
}
