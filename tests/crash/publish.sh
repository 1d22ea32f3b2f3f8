#!/bin/sh
# publish.sh - kill -9 while a version of the law is published, and two officers
# who publish at once of whom one is killed: afterwards it is published whole or
# not at all, and can be published. On SQLite also at chosen calls on its files.
# On PostgreSQL by pg_publish.sh. KILLS is how often; SEED repeats a run.
. "$(dirname "$0")/../cli/frame"
. "$(dirname "$0")/../cli/staff"
kills=${KILLS:-6}
seed=${SEED:-$$}
head='Basic minimum head'
[ -z "${SANAD_TEST_PG:-}" ] || db=$SANAD_TEST_PG

good() {
    by "$@"
    same "$*" 0 "$code"
}

# publish NAME OUT: begins to publish $draft as NAME; $! is the program.
publish() {
    tick
    printf '%s\n%s\n' "$password" "$(code_of "$(cat "$work/$1")")" >"$work/in.$2"
    "$sanad" law publish "$draft" --by "$1" --db "$db" --json \
        <"$work/in.$2" >"$work/out.$2" 2>"$work/err.$2" &
}

# moment: waits between two fifths of $time and a little more than all of it.
moment() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    sleep "$(awk -v r=$((seed / 7)) -v t="$time" \
        'BEGIN { printf "%.4f", (t * 0.4 + r % (t * 0.7)) / 1000 }')"
}

# next_draft: another draft, approved; its number in $draft.
amount=1400
next_draft() {
    amount=$((amount + 1))
    good mona law draft --title "Minimum of $amount"
    draft=$(value .draft)
    good mona law edit "$draft" "$head" --row 2 --output 1 --value $amount
    good mona law submit "$draft" --from 2026-02
    good saad law approve "$draft" --step "$(value .step)"
}

# whole NAME: what the draft, the law and its leaves say is the same; $versions
# grows by one when it is published.
versions=0
whole() {
    run "$sanad" law show "$draft" --db "$db" --json
    is=$(value .state)
    steps=$(grep -o '"step":"published"' "$work/out" | wc -l)
    [ "$is" = published ] && versions=$((versions + 1))
    run "$sanad" law history --db "$db" --json
    same "$1: $is as a whole" "$versions $([ "$is" = published ] && echo 1 || echo 0)" \
        "$(grep -o '"version":' "$work/out" | wc -l) $steps"
    run "$sanad" doctor --db "$db"
    has "$1: the law agrees with its leaves" "agree with their leaves: $versions$" \
        "$work/out"
}

# at_last NAME: what was not published can be.
at_last() {
    [ "$is" = published ] && return
    publish saad last
    wait $!
    same "$1: then it is published" "" "$(cat "$work/err.last")"
    whole "$1, at last"
}

tick
done_with "init" init --db "$db"
administrators
staff_member mona policy 1000000032
staff_member saad policy 1000000040
staff_member reem policy 1000000057

# undisturbed, to know how long it takes
next_draft
publish mona calm
from=$(date +%s%N)
wait $!
time=$((($(date +%s%N) - from) / 1000000 + 1))
whole "undisturbed"
same "it is published" published "$is"
echo "seed $seed, a publication takes $time ms"

hits=0 torn=0
next_draft
for i in $(seq "$kills"); do
    publish mona one
    child=$!
    moment
    kill -9 "$child" 2>/dev/null && hits=$((hits + 1))
    wait "$child" 2>/dev/null
    whole "killed $i times"
    [ "$is" = published ] || continue
    torn=$((torn + 1))
    next_draft
done
at_last "after all kills"

for i in $(seq $((kills / 2))); do
    next_draft
    publish mona one
    child=$!
    publish reem two
    other=$!
    moment
    kill -9 "$child" 2>/dev/null && hits=$((hits + 1))
    wait "$child" 2>/dev/null
    wait "$other" 2>/dev/null
    whole "two at once, $i"
    same "two at once, $i: not by both" no \
        "$(grep -q '"version"' "$work/out.one" && grep -q '"version"' \
            "$work/out.two" && echo yes || echo no)"
    at_last "two at once, $i"
done
echo "$hits of $((kills + kills / 2)) kills hit a running program, $torn behind its commit"
if [ "$hits" -gt 0 ]; then pass; else fail "no kill hit"; fi
[ -z "${SANAD_TEST_PG:-}" ] || finish

# on SQLite: at chosen calls on the database's files, from the same start
calls=${STRIDE:-17}
release=${SANAD_RELEASE:-$root/build/sanad}
${CC:-cc} -std=gnu17 -O1 -Wall -Wextra -Werror -shared -fPIC -U_FORTIFY_SOURCE \
    -o "$work/fault.so" tests/crash/file_fault.c -ldl || fail "no fault library"
next_draft
tick
printf '%s\n%s\n' "$password" "$(code_of "$(cat "$work/mona")")" >"$work/in"
mkdir "$work/start" "$work/tried"
cp "$db"* "$work/start"
db=$work/tried/$(basename "$db")
before=$versions tried=0 begun=0
for nth in $(seq $((1 + seed % calls)) "$calls" 2000); do
    rm -f "$work/tried/"* "$work/told"
    cp "$work/start/"* "$work/tried"
    versions=$before
    LD_PRELOAD=$work/fault.so FAULT_FOLDER=$work/tried FAULT_AT=$nth \
        FAULT_KILL=1 FAULT_TOLD=$work/told \
        "$release" law publish "$draft" --by mona --db "$db" --json \
        <"$work/in" >"$work/out" 2>"$work/err"
    [ -e "$work/told" ] || break
    tried=$((tried + 1))
    whole "killed at call $nth ($(cat "$work/told"))"
    [ "$is" = published ] && begun=$((begun + 1))
done
echo "killed at $tried calls, $begun of them behind the commit"
if [ "$tried" -gt 5 ]; then pass; else fail "only $tried calls"; fi
finish
