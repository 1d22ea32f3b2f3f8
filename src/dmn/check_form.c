/*
 * The form of a model, before what it means: names and ids that stand twice,
 * elements that the standard does not know, logic that is not there, rows
 * with too few cells. A tree is gone through by its links, not by recursion.
 */
#include "dmn/check_int.h"

static DmnFinding *find(DmnModel *model, DmnSeverity severity, const char *key,
                        const XmlNode *node, Str what)
{
    DmnFinding *finding =
        dmn_find(model, severity, key, &model->files[0], node->line);
    if (finding != NULL) diag_arg(&finding->diag, what);
    return finding;
}

static void find_counts(DmnModel *model, const char *key, const XmlNode *node,
                        uint32_t is, uint32_t wanted)
{
    DmnFinding *finding =
        dmn_find(model, DMN_ERROR, key, &model->files[0], node->line);
    if (finding == NULL) return;
    diag_arg_int(&finding->diag, is);
    diag_arg_int(&finding->diag, wanted);
}

static bool is_one_of(const XmlNode *node, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (xml_is(node, names[i])) return true;
    }
    return false;
}

/* What may stand in <definitions>, of every version from 1.1 to 1.5. */
static const char *const parts[] = {"description",
                                    "extensionElements",
                                    "import",
                                    "itemDefinition",
                                    "decision",
                                    "businessKnowledgeModel",
                                    "decisionService",
                                    "inputData",
                                    "knowledgeSource",
                                    "group",
                                    "textAnnotation",
                                    "association",
                                    "elementCollection",
                                    "performanceIndicator",
                                    "organizationUnit",
                                    "businessContextElement",
                                    "drgElement",
                                    "artifact",
                                    "DMNDI",
                                    NULL};

/* What has a name that expressions use; all of these share one namespace. */
static const char *const named[] = {"decision", "businessKnowledgeModel",
                                    "decisionService", "inputData", NULL};

/* The name of an element, and of the variable that carries its value. */
static void check_name(DmnModel *model, const XmlNode *node)
{
    Str name = str_trim(xml_attribute(node, "name"));
    const XmlNode *variable = xml_child(node, "variable");
    Str own =
        variable == NULL ? name : str_trim(xml_attribute(variable, "name"));
    if (name.bytes == 0) {
        find(model, DMN_ERROR, "check.no_name", node, node->name);
    } else if (own.bytes > 0 && !str_equal(own, name)) {
        DmnFinding *finding =
            find(model, DMN_WARNING, "check.variable_name", variable, own);
        if (finding != NULL) diag_arg(&finding->diag, name);
    }
}

/* Nodes and what has to be different in all of them. */
typedef struct Key {
    Str text;
    const XmlNode *node;
} Key;

typedef struct Keys {
    Key *items;
    uint32_t count;
} Keys;

static bool keys_make(DmnModel *model, uint32_t most, Keys *ret)
{
    *ret = (Keys){ARENA_TRY_ARRAY(model->checker->arena, Key, most + 1), 0};
    return ret->items != NULL;
}

static void add_key(Keys *keys, const XmlNode *node, Str text)
{
    if (str_trim(text).bytes == 0) return;
    keys->items[keys->count++] = (Key){str_trim(text), node};
}

static int by_text(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    int order = str_compare(x->text, y->text);
    if (order != 0) return order;
    return (x->node->line > y->node->line) - (x->node->line < y->node->line);
}

/* Says of each key that another has before it. */
static void find_twice(DmnModel *model, Keys *keys, const char *key)
{
    if (keys->count < 2) return;
    qsort(keys->items, keys->count, sizeof *keys->items, by_text);
    for (uint32_t i = 1; i < keys->count; i++) {
        Key *item = &keys->items[i];
        if (!str_equal(item[-1].text, item->text)) continue;
        find(model, DMN_ERROR, key, item->node, item->text);
    }
}

/* Ids, names of what expressions know, and names of types. */
static void check_twice(DmnModel *model)
{
    const XmlNode *root = model->files[0].root;
    uint32_t most = 0;
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        most++;
    }
    Keys ids, names, types;
    if (!keys_make(model, most, &ids) || !keys_make(model, most, &names) ||
        !keys_make(model, most, &types)) {
        return;
    }
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        Str name = xml_attribute(node, "name");
        add_key(&ids, node, xml_attribute(node, "id"));
        if (is_one_of(node, named)) add_key(&names, node, name);
        if (xml_is(node, "itemDefinition")) add_key(&types, node, name);
    }
    find_twice(model, &ids, "check.id_twice");
    find_twice(model, &names, "check.name_twice");
    find_twice(model, &types, "check.name_twice");
}

