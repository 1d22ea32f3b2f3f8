#include "job/command.h"

#include "tests/scratch.h"

static CommandId named(const char *source, const char *id, const char *content)
{
    return (CommandId){str_of(source), str_of(id), hash_of(str_of(content))};
}

TEST(a_command_that_is_repeated_gets_its_first_answer)
{
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    Arena *arena = arena_open(1 << 16);
    Diag diag = {.key = ""};
    Str answer;
    CommandId id = named("gosi", "m-1", "wage 5");
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(command_seen(tx, arena, &id, &diag, &answer), OK);
    ck_assert_ptr_null(answer.at);
    ck_assert_int_eq(command_keep(tx, &id, STR("{\"done\":1}"), 7), OK);
    ck_assert_int_eq(command_seen(tx, arena, &id, &diag, &answer), OK);
    EXPECT_STR(answer, "{\"done\":1}");
    ck_assert_int_eq(store_commit(tx), OK);
    ck_assert_int_eq(command_seen(tx, arena, &id, &diag, &answer), OK);
    EXPECT_STR(answer, "{\"done\":1}");
    store_conn_close(tx);
    arena_close(arena);
    scratch_close(&scratch);
}

TEST(the_same_id_with_other_content_is_an_error)
{
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    Arena *arena = arena_open(1 << 16);
    Diag diag = {.key = ""};
    Str answer = STR("untouched");
    CommandId id = named("gosi", "m-1", "wage 5");
    CommandId other = named("gosi", "m-1", "wage 6");
    CommandId elsewhere = named("noor", "m-1", "wage 6");
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(command_keep(tx, &id, STR("1"), 7), OK);
    ck_assert_int_eq(command_seen(tx, arena, &other, &diag, &answer),
                     ERR_CONFLICT);
    ck_assert_str_eq(diag.key, "command.other_content");
    ck_assert_str_eq(diag.arg[0], "gosi");
    ck_assert_str_eq(diag.arg[1], "m-1");
    ck_assert_int_eq(command_seen(tx, arena, &elsewhere, &diag, &answer), OK);
    ck_assert_ptr_null(answer.at);
    ck_assert_int_eq(command_keep(tx, &other, STR("2"), 8), ERR_CONFLICT);
    store_rollback(tx);
    store_conn_close(tx);
    arena_close(arena);
    scratch_close(&scratch);
}

TEST(a_command_that_is_rolled_back_was_never_seen)
{
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    Arena *arena = arena_open(1 << 16);
    Diag diag = {.key = ""};
    Str answer;
    CommandId id = named("gosi", "m-1", "wage 5");
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(command_keep(tx, &id, STR("1"), 7), OK);
    store_rollback(tx);
    ck_assert_int_eq(command_seen(tx, arena, &id, &diag, &answer), OK);
    ck_assert_ptr_null(answer.at);
    store_conn_close(tx);
    arena_close(arena);
    scratch_close(&scratch);
}
