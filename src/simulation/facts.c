#include "simulation/facts.h"

#include "crypto/hash.h"

enum { MONTHS = 12, NAME_BYTES_MAX = 1 << 16 };

static int32_t add_kind(FactColumns *facts, const char *name,
                        SnapshotTable table, SnapshotType type)
{
    if (facts->count == SNAPSHOT_COLUMNS_MAX ||
        strlen(name) >= SNAPSHOT_NAME_BYTES) {
        return -1;
    }
    SnapshotKind *kind = &facts->kind[facts->count];
    memcpy(kind->name, name, strlen(name));
    kind->table = table;
    kind->type = type;
    kind->times = 1;
    return facts->count++;
}

static void add_codes(SnapshotKind *kind, const char *const *codes,
                      int32_t count)
{
    for (int32_t i = 0; i < count; i++) kind->codes[i] = str_of(codes[i]);
    kind->code_count = count;
}

static SnapshotType type_of(const Kind *kind)
{
    if (kind->project == PROJECT_DAYS) return SNAPSHOT_COUNT;
    switch (kind->type) {
    case KIND_DATE:
        return SNAPSHOT_DATE;
    case KIND_FLAG:
        return SNAPSHOT_FLAG;
    case KIND_MONEY:
        return SNAPSHOT_MONEY;
    case KIND_CODE:
        return SNAPSHOT_CODE;
    case KIND_COUNT:
    case KIND_TEXT:
    case KIND_ASSET:
        break;
    }
    return SNAPSHOT_COUNT;
}

static bool add_fields(FactColumns *facts, const Kind *const *fields,
                       int32_t count, SnapshotTable table, int32_t *places,
                       uint64_t *sums)
{
    for (int32_t i = 0; i < count; i++) {
        const Kind *kind = fields[i];
        places[i] = -1;
        if (kind->type == KIND_ASSET || kind->type == KIND_TEXT) continue;
        places[i] = add_kind(facts, kind->name, table, type_of(kind));
        if (places[i] < 0) return false;
        SnapshotKind *made = &facts->kind[places[i]];
        if (kind->project == PROJECT_SUM) {
            made->times = MONTHS;
            *sums |= UINT64_C(1) << i;
        }
        if (kind->type == KIND_CODE) {
            add_codes(made, kind->codes, kind->code_count);
        }
    }
    return true;
}

/* What a catalogue means to those who read records by it. */
static void name_catalogue(FactColumns *facts)
{
    const KindCatalogue *catalogue = facts->catalogue;
    Buf text = buf_make(NAME_BYTES_MAX);
    for (int32_t i = 0; i < catalogue->kind_count; i++) {
        const Kind *kind = &catalogue->kinds[i];
        if (kind->project == PROJECT_NONE) continue;
        buf_format(&text, "%d %s %d %d %d %d %lld", kind->id, kind->name,
                   kind->of_person, kind->type, kind->project,
                   kind->has_unknown, (long long)kind->unknown);
        for (int32_t c = 0; c < kind->code_count; c++) {
            buf_format(&text, " %s", kind->codes[c]);
        }
        buf_char(&text, '\n');
    }
    for (int32_t i = 0; i < catalogue->asset_class_count; i++) {
        buf_format(&text, "%s\n", catalogue->asset_classes[i]);
    }
    CHECK(!buf_full(&text));
    Hash hash = hash_of(buf_view(&text));
    memcpy(facts->name, hash.byte, sizeof facts->name);
    buf_free(&text);
}

