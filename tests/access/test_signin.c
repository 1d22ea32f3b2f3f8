#define _GNU_SOURCE /* memmem() */
#include "access/signin.h"

#include "tests/scratch.h"

static const Instant minute = 60 * INT64_C(1000000);
static const Instant begin = 29000000 * 60 * INT64_C(1000000);

typedef struct Office {
    Scratch scratch;
    StoreConn *tx;
    Arena *arena;
    unsigned char key[SECRET_KEY_BYTES];
} Office;

static void add(Office *office, int64_t id, const char *name, unsigned roles,
                bool staff)
{
    Diag diag = {.key = ""};
    NewActor actor = {.id = id,
                      .name = str_of(name),
                      .label = STR("label"),
                      .roles = roles,
                      .person_id = staff ? -1 : 50,
                      .code_key = staff ? office->key : NULL};
    if (staff) actor.password = STR("correct horse battery");
    ck_assert_int_eq(store_begin(office->tx), OK);
    ck_assert_int_eq(signin_actor_add(office->tx, &actor, &diag), OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
}

static Office open_office(void)
{
    Office office = {.scratch = scratch_open(), .arena = arena_open(1 << 22)};
    office.tx = scratch_writer(&office.scratch);
    memcpy(office.key, "12345678901234567890", SECRET_KEY_BYTES);
    add(&office, 1, "samira", 1u << ROLE_CASEWORKER | 1u << ROLE_AUDITOR, true);
    add(&office, 2, "1000000008", 1u << ROLE_CITIZEN, false);
    return office;
}

static void close_office(Office *office)
{
    store_conn_close(office->tx);
    arena_close(office->arena);
    scratch_close(&office->scratch);
}

/* One try of samira, committed whatever it gives. */
static Err try(Office *office, bool password_right, int code, Instant now,
               SigninSession *ret)
{
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err = signin_staff(office->tx, office->arena, STR("samira"),
                           password_right, code, STR("ar"), now, ret);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return err;
}

static Err whose(Office *office, const SigninSession *session, Instant now,
                 Actor *ret)
{
    Instant until;
    return signin_session(office->tx, office->arena, str_of(session->token),
                          now, ret, &until);
}

TEST(password_and_code_together_open_a_session)
{
    Office office = open_office();
    SigninSession session;
    Actor actor;
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, true, code, begin, &session), OK);
    ck_assert_int_eq(whose(&office, &session, begin, &actor), OK);
    ck_assert_int_eq(actor.id, 1);
    ck_assert_int_eq(actor.person_id, -1);
    EXPECT_STR(actor.name, "samira");
    ck_assert_uint_eq(actor.roles, 1u << ROLE_CASEWORKER | 1u << ROLE_AUDITOR);
    ck_assert_uint_eq(strlen(session.token), SIGNIN_TOKEN_BYTES - 1);
    close_office(&office);
}

TEST(the_password_is_asked_and_a_stranger_has_none)
{
    Office office = open_office();
    bool right = false;
    ck_assert_int_eq(
        signin_password_right(office.tx, office.arena, STR("samira"),
                              STR("correct horse battery"), &right),
        OK);
    ck_assert(right);
    ck_assert_int_eq(
        signin_password_right(office.tx, office.arena, STR("samira"),
                              STR("correct horse batterx"), &right),
        OK);
    ck_assert(!right);
    right = true;
    ck_assert_int_eq(
        signin_password_right(office.tx, office.arena, STR("nobody"),
                              STR("correct horse battery"), &right),
        OK);
    ck_assert(!right);
    right = true; /* a citizen has no password: none is right */
    ck_assert_int_eq(signin_password_right(office.tx, office.arena,
                                           STR("1000000008"), STR(""), &right),
                     OK);
    ck_assert(!right);
    close_office(&office);
}

