#include "service/draft.h"

#include "access/account.h"
#include "audit/audit.h"
#include "codec/bytes.h"
#include "codec/utf8.h"

enum { AUTHORS_MAX = 256 };

static Err refuse(const DraftAct *act, Err err, const char *key, Str what)
{
    diag_set(act->diag, key);
    diag_arg_int(act->diag, act->draft_id);
    diag_arg(act->diag, what);
    return err;
}

static void say_month(const DraftAct *act, Month month)
{
    char room[16];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    month_write(&text, month);
    diag_arg(act->diag, buf_view(&text));
}

static Err refuse_month(const DraftAct *act, Err err, const char *key,
                        Month month)
{
    diag_set(act->diag, key);
    diag_arg_int(act->diag, act->draft_id);
    say_month(act, month);
    return err;
}

static Err may(const DraftAct *act, Action action, const Actor *first)
{
    Actor by = *act->by;
    TRY(access_person(act->tx, &by, &by.person_id));
    Subject subject = {
        .object = OBJECT_MODEL, .household_id = -1, .first = first};
    return access_check(&by, action, &subject, act->diag, NULL);
}

/* The draft, in one of the states that a step is for. */
static Err find(const DraftAct *act, unsigned wanted, Draft *ret)
{
    static const char *const not_now[DRAFT_STATES] = {
        "draft.not_now.draft", "draft.not_now.review", "draft.not_now.approved",
        "draft.not_now.published", "draft.not_now.withdrawn"};
    TRY(draft_get(act->tx, act->arena, act->draft_id, act->diag, ret));
    if ((wanted >> ret->state & 1) != 0) return OK;
    return refuse(act, ERR_CONFLICT, not_now[ret->state], STR(""));
}

/* The same; the turn is ours. */
static Err take(const DraftAct *act, unsigned wanted, Draft *ret)
{
    TRY(law_turn(act->tx));
    return find(act, wanted, ret);
}

/* What is said stands in a line of a list, beside who said it and when: it may
 * not look like more, nor turn what follows it. */
static Err need_line(const DraftAct *act)
{
    size_t good = utf8_line_bytes(act->text);
    if (good == act->text.bytes) return OK;
    Str rest = {act->text.at + good, act->text.bytes - good};
    Str before = {act->text.at, good};
    char name[16];
    snprintf(name, sizeof name, "U+%04X", (unsigned)utf8_next(&rest));
    (void)refuse(act, ERR_INVALID, "draft.one_line", str_of(name));
    diag_arg_int(act->diag, (int64_t)utf8_length(before) + 1);
    return ERR_INVALID;
}

static Err need_words(const DraftAct *act, bool needed)
{
    bool good = utf8_valid(act->text) && act->text.bytes <= DRAFT_WORDS_MAX &&
                (!needed || str_trim(act->text).bytes > 0);
    if (!good) return refuse(act, ERR_INVALID, "draft.words", act->text);
    return need_line(act);
}

static void bind_month(StoreStmt *stmt, int at, Month month)
{
    if (month == DRAFT_NO_MONTH) {
        store_bind_null(stmt, at);
    } else {
        store_bind_int(stmt, at, month);
    }
}

static Err keep_text(const DraftAct *act, int32_t save, Str model)
{
    Hash hash = hash_of(model);
    StoreStmt *stmt = store_query(act->tx, Q_DRAFT_SAVE_INSERT);
    store_bind_int(stmt, 1, act->draft_id);
    store_bind_int(stmt, 2, save);
    store_bind_bytes(stmt, 3, hash_str(&hash));
    store_bind_bytes(stmt, 4, model);
    return store_exec(stmt, NULL);
}

/* The leaf of a step commits to the text that the draft then had. */
static Err keep_leaf(const DraftAct *act, const Draft *draft, Str what)
{
    Str model;
    Buf record = buf_make(1 << 14);
    TRY(draft_text(act->tx, act->arena, draft->id, draft->save, act->diag,
                   &model));
    Hash hash = hash_of(model);
    bytes_put_int(&record, draft->id);
    bytes_put_int(&record, draft->step);
    bytes_put_str(&record, what);
    bytes_put_int(&record, draft->save);
    bytes_put_str(&record, hash_str(&hash));
    bytes_put_int(&record, draft->from);
    bytes_put_str(&record, act->by->name);
    bytes_put_int(&record, act->now);
    bytes_put_str(&record, act->text);
    Err err =
        audit_leaf(act->tx, AUDIT_NO_HOUSEHOLD, "draft", buf_view(&record));
    buf_free(&record);
    return err;
}

