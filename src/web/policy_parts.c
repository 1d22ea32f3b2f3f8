#include "web/policy_parts.h"

enum { CELLS_MAX = 56 /* of a row; a form has no more fields */ };

static bool is_literal(const SheetBlock *block)
{
    return str_is(block->form, "literalExpression");
}

/* Whether it is a relation whose rows can be typed. */
static bool in_rows(const SheetBlock *block)
{
    return block->part > 0 && block->table != NULL &&
           block->table->column_count <= CELLS_MAX;
}

static size_t count_parts(const SheetItem *item)
{
    size_t count = 0;
    for (int32_t i = 0; i < item->block_count; i++) {
        const SheetBlock *block = &item->blocks[i];
        count += 1;
        if (in_rows(block)) count += (size_t)block->table->row_count;
    }
    return count;
}

PolicyParts policy_parts(Arena *arena, const SheetItem *item)
{
    const SheetBlock *first = item->blocks;
    PolicyParts parts = {.count = 0};
    bool single = item->block_count == 1 &&
                  (is_literal(first) || (first->table != NULL &&
                                         first->table->hit_policy.bytes > 0));
    if (item->block_count == 0 || single) return parts;
    PolicyPart *at = ARENA_ARRAY(arena, PolicyPart, count_parts(item));
    for (int32_t i = 0; i < item->block_count; i++) {
        const SheetBlock *block = &item->blocks[i];
        bool typed = block->part > 0 && block->table == NULL;
        at[parts.count++] = (PolicyPart){
            .block = block, .number = typed ? block->part : 0, .count = typed};
        if (!in_rows(block)) continue;
        for (int32_t row = 1; row <= block->table->row_count; row++) {
            int32_t columns = block->table->column_count;
            at[parts.count++] =
                (PolicyPart){.block = block,
                             .row = row,
                             .number = block->part + (row - 1) * columns,
                             .count = columns};
        }
    }
    parts.at = at;
    return parts;
}

const PolicyPart *policy_part(const PolicyParts *parts, int64_t number)
{
    for (size_t i = 0; i < parts->count && number > 0; i++) {
        if (parts->at[i].number == number) return &parts->at[i];
    }
    return NULL;
}

Str policy_part_text(const PolicyPart *part, int32_t at)
{
    const SheetTable *table = part->block->table;
    if (table == NULL) return part->block->text;
    return table->cells[(part->row - 1) * table->column_count + at];
}

Str policy_part_label(const PolicyPart *part, int32_t at)
{
    const SheetTable *table = part->block->table;
    return table == NULL ? part->block->label : table->columns[at];
}
