#include "service/import_events.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "tests/harness.h"
#include "tests/registry/nation.c"

enum { LINES = 400 };

typedef struct Seen {
    Nation *nation;
    int rejected;
    int32_t line, column;
    char key[DIAG_KEY_BYTES];
    int redetermined;
    Day since;
    int kill_after; /* commits; 0: never */
} Seen;

static void reject(void *arg, const char *file UNUSED, Str line UNUSED,
                   const Diag *why)
{
    Seen *seen = arg;
    seen->rejected++;
    seen->line = why->line;
    seen->column = why->column;
    memcpy(seen->key, why->key, sizeof seen->key);
}

static Err is_due(StoreConn *tx UNUSED, void *arg UNUSED, bool *ret)
{
    *ret = true;
    return OK;
}

static Err redetermine(StoreConn *tx UNUSED, void *arg, int64_t household_id,
                       Day since, Diag *diag, int32_t *ret_changed)
{
    Seen *seen = arg;
    seen->redetermined++;
    seen->since = since;
    *ret_changed = 3;
    if (household_id != 99) return OK;
    diag_set(diag, "decide.full");
    return ERR_FULL;
}

static bool progress(void *arg, int64_t done UNUSED, int64_t all UNUSED)
{
    Seen *seen = arg;
    if (seen->kill_after > 0 && --seen->kill_after == 0) _exit(9);
    return true;
}

static ImportEventsReport import(Nation *nation, const char *file, Seen *seen)
{
    ImportEventsReport report;
    RegistryFollow follow = {is_due, redetermine, seen};
    ImportEvents job = {.tx = nation->tx,
                        .types = &nation->types,
                        .file = file,
                        .now = nation->now,
                        .follow = &follow,
                        .reject = reject,
                        .progress = progress,
                        .arg = seen};
    Err err = import_events(&job, &nation->diag, &report);
    ck_assert_msg(err == OK, "%s %s", err_name(err), nation->diag.key);
    return report;
}

static const char *write_file(Nation *nation, Str bytes)
{
    char *path =
        arena_format(nation->arena, "%s.ndjson", store_name(nation->store));
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes.at, 1, bytes.bytes, file), bytes.bytes);
    fclose(file);
    return path;
}

static void form(Nation *nation, int64_t household)
{
    nation_send(
        nation, "absher", "household.formed",
        arena_format(nation->arena,
                     "{\"household\":%lld,\"from\":\"2021-01-01\",\"members\":"
                     "[{\"person\":%lld,\"role\":\"head\",\"facts\":{"
                     "\"birth_date\":\"1970-01-01\"}}]}",
                     (long long)household, (long long)household));
}

/* Wages of many months, some of them wrong. */
static Str wages(Nation *nation, int count)
{
    Buf buf = buf_make((size_t)1 << 24);
    for (int i = 0; i < count; i++) {
        buf_format(&buf,
                   "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":"
                   "\"w%d\",\"type\":\"sa.gov.sanad.fact.wage.v1\",\"data\":{"
                   "\"person\":1,\"month\":\"20%02d-%02d\",\"value\":%d}}\n",
                   i, 22 + i / 12 % 4, 1 + i % 12, i % 50 == 49 ? -1 : i);
    }
    Str bytes = str_copy(nation->arena, buf_view(&buf));
    buf_free(&buf);
    return bytes;
}

TEST(good_lines_go_in_bad_ones_are_reported_with_their_place)
{
    static const char text[] =
        "\xef\xbb\xbf{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"1\","
        "\"type\":\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":1,"
        "\"month\":\"2025-01\",\"value\":\"10.00\"}}\r\n"
        "\n"
        "  {\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"2\","
        "\"type\":\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":1,"
        "\"month\":\"2025-01\",\"value\":\"-10.00\"}}\n"
        "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"3\","
        "\"type\":\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":1,"
        "\"month\":\"2025-02\",\"value\":\"30.00\"}}";
    Nation *nation = nation_open();
    Seen seen = {.nation = nation};
    form(nation, 1);
    const char *file = write_file(nation, str_of(text));
    ImportEventsReport report = import(nation, file, &seen);
    ck_assert_int_eq(report.carried_out, 2);
    ck_assert_int_eq(report.rejected, 1);
    ck_assert_int_eq(seen.line, 3);
    ck_assert_int_gt(seen.column, 1);
    ck_assert_str_eq(seen.key, "value.negative");
    ck_assert_int_eq(seen.redetermined, 2);
    ck_assert_int_eq(report.decisions, 6);
    ck_assert_int_eq(seen.since, nation_day("2025-02-01"));
    ck_assert_int_eq(nation_value(nation, 1, 1, "wage", "2025-03"), 4000);
    unlink(file);
    nation_close(nation);
}

