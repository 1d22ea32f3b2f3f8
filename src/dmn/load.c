/*
 * Loads a model: reads its files, follows imports, gathers the elements of
 * the requirements graph, makes the types, has everything lowered.
 */
#include "dmn/model_int.h"
#include "feel/feel.h"

void *dmn_grow(Arena *arena, void *items, int32_t count, size_t item_bytes)
{
    bool full = count == 0 || (count >= 8 && (count & (count - 1)) == 0);
    if (!full) return items;
    size_t room = count == 0 ? 8 : 2 * (size_t)count;
    void *more = arena_try(arena, room, item_bytes);
    if (more != NULL && count > 0) {
        memcpy(more, items, (size_t)count * item_bytes);
    }
    return more;
}

Err dmn_full(DmnModel *model)
{
    model->program->full = true;
    if (model->diag != NULL) {
        diag_set(model->diag, "dmn.full");
        diag_place(model->diag, model->files[0].name, 0, 0);
    }
    return ERR_FULL;
}

Err dmn_shape(DmnModel *model, uint32_t count, FeelShape **ret, Str **ret_names,
              const FeelType ***ret_types)
{
    *ret = ARENA_TRY_NEW(model->arena, FeelShape);
    *ret_names = ARENA_TRY_ARRAY(model->arena, Str, (size_t)count + 1);
    *ret_types =
        ARENA_TRY_ARRAY(model->arena, const FeelType *, (size_t)count + 1);
    if (*ret == NULL || *ret_names == NULL || *ret_types == NULL) {
        return dmn_full(model);
    }
    **ret = (FeelShape){count, *ret_names};
    return OK;
}

Err dmn_prefixed(DmnModel *model, Str prefix, Str name, Str *ret)
{
    *ret = name;
    if (prefix.bytes == 0) return OK;
    size_t bytes = prefix.bytes + 1 + name.bytes;
    char *text = arena_try_raw(model->arena, bytes + 1, 1);
    if (text == NULL) return dmn_full(model);
    memcpy(text, prefix.at, prefix.bytes);
    text[prefix.bytes] = '.';
    if (name.bytes > 0) memcpy(text + prefix.bytes + 1, name.at, name.bytes);
    text[bytes] = '\0';
    *ret = (Str){text, bytes};
    return OK;
}

Err dmn_fault_diag(DmnModel *model, const DmnFile *file, const Diag *diag)
{
    if (model->fault_count == DMN_FAULTS_MAX) return OK;
    DmnFault *faults = dmn_grow(model->arena, model->faults, model->fault_count,
                                sizeof *model->faults);
    if (faults == NULL) return dmn_full(model);
    model->faults = faults;
    faults[model->fault_count].where = model->where;
    Diag *fault = &faults[model->fault_count++].diag;
    *fault = *diag;
    diag_place(fault, file->name, diag->line, diag->column);
    if (model->strictness == DMN_LENIENT) return OK;
    if (model->diag != NULL) *model->diag = *fault;
    return ERR_INVALID;
}

Err dmn_fault(DmnModel *model, const DmnFile *file, const XmlNode *node,
              const char *key, Str what)
{
    Diag diag;
    memset(&diag, 0, sizeof diag);
    diag_set(&diag, key);
    diag_arg(&diag, what);
    diag_place(&diag, file->name, node == NULL ? 0 : node->line, 1);
    return dmn_fault_diag(model, file, &diag);
}

static bool is_dmn(const XmlNode *root)
{
    return xml_is(root, "definitions") &&
           (root->space.bytes >= 24 &&
            (memcmp(root->space.at, "http://www.omg.org/spec/", 24) == 0 ||
             memcmp(root->space.at, "https://www.omg.org/spec", 24) == 0));
}

static Err read_files(DmnModel *model, const DmnSource *sources, size_t count,
                      Diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        DmnFile *file = &model->files[i];
        file->name = sources[i].name;
        file->index = (int32_t)i;
        file->model = model;
        Diag own;
        Err err = xml_read(model->arena, sources[i].bytes, &own, &file->root);
        if (err == OK && !is_dmn(file->root)) {
            diag_set(&own, "dmn.not_dmn");
            err = ERR_INVALID;
        }
        if (err != OK && (i == 0 || err == ERR_FULL)) {
            if (diag != NULL) *diag = own;
            diag_place(diag, sources[i].name, own.line, own.column);
            return err;
        }
        if (err != OK) file->root = NULL;
        if (err == OK) file->space = xml_attribute(file->root, "namespace");
    }
    model->file_count = count;
    return OK;
}