TEST(either_wrong_password_or_wrong_code_is_refused_alike)
{
    Office office = open_office();
    SigninSession session;
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, false, code, begin, &session), ERR_DENIED);
    ck_assert_int_eq(try(&office, true, code ^ 1, begin, &session), ERR_DENIED);
    ck_assert_int_eq(signin_staff(office.tx, office.arena, STR("nobody"), true,
                                  code, STR("ar"), begin, &session),
                     ERR_DENIED);
    ck_assert_int_eq(try(&office, true, code, begin, &session), OK);
    close_office(&office);
}

TEST(a_code_is_good_once)
{
    Office office = open_office();
    SigninSession session;
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, true, code, begin, &session), OK);
    ck_assert_int_eq(try(&office, true, code, begin, &session), ERR_DENIED);
    /* nor an older one that would still be in time */
    int older = secret_code(office.key, begin - minute / 2);
    ck_assert_int_eq(try(&office, true, older, begin, &session), ERR_DENIED);
    int next = secret_code(office.key, begin + minute);
    ck_assert_int_eq(try(&office, true, next, begin + minute, &session), OK);
    close_office(&office);
}

TEST(wrong_tries_lock_the_actor_for_a_while_even_for_the_right_code)
{
    Office office = open_office();
    SigninSession session;
    int code = secret_code(office.key, begin);
    for (int i = 0; i < SIGNIN_FAILURES_MAX; i++) {
        ck_assert_int_eq(try(&office, true, code ^ 1, begin, &session),
                         ERR_DENIED);
    }
    ck_assert_int_eq(try(&office, true, code, begin, &session), ERR_DENIED);
    Instant soon = begin + 14 * minute, later = begin + 16 * minute;
    ck_assert_int_eq(
        try(&office, true, secret_code(office.key, soon), soon, &session),
        ERR_DENIED);
    ck_assert_int_eq(
        try(&office, true, secret_code(office.key, later), later, &session),
        OK);
    close_office(&office);
}

TEST(a_right_try_forgets_the_wrong_ones)
{
    Office office = open_office();
    SigninSession session;
    Instant now = begin;
    for (int round = 0; round < 3; round++, now += 2 * minute) {
        int code = secret_code(office.key, now);
        for (int i = 0; i + 1 < SIGNIN_FAILURES_MAX; i++) {
            ck_assert_int_eq(try(&office, true, code ^ 1, now, &session),
                             ERR_DENIED);
        }
        ck_assert_int_eq(try(&office, true, code, now, &session), OK);
    }
    close_office(&office);
}

TEST(a_session_ends_by_itself)
{
    Office office = open_office();
    SigninSession session;
    Actor actor;
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, true, code, begin, &session), OK);
    Instant end = begin + session.seconds * 1000000;
    ck_assert_int_eq(whose(&office, &session, end - 1, &actor), OK);
    ck_assert_int_eq(whose(&office, &session, end, &actor), ERR_NOT_FOUND);
    close_office(&office);
}

TEST(a_session_that_is_closed_is_none_and_others_stay)
{
    Office office = open_office();
    SigninSession one, two;
    Actor actor;
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(signin_open(office.tx, 1, true, STR("ar"), begin, &one),
                     OK);
    ck_assert_int_eq(signin_open(office.tx, 1, true, STR("ar"), begin, &two),
                     OK);
    ck_assert_str_ne(one.token, two.token);
    ck_assert_int_eq(signin_close(office.tx, str_of(one.token)), OK);
    ck_assert_int_eq(signin_close(office.tx, str_of(one.token)), OK);
    ck_assert_int_eq(store_commit(office.tx), OK);
    ck_assert_int_eq(whose(&office, &one, begin, &actor), ERR_NOT_FOUND);
    ck_assert_int_eq(whose(&office, &two, begin, &actor), OK);
    two.token[3] ^= 1;
    ck_assert_int_eq(whose(&office, &two, begin, &actor), ERR_NOT_FOUND);
    close_office(&office);
}