Err facts_make(Arena *arena, const KindCatalogue *catalogue,
               const FactColumns **ret)
{
    FactColumns *facts = arena_try(arena, 1, sizeof *facts);
    if (facts == NULL) return ERR_FULL;
    facts->catalogue = catalogue;
    facts->household_id =
        add_kind(facts, "household_id", SNAPSHOT_HOUSEHOLDS, SNAPSHOT_ID);
    facts->person_id =
        add_kind(facts, "person_id", SNAPSHOT_PERSONS, SNAPSHOT_ID);
    bool room =
        add_fields(facts, catalogue->household_field,
                   catalogue->household_field_count, SNAPSHOT_HOUSEHOLDS,
                   facts->of_household, &facts->household_sums) &&
        add_fields(facts, catalogue->person_field,
                   catalogue->person_field_count, SNAPSHOT_PERSONS,
                   facts->of_person, &facts->person_sums);
    facts->asset_class =
        add_kind(facts, "class", SNAPSHOT_ASSETS, SNAPSHOT_CODE);
    facts->asset_value =
        add_kind(facts, "value", SNAPSHOT_ASSETS, SNAPSHOT_MONEY);
    facts->asset_lived_in =
        add_kind(facts, "lived_in", SNAPSHOT_ASSETS, SNAPSHOT_FLAG);
    facts->asset_exempt =
        add_kind(facts, "exempt", SNAPSHOT_ASSETS, SNAPSHOT_FLAG);
    if (!room || facts->asset_exempt < 0) return ERR_FULL;
    add_codes(&facts->kind[facts->asset_class], catalogue->asset_classes,
              catalogue->asset_class_count);
    name_catalogue(facts);
    *ret = facts;
    return OK;
}

const FactColumns *facts_of_month(Arena *arena, const FactColumns *facts)
{
    FactColumns *made = arena_try(arena, 1, sizeof *made);
    if (made == NULL) return NULL;
    *made = *facts;
    made->household_sums = made->person_sums = 0;
    for (int32_t i = 0; i < made->count; i++) made->kind[i].times = 1;
    return made;
}

/* Whether each sum of twelve months is the same amount in each. */
static bool fits(uint64_t sums, const int64_t *values)
{
    for (; sums != 0; sums &= sums - 1) {
        if (values[__builtin_ctzll(sums)] % MONTHS != 0) return false;
    }
    return true;
}

bool facts_fit(const FactColumns *facts, const InputRecord *record)
{
    if (record->member_count == 0) return false;
    bool all = fits(facts->household_sums, record->value);
    for (int32_t i = 0; i < record->member_count && all; i++) {
        all = fits(facts->person_sums, record->members[i].value);
    }
    return all;
}

/* A value that is known to be zero is as the columns are without it. */
static void put_fields(SnapshotFill *fill, const int32_t *places, int32_t count,
                       uint64_t sums, const int64_t *values, uint64_t known)
{
    for (int32_t i = 0; i < count; i++) {
        const bool null = (known >> i & 1) == 0;
        if ((values[i] == 0 && !null) || places[i] < 0) continue;
        bool sum = (sums >> i & 1) != 0;
        snapshot_fill_set(fill, places[i], sum ? values[i] / MONTHS : values[i],
                          null);
    }
}

static void put_assets(const FactColumns *facts, SnapshotFill *fill,
                       const RecordMember *member)
{
    for (int32_t i = 0; i < member->asset_count; i++) {
        const RecordAsset *asset = &member->assets[i];
        snapshot_fill_asset(fill);
        snapshot_fill_set(fill, facts->asset_class, asset->asset_class, false);
        snapshot_fill_set(fill, facts->asset_value, asset->value, false);
        snapshot_fill_set(fill, facts->asset_lived_in,
                          (asset->flags & ASSET_LIVED_IN) != 0, false);
        snapshot_fill_set(fill, facts->asset_exempt,
                          (asset->flags & ASSET_EXEMPT) != 0, false);
    }
}

void facts_put(const FactColumns *facts, SnapshotFill *fill,
               const InputRecord *record, Month settled, Str history)
{
    const KindCatalogue *catalogue = facts->catalogue;
    snapshot_fill_household(fill, settled, history);
    snapshot_fill_set(fill, facts->household_id, record->household_id, false);
    if (settled == FACTS_NEVER) return; /* its columns are never read */
    put_fields(fill, facts->of_household, catalogue->household_field_count,
               facts->household_sums, record->value, record->known);
    for (int32_t i = 0; i < record->member_count; i++) {
        const RecordMember *member = &record->members[i];
        snapshot_fill_person(fill);
        snapshot_fill_set(fill, facts->person_id, member->person_id, false);
        put_fields(fill, facts->of_person, catalogue->person_field_count,
                   facts->person_sums, member->value, member->known);
        put_assets(facts, fill, member);
    }
}

