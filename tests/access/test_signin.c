#define _GNU_SOURCE /* memmem() */
#include "access/account.h"
#include "access/code.h"

#include "codec/bytes.h"
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
    ck_assert_int_eq(account_add(office->tx, &actor, &diag, NULL), OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
}

static Office open_office(void)
{
    Office office = {.scratch = scratch_open(), .arena = arena_open(1 << 22)};
    office.tx = scratch_writer(&office.scratch);
    memcpy(office.key, "12345678901234567890", SECRET_KEY_BYTES);
    add(&office, 1, "samira", 1u << ROLE_CASEWORKER, true);
    add(&office, 2, "1000000008", 1u << ROLE_CITIZEN, false);
    return office;
}

static void close_office(Office *office)
{
    store_conn_close(office->tx);
    arena_close(office->arena);
    scratch_close(&office->scratch);
}

static SigninAsk ask_of(const char *name, Instant now)
{
    return (SigninAsk){.name = str_of(name),
                       .browser = STR("browser one"),
                       .address = STR("192.0.2.1"),
                       .lang = STR("ar"),
                       .now = now};
}

/* Audit leaves of this kind about somebody. */
static int leaves(Office *office, const char *what, const char *name)
{
    Buf record = buf_make(4096);
    bytes_put_str(&record, str_of(what));
    bytes_put_str(&record, str_of(name));
    int count = 0;
    bool row;
    StoreStmt *stmt = store_query(office->tx, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, INT64_MIN);
    store_bind_int(stmt, 2, INT64_MIN);
    store_bind_int(stmt, 3, 10000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        count += str_equal(store_bytes(stmt, 5), buf_view(&record));
    }
    buf_free(&record);
    return count;
}

/* One try of samira, committed whatever it gives. */
static Err try(Office *office, bool password_right, int code, Instant now,
               SigninSession *ret)
{
    ck_assert_int_eq(store_begin(office->tx), OK);
    SigninAsk ask = ask_of("samira", now);
    Err err = signin_staff(office->tx, office->arena, &ask, password_right,
                           code, ret);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return err;
}

static Err whose(Office *office, const SigninSession *session, Instant now,
                 Actor *ret)
{
    SigninHeld held;
    Err err = signin_session(office->tx, office->arena, str_of(session->token),
                             now, &held);
    if (err == OK) *ret = held.actor;
    return err;
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
    ck_assert_uint_eq(actor.roles, 1u << ROLE_CASEWORKER);
    ck_assert_uint_eq(strlen(session.token), SIGNIN_TOKEN_BYTES - 1);
    close_office(&office);
}

TEST(the_password_is_asked_and_a_stranger_has_none)
{
    Office office = open_office();
    static const struct {
        const char *name, *password;
        bool right;
    } tries[] = {{"samira", "correct horse battery", true},
                 {"samira", "correct horse batterx", false},
                 {"nobody", "correct horse battery", false},
                 {"1000000008", "", false}}; /* a citizen has no password */
    for (int i = 0; i < 4; i++) {
        Str encoded;
        ck_assert_int_eq(signin_password(office.tx, office.arena,
                                         str_of(tries[i].name), &encoded),
                         OK);
        ck_assert(signin_password_right(encoded, str_of(tries[i].password)) ==
                  tries[i].right);
    }
    close_office(&office);
}