TEST(who_is_switched_off_is_out_at_once_and_stays_out)
{
    Office office = open_office();
    SigninSession session, again;
    Actor actor;
    Diag diag = {.key = ""};
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, true, code, begin, &session), OK);
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(signin_actor_disable(office.tx, STR("samira"), &diag), OK);
    ck_assert_int_eq(store_commit(office.tx), OK);
    ck_assert_int_eq(whose(&office, &session, begin, &actor), ERR_NOT_FOUND);
    Instant later = begin + 5 * minute;
    ck_assert_int_eq(
        try(&office, true, secret_code(office.key, later), later, &again),
        ERR_DENIED);
    ck_assert_int_eq(
        signin_actor_find(office.tx, office.arena, STR("samira"), &actor), OK);
    ck_assert_int_eq(signin_actor_disable(office.tx, STR("nobody"), &diag),
                     ERR_NOT_FOUND);
    ck_assert_str_eq(diag.key, "actor.unknown");
    close_office(&office);
}

TEST(names_are_unique_and_passwords_long_enough)
{
    Office office = open_office();
    Diag diag = {.key = ""};
    NewActor actor = {.id = 9,
                      .name = STR("samira"),
                      .label = STR("x"),
                      .roles = 1,
                      .person_id = -1};
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(signin_actor_add(office.tx, &actor, &diag), ERR_CONFLICT);
    ck_assert_str_eq(diag.key, "actor.name_taken");
    actor.name = STR("nora");
    actor.password = STR("short");
    ck_assert_int_eq(signin_actor_add(office.tx, &actor, &diag), ERR_RANGE);
    ck_assert_str_eq(diag.key, "actor.password");
    store_rollback(office.tx);
    Actor found;
    ck_assert_int_eq(
        signin_actor_find(office.tx, office.arena, STR("nora"), &found),
        ERR_NOT_FOUND);
    close_office(&office);
}

/* A citizen's code: made, then tried. */
static Err citizen(Office *office, const char *code, Instant now)
{
    SigninSession session;
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err = signin_citizen(office->tx, office->arena, STR("1000000008"),
                             str_of(code), STR("ar"), now, &session);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return err;
}

