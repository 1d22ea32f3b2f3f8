#include "registry/kind.h"

#include "base/asset.h"
#include "tests/harness.h"

#define LEAST                                                                  \
    "1\tmember\tperson\tcode:head|spouse|child|other|left\tstate\tleft\n"      \
    "12\tdead\tperson\tflag\tstate\tfalse\n"

static Arena *arena;

static Err load(const char *facts, Diag *diag, const KindCatalogue **ret)
{
    arena = arena_open(1 << 22);
    *diag = (Diag){0};
    return kind_load(arena, str_of(facts), STR("land\n# no\n\n cars \n"), diag,
                     ret);
}

TEST(the_catalogue_of_the_country_pack_loads)
{
    const KindCatalogue *catalogue;
    Diag diag;
    arena = arena_open(1 << 22);
    Str facts = asset_find("models/facts.tsv")->bytes;
    Str classes = asset_find("models/asset-classes.tsv")->bytes;
    ck_assert_int_eq(kind_load(arena, facts, classes, &diag, &catalogue), OK);
    for (int32_t i = 0; i < catalogue->kind_count; i++) {
        const Kind *kind = &catalogue->kinds[i];
        ck_assert_ptr_eq(catalogue->by_id[kind->id], kind);
        ck_assert_ptr_eq(kind_find(catalogue, str_of(kind->name)), kind);
        if (kind->field < 0) {
            ck_assert_int_eq(kind->project, PROJECT_NONE);
            continue;
        }
        ck_assert_ptr_eq(kind->of_person
                             ? catalogue->person_field[kind->field]
                             : catalogue->household_field[kind->field],
                         kind);
    }
    ck_assert_ptr_nonnull(catalogue->birth);
    ck_assert_ptr_nonnull(catalogue->national_id);
    arena_close(arena);
}

TEST(the_least_catalogue_has_members_and_the_dead)
{
    const KindCatalogue *catalogue;
    Diag diag;
    ck_assert_int_eq(load("# a comment\n\n" LEAST, &diag, &catalogue), OK);
    ck_assert_int_eq(catalogue->kind_count, 2);
    ck_assert_int_eq(catalogue->person_field_count, 2);
    ck_assert_int_eq(catalogue->household_field_count, 0);
    ck_assert_ptr_null(catalogue->birth);
    ck_assert_int_eq(catalogue->member->unknown, 4);
    ck_assert_int_eq(kind_code(catalogue->member, STR("spouse")), 1);
    ck_assert_int_eq(kind_code(catalogue->member, STR("Spouse")), -1);
    ck_assert_int_eq(catalogue->asset_class_count, 2);
    ck_assert_int_eq(kind_asset_class(catalogue, STR("cars")), 1);
    ck_assert_int_eq(kind_asset_class(catalogue, STR("boats")), -1);
    ck_assert_ptr_null(kind_find(catalogue, STR("wage")));
    arena_close(arena);
}

TEST(lines_may_end_as_on_windows)
{
    const KindCatalogue *catalogue;
    Diag diag;
    ck_assert_int_eq(load("1\tmember\tperson\tcode:head|left\tstate\tleft\r\n"
                          "12\tdead\tperson\tflag\tstate\tfalse\r\n",
                          &diag, &catalogue),
                     OK);
    ck_assert_int_eq(catalogue->member->unknown, 1);
    arena_close(arena);
}

