/*
 * The requirements graph, lowered from its leaves: every decision, knowledge
 * model and decision service becomes a unit of the program.
 */
#include "dmn/check_int.h"

static FeelVar variable_of(const DmnElement *element)
{
    FeelVar var = {.type = element->type, .index = element->index};
    if (element->kind == DMN_INPUT) {
        var.kind = FEEL_VAR_INPUT;
    } else if (element->kind == DMN_DECISION) {
        var.kind = FEEL_VAR_DECISION;
    } else {
        var.kind = FEEL_VAR_UNIT;
        var.index = element->unit;
    }
    return var;
}

/* A scope whose variables stand for the elements themselves. */
typedef struct Binding {
    DmnElement *element;
    const FeelVar *var;
} Binding;

typedef struct Bindings {
    Binding *items;
    int32_t count;
} Bindings;

static const FeelVar *bound(const Bindings *bindings, const DmnElement *element)
{
    for (int32_t i = 0; bindings != NULL && i < bindings->count; i++) {
        if (bindings->items[i].element == element) {
            return bindings->items[i].var;
        }
    }
    return NULL;
}

/* What the requirements of one kind of an element refer to. */
static Err add_required(DmnModel *model, DmnElement *owner,
                        const XmlNode *requirement, const char *role,
                        FeelScope *scope, const Bindings *bindings,
                        int32_t depth)
{
    const XmlNode *reference = xml_child(requirement, role);
    if (reference == NULL) return OK;
    Str href = xml_attribute(reference, "href");
    DmnElement *element = dmn_element_by_href(model, owner->file, href);
    if (element == NULL) {
        return dmn_fault(model, owner->file, reference, "dmn.href", href);
    }
    const FeelVar *own = bound(bindings, element);
    element->required = true;
    if (own == NULL && bindings != NULL && element->kind == DMN_INPUT) {
        DmnFinding *finding =
            dmn_find(model, DMN_WARNING, "check.service_input", owner->file,
                     reference->line);
        if (finding != NULL) diag_arg(&finding->diag, element->own_name);
    }
    if (own == NULL) {
        TRY(dmn_lower_element(model, element, depth + 1));
        owner->inputs |= element->inputs;
    }
    FeelVar var = own == NULL ? variable_of(element) : *own;
    TRY(dmn_name_in(model, owner->file, element, &var.name));
    var.next = NULL;
    return feel_scope_add(model->scratch, scope, var) == NULL ? dmn_full(model)
                                                              : OK;
}

static Err requirements(DmnModel *model, DmnElement *owner, FeelScope *scope,
                        const Bindings *bindings, int32_t depth)
{
    for (const XmlNode *node = owner->node->first; node != NULL;
         node = node->next) {
        if (xml_is(node, "informationRequirement")) {
            TRY(add_required(model, owner, node, "requiredInput", scope,
                             bindings, depth));
            TRY(add_required(model, owner, node, "requiredDecision", scope,
                             bindings, depth));
        } else if (xml_is(node, "knowledgeRequirement")) {
            TRY(add_required(model, owner, node, "requiredKnowledge", scope,
                             bindings, depth));
        }
    }
    return OK;
}

/* The declared type of an element's variable; any when it has none. */
static Err variable_type(DmnModel *model, DmnElement *element,
                         const FeelType **ret)
{
    const XmlNode *variable = xml_child(element->node, "variable");
    *ret = feel_type_of(FEEL_ANY);
    if (variable == NULL) return OK;
    return dmn_type_at(model, element->file, variable,
                       xml_attribute(variable, "typeRef"), ret);
}

/* The logic of a decision in a given unit, checked against its type. */
static Err decision_logic(DmnModel *model, DmnElement *element,
                          FeelBuilder *builder, const FeelScope *scope,
                          const FeelType *declared, FeelOperand *ret)
{
    const XmlNode *logic = dmn_logic_of(element->node);
    DmnLowering at = {model, element->file, builder, scope, 0};
    if (logic == NULL) {
        *ret = feel_builder_fail_as(builder, "feel.no_expression");
        return OK;
    }
    TRY(dmn_lower_logic(&at, logic, ret));
    *ret = feel_builder_coerce(builder, *ret, declared);
    return OK;
}

