#!/bin/sh
# model.sh - the pension's model, its cases and the oracle say the same: the
# oracle works out every case, the engine passes every case, and both agree on
# random households, RANDOM_FILES times 400 of them from SEED on.
cd "$(dirname "$0")/../.." || exit 2
export PYTHONDONTWRITEBYTECODE=1
folder=models/social-security
files=${RANDOM_FILES:-4}
seed=${SEED:-20260101}
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0

# Runs a program that ends with "N passed, N failed" and adds to the sums.
run() {
    output=$("$@" 2>&1)
    code=$?
    line=$(printf '%s\n' "$output" | grep -E '^[0-9]+ passed, [0-9]+ failed' | tail -1)
    good=${line%% *}
    bad=$(printf '%s\n' "$line" | sed -nE 's/.*passed, ([0-9]+) failed.*/\1/p')
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
    if [ "$code" != 0 ] || [ "${bad:-1}" != 0 ] || [ "${good:-0}" = 0 ]; then
        echo "FAIL $*"
        printf '%s\n' "$output" | tail -20
        [ "${bad:-1}" != 0 ] || failed=$((failed + 1))
    fi
}

run python3 tests/law/oracle.py check "$folder"/cases/*.xml
run build/sanad rules test "$folder"
mkdir "$tree/pension"
cp "$folder/pension.dmn" "$tree/pension/pension.dmn"
for number in $(seq "$files"); do
    python3 tests/law/oracle.py cases 400 $((seed + number)) \
        "$tree/pension/pension-test-$(printf '%02d' "$number").xml"
done
run build/sanad tck "$tree"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
