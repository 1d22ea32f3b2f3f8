/*
 * scenario.h - simulations that a policy officer keeps by a name of his own:
 * the query of the page, in which all of it stands.
 */
#ifndef SERVICE_SCENARIO_H
#define SERVICE_SCENARIO_H

#include "base/clock.h"
#include "base/diag.h"
#include "store/store.h"

enum {
    SCENARIOS_KEPT_MAX = 50, /* of an officer */
    SCENARIO_NAME_BYTES = 160,
    SCENARIO_QUERY_BYTES = 2048
};

typedef struct SavedScenario {
    Str name;
    Str query; /* "month=2026-12&a.basic_minimum_head=1500" */
} SavedScenario;

/*
 * The scenarios of an officer, the latest first.
 *
 * out    ret: room for SCENARIOS_KEPT_MAX; texts live in `arena`
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err scenario_list(StoreConn *conn, Arena *arena, int64_t actor_id,
                            SavedScenario *ret, int32_t *ret_count);

/*
 * Keeps a scenario, in place of the one that has its name.
 *
 * errs   ERR_INVALID: no name or a long one (scenario.name), no query of a
 *        simulation (scenario.query)
 *        ERR_FULL: he keeps too many (scenario.many)
 *        ERR_IO, ERR_BUSY
 * tables writes scenario
 */
NODISCARD Err scenario_save(StoreConn *tx, int64_t actor_id,
                            const SavedScenario *scenario, Instant at,
                            Diag *diag);

/*
 * Forgets a scenario; harmless when there is none.
 *
 * errs   ERR_IO, ERR_BUSY
 * tables writes scenario
 */
NODISCARD Err scenario_drop(StoreConn *tx, int64_t actor_id, Str name);

#endif
