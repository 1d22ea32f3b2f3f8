#!/bin/sh
# pg_beside.sh - two processes on one PostgreSQL server: of two determinations
# at once one is refused, a change that is open when a month is begun is waited
# for, and nobody else waits meanwhile.
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec "$(dirname "$0")/../pg-server" sh "$0"
fi
. "$(dirname "$0")/frame"
db=$SANAD_TEST_PG
"$sanad" init --db "$db" >/dev/null
"$sanad" demo --db "$db" --households 3000 --seed 3 >/dev/null

# 1. two at once
for round in 1 2 3; do
    "$sanad" determine --db "$db" --month "2026-0$round" >"$work/a" 2>&1 &
    first=$!
    "$sanad" determine --db "$db" --month "2026-1$((round % 3))" >"$work/b" 2>&1
    b=$?
    wait "$first"
    a=$?
    same "round $round: one is done at least" 0 $((a * b))
    if [ "$a$b" != 00 ]; then
        cat "$work/a" "$work/b" | grep '^sanad:' >"$work/refused"
        has "round $round: the other is told" "another determine" "$work/refused"
    fi
done
done_with "doctor after that" doctor --db "$db" --json
same "no decision without its run" true "$(value .decisions.well)"
done_with "replay after that" replay --db "$db" --json
same "every decision is derived again" 0 "$(value .different)"

# 2. a change that is open while a month is begun
python3 - "$db" "$work" <<'PY' &
import subprocess, sys, time, os
text = ("BEGIN; SELECT pg_advisory_xact_lock_shared(20260102); "
        "SELECT pg_sleep(6); COMMIT;")
open(sys.argv[2] + "/begun", "w").close()
subprocess.run(["psql", "-q", "-d", sys.argv[1], "-c", text],
               stdout=subprocess.DEVNULL, check=True)
PY
open=$!
while [ ! -e "$work/begun" ]; do sleep 0.1; done
sleep 1
"$sanad" determine --db "$db" --month 2026-04 >"$work/a" 2>&1 &
first=$!
sleep 0.3
start=$(date +%s%N)
done_with "a change meanwhile" user list --db "$db"
echo '{"specversion":"1.0"}' >"$work/bad.ndjson"
run "$sanad" import --db "$db" --events "$work/bad.ndjson"
passed_ms=$((($(date +%s%N) - start) / 1000000))
same "nobody waits for who waits" yes "$([ $passed_ms -lt 4000 ] && echo yes || echo "no, $passed_ms ms")"
same "determine waits" yes "$(kill -0 $first 2>/dev/null && echo yes || echo no)"
wait "$first"
same "and is done then" 0 $?
wait "$open"

# 3. two files at once: one is done, the other is told, and nothing is lost
host=${db#*host=}
psql -q -h "$host" -U sanad -d sanad -c "CREATE DATABASE twofiles"
db2="postgres://sanad@/twofiles?host=$host"
"$sanad" init --db "$db2" >/dev/null
mkdir "$work/csv"
{
    echo household_id,region,in_shelter
    seq 20000 | sed 's/$/,1,0/'
} >"$work/csv/households.csv"
{
    echo person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
    seq 20000 | awk '{print $1 "," $1 ",0,1980-01-01,0,1,0,0,100.00,0,0,0"}'
} >"$work/csv/persons.csv"
"$sanad" import --db "$db2" --csv "$work/csv" >"$work/a" 2>&1 &
first=$!
"$sanad" import --db "$db2" --csv "$work/csv" >"$work/b" 2>&1
b=$?
wait "$first"
a=$?
same "of two files one is done at least" 0 $((a * b))
same "the database's own words are not told" 0 \
    "$(cat "$work/a" "$work/b" | grep -c 'constraint')"
if [ "$a$b" != 00 ]; then
    cat "$work/a" "$work/b" | grep '^sanad:' >"$work/refused"
    has "the other file is told" "another import is under way" "$work/refused"
fi
done_with "the other file again" import --db "$db2" --csv "$work/csv"
done_with "doctor after two files" doctor --db "$db2" --json
same "nothing is lost of two files" "true 20000" "$(value .books.well) $(value .books.number)"

# a household that an agency forms while files fill an empty database
psql -q -h "$host" -U sanad -d sanad -c "CREATE DATABASE formed"
db3="postgres://sanad@/formed?host=$host"
"$sanad" init --db "$db3" >/dev/null
cat >"$work/formed" <<'JSON'
{"specversion":"1.0","source":"absher","id":"f-1","type":"sa.gov.sanad.household.formed.v1","data":{"household":"19990","from":"2021-01-01","members":[{"person":"19990","role":"head","facts":{"birth_date":"1980-01-01"}}]}}
JSON
"$sanad" import --db "$db3" --csv "$work/csv" >"$work/a" 2>&1 &
first=$!
for _ in $(seq 600); do
    [ "$(psql -At -h "$host" -U sanad -d formed -c 'SELECT EXISTS (SELECT 1 FROM household_book)')" = t ] && break
    sleep 0.05
done
"$sanad" import --db "$db3" --events "$work/formed" --json >"$work/b" 2>&1
wait "$first"
a=$?
same "a household formed beside files: none of the database's own words" 0 \
    "$(cat "$work/a" "$work/b" | grep -c 'constraint')"
if [ "$a" != 0 ]; then
    has "the files are told" "another program wrote to this database" "$work/a"
fi
done_with "the files again" import --db "$db3" --csv "$work/csv"
done_with "doctor after a household formed beside" doctor --db "$db3" --json
same "nothing is lost beside it" "true 20000" "$(value .books.well) $(value .books.number)"
finish
