#!/bin/sh
# pg.sh - permissions and kin on a PostgreSQL server of their own.
cd "$(dirname "$0")/../.." || exit 2
program=build/asan/tests/service/test_guard
if [ -n "${SANAD_TEST_PG:-}" ]; then
    exec "$program"
fi
exec tests/pg-server "$program"
