/*
 * access.h - who may do what, and the record of who has read what.
 *
 * Every handler and command asks access_check() before it acts; the table is
 * permissions.def, also for what needs two people. Every read of personal
 * data, and every try that is refused, is recorded by access_read(), in a
 * transaction that is durable before the answer leaves.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/store.h"

typedef enum Role {
    ROLE_CITIZEN,
    ROLE_CASEWORKER,
    ROLE_AUDITOR,
    ROLE_POLICY, /* designs the law; sees no household */
    ROLE_ADMIN,
    ROLE_OPERATOR,
    ROLE_COUNT
} Role;

typedef enum Action {
    ACTION_READ,
    ACTION_SEARCH,
    ACTION_EXPLAIN,
    ACTION_IMPORT,
    ACTION_DETERMINE,
    ACTION_ADMINISTER,
    ACTION_APPROVE,
    ACTION_VERIFY,
    ACTION_EXPORT,
    ACTION_SIMULATE,
    ACTION_DRAFT,
    ACTION_PUBLISH,
    ACTION_COUNT
} Action;

typedef enum Object {
    OBJECT_HOUSEHOLD,
    OBJECT_DECISION,
    OBJECT_REGISTRY,
    OBJECT_SYSTEM,
    OBJECT_ACCOUNT,
    OBJECT_MODEL,
    OBJECT_COUNT
} Object;

/* Who acts. */
typedef struct Actor {
    int64_t id;        /* 0: the operator at the machine */
    Str name;          /* as he signs in */
    Str label;         /* as people call him */
    unsigned roles;    /* bit n: has the role n */
    int64_t person_id; /* the actor as a person in the registry; -1: none */
    Str national_id;   /* finds that person, also later; at NULL: not known */
} Actor;

/* What he acts on, with the facts about it that conditions ask for. */
typedef struct Subject {
    Object object;
    int64_t household_id; /* -1: no household */
    bool own;             /* the actor was in it on the day asked about */
    bool kin;             /* somebody in it is close to the actor */
    /* Of an act of two people, whom the second must differ from: */
    const Actor *first;   /* who did the first half; NULL: nobody has */
    const Actor *favours; /* whom the act gives something; NULL: nobody */
} Subject;

/*
 * Whether the actor may do this.
 *
 * out    ret_role: the role that allows it, for the record; may be NULL
 * errs   ERR_DENIED: no role of his allows it; diag says which rule refuses
 */
NODISCARD Err access_check(const Actor *actor, Action action,
                           const Subject *subject, Diag *diag, Role *ret_role);

/* The role in which an actor is refused: the first of his as staff. */
Role access_role(const Actor *actor);

/* Somebody read personal data, or tried to. */
typedef struct AccessRead {
    int64_t id;
    int64_t household_id; /* -1: of none that is known */
    const Actor *actor;
    Role role;
    Str purpose; /* why: a code, see below */
    Str what;    /* as "household" or "decision" */
    Instant at;
    bool refused; /* he was not let in */
} AccessRead;

/*
 * Whether two accounts are two people: not the same account, and, as far as
 * both are known as persons, not the same person. Whoever asks has found the
 * persons by access_person().
 */
bool access_distinct(const Actor *one, const Actor *other);

/*
 * The actor as a person: known when he was added, or found by national ID
 * since the registry knows him.
 *
 * out    ret: -1 for neither
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err access_person(StoreConn *conn, const Actor *actor, int64_t *ret);

/*
 * Records that personal data of a household is read, or that somebody was
 * refused who tried.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT as store_exec()
 * tables writes access_read
 */
NODISCARD Err access_read(StoreConn *tx, const AccessRead *read);

enum { ACCESS_PURPOSES_MAX = 16 };

/* Of what citizens read of themselves, and of commands at the machine. */
#define ACCESS_PURPOSE_OWN "own"
#define ACCESS_PURPOSE_OPERATION "operation"

/* The purposes that staff may choose for what they read, by their codes, as
 * purposes.def lists them; their texts are purpose.CODE. NULL after the
 * last. */
const char *const *access_purposes(void);

/* Whether it is one of these. */
bool access_purpose(Str code);

/* "caseworker"; and back, or ROLE_COUNT. */
const char *role_name(Role role);
Role role_find(Str name);

/* Roles from their names with spaces between, and back. */
unsigned access_roles_read(Str text);
void access_roles_write(unsigned roles, Buf *buf);

/* The operator of the machine: whoever runs a command. Static texts. */
Actor access_operator(void);

#endif