static Err lower_decision(DmnModel *model, DmnElement *element, int32_t depth)
{
    const FeelType *declared;
    FeelScope scope = {.parent = &element->file->scope};
    TRY(variable_type(model, element, &declared));
    TRY(requirements(model, element, &scope, NULL, depth));
    FeelBuilder *builder =
        feel_builder_open(model->scratch, model->program, NULL, element->name);
    FeelOperand result;
    if (builder == NULL) return dmn_full(model);
    TRY(decision_logic(model, element, builder, &scope, declared, &result));
    dmn_check_scope(model, element, &scope, "check.unused_requirement");
    element->unit = feel_builder_close(builder, result);
    element->type = result.type;
    if (declared->kind != FEEL_ANY) element->type = declared;
    return OK;
}

/* Result type: of the logic, else of the variable unless that is a function. */
static Err knowledge_result(DmnModel *model, DmnElement *element,
                            const XmlNode *logic, const FeelType **ret)
{
    TRY(variable_type(model, element, ret));
    if ((*ret)->kind == FEEL_FUNCTION && (*ret)->item != NULL) {
        *ret = (*ret)->item;
    }
    Str name = xml_attribute(logic, "typeRef");
    if ((*ret)->kind == FEEL_ANY && name.bytes > 0) {
        const FeelType *type;
        TRY(dmn_type_at(model, element->file, logic, name, &type));
        *ret = type->kind == FEEL_FUNCTION && type->item != NULL ? type->item
                                                                 : type;
    }
    return OK;
}

Err dmn_parameters(DmnModel *model, DmnFile *file, const XmlNode *logic,
                   FeelShape **ret_shape, const FeelType ***ret_types)
{
    uint32_t i = 0;
    Str *names;
    TRY(dmn_shape(model, xml_count(logic, "formalParameter"), ret_shape, &names,
                  ret_types));
    for (const XmlNode *node = xml_child(logic, "formalParameter");
         node != NULL; node = xml_next(node), i++) {
        names[i] = str_trim(xml_attribute(node, "name"));
        TRY(dmn_type_at(model, file, node, xml_attribute(node, "typeRef"),
                        &(*ret_types)[i]));
    }
    return OK;
}

/* Makes the type of a function its type. */
static Err function_of(DmnElement *element, const FeelType **types,
                       const FeelShape *shape, const FeelType *result)
{
    DmnModel *model = element->file->model;
    element->type =
        feel_type_named_function(model->arena, shape, types, result);
    return element->type == NULL ? dmn_full(model) : OK;
}

/* A knowledge model can be called before its body is done: by itself. */
static Err lower_knowledge(DmnModel *model, DmnElement *element, int32_t depth)
{
    const XmlNode *logic = xml_child(element->node, "encapsulatedLogic");
    FeelShape *shape;
    const FeelType **types = NULL, *result = feel_type_of(FEEL_ANY);
    FeelScope scope = {.parent = &element->file->scope};
    FeelBuilder *builder =
        feel_builder_open(model->scratch, model->program, NULL, element->name);
    if (builder == NULL) return dmn_full(model);
    element->unit = feel_builder_unit(builder);
    FeelOperand value;
    if (logic == NULL) {
        value = feel_builder_fail_as(builder, "feel.no_expression");
        feel_builder_close(builder, value);
        return OK;
    }
    TRY(dmn_parameters(model, element->file, logic, &shape, &types));
    TRY(knowledge_result(model, element, logic, &result));
    TRY(function_of(element, types, shape, result));
    FeelScope inner = {.parent = &scope};
    feel_builder_params(builder, &inner, shape, types);
    TRY(requirements(model, element, &scope, NULL, depth));
    DmnLowering at = {model, element->file, builder, &inner, 0};
    TRY(dmn_lower_function(&at, logic, NULL, &value));
    dmn_check_scope(model, element, &scope, "check.unused_requirement");
    dmn_check_scope(model, element, &inner, "check.unused_parameter");
    value = feel_builder_coerce(builder, value, result);
    feel_builder_close(builder, value);
    return function_of(element, types, shape,
                       result->kind == FEEL_ANY ? value.type : result);
}

/* Services: parameters are the inputs, decisions are worked out inside. */
typedef struct Service {
    DmnModel *model;
    DmnElement *element;
    FeelBuilder *builder;
    FeelScope scope;
    Bindings bindings;
} Service;

static Err bind(Service *service, DmnElement *element, const FeelVar *var)
{
    Bindings *b = &service->bindings;
    Binding *items =
        dmn_grow(service->model->scratch, b->items, b->count, sizeof *items);
    if (items == NULL) return dmn_full(service->model);
    items[b->count++] = (Binding){element, var};
    b->items = items;
    return OK;
}

