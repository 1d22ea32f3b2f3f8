#include "registry/kind.h"

#include <string.h>

enum { COUNT_MAX = 1000000 };

typedef enum Column {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_SUBJECT,
    COLUMN_TYPE,
    COLUMN_PROJECT,
    COLUMN_UNKNOWN,
    COLUMN_COUNT
} Column;

typedef struct Loader {
    Arena *arena;
    KindCatalogue *catalogue;
    Kind *kinds;
    Diag *diag;
    int32_t line;
} Loader;

static Err bad(Loader *loader, Column column, Str value)
{
    diag_set(loader->diag, "kind.bad_column");
    diag_place(loader->diag, "facts.tsv", loader->line, (int32_t)column + 1);
    diag_arg(loader->diag, value);
    return ERR_INVALID;
}

static int32_t index_of(Str word, const char *const *words, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (str_is(word, words[i])) return i;
    }
    return -1;
}

/* Splits "a|b|c" into the codes of a kind. */
static bool read_codes(Loader *loader, Kind *kind, Str codes)
{
    Str code;
    while (str_split(&codes, '|', &code)) {
        if (code.bytes == 0 || kind->code_count == KIND_CODES_MAX) return false;
        kind->codes[kind->code_count++] =
            arena_text(loader->arena, code.at, code.bytes);
    }
    return kind->code_count > 0;
}

/* The greatest number that a count takes: "count:366". */
static bool read_most(Kind *kind, Str most)
{
    kind->most = COUNT_MAX;
    if (most.at == NULL) return true;
    return str_to_int(most, &kind->most) && kind->most > 0 &&
           kind->most <= COUNT_MAX;
}

static bool read_type(Loader *loader, Kind *kind, Str text)
{
    static const char *const names[] = {"date", "flag", "count", "money",
                                        "code", "text", "asset"};
    Str rest = text, word;
    str_split(&rest, ':', &word);
    int32_t type = index_of(word, names, 7);
    if (type < 0) return false;
    kind->type = (KindType)type;
    if (kind->type == KIND_CODE) return read_codes(loader, kind, rest);
    if (kind->type == KIND_COUNT) return read_most(kind, rest);
    if (kind->type != KIND_TEXT) return rest.at == NULL;
    if (rest.bytes == 0) return false;
    kind->format = arena_text(loader->arena, rest.at, rest.bytes);
    return true;
}

static bool read_project(Kind *kind, Str text)
{
    static const char *const names[] = {"state", "sum",  "lump",
                                        "days",  "list", "none"};
    int32_t project = index_of(text, names, 6);
    if (project < 0) return false;
    kind->project = (KindProject)project;
    bool money = kind->type == KIND_MONEY;
    bool sums = project == PROJECT_SUM || project == PROJECT_LUMP;
    if (kind->type == KIND_TEXT) return project == PROJECT_NONE;
    if (kind->type == KIND_ASSET) return project == PROJECT_LIST;
    if (project == PROJECT_LIST) return false;
    if (project == PROJECT_DAYS) return kind->type == KIND_FLAG;
    return money == sums || project == PROJECT_NONE;
}

static bool read_unknown(Kind *kind, Str text)
{
    if (str_is(text, "-")) return true;
    kind->has_unknown = true;
    if (kind->type == KIND_CODE) {
        kind->unknown = kind_code(kind, text);
        return kind->unknown >= 0;
    }
    if (kind->type == KIND_FLAG && !str_is(text, "0")) {
        kind->unknown = str_is(text, "true");
        return kind->unknown == 1 || str_is(text, "false");
    }
    return str_to_int(text, &kind->unknown);
}

static Err read_line(Loader *loader, Str line)
{
    Str cell[COLUMN_COUNT];
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (!str_split(&line, '\t', &cell[i])) {
            return bad(loader, (Column)i, (Str){NULL, 0});
        }
    }
    Kind *kind = &loader->kinds[loader->catalogue->kind_count];
    int64_t id;
    if (!str_to_int(cell[COLUMN_ID], &id) || id < 1 || id > KIND_ID_MAX ||
        loader->catalogue->by_id[id] != NULL) {
        return bad(loader, COLUMN_ID, cell[COLUMN_ID]);
    }
    kind->id = (int32_t)id;
    kind->name = arena_text(loader->arena, cell[COLUMN_NAME].at,
                            cell[COLUMN_NAME].bytes);
    if (kind_find(loader->catalogue, cell[COLUMN_NAME]) != NULL) {
        return bad(loader, COLUMN_NAME, cell[COLUMN_NAME]);
    }
    kind->of_person = str_is(cell[COLUMN_SUBJECT], "person");
    if (!kind->of_person && !str_is(cell[COLUMN_SUBJECT], "household")) {
        return bad(loader, COLUMN_SUBJECT, cell[COLUMN_SUBJECT]);
    }
    if (!read_type(loader, kind, cell[COLUMN_TYPE])) {
        return bad(loader, COLUMN_TYPE, cell[COLUMN_TYPE]);
    }
    if (!read_project(kind, cell[COLUMN_PROJECT])) {
        return bad(loader, COLUMN_PROJECT, cell[COLUMN_PROJECT]);
    }
    if (!read_unknown(kind, cell[COLUMN_UNKNOWN])) {
        return bad(loader, COLUMN_UNKNOWN, cell[COLUMN_UNKNOWN]);
    }
    loader->catalogue->by_id[id] = kind;
    loader->catalogue->kind_count++;
    return OK;
}

