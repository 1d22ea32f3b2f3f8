#!/bin/sh
# long_crowd.sh - the whole server under ThreadSanitizer: a crowd reads pages
# that are kept and pages that are not, people sign in, and messages of
# agencies change what is shown, all at the same time.
cd "$(dirname "$0")/../.." || exit 2
for need in wrk curl; do
    command -v $need >/dev/null && continue
    echo "SKIP crowd: no $need here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
done
flock build make -s -j"$(nproc)" BUILD=tsan all || { echo "0 passed, 1 failed"; exit 1; }
sanad=$PWD/build/tsan/sanad
work=$(mktemp -d)
server=
stop() {
    test -n "$server" && kill "$server" && wait "$server"
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM
export TSAN_OPTIONS="halt_on_error=0 log_path=$work/races"
passed=0 failed=0
result() { # NAME STATUS
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL crowd: $1"
    fi
}

"$sanad" init --db "$work/db" >/dev/null
"$sanad" demo --db "$work/db" --households 60 >/dev/null
"$sanad" determine --db "$work/db" --month 2026-12 >/dev/null
"$sanad" serve --db "$work/db" --demo --listen 127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
    url=$(sed -n 's,^portal: *\(http:.*[0-9]\)/.*,\1,p' "$work/log")
    test -n "$url" && break
    sleep 0.1
done

# sign_in PERSONA: prints the session.
sign_in() {
    jar=$work/$1.jar
    secret=$(curl -s -c "$jar" "$url/signin" |
        sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
    curl -s -b "$jar" -c "$jar" -o /dev/null \
        -d "csrf=$secret&persona=$1" "$url/signin/persona"
    awk '$6 == "session" { print $7 }' "$jar"
}

family=$(sign_in family)
clerk=$(sign_in caseworker)
secret=$(curl -s -b "session=$clerk" "$url/w/purpose" |
    sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
curl -s -b "session=$clerk" -o /dev/null -d "csrf=$secret&purpose=review" \
    "$url/w/purpose"
for path in /home /home /household /decision /api/v1/households/1; do
    wrk -t1 -c6 -d15s --timeout 60s -H "Cookie: session=$family" "$url$path" \
        >>"$work/wrk" 2>&1 &
done
wrk -t1 -c3 -d15s --timeout 60s -H "Cookie: session=$clerk" "$url/w/households/9" \
    >>"$work/wrk" 2>&1 &
wage=3000
while [ $wage -lt 3040 ]; do
    wage=$((wage + 1))
    printf '{"specversion":"1.0","source":"gosi","id":"w%d","type":"sa.gov.sanad.fact.wage.v1","data":{"person":"101","from":"2026-01-01","value":"%d.00"}}\n' \
        $wage $wage >"$work/events"
    "$sanad" import --db "$work/db" --events "$work/events" >/dev/null ||
        result "an event is carried out beside the crowd" 1
    seen=$(curl -s -b "session=$family" "$url/household?lang=en" |
        grep -c "$(echo $wage | sed 's/\(.\)\(...\)/\1,\2/').00")
    [ "$seen" -gt 0 ] || result "wage $wage is shown as soon as it is known" 1
    sign_in job_lost >/dev/null
done
for job in $(jobs -p); do
    [ "$job" = "$server" ] || wait "$job"
done
grep -q 'Non-2xx\|Socket errors' "$work/wrk"
result "nobody was refused" $(($? == 0))
kill "$server"
wait "$server"
result "the server stops well" $?
server=
cat "$work"/races* >build/tsan/crowd.log 2>/dev/null
[ ! -s build/tsan/crowd.log ]
result "no race, see build/tsan/crowd.log" $?
[ $failed -gt 0 ] || result "every change was shown as soon as it was known" 0
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
