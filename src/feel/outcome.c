/*
 * What an expression can be, and the parts that it is made of, kept while a
 * model is checked: a declared type that a branch, a row, an item, an entry or
 * the result of a function never has is said at that place, even where the
 * others agree with it.
 */
#include "feel/builder_int.h"
#include "feel/set.h"

enum {
    OUTCOMES_MAX = 100000, /* of one model; of more there is less to say */
    PARTS_DEPTH_MAX = 400  /* beyond what can be nested in a model */
};

void feel_builder_outcomes(FeelBuilder *builder, FeelOperand value,
                           const FeelOutcome *outcomes)
{
    builder->outcomes = outcomes;
    builder->outcomes_of = value.at;
    builder->outcomes_end = builder->op_count;
}

/* What was said of a value, if it is the one that was made last. */
static const FeelOutcome *parts_of(const FeelBuilder *builder,
                                   FeelOperand value)
{
    bool last = builder->outcomes_of == value.at &&
                builder->outcomes_end == builder->op_count;
    return last ? builder->outcomes : NULL;
}

/* Whether an item is like the one before it, about which all is said. */
static bool is_like(const FeelOutcome *one, const FeelOutcome *before)
{
    if (before == NULL || !one->beside || !before->beside || one->row > 0 ||
        one->type != before->type || one->constant != before->constant) {
        return false;
    }
    return one->parts == NULL && before->parts == NULL &&
           (!one->constant || feel_same(one->value, before->value));
}

bool feel_builder_outcome(FeelBuilder *builder, FeelOperand value,
                          FeelOutcome as, const FeelOutcome **outcomes)
{
    FeelProgram *program = builder->program;
    if (program->warn == NULL || program->outcomes == OUTCOMES_MAX) return true;
    const FeelOutcome *before = *outcomes;
    as.type = value.type;
    as.parts = parts_of(builder, value);
    as.constant = feel_operand_constant(builder, value, &as.value);
    as.times = 1;
    as.next = before;
    if (is_like(&as, before)) {
        as.place = before->place;
        as.times = before->times + 1;
        as.next = before->next;
    }
    FeelOutcome *made = ARENA_TRY_NEW(builder->arena, FeelOutcome);
    if (made == NULL) return false;
    program->outcomes++;
    *made = as;
    *outcomes = made;
    return true;
}

/* The part of a declared type that an outcome has to be. */
static const FeelType *wanted(const FeelOutcome *outcome, const FeelType *type)
{
    const FeelType *any = feel_type_of(FEEL_ANY);
    if (type->kind == FEEL_LIST && (outcome->listed || outcome->field.bytes)) {
        type = type->item == NULL ? any : type->item;
    }
    if (outcome->returned) {
        bool told = type->kind == FEEL_FUNCTION && !type->open;
        type = told && type->item != NULL ? type->item : any;
    }
    return outcome->field.bytes == 0 ? type
                                     : feel_type_field(type, outcome->field);
}

static bool is_part(const FeelOutcome *outcome)
{
    return outcome->listed || outcome->returned || outcome->field.bytes > 0;
}

static void add_type(Diag *diag, const FeelType *type)
{
    Buf text = buf_make(DIAG_ARG_BYTES);
    feel_type_write(&text, type);
    diag_arg(diag, buf_view(&text));
    buf_free(&text);
}

/* A warning about a declared type. */
typedef struct Warning {
    const FeelProgram *program;
    const FeelType *is, *declared;
    FeelPlace place;
    int32_t row;
    bool inside;              /* it is about a part, which is not converted, */
    bool part;                /* and its place does not say so as a row does */
    Str lacks;                /* the entry that is not there, or empty */
    const FeelValue *refused; /* what the type does not allow, or NULL */
} Warning;

/* "tRisk", or what the type is when it has no name. */
static void add_name(Diag *diag, const FeelType *type)
{
    if (type->name.bytes > 0) {
        diag_arg(diag, type->name);
    } else {
        add_type(diag, type);
    }
}

static void add_value(Diag *diag, FeelValue value)
{
    Buf text = buf_make(DIAG_ARG_BYTES);
    feel_write_json(&text, value);
    diag_arg(diag, buf_view(&text));
    buf_free(&text);
}

