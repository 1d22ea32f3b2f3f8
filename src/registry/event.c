#include "registry/event.h"

#include "codec/json.h"
#include "job/command.h"
#include "registry/event_int.h"

enum { RULES_MAX = 256, ANSWER_BYTES_MAX = 16 * 1024 };

static Err bad_table(Diag *diag, int32_t line, Str what)
{
    diag_set(diag, "event.table");
    diag_arg(diag, what);
    diag_place(diag, "events.tsv", line, 0);
    return ERR_INVALID;
}

static bool read_action(Str text, EventAction *ret)
{
    static const char *const names[] = {"state",    "birth",   "death",
                                        "marriage", "divorce", "joined",
                                        "left",     "formed"};
    for (int i = 0; i < 8; i++) {
        if (!str_is(text, names[i])) continue;
        *ret = (EventAction)i;
        return true;
    }
    return false;
}

/* "-", a kind, "*" (its name is in the type) or kind=code. */
static bool read_kind(const KindCatalogue *catalogue, Str text, EventRule *rule)
{
    bool all = rule->type[strlen(rule->type) - 1] == '*';
    if (str_is(text, "*")) return all && rule->action == EVENT_STATE;
    if (all) return false;
    if (str_is(text, "-")) return true;
    Str rest = text, name, code;
    str_split(&rest, '=', &name);
    rule->kind = kind_find(catalogue, name);
    if (rule->kind == NULL) return false;
    bool coded = str_split(&rest, '=', &code);
    if (rule->action == EVENT_STATE) return !coded;
    rule->code = coded ? kind_code(rule->kind, code) : -1;
    return rule->code >= 0 && rule->kind->of_person &&
           rule->kind->type == KIND_CODE;
}

static Err read_rule(Arena *arena, Str line, int32_t number, Diag *diag,
                     EventTypes *types, EventRule *rule)
{
    Str rest = line, type, action, kind;
    if (!str_split(&rest, '\t', &type) || type.bytes == 0 ||
        !str_split(&rest, '\t', &action)) {
        return bad_table(diag, number, line);
    }
    if (str_is(type, "@prefix")) {
        types->prefix = str_copy(arena, action);
        return OK;
    }
    if (str_is(type, "@suffix")) {
        types->suffix = str_copy(arena, action);
        return OK;
    }
    rule->type = arena_text(arena, type.at, type.bytes);
    if (!read_action(action, &rule->action)) {
        return bad_table(diag, number, action);
    }
    if (!str_split(&rest, '\t', &kind) ||
        !read_kind(types->catalogue, kind, rule)) {
        return bad_table(diag, number, rest.at == NULL ? kind : rest);
    }
    types->rule_count++;
    return OK;
}

Err event_types_load(Arena *arena, const KindCatalogue *catalogue,
                     const Formats *formats, Str tsv, Diag *diag,
                     EventTypes *ret)
{
    EventRule *rules = ARENA_ARRAY(arena, EventRule, RULES_MAX);
    *ret = (EventTypes){.catalogue = catalogue,
                        .formats = formats,
                        .prefix = STR(""),
                        .suffix = STR(""),
                        .rules = rules};
    Str line;
    for (int32_t number = 1; str_split(&tsv, '\n', &line); number++) {
        if (line.bytes > 0 && line.at[line.bytes - 1] == '\r') line.bytes--;
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (ret->rule_count == RULES_MAX) return bad_table(diag, number, line);
        TRY(read_rule(arena, line, number, diag, ret, &rules[ret->rule_count]));
    }
    return OK;
}

Err event_read(Arena *arena, const EventTypes *types, Str bytes, Diag *diag,
               Event *ret)
{
    if (bytes.bytes > EVENT_BYTES_MAX) {
        diag_set(diag, "event.too_long");
        diag_arg_int(diag, EVENT_BYTES_MAX);
        return ERR_FULL;
    }
    return event_read_message(arena, types, bytes, diag, ret);
}

RegistryChange *event_work_change(EventWork *work, int64_t household_id)
{
    for (int32_t i = 0; i < work->open_count; i++) {
        if (work->household[i] == household_id) return &work->change[i];
    }
    return NULL;
}

Err event_refuse(const EventWork *work, Err err, const char *key, int64_t id)
{
    diag_set(work->diag, key);
    diag_arg_int(work->diag, id);
    return err;
}

