/*
 * Item definitions to types. A type is made when it is first named, so that
 * definitions may stand in any order; one inside itself is refused.
 */
#include "dmn/check.h"
#include "dmn/model_int.h"
#include "feel/set.h"

static Err make(DmnModel *model, DmnTypeDefinition *definition);

/* "feel:number" of old models, "xsd:string": the name behind the colon. */
static Str without_prefix(Str name)
{
    for (size_t i = name.bytes; i-- > 0;) {
        if (name.at[i] == ':') {
            return (Str){name.at + i + 1, name.bytes - i - 1};
        }
    }
    return name;
}

static DmnTypeDefinition *find(DmnModel *model, const DmnFile *file, Str name)
{
    feel_program_spend(model->program, 1);
    return dmn_index_find(&model->types_by_name, file, name);
}

/* "prefix.name": a type of the file that is imported under the prefix. */
static DmnTypeDefinition *find_imported(DmnModel *model, const DmnFile *file,
                                        Str name)
{
    for (uint32_t i = 0; i < file->import_count; i++) {
        DmnFile *imported = file->imports[i].file;
        Str prefix = file->imports[i].name;
        Str rest = name;
        if (imported == NULL) continue;
        if (prefix.bytes > 0) {
            if (name.bytes < prefix.bytes + 2 ||
                memcmp(name.at, prefix.at, prefix.bytes) != 0 ||
                name.at[prefix.bytes] != '.') {
                continue;
            }
            rest = (Str){name.at + prefix.bytes + 1,
                         name.bytes - prefix.bytes - 1};
        }
        DmnTypeDefinition *found = find(model, imported, rest);
        if (found != NULL) return found;
    }
    return NULL;
}

/* The type of a definition; one that is being made is inside itself. */
static const FeelType *made(DmnModel *model, DmnTypeDefinition *definition)
{
    if (definition->state == DMN_DONE) return definition->type;
    bool inside = definition->state == DMN_BUSY;
    if (make(model, definition) != OK) return NULL;
    return inside ? feel_type_of(FEEL_ANY) : definition->type;
}

const FeelType *dmn_type(DmnModel *model, DmnFile *file, Str reference)
{
    reference = str_trim(reference);
    if (reference.bytes == 0) return feel_type_of(FEEL_ANY);
    DmnTypeDefinition *found = find(model, file, reference);
    if (found == NULL) found = find_imported(model, file, reference);
    if (found != NULL) return made(model, found);
    const FeelType *simple = feel_type_named(reference);
    if (simple != NULL) return simple;
    reference = without_prefix(reference);
    found = find(model, file, reference);
    if (found != NULL) return made(model, found);
    return feel_type_named(reference);
}

Err dmn_type_at(DmnModel *model, DmnFile *file, const XmlNode *node, Str name,
                const FeelType **ret)
{
    *ret = dmn_type(model, file, name);
    if (*ret != NULL) return OK;
    *ret = feel_type_of(FEEL_ANY);
    if (model->program->full || arena_refused(model->arena)) {
        return dmn_full(model);
    }
    return dmn_fault(model, file, node, "dmn.type_unknown", str_trim(name));
}

const FeelType *dmn_type_named(void *context, Str name)
{
    DmnFile *file = context;
    return dmn_type(file->model, file, name);
}

static Err fill(DmnModel *model, DmnFile *file, const XmlNode *node,
                FeelType *type, int32_t depth);

static Err fill_components(DmnModel *model, DmnFile *file, const XmlNode *node,
                           FeelType *type, int32_t depth)
{
    uint32_t count = xml_count(node, "itemComponent");
    FeelShape *shape;
    Str *names;
    const FeelType **fields;
    TRY(dmn_shape(model, count, &shape, &names, &fields));
    for (uint32_t k = 0; k < count; k++) fields[k] = feel_type_of(FEEL_ANY);
    type->kind = FEEL_CONTEXT;
    type->shape = shape;
    type->fields = fields;
    type->count = count;
    type->open = false;
    uint32_t i = 0;
    for (const XmlNode *part = xml_child(node, "itemComponent"); part != NULL;
         part = xml_next(part), i++) {
        FeelType *field = ARENA_TRY_NEW(model->arena, FeelType);
        if (field == NULL) return dmn_full(model);
        names[i] = xml_attribute(part, "name");
        fields[i] = field;
        TRY(fill(model, file, part, field, depth + 1));
    }
    return OK;
}

