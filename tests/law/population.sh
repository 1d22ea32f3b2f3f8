#!/bin/sh
# population.sh - whole populations, imported and determined for several
# months, against a calculation apart from the program (population.py): some
# stand on the edges, some are as people are. Three more come from the generator
# of the benchmark, which this repository does not carry, where that is:
# SANAD_DATA/bench/gen.py or ../shared/bench/gen.py, with numpy and pandas.
[ -z "$SANAD_DATA" ] || SANAD_DATA=$(cd "$SANAD_DATA" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
export PYTHONDONTWRITEBYTECODE=1
sanad=${SANAD:-$PWD/build/sanad}
data=${SANAD_DATA:-../shared}
households=${HOUSEHOLDS:-4000}
months="2022-03 2023-10 2023-11 2026-02"
work=$(mktemp -d /tmp/sanad-law-XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

compare() { # NAME FOLDER
    # shellcheck disable=SC2086
    "$python" tests/law/population.py compare "$2" "$work/$1.db" "$sanad" \
        $months >"$work/log" 2>&1
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/log")
    good=${line%% *}
    bad=$(echo "$line" | sed -nE 's/.*, ([0-9]+) failed/\1/p')
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
    if [ "${bad:-1}" != 0 ]; then
        echo "FAIL population $1"
        grep -v ' passed, ' "$work/log" | head -30
    fi
    rm -f "$work/$1.db"*
}

python=
for name in /usr/bin/python3 python3; do
    command -v $name >/dev/null || continue
    [ -n "$python" ] || python=$name
    $name -c 'import numpy, pandas' 2>/dev/null && python=$name && break
done
if [ -z "$python" ]; then
    echo "SKIP populations: no python3"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
own() { # KIND SEED HOUSEHOLDS
    mkdir "$work/$1-$2"
    "$python" tests/law/population.py "$1" "$work/$1-$2" "$2" "$3"
    compare "$1-$2" "$work/$1-$2"
}
for seed in 1 2; do own edges $seed 3000; done
for seed in 3 20260101; do own plain $seed "$households"; done
if ! [ -f "$data/bench/gen.py" ]; then
    if [ -n "$SANAD_DATA" ]; then
        echo "FAIL SANAD_DATA has no bench/gen.py: $SANAD_DATA"
        failed=$((failed + 1))
    fi
elif ! "$python" -c 'import numpy, pandas' 2>/dev/null; then
    echo "SKIP populations of $data/bench/gen.py: no python3-numpy and -pandas"
    skipped=1
else
    for seed in 7 20260101 99; do
        "$python" "$data/bench/gen.py" "$households" "$work/$seed" \
            --seed $seed >/dev/null
        compare seed-$seed "$work/$seed"
    done
fi
tail="$passed passed, $failed failed"
[ "$skipped" = 0 ] || tail="$tail, $skipped skipped"
echo "$tail"
[ "$failed" = 0 ]
