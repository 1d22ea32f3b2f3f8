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

/* A source that was read; no root when it is no model. */
typedef struct Parsed {
    const char *name;
    const XmlNode *root;
    Str space;
} Parsed;

static Err read_sources(DmnModel *model, const DmnSource *sources, size_t count,
                        Diag *diag, Parsed *ret)
{
    for (size_t i = 0; i < count; i++) {
        Diag own;
        ret[i] = (Parsed){.name = sources[i].name};
        Err err = xml_read(model->arena, sources[i].bytes, &own, &ret[i].root);
        if (err == OK && !is_dmn(ret[i].root)) {
            diag_set(&own, "dmn.not_dmn");
            diag_place(&own, NULL, ret[i].root->line, 1);
            err = ERR_INVALID;
        }
        if (err != OK && (i == 0 || err == ERR_FULL)) {
            *diag = own;
            diag_place(diag, sources[i].name, own.line, own.column);
            return err;
        }
        if (err != OK) ret[i].root = NULL;
        if (err == OK) ret[i].space = xml_attribute(ret[i].root, "namespace");
    }
    return OK;
}

static const Parsed *parsed_of_space(const Parsed *parsed, size_t count,
                                     Str space)
{
    for (size_t i = 0; i < count; i++) {
        if (parsed[i].root != NULL && str_equal(parsed[i].space, space)) {
            return &parsed[i];
        }
    }
    return NULL;
}

/* An importer of itself, by whatever way, imports what is open already. */
static DmnFile *open_already(DmnFile *importer, const XmlNode *root)
{
    for (DmnFile *file = importer; file != NULL; file = file->importer) {
        if (file->root == root) return file;
    }
    if (importer->model->file_count < DMN_FILES_MAX) return NULL;
    for (size_t i = 0; i < importer->model->file_count; i++) {
        if (importer->model->files[i].root == root) {
            return &importer->model->files[i];
        }
    }
    return NULL;
}

static Err add_file(DmnModel *model, DmnFile *importer, const Parsed *parsed,
                    Str name, DmnFile **ret)
{
    if (model->file_count == DMN_FILES_MAX) return dmn_full(model);
    DmnFile *file = &model->files[model->file_count];
    *file = (DmnFile){.name = parsed->name,
                      .index = (int32_t)model->file_count++,
                      .root = parsed->root,
                      .space = parsed->space,
                      .importer = importer,
                      .model = model};
    uint32_t imports = xml_count(parsed->root, "import");
    file->imports = ARENA_TRY_ARRAY(model->arena, DmnImport, imports + 1);
    if (file->imports == NULL) return dmn_full(model);
    Str path = importer == NULL ? (Str){0} : importer->path;
    TRY(name.bytes == 0 ? OK : dmn_prefixed(model, path, name, &file->path));
    if (name.bytes == 0) file->path = path;
    *ret = file;
    return OK;
}

/* PMML and XML Schema may be imported by DMN, but not here. */
static bool is_dmn_import(const XmlNode *import)
{
    static const char *const kinds[] = {"http://www.omg.org/spec/DMN",
                                        "https://www.omg.org/spec/DMN"};
    Str type = str_trim(xml_attribute(import, "importType"));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t bytes = strlen(kinds[i]);
        bool same =
            type.bytes >= bytes && memcmp(type.at, kinds[i], bytes) == 0;
        if (same) return true;
    }
    return type.bytes == 0;
}

static Err open_import(DmnModel *model, DmnFile *file, const Parsed *parsed,
                       size_t count, DmnImport *import)
{
    const Parsed *other = parsed_of_space(parsed, count, import->space);
    if (!is_dmn_import(import->node)) {
        return dmn_fault(model, file, import->node, "dmn.import_type",
                         xml_attribute(import->node, "importType"));
    }
    if (other == NULL) {
        diag_set(model->diag, "dmn.import_missing");
        diag_arg(model->diag, import->space);
        diag_place(model->diag, file->name, import->node->line, 1);
        return ERR_NOT_FOUND;
    }
    import->file = open_already(file, other->root);
    if (import->file != NULL) return OK;
    return add_file(model, file, other, import->name, &import->file);
}

