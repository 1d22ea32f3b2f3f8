/*
 * desk_looks.c - who looked at the data of the one who asks.
 *
 * A member is told of the households in which he was a member, and of each
 * the time in which he was; what was before him or after him is not his.
 */
#include "text/calendar.h"
#include "web/desk_int.h"

enum { PAGE_ROWS = 256, ROWS_MAX = 16384 };

typedef struct Looks {
    BackendCall *call;
    StoreConn *conn;
    BackendLook *look;
    BackendLooks *ret;
    int32_t rows; /* that were read */
} Looks;

/* A text by a key that is partly a stored code; empty: not known. */
static Str code_text(const BackendCall *call, const char *area, Str code)
{
    const char *key = arena_format(call->arena, "%s.%.*s", area, STR_ARG(code));
    return text_has(call->style->texts, str_of(key))
               ? text_get(call->style, key)
               : (Str){"", 0};
}

static void take(Looks *looks, StoreStmt *stmt, const HomeSpell *spell)
{
    const BackendCall *call = looks->call;
    Instant at = store_int(stmt, 4);
    Day day = calendar_civil_day(at);
    Str role = store_text(stmt, 1);
    bool refused = store_int(stmt, 5) != 0;
    if (day < spell->from || day >= spell->to) return;
    if (str_is(role, "citizen") && !refused) return; /* they themselves */
    looks->ret->more = looks->ret->look_count == BACKEND_LOOKS_MAX;
    if (looks->ret->more) return;
    looks->look[looks->ret->look_count++] = (BackendLook){
        .at = at,
        .role = code_text(call, "role", role),
        .purpose = code_text(call, "purpose", store_text(stmt, 2)),
        .what = code_text(call, "look", store_text(stmt, 3)),
        .refused = refused};
}

/* The looks at a household while he was in it, latest first. */
static Err add_spell(Looks *looks, const HomeSpell *spell)
{
    int64_t before = INT64_MAX;
    while (!looks->ret->more) {
        int32_t rows = 0;
        bool row;
        StoreStmt *stmt = store_query(looks->conn, Q_READ_PAGE);
        store_bind_int(stmt, 1, spell->household_id);
        store_bind_int(stmt, 2, before);
        store_bind_int(stmt, 3, PAGE_ROWS);
        for (;; rows++) {
            TRY(store_step(stmt, &row));
            if (!row) break;
            before = store_int(stmt, 0);
            take(looks, stmt, spell);
        }
        looks->rows += rows;
        if (rows < PAGE_ROWS) return OK;
        looks->ret->more |= looks->rows >= ROWS_MAX;
    }
    return OK;
}

/* The first day from now on that makes his household his own. */
static Day own_day(const Homes *homes, int64_t household_id, Instant now)
{
    Month month = month_of_day(calendar_civil_day(now));
    Month own = homes_month(homes, household_id, month);
    return month_first_day(own == MONTH_NEVER ? month : own);
}

static Err view_looks(Desk *desk, BackendCall *call, StoreConn *conn,
                      BackendLooks *ret, Diag *diag)
{
    DeskRead *read;
    const Homes *homes;
    Looks looks = {.call = call, .conn = conn, .ret = ret};
    TRY(desk_homes(desk, call, conn, &homes));
    if (homes == NULL) return ERR_DENIED; /* nobody is told of others */
    int64_t home = call->session->household_id;
    TRY(desk_guard(desk, call, conn, ACTION_READ, OBJECT_HOUSEHOLD, home,
                   own_day(homes, home, call->now), "looks", diag, &read));
    looks.look = ARENA_ARRAY(call->arena, BackendLook, BACKEND_LOOKS_MAX);
    *ret = (BackendLooks){.looks = looks.look};
    for (int32_t i = homes->count - 1; i >= 0; i--) {
        if (!desk_also(read, homes->spell[i].household_id)) break;
        TRY(add_spell(&looks, &homes->spell[i]));
    }
    return desk_record(desk, read, diag);
}

Err desk_looks(void *self, BackendCall *call, BackendLooks *ret, Diag *diag)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    Err err = store_begin(conn);
    if (err == OK) {
        err = view_looks(desk, call, conn, ret, diag);
        store_rollback(conn);
    }
    desk_reader_give(desk, conn);
    return err;
}
