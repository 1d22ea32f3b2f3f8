#!/bin/sh
# reference.sh - the benchmark's model (bench/reference.dmn) decides as it is
# worked out apart (reference.py): its own cases, and populations of the shared
# generator when that is there (SANAD_DATA/bench/gen.py with numpy, pandas),
# for which also numpy's version of the model (numpy_model.py) gives the sums.
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

python=
for name in /usr/bin/python3 python3; do
    $name -c 'import numpy, pandas' 2>/dev/null && python=$name && break
done
if ! [ -f "$data/gen.py" ] || [ -z "$python" ]; then
    echo "SKIP populations of bench/gen.py: needs SANAD_DATA, numpy, pandas"
    echo "$passed passed, $failed failed, 1 skipped"
    [ "$failed" = 0 ]
    exit
fi
for seed in 20260101 5; do
    folder=$work/$seed
    mkdir "$folder" "$folder/tck"
    "$python" "$data/gen.py" "${HOUSEHOLDS:-1500}" "$folder" --seed $seed \
        >/dev/null
    cp bench/reference.dmn "$folder/tck"
    for month in 2026-01 2026-12 2022-08; do
        python3 tests/law/reference.py cases "$folder" $month \
            "$folder/tck/reference-test-$month.xml"
    done
    tck "$folder/tck"
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
