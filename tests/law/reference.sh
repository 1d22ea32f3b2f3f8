#!/bin/sh
# reference.sh - the benchmark's model (bench/reference.dmn) decides as it is
# worked out apart (reference.py): its own cases, and a population. Two more
# come from the generator of the benchmark, which this repository does not
# carry, where that is (SANAD_DATA/bench/gen.py or ../shared/bench/gen.py, with
# numpy and pandas); of these also numpy's version of the model (numpy_model.py)
# gives the sums.
[ -z "$SANAD_DATA" ] || SANAD_DATA=$(cd "$SANAD_DATA" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
export PYTHONDONTWRITEBYTECODE=1
sanad=${SANAD:-$PWD/build/sanad}
data=${SANAD_DATA:-../shared}/bench
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

tck() { # FOLDER
    output=$("$sanad" tck "$1" 2>&1)
    line=$(printf '%s\n' "$output" | grep -E '^[0-9]+ passed, [0-9]+ failed')
    good=${line%% *}
    bad=$(printf '%s\n' "$line" | sed -nE 's/.*, ([0-9]+) failed.*/\1/p')
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
    [ "${bad:-1}" = 0 ] || printf '%s\n' "$output" | tail -20
}

mkdir "$work/own"
cp bench/reference.dmn bench/reference-test-01.xml "$work/own"
tck "$work/own"

# cases FOLDER: what the population in it gives, worked out apart
cases() {
    mkdir "$1/tck"
    cp bench/reference.dmn "$1/tck"
    for month in 2026-01 2026-12 2022-08; do
        python3 tests/law/reference.py cases "$1" $month \
            "$1/tck/reference-test-$month.xml"
    done
    tck "$1/tck"
}

mkdir "$work/plain"
python3 tests/law/population.py plain "$work/plain" 4 "${HOUSEHOLDS:-1500}"
cases "$work/plain"

python=
for name in /usr/bin/python3 python3; do
    $name -c 'import numpy, pandas' 2>/dev/null && python=$name && break
done
if ! [ -f "$data/gen.py" ]; then
    if [ -n "$SANAD_DATA" ]; then
        echo "FAIL SANAD_DATA has no bench/gen.py: $SANAD_DATA"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
fi
if [ -z "$python" ]; then
    echo "SKIP populations of $data/gen.py: no python3-numpy and -pandas"
    echo "$passed passed, $failed failed, 1 skipped"
    [ "$failed" = 0 ]
    exit
fi
for seed in 20260101 5; do
    folder=$work/$seed
    mkdir "$folder"
    "$python" "$data/gen.py" "${HOUSEHOLDS:-1500}" "$folder" --seed $seed \
        >/dev/null
    cases "$folder"
    numpy=$("$python" "$data/numpy_model.py" "$folder" 1 1 |
        sed -n 's/^month 1 //p' | tr -dc '0-9 ')
    own=$(python3 tests/law/reference.py sums "$folder" 2026-01 |
        tr -dc '0-9 ')
    # shellcheck disable=SC2086
    if [ "$(echo $numpy)" = "$(echo $own)" ]; then
        passed=$((passed + 1))
    else
        echo "FAIL numpy says $numpy, here it is $own"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