/* Locks the households in the order of their ids. */
static Err open_changes(EventWork *work)
{
    while (work->open_count < work->household_count) {
        int64_t id = work->household[work->open_count];
        RegistryChange *change = &work->change[work->open_count];
        TRY(registry_begin(work->tx, work->arena, work->types->catalogue, id,
                           work->now, work->diag, change));
        work->open_count++;
        bool make = work->target_new && id == work->target;
        if (change->is_new && !make) {
            return event_refuse(work, ERR_NOT_FOUND, "event.household_unknown",
                                id);
        }
        if (!change->is_new && make) {
            return event_refuse(work, ERR_INVALID, "event.household_exists",
                                id);
        }
    }
    return OK;
}

/* Between looking and locking somebody may have moved (PostgreSQL). */
static Err check_places(EventWork *work)
{
    for (int32_t i = 0; i < work->event->member_count; i++) {
        bool row;
        StoreStmt *stmt = store_query(work->tx, Q_PERSON_GET);
        store_bind_int(stmt, 1, work->person[i]);
        TRY(store_step(stmt, &row));
        int64_t lives_in = row ? store_int(stmt, 0) : EVENT_NONE;
        if (row) store_reset(stmt);
        if (lives_in != work->lives_in[i]) return ERR_CONFLICT;
    }
    return OK;
}

/* Ends the changes that said something. */
static Err close_changes(EventWork *work, EventOutcome *ret)
{
    Err err = OK;
    for (int i = 0; i < work->open_count; i++) {
        RegistryChange *change = &work->change[i];
        if (err != OK || change->ordinal == 0) {
            registry_abandon(change);
            continue;
        }
        ret->touched[ret->touched_count++] =
            (EventTouched){change->household_id, change->since};
        err = registry_end(change, work->diag);
    }
    work->open_count = 0;
    return err;
}

static Err keep_answer(const EventWork *work, const CommandId *id,
                       const EventOutcome *outcome)
{
    Buf buf = buf_make(ANSWER_BYTES_MAX), day = buf_make(16);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_out_key(&out, "households");
    json_out_array(&out);
    for (int32_t i = 0; i < outcome->touched_count; i++) {
        buf_reset(&day);
        day_write(&day, outcome->touched[i].since);
        json_out_object(&out);
        json_put_id(&out, "id", outcome->touched[i].household_id);
        json_put_str(&out, "since", buf_view(&day));
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
    Err err = command_keep(work->tx, id, buf_view(&buf), work->now);
    buf_free(&buf);
    buf_free(&day);
    return err;
}

/* A message about what is yet to happen is a mistake, but for plain facts. */
static Err check_future(const EventWork *work)
{
    const Event *event = work->event;
    Day today = instant_day(work->now, 24 * 60); /* in any zone */
    if (event->action == EVENT_STATE || event->from <= today) return OK;
    Buf day = buf_make(16);
    day_write(&day, event->from);
    diag_set(work->diag, "event.future");
    diag_arg(work->diag, buf_view(&day));
    buf_free(&day);
    return ERR_INVALID;
}

/* The household whose book took no more. */
static int64_t which_full(const EventWork *work)
{
    for (int32_t i = 0; i < work->open_count; i++) {
        if (work->change[i].full) return work->household[i];
    }
    return work->household[0];
}

static Err carry_out(EventWork *work, EventOutcome *ret)
{
    Err err = check_future(work);
    if (err == OK) err = event_plan_households(work);
    if (err == OK) err = open_changes(work);
    if (err == OK) err = check_places(work);
    if (err == OK) err = event_work_say(work);
    if (err == ERR_FULL && work->diag != NULL && work->diag->key[0] == '\0') {
        err = event_refuse(work, ERR_FULL, "household.full", which_full(work));
    }
    if (err == OK) return close_changes(work, ret);
    for (int i = 0; i < work->open_count; i++) {
        registry_abandon(&work->change[i]);
    }
    return err;
}

Err event_apply(StoreConn *tx, Arena *arena, const EventTypes *types,
                const Event *event, Instant now, Diag *diag, EventOutcome *ret)
{
    CommandId id = {event->source, event->id, event->content};
    Str answer = {NULL, 0};
    EventWork *work = ARENA_NEW(arena, EventWork);
    work->tx = tx;
    work->arena = arena;
    work->types = types;
    work->event = event;
    work->now = now;
    work->diag = diag;
    Err err = command_seen(tx, arena, &id, diag, &answer);
    EventOutcome outcome = {.is_new = answer.at == NULL};
    if (err == OK && outcome.is_new) err = carry_out(work, &outcome);
    if (err == OK && outcome.is_new) err = keep_answer(work, &id, &outcome);
    if (err == OK) *ret = outcome;
    if (err != OK) event_blame(work);
    return err;
}