/* Decisions and functions that say nothing. */
static void check_logic(DmnModel *model, const XmlNode *node)
{
    const XmlNode *owner = node;
    if (xml_is(node, "businessKnowledgeModel")) {
        owner = xml_child(node, "encapsulatedLogic");
    } else if (!xml_is(node, "decision")) {
        return;
    }
    if (owner != NULL && dmn_logic_of(owner) != NULL) return;
    if (owner != NULL && xml_has(owner, "kind") &&
        !str_is(xml_attribute(owner, "kind"), "FEEL")) {
        return;
    }
    find(model, DMN_WARNING, "check.no_logic", node,
         xml_attribute(node, "name"));
}

/* Of entries with variables, columns, parameters: the names but once. */
static void check_names_in(DmnModel *model, const XmlNode *node,
                           const char *part, const char *inner)
{
    Keys keys;
    if (!keys_make(model, xml_count(node, part), &keys)) return;
    for (const XmlNode *one = xml_child(node, part); one != NULL;
         one = xml_next(one)) {
        const XmlNode *holder = inner == NULL ? one : xml_child(one, inner);
        if (holder == NULL) continue;
        add_key(&keys, one, xml_attribute(holder, "name"));
    }
    find_twice(model, &keys, "check.entry_twice");
}

static uint32_t children(const XmlNode *node)
{
    uint32_t count = 0;
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        if (!xml_is(child, "description") &&
            !xml_is(child, "extensionElements")) {
            count++;
        }
    }
    return count;
}

static void check_relation(DmnModel *model, const XmlNode *node)
{
    uint32_t columns = xml_count(node, "column");
    for (const XmlNode *row = xml_child(node, "row"); row != NULL;
         row = xml_next(row)) {
        uint32_t cells = children(row);
        if (cells == columns) continue;
        find_counts(model, "check.relation_cells", row, cells, columns);
    }
}

/* An expression without text, which is null whatever happens. */
static void check_text(DmnModel *model, const XmlNode *node)
{
    if (dmn_text_of(node).bytes > 0) return;
    if (xml_child(node, "importedValues") != NULL) return;
    find(model, DMN_WARNING, "check.no_text", node, node->name);
}

static void check_expression(DmnModel *model, const XmlNode *node)
{
    if (xml_is(node, "literalExpression") || xml_is(node, "inputExpression")) {
        check_text(model, node);
    } else if (xml_is(node, "context")) {
        check_names_in(model, node, "contextEntry", "variable");
    } else if (xml_is(node, "relation")) {
        check_names_in(model, node, "column", NULL);
        check_relation(model, node);
    } else if (xml_is(node, "invocation")) {
        check_names_in(model, node, "binding", "parameter");
    } else if (xml_is(node, "functionDefinition") ||
               xml_is(node, "encapsulatedLogic")) {
        check_names_in(model, node, "formalParameter", NULL);
    }
}

/* Goes through everything below an element, in the order of the text. */
static void check_below(DmnModel *model, const XmlNode *top)
{
    const XmlNode *node = top;
    for (;;) {
        check_expression(model, node);
        bool leaf = node->first == NULL || xml_is(node, "extensionElements");
        if (!leaf) {
            node = node->first;
            continue;
        }
        while (node != top && node->next == NULL) node = node->parent;
        if (node == top) return;
        node = node->next;
    }
}

/* A requirement or a part of a service that points to another kind. */
typedef struct Role {
    const char *name;
    DmnElementKind kind, other;
} Role;

static const Role roles[] = {
    {"requiredInput", DMN_INPUT, DMN_INPUT},
    {"requiredDecision", DMN_DECISION, DMN_DECISION},
    {"requiredKnowledge", DMN_KNOWLEDGE, DMN_SERVICE},
    {"outputDecision", DMN_DECISION, DMN_DECISION},
    {"encapsulatedDecision", DMN_DECISION, DMN_DECISION},
    {"inputDecision", DMN_DECISION, DMN_DECISION},
    {"inputData", DMN_INPUT, DMN_INPUT}};

static void check_reference(DmnModel *model, const XmlNode *node, bool service)
{
    Str href = str_trim(xml_attribute(node, "href"));
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (!xml_is(node, roles[i].name)) continue;
        const DmnElement *element =
            dmn_element_by_href(model, &model->files[0], href);
        if (element == NULL) {
            /* Others are told when they are lowered. */
            if (service && i >= 3 && i <= 4) {
                find(model, DMN_ERROR, "dmn.href", node, href);
            }
        } else if (element->kind != roles[i].kind &&
                   element->kind != roles[i].other) {
            DmnFinding *finding =
                find(model, DMN_ERROR, "check.href_kind", node, href);
            if (finding != NULL) diag_arg(&finding->diag, node->name);
        }
    }
}

static void check_references(DmnModel *model, const XmlNode *node)
{
    bool service = xml_is(node, "decisionService");
    for (const XmlNode *part = node->first; part != NULL; part = part->next) {
        bool requirement = xml_is(part, "informationRequirement") ||
                           xml_is(part, "knowledgeRequirement");
        if (service) check_reference(model, part, true);
        if (!requirement) continue;
        if (part->first == NULL) {
            find(model, DMN_ERROR, "check.empty_requirement", part, part->name);
        }
        for (const XmlNode *role = part->first; role != NULL;
             role = role->next) {
            check_reference(model, role, false);
        }
    }
    if (service && xml_child(node, "outputDecision") == NULL) {
        find(model, DMN_ERROR, "check.no_output", node,
             xml_attribute(node, "name"));
    }
}

