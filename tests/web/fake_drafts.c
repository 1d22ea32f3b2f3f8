/*
 * fake_drafts.c - drafts of made-up officers in a database of their own, made
 * at the first use. Included by fake_backend.c.
 */
#include <unistd.h>

#include "access/account.h"
#include "programme/law.h"
#include "service/context.h"
#include "web/drafts.h"

enum { FAKE_REEM = 301, FAKE_FAISAL, FAKE_LINA };

typedef struct FakeDrafts {
    pthread_mutex_t lock;
    bool open;
    char folder[32], path[96];
    Context context;
    StoreConn *conn;
    Actor reem, faisal, lina;
} FakeDrafts;

static FakeDrafts fake_drafts_db = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void fake_officer(int64_t id, const char *name, const char *national,
                         Actor *ret)
{
    FakeDrafts *db = &fake_drafts_db;
    Diag diag = {.key = ""};
    NewActor new = {.id = id,
                    .name = str_of(name),
                    .label = str_of(name),
                    .roles = 1u << ROLE_POLICY,
                    .person_id = -1,
                    .national_id = str_of(national),
                    .persona = true};
    CHECK(account_add(db->conn, &new, &diag, NULL) == OK);
    CHECK(account_actor(db->conn, db->context.arena, id, ret) == OK);
}

/* The database, locked. */
static FakeDrafts *fake_drafts_take(void)
{
    FakeDrafts *db = &fake_drafts_db;
    Diag diag = {.key = ""};
    pthread_mutex_lock(&db->lock);
    if (db->open) return db;
    (void)snprintf(db->folder, sizeof db->folder, "/tmp/sanad-fake-XXXXXX");
    CHECK(mkdtemp(db->folder) != NULL);
    (void)snprintf(db->path, sizeof db->path, "%.31s/drafts.db", db->folder);
    CHECK(context_init(db->path, &diag) == OK);
    CHECK(context_open_writer(db->path, true, &diag, &db->context, &db->conn) ==
          OK);
    CHECK(store_begin(db->conn) == OK);
    fake_officer(FAKE_REEM, "reem", "1000000016", &db->reem);
    fake_officer(FAKE_FAISAL, "faisal", "1000000024", &db->faisal);
    fake_officer(FAKE_LINA, "lina", "1000000032", &db->lina);
    CHECK(store_commit(db->conn) == OK);
    db->open = true;
    return db;
}

static void fake_drafts_give(FakeDrafts *db)
{
    pthread_mutex_unlock(&db->lock);
}