TEST(every_fault_of_a_catalogue_is_refused_with_its_place)
{
    static const struct {
        const char *facts;
        int line, column;
    } bad[] = {
        {LEAST "0\ta\tperson\tflag\tstate\t-\n", 3, 1},
        {LEAST "256\ta\tperson\tflag\tstate\t-\n", 3, 1},
        {LEAST "x\ta\tperson\tflag\tstate\t-\n", 3, 1},
        {LEAST "12\ta\tperson\tflag\tstate\t-\n", 3, 1},
        {LEAST "3\tdead\tperson\tflag\tstate\t-\n", 3, 2},
        {LEAST "3\ta\tcity\tflag\tstate\t-\n", 3, 3},
        {LEAST "3\ta\tperson\tnumber\tstate\t-\n", 3, 4},
        {LEAST "3\ta\tperson\tflag:x\tstate\t-\n", 3, 4},
        {LEAST "3\ta\tperson\tcode\tstate\t-\n", 3, 4},
        {LEAST "3\ta\tperson\tcode:a||b\tstate\t-\n", 3, 4},
        {LEAST "3\ta\tperson\ttext\tnone\t-\n", 3, 4},
        {LEAST "3\ta\tperson\ttext:name\tstate\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tmoney\tstate\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tflag\tsum\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tmoney\tdays\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tdate\tlist\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tasset\tstate\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tflag\tsometimes\t-\n", 3, 5},
        {LEAST "3\ta\tperson\tcode:a|b\tstate\tc\n", 3, 6},
        {LEAST "3\ta\tperson\tflag\tstate\tyes\n", 3, 6},
        {LEAST "3\ta\tperson\tcount\tstate\tmany\n", 3, 6},
        {LEAST "3\ta\tperson\tflag\tstate\n", 3, 6},
        {LEAST "3\ta\n", 3, 3},
        {"1\tmember\tperson\tcode:spouse|head|left\tstate\t-\n"
         "12\tdead\tperson\tflag\tstate\t-\n",
         3, 2},
        {"1\tmember\tperson\tcode:head|spouse\tstate\t-\n"
         "12\tdead\tperson\tflag\tstate\t-\n",
         3, 2},
        {"1\tmember\tperson\tcode:head|left\tstate\t-\n", 2, 2},
        {"", 1, 2},
        {"12\tdead\tperson\tflag\tstate\t-\n", 2, 2},
        {"1\tmember\tperson\tcode:head|left\tstate\t-\n"
         "12\tdead\tperson\tcount\tstate\t-\n",
         3, 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const KindCatalogue *catalogue;
        Diag diag;
        Err err = load(bad[i].facts, &diag, &catalogue);
        ck_assert_msg(err == ERR_INVALID, "%zu: %s", i, bad[i].facts);
        ck_assert_str_eq(diag.key, "kind.bad_column");
        ck_assert_str_eq(diag.file, "facts.tsv");
        ck_assert_msg(diag.line == bad[i].line && diag.column == bad[i].column,
                      "%zu: %d:%d of %s", i, diag.line, diag.column,
                      bad[i].facts);
        arena_close(arena);
    }
}

/* The kinds on which records stand must be seen and belong to persons. */
TEST(members_and_the_dead_are_states_of_persons)
{
    static const char *const bad[] = {
        "1\tmember\thousehold\tcode:head|left\tstate\t-\n"
        "12\tdead\tperson\tflag\tstate\t-\n",
        "1\tmember\tperson\tcode:head|left\tnone\t-\n"
        "12\tdead\tperson\tflag\tstate\t-\n",
        "1\tmember\tperson\tcode:head|left\tstate\t-\n"
        "12\tdead\tperson\tflag\tdays\t-\n",
        "1\tmember\tperson\tcode:head|left\tstate\t-\n"
        "12\tdead\tperson\tflag\tnone\t-\n",
        "1\tmember\tperson\tcode:head|left\tstate\t-\n"
        "12\tdead\thousehold\tflag\tstate\t-\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const KindCatalogue *catalogue;
        Diag diag;
        ck_assert_msg(load(bad[i], &diag, &catalogue) == ERR_INVALID, "%s",
                      bad[i]);
        arena_close(arena);
    }
}

TEST(more_fields_than_a_record_has_places_are_refused)
{
    const KindCatalogue *catalogue;
    Diag diag;
    Buf facts = buf_make(1 << 16);
    buf_text(&facts, LEAST);
    for (int i = 0; i < KIND_FIELDS_MAX - 2; i++) {
        buf_format(&facts, "%d\tk%d\tperson\tflag\tstate\t-\n", 100 + i, i);
    }
    buf_char(&facts, '\0');
    ck_assert_int_eq(load(facts.at, &diag, &catalogue), OK);
    ck_assert_int_eq(catalogue->person_field_count, KIND_FIELDS_MAX);
    arena_close(arena);
    facts.bytes--;
    buf_text(&facts, "99\tlast\tperson\tflag\tstate\t-\n");
    buf_char(&facts, '\0');
    ck_assert_int_eq(load(facts.at, &diag, &catalogue), ERR_INVALID);
    arena_close(arena);
    buf_free(&facts);
}
