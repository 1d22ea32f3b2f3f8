/*
 * sanad-engine.h - decide by models of DMN 1.1 to 1.5 and their language,
 * FEEL, from any C program.
 *
 * Link with libsanad-engine.a and what `pkg-config --libs sanad-engine` says.
 * Values go in and come out as JSON: numbers stay exact to 34 digits; dates,
 * times and durations are strings in the form of FEEL. Texts are UTF-8.
 *
 * Threads: a model never changes once it is loaded and may be shared; a
 * session belongs to one thread at a time; functions without either may be
 * called from any thread. Nothing is kept in global state, nothing is logged,
 * no file is read but those of the time zones.
 *
 * Every function that can fail gives SANAD_OK or the kind of failure, and
 * says in `error` what it was; `error` may be NULL.
 */
#ifndef SANAD_ENGINE_H
#define SANAD_ENGINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct SanadModel SanadModel;
typedef struct SanadSession SanadSession;

typedef enum SanadResult {
    SANAD_OK,
    SANAD_INVALID,   /* the text is not DMN, FEEL or JSON, or is at fault */
    SANAD_NOT_FOUND, /* no such decision, input or imported model */
    SANAD_FULL       /* beyond the limits of memory, steps or depth */
} SanadResult;

typedef struct SanadError {
    char key[48];         /* what it is, for programs: "feel.expected" */
    char file[192];       /* as the file was named, or "" */
    int32_t line, column; /* from 1; 0: unknown */
    char english[512];    /* what it is, for people */
    char arabic[1024];
} SanadError;

/* A file in memory; its bytes are copied. */
typedef struct SanadFile {
    const char *name; /* for messages */
    const char *bytes;
    size_t size;
} SanadFile;

/*
 * Loads files[0] with what it imports, found among the others by namespace.
 *
 * owns   the caller, who gives *ret to sanad_model_free()
 */
SanadResult sanad_model_load(const SanadFile *files, size_t count,
                             SanadModel **ret, SanadError *error);

/* Frees a model without sessions. NULL is allowed. */
void sanad_model_free(SanadModel *model);

/*
 * Decisions and input data, 0 <= index < count; those of imported models are
 * named "import.name". The type is written as in FEEL: "list<number>";
 * one of more than 64 KiB is cut and ends in "...".
 */
size_t sanad_model_decision_count(const SanadModel *model);
const char *sanad_model_decision_name(const SanadModel *model, size_t index);
const char *sanad_model_decision_type(const SanadModel *model, size_t index);
size_t sanad_model_input_count(const SanadModel *model);
const char *sanad_model_input_name(const SanadModel *model, size_t index);
const char *sanad_model_input_type(const SanadModel *model, size_t index);

/*
 * Opens a session: inputs, and the decisions made with them.
 *
 * owns   the caller, who closes it before the model is freed
 * out    NULL when there is no memory
 */
SanadSession *sanad_session_open(const SanadModel *model);
void sanad_session_close(SanadSession *session);

/*
 * Forgets inputs and decisions. `trace` says whether the way to what is
 * decided from now on is kept; `now_us`, microseconds since 1970, is what
 * now() and today() say, 0: null.
 */
void sanad_session_reset(SanadSession *session, int trace, int64_t now_us);

/*
 * Sets an input to a value of its type; those not set are null. What was
 * decided before is forgotten, and its trace, so that the next decision is
 * made with the new value. A value that is refused leaves the input null.
 * Memory comes back with a reset alone: without one, many values set one
 * after another end in SANAD_FULL, and so do all decisions from then on.
 */
SanadResult sanad_session_set(SanadSession *session, const char *input,
                              const char *json, SanadError *error);

/*
 * Decides, with what the decision requires.
 *
 * out    ret_json: lives until the next call with this session. SANAD_OK
 *        with a null says in `error` why it is null, if something failed
 */
SanadResult sanad_session_decide(SanadSession *session, const char *decision,
                                 const char **ret_json, SanadError *error);

/*
 * The way to all that was decided since the reset, or since an input was set
 * after it, as a JSON list of steps
 * in their order: kind, depth, name, text, value, line, row and annotations.
 * Lives until the next call with this session.
 */
const char *sanad_session_trace(SanadSession *session);

/*
 * Evaluates an expression of FEEL whose names are the entries of the object
 * `context_json`, which may be NULL.
 *
 * owns   the caller, who gives *ret_json to sanad_free()
 * out    as sanad_session_decide()
 */
SanadResult sanad_feel(const char *expression, const char *context_json,
                       int64_t now_us, char **ret_json, SanadError *error);
void sanad_free(char *json);

#endif
