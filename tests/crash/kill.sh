#!/bin/sh
# kill.sh - kill -9 at random moments of an import and of a determination,
# go on, and find the same as if nothing had happened: facts, books,
# decisions, runs with their roots, one leaf for each change. KILLS is how
# often; SEED repeats a run.
. "$(dirname "$0")/../cli/frame"

kills=${KILLS:-6}
seed=${SEED:-$$}
households=${HOUSEHOLDS:-2500}
export SANAD_CLOCK=2026-01-15T08:00:00Z # the same day in every run

# Waits a random time below $1 milliseconds; the sequence follows the seed.
moment() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    sleep "$(awk -v r=$((seed / 7)) -v below="$1" \
        'BEGIN { printf "%.4f", r % below / 1000 }')"
}

# killed PROGRAM...: starts it, kills it at a random moment of $time ms.
killed() {
    "$@" >/dev/null 2>&1 &
    child=$!
    moment "$time"
    if kill -9 "$child" 2>/dev/null; then hits=$((hits + 1)); fi
    wait "$child" 2>/dev/null
}

# milliseconds PROGRAM...: runs it to its end and leaves $time.
milliseconds() {
    from=$(date +%s%N)
    "$@" >/dev/null 2>"$work/err" || fail "$*: $(head -1 "$work/err")"
    time=$((($(date +%s%N) - from) / 1000000 + 1))
}

folder=$work/csv
mkdir "$folder"
python3 "$root/tests/law/population.py" edges "$folder" "$seed" "$households"
echo "seed $seed, $households households, $kills kills of each"

# undisturbed
calm=$work/calm.db
"$sanad" init --db "$calm" >/dev/null
milliseconds "$sanad" import --db "$calm" --csv "$folder"
import_time=$time
imported=$(python3 tests/cli/dump.py "$calm" household_book fact person_key \
    person_name audit_pending | sha256sum)
milliseconds "$sanad" determine --db "$calm" --month 2023-11
determine_time=$time
for month in 2023-12 2026-02; do
    "$sanad" determine --db "$calm" --month $month >/dev/null
done
expected=$(state "$calm")

# The state after a kill is sound: what is there is whole.
sound() {
    run "$sanad" doctor --db "$db" --json
    same "$1: database, books and leaves are whole" "true true true" \
        "$(value .database.well) $(value .books.well) $(value .leaves.well)"
}

# 1. all of it in one database, disturbed at every step
hits=0
"$sanad" init --db "$db" >/dev/null
time=$import_time
for i in $(seq "$kills"); do
    killed "$sanad" import --db "$db" --csv "$folder"
    [ $((i % 3)) = 0 ] && sound "import killed $i times"
done
done_with "the import goes on" import --db "$db" --csv "$folder"
same "the import is as if it had never been killed" "$imported" \
    "$(python3 tests/cli/dump.py "$db" household_book fact person_key \
        person_name audit_pending | sha256sum)"
time=$determine_time
for i in $(seq "$kills"); do
    killed "$sanad" determine --db "$db" --month 2023-11 --threads $((i % 2 + 1))
    [ $((i % 3)) = 0 ] && sound "determination killed $i times"
done
done_with "the determination goes on" determine --db "$db" --month 2023-11
same "one run is closed and none is left open" "1" \
    "$(ask "SELECT count(*) FROM (SELECT DISTINCT root, households FROM run WHERE month = 646)")"
killed "$sanad" determine --db "$db" --month 2023-12
done_with "the next month" determine --db "$db" --month 2023-12
killed "$sanad" determine --db "$db" --month 2026-02
done_with "a later month" determine --db "$db" --month 2026-02

# Repeats after a closed run are runs of their own that change nothing: of
# each month the first is compared.
first_runs() {
    python3 "$root/tests/cli/dump.py" "$1" household_book fact person_key \
        person_name input_record decision | sha256sum
    db=$1 ask "SELECT month, pack_id, households, persons, changed, eligible,
        refused, amount_minor, root FROM run WHERE run_id IN (SELECT
        min(run_id) FROM run WHERE closed_at > 0 GROUP BY month)
        ORDER BY month"
    db=$1 ask "SELECT household_id, count(*) FROM audit_pending
        WHERE type IN ('household', 'decision') GROUP BY household_id, type
        ORDER BY household_id, type" | sha256sum
}
before=$(first_runs "$calm")
same "the result equals the undisturbed one" "$before" "$(first_runs "$db")"
sound "at the end"
done_with "replay at the end" replay --db "$db" --json
same "replay finds no difference" "0 0" "$(value .different) $(value .not_replayable)"
[ -n "$expected" ] || fail "no state"

# 2. a corrected file when three months are determined: its households are
# decided again in the transactions that change them
awk -F, -v OFS=, 'NR > 1 && NR % 3 == 0 { $9 = "123.00" } { print }' \
    "$folder/persons.csv" >"$work/persons" && mv "$work/persons" "$folder/persons.csv"
milliseconds "$sanad" import --db "$calm" --csv "$folder"
before=$(first_runs "$calm")
for i in $(seq "$kills"); do
    killed "$sanad" import --db "$db" --csv "$folder"
    [ $((i % 3)) = 0 ] && sound "correction killed $i times"
done
done_with "the correction goes on" import --db "$db" --csv "$folder"
same "the correction is as if it had never been killed" "$before" "$(first_runs "$db")"
done_with "the correction leaves nothing to decide" \
    determine --db "$db" --month 2023-12 --json
same "nothing is left to decide" 0 "$(value .changed)"
sound "after the correction"

# 3. each time anew, so that kills also meet the first transactions
half=$((kills / 2))
rm -f "$calm"*
"$sanad" init --db "$calm" >/dev/null
"$sanad" import --db "$calm" --csv "$folder" >/dev/null
for month in 2023-11 2023-12 2026-02; do
    "$sanad" determine --db "$calm" --month $month >/dev/null
done
before=$(first_runs "$calm")
for i in $(seq "$half"); do
    rm -f "$db"*
    "$sanad" init --db "$db" >/dev/null
    time=$import_time
    killed "$sanad" import --db "$db" --csv "$folder"
    "$sanad" import --db "$db" --csv "$folder" >/dev/null 2>"$work/err" ||
        fail "import $i: $(head -1 "$work/err")"
    time=$determine_time
    killed "$sanad" determine --db "$db" --month 2023-11
    for month in 2023-11 2023-12 2026-02; do
        "$sanad" determine --db "$db" --month $month >/dev/null 2>"$work/err" ||
            fail "determine $i: $(head -1 "$work/err")"
    done
    same "anew $i: the result equals the undisturbed one" "$before" "$(first_runs "$db")"
done
# 4. a kill while the schema is made
rm -f "$db"*
time=60
for i in $(seq "$half"); do killed "$sanad" init --db "$db"; done
done_with "init after kills" init --db "$db"
done_with "doctor after that" doctor --db "$db" --json
same "and it is sound" true "$(value .well)"
echo "$hits of $((3 * kills + 3 * half + 2)) kills hit a running program"
if [ "$hits" -ge $((kills / 2)) ]; then pass; else fail "too few kills hit"; fi
finish
