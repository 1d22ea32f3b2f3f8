#include "decision/decide.h"

#include <stdlib.h>

#include "feel/number.h"

enum {
    EVAL_ARENA_BYTES = 16 << 20,
    OWN_ARENA_BYTES = 1 << 20,
    EVAL_STEPS = 2000000
};

/* Where a field of a model's record comes from. */
typedef enum SourceKind {
    SOURCE_KIND,    /* a kind of the catalogue, by its field */
    SOURCE_ID,      /* household_id or person_id */
    SOURCE_MEMBERS, /* the list of members */
    SOURCE_ASSETS   /* the list of assets */
} SourceKind;

typedef struct Source {
    SourceKind from;
    const Kind *kind;
    const FeelValue *codes; /* of a KIND_CODE: its codes as strings */
} Source;

/* How records of one shape are filled. */
typedef struct Plan {
    const FeelShape *shape;
    Source source[KIND_FIELDS_MAX + 2];
} Plan;

struct Decider {
    Arena *arena;
    const Pack *pack;
    const Programme *programme;
    DmnEval *eval;
    Plan household, member, asset;
    FeelValue asset_class[KIND_CODES_MAX];
    Buf input; /* canonical bytes of the record at hand */
};

static Err refuse(Diag *diag, const char *key, Str field)
{
    diag_set(diag, key);
    diag_arg(diag, field);
    return ERR_INVALID;
}

static const FeelValue *code_strings(Arena *arena, const Kind *kind)
{
    FeelValue *codes = ARENA_ARRAY(arena, FeelValue, kind->code_count + 1);
    for (int32_t i = 0; i < kind->code_count; i++) {
        codes[i] = feel_string(str_of(kind->codes[i]));
    }
    return codes;
}

/* The kind of FEEL value that a field of that kind of fact becomes. */
static FeelKind feel_kind_of(const Kind *kind)
{
    if (kind->project == PROJECT_DAYS) return FEEL_NUMBER;
    switch (kind->type) {
    case KIND_DATE:
        return FEEL_DATE;
    case KIND_FLAG:
        return FEEL_BOOLEAN;
    case KIND_COUNT:
    case KIND_MONEY:
        return FEEL_NUMBER;
    case KIND_CODE:
    case KIND_TEXT:
        return FEEL_STRING;
    case KIND_ASSET:
        return FEEL_LIST;
    }
    return FEEL_NULL;
}

static Err bind_kind(Decider *decider, Str name, bool of_person,
                     const FeelType *type, Diag *diag, Source *ret)
{
    const Kind *kind = kind_find(decider->pack->catalogue, name);
    if (kind == NULL || kind->field < 0 || kind->of_person != of_person) {
        return refuse(diag, "bind.no_kind", name);
    }
    if (type->kind != FEEL_ANY && type->kind != feel_kind_of(kind)) {
        return refuse(diag, "bind.other_type", name);
    }
    *ret = (Source){SOURCE_KIND, kind, NULL};
    if (kind->type == KIND_ASSET) ret->from = SOURCE_ASSETS;
    if (kind->type == KIND_CODE) {
        ret->codes = code_strings(decider->arena, kind);
    }
    return OK;
}

static Err bind_member(Decider *decider, const FeelType *type, Diag *diag)
{
    Plan *plan = &decider->member;
    plan->shape = type->shape;
    for (uint32_t i = 0; i < type->count; i++) {
        Str name = type->shape->names[i];
        if (str_is(name, "person_id")) {
            plan->source[i].from = SOURCE_ID;
            continue;
        }
        TRY(bind_kind(decider, name, true, type->fields[i], diag,
                      &plan->source[i]));
        if (plan->source[i].from == SOURCE_ASSETS &&
            type->fields[i]->item->kind == FEEL_CONTEXT) {
            decider->asset.shape = type->fields[i]->item->shape;
        }
    }
    return OK;
}

static Err bind_household(Decider *decider, const FeelType *type, Diag *diag)
{
    Plan *plan = &decider->household;
    if (type->kind != FEEL_CONTEXT || type->count > KIND_FIELDS_MAX + 2) {
        return refuse(diag, "bind.other_type", STR("household"));
    }
    plan->shape = type->shape;
    for (uint32_t i = 0; i < type->count; i++) {
        Str name = type->shape->names[i];
        const FeelType *field = type->fields[i];
        if (str_is(name, "household_id")) {
            plan->source[i].from = SOURCE_ID;
        } else if (str_is(name, "members")) {
            plan->source[i].from = SOURCE_MEMBERS;
            if (field->kind != FEEL_LIST || field->item->kind != FEEL_CONTEXT ||
                field->item->count > KIND_FIELDS_MAX + 2) {
                return refuse(diag, "bind.other_type", name);
            }
            TRY(bind_member(decider, field->item, diag));
        } else {
            TRY(bind_kind(decider, name, false, field, diag, &plan->source[i]));
        }
    }
    return OK;
}

