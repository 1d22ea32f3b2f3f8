/*
 * test_name_search.c - everybody is found by his name, however common it is.
 * Runs on SQLite; under tests/pg-server on PostgreSQL too.
 */
#include "registry/name_search.h"

#include "store/schema.h"
#include "tests/harness.h"
#include "tests/scratch.h"

enum { BEARERS = 9000, OTHERS = 6 * BEARERS };

static const char *const common[3] = {"يوسف", "محمد", "الحربي"};

typedef struct Names {
    Scratch scratch;
    Store *store;
    StoreConn *tx;
    Arena *arena;
} Names;

static void put(Names *names, const char *part, int64_t person)
{
    StoreStmt *stmt = store_query(names->tx, Q_NAME_INSERT);
    store_bind_text(stmt, 1, str_of(part));
    store_bind_int(stmt, 2, person);
    store_bind_int(stmt, 3, person / 4);
    ck_assert_int_eq(store_exec(stmt, NULL), OK);
}

/*
 * 9000 bearers of each name alone, of each two of the three, and of all three
 * only the persons 0, OTHERS and 2 * OTHERS; 7 is called Muhammad Mahmud.
 */
static Names names_open(void)
{
    Names names = {.arena = arena_open((size_t)64 << 20)};
    Diag diag = {.key = ""};
    const char *server = getenv("SANAD_TEST_PG");
    if (server == NULL) {
        names.scratch = scratch_open();
        names.store = names.scratch.store;
    } else {
        ck_assert_int_eq(store_open(server, false, &diag, &names.store), OK);
    }
    ck_assert_int_eq(store_writer(names.store, &diag, &names.tx), OK);
    ck_assert_int_eq(store_migrate(names.tx, &diag), OK);
    ck_assert_int_eq(store_begin(names.tx), OK);
    for (int64_t i = 1; i < OTHERS; i++) {
        int shape = 1 + (int)(i % 6); /* of three bits, never all */
        for (int k = 0; k < 3; k++) {
            if ((shape >> k & 1) != 0) put(&names, common[k], i);
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++) put(&names, common[k], i * OTHERS);
    }
    put(&names, "محمود", 7);
    put(&names, "محمد", 7);
    put(&names, "قريشي", 7);
    ck_assert_int_eq(store_commit(names.tx), OK);
    return names;
}

static void names_close(Names *names)
{
    ck_assert_int_eq(store_begin(names->tx), OK);
    for (int64_t i = 0; i <= 2 * OTHERS; i++) {
        StoreStmt *stmt = store_query(names->tx, Q_NAME_DELETE);
        store_bind_int(stmt, 1, i);
        if (i <= OTHERS || i == 2 * OTHERS)
            ck_assert_int_eq(store_exec(stmt, NULL), OK);
    }
    ck_assert_int_eq(store_commit(names->tx), OK);
    store_conn_close(names->tx);
    if (names->scratch.store != NULL) {
        scratch_close(&names->scratch);
    } else {
        store_close(names->store);
    }
    arena_close(names->arena);
}

/* How many are found; the first `room` of them in `ret`. */
static int64_t find(Names *names, const char *words, int64_t *ret, int64_t room)
{
    NameSearch search;
    int64_t count = 0;
    ck_assert_int_eq(
        name_search_open(names->tx, names->arena, str_of(words), &search), OK);
    for (;;) {
        NameHit hit;
        bool any;
        ck_assert_int_eq(name_search_next(&search, &hit, &any), OK);
        if (!any) break;
        ck_assert_int_eq(hit.household_id, hit.person_id / 4);
        if (count < room) ret[count] = hit.person_id;
        count++;
    }
    ck_assert(!search.more);
    return count;
}

TEST(a_person_is_found_by_three_names_that_thousands_bear)
{
    static const char *const orders[] = {"يوسف محمد الحربي", "الحربي يوسف محمد",
                                         "مُحمَّد الحربي يوسف"};
    Names names = names_open();
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        int64_t found[4];
        ck_assert_int_eq(find(&names, orders[i], found, 4), 3);
        for (int k = 0; k < 3; k++) ck_assert_int_eq(found[k], k * OTHERS);
    }
    names_close(&names);
}

TEST(each_bearer_is_found_once_and_none_is_missed)
{
    enum { ROOM = 4 * BEARERS };
    Names names = names_open();
    static int64_t found[ROOM];
    static bool seen[2 * OTHERS + 1];
    int64_t wanted = 0;
    for (int64_t i = 1; i < OTHERS; i++) wanted += (1 + i % 6) == 3;
    int64_t count = find(&names, "يوسف محمد", found, ROOM);
    ck_assert_int_eq(count, wanted + 3);
    for (int64_t i = 0; i < count; i++) {
        ck_assert(!seen[found[i]]);
        seen[found[i]] = true;
    }
    names_close(&names);
}

TEST(words_begin_parts_and_who_has_two_such_parts_comes_once)
{
    int64_t found[2];
    Names names = names_open();
    ck_assert_int_eq(find(&names, "قريش", found, 2), 1);
    ck_assert_int_eq(found[0], 7);
    ck_assert_int_eq(find(&names, "محم قريشي", found, 2), 1);
    ck_assert_int_eq(find(&names, "محمود محم", found, 2), 1);
    ck_assert_int_eq(find(&names, "ريشي", found, 2), 0);
    ck_assert_int_eq(find(&names, "قريشي يوسف عمر", found, 2), 0);
    ck_assert_int_eq(find(&names, "، . !", found, 2), 0);
    int64_t all = find(&names, "مح", NULL, 0);
    ck_assert_int_eq(all, find(&names, "محمد", NULL, 0));
    ck_assert_int_gt(all, BEARERS);
    names_close(&names);
}
