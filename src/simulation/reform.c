#include "simulation/reform.h"

#include "programme/edit.h"

Err reform_set(Arena *arena, Str model, Str set, Diag *diag, Str *ret)
{
    const char *sign = memchr(set.at, '=', set.bytes);
    size_t name_bytes = sign == NULL ? 0 : (size_t)(sign - set.at);
    Str name = str_trim((Str){set.at, name_bytes});
    Str value = {NULL, 0};
    if (sign != NULL) {
        value = str_trim((Str){sign + 1, set.bytes - name_bytes - 1});
    }
    if (name.bytes == 0 || value.bytes == 0) {
        diag_set(diag, "reform.form");
        diag_arg(diag, set);
        return ERR_INVALID;
    }
    Edit edit = {
        .what = EDIT_LOGIC, .decision = name, .cells = &value, .cell_count = 1};
    Err err = edit_apply(arena, model, &edit, diag, ret);
    if (err != ERR_NOT_FOUND) return err;
    diag_set(diag, "reform.none");
    diag_arg(diag, name);
    return ERR_INVALID;
}