TEST(a_repeated_import_changes_nothing)
{
    Nation *nation = nation_open();
    Seen seen = {.nation = nation};
    form(nation, 1);
    const char *file = write_file(nation, wages(nation, LINES));
    ImportEventsReport first = import(nation, file, &seen);
    ck_assert_int_eq(first.carried_out, LINES - LINES / 50);
    ck_assert_int_eq(first.rejected, LINES / 50);
    ImportEventsReport again = import(nation, file, &seen);
    ck_assert_int_eq(again.carried_out, 0);
    ck_assert_int_eq(again.repeated, first.carried_out);
    ck_assert_int_eq(again.rejected, first.rejected);
    unlink(file);
    nation_close(nation);
}

TEST(a_line_beyond_the_limit_is_refused_and_the_next_one_goes_in)
{
    Nation *nation = nation_open();
    Seen seen = {.nation = nation};
    form(nation, 1);
    Str good = wages(nation, 1);
    size_t long_bytes = 3 * EVENT_BYTES_MAX;
    char *text = arena_alloc(nation->arena, long_bytes + good.bytes + 1, 1);
    memset(text, 'x', long_bytes);
    text[long_bytes] = '\n';
    memcpy(text + long_bytes + 1, good.at, good.bytes);
    const char *file =
        write_file(nation, (Str){text, long_bytes + 1 + good.bytes});
    ImportEventsReport report = import(nation, file, &seen);
    ck_assert_int_eq(report.rejected, 1);
    ck_assert_int_eq(seen.line, 1);
    ck_assert_str_eq(seen.key, "event.too_long");
    ck_assert_int_eq(report.carried_out, 1);
    unlink(file);
    nation_close(nation);
}

TEST(a_message_whose_household_cannot_be_decided_leaves_no_trace)
{
    Nation *nation = nation_open();
    Seen seen = {.nation = nation};
    form(nation, 99);
    static const char text[] =
        "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"1\",\"type\":"
        "\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":99,\"month\":"
        "\"2025-01\",\"value\":10}}\n";
    const char *file = write_file(nation, str_of(text));
    ImportEventsReport report = import(nation, file, &seen);
    ck_assert_int_eq(report.rejected, 1);
    ck_assert_str_eq(seen.key, "decide.full");
    ck_assert_int_eq(nation_value(nation, 99, 99, "wage", "2025-02"), 0);
    unlink(file);
    nation_close(nation);
}

TEST(a_missing_file_is_named)
{
    Nation *nation = nation_open();
    ImportEventsReport report;
    ImportEvents job = {.tx = nation->tx,
                        .types = &nation->types,
                        .file = "/nowhere/events.ndjson"};
    ck_assert_int_eq(import_events(&job, &nation->diag, &report),
                     ERR_NOT_FOUND);
    ck_assert_str_eq(nation->diag.key, "file.missing");
    nation_close(nation);
}

/* Runs the import in a process that is killed after some commits. */
static void import_and_die(Nation *nation, const char *file, int commits)
{
    const char *path =
        arena_format(nation->arena, "%s", store_name(nation->store));
    store_conn_close(nation->tx);
    store_close(nation->store);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    ck_assert_int_eq(store_open(path, false, &nation->diag, &nation->store),
                     OK);
    if (child == 0) {
        Seen seen = {.nation = nation, .kill_after = commits};
        if (store_writer(nation->store, &nation->diag, &nation->tx) == OK) {
            import(nation, file, &seen);
        }
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(store_writer(nation->store, &nation->diag, &nation->tx),
                     OK);
}

TEST(an_import_that_was_killed_loses_nothing)
{
    int64_t expected = 0;
    for (int killed = 0; killed < 2; killed++) {
        Nation *nation = nation_open();
        Seen seen = {.nation = nation};
        form(nation, 1);
        const char *file = write_file(nation, wages(nation, 2000));
        if (killed) import_and_die(nation, file, 1);
        ImportEventsReport report = import(nation, file, &seen);
        ck_assert_int_eq(report.carried_out + report.repeated, 1960);
        int64_t wage = nation_value(nation, 1, 1, "wage", "2026-01");
        if (killed) ck_assert_int_eq(wage, expected);
        expected = wage;
        unlink(file);
        nation_close(nation);
    }
}