static DmnFile *file_of_space(DmnModel *model, Str space)
{
    for (size_t i = 0; i < model->file_count; i++) {
        if (model->files[i].root != NULL &&
            str_equal(model->files[i].space, space)) {
            return &model->files[i];
        }
    }
    return NULL;
}

/* Marks the model and all that it imports, imports of imports included. */
static Err mark_used(DmnModel *model, DmnFile *file, Diag *diag)
{
    DmnFile *waiting[DMN_FILES_MAX];
    size_t count = 0;
    waiting[count++] = file;
    file->used = true;
    while (count > 0) {
        DmnFile *next = waiting[--count];
        for (const XmlNode *import = xml_child(next->root, "import");
             import != NULL; import = xml_next(import)) {
            Str space = xml_attribute(import, "namespace");
            DmnFile *other = file_of_space(model, space);
            if (other == NULL) {
                diag_set(diag, "dmn.import_missing");
                diag_arg(diag, space);
                diag_place(diag, next->name, import->line, 1);
                return ERR_NOT_FOUND;
            }
            if (other->used) continue;
            other->used = true;
            waiting[count++] = other;
        }
    }
    return OK;
}

Str dmn_import_prefix(const DmnFile *file, Str space)
{
    for (const XmlNode *import = xml_child(file->root, "import");
         import != NULL; import = xml_next(import)) {
        if (str_equal(xml_attribute(import, "namespace"), space)) {
            return xml_attribute(import, "name");
        }
    }
    return (Str){0};
}

/* Puts an element into the list of its kind, where its index counts. */
static Err list_element(DmnModel *model, DmnElement *element)
{
    bool input = element->kind == DMN_INPUT;
    bool decision = element->kind == DMN_DECISION;
    int32_t *count = input      ? &model->input_count
                     : decision ? &model->decision_count
                                : &model->function_count;
    DmnElement ***list = input      ? &model->inputs
                         : decision ? &model->decisions
                                    : &model->functions;
    DmnElement **wider = dmn_grow(model->arena, *list, *count, sizeof *wider);
    if (wider == NULL) return dmn_full(model);
    element->index = *count;
    wider[(*count)++] = element;
    *list = wider;
    return OK;
}

static Err add_element(DmnModel *model, DmnFile *file, const XmlNode *node,
                       DmnElementKind kind, DmnElement ***end)
{
    DmnElement *element = ARENA_TRY_NEW(model->arena, DmnElement);
    if (element == NULL) return dmn_full(model);
    element->kind = kind;
    element->file = file;
    element->node = node;
    element->id = xml_attribute(node, "id");
    element->own_name = str_trim(xml_attribute(node, "name"));
    element->unit = -1;
    const XmlNode *logic = dmn_logic_of(node);
    if (logic != NULL && xml_is(logic, "literalExpression")) {
        element->text = dmn_text_of(logic);
    }
    element->type = feel_type_of(FEEL_ANY);
    Str prefix = file->index == 0
                     ? (Str){0}
                     : dmn_import_prefix(&model->files[0], file->space);
    TRY(dmn_prefixed(model, prefix, element->own_name, &element->name));
    TRY(list_element(model, element));
    **end = element;
    *end = &element->next;
    return OK;
}

/* Adds what a child of <definitions> is, if it is an element of the graph. */
static Err gather_one(DmnModel *model, DmnFile *file, const XmlNode *node,
                      DmnElement ***end)
{
    static const struct {
        const char *name;
        DmnElementKind kind;
    } kinds[] = {{"inputData", DMN_INPUT},
                 {"decision", DMN_DECISION},
                 {"businessKnowledgeModel", DMN_KNOWLEDGE},
                 {"decisionService", DMN_SERVICE}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!xml_is(node, kinds[k].name)) continue;
        TRY(add_element(model, file, node, kinds[k].kind, end));
    }
    return OK;
}

static Err gather(DmnModel *model)
{
    DmnElement **end = &model->elements;
    for (size_t i = 0; i < model->file_count; i++) {
        DmnFile *file = &model->files[i];
        if (!file->used) continue;
        for (const XmlNode *node = file->root->first; node != NULL;
             node = node->next) {
            TRY(gather_one(model, file, node, &end));
        }
    }
    return OK;
}

DmnElement *dmn_element_by_href(DmnModel *model, const DmnFile *file, Str href)
{
    Str space = file->space, id = href;
    for (size_t i = 0; i < href.bytes; i++) {
        if (href.at[i] != '#') continue;
        if (i > 0) space = (Str){href.at, i};
        id = (Str){href.at + i + 1, href.bytes - i - 1};
        break;
    }
    for (DmnElement *e = model->elements; e != NULL; e = e->next) {
        feel_program_spend(model->program, 1);
        if (str_equal(e->id, id) && str_equal(e->file->space, space)) {
            return e;
        }
    }
    return NULL;
}

