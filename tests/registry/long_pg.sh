#!/bin/sh
# long_pg.sh - the events of agencies on a PostgreSQL server of their own, a
# database for each test.
cd "$(dirname "$0")/../.." || exit 2
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec tests/pg-server sh tests/registry/long_pg.sh
fi
passed=0 failed=0
for program in test_event test_move; do
    line=$("build/asan/tests/registry/$program" | tee /dev/stderr | tail -1)
    p=$(echo "$line" | sed -nE 's/^([0-9]+) passed.*/\1/p')
    f=$(echo "$line" | sed -nE 's/.* ([0-9]+) failed.*/\1/p')
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
