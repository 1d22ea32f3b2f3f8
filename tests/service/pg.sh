#!/bin/sh
# pg.sh - permissions, kin and drafts of the law on a PostgreSQL server of
# their own.
cd "$(dirname "$0")/../.." || exit 2
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec tests/pg-server "$0"
fi
passed=0 failed=0
for program in build/asan/tests/service/test_guard \
    build/asan/tests/service/test_draft; do
    said=$("$program") || printf '%s\n' "$said"
    line=$(printf '%s\n' "$said" | tail -1)
    passed=$((passed + ${line%% passed*}))
    line=${line#*, }
    failed=$((failed + ${line%% failed*}))
done
echo "$passed passed, $failed failed"
test "$failed" = 0
