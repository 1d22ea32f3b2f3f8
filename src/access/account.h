/*
 * account.h - who has an account, and who let him have it.
 *
 * Citizens get one at their first sign-in and caseworkers from the operator of
 * the machine, at once. An account with power over others (auditor, policy,
 * admin) is asked for by an administrator, and waits until another one, who is
 * another person than he and than its holder, confirms it; then the holder
 * enrols himself, see enrol.h, and nobody signs in before. The operator of the
 * machine
 * makes the first administrator of a database alone, since somebody must be,
 * and asks for the second, whom the first confirms: until he is in force the
 * first and the operator, should they be one person, can do all of this
 * alone, and afterwards nobody can. An administrator can be switched off only
 * when another is in force, so that the first is made once.
 *
 * Account changes of staff take turns: what one checks stays so until its end.
 */
#ifndef ACCESS_ACCOUNT_H
#define ACCESS_ACCOUNT_H

#include "access/enrol.h"

/* Administrators whom the operator may ask for. */
enum { ACCOUNT_FOUNDERS = 2 };

/* A new actor. */
typedef struct NewActor {
    int64_t id;
    Str name;  /* unique */
    Str label; /* as people call him */
    unsigned roles;
    int64_t person_id; /* -1: none */
    Str national_id;   /* of staff; at NULL: none */
    const Str *kin;    /* national ids that staff declare */
    int32_t kin_count;
    Str password;                  /* at NULL: none, or he enrols himself */
    const unsigned char *code_key; /* SECRET_KEY_BYTES, or NULL */
    int64_t asked_by; /* who asks for it and proved it; 0: the operator */
    bool persona;     /* of the demo: has power without any of this */
} NewActor;

/*
 * Adds an actor, with an audit leaf. One that waits gets neither password nor
 * code key.
 *
 * out    ret_half: the asker's half of the enrolment code of one that waits,
 *        "" of another; may be NULL where none can wait
 * errs   ERR_INVALID: staff named like a number, which is a citizen's name;
 *        or person_id has another national id; or an account with power for
 *        nobody knows whom
 *        ERR_DENIED: an account with power that must wait, and no
 *        administrator asks for it, or somebody else has typed a password
 *        ERR_CONFLICT: the name is taken, or the person has an account whose
 *        role goes with none of these; diag says so
 *        ERR_RANGE: the password is too short or long; diag says so
 *        ERR_NOT_FOUND: no such person
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err account_add(StoreConn *tx, const NewActor *actor, Diag *diag,
                          char ret_half[ENROL_HALF_ROOM]);

/*
 * The account of that id, as a person too; 0 is the operator.
 *
 * errs   ERR_NOT_FOUND, ERR_IO, ERR_BUSY
 */
NODISCARD Err account_actor(StoreConn *conn, Arena *arena, int64_t id,
                            Actor *ret);

/*
 * Confirms an account that waits, with an audit leaf; once more as long as
 * its holder has not enrolled himself.
 *
 * in     by: has proved who he is
 * out    ret_half: the other half of the enrolment code; an older one is void
 * errs   ERR_NOT_FOUND: no such name
 *        ERR_CONFLICT: it does not wait, or is switched off
 *        ERR_DENIED: `by` is no administrator, or not a second person
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err account_approve(StoreConn *tx, Str name, const Actor *by,
                              Instant now, char ret_half[ENROL_HALF_ROOM],
                              Diag *diag);

/*
 * Switches an actor off, ends his sessions; with an audit leaf.
 *
 * errs   ERR_NOT_FOUND: no such name
 *        ERR_CONFLICT: the last administrator in force
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err account_disable(StoreConn *tx, Str name, Diag *diag);

/* Whether the roles may be of one person: who administers accounts reads no
 * files of households. */
bool account_roles_fit(unsigned roles);

#endif