static void ask_code(Office *office, const char *name, Instant now, char ret[7])
{
    ck_assert_int_eq(store_begin(office->tx), OK);
    ck_assert_int_eq(
        signin_code_make(office->tx, office->arena, str_of(name), now, ret),
        OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
}

static void make_code(Office *office, Instant now, char ret[7])
{
    ask_code(office, "1000000008", now, ret);
    ck_assert_uint_eq(strspn(ret, "0123456789"), 6);
}

static void wrong_of(const char right[7], char ret[7])
{
    memcpy(ret, right, 7);
    ret[0] = right[0] == '9' ? '0' : (char)(right[0] + 1);
}

TEST(a_citizen_s_code_works_once_and_for_ten_minutes)
{
    Office office = open_office();
    char code[7];
    ck_assert_int_eq(citizen(&office, "000000", begin), ERR_DENIED);
    make_code(&office, begin, code);
    ck_assert_int_eq(citizen(&office, code, begin + 9 * minute), OK);
    ck_assert_int_eq(citizen(&office, code, begin + 9 * minute), ERR_DENIED);
    make_code(&office, begin, code);
    ck_assert_int_eq(citizen(&office, code, begin + 10 * minute), ERR_DENIED);
    close_office(&office);
}

TEST(a_citizen_s_code_dies_after_three_wrong_tries)
{
    Office office = open_office();
    char code[7], wrong[7];
    make_code(&office, begin, code);
    wrong_of(code, wrong);
    for (int i = 0; i < SIGNIN_CODE_TRIES; i++) {
        ck_assert_int_eq(citizen(&office, wrong, begin), ERR_DENIED);
    }
    ck_assert_int_eq(citizen(&office, code, begin), ERR_DENIED);
    make_code(&office, begin, code);
    ck_assert_int_eq(citizen(&office, code, begin), OK);
    close_office(&office);
}

TEST(new_codes_do_not_allow_to_guess_on)
{
    Office office = open_office();
    char code[7], wrong[7];
    for (int i = 0; i < SIGNIN_FAILURES_MAX; i++) {
        make_code(&office, begin, code);
        wrong_of(code, wrong);
        ck_assert_int_eq(citizen(&office, wrong, begin), ERR_DENIED);
    }
    ck_assert_int_eq(citizen(&office, code, begin), ERR_DENIED);
    ask_code(&office, "1000000008", begin + 14 * minute, code);
    ck_assert_str_eq(code, "");
    close_office(&office);
}

TEST(codes_are_sent_five_times_an_hour_at_most)
{
    Office office = open_office();
    char code[7], last[7];
    for (int i = 0; i < SIGNIN_CODES_AN_HOUR; i++) {
        make_code(&office, begin + i * minute, last);
    }
    ask_code(&office, "1000000008", begin + 50 * minute, code);
    ck_assert_str_eq(code, "");
    ck_assert_int_eq(citizen(&office, last, begin + 8 * minute), OK);
    ask_code(&office, "1000000008", begin + 59 * minute, code);
    ck_assert_str_eq(code, "");
    make_code(&office, begin + 60 * minute, code);
    ck_assert_int_eq(citizen(&office, code, begin + 60 * minute), OK);
    close_office(&office);
}

TEST(staff_are_sent_no_codes_and_are_not_named_like_citizens)
{
    Office office = open_office();
    char code[7];
    SigninSession session;
    Diag diag = {.key = ""};
    NewActor actor = {.id = 9,
                      .name = STR("1000000016"),
                      .label = STR("x"),
                      .roles = 1u << ROLE_CASEWORKER,
                      .person_id = -1};
    ask_code(&office, "samira", begin, code);
    ck_assert_str_eq(code, "");
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(signin_citizen(office.tx, office.arena, STR("samira"),
                                    STR(""), STR("ar"), begin, &session),
                     ERR_DENIED);
    ck_assert_int_eq(signin_actor_add(office.tx, &actor, &diag), ERR_INVALID);
    ck_assert_str_eq(diag.key, "actor.name_digits");
    store_rollback(office.tx);
    close_office(&office);
}

TEST(a_code_for_one_is_no_code_for_another)
{
    Office office = open_office();
    char code[7];
    SigninSession session;
    add(&office, 3, "1000000016", 1u << ROLE_CITIZEN, false);
    make_code(&office, begin, code);
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(signin_citizen(office.tx, office.arena, STR("1000000016"),
                                    str_of(code), STR("ar"), begin, &session),
                     ERR_DENIED);
    ck_assert_int_eq(store_commit(office.tx), OK);
    close_office(&office);
}

TEST(no_secret_is_kept_in_clear)
{
    Office office = open_office();
    SigninSession session;
    char code[7], path[128];
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(
        signin_open(office.tx, 1, true, STR("ar"), begin, &session), OK);
    ck_assert_int_eq(store_commit(office.tx), OK);
    make_code(&office, begin, code);
    static const char *const ends[] = {"", "-wal"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", office.scratch.path, ends[i]);
        Str bytes = harness_read(path);
        const char *secrets[] = {session.token, "correct horse battery"};
        for (int s = 0; s < 2; s++) {
            ck_assert_ptr_null(
                memmem(bytes.at, bytes.bytes, secrets[s], strlen(secrets[s])));
        }
    }
    close_office(&office);
}

TEST(the_secret_of_forms_is_bound_to_the_session)
{
    char one[SIGNIN_TOKEN_BYTES], same[SIGNIN_TOKEN_BYTES],
        other[SIGNIN_TOKEN_BYTES];
    signin_csrf(STR("token-1"), one);
    signin_csrf(STR("token-1"), same);
    signin_csrf(STR("token-2"), other);
    ck_assert_str_eq(one, same);
    ck_assert_str_ne(one, other);
    ck_assert_str_ne(one, "token-1");
}
