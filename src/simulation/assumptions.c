#include "simulation/assumptions.h"

#include "programme/grid.h"

/* The column of notes that has this name, or -1. */
static int32_t note_column(const Grid *grid, const char *name)
{
    for (uint32_t i = 0; i < grid->column_count; i++) {
        const GridColumn *column = &grid->columns[i];
        if (column->part == GRID_NOTE && str_is(column->label, name)) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* Whether no cell of dates says that the row holds at another time. */
static bool holds(const Grid *grid, const GridRow *row, Day day)
{
    for (uint32_t i = 0; i < grid->column_count; i++) {
        GridSpan span;
        if (grid->columns[i].part != GRID_INPUT ||
            !grid_span(row->cells[i].text, &span)) {
            continue;
        }
        if (day < span.from || day >= span.until) return false;
    }
    return true;
}

/* One entry for the rows of a decision with the same status. */
static void add(Assumptions *all, Str name, Str status)
{
    for (int32_t i = 0; i < all->count; i++) {
        Assumption *at = &all->of[i];
        if (str_equal(at->name, name) && str_equal(at->status, status)) {
            at->rows++;
            return;
        }
    }
    if (all->count == ASSUMPTIONS_MAX) return;
    all->of[all->count++] = (Assumption){name, status, 1};
}

static void look_at(const Grid *grid, Day day, Assumptions *ret)
{
    int32_t status = note_column(grid, "Status");
    const XmlNode *owner = grid_owner(grid->table);
    if (status < 0 || owner == NULL) return;
    for (uint32_t r = 0; r < grid->row_count; r++) {
        const GridRow *row = &grid->rows[r];
        Str said = row->cells[status].text;
        if (said.bytes == 0 || str_is(said, "confirmed")) continue;
        if (!holds(grid, row, day)) continue;
        add(ret, xml_attribute(owner, "name"), said);
    }
}

Err assumptions_find(Arena *arena, Str model, Month month, Diag *diag,
                     Assumptions *ret)
{
    const XmlNode *root;
    const Day day = month_first_day(month);
    ret->count = 0;
    TRY(xml_read(arena, model, diag, &root));
    for (const XmlNode *at = root; at != NULL; at = xml_walk(root, at)) {
        Grid grid;
        if (!xml_is(at, "decisionTable")) continue;
        TRY(grid_read(arena, at, diag, &grid));
        look_at(&grid, day, ret);
    }
    return OK;
}
