#include "engine/sanad-engine.h"

#include <stdlib.h>

#include "codec/json.h"
#include "dmn/trace_write.h"
#include "feel/feel.h"
#include "text/text.h"

enum {
    MODEL_BYTES = 256 << 20,
    SESSION_BYTES = 64 << 20,
    SCRATCH_BYTES = 64 << 20,
    JSON_BYTES = 256 << 20,
    TRACE_BYTES = 256 << 20,
    FILES_MAX = 64,
    TYPE_BYTES = 1 << 16,
    STEPS = 20000000
};

struct SanadModel {
    Arena *arena;
    DmnModel *model;
    const char **decisions, **decision_types, **inputs, **input_types;
};

struct SanadSession {
    Arena *arena; /* of the session itself */
    const SanadModel *model;
    DmnEval *eval;
    Buf json;
};

static SanadResult result_of(Err err)
{
    if (err == OK) return SANAD_OK;
    if (err == ERR_NOT_FOUND) return SANAD_NOT_FOUND;
    return err == ERR_FULL ? SANAD_FULL : SANAD_INVALID;
}

static void put_text(char *to, size_t room, const Buf *from)
{
    Str cut = {from->at, from->bytes};
    if (cut.bytes >= room) cut.bytes = room - 1;
    while (cut.bytes > 0 && cut.bytes < from->bytes &&
           ((unsigned char)from->at[cut.bytes] & 0xC0) == 0x80) {
        cut.bytes--; /* not in the middle of a character */
    }
    if (cut.bytes > 0) memcpy(to, cut.at, cut.bytes);
    to[cut.bytes] = '\0';
}

static void say(const Diag *diag, SanadError *error)
{
    if (error == NULL) return;
    *error = (SanadError){.line = diag->line, .column = diag->column};
    memcpy(error->key, diag->key, sizeof error->key);
    memcpy(error->file, diag->file, sizeof error->file);
    if (diag->key[0] == '\0') return;
    Arena *arena = arena_open(SCRATCH_BYTES);
    Diag own;
    Texts *texts;
    if (text_open(arena, &own, &texts) == OK) {
        TextStyle style = {.texts = texts, .lang = TEXT_EN};
        Buf text = buf_make(sizeof error->arabic * 2);
        text_write_diag(&text, &style, diag);
        put_text(error->english, sizeof error->english, &text);
        buf_reset(&text);
        style.lang = TEXT_AR;
        text_write_diag(&text, &style, diag);
        put_text(error->arabic, sizeof error->arabic, &text);
        buf_free(&text);
    }
    arena_close(arena);
}

static SanadResult fail(Err err, const Diag *diag, SanadError *error)
{
    say(diag, error);
    return result_of(err);
}

static SanadResult fail_name(const char *key, const char *name,
                             SanadError *error)
{
    Diag diag;
    diag_set(&diag, key);
    diag_arg_text(&diag, name);
    return fail(ERR_NOT_FOUND, &diag, error);
}

/* A zero-terminated copy; NULL without memory. */
static const char *kept_text(Arena *arena, Str text, Str end)
{
    char *kept = arena_try_raw(arena, text.bytes + end.bytes + 1, 1);
    if (kept == NULL) return NULL;
    if (text.bytes > 0) memcpy(kept, text.at, text.bytes);
    if (end.bytes > 0) memcpy(kept + text.bytes, end.at, end.bytes);
    kept[text.bytes + end.bytes] = '\0';
    return kept;
}

static const char *kept_type(Arena *arena, const FeelType *type)
{
    Buf text = buf_make(TYPE_BYTES);
    feel_type_write(&text, type);
    const char *kept = kept_text(arena, buf_view(&text),
                                 buf_full(&text) ? STR("...") : STR(""));
    buf_free(&text);
    return kept;
}

/* A type whose text is wanted, and where. */
typedef struct Wanted {
    const FeelType *type;
    const char **to;
} Wanted;

static int by_type(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const Wanted *)a)->type;
    uintptr_t y = (uintptr_t)((const Wanted *)b)->type;
    return (x > y) - (x < y);
}

/* The texts of types, each type written once: many decisions share a few. */
static bool write_types(Arena *arena, Wanted *wanted, size_t count)
{
    qsort(wanted, count, sizeof *wanted, by_type);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && wanted[i].type == wanted[i - 1].type;
        *wanted[i].to =
            again ? *wanted[i - 1].to : kept_type(arena, wanted[i].type);
        if (*wanted[i].to == NULL) return false;
    }
    return true;
}

