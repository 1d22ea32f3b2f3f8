/* What persons own, from assets.csv beside the two files of a source. */
#include <stdlib.h>

#include "base/file.h"
#include "base/money.h"
#include "codec/csv.h"
#include "simulation/fill_int.h"

/* The columns of the file, in this order. */
enum { PERSON, CLASS, VALUE, LIVED_IN, EXEMPT, COLUMNS };

static const char file_name[] = "assets.csv";

static Err refuse(Diag *diag, int64_t line, const char *key, Str what)
{
    diag_set(diag, key);
    diag_place(diag, file_name, (int32_t)line, 0);
    diag_arg(diag, what);
    return ERR_INVALID;
}

static Err read_flag(Str text, int64_t line, int32_t flag, Diag *diag,
                     int32_t *flags)
{
    if (str_is(text, "1")) {
        *flags |= flag;
        return OK;
    }
    return str_is(text, "0") ? OK : refuse(diag, line, "value.flag", text);
}

static Err read_asset(const KindCatalogue *catalogue, const Csv *csv,
                      const int32_t *column, Diag *diag, FillAsset *ret)
{
    Money value;
    Str person = csv_field(csv, column[PERSON]);
    Str class = csv_field(csv, column[CLASS]);
    Str money = csv_field(csv, column[VALUE]);
    RecordAsset *is = &ret->is;
    *ret = (FillAsset){.line = csv->row_line};
    if (!str_to_int(person, &ret->person_id) || ret->person_id < 0) {
        return refuse(diag, ret->line, "import.bad_id", person);
    }
    is->asset_class = kind_asset_class(catalogue, class);
    if (is->asset_class < 0) {
        return refuse(diag, ret->line, "value.code", class);
    }
    if (!money_read(money, &value)) {
        return refuse(diag, ret->line, "value.money", money);
    }
    if (value.minor < 0) {
        return refuse(diag, ret->line, "value.negative", money);
    }
    is->value = value.minor;
    TRY(read_flag(csv_field(csv, column[LIVED_IN]), ret->line, ASSET_LIVED_IN,
                  diag, &is->flags));
    return read_flag(csv_field(csv, column[EXEMPT]), ret->line, ASSET_EXEMPT,
                     diag, &is->flags);
}

static bool add(Arena *arena, FillAssets *all, FillAsset asset)
{
    if (all->count == all->room) {
        size_t room = all->room == 0 ? 4096 : all->room * 2;
        FillAsset *more = arena_try_raw(arena, room, sizeof *more);
        if (more == NULL) return false;
        if (all->count > 0) {
            memcpy(more, all->at, all->count * sizeof *more);
        }
        all->at = more;
        all->room = room;
    }
    all->at[all->count++] = asset;
    return true;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By person, then as a record has them (registry/record.h). */
static int by_person(const void *left, const void *right)
{
    const FillAsset *a = left, *b = right;
    int by = order(a->person_id, b->person_id);
    if (by == 0) by = order(a->is.asset_class, b->is.asset_class);
    if (by == 0) by = order(a->is.flags, b->is.flags);
    return by != 0 ? by : order(a->is.value, b->is.value);
}

static Err read_rows(Arena *arena, const KindCatalogue *catalogue, Csv *csv,
                     Diag *diag, FillAssets *ret)
{
    static const char *const names[COLUMNS] = {"person_id", "class", "value",
                                               "lived_in", "exempt"};
    int32_t column[COLUMNS];
    FillAsset asset;
    Err err = csv_bind(csv, names, COLUMNS, COLUMNS, column, diag);
    if (err != OK) {
        diag_place(diag, file_name, 1, 0);
        return err;
    }
    while ((err = csv_next(csv, diag)) == OK) {
        TRY(read_asset(catalogue, csv, column, diag, &asset));
        if (!add(arena, ret, asset)) return ERR_FULL;
    }
    if (err == ERR_INVALID) diag_place(diag, file_name, diag->line, 0);
    return err == ERR_NOT_FOUND ? OK : err;
}

Err fill_assets_read(Arena *arena, const KindCatalogue *catalogue,
                     const char *folder, Diag *diag, FillAssets *ret)
{
    char path[4096];
    FileMap map;
    Csv csv;
    *ret = (FillAssets){NULL, 0, 0};
    snprintf(path, sizeof path, "%s/%s", folder, file_name);
    Err err = file_map(path, diag, &map);
    if (err == ERR_NOT_FOUND) {
        *diag = (Diag){.key = ""};
        return OK;
    }
    if (err != OK) return err;
    err = csv_open(&csv, map.bytes, file_name, diag);
    if (err == OK) err = read_rows(arena, catalogue, &csv, diag, ret);
    csv_close(&csv);
    file_unmap(&map);
    if (err == OK && ret->count > 0) {
        qsort(ret->at, ret->count, sizeof *ret->at, by_person);
    }
    return err;
}

Err fill_assets_of(const FillAssets *all, Arena *arena, RecordMember *member)
{
    size_t low = 0, high = all->count, end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->at[middle].person_id < member->person_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (end = low; end < all->count; end++) {
        if (all->at[end].person_id != member->person_id) break;
    }
    if (end == low) return OK;
    member->assets = arena_try(arena, end - low, sizeof *member->assets);
    if (member->assets == NULL) return ERR_FULL;
    for (size_t i = low; i < end; i++) {
        member->assets[member->asset_count++] = all->at[i].is;
        all->at[i].taken = true;
    }
    return OK;
}

Err fill_assets_taken(const FillAssets *all, Diag *diag)
{
    for (size_t i = 0; i < all->count; i++) {
        const FillAsset *asset = &all->at[i];
        if (asset->taken) continue;
        diag_set(diag, "snapshot.no_person");
        diag_place(diag, file_name, (int32_t)asset->line, 0);
        diag_arg_int(diag, asset->person_id);
        return ERR_INVALID;
    }
    return OK;
}
