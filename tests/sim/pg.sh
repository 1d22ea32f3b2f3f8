#!/bin/sh
# pg.sh - the same simulated life on SQLite and on PostgreSQL ends with equal
# tables. tests/pg-server COMMAND... runs a command beside a server of its own,
# whose empty database is named by SANAD_TEST_PG.
cd "$(dirname "$0")/../.." || exit 2
export TEST_ONLY=both_databases_end_the_same SIM_STEPS="${SIM_STEPS:-60}"
if [ -n "${SANAD_TEST_PG:-}" ]; then
    exec build/asan/tests/sim/test_sim
fi
if ! [ -x tests/pg-server ]; then
    echo "SKIP simulation on PostgreSQL: no tests/pg-server"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
exec tests/pg-server build/asan/tests/sim/test_sim
