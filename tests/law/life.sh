#!/bin/sh
# life.sh - random lives, decided and worked out apart (life.py), HOUSEHOLDS of
# them for each of SEEDS, in the months of MONTHS ("all": 2022-01 to 2027-01).
cd "$(dirname "$0")/../.." || exit 2
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0
for seed in ${SEEDS:-1 2}; do
    # shellcheck disable=SC2086
    output=$(python3 tests/law/life.py "${SANAD:-$PWD/build/sanad}" \
        "${HOUSEHOLDS:-600}" "$seed" ${MONTHS:-} 2>&1)
    line=$(printf '%s\n' "$output" | grep -E '^[0-9]+ passed, [0-9]+ failed')
    good=${line%% *}
    bad=$(printf '%s\n' "$line" | sed -nE 's/.*, ([0-9]+) failed/\1/p')
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
    [ "${bad:-1}" = 0 ] || printf '%s\n' "$output" | tail -40
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