TEST(either_wrong_password_or_wrong_code_is_refused_alike)
{
    Office office = open_office();
    SigninSession session;
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(try(&office, false, code, begin, &session), ERR_DENIED);
    ck_assert_int_eq(try(&office, true, code ^ 1, begin, &session), ERR_DENIED);
    SigninAsk nobody = ask_of("nobody", begin);
    ck_assert_int_eq(
        signin_staff(office.tx, office.arena, &nobody, true, code, &session),
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
    ck_assert_int_eq(leaves(&office, "locked", "samira"), 1);
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

/* A session of the staff (1) or of the citizen (2). */
static void open_session(Office *office, int64_t actor, SigninSession *ret,
                         const char *older)
{
    SigninAsk ask = ask_of(actor == 1 ? "samira" : "1000000008", begin);
    ask.older = str_of(older);
    ck_assert_int_eq(store_begin(office->tx), OK);
    ck_assert_int_eq(signin_open(office->tx, actor, actor == 1, &ask, ret), OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
}

TEST(a_session_ends_by_itself)
{
    Office office = open_office();
    SigninSession session;
    Actor actor;
    open_session(&office, 2, &session, "");
    Instant end = begin + session.seconds * 1000000;
    ck_assert_int_eq(whose(&office, &session, end - 1, &actor), OK);
    ck_assert_int_eq(whose(&office, &session, end, &actor), ERR_NOT_FOUND);
    close_office(&office);
}

TEST(staff_who_leave_their_desk_are_signed_out)
{
    Office office = open_office();
    SigninSession session;
    Actor actor;
    open_session(&office, 1, &session, "");
    Instant idle = SIGNIN_IDLE_SECONDS * INT64_C(1000000);
    Hash hash = hash_of(str_of(session.token));
    Instant now = begin + idle - 1;
    ck_assert_int_eq(whose(&office, &session, now, &actor), OK);
    ck_assert_int_eq(whose(&office, &session, now + 1, &actor), ERR_NOT_FOUND);
    ck_assert_int_eq(signin_seen(office.tx, &hash, now), OK);
    ck_assert_int_eq(whose(&office, &session, now + idle - 1, &actor), OK);
    ck_assert_int_eq(whose(&office, &session, now + idle, &actor),
                     ERR_NOT_FOUND);
    Instant end = begin + session.seconds * 1000000;
    ck_assert_int_eq(signin_seen(office.tx, &hash, end - 1), OK);
    ck_assert_int_eq(whose(&office, &session, end, &actor), ERR_NOT_FOUND);
    close_office(&office);
}

TEST(signing_in_again_ends_the_older_session_of_that_browser_alone)
{
    Office office = open_office();
    SigninSession first, elsewhere, again;
    Actor actor;
    open_session(&office, 1, &first, "");
    open_session(&office, 1, &elsewhere, "");
    open_session(&office, 1, &again, first.token);
    ck_assert_int_eq(whose(&office, &first, begin, &actor), ERR_NOT_FOUND);
    ck_assert_int_eq(whose(&office, &elsewhere, begin, &actor), OK);
    ck_assert_int_eq(whose(&office, &again, begin, &actor), OK);
    ck_assert_int_eq(leaves(&office, "signed in", "samira"), 3);
    ck_assert_int_eq(leaves(&office, "signed out", "samira"), 1);
    close_office(&office);
}

TEST(a_session_that_is_closed_is_none_and_others_stay)
{
    Office office = open_office();
    SigninSession one, two;
    Actor actor;
    open_session(&office, 1, &one, "");
    open_session(&office, 1, &two, "");
    ck_assert_str_ne(one.token, two.token);
    ck_assert_int_eq(store_begin(office.tx), OK);
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
    ck_assert_int_eq(account_disable(office.tx, STR("samira"), &diag), OK);
    ck_assert_int_eq(store_commit(office.tx), OK);
    ck_assert_int_eq(whose(&office, &session, begin, &actor), ERR_NOT_FOUND);
    Instant later = begin + 5 * minute;
    ck_assert_int_eq(
        try(&office, true, secret_code(office.key, later), later, &again),
        ERR_DENIED);
    ck_assert_int_eq(
        signin_actor_find(office.tx, office.arena, STR("samira"), &actor), OK);
    ck_assert_int_eq(account_disable(office.tx, STR("nobody"), &diag),
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
    ck_assert_int_eq(account_add(office.tx, &actor, &diag, NULL), ERR_CONFLICT);
    ck_assert_str_eq(diag.key, "actor.name_taken");
    actor.name = STR("nora");
    actor.password = STR("short");
    ck_assert_int_eq(account_add(office.tx, &actor, &diag, NULL), ERR_RANGE);
    ck_assert_str_eq(diag.key, "actor.password");
    store_rollback(office.tx);
    Actor found;
    ck_assert_int_eq(
        signin_actor_find(office.tx, office.arena, STR("nora"), &found),
        ERR_NOT_FOUND);
    close_office(&office);
}

/* One try of a code, from wherever `ask` says; the time to wait for. */
static Err try_code(Office *office, const SigninAsk *ask, const char *code,
                    Instant *ret_wait)
{
    SigninSession session;
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err = code_signin(office->tx, office->arena, ask, str_of(code),
                          &session, ret_wait);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return err;
}

static Err citizen(Office *office, const char *code, Instant now)
{
    Instant wait;
    SigninAsk ask = ask_of("1000000008", now);
    return try_code(office, &ask, code, &wait);
}

static Instant send_code(Office *office, const SigninAsk *ask, char ret[7])
{
    Instant wait;
    ck_assert_int_eq(store_begin(office->tx), OK);
    ck_assert_int_eq(code_make(office->tx, office->arena, ask, ret, &wait), OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return wait;
}

static void ask_code(Office *office, const char *name, Instant now, char ret[7])
{
    SigninAsk ask = ask_of(name, now);
    (void)send_code(office, &ask, ret);
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
    for (int i = 0; i < CODE_TRIES; i++) {
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
    for (int i = 0; i < CODE_WRONG_PAIR; i++) {
        make_code(&office, begin, code);
        wrong_of(code, wrong);
        ck_assert_int_eq(citizen(&office, wrong, begin), ERR_DENIED);
    }
    ck_assert_int_eq(citizen(&office, code, begin), ERR_DENIED);
    ask_code(&office, "1000000008", begin + 14 * minute, code);
    ck_assert_str_eq(code, "");
    ck_assert_int_eq(leaves(&office, "locked", "1000000008"), 1);
    close_office(&office);
}

TEST(a_code_is_good_in_the_browser_alone_that_asked_for_it)
{
    Office office = open_office();
    char mine[7], his[7];
    Instant wait;
    SigninAsk me = ask_of("1000000008", begin), he = me;
    he.browser = STR("browser two");
    he.address = STR("198.51.100.7");
    (void)send_code(&office, &me, mine);
    ck_assert_int_eq(try_code(&office, &he, mine, &wait), ERR_DENIED);
    (void)send_code(&office, &he, his); /* mine stays good */
    ck_assert_int_eq(try_code(&office, &me, mine, &wait), OK);
    ck_assert_int_eq(leaves(&office, "code sent", "1000000008"), 2);
    close_office(&office);
}

/* Somebody guesses until he is told to wait; the tries that he had. */
static int guess_on(Office *office, SigninAsk ask, bool new_browsers)
{
    Instant wait = 0;
    char code[7], browser[32];
    int tries = 0;
    for (; wait == 0 && tries < 1000; tries++) {
        snprintf(browser, sizeof browser, "guess %d", tries);
        if (new_browsers) ask.browser = str_of(browser);
        if (send_code(office, &ask, code) > 0) break;
        ck_assert_int_eq(try_code(office, &ask, "00000x", &wait), ERR_DENIED);
    }
    return tries;
}

TEST(who_guesses_locks_out_himself_and_not_the_person)
{
    Office office = open_office();
    char code[7];
    Instant wait;
    SigninAsk thief = ask_of("1000000008", begin), me = thief;
    thief.browser = STR("thief");
    thief.address = STR("198.51.100.7");
    ck_assert_int_eq(guess_on(&office, thief, false), CODE_WRONG_PAIR);
    ck_assert_int_le(guess_on(&office, thief, true), CODE_WRONG_NEAR);
    ck_assert_int_eq(guess_on(&office, thief, true), 0);
    ck_assert_int_eq(send_code(&office, &me, code), 0);
    ck_assert_int_eq(try_code(&office, &me, code, &wait), OK);
    close_office(&office);
}

TEST(even_from_everywhere_nobody_guesses_on_and_on)
{
    Office office = open_office();
    char address[32];
    int tries = 0;
    for (int i = 0; i < 100; i++) {
        SigninAsk thief = ask_of("1000000008", begin + i * 10 * minute);
        snprintf(address, sizeof address, "203.0.113.%d", i);
        thief.address = str_of(address);
        thief.browser = str_of(address);
        tries += guess_on(&office, thief, false);
    }
    ck_assert_int_le(tries, CODE_WRONG_PERSON);
    close_office(&office);
}

TEST(the_unknown_are_told_to_wait_as_the_known_are)
{
    Office office = open_office();
    static const char *const names[] = {"1000000008", "1000000099"};
    Instant told[2][2];
    for (int i = 0; i < 2; i++) {
        char code[7];
        SigninAsk ask = ask_of(names[i], begin);
        for (int k = 0; k < CODE_WRONG_PAIR; k++) {
            ck_assert_int_eq(try_code(&office, &ask, "12345x", &told[i][0]),
                             ERR_DENIED);
            ck_assert((told[i][0] > 0) == (k + 1 == CODE_WRONG_PAIR));
        }
        told[i][1] = send_code(&office, &ask, code);
        ck_assert_str_eq(code, "");
    }
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(told[0][k], begin + 15 * minute);
        ck_assert_int_eq(told[1][k], told[0][k]);
    }
    close_office(&office);
}

TEST(codes_are_sent_five_times_an_hour_to_one_browser)
{
    Office office = open_office();
    char code[7], last[7];
    for (int i = 0; i < CODE_SENT_PAIR; i++) {
        make_code(&office, begin + i * minute, last);
    }
    SigninAsk ask = ask_of("1000000008", begin + 50 * minute);
    ck_assert_int_eq(send_code(&office, &ask, code), begin + 64 * minute);
    ck_assert_str_eq(code, "");
    make_code(&office, begin + 64 * minute, code);
    ck_assert_int_eq(citizen(&office, code, begin + 64 * minute), OK);
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
    Instant wait;
    SigninAsk samira = ask_of("samira", begin);
    ck_assert_int_eq(
        code_signin(office.tx, office.arena, &samira, STR(""), &session, &wait),
        ERR_DENIED);
    ck_assert_int_eq(account_add(office.tx, &actor, &diag, NULL), ERR_INVALID);
    ck_assert_str_eq(diag.key, "actor.name_digits");
    store_rollback(office.tx);
    close_office(&office);
}

TEST(a_code_for_one_is_no_code_for_another)
{
    Office office = open_office();
    char code[7];
    Instant wait;
    SigninAsk other = ask_of("1000000016", begin);
    add(&office, 3, "1000000016", 1u << ROLE_CITIZEN, false);
    make_code(&office, begin, code);
    ck_assert_int_eq(try_code(&office, &other, code, &wait), ERR_DENIED);
    close_office(&office);
}

TEST(no_secret_is_kept_in_clear)
{
    Office office = open_office();
    SigninSession session;
    char code[7], path[128];
    open_session(&office, 1, &session, "");
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