Err decider_open(const Pack *pack, const Programme *programme, Diag *diag,
                 Decider **ret)
{
    Arena *arena = arena_open(OWN_ARENA_BYTES);
    Decider *decider = ARENA_NEW(arena, Decider);
    decider->arena = arena;
    decider->pack = pack;
    decider->input = buf_make(INPUT_BYTES_MAX);
    decider->programme = programme;
    for (int32_t i = 0; i < pack->catalogue->asset_class_count; i++) {
        decider->asset_class[i] =
            feel_string(str_of(pack->catalogue->asset_classes[i]));
    }
    Err err = bind_household(
        decider, dmn_input_type(programme->model, programme->household_input),
        diag);
    if (err != OK) {
        arena_close(arena);
        return err;
    }
    decider->eval =
        dmn_eval_open(programme->model, EVAL_ARENA_BYTES, EVAL_STEPS);
    dmn_eval_brief(decider->eval);
    dmn_eval_keep(decider->eval, programme->month_input);
    *ret = decider;
    return OK;
}

void decider_close(Decider *decider)
{
    if (decider == NULL) return;
    dmn_eval_close(decider->eval);
    buf_free(&decider->input);
    arena_close(decider->arena);
}

void decider_closep(Decider **decider)
{
    decider_close(*decider);
    *decider = NULL;
}

DmnEval *decider_eval(Decider *decider)
{
    return decider->eval;
}

Buf *decider_input(Decider *decider)
{
    buf_reset(&decider->input);
    return &decider->input;
}

const Pack *decider_pack(const Decider *decider)
{
    return decider->pack;
}

const Programme *decider_programme(const Decider *decider)
{
    return decider->programme;
}

/* One field as a FEEL value; money in whole units with two decimals. */
static FeelValue field_value(const Source *source, int64_t value,
                             uint64_t known)
{
    const Kind *kind = source->kind;
    if ((known >> kind->field & 1) == 0) return feel_null();
    if (kind->project == PROJECT_DAYS) return feel_number(value, 0);
    switch (kind->type) {
    case KIND_DATE:
        return feel_date(value);
    case KIND_FLAG:
        return feel_boolean(value != 0);
    case KIND_COUNT:
        return feel_number(value, 0);
    case KIND_MONEY:
        return feel_number(value, 2);
    case KIND_CODE:
        return source->codes[value];
    case KIND_TEXT:
    case KIND_ASSET:
        break;
    }
    return feel_null();
}

static FeelValue asset_field(const Decider *decider, Str name,
                             const RecordAsset *asset)
{
    if (str_is(name, "class")) return decider->asset_class[asset->asset_class];
    if (str_is(name, "value")) return feel_number(asset->value, 2);
    if (str_is(name, "lived_in")) {
        return feel_boolean((asset->flags & ASSET_LIVED_IN) != 0);
    }
    if (str_is(name, "exempt")) {
        return feel_boolean((asset->flags & ASSET_EXEMPT) != 0);
    }
    return feel_null();
}

static bool make_assets(const Decider *decider, Arena *arena,
                        const RecordMember *member, FeelValue *ret)
{
    const FeelShape *shape = decider->asset.shape;
    int32_t count = shape == NULL ? 0 : member->asset_count;
    if (count == 0) {
        *ret = feel_list(NULL, 0);
        return true;
    }
    FeelValue *items = arena_try_raw(arena, (size_t)count, sizeof *items);
    if (items == NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        FeelRecord *record = feel_record_try(arena, shape);
        if (record == NULL) return false;
        for (uint32_t f = 0; f < shape->count; f++) {
            record->fields[f] =
                asset_field(decider, shape->names[f], &member->assets[i]);
        }
        items[i] = feel_context(record);
    }
    *ret = feel_list(items, (uint32_t)count);
    return true;
}

static bool make_member(const Decider *decider, Arena *arena,
                        const RecordMember *member, FeelValue *ret)
{
    const Plan *plan = &decider->member;
    FeelRecord *record = feel_record_try(arena, plan->shape);
    if (record == NULL) return false;
    for (uint32_t i = 0; i < plan->shape->count; i++) {
        const Source *source = &plan->source[i];
        if (LIKELY(source->from == SOURCE_KIND)) {
            record->fields[i] = field_value(
                source, member->value[source->kind->field], member->known);
        } else if (source->from == SOURCE_ID) {
            record->fields[i] = feel_number(member->person_id, 0);
        } else if (!make_assets(decider, arena, member, &record->fields[i])) {
            return false;
        }
    }
    *ret = feel_context(record);
    return true;
}