/* Names and types as zero-terminated texts; false without memory. */
static bool name_all(SanadModel *model)
{
    Arena *arena = model->arena;
    const DmnModel *dmn = model->model;
    int32_t decisions = dmn_decision_count(dmn), inputs = dmn_input_count(dmn);
    size_t count = (size_t)decisions + (size_t)inputs;
    const char **names = ARENA_TRY_ARRAY(arena, const char *, count + 1);
    const char **types = ARENA_TRY_ARRAY(arena, const char *, count + 1);
    Wanted *wanted = ARENA_TRY_ARRAY(arena, Wanted, count + 1);
    if (names == NULL || types == NULL || wanted == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        bool decides = i < (size_t)decisions;
        int32_t at = (int32_t)i - (decides ? 0 : decisions);
        wanted[i].type =
            decides ? dmn_decision_type(dmn, at) : dmn_input_type(dmn, at);
        wanted[i].to = &types[i];
        names[i] = kept_text(arena,
                             decides ? dmn_decision_name(dmn, at)
                                     : dmn_input_name(dmn, at),
                             STR(""));
        if (names[i] == NULL) return false;
    }
    model->decisions = names;
    model->decision_types = types;
    model->inputs = names + decisions;
    model->input_types = types + decisions;
    return write_types(arena, wanted, count);
}

/* The model's files, copied; and how much of the arena that took. */
static bool copy_files(Arena *arena, const SanadFile *files, size_t count,
                       DmnSource *ret)
{
    for (size_t i = 0; i < count; i++) {
        size_t name = strlen(files[i].name) + 1;
        char *at = arena_try_raw(arena, name + files[i].size, 1);
        if (at == NULL) return false;
        memcpy(at, files[i].name, name);
        if (files[i].size > 0) memcpy(at + name, files[i].bytes, files[i].size);
        ret[i] = (DmnSource){at, {at + name, files[i].size}};
    }
    return true;
}

static SanadResult refuse(SanadModel *model, Err err, const Diag *diag,
                          SanadError *error)
{
    SanadResult result = fail(err, diag, error);
    sanad_model_free(model);
    return result;
}

SanadResult sanad_model_load(const SanadFile *files, size_t count,
                             SanadModel **ret, SanadError *error)
{
    Diag diag;
    diag_set(&diag, "");
    *ret = NULL;
    Arena *arena = arena_open(MODEL_BYTES);
    SanadModel *model = ARENA_NEW(arena, SanadModel);
    model->arena = arena;
    DmnSource sources[FILES_MAX];
    if (count == 0 || count > FILES_MAX) {
        diag_set(&diag, "dmn.too_many_files");
        return refuse(model, ERR_FULL, &diag, error);
    }
    if (!copy_files(arena, files, count, sources)) {
        diag_set(&diag, "dmn.full");
        return refuse(model, ERR_FULL, &diag, error);
    }
    Err err = dmn_load(arena, sources, count, DMN_STRICT, &diag, &model->model);
    if (err != OK) return refuse(model, err, &diag, error);
    if (!name_all(model)) {
        diag_set(&diag, "dmn.full");
        return refuse(model, ERR_FULL, &diag, error);
    }
    say(&diag, error);
    *ret = model;
    return SANAD_OK;
}

void sanad_model_free(SanadModel *model)
{
    if (model != NULL) arena_close(model->arena);
}

size_t sanad_model_decision_count(const SanadModel *model)
{
    return (size_t)dmn_decision_count(model->model);
}

const char *sanad_model_decision_name(const SanadModel *model, size_t index)
{
    return model->decisions[index];
}

const char *sanad_model_decision_type(const SanadModel *model, size_t index)
{
    return model->decision_types[index];
}

size_t sanad_model_input_count(const SanadModel *model)
{
    return (size_t)dmn_input_count(model->model);
}

const char *sanad_model_input_name(const SanadModel *model, size_t index)
{
    return model->inputs[index];
}

const char *sanad_model_input_type(const SanadModel *model, size_t index)
{
    return model->input_types[index];
}

SanadSession *sanad_session_open(const SanadModel *model)
{
    Arena *arena = arena_open(SCRATCH_BYTES);
    SanadSession *session = ARENA_TRY_NEW(arena, SanadSession);
    DmnEval *eval = dmn_eval_open(model->model, SESSION_BYTES, STEPS);
    if (session == NULL || eval == NULL) {
        dmn_eval_close(eval);
        arena_close(arena);
        return NULL;
    }
    *session = (SanadSession){arena, model, eval, buf_make(TRACE_BYTES)};
    sanad_session_reset(session, 0, 0);
    return session;
}

