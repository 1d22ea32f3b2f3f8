#include "access/access.h"

typedef enum Condition { IF_always, IF_own, IF_not_kin, IF_second } Condition;

typedef enum Words {
    WORD_citizen = ROLE_CITIZEN,
    WORD_caseworker = ROLE_CASEWORKER,
    WORD_auditor = ROLE_AUDITOR,
    WORD_policy = ROLE_POLICY,
    WORD_admin = ROLE_ADMIN,
    WORD_operator = ROLE_OPERATOR
} Words;

enum {
    DO_read = ACTION_READ,
    DO_search = ACTION_SEARCH,
    DO_explain = ACTION_EXPLAIN,
    DO_import = ACTION_IMPORT,
    DO_determine = ACTION_DETERMINE,
    DO_administer = ACTION_ADMINISTER,
    DO_approve = ACTION_APPROVE,
    DO_verify = ACTION_VERIFY,
    DO_export = ACTION_EXPORT,
    DO_simulate = ACTION_SIMULATE,
    DO_draft = ACTION_DRAFT,
    DO_publish = ACTION_PUBLISH
};

enum {
    ON_household = OBJECT_HOUSEHOLD,
    ON_decision = OBJECT_DECISION,
    ON_registry = OBJECT_REGISTRY,
    ON_system = OBJECT_SYSTEM,
    ON_account = OBJECT_ACCOUNT,
    ON_model = OBJECT_MODEL
};

typedef struct Permission {
    int role;
    int action;
    int object;
    Condition condition;
} Permission;

static const Permission permissions[] = {
#define PERMIT(role, action, object, condition)                                \
    {WORD_##role, DO_##action, ON_##object, IF_##condition},
#include "access/permissions.def"
#undef PERMIT
};

enum { PERMISSION_COUNT = sizeof permissions / sizeof permissions[0] };

static const char *const role_names[ROLE_COUNT] = {
    "citizen", "caseworker", "auditor", "policy", "admin", "operator"};

static const char *const purposes[] = {
#define PURPOSE(code) #code,
#include "access/purposes.def"
#undef PURPOSE
    NULL};

const char *const *access_purposes(void)
{
    return purposes;
}

bool access_purpose(Str code)
{
    for (int i = 0; purposes[i] != NULL; i++) {
        if (str_is(code, purposes[i])) return true;
    }
    return false;
}

const char *role_name(Role role)
{
    CHECK((unsigned)role < ROLE_COUNT);
    return role_names[role];
}

Role role_find(Str name)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (str_is(name, role_names[i])) return (Role)i;
    }
    return ROLE_COUNT;
}

unsigned access_roles_read(Str text)
{
    unsigned roles = 0;
    Str name;
    while (str_split(&text, ' ', &name)) {
        Role role = role_find(name);
        if (role != ROLE_COUNT) roles |= 1u << role;
    }
    return roles;
}

void access_roles_write(unsigned roles, Buf *buf)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if ((roles >> i & 1) == 0) continue;
        if (buf->bytes > 0) buf_char(buf, ' ');
        buf_text(buf, role_name((Role)i));
    }
}

Actor access_operator(void)
{
    return (Actor){.id = 0,
                   .name = STR("operator"),
                   .label = STR("operator"),
                   .roles = 1u << ROLE_OPERATOR,
                   .person_id = -1};
}

bool access_distinct(const Actor *one, const Actor *other)
{
    bool same_person =
        one->person_id >= 0 && one->person_id == other->person_id;
    bool same_number = one->national_id.at != NULL &&
                       other->national_id.at != NULL &&
                       str_equal(one->national_id, other->national_id);
    return one->id != other->id && !same_person && !same_number;
}

Err access_person(StoreConn *conn, const Actor *actor, int64_t *ret)
{
    *ret = actor->person_id;
    if (*ret >= 0 || actor->national_id.at == NULL) return OK;
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, actor->national_id);
    TRY(store_step(stmt, &row));
    if (row) *ret = store_int(stmt, 0);
    store_reset(stmt);
    return OK;
}

/* The first half must have been done, or one person could do both. */
static bool is_second(const Actor *actor, const Subject *subject)
{
    return subject->first != NULL && access_distinct(actor, subject->first) &&
           (subject->favours == NULL ||
            access_distinct(actor, subject->favours));
}

static bool holds(Condition condition, const Actor *actor,
                  const Subject *subject)
{
    switch (condition) {
    case IF_always:
        return true;
    case IF_own:
        return subject->own;
    case IF_not_kin:
        return !subject->own && !subject->kin;
    case IF_second:
        return is_second(actor, subject);
    }
    return false;
}

/* What the refused reads, by the condition that was not met. */
static const char *refusal(Condition condition)
{
    if (condition == IF_not_kin) return "access.kin";
    return condition == IF_second ? "access.second" : "access.denied";
}

Err access_check(const Actor *actor, Action action, const Subject *subject,
                 Diag *diag, Role *ret_role)
{
    const char *why = "access.denied";
    for (int i = 0; i < PERMISSION_COUNT; i++) {
        const Permission *permission = &permissions[i];
        if ((actor->roles >> permission->role & 1) == 0 ||
            permission->action != (int)action ||
            permission->object != (int)subject->object) {
            continue;
        }
        if (holds(permission->condition, actor, subject)) {
            if (ret_role != NULL) *ret_role = (Role)permission->role;
            return OK;
        }
        why = refusal(permission->condition);
    }
    diag_set(diag, why);
    diag_arg(diag, actor->label);
    return ERR_DENIED;
}

Role access_role(const Actor *actor)
{
    Role role = ROLE_CITIZEN;
    for (int i = ROLE_COUNT - 1; i > ROLE_CITIZEN; i--) {
        if ((actor->roles >> i & 1) != 0) role = (Role)i;
    }
    return role;
}

Err access_read(StoreConn *tx, const AccessRead *read)
{
    StoreStmt *stmt = store_query(tx, Q_READ_INSERT);
    store_bind_int(stmt, 1, read->household_id);
    store_bind_int(stmt, 2, read->id);
    store_bind_int(stmt, 3, read->actor->id);
    store_bind_text(stmt, 4, read->actor->name);
    store_bind_text(stmt, 5, str_of(role_name(read->role)));
    store_bind_text(stmt, 6, read->purpose);
    store_bind_text(stmt, 7, read->what);
    store_bind_int(stmt, 8, read->at);
    store_bind_int(stmt, 9, read->refused);
    return store_exec(stmt, NULL);
}
