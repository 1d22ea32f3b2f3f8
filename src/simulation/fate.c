#include "simulation/fate.h"

#include "simulation/simulate_int.h"
#include "simulation/team.h"

enum { MONTHS = 12, SEXES = 3 /* the last is unknown */ };

__extension__ typedef unsigned __int128 Wide;

/* A number of 64 bits that is as good as drawn, the same each time. */
static uint64_t draw(int64_t person, Month month, uint64_t what)
{
    uint64_t x = (uint64_t)person * UINT64_C(0x9E3779B97F4A7C15) +
                 (uint64_t)month * UINT64_C(0xD1B54A32D192ED03) +
                 what * UINT64_C(0x8CB92BA72F3D8DD7);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

enum { DRAW_DEATH, DRAW_BIRTH, DRAW_SEX, DRAW_ID };

static uint64_t *odds_of(const Fates *f, Month month, RateEvent event,
                         int32_t sex)
{
    size_t at = ((size_t)(month - f->first) * RATE_EVENTS + event) * SEXES +
                (size_t)sex;
    return f->odds + at * (RATE_AGE_MAX + 1);
}

/* The greatest of an event, whatever sex and age. */
static uint64_t *most_of(const Fates *f, Month month, RateEvent event)
{
    return &f->most[(month - f->first) * RATE_EVENTS + (int32_t)event];
}

static uint64_t odds_from(int64_t rate)
{
    Wide odds = ((Wide)rate << 64) / ((Wide)RATE_OF * MONTHS);
    return odds > UINT64_MAX ? UINT64_MAX : (uint64_t)odds;
}

/* The odds of an event in a month, by sex and age. */
static void fill_event(Fates *f, Month month, RateEvent event,
                       const RateTable *table)
{
    uint64_t *most = most_of(f, month, event);
    for (int32_t age = 0; age <= RATE_AGE_MAX; age++) {
        uint64_t male = odds_from(table->rate[event][RATE_MALE][age]);
        uint64_t female = odds_from(table->rate[event][RATE_FEMALE][age]);
        odds_of(f, month, event, RATE_MALE)[age] = male;
        odds_of(f, month, event, RATE_FEMALE)[age] = female;
        odds_of(f, month, event, RATE_SEXES)[age] = male / 2 + female / 2;
        if (male > *most) *most = male;
        if (female > *most) *most = female;
    }
}

static void fill_odds(Fates *f, const Rates *rates, int32_t months)
{
    for (Month month = f->first; month < f->first + months; month++) {
        RateTable table;
        rates_of_month(rates, month, &table);
        fill_event(f, month, RATE_DEATH, &table);
        fill_event(f, month, RATE_BIRTH, &table);
    }
}

Err fates_open(Arena *arena, const FactReader *reader, const Rates *rates,
               Month first, int32_t months, Diag *diag, Fates *ret)
{
    const KindCatalogue *catalogue = reader->facts->catalogue;
    size_t rows = (size_t)snapshot_rows(reader->snapshot, SNAPSHOT_HOUSEHOLDS);
    size_t odds = (size_t)months * RATE_EVENTS * SEXES * (RATE_AGE_MAX + 1);
    *ret = (Fates){.reader = reader, .first = first, .now = first};
    ret->threads = 1;
    ret->sex = kind_find(catalogue, STR("sex"));
    ret->head = kind_code(catalogue->member, STR("head"));
    ret->spouse = kind_code(catalogue->member, STR("spouse"));
    ret->child = kind_code(catalogue->member, STR("child"));
    if (catalogue->birth == NULL || ret->child < 0 || ret->head < 0) {
        diag_set(diag, "forecast.facts");
        return ERR_INVALID;
    }
    if (ret->sex != NULL) {
        ret->male = kind_code(ret->sex, STR("male"));
        ret->female = kind_code(ret->sex, STR("female"));
    }
    ret->odds = arena_try_raw(arena, odds, sizeof *ret->odds);
    ret->most =
        arena_try(arena, (size_t)months * RATE_EVENTS, sizeof *ret->most);
    ret->rows = arena_try(arena, rows + 1, sizeof *ret->rows);
    ret->born = arena_try(arena, rows + 1, sizeof *ret->born);
    ret->died = arena_try(arena, rows + 1, sizeof *ret->died);
    if (ret->odds == NULL || ret->most == NULL || ret->rows == NULL ||
        ret->born == NULL || ret->died == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    fill_odds(ret, rates, months);
    return OK;
}

static int32_t sex_of(const Fates *f, int64_t code, bool known)
{
    if (!known) return RATE_SEXES;
    return code == f->male     ? RATE_MALE
           : code == f->female ? RATE_FEMALE
                               : RATE_SEXES;
}

static uint64_t drawn_of(int64_t person, Month month, RateEvent event)
{
    return draw(person, month, event == RATE_DEATH ? DRAW_DEATH : DRAW_BIRTH);
}

/* Whether it could happen at some age; nearly always it could not. */
static bool may_happen(const Fates *f, int64_t person, Month month,
                       RateEvent event)
{
    return drawn_of(person, month, event) < *most_of(f, month, event);
}

static bool happens(const Fates *f, int64_t person, Day birth, int32_t sex,
                    Month month, RateEvent event)
{
    if (!may_happen(f, person, month, event)) return false;
    int32_t age = simulate_age(birth, month);
    if (age < 0 || age > RATE_AGE_MAX) return false;
    return drawn_of(person, month, event) < odds_of(f, month, event, sex)[age];
}

typedef struct Columns {
    const SnapshotColumn *person, *birth, *sex;
} Columns;

/* Whether somebody of a household may have died or been born in the month. */
static bool touched(const Fates *f, const Columns *columns, int64_t row)
{
    const int32_t *runs = snapshot_runs(f->reader->snapshot, SNAPSHOT_PERSONS);
    Month month = f->now - 1;
    for (int32_t i = runs[row]; i < runs[row + 1]; i++) {
        bool null, unknown = true;
        int64_t person = snapshot_value(columns->person, i, NULL);
        if (!may_happen(f, person, month, RATE_DEATH) &&
            !may_happen(f, person, month, RATE_BIRTH)) {
            continue;
        }
        Day birth = (Day)snapshot_value(columns->birth, i, &null);
        int64_t code = columns->sex == NULL
                           ? 0
                           : snapshot_value(columns->sex, i, &unknown);
        if (null) continue;
        int32_t sex = sex_of(f, code, !unknown);
        if (happens(f, person, birth, sex, month, RATE_DEATH) ||
            happens(f, person, birth, sex, month, RATE_BIRTH)) {
            return true;
        }
    }
    return false;
}

static Err mark(void *arg, int32_t number, Diag *diag)
{
    Fates *f = arg;
    const Snapshot *snapshot = f->reader->snapshot;
    const KindCatalogue *catalogue = f->reader->facts->catalogue;
    Columns columns = {
        .person = snapshot_find(snapshot, SNAPSHOT_PERSONS, STR("person_id")),
        .birth = snapshot_find(snapshot, SNAPSHOT_PERSONS,
                               str_of(catalogue->birth->name))};
    (void)diag;
    if (f->sex != NULL) {
        columns.sex =
            snapshot_find(snapshot, SNAPSHOT_PERSONS, str_of(f->sex->name));
    }
    for (int32_t b = number; b < snapshot_block_count(snapshot);
         b += f->threads) {
        int32_t rows, settled;
        int64_t first = snapshot_block(snapshot, b, f->now, &rows, &settled);
        for (int64_t row = first; row < first + settled; row++) {
            if (!f->rows[row]) f->rows[row] = touched(f, &columns, row);
        }
        memset(f->rows + first + settled, 1, (size_t)(rows - settled));
    }
    return OK;
}

Err fates_next(Fates *f, Diag *diag)
{
    f->now++;
    return team_run(f->threads, mark, f, diag);
}

/* A household in the course of its months. */
typedef struct Life {
    Fates *fates;
    Arena *arena;
    InputRecord *record;
    RecordMember *members; /* as of the snapshot, then who was born */
    bool *dead;
    int32_t first_count, count;
    int32_t born, died; /* in the last month */
} Life;

static bool value_of(const RecordMember *member, const Kind *kind, int64_t *ret)
{
    *ret = 0;
    if (kind == NULL || kind->field < 0) return false;
    *ret = member->value[kind->field];
    return (member->known >> kind->field & 1) != 0;
}

static void set_value(RecordMember *member, const Kind *kind, int64_t value)
{
    if (kind == NULL || kind->field < 0) return;
    member->value[kind->field] = value;
    member->known |= UINT64_C(1) << kind->field;
}

/* A child: what is not known of it is as for anybody, but it has its mother's
 * nationality and lives where she does. */
static Err bear(Life *life, const RecordMember *mother, Month month)
{
    static const char *const shared[] = {"nationality", "resident", "stay"};
    const Fates *f = life->fates;
    const KindCatalogue *catalogue = f->reader->facts->catalogue;
    uint64_t id = draw(mother->person_id, month, DRAW_ID);
    RecordMember child = {.person_id = (int64_t)(id >> 6 | UINT64_C(1) << 58)};
    child.value =
        arena_try(life->arena, (size_t)catalogue->person_field_count + 1,
                  sizeof *child.value);
    if (child.value == NULL) return ERR_FULL;
    for (int32_t i = 0; i < catalogue->person_field_count; i++) {
        const Kind *kind = catalogue->person_field[i];
        if (kind->has_unknown) set_value(&child, kind, kind->unknown);
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        const Kind *kind = kind_find(catalogue, str_of(shared[i]));
        int64_t value;
        if (kind != NULL && value_of(mother, kind, &value)) {
            set_value(&child, kind, value);
        }
    }
    bool boy = (draw(mother->person_id, month, DRAW_SEX) >> 63) != 0;
    set_value(&child, catalogue->member, f->child);
    set_value(&child, catalogue->birth, month_first_day(month));
    set_value(&child, f->sex, boy ? f->male : f->female);
    life->members[life->count++] = child;
    return OK;
}

static Err live_month(Life *life, Month month)
{
    Fates *f = life->fates;
    const KindCatalogue *catalogue = f->reader->facts->catalogue;
    const int32_t count = life->count;
    for (int32_t i = 0; i < count; i++) {
        const RecordMember *member = &life->members[i];
        int64_t birth, sex;
        if (life->dead[i] || !value_of(member, catalogue->birth, &birth)) {
            continue;
        }
        bool known = value_of(member, f->sex, &sex);
        int32_t of = sex_of(f, sex, known);
        if (happens(f, member->person_id, (Day)birth, of, month, RATE_DEATH)) {
            life->dead[i] = true;
            life->died += month == f->now - 1;
        } else if (i < life->first_count &&
                   happens(f, member->person_id, (Day)birth, of, month,
                           RATE_BIRTH)) {
            TRY(bear(life, member, month));
            life->born += month == f->now - 1;
        }
    }
    return OK;
}

/* Who heads the household when its head has died: the spouse, else the oldest.
 * -1: nobody is left. */
static int32_t heir_of(const Life *life)
{
    const Fates *f = life->fates;
    const KindCatalogue *catalogue = f->reader->facts->catalogue;
    int64_t role, birth, oldest = INT64_MAX;
    int32_t heir = -1;
    for (int32_t i = 0; i < life->count; i++) {
        if (life->dead[i]) continue;
        value_of(&life->members[i], catalogue->member, &role);
        if (f->spouse >= 0 && role == f->spouse) return i;
        if (!value_of(&life->members[i], catalogue->birth, &birth)) {
            birth = INT64_MAX;
        }
        if (heir < 0 || birth < oldest) {
            heir = i;
            oldest = birth;
        }
    }
    return heir;
}

/* Who is alive, the head first. */
static void close_ranks(Life *life)
{
    const Fates *f = life->fates;
    const KindCatalogue *catalogue = f->reader->facts->catalogue;
    int32_t kept = 0;
    int64_t role;
    bool known = value_of(&life->members[0], catalogue->member, &role);
    if (life->dead[0] && known && role == f->head) {
        int32_t heir = heir_of(life);
        if (heir >= 0) {
            RecordMember head = life->members[heir];
            set_value(&head, catalogue->member, f->head);
            life->dead[heir] = true;
            life->dead[0] = false;
            life->members[0] = head;
        }
    }
    for (int32_t i = 0; i < life->count; i++) {
        if (!life->dead[i]) life->members[kept++] = life->members[i];
    }
    life->record->members = life->members;
    life->record->member_count = kept;
}

Err fates_record(void *arg, Arena *arena, int64_t row, Month month,
                 InputRecord *record)
{
    Fates *f = arg;
    CHECK(month == f->now);
    int32_t count = record->member_count;
    if (count == 0 || f->now == f->first) return OK;
    size_t most = (size_t)count * (size_t)(f->now - f->first + 1);
    Life life = {.fates = f,
                 .arena = arena,
                 .record = record,
                 .members = arena_try_raw(arena, most, sizeof *life.members),
                 .dead = arena_try(arena, most, sizeof *life.dead),
                 .first_count = count,
                 .count = count};
    if (life.members == NULL || life.dead == NULL) return ERR_FULL;
    memcpy(life.members, record->members, (size_t)count * sizeof *life.members);
    for (Month m = f->first; m < f->now; m++) TRY(live_month(&life, m));
    close_ranks(&life);
    f->born[row] = (uint8_t)life.born; /* members are few */
    f->died[row] = (uint8_t)life.died;
    return OK;
}
