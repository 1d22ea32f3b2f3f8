#include "web/policy.h"

#include "base/asset.h"
#include "codec/xml.h"
#include "programme/basis.h"
#include "programme/grid.h"

enum { CASE_BYTES = 256 << 20, SOURCES_MAX = 512 };

const SheetTable *policy_table(const SheetItem *item)
{
    return item->block_count == 1 ? item->blocks[0].table : NULL;
}

Str policy_cell(const SheetTable *table, int32_t row, int32_t column)
{
    return table->cells[row * table->column_count + column];
}

int32_t policy_note(const SheetTable *table, const char *name)
{
    int32_t at = table->input_count + table->output_count;
    for (; at < table->column_count; at++) {
        if (str_is(table->columns[at], name)) return at;
    }
    return -1;
}

bool policy_dates(Str cell, Day *ret_from, Day *ret_until)
{
    GridSpan span = {.from = DAY_MIN, .until = DAY_OPEN};
    cell = str_trim(cell);
    bool any = cell.bytes == 0 || str_is(cell, "-");
    if (!any && !grid_span(cell, &span)) return false;
    *ret_from = span.from == DAY_MIN ? DAY_OPEN : span.from;
    *ret_until = span.until;
    return true;
}

/* Whether it is a table that asks for the month alone. */
static bool is_figure(const PolicyModel *model, const SheetItem *item)
{
    const Programme *programme = model->programme;
    const SheetTable *table = policy_table(item);
    Str month = dmn_input_name(programme->model, programme->month_input);
    return item->kind == SHEET_DECISION && table != NULL &&
           table->input_count == 1 && table->output_count == 1 &&
           item->need_count == 1 &&
           str_equal(model->sheet.items[item->needs[0]].name, month);
}

/* Notes when the rows of figures hold. */
static void take_dates(PolicyModel *model, const SheetTable *table)
{
    for (int32_t row = 0; row < table->row_count; row++) {
        Day from, until;
        if (!policy_dates(policy_cell(table, row, 0), &from, &until)) continue;
        if (from == DAY_OPEN) continue;
        if (model->first == DAY_OPEN || from < model->first) {
            model->first = from;
        }
        if (model->last == DAY_OPEN || from > model->last) model->last = from;
    }
}

/* Counts the sources of a row that were not counted yet. */
static void take_sources(const Citations *citations, Str annotation,
                         const CitationSource **seen, int64_t *count)
{
    const CitationSource *found[CITATION_SOURCES_MAX];
    size_t many = citation_sources(citations, annotation, found);
    for (size_t i = 0; i < many; i++) {
        bool known = *count == SOURCES_MAX;
        for (int64_t s = 0; s < *count && !known; s++) {
            known = seen[s] == found[i];
        }
        if (!known) seen[(*count)++] = found[i];
    }
}

static void take_rows(const Pack *pack, PolicyModel *model,
                      const SheetTable *table, const CitationSource **seen)
{
    int32_t source = policy_note(table, "Source");
    int32_t status = policy_note(table, "Status");
    for (int32_t row = 0; row < table->row_count; row++) {
        if (source >= 0) {
            take_sources(&pack->citations, policy_cell(table, row, source),
                         seen, &model->sources);
        }
        if (status >= 0) {
            Str said = policy_cell(table, row, status);
            model->unconfirmed += !str_is(said, "confirmed");
        }
    }
}

static void count(const Pack *pack, PolicyModel *model, bool *figure)
{
    const CitationSource *seen[SOURCES_MAX];
    model->first = model->last = DAY_OPEN;
    for (int32_t i = 0; i < model->sheet.count; i++) {
        const SheetItem *item = &model->sheet.items[i];
        const SheetTable *table = policy_table(item);
        model->decisions += item->kind == SHEET_DECISION;
        figure[i] = is_figure(model, item);
        if (table == NULL) continue;
        model->tables++;
        model->rows += table->row_count;
        take_rows(pack, model, table, seen);
        if (figure[i]) take_dates(model, table);
    }
}

/* The tests that the binary carries for a model. */
static Err count_cases(const char *folder, Diag *diag, int64_t *ret)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(CASE_BYTES);
    if (arena == NULL) return ERR_FULL;
    const char *below = arena_format(arena, "%scases/", folder);
    size_t bytes = strlen(below);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        const XmlNode *root;
        if (strncmp(asset->path, below, bytes) != 0 ||
            strstr(asset->path, ".xml") == NULL) {
            continue;
        }
        TRY(xml_read(arena, asset->bytes, diag, &root));
        *ret += xml_count(root, "testCase");
    }
    return OK;
}

/* The file of a programme's model, as its programme.tsv names it. */
static Str model_file(Arena *arena, const Pack *pack, const char *folder,
                      const char **ret_path)
{
    Str manifest =
        pack_file(pack, arena_format(arena, "%sprogramme.tsv", folder));
    Str line, key;
    *ret_path = folder;
    while (str_split(&manifest, '\n', &line)) {
        if (!str_split(&line, '\t', &key) || !str_is(key, "model")) continue;
        line = str_trim(line);
        *ret_path = arena_format(arena, "%s%.*s", folder, STR_ARG(line));
    }
    return pack_file(pack, *ret_path);
}

static Err read_model(Arena *arena, const Pack *pack, PolicyModel *model,
                      Diag *diag)
{
    const char *folder = model->programme->folder;
    model->bytes = model_file(arena, pack, folder, &model->path);
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    size_t source_count =
        pack_sources(arena, pack, str_of(model->path), sources);
    TRY(sheet_read(arena, model->bytes, diag, &model->sheet));
    TRY(dmn_check(arena, sources, source_count, diag, &model->check));
    TRY(basis_check(arena, model->path, model->bytes, &pack->citations, diag,
                    &model->check));
    for (size_t i = 0; i < model->check.count; i++) {
        model->found[model->check.findings[i].severity]++;
    }
    bool *figure = ARENA_ARRAY(arena, bool, model->sheet.count + 1);
    model->figure = figure;
    count(pack, model, figure);
    return count_cases(folder, diag, &model->cases);
}

Err policy_open(Arena *arena, const Pack *pack, Diag *diag, const Policy **ret)
{
    Policy *policy = ARENA_NEW(arena, Policy);
    PolicyModel *models =
        ARENA_ARRAY(arena, PolicyModel, pack->programme_count + 1);
    *policy = (Policy){pack, models, pack->programme_count};
    for (int32_t i = 0; i < policy->count; i++) {
        models[i].programme = &pack->programmes[i];
        TRY(read_model(arena, pack, &models[i], diag));
    }
    *ret = policy;
    return OK;
}

const PolicyModel *policy_model(const Policy *policy, Str name)
{
    for (int32_t i = 0; i < policy->count; i++) {
        if (str_is(name, policy->models[i].programme->name)) {
            return &policy->models[i];
        }
    }
    return NULL;
}