/* Keeps a step and what the draft is after it. */
static Err keep_step(const DraftAct *act, Draft *draft, const char *what,
                     DraftState state)
{
    int64_t changed;
    draft->step++;
    draft->state = state;
    StoreStmt *stmt = store_query(act->tx, Q_DRAFT_STATE);
    store_bind_int(stmt, 1, draft->id);
    store_bind_text(stmt, 2, str_of(draft_state_name(state)));
    store_bind_int(stmt, 3, draft->save);
    store_bind_int(stmt, 4, draft->step);
    bind_month(stmt, 5, draft->from);
    store_bind_text(stmt, 6, draft->reason);
    store_bind_text(stmt, 7, draft->covers);
    store_bind_int(stmt, 8, draft->newest);
    TRY(store_exec(stmt, &changed));
    if (changed != 1) return ERR_CONFLICT;
    stmt = store_query(act->tx, Q_DRAFT_STEP_INSERT);
    store_bind_int(stmt, 1, draft->id);
    store_bind_int(stmt, 2, draft->step);
    store_bind_text(stmt, 3, str_of(what));
    store_bind_int(stmt, 4, draft->save);
    store_bind_int(stmt, 5, act->by->id);
    store_bind_text(stmt, 6, act->by->name);
    store_bind_int(stmt, 7, act->now);
    store_bind_text(stmt, 8, act->text);
    bind_month(stmt, 9, draft->from);
    TRY(store_exec(stmt, NULL));
    return keep_leaf(act, draft, str_of(what));
}

/* The law that holds in a month. */
static Err law_for(const DraftAct *act, Month month, const Pack **ret)
{
    int64_t id;
    TRY(law_at(act->tx, month, &id));
    *ret = act->base;
    if (id == 0 || id == act->base->id) return OK;
    return pack_find(act->tx, act->arena, id, act->diag, ret);
}

Err draft_begin(const DraftAct *act, const char *path, Month month)
{
    const Pack *head;
    Draft draft = {.id = act->draft_id,
                   .path = str_of(path),
                   .title = act->text,
                   .save = 1,
                   .from = DRAFT_NO_MONTH,
                   .reason = STR(""),
                   .covers = STR("")};
    TRY(may(act, ACTION_DRAFT, NULL));
    TRY(need_words(act, true));
    TRY(law_turn(act->tx));
    if (month == DRAFT_NO_MONTH) {
        TRY(draft_head(act->tx, act->arena, act->base, act->diag, &head));
    } else {
        TRY(law_for(act, month, &head));
    }
    Str model = pack_file(head, path);
    if (model.at == NULL) {
        return refuse(act, ERR_NOT_FOUND, "draft.no_model", str_of(path));
    }
    StoreStmt *stmt = store_query(act->tx, Q_DRAFT_INSERT);
    store_bind_int(stmt, 1, draft.id);
    store_bind_text(stmt, 2, draft.path);
    store_bind_text(stmt, 3, draft.title);
    store_bind_int(stmt, 4, head->id);
    TRY(store_exec(stmt, NULL));
    /* so that the law from which it begins can always be read */
    TRY(pack_keep(act->tx, head, act->now));
    TRY(keep_text(act, 1, model));
    return keep_step(act, &draft, "created", DRAFT_OPEN);
}

/* Only what can be read as a model is kept, so that it can be compared. */
static Err need_model(const DraftAct *act, Str model)
{
    const XmlNode *root;
    if (model.bytes > DRAFT_BYTES_MAX) {
        return refuse(act, ERR_INVALID, "xml.large", STR(""));
    }
    TRY(xml_read(act->arena, model, act->diag, &root));
    if (xml_is(root, "definitions")) return OK;
    return refuse(act, ERR_INVALID, "dmn.not_dmn", STR(""));
}

