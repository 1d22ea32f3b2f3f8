/*
 * account.h - who has an account, and who let him have it.
 *
 * Citizens get one at their first sign-in and caseworkers from the operator of
 * the machine, at once. An account with power over others (auditor, admin)
 * waits, and nobody signs in by it, until an administrator who is another
 * person than who asked for it and than its holder confirms it. The first
 * administrator of a database is made by the operator alone, since somebody
 * must be; he can be switched off only when another is in force, so that the
 * first is made once.
 */
#ifndef ACCESS_ACCOUNT_H
#define ACCESS_ACCOUNT_H

#include "access/signin.h"

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
    Str password;                  /* at NULL: none, a citizen or a persona */
    const unsigned char *code_key; /* SECRET_KEY_BYTES, or NULL */
    int64_t asked_by;              /* who asks for it; 0: the operator */
} NewActor;

/*
 * Adds an actor, with an audit leaf.
 *
 * out    ret_waits: nobody signs in by it before account_approve(); may be
 *        NULL
 * errs   ERR_INVALID: staff named like a number, which is a citizen's name;
 *        or person_id has another national id
 *        ERR_CONFLICT: the name is taken, or the person has an account whose
 *        role goes with none of these; diag says so
 *        ERR_RANGE: the password is too short or long; diag says so
 *        ERR_NOT_FOUND: no such person
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err account_add(StoreConn *tx, const NewActor *actor, Diag *diag,
                          bool *ret_waits);

/*
 * Confirms an account that waits, with an audit leaf.
 *
 * in     by: has proved who he is
 * errs   ERR_NOT_FOUND: no such name
 *        ERR_CONFLICT: it does not wait, or is switched off
 *        ERR_DENIED: `by` is no administrator, or not a second person
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err account_approve(StoreConn *tx, Str name, const Actor *by,
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
