#!/bin/sh
# long_same.sh - five million households of every style, each by columns and by
# the evaluator for one, for every shipped model: no value may differ. One
# process a processor; SEED is the first population's, HOUSEHOLDS how many.
cd "$(dirname "$0")/../.." || exit 2
make -s build/release/tests/simulation/test_same || exit 1
log=$(mktemp -d) || exit 2
trap 'rm -rf "$log"' EXIT
parts=$(nproc)
export SANAD_TESTS="$PWD/tests" CK_FORK=no
export SAME_CHUNK=20000 SAME_TELL=1
export SAME_HOUSEHOLDS=$((${HOUSEHOLDS:-5000000} / parts + 1))
seed=${SEED:-20260101}
for part in $(seq "$parts"); do
    SAME_SEED=$((seed + part * 1000000)) \
        build/release/tests/simulation/test_same >"$log/$part" 2>&1 &
done
wait
passed=0 failed=0
for part in $(seq "$parts"); do
    cat "$log/$part"
    if grep -q '^1 passed, 0 failed' "$log/$part"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