Err draft_save(const DraftAct *act, int32_t expected, Str model)
{
    Draft draft;
    Str old;
    TRY(may(act, ACTION_DRAFT, NULL));
    TRY(need_words(act, false));
    TRY(need_model(act, model));
    TRY(take(act, 1u << DRAFT_OPEN, &draft));
    if (draft.save != expected) {
        return refuse(act, ERR_CONFLICT, "draft.newer", STR(""));
    }
    TRY(draft_text(act->tx, act->arena, draft.id, draft.save, act->diag, &old));
    if (str_equal(old, model)) {
        return refuse(act, ERR_INVALID, "draft.same", STR(""));
    }
    draft.save++;
    TRY(keep_text(act, draft.save, model));
    return keep_step(act, &draft, "saved", DRAFT_OPEN);
}

/* A draft changes the law that holds in its first month and no other: begun
 * from a later text it would bring into force what was to come later. */
static Err need_parent(const DraftAct *act, const Draft *draft, Month from)
{
    LawVersions all;
    TRY(law_versions(act->tx, act->arena, &all));
    const LawVersion *holds = law_of(&all, from), *begun = NULL;
    int64_t pack_id = holds == NULL ? act->base->id : holds->pack_id;
    if (draft->base_pack == pack_id) return OK;
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].pack_id == draft->base_pack) begun = &all.at[i];
    }
    if (begun == NULL || begun->from <= from) {
        return refuse_month(act, ERR_CONFLICT, "draft.stale", from);
    }
    (void)refuse_month(act, ERR_CONFLICT, "draft.early", from);
    say_month(act, begun->from);
    return ERR_CONFLICT;
}

/* Months from one on that are decided. */
typedef struct Decided {
    Month first, last; /* DRAFT_NO_MONTH: none */
    Month grown;       /* the first that a draft does not cover, or none */
    Str months;        /* "2026-01 2026-02" */
} Decided;

static bool is_covered(Str covers, Str month)
{
    for (Str part; str_split(&covers, ' ', &part);) {
        if (str_equal(part, month)) return true;
    }
    return false;
}

static Err decided_months(const DraftAct *act, Month from, Str covers,
                          Decided *ret)
{
    enum { MONTHS_BYTES = 1 << 14 };
    Buf months = buf_make(MONTHS_BYTES);
    StoreStmt *stmt = store_query(act->tx, Q_LAW_MONTHS);
    Err err;
    *ret = (Decided){DRAFT_NO_MONTH, DRAFT_NO_MONTH, DRAFT_NO_MONTH, STR("")};
    store_bind_int(stmt, 1, from);
    for (bool row;;) {
        err = store_step(stmt, &row);
        if (err != OK || !row) break;
        Month month = (Month)store_int(stmt, 0);
        if (months.bytes > 0) buf_char(&months, ' ');
        size_t at = months.bytes;
        month_write(&months, month);
        Str word = {buf_view(&months).at + at, months.bytes - at};
        bool grown = ret->grown == DRAFT_NO_MONTH && !is_covered(covers, word);
        if (ret->first == DRAFT_NO_MONTH) ret->first = month;
        if (grown) ret->grown = month;
        ret->last = month;
    }
    store_reset(stmt);
    bool room =
        err != OK || (!buf_full(&months) &&
                      str_try(act->arena, buf_view(&months), &ret->months));
    buf_free(&months);
    return room ? err : ERR_FULL;
}

/* The first month of the newest version if it lies behind a month. */
static Err later_version(const DraftAct *act, Month from, Month *ret)
{
    LawVersions all;
    TRY(law_versions(act->tx, act->arena, &all));
    bool later = all.count > 0 && all.at[all.count - 1].from > from;
    *ret = later ? all.at[all.count - 1].from : DRAFT_NO_MONTH;
    return OK;
}

/* What is decided changes only for a reason that is said; so does what a
 * later month was to bring. The draft keeps what that is. */
static Err need_reason(const DraftAct *act, Draft *draft)
{
    Decided decided;
    Month later;
    TRY(decided_months(act, draft->from, STR(""), &decided));
    TRY(later_version(act, draft->from, &later));
    TRY(law_newest(act->tx, &draft->newest));
    draft->covers = decided.months;
    if (str_trim(draft->reason).bytes > 0) return OK;
    if (decided.first != DRAFT_NO_MONTH) {
        return refuse_month(act, ERR_CONFLICT, "draft.closed", decided.first);
    }
    if (later == DRAFT_NO_MONTH) return OK;
    return refuse_month(act, ERR_CONFLICT, "draft.before", later);
}