static bool make_members(const Decider *decider, Arena *arena,
                         const InputRecord *record, FeelValue *ret)
{
    size_t count = (size_t)record->member_count;
    FeelValue *items = arena_try_raw(arena, count, sizeof *items);
    if (items == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        if (!make_member(decider, arena, &record->members[i], &items[i])) {
            return false;
        }
    }
    *ret = feel_list(items, (uint32_t)count);
    return true;
}

static bool make_household(const Decider *decider, Arena *arena,
                           const InputRecord *record, FeelValue *ret)
{
    const Plan *plan = &decider->household;
    FeelRecord *made = feel_record_try(arena, plan->shape);
    if (made == NULL) return false;
    for (uint32_t i = 0; i < plan->shape->count; i++) {
        const Source *source = &plan->source[i];
        switch (source->from) {
        case SOURCE_KIND:
            made->fields[i] = field_value(
                source, record->value[source->kind->field], record->known);
            break;
        case SOURCE_ID:
            made->fields[i] = feel_number(record->household_id, 0);
            break;
        case SOURCE_MEMBERS:
            if (!make_members(decider, arena, record, &made->fields[i])) {
                return false;
            }
            break;
        case SOURCE_ASSETS:
            made->fields[i] = feel_list(NULL, 0);
            break;
        }
    }
    *ret = feel_context(made);
    return true;
}

static bool read_reasons(FeelValue reasons, Verdict *ret)
{
    size_t used = 0;
    if (reasons.kind == FEEL_NULL) return true;
    if (reasons.kind != FEEL_LIST) return false;
    for (uint32_t i = 0; i < reasons.count; i++) {
        FeelValue code = reasons.as.items[i];
        if (code.kind != FEEL_STRING ||
            used + code.count + 2 > REASONS_BYTES_MAX) {
            return false;
        }
        if (i > 0) ret->reasons[used++] = ' ';
        memcpy(ret->reasons + used, code.as.text, code.count);
        used += code.count;
    }
    ret->reasons[used] = '\0';
    return true;
}

Err decider_set(Decider *decider, const InputRecord *record, Month month,
                Diag *diag)
{
    DmnEval *eval = decider->eval;
    const Programme *programme = decider->programme;
    FeelValue household;
    dmn_eval_reset(eval);
    if (!make_household(decider, dmn_eval_arena(eval), record, &household)) {
        diag_set(diag, "decide.full");
        diag_arg_int(diag, record->household_id);
        return ERR_FULL;
    }
    dmn_input_set(eval, programme->month_input,
                  feel_date(month_first_day(month)));
    dmn_input_set(eval, programme->household_input, household);
    return OK;
}

Err decider_decide(Decider *decider, const InputRecord *record, Month month,
                   Diag *diag, Verdict *ret)
{
    DmnEval *eval = decider->eval;
    const Programme *programme = decider->programme;
    FeelValue answer;
    TRY(decider_set(decider, record, month, diag));
    Err err = dmn_eval(eval, programme->decision, &answer);
    if (err != OK) {
        diag_set(diag, "decide.full");
        diag_arg_int(diag, record->household_id);
        return err;
    }
    FeelValue eligible = feel_field(answer, "eligible");
    FeelValue amount = feel_field(answer, "amount");
    ret->eligible = feel_is_true(eligible);
    ret->reasons[0] = '\0';
    if (eligible.kind != FEEL_BOOLEAN || amount.kind != FEEL_NUMBER ||
        !feel_number_minor(amount, &ret->amount_minor) ||
        ret->amount_minor < 0 ||
        !read_reasons(feel_field(answer, "reasons"), ret)) {
        diag_set(diag, "decide.no_answer");
        diag_arg_int(diag, record->household_id);
        diag_arg_text(diag, dmn_eval_diag(eval)->key);
        return ERR_INVALID;
    }
    return OK;
}

Str verdict_main_reason(const Verdict *verdict)
{
    const char *end = strchr(verdict->reasons, ' ');
    return end == NULL
               ? str_of(verdict->reasons)
               : (Str){verdict->reasons, (size_t)(end - verdict->reasons)};
}

bool verdict_equal(const Verdict *a, const Verdict *b)
{
    return a->eligible == b->eligible && a->amount_minor == b->amount_minor &&
           strcmp(a->reasons, b->reasons) == 0;
}