/* Opens what a file imports; what those import comes when they are reached. */
static Err open_imports(DmnModel *model, DmnFile *file, const Parsed *parsed,
                        size_t count)
{
    for (const XmlNode *node = xml_child(file->root, "import"); node != NULL;
         node = xml_next(node)) {
        DmnImport *import = &file->imports[file->import_count++];
        *import = (DmnImport){.node = node,
                              .name = str_trim(xml_attribute(node, "name")),
                              .space = xml_attribute(node, "namespace")};
        TRY(open_import(model, file, parsed, count, import));
    }
    return OK;
}

static Err open_files(DmnModel *model, const DmnSource *sources, size_t count,
                      Diag *diag)
{
    DmnFile *first;
    Parsed *parsed = ARENA_TRY_ARRAY(model->arena, Parsed, count);
    if (parsed == NULL) return dmn_full(model);
    TRY(read_sources(model, sources, count, diag, parsed));
    TRY(add_file(model, NULL, &parsed[0], (Str){0}, &first));
    for (size_t i = 0; i < model->file_count; i++) {
        TRY(open_imports(model, &model->files[i], parsed, count));
    }
    return OK;
}

/* The import by which a file names that namespace, or NULL. */
static const DmnImport *import_of(const DmnFile *file, Str space)
{
    for (uint32_t i = 0; i < file->import_count; i++) {
        const DmnImport *import = &file->imports[i];
        if (import->file != NULL && str_equal(import->space, space)) {
            return import;
        }
    }
    return NULL;
}

Err dmn_name_in(DmnModel *model, const DmnFile *file, const DmnElement *element,
                Str *ret)
{
    Str from = file->path, to = element->file->path;
    bool below = to.bytes > from.bytes &&
                 (from.bytes == 0 || (memcmp(to.at, from.at, from.bytes) == 0 &&
                                      to.at[from.bytes] == '.'));
    size_t skip = from.bytes == 0 ? 0 : from.bytes + 1;
    const DmnImport *import = import_of(file, element->file->space);
    Str prefix = import == NULL ? (Str){0} : import->name;
    if (below) prefix = (Str){to.at + skip, to.bytes - skip};
    if (element->file == file) prefix = (Str){0};
    return dmn_prefixed(model, prefix, element->own_name, ret);
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
    TRY(dmn_prefixed(model, file->path, element->own_name, &element->name));
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
        for (const XmlNode *node = file->root->first; node != NULL;
             node = node->next) {
            TRY(gather_one(model, file, node, &end));
        }
    }
    int64_t count = (int64_t)model->input_count + model->decision_count +
                    model->function_count;
    if (dmn_index_open(model->arena, (size_t)count, &model->by_id) != OK) {
        return dmn_full(model);
    }
    for (DmnElement *e = model->elements; e != NULL; e = e->next) {
        dmn_index_add(&model->by_id, e->file, e->id, e);
    }
    return OK;
}

/* The file of a namespace as another file sees it: the nearest import. */
static const DmnFile *file_seen(const DmnModel *model, const DmnFile *from,
                                Str space)
{
    if (str_equal(from->space, space)) return from;
    const DmnImport *import = import_of(from, space);
    if (import != NULL) return import->file;
    const DmnFile *found = NULL;
    for (size_t i = 0; i < model->file_count; i++) {
        const DmnFile *file = &model->files[i];
        if (!str_equal(file->space, space)) continue;
        bool below =
            file->importer == from ||
            (file->importer != NULL && file->importer->importer == from);
        if (found == NULL || below) found = file;
        if (below) break;
    }
    return found;
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
    const DmnFile *seen = file_seen(model, file, space);
    return dmn_index_find(&model->by_id, seen, id);
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
    TRY(open_files(model, sources, count, diag));
    FeelScope builtins = {0};
    if (!feel_scope_builtins(model->arena, &builtins)) return dmn_full(model);
    for (size_t i = 0; i < model->file_count; i++) {
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
        diag_arg_int(diag, (int64_t)count);
        diag_arg_int(diag, DMN_FILES_MAX);
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

int32_t dmn_input_exact(const DmnModel *model, Str name)
{
    for (int32_t i = 0; i < model->input_count; i++) {
        if (str_equal(model->inputs[i]->name, name)) return i;
    }
    return -1;
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