Err facts_reader(const FactColumns *facts, const Snapshot *snapshot,
                 const char *path, Diag *diag, FactReader *ret)
{
    bool same = memcmp(facts->name, snapshot_catalogue(snapshot),
                       sizeof facts->name) == 0;
    *ret = (FactReader){.facts = facts, .snapshot = snapshot};
    for (int32_t i = 0; i < facts->count && same; i++) {
        const SnapshotKind *kind = &facts->kind[i];
        const SnapshotColumn *column =
            snapshot_find(snapshot, kind->table, str_of(kind->name));
        same = column != NULL && column->kind.type == kind->type &&
               column->kind.times == kind->times &&
               column->kind.code_count == kind->code_count;
        ret->column[i] = column;
    }
    if (same) return OK;
    diag_set(diag, "snapshot.catalogue");
    diag_arg_text(diag, path);
    return ERR_CONFLICT;
}

static void get_fields(const FactReader *reader, const int32_t *places,
                       int32_t count, int64_t row, int64_t *values,
                       uint64_t *ret_known)
{
    *ret_known = 0;
    for (int32_t i = 0; i < count; i++) {
        bool null;
        values[i] = 0;
        if (places[i] < 0) continue;
        const SnapshotColumn *column = reader->column[places[i]];
        int64_t value = snapshot_value(column, row, &null);
        if (null) continue;
        values[i] = value * column->kind.times;
        *ret_known |= UINT64_C(1) << i;
    }
}

static bool get_assets(const FactReader *reader, Arena *arena, int64_t person,
                       RecordMember *member)
{
    const FactColumns *facts = reader->facts;
    const int32_t *runs = snapshot_runs(reader->snapshot, SNAPSHOT_ASSETS);
    if (runs == NULL) return true;
    int32_t count = runs[person + 1] - runs[person];
    member->assets = arena_try(arena, (size_t)count + 1, sizeof(RecordAsset));
    if (member->assets == NULL) return false;
    member->asset_count = count;
    for (int32_t i = 0; i < count; i++) {
        int64_t row = runs[person] + i;
        RecordAsset *asset = &member->assets[i];
        const SnapshotColumn *const *column = reader->column;
        asset->asset_class =
            (int32_t)snapshot_value(column[facts->asset_class], row, NULL);
        asset->value = snapshot_value(column[facts->asset_value], row, NULL);
        asset->flags =
            snapshot_value(column[facts->asset_lived_in], row, NULL) != 0
                ? ASSET_LIVED_IN
                : 0;
        if (snapshot_value(column[facts->asset_exempt], row, NULL) != 0) {
            asset->flags |= ASSET_EXEMPT;
        }
    }
    return true;
}

static Err from_columns(const FactReader *reader, Arena *arena, int64_t row,
                        InputRecord *ret)
{
    const FactColumns *facts = reader->facts;
    const KindCatalogue *catalogue = facts->catalogue;
    const int32_t *runs = snapshot_runs(reader->snapshot, SNAPSHOT_PERSONS);
    int32_t count = runs[row + 1] - runs[row];
    size_t fields = (size_t)catalogue->person_field_count + 1;
    ret->member_count = count;
    ret->value = arena_try(arena, (size_t)catalogue->household_field_count + 1,
                           sizeof(int64_t));
    ret->members = arena_try(arena, (size_t)count + 1, sizeof *ret->members);
    if (ret->value == NULL || ret->members == NULL) return ERR_FULL;
    get_fields(reader, facts->of_household, catalogue->household_field_count,
               row, ret->value, &ret->known);
    for (int32_t i = 0; i < count; i++) {
        RecordMember *member = &ret->members[i];
        int64_t person = runs[row] + i;
        member->person_id =
            snapshot_value(reader->column[facts->person_id], person, NULL);
        member->value = arena_try(arena, fields, sizeof(int64_t));
        if (member->value == NULL) return ERR_FULL;
        get_fields(reader, facts->of_person, catalogue->person_field_count,
                   person, member->value, &member->known);
        if (!get_assets(reader, arena, person, member)) return ERR_FULL;
    }
    return OK;
}

Err facts_record(const FactReader *reader, Arena *arena, int64_t row,
                 bool settled, Month month, InputRecord *ret)
{
    const FactColumns *facts = reader->facts;
    int64_t id = snapshot_value(reader->column[facts->household_id], row, NULL);
    *ret = (InputRecord){.household_id = id};
    if (settled) return from_columns(reader, arena, row, ret);
    return record_project(arena, facts->catalogue, id,
                          snapshot_history(reader->snapshot, row), month, ret);
}