static Err fill_function(DmnModel *model, DmnFile *file, const XmlNode *item,
                         FeelType *type)
{
    uint32_t count = xml_count(item, "parameters"), i = 0;
    const FeelType **fields =
        ARENA_TRY_ARRAY(model->arena, const FeelType *, (size_t)count + 1);
    if (fields == NULL) return dmn_full(model);
    for (const XmlNode *part = xml_child(item, "parameters"); part != NULL;
         part = xml_next(part)) {
        TRY(dmn_type_at(model, file, part, xml_attribute(part, "typeRef"),
                        &fields[i++]));
    }
    type->kind = FEEL_FUNCTION;
    type->open = false;
    type->fields = fields;
    type->count = count;
    return dmn_type_at(model, file, item, xml_attribute(item, "outputTypeRef"),
                       &type->item);
}

/* What the allowed values say by their text, within those of the base. */
static Err keep_allowed(DmnModel *model, DmnFile *file, FeelSource source,
                        FeelType *type)
{
    FeelSet set, *kept = ARENA_TRY_NEW(model->arena, FeelSet);
    if (kept == NULL ||
        feel_set_read(model->arena, &file->scope, source, type, &set) != OK) {
        return dmn_full(model);
    }
    *kept = set;
    bool inherits = type->constraint >= 0;
    if (inherits && type->allowed != NULL &&
        feel_set_both(model->arena, &set, type->allowed, kept) != OK) {
        return dmn_full(model);
    }
    bool whole = kept->known && (!inherits || type->allowed != NULL);
    type->allowed = whole ? kept : NULL;
    return OK;
}

/* A value must pass the constraint of the base type as well. */
static FeelOperand with_base(FeelBuilder *builder, int32_t base,
                             FeelOperand value, FeelOperand own)
{
    FeelOp call = {.code = FEEL_OP_CALL_UNIT,
                   .kind = FEEL_BOOLEAN,
                   .to = feel_builder_slot(builder),
                   .a = value.at,
                   .b = base,
                   .c = 1};
    feel_builder_emit(builder, call);
    FeelOp both = {.code = FEEL_OP_AND,
                   .kind = FEEL_BOOLEAN,
                   .to = feel_builder_slot(builder),
                   .a = call.to,
                   .b = own.at};
    feel_builder_emit(builder, both);
    return (FeelOperand){both.to, own.type};
}

/* Allowed values become a unit that tests one value. */
static Err constrain(DmnModel *model, DmnFile *file, const XmlNode *allowed,
                     FeelType *type)
{
    const XmlNode *text = xml_child(allowed, "text");
    if (text == NULL || str_trim(text->text).bytes == 0) return OK;
    static const Str names[] = {{"value", 5}};
    static const FeelShape shape = {1, names};
    const FeelType **types = ARENA_TRY_ARRAY(model->arena, const FeelType *, 1);
    FeelScope scope = {.parent = &file->scope};
    FeelBuilder *builder = feel_builder_open(model->scratch, model->program,
                                             NULL, STR("constraint"));
    if (types == NULL || builder == NULL) return dmn_full(model);
    types[0] = feel_type_of(FEEL_ANY);
    feel_builder_params(builder, &scope, &shape, types);
    DmnLowering at = {model, file, builder, &file->scope, 0};
    FeelOperand value = {0, type->kind == FEEL_ANY ? types[0] : type}, result;
    FeelSource source = dmn_source_of(&at, text);
    Diag diag;
    diag_set(&diag, "");
    Err err = feel_compile_tests(builder, &file->scope, source, value, &diag,
                                 &result);
    if (err == ERR_FULL) return dmn_full(model);
    if (diag.key[0] != '\0') TRY(dmn_fault_diag(model, file, &diag));
    if (err != OK) return OK;
    TRY(keep_allowed(model, file, source, type));
    if (type->constraint >= 0) {
        result = with_base(builder, type->constraint, value, result);
    }
    type->constraint = feel_builder_close(builder, result);
    return OK;
}

