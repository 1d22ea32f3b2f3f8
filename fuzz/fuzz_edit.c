/*
 * fuzz_edit - any bytes for a model, and every edit on the first table of it:
 * it is refused with a reason, or what comes out is well-formed and compared.
 */
#include "programme/diff.h"
#include "programme/edit.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    static const Str cells[] = {{"<&", 2}, {"-", 1}, {"1", 1}};
    Arena *arena = arena_open(1 << 24);
    Diag diag = {.key = ""};
    Str model = {(const char *)data, bytes}, made;
    const XmlNode *root;
    for (int what = EDIT_CELL; what <= EDIT_SINCE; what++) {
        Edit edit = {.what = (EditWhat)what,
                     .decision = STR("A"),
                     .row = 1,
                     .to = 2,
                     .part = GRID_OUTPUT,
                     .column = 1,
                     .since = 20000,
                     .cells = cells,
                     .cell_count = 1};
        if (what == EDIT_ROW_ADD) edit.cell_count = 3;
        diag_set(&diag, "");
        if (edit_apply(arena, model, &edit, &diag, &made) != OK) {
            CHECK(diag.key[0] != '\0');
        } else {
            ModelDiff diff;
            Err err = xml_read(arena, made, &diag, &root);
            CHECK(err == OK || err == ERR_FULL);
            err = model_diff(arena, model, made, &diag, &diff);
            CHECK(err == OK || diag.key[0] != '\0');
            CHECK(err != OK || diff.count <= DIFF_ITEMS_MAX);
        }
        arena_reset(arena);
    }
    arena_close(arena);
    return 0;
}