void sanad_session_close(SanadSession *session)
{
    if (session == NULL) return;
    dmn_eval_close(session->eval);
    buf_free(&session->json);
    Arena *arena = session->arena;
    arena_close(arena);
}

void sanad_session_reset(SanadSession *session, int trace, int64_t now_us)
{
    dmn_trace_set(session->eval, trace != 0);
    dmn_eval_reset(session->eval);
    dmn_eval_now(session->eval, now_us);
}

/* Reads JSON into the arena, copied: its texts point into the bytes. */
static Err read_json(Arena *arena, const char *text, Diag *diag,
                     const Json **ret)
{
    Str copy;
    if (!str_try(arena, str_of(text), &copy)) {
        diag_set(diag, "json.large");
        return ERR_FULL;
    }
    return json_read(arena, copy, diag, ret);
}

SanadResult sanad_session_set(SanadSession *session, const char *input,
                              const char *json, SanadError *error)
{
    Diag diag = {.key = ""};
    const Json *tree;
    FeelValue value;
    const DmnModel *model = session->model->model;
    int32_t index = dmn_input_find(model, str_of(input));
    if (index < 0) return fail_name("rules.no_input", input, error);
    Arena *arena = dmn_eval_arena(session->eval);
    dmn_eval_forget(session->eval);
    Err err = read_json(arena, json, &diag, &tree);
    if (err == OK) {
        err = feel_from_json_as(arena, tree, dmn_input_type(model, index),
                                &value);
        if (err != OK) diag_set(&diag, "json.large");
    }
    if (err == OK && !dmn_input_check(session->eval, index, value)) {
        diag_set(&diag, "rules.input_type");
        diag_arg_text(&diag, input);
        err = ERR_INVALID;
    }
    if (err != OK) {
        dmn_input_set(session->eval, index, feel_null());
        dmn_eval_forget(session->eval); /* and why it was refused */
    }
    return fail(err, &diag, error);
}

/* A value as JSON, closed by a zero; false when it is too long. */
static bool write_json(Buf *json, FeelValue value)
{
    buf_reset(json);
    feel_write_json(json, value);
    buf_char(json, '\0');
    return !buf_full(json);
}

SanadResult sanad_session_decide(SanadSession *session, const char *decision,
                                 const char **ret_json, SanadError *error)
{
    FeelValue value;
    *ret_json = "null";
    int32_t index = dmn_decision_find(session->model->model, str_of(decision));
    if (index < 0) return fail_name("rules.no_decision", decision, error);
    Err err = dmn_eval(session->eval, index, &value);
    if (err == OK && !write_json(&session->json, value)) err = ERR_FULL;
    if (err == OK) *ret_json = session->json.at;
    return fail(err, dmn_eval_diag(session->eval), error);
}

const char *sanad_session_trace(SanadSession *session)
{
    size_t count;
    const DmnStep *steps = dmn_trace(session->eval, &count);
    buf_reset(&session->json);
    dmn_trace_json(&session->json, steps, count);
    buf_char(&session->json, '\0');
    return buf_full(&session->json) ? "[]" : session->json.at;
}

static Err evaluate(Arena *arena, const char *expression, const char *context,
                    int64_t now_us, Diag *diag, FeelValue *ret)
{
    const Json *tree;
    FeelValue names = feel_null();
    if (context != NULL) {
        TRY(read_json(arena, context, diag, &tree));
        TRY(feel_from_json(arena, tree, &names));
    }
    return feel_evaluate(arena, str_of(expression), names, now_us, diag, ret);
}

SanadResult sanad_feel(const char *expression, const char *context_json,
                       int64_t now_us, char **ret_json, SanadError *error)
{
    Diag diag = {.key = ""};
    FeelValue value;
    *ret_json = NULL;
    Arena *arena = arena_open(SESSION_BYTES);
    Buf json = buf_make(JSON_BYTES);
    Err err = evaluate(arena, expression, context_json, now_us, &diag, &value);
    if (err == OK && !write_json(&json, value)) err = ERR_FULL;
    if (err == OK) *ret_json = json.at;
    if (err != OK) buf_free(&json);
    SanadResult result = fail(err, &diag, error);
    arena_close(arena);
    return result;
}

void sanad_free(char *json)
{
    Buf buf = {.at = json};
    buf_free(&buf);
}