static void note_default(KindDefaults *defaults, const Kind *kind)
{
    uint64_t bit = UINT64_C(1) << kind->field;
    if (!kind->has_unknown) return;
    defaults->value[kind->field] = kind->unknown;
    defaults->has |= bit;
    if (kind->unknown != 0) defaults->other |= bit;
}

/* Gives the kinds that decisions see their places in the records. */
static bool place_fields(KindCatalogue *catalogue, Kind *kinds)
{
    for (int32_t i = 0; i < catalogue->kind_count; i++) {
        Kind *kind = &kinds[i];
        kind->field = -1;
        if (kind->project == PROJECT_NONE) continue;
        int32_t *count = kind->of_person ? &catalogue->person_field_count
                                         : &catalogue->household_field_count;
        const Kind **fields = kind->of_person ? catalogue->person_field
                                              : catalogue->household_field;
        if (*count == KIND_FIELDS_MAX) return false;
        kind->field = *count;
        note_default(kind->of_person ? &catalogue->person_default
                                     : &catalogue->household_default,
                     kind);
        fields[(*count)++] = kind;
    }
    return true;
}

static void read_classes(Loader *loader, Str bytes)
{
    KindCatalogue *catalogue = loader->catalogue;
    Str line, name;
    while (str_split(&bytes, '\n', &line)) {
        line = str_trim(line);
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (catalogue->asset_class_count == KIND_CODES_MAX) return;
        str_split(&line, '\t', &name);
        bool dwelling = str_is(line, "dwelling");
        catalogue->dwellings |= (uint64_t)dwelling
                                << catalogue->asset_class_count;
        catalogue->asset_classes[catalogue->asset_class_count++] =
            arena_text(loader->arena, name.at, name.bytes);
    }
}

/* Records stand on these kinds: each has a place in every member. */
static bool state_of_person(const Kind *kind, KindType type)
{
    return kind != NULL && kind->type == type && kind->of_person &&
           kind->project == PROJECT_STATE;
}

static Err find_structural(Loader *loader)
{
    KindCatalogue *catalogue = loader->catalogue;
    catalogue->member = kind_find(catalogue, STR("member"));
    catalogue->dead = kind_find(catalogue, STR("dead"));
    catalogue->birth = kind_find(catalogue, STR("birth_date"));
    catalogue->national_id = kind_find(catalogue, STR("national_id"));
    if (!state_of_person(catalogue->member, KIND_CODE) ||
        kind_code(catalogue->member, STR("head")) != 0 ||
        kind_code(catalogue->member, STR("left")) < 0) {
        return bad(loader, COLUMN_NAME, STR("member"));
    }
    if (!state_of_person(catalogue->dead, KIND_FLAG)) {
        return bad(loader, COLUMN_NAME, STR("dead"));
    }
    return OK;
}

Err kind_load(Arena *arena, Str facts, Str classes, Diag *diag,
              const KindCatalogue **ret)
{
    KindCatalogue *catalogue = ARENA_NEW(arena, KindCatalogue);
    Kind *kinds = ARENA_ARRAY(arena, Kind, str_count(facts, '\n') + 1);
    catalogue->kinds = kinds;
    Loader loader = {arena, catalogue, kinds, diag, 0};
    Str line;
    while (str_split(&facts, '\n', &line)) {
        loader.line++;
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (line.at[line.bytes - 1] == '\r') line.bytes--;
        TRY(read_line(&loader, line));
    }
    if (!place_fields(catalogue, kinds)) {
        return bad(&loader, COLUMN_PROJECT, (Str){NULL, 0});
    }
    read_classes(&loader, classes);
    TRY(find_structural(&loader));
    *ret = catalogue;
    return OK;
}

const Kind *kind_find(const KindCatalogue *catalogue, Str name)
{
    for (int32_t i = 0; i < catalogue->kind_count; i++) {
        if (str_is(name, catalogue->kinds[i].name)) return &catalogue->kinds[i];
    }
    return NULL;
}

int32_t kind_code(const Kind *kind, Str code)
{
    return index_of(code, kind->codes, kind->code_count);
}

int32_t kind_asset_class(const KindCatalogue *catalogue, Str name)
{
    return index_of(name, catalogue->asset_classes,
                    catalogue->asset_class_count);
}

bool kind_is_dwelling(const KindCatalogue *catalogue, int32_t asset_class)
{
    return catalogue->dwellings == 0 ||
           (catalogue->dwellings >> asset_class & 1) != 0;
}