static Err input_types(DmnModel *model)
{
    for (int32_t i = 0; i < model->input_count; i++) {
        DmnElement *input = model->inputs[i];
        const XmlNode *variable = xml_child(input->node, "variable");
        Str name =
            variable == NULL ? (Str){0} : xml_attribute(variable, "typeRef");
        TRY(dmn_type_at(model, input->file, variable, name, &input->type));
        input->state = DMN_DONE;
        input->inputs = (uint64_t)1 << (i < 63 ? i : 63);
    }
    return OK;
}

static Err load(DmnModel *model, const DmnSource *sources, size_t count,
                Diag *diag)
{
    TRY(read_files(model, sources, count, diag));
    TRY(mark_used(model, &model->files[0], diag));
    FeelScope builtins = {0};
    if (!feel_scope_builtins(model->arena, &builtins)) return dmn_full(model);
    for (size_t i = 0; i < count; i++) {
        model->files[i].scope = builtins;
        model->files[i].scope.type_named = dmn_type_named;
        model->files[i].scope.type_context = &model->files[i];
    }
    TRY(gather(model));
    TRY(dmn_types_load(model));
    TRY(input_types(model));
    TRY(dmn_lower_all(model));
    bool lacks = model->program->full || arena_refused(model->arena);
    return lacks ? dmn_full(model) : OK;
}

Err dmn_load(Arena *arena, const DmnSource *sources, size_t count,
             DmnStrictness strictness, Diag *diag, DmnModel **ret)
{
    DmnLoad how = {.strictness = strictness};
    return dmn_load_with(arena, sources, count, &how, diag, ret);
}

Err dmn_load_with(Arena *arena, const DmnSource *sources, size_t count,
                  const DmnLoad *how, Diag *diag, DmnModel **ret)
{
    Diag own;
    if (diag == NULL) diag = &own;
    diag_set(diag, "");
    if (count == 0 || count > DMN_FILES_MAX) {
        diag_set(diag, "dmn.too_many_files");
        return ERR_FULL;
    }
    DmnModel *model = ARENA_TRY_NEW(arena, DmnModel);
    FeelProgram *program = feel_program_make(arena);
    if (model == NULL || program == NULL) {
        diag_set(diag, "dmn.full");
        return ERR_FULL;
    }
    model->arena = arena;
    model->scratch = arena;
    model->strictness = how->strictness;
    model->checker = how->checker;
    model->program = program;
    program->externals = how->externals;
    program->warn = how->warn;
    program->warn_context = model;
    model->diag = diag;
    Err err = load(model, sources, count, diag);
    /* What became null for want of memory may have looked like a fault. */
    bool lacks = arena_refused(arena) || program->full;
    if (err == ERR_INVALID && lacks) err = dmn_full(model);
    if (err != OK) return err;
    model->diag = NULL;
    program->warn = NULL;
    *ret = model;
    return OK;
}

Str dmn_name(const DmnModel *model)
{
    return xml_attribute(model->files[0].root, "name");
}

Str dmn_namespace(const DmnModel *model)
{
    return model->files[0].space;
}

size_t dmn_fault_count(const DmnModel *model)
{
    return (size_t)model->fault_count;
}

const Diag *dmn_fault_at(const DmnModel *model, size_t index)
{
    return &model->faults[index].diag;
}

static int32_t find(DmnElement *const *list, int32_t count, Str name)
{
    for (int32_t i = 0; i < count; i++) {
        if (str_equal(list[i]->name, name)) return i;
    }
    for (int32_t i = 0; i < count; i++) {
        if (str_equal(list[i]->own_name, name)) return i;
    }
    return -1;
}

int32_t dmn_decision_count(const DmnModel *model)
{
    return model->decision_count;
}

int32_t dmn_decision_find(const DmnModel *model, Str name)
{
    return find(model->decisions, model->decision_count, name);
}

Str dmn_decision_name(const DmnModel *model, int32_t decision)
{
    return model->decisions[decision]->name;
}

const FeelType *dmn_decision_type(const DmnModel *model, int32_t decision)
{
    return model->decisions[decision]->type;
}

int32_t dmn_input_count(const DmnModel *model)
{
    return model->input_count;
}

int32_t dmn_input_find(const DmnModel *model, Str name)
{
    return find(model->inputs, model->input_count, name);
}

Str dmn_input_name(const DmnModel *model, int32_t input)
{
    return model->inputs[input]->name;
}

const FeelType *dmn_input_type(const DmnModel *model, int32_t input)
{
    return model->inputs[input]->type;
}

int32_t dmn_function_find(const DmnModel *model, Str name)
{
    return find(model->functions, model->function_count, name);
}
