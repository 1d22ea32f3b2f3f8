#include "programme/basis.h"

#include "programme/grid.h"

/* The warnings that are made. */
typedef struct Basis {
    const char *file;
    const Citations *citations;
    DmnFinding *findings;
    size_t count;
} Basis;

static void warn(Basis *basis, const char *key, const GridRow *row,
                 int32_t number, const GridCell *cell, Str what)
{
    if (basis->count == BASIS_FINDINGS_MAX) return;
    const XmlNode *owner = grid_owner(row->node);
    const XmlNode *at = cell->node == NULL ? row->node : cell->node;
    DmnFinding *finding = &basis->findings[basis->count++];
    *finding = (DmnFinding){.severity = DMN_WARNING, .row = number};
    if (owner != NULL) {
        bool decision = xml_is(owner, "decision");
        finding->decision = str_trim(xml_attribute(owner, "name"));
        finding->owner = decision ? DMN_IN_DECISION : DMN_IN_KNOWLEDGE;
    }
    diag_set(&finding->diag, key);
    diag_arg(&finding->diag, what);
    diag_place(&finding->diag, basis->file, at->line, 1);
}

static bool is_status(Str word)
{
    return str_is(word, "confirmed") || str_is(word, "unconfirmed") ||
           str_is(word, "assumption");
}

static void check_row(Basis *basis, const GridRow *row, int32_t number,
                      int32_t source, int32_t status)
{
    const GridCell *cell = &row->cells[source];
    Str ids = cell->text, id;
    while (ids.bytes > 0 && str_split(&ids, ',', &id)) {
        id = str_trim(id);
        if (citation_sources_known(basis->citations, id)) continue;
        warn(basis, "check.source_unknown", row, number, cell, id);
    }
    cell = &row->cells[status];
    if (is_status(cell->text)) return;
    warn(basis, "check.status_unknown", row, number, cell, cell->text);
}

static int32_t note_named(const Grid *grid, const char *name)
{
    for (uint32_t i = 0; i < grid->column_count; i++) {
        const GridColumn *column = &grid->columns[i];
        if (column->part == GRID_NOTE && str_is(column->label, name)) {
            return (int32_t)i;
        }
    }
    return -1;
}

static void check_table(Basis *basis, const Grid *grid)
{
    int32_t source = note_named(grid, "Source");
    int32_t status = note_named(grid, "Status");
    if (source < 0 || status < 0) return;
    for (uint32_t i = 0; i < grid->row_count; i++) {
        check_row(basis, &grid->rows[i], (int32_t)i + 1, source, status);
    }
}

/* Puts the new findings among the others; those of one line stay in turn. */
static void merge(const Basis *basis, DmnFinding *all, DmnCheck *check)
{
    size_t old = 0, added = 0, count = 0;
    while (old < check->count || added < basis->count) {
        bool take =
            added == basis->count ||
            (old < check->count && check->findings[old].diag.line <=
                                       basis->findings[added].diag.line);
        all[count++] = take ? check->findings[old++] : basis->findings[added++];
    }
    check->findings = all;
    check->count = count;
}

Err basis_check(Arena *arena, const char *file, Str model,
                const Citations *citations, Diag *diag, DmnCheck *check)
{
    const XmlNode *root;
    Basis basis = {.file = file, .citations = citations};
    TRY(xml_read(arena, model, diag, &root));
    basis.findings = ARENA_TRY_ARRAY(arena, DmnFinding, BASIS_FINDINGS_MAX);
    if (basis.findings == NULL) return ERR_FULL;
    for (const XmlNode *node = root; node != NULL;
         node = xml_walk(root, node)) {
        Grid grid;
        if (!xml_is(node, "decisionTable")) continue;
        TRY(grid_read(arena, node, diag, &grid));
        check_table(&basis, &grid);
    }
    if (basis.count == 0) return OK;
    DmnFinding *all =
        ARENA_TRY_ARRAY(arena, DmnFinding, check->count + basis.count);
    if (all == NULL) return ERR_FULL;
    merge(&basis, all, check);
    return OK;
}
