#!/bin/sh
# pg.sh - the search by name on a PostgreSQL server of their own.
cd "$(dirname "$0")/../.." || exit 2
program=build/asan/tests/registry/test_name_search
if [ -n "${SANAD_TEST_PG:-}" ]; then
    exec "$program"
fi
exec tests/pg-server "$program"
