#!/bin/sh
# pg.sh - the tests of the store on a PostgreSQL server of their own.
cd "$(dirname "$0")/../.." || exit 2
program=build/asan/tests/store/test_store
if [ -n "${SANAD_TEST_PG:-}" ]; then
    exec "$program"
fi
exec tests/pg-server "$program"