static void say(const Warning *w)
{
    Diag diag = {.key = ""};
    if (w->refused != NULL) {
        diag_set(&diag, w->part ? "feel.part_not_allowed" : "feel.not_allowed");
        add_name(&diag, w->declared);
        add_value(&diag, *w->refused);
    } else if (w->lacks.bytes > 0) {
        diag_set(&diag, "feel.lacks_entry");
        diag_arg(&diag, w->lacks);
        add_type(&diag, w->declared);
    } else {
        diag_set(&diag, w->part ? "feel.declared_part" : "feel.declared");
        add_type(&diag, w->is);
        add_type(&diag, w->declared);
    }
    diag_place(&diag, NULL, w->place.line, w->place.column);
    w->program->warn(w->program->warn_context, &diag, w->place.source, w->row);
}

/* The first entry of a declared context that a value never has. */
static Str lacking(const FeelType *type, const FeelType *declared)
{
    bool told = type->kind == FEEL_CONTEXT && type->shape != NULL &&
                declared->kind == FEEL_CONTEXT && declared->shape != NULL;
    for (uint32_t i = 0; told && i < declared->count; i++) {
        Str name = declared->shape->names[i];
        if (feel_shape_find(type->shape, name) < 0) return name;
    }
    return (Str){0};
}

/* Whether a constant is none of the values that a type allows. */
static bool is_refused(FeelValue value, const FeelType *type)
{
    bool single =
        value.kind >= FEEL_BOOLEAN && value.kind <= FEEL_MONTHS_DURATION;
    return single && value.kind == (uint8_t)type->kind &&
           type->allowed != NULL && !feel_set_has(type->allowed, value);
}

/*
 * Says of each outcome that it never has its part of `w->declared`; whether
 * something was said.
 */
static bool say_parts(Warning *w, const FeelOutcome *outcome, int depth)
{
    Warning outer = *w;
    bool told = false;
    for (; outcome != NULL && depth < PARTS_DEPTH_MAX;
         outcome = outcome->next) {
        const FeelType *type = wanted(outcome, outer.declared);
        w->declared = type;
        w->is = outcome->type;
        w->place = outcome->place;
        w->inside = outer.inside || is_part(outcome);
        w->part = outer.part ||
                  (is_part(outcome) && (outcome->row == 0 || outcome->beside));
        w->row = outcome->row > 0 ? outcome->row : outer.row;
        bool inner = say_parts(w, outcome->parts, depth + 1);
        bool clash = w->inside ? feel_types_clash_inside(outcome->type, type)
                               : feel_types_clash(outcome->type, type);
        bool refused = outcome->constant && is_refused(outcome->value, type);
        if (!inner && (clash || refused)) {
            w->lacks = lacking(outcome->type, type);
            w->refused = refused ? &outcome->value : NULL;
            say(w);
        }
        *w = outer;
        told = told || inner || clash || refused;
    }
    return told;
}

/* Whether a list has several items for certain. */
static bool is_several(const FeelOutcome *outcome)
{
    return outcome != NULL && outcome->beside &&
           (outcome->times > 1 || outcome->next != NULL);
}

void feel_warn_declared(FeelBuilder *builder, FeelOperand value,
                        const FeelType *declared)
{
    const FeelProgram *program = builder->program;
    if (program->warn == NULL) return;
    const FeelOutcome *parts = parts_of(builder, value);
    Warning w = {.program = program,
                 .declared = declared,
                 .is = value.type,
                 .place = program->places[builder->place]};
    bool one = declared->kind != FEEL_LIST && declared->kind != FEEL_ANY &&
               declared->kind != FEEL_NULL;
    if (is_several(parts) && one) {
        say(&w);
        return;
    }
    if (say_parts(&w, parts, 0)) return;
    FeelValue constant;
    if (feel_operand_constant(builder, value, &constant) &&
        is_refused(constant, declared)) {
        w.refused = &constant;
        w.row = -1;
        say(&w);
        return;
    }
    if (!feel_types_clash(value.type, declared)) return;
    w.lacks = lacking(value.type, declared);
    say(&w);
}