/* Leaves nothing behind. */
UNUSED static void fake_drafts_close(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    FakeDrafts *db = &fake_drafts_db;
    if (!db->open) return;
    store_conn_close(db->conn);
    context_close(&db->context);
    for (int i = 0; i < 4; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%.80s%.8s", db->path, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(db->folder);
    db->open = false;
}

static Err fake_drafts(void *self UNUSED, BackendCall *call, BackendDrafts *ret)
{
    Draft *all;
    FakeDrafts *db = fake_drafts_take();
    Err err = draft_list(db->conn, call->arena, &all, &ret->draft_count);
    if (err == OK) ret->drafts = all;
    fake_drafts_give(db);
    return err;
}

static Err fake_draft(void *self UNUSED, BackendCall *call, int64_t id,
                      BackendDraft *ret, Diag *diag)
{
    FakeDrafts *db = fake_drafts_take();
    Err err =
        desk_draft_read(db->conn, call->arena, db->context.pack, id, diag, ret);
    fake_drafts_give(db);
    return err;
}

/* The law of every month when it is not 0. */
static int64_t own_law_id;

static Err fake_law(void *self UNUSED, Month month, int64_t *ret)
{
    FakeDrafts *db = fake_drafts_take();
    Err err = law_at(db->conn, month, ret);
    if (err == OK && *ret == 0) *ret = db->context.pack->id;
    if (own_law_id != 0) *ret = own_law_id;
    fake_drafts_give(db);
    return err;
}

static Err fake_law_pack(void *self UNUSED, Arena *arena, int64_t id,
                         Diag *diag, const Pack **ret)
{
    FakeDrafts *db = fake_drafts_take();
    Err err = pack_find(db->conn, arena, id, diag, ret);
    fake_drafts_give(db);
    return err;
}

static Err fake_coming(void *self UNUSED, BackendCall *call, Month month,
                       BackendComing *ret, Diag *diag)
{
    FakeDrafts *db = fake_drafts_take();
    Err err = desk_law_read(db->conn, call->arena, month, diag, ret);
    fake_drafts_give(db);
    return err;
}

/* Somebody saves a text in which the first `old` is `now`. */
static void fake_text_becomes(const FakeDrafts *db, int64_t id, const char *old,
                              const char *now)
{
    Arena *arena = arena_open(1 << 28);
    Draft draft;
    Str text;
    Diag diag = {.key = ""};
    CHECK(draft_get(db->conn, arena, id, &diag, &draft) == OK);
    CHECK(draft_text(db->conn, arena, id, draft.save, &diag, &text) == OK);
    const char *model = arena_text(arena, text.at, text.bytes);
    const char *at = strstr(model, old);
    CHECK(at != NULL);
    const DraftAct act = {.tx = db->conn,
                          .arena = arena,
                          .base = db->context.pack,
                          .draft_id = id,
                          .by = &db->faisal,
                          .diag = &diag};
    Str changed = str_of(arena_format(arena, "%.*s%s%s", (int)(at - model),
                                      model, now, at + strlen(old)));
    CHECK(store_begin(db->conn) == OK);
    CHECK(draft_save(&act, draft.save, changed) == OK);
    CHECK(store_commit(db->conn) == OK);
    arena_close(arena);
}

#define FAKE_LITERAL(text)                                                     \
    "<literalExpression><text>" text "</text></literalExpression>"

/* A rule in which a relation and a list are the entries of a context. */
static void fake_parts(const FakeDrafts *db, int64_t id, bool deep)
{
    fake_text_becomes(db, id,
                      "<literalExpression typeRef=\"number\">\n"
                      "          <text>Pension</text>\n"
                      "        </literalExpression>",
                      "<relation><column name=\"code\"/>"
                      "<column name=\"share\"/><row>" FAKE_LITERAL("1")
                          FAKE_LITERAL("2") "</row><row>" FAKE_LITERAL("3")
                              FAKE_LITERAL("4") "</row></relation>");
    fake_text_becomes(db, id,
                      "<literalExpression typeRef=\"tTexts\">\n"
                      "          <text>Reasons</text>\n"
                      "        </literalExpression>",
                      "<list>" FAKE_LITERAL("7") FAKE_LITERAL("8") "</list>");
    if (!deep) return;
    fake_text_becomes(db, id, FAKE_LITERAL("2"),
                      "<list>" FAKE_LITERAL("2") "</list>");
}

static Err fake_draft_step(void *self UNUSED, BackendCall *call,
                           BackendDraftStep *step, Diag *diag)
{
    FakeDrafts *db = fake_drafts_take();
    const Actor *by = str_is(call->token, "faisal") ? &db->faisal
                      : str_is(call->token, "lina") ? &db->lina
                                                    : &db->reem;
    if (step->verb == DRAFT_DO_BEGIN) {
        step->id = store_new_id(db->context.store);
    }
    DraftWork work = {.arena = arena_open(512 << 20),
                      .law = db->context.pack,
                      .by = by,
                      .now = call->now,
                      .step = step};
    Err err = desk_draft_text(db->conn, &work, diag);
    if (err == OK) err = desk_draft_check(&work, call->arena, diag);
    if (err == OK) err = store_begin(db->conn);
    if (err == OK) {
        err = desk_draft_do(db->conn, &work, diag);
        if (err == OK) {
            err = store_commit(db->conn);
        } else {
            store_rollback(db->conn);
        }
    }
    arena_close(work.arena);
    bool deep = str_is(step->text, "Deep parts");
    bool begins = err == OK && step->verb == DRAFT_DO_BEGIN;
    if (begins && (deep || str_is(step->text, "Parts"))) {
        fake_parts(db, step->id, deep);
    }
    fake_drafts_give(db);
    if (err == OK) fake_wait(call);
    return err;
}