/* The reason was given, and approved, for what it then changed; it does not
 * speak of what was decided or published since. */
static Err need_covered(const DraftAct *act, const Draft *draft, Decided *ret)
{
    Month later;
    int64_t newest;
    TRY(decided_months(act, draft->from, draft->covers, ret));
    if (ret->grown != DRAFT_NO_MONTH) {
        return refuse_month(act, ERR_CONFLICT, "draft.grew", ret->grown);
    }
    TRY(law_newest(act->tx, &newest));
    TRY(later_version(act, draft->from, &later));
    if (newest == draft->newest || later == DRAFT_NO_MONTH) return OK;
    return refuse_month(act, ERR_CONFLICT, "draft.later", later);
}

Err draft_read_text(const DraftAct *act, DraftState state, DraftText *ret)
{
    Draft draft;
    TRY(may(act, state == DRAFT_OPEN ? ACTION_DRAFT : ACTION_PUBLISH, NULL));
    TRY(find(act, 1u << state, &draft));
    *ret =
        (DraftText){.save = draft.save, .path = draft.path, .base = act->base};
    if (draft.base_pack != act->base->id) {
        TRY(pack_find(act->tx, act->arena, draft.base_pack, act->diag,
                      &ret->base));
    }
    return draft_text(act->tx, act->arena, draft.id, draft.save, act->diag,
                      &ret->text);
}

Err draft_make(const DraftAct *act, DraftText *text)
{
    const char *path = arena_text(act->arena, text->path.at, text->path.bytes);
    return pack_with(act->arena, text->base, path, text->text, act->diag,
                     &text->pack);
}

/* The model alone, with the pack's others for its imports. */
static Err check_model(const DraftAct *act, DraftText *text,
                       EditPlace *ret_place)
{
    const char *path = arena_text(act->arena, text->path.at, text->path.bytes);
    Str old = pack_file(text->base, path);
    if (old.at == NULL) {
        return refuse(act, ERR_NOT_FOUND, "draft.no_model", text->path);
    }
    if (str_equal(text->text, old)) {
        return refuse(act, ERR_INVALID, "draft.no_change", STR(""));
    }
    return edit_check_in(act->arena, text->base, text->path, text->text,
                         act->diag, &text->found, ret_place);
}

/* Deciders bind the model to the catalogue of facts, which pack_with() does
 * not. */
static Err check_deciders(const DraftAct *act, const Pack *pack)
{
    for (int32_t i = 0; i < pack->programme_count; i++) {
        Decider *decider CLEANUP(decider_closep) = NULL;
        TRY(decider_open(pack, &pack->programmes[i], act->diag, &decider));
    }
    return OK;
}

Err draft_check(const DraftAct *act, DraftText *text, EditPlace *ret_place)
{
    const Pack *pack;
    *ret_place = (EditPlace){.row = 0};
    TRY(check_model(act, text, ret_place));
    TRY(draft_make(act, text));
    pack = text->pack;
    text->pack = NULL;
    TRY(check_deciders(act, pack));
    text->pack = pack;
    return OK;
}

/* What was checked before the turn is the draft's text still. */
static Err need_checked(const DraftAct *act, const Draft *draft,
                        const DraftText *checked)
{
    Str text;
    CHECK(checked->pack != NULL);
    TRY(draft_text(act->tx, act->arena, draft->id, draft->save, act->diag,
                   &text));
    bool same =
        draft->save == checked->save && draft->base_pack == checked->base->id &&
        str_equal(draft->path, checked->path) && str_equal(text, checked->text);
    return same ? OK : refuse(act, ERR_CONFLICT, "draft.newer", STR(""));
}

Err draft_submit(const DraftAct *act, Month from, const DraftText *checked)
{
    Draft draft;
    TRY(may(act, ACTION_DRAFT, NULL));
    TRY(need_words(act, false));
    TRY(take(act, 1u << DRAFT_OPEN, &draft));
    TRY(need_checked(act, &draft, checked));
    TRY(need_parent(act, &draft, from));
    draft.from = from;
    draft.reason = act->text;
    TRY(need_reason(act, &draft));
    return keep_step(act, &draft, "submitted", DRAFT_REVIEW);
}