static DmnOwner owner_of(const XmlNode *node)
{
    if (xml_is(node, "businessKnowledgeModel")) return DMN_IN_KNOWLEDGE;
    if (xml_is(node, "decisionService")) return DMN_IN_SERVICE;
    return xml_is(node, "inputData") ? DMN_IN_INPUT : DMN_IN_DECISION;
}

void dmn_check_form(DmnModel *model)
{
    const XmlNode *root = model->files[0].root;
    check_twice(model);
    for (const XmlNode *node = root->first; node != NULL; node = node->next) {
        if (!str_equal(node->space, root->space)) continue;
        if (!is_one_of(node, parts)) {
            find(model, DMN_WARNING, "check.unknown_part", node, node->name);
            continue;
        }
        bool owner = is_one_of(node, named);
        if (!owner) continue;
        model->where = (DmnWhere){str_trim(xml_attribute(node, "name")), 0,
                                  owner_of(node)};
        check_name(model, node);
        check_logic(model, node);
        check_references(model, node);
        check_below(model, node);
        model->where = (DmnWhere){0};
    }
}

/* Rows with another number of cells than the table has columns. */
static void check_cells(const DmnTableView *view)
{
    DmnModel *model = view->at->model;
    uint32_t outputs = view->table->output_count;
    int32_t number = 0, faulty = 0;
    for (const XmlNode *rule = xml_child(view->node, "rule"); rule != NULL;
         rule = xml_next(rule)) {
        uint32_t in = xml_count(rule, "inputEntry");
        uint32_t out = xml_count(rule, "outputEntry");
        number++;
        if (in == view->input_count && out == outputs) continue;
        if (++faulty > DMN_TABLE_FINDINGS_MAX) return;
        model->where.row = number;
        if (in != view->input_count) {
            find_counts(model, "check.row_inputs", rule, in, view->input_count);
        }
        if (out != outputs) {
            find_counts(model, "check.row_outputs", rule, out, outputs);
        }
        model->where.row = 0;
    }
}

/* The first constant output that cannot be added up or compared; 0: none. */
static uint32_t not_aggregated(const DmnTableView *view)
{
    FeelAggregation aggregation = view->table->aggregation;
    FeelKind kind = FEEL_NULL;
    bool sum = aggregation == FEEL_AGGREGATE_SUM;
    if (aggregation == FEEL_AGGREGATE_COUNT) return 0;
    for (uint32_t row = 0; row < view->row_count; row++) {
        size_t at = (size_t)row * view->table->output_count;
        FeelValue value = view->outputs[at];
        if (!view->constant[at] || value.kind == FEEL_NULL) continue;
        if (kind == FEEL_NULL) kind = sum ? FEEL_NUMBER : (FeelKind)value.kind;
        if (value.kind != (uint8_t)kind) return row + 1;
    }
    return 0;
}

static void check_aggregation(const DmnTableView *view)
{
    DmnModel *model = view->at->model;
    const FeelTable *table = view->table;
    Str word = str_trim(xml_attribute(view->node, "aggregation"));
    if (table->aggregation == FEEL_AGGREGATE_LIST) return;
    if (table->hit != FEEL_HIT_COLLECT) {
        find(model, DMN_WARNING, "check.aggregation_alone", view->node, word);
        return;
    }
    if (table->output_count > 1) {
        find(model, DMN_ERROR, "check.aggregation_wide", view->node, word);
        return;
    }
    uint32_t row = not_aggregated(view);
    if (row == 0) return;
    model->where.row = (int32_t)row;
    find(model, DMN_ERROR, "check.not_aggregated", view->node, word);
    model->where.row = 0;
}

/* Several outputs make a context, and need a name each. */
static void check_output_names(const DmnTableView *view)
{
    DmnModel *model = view->at->model;
    uint32_t number = 0;
    if (view->table->output_count < 2) return;
    for (const XmlNode *output = xml_child(view->node, "output");
         output != NULL; output = xml_next(output)) {
        number++;
        if (str_trim(xml_attribute(output, "name")).bytes > 0) continue;
        DmnFinding *finding = dmn_find(model, DMN_ERROR, "check.output_name",
                                       view->at->file, output->line);
        if (finding != NULL) diag_arg_int(&finding->diag, number);
    }
    check_names_in(model, view->node, "output", NULL);
}

void dmn_check_table_form(const DmnTableView *view)
{
    DmnModel *model = view->at->model;
    check_cells(view);
    check_aggregation(view);
    check_output_names(view);
    if (view->row_count > 0) return;
    find(model, DMN_WARNING, "check.no_rows", view->node, model->where.owner);
}