/*
 * A service is a function of its input data and then its input decisions
 * (10.4), whatever the order of their elements.
 */
static Err service_parameters(Service *service, FeelShape **ret_shape,
                              const FeelType ***ret_types)
{
    static const char *const roles[] = {"inputData", "inputDecision"};
    DmnModel *model = service->model;
    const XmlNode *node = service->element->node;
    uint32_t count =
        xml_count(node, "inputData") + xml_count(node, "inputDecision");
    Str *names;
    DmnElement **owners =
        ARENA_TRY_ARRAY(model->arena, DmnElement *, (size_t)count + 1);
    if (owners == NULL) return dmn_full(model);
    TRY(dmn_shape(model, count, ret_shape, &names, ret_types));
    FeelShape *shape = *ret_shape;
    shape->count = 0;
    for (size_t r = 0; r < 2; r++) {
        for (const XmlNode *ref = xml_child(node, roles[r]); ref != NULL;
             ref = xml_next(ref)) {
            Str href = xml_attribute(ref, "href");
            DmnElement *e =
                dmn_element_by_href(model, service->element->file, href);
            if (e == NULL) {
                TRY(dmn_fault(model, service->element->file, ref, "dmn.href",
                              href));
                continue;
            }
            e->required = true;
            if (e->kind == DMN_DECISION) {
                const FeelType *declared;
                TRY(variable_type(model, e, &declared));
                (*ret_types)[shape->count] = declared;
            } else {
                (*ret_types)[shape->count] = e->type;
            }
            owners[shape->count] = e;
            names[shape->count++] = e->own_name;
        }
    }
    feel_builder_params(service->builder, &service->scope, shape, *ret_types);
    if (model->program->full) return dmn_full(model);
    for (uint32_t i = 0; i < shape->count; i++) {
        const FeelVar *var = service->scope.vars;
        for (uint32_t skip = shape->count - 1; skip > i; skip--) {
            var = var->next;
        }
        TRY(bind(service, owners[i], var));
    }
    return OK;
}

/* A decision's logic once more, of which all has been said already. */
static Err logic_again(Service *service, DmnElement *element,
                       const FeelScope *scope, const FeelType *declared,
                       FeelOperand *ret)
{
    DmnModel *model = service->model;
    DmnChecker *checker = model->checker;
    FeelWarnFn *warn = model->program->warn;
    model->checker = NULL;
    model->program->warn = NULL;
    Err err =
        decision_logic(model, element, service->builder, scope, declared, ret);
    model->checker = checker;
    model->program->warn = warn;
    return err;
}

/* One decision of a service, after those that it requires. */
static Err service_decision(Service *service, DmnElement *element,
                            int32_t depth)
{
    DmnModel *model = service->model;
    if (bound(&service->bindings, element) != NULL) return OK;
    if (depth > DMN_DEPTH_MAX) {
        return dmn_fault(model, element->file, element->node, "dmn.cycle",
                         element->name);
    }
    for (const XmlNode *node =
             xml_child(element->node, "informationRequirement");
         node != NULL; node = xml_next(node)) {
        const XmlNode *ref = xml_child(node, "requiredDecision");
        if (ref == NULL) continue;
        DmnElement *other = dmn_element_by_href(model, element->file,
                                                xml_attribute(ref, "href"));
        if (other != NULL) TRY(service_decision(service, other, depth + 1));
    }
    const FeelType *declared;
    TRY(variable_type(model, element, &declared));
    FeelScope scope = {.parent = &element->file->scope};
    TRY(requirements(model, element, &scope, &service->bindings, depth));
    FeelVar *local = feel_builder_local(service->builder, &service->scope,
                                        element->own_name, declared);
    FeelOperand value;
    if (local == NULL) return dmn_full(model);
    TRY(logic_again(service, element, &scope, declared, &value));
    feel_builder_move(service->builder, local->index, value.at);
    if (declared->kind == FEEL_ANY) local->type = value.type;
    return bind(service, element, local);
}