static Err fill(DmnModel *model, DmnFile *file, const XmlNode *node,
                FeelType *type, int32_t depth)
{
    if (depth > DMN_DEPTH_MAX) {
        return dmn_fault(model, file, node, "dmn.too_deep",
                         xml_attribute(node, "name"));
    }
    *type = (FeelType){.kind = FEEL_ANY, .constraint = -1, .open = true};
    const XmlNode *reference = xml_child(node, "typeRef");
    const XmlNode *function = xml_child(node, "functionItem");
    if (xml_child(node, "itemComponent") != NULL) {
        TRY(fill_components(model, file, node, type, depth));
    } else if (function != NULL) {
        TRY(fill_function(model, file, function, type));
    } else if (reference != NULL) {
        const FeelType *base;
        TRY(dmn_type_at(model, file, reference, reference->text, &base));
        *type = *base;
    }
    /* A component has a name in its context; its type has that of the base. */
    Str base_name = type->name;
    Str own = depth == 0 ? xml_attribute(node, "name") : (Str){0};
    type->name = own.bytes > 0 ? own : base_name;
    const XmlNode *allowed = xml_child(node, "allowedValues");
    if (allowed != NULL) TRY(constrain(model, file, allowed, type));
    if (str_is(xml_attribute(node, "isCollection"), "true")) {
        FeelType *item = ARENA_TRY_NEW(model->arena, FeelType);
        if (item == NULL) return dmn_full(model);
        *item = *type;
        item->name = base_name;
        *type = (FeelType){
            .kind = FEEL_LIST, .item = item, .name = own, .constraint = -1};
    }
    allowed = xml_child(node, "typeConstraint");
    if (allowed != NULL) TRY(constrain(model, file, allowed, type));
    return OK;
}

static Err make(DmnModel *model, DmnTypeDefinition *definition)
{
    if (definition->state == DMN_BUSY) {
        return dmn_fault(model, definition->file, definition->node,
                         "dmn.type_in_itself", definition->name);
    }
    FeelType *type = ARENA_TRY_NEW(model->arena, FeelType);
    if (type == NULL) return dmn_full(model);
    *type = *feel_type_of(FEEL_ANY);
    definition->type = type;
    if (model->type_depth >= DMN_DEPTH_MAX) {
        definition->state = DMN_DONE;
        return dmn_fault(model, definition->file, definition->node,
                         "dmn.too_deep", definition->name);
    }
    definition->state = DMN_BUSY;
    model->type_depth++;
    DmnWhere outer = model->where;
    model->where = (DmnWhere){definition->name, 0, DMN_IN_TYPE};
    Err err = fill(model, definition->file, definition->node, type, 0);
    model->type_depth--;
    model->where = outer;
    if (err == OK) definition->state = DMN_DONE;
    return err;
}

Err dmn_types_load(DmnModel *model)
{
    DmnTypeDefinition **end = &model->types;
    size_t count = 0;
    for (size_t i = 0; i < model->file_count; i++) {
        DmnFile *file = &model->files[i];
        for (const XmlNode *node = xml_child(file->root, "itemDefinition");
             node != NULL; node = xml_next(node)) {
            DmnTypeDefinition *d =
                ARENA_TRY_NEW(model->arena, DmnTypeDefinition);
            if (d == NULL) return dmn_full(model);
            d->file = file;
            d->node = node;
            d->name = xml_attribute(node, "name");
            *end = d;
            end = &d->next;
            count++;
        }
    }
    if (dmn_index_open(model->arena, count, &model->types_by_name) != OK) {
        return dmn_full(model);
    }
    for (DmnTypeDefinition *d = model->types; d != NULL; d = d->next) {
        dmn_index_add(&model->types_by_name, d->file, d->name, d);
    }
    for (DmnTypeDefinition *d = model->types; d != NULL; d = d->next) {
        if (d->state == DMN_NEW) TRY(make(model, d));
    }
    return OK;
}
