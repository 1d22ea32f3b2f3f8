/*
 * event.h - what agencies report, one CloudEvents message at a time.
 *
 * A message is read and checked without the database (event_read()), then
 * carried out as a command with an id (event_apply()): the same (source, id)
 * with the same bytes changes nothing a second time, with other bytes it is an
 * error. Which type of message does what is data of the country pack
 * (models/events.tsv); docs/events.md shows every type with an example.
 *
 * A person keeps what is known about him when he moves (move.h), and what
 * becomes known late is stated in every household that it concerns: the one
 * he lives in now, and each in which he still lived after it began.
 */
#ifndef REGISTRY_EVENT_H
#define REGISTRY_EVENT_H

#include "codec/format.h"
#include "crypto/hash.h"
#include "registry/registry.h"

enum {
    EVENT_BYTES_MAX = 64 * 1024, /* of one message */
    EVENT_MEMBERS_MAX = 64,      /* persons in one message */
    EVENT_TOUCHED_MAX = 64,      /* households that one message may change */
    EVENT_NONE = -1,             /* no person or household named */
    EVENT_NEW = -2               /* a household that is to be made */
};

typedef enum EventAction {
    EVENT_STATE,    /* a value of one kind */
    EVENT_BIRTH,    /* a new person in a household */
    EVENT_DEATH,    /* with a new head where there is none */
    EVENT_MARRIAGE, /* two persons, who may move together */
    EVENT_DIVORCE,  /* two persons, of whom one may move out */
    EVENT_JOINED,   /* a person moves to a household, or changes his role */
    EVENT_LEFT,     /* a person moves out, to one of his own unless told */
    EVENT_FORMED    /* a new household with its members */
} EventAction;

/* What one type of message means: a line of models/events.tsv. */
typedef struct EventRule {
    const char *type; /* without prefix and version; "fact.*" for all kinds */
    EventAction action;
    const Kind *kind; /* EVENT_STATE: NULL when the message names it */
    int64_t code;     /* of `kind`, for marriage, divorce and death */
} EventRule;

typedef struct EventTypes {
    const KindCatalogue *catalogue;
    const Formats *formats;
    Str prefix; /* "sa.gov.sanad." */
    Str suffix; /* ".v1" */
    const EventRule *rules;
    int32_t rule_count;
} EventTypes;

/* A person as a message names him: by id, by national id or by both. */
typedef struct EventPerson {
    int64_t id; /* EVENT_NONE: not given */
    Str national_id;
} EventPerson;

typedef struct EventMember {
    EventPerson who;
    int32_t role;           /* code of the member kind; -1: not given */
    const Attribute *facts; /* of a new person, ordered by kind */
    int32_t fact_count;
} EventMember;

/* A message that is well formed by itself. Texts live in the arena. */
typedef struct Event {
    Str source, id;
    Hash content; /* of the bytes as they came */
    Str bytes;    /* they themselves, and what was read of them: */
    const struct Json *message; /* where a refusal has its place */
    EventAction action;
    const Kind *kind;    /* of EVENT_STATE: what is stated */
    int64_t code;        /* of marriage, divorce, death: what both then are, */
    const Kind *becomes; /* of this kind; NULL: nothing is stated */
    Day from, to;        /* true in [from, to) */
    int64_t household;   /* an id, EVENT_NEW or EVENT_NONE */
    int64_t target;      /* where a person who leaves goes, likewise */
    Attribute value;     /* of EVENT_STATE */
    EventMember members[EVENT_MEMBERS_MAX]; /* [1]: the other of two persons */
    int32_t member_count;
    EventPerson parent;     /* of a birth, when no household is given */
    const Attribute *facts; /* of a new household */
    int32_t fact_count;
} Event;

/* A household that a message changed, and the first day concerned. */
typedef struct EventTouched {
    int64_t household_id;
    Day since;
} EventTouched;

typedef struct EventOutcome {
    bool is_new; /* false: it had been carried out before */
    EventTouched touched[EVENT_TOUCHED_MAX];
    int32_t touched_count; /* 0 when it is not new */
} EventOutcome;

/*
 * Reads the table of types.
 *
 * in     tsv: the bytes of models/events.tsv
 * out    ret: borrows catalogue and formats; the rest in `arena`
 * errs   ERR_INVALID: event.table {what}, with file and line
 */
NODISCARD Err event_types_load(Arena *arena, const KindCatalogue *catalogue,
                               const Formats *formats, Str tsv, Diag *diag,
                               EventTypes *ret);

/*
 * Reads one message and checks all that can be checked without the database.
 *
 * in     bytes: one JSON object; outlives the event
 * out    ret: texts in `arena` or in `bytes`; diag with line and column
 * errs   ERR_INVALID: it breaks a rule (json.*, value.*, format.*, event.*)
 *        ERR_FULL: longer than EVENT_BYTES_MAX, or the arena is exhausted
 */
NODISCARD Err event_read(Arena *arena, const EventTypes *types, Str bytes,
                         Diag *diag, Event *ret);

/*
 * Says which member of a message a refusal is about, for a list of them.
 *
 * in     bytes: what event_read() or event_apply() refused, or what followed
 *        from it; why: as it was filled
 * out    ret_path: "data.members[1].role"; where the bytes are no JSON the
 *        column as a number. ret_value: what stands there, of an object, an
 *        array or no JSON how it begins; empty for a member that is missing.
 *        Both in `arena` or in `bytes`
 */
void event_place(Arena *arena, Str bytes, const Diag *why, Str *ret_path,
                 Str *ret_value);

/*
 * Carries out a message in the caller's transaction. After an error the
 * caller rolls back to where it was before the call, and nothing has changed.
 *
 * in     now: when it became known here
 * out    ret: the households touched, in order of their ids; diag with line
 *        and column of the member that is refused
 * errs   ERR_INVALID: a rule refuses it (event.*, household.*, person.*)
 *        ERR_NOT_FOUND: event.person_unknown, event.household_unknown
 *        ERR_CONFLICT: the id was used for another message, or somebody
 *        changed a household meanwhile (then diag has no key: try again)
 *        ERR_FULL: a household's book is full (household.full)
 *        ERR_IO, ERR_BUSY
 * tables writes command, fact, household_book, person_key, person_stay,
 *        person_name, person_relation, audit_pending
 */
NODISCARD Err event_apply(StoreConn *tx, Arena *arena, const EventTypes *types,
                          const Event *event, Instant now, Diag *diag,
                          EventOutcome *ret);

#endif