/* A step that changes the state and nothing else. */
static Err step(const DraftAct *act, const char *what, unsigned wanted,
                DraftState state, bool words)
{
    Draft draft;
    TRY(may(act, ACTION_DRAFT, NULL));
    TRY(need_words(act, words));
    TRY(take(act, wanted, &draft));
    if (state == DRAFT_STATES) state = draft.state;
    return keep_step(act, &draft, what, state);
}

enum { BEFORE_LAW = 1 << DRAFT_OPEN | 1 << DRAFT_REVIEW | 1 << DRAFT_APPROVED };

Err draft_comment(const DraftAct *act)
{
    return step(act, "commented", BEFORE_LAW, DRAFT_STATES, true);
}

Err draft_return(const DraftAct *act)
{
    return step(act, "returned", 1u << DRAFT_REVIEW | 1u << DRAFT_APPROVED,
                DRAFT_OPEN, true);
}

Err draft_withdraw(const DraftAct *act)
{
    return step(act, "withdrawn", BEFORE_LAW, DRAFT_WITHDRAWN, true);
}

/* Everybody whose work it is. */
static Err read_authors(const DraftAct *act, int64_t *ret, size_t *ret_count)
{
    *ret_count = 0;
    StoreStmt *stmt = store_query(act->tx, Q_DRAFT_AUTHORS);
    store_bind_int(stmt, 1, act->draft_id);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if (*ret_count == AUTHORS_MAX) return ERR_FULL;
        ret[(*ret_count)++] = store_int(stmt, 0);
    }
    store_reset(stmt);
    return OK;
}

Err draft_approve(const DraftAct *act, int32_t expected)
{
    Draft draft;
    Decided decided;
    int64_t authors[AUTHORS_MAX];
    size_t count;
    TRY(may(act, ACTION_READ, NULL));
    TRY(need_words(act, false));
    TRY(take(act, 1u << DRAFT_REVIEW, &draft));
    if (draft.step != expected) {
        return refuse(act, ERR_CONFLICT, "draft.newer", STR(""));
    }
    TRY(read_authors(act, authors, &count));
    CHECK(count > 0); /* somebody began it */
    for (size_t i = 0; i < count; i++) {
        Actor author;
        TRY(account_actor(act->tx, act->arena, authors[i], &author));
        TRY(may(act, ACTION_APPROVE, &author));
    }
    TRY(need_parent(act, &draft, draft.from));
    TRY(need_covered(act, &draft, &decided));
    return keep_step(act, &draft, "approved", DRAFT_APPROVED);
}

/* Nobody is deciding a month by the law that is about to change. */
static Err need_rest(const DraftAct *act, Month from)
{
    bool row;
    StoreStmt *stmt = store_query(act->tx, Q_LAW_RUNNING);
    store_bind_int(stmt, 1, from);
    TRY(store_step(stmt, &row));
    Month month = row ? (Month)store_int(stmt, 0) : 0;
    store_reset(stmt);
    return row ? refuse_month(act, ERR_BUSY, "draft.running", month) : OK;
}

Err draft_publish(const DraftAct *act, const DraftText *made,
                  DraftPublished *ret)
{
    Draft draft;
    Decided decided;
    TRY(may(act, ACTION_PUBLISH, NULL));
    TRY(need_words(act, false));
    TRY(take(act, 1u << DRAFT_APPROVED, &draft));
    TRY(need_checked(act, &draft, made));
    TRY(need_parent(act, &draft, draft.from));
    TRY(need_rest(act, draft.from));
    TRY(need_covered(act, &draft, &decided));
    *ret = (DraftPublished){.from = draft.from,
                            .again_from = decided.first,
                            .again_until = decided.last};
    LawVersion version = {.from = draft.from,
                          .base_pack = draft.base_pack,
                          .draft_id = draft.id,
                          .published_at = act->now};
    TRY(law_put(act->tx, made->pack, &version));
    ret->version = version.version;
    ret->pack_id = made->pack->id;
    return keep_step(act, &draft, "published", DRAFT_PUBLISHED);
}
