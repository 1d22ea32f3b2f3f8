#!/bin/sh
# long_sim.sh - LIVES lives of STEPS steps from SEED on, each from a seed of
# its own; a seed that fails is printed with what went wrong.
cd "$(dirname "$0")/../.." || exit 2
program=build/asan/tests/sim/test_sim
first=${SEED:-$(date +%j%H%M)}
passed=0 failed=0
export TEST_ONLY=a_first_life_keeps_what_must_hold SIM_STEPS="${STEPS:-200}"
for seed in $(seq "$first" $((first + ${LIVES:-100} - 1))); do
    if output=$(SIM_SEED=$seed $program 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL seed $seed, $SIM_STEPS steps"
        echo "$output" | grep -a 'FAIL\|CHECK\|ERROR\|runtime error' | head -5
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