/* The outputs: one is the result itself, several are a context. */
static Err service_result(Service *service, FeelOperand *ret)
{
    DmnModel *model = service->model;
    const XmlNode *node = service->element->node;
    uint32_t count = xml_count(node, "outputDecision"), i = 0;
    FeelShape *shape;
    Str *names;
    const FeelType **types;
    const FeelVar **vars =
        ARENA_TRY_ARRAY(model->scratch, const FeelVar *, (size_t)count + 1);
    if (vars == NULL) return dmn_full(model);
    TRY(dmn_shape(model, count, &shape, &names, &types));
    for (const XmlNode *ref = xml_child(node, "outputDecision"); ref != NULL;
         ref = xml_next(ref)) {
        DmnElement *e = dmn_element_by_href(model, service->element->file,
                                            xml_attribute(ref, "href"));
        if (e == NULL) continue;
        TRY(service_decision(service, e, 0));
        vars[i] = bound(&service->bindings, e);
        if (vars[i] == NULL) continue;
        names[i] = e->own_name;
        types[i] = vars[i]->type;
        i++;
    }
    FeelBuilder *builder = service->builder;
    if (i == 1) {
        *ret = (FeelOperand){vars[0]->index, types[0]};
        return OK;
    }
    shape->count = i;
    int32_t first = feel_builder_mark(builder);
    for (uint32_t k = 0; k < i; k++) {
        feel_builder_move(builder, feel_builder_slot(builder), vars[k]->index);
    }
    int32_t to = feel_builder_slot(builder);
    FeelOp op = {.code = FEEL_OP_RECORD,
                 .kind = FEEL_CONTEXT,
                 .to = to,
                 .a = first,
                 .b = feel_program_shape(model->program, shape),
                 .c = (int32_t)i};
    feel_builder_emit(builder, op);
    *ret = (FeelOperand){to, feel_type_context(model->arena, shape, types)};
    return ret->type == NULL ? dmn_full(model) : OK;
}

static Err lower_service(DmnModel *model, DmnElement *element)
{
    Service service = {.model = model, .element = element};
    service.scope.parent = &element->file->scope;
    service.builder =
        feel_builder_open(model->scratch, model->program, NULL, element->name);
    if (service.builder == NULL) return dmn_full(model);
    element->unit = feel_builder_unit(service.builder);
    FeelShape *shape;
    const FeelType **types;
    TRY(service_parameters(&service, &shape, &types));
    const FeelType *result;
    TRY(variable_type(model, element, &result));
    if (result->kind == FEEL_FUNCTION && result->item != NULL) {
        result = result->item;
    }
    TRY(function_of(element, types, shape, result));
    FeelOperand value;
    TRY(service_result(&service, &value));
    value = feel_builder_coerce(service.builder, value, result);
    feel_builder_close(service.builder, value);
    return function_of(element, types, shape,
                       result->kind == FEEL_ANY ? value.type : result);
}

Err dmn_lower_element(DmnModel *model, DmnElement *element, int32_t depth)
{
    if (element->state == DMN_DONE) return OK;
    if (element->state == DMN_BUSY) {
        if (element->unit >= 0) return OK;
        return dmn_fault(model, element->file, element->node, "dmn.cycle",
                         element->name);
    }
    if (depth > DMN_CHAIN_MAX) {
        return dmn_fault(model, element->file, element->node, "dmn.too_deep",
                         element->name);
    }
    element->state = DMN_BUSY;
    DmnWhere outer = model->where;
    static const DmnOwner owners[] = {[DMN_INPUT] = DMN_IN_INPUT,
                                      [DMN_DECISION] = DMN_IN_DECISION,
                                      [DMN_KNOWLEDGE] = DMN_IN_KNOWLEDGE,
                                      [DMN_SERVICE] = DMN_IN_SERVICE};
    model->where = (DmnWhere){element->own_name, 0, owners[element->kind]};
    Err err = OK;
    if (element->kind == DMN_DECISION) {
        err = lower_decision(model, element, depth);
    } else if (element->kind == DMN_KNOWLEDGE) {
        err = lower_knowledge(model, element, depth);
    } else if (element->kind == DMN_SERVICE) {
        err = lower_service(model, element);
    }
    element->state = DMN_DONE;
    model->where = outer;
    return err;
}

Err dmn_lower_all(DmnModel *model)
{
    for (DmnElement *e = model->elements; e != NULL; e = e->next) {
        TRY(dmn_lower_element(model, e, 0));
        if (model->program->full) return dmn_full(model);
    }
    size_t count = (size_t)model->decision_count;
    model->decision_units = ARENA_TRY_ARRAY(model->arena, int32_t, count + 1);
    if (model->decision_units == NULL) return dmn_full(model);
    for (size_t i = 0; i < count; i++) {
        model->decision_units[i] = model->decisions[i]->unit;
    }
    model->program->decision_units = model->decision_units;
    model->program->decision_count = model->decision_count;
    return OK;
}
