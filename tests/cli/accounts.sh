#!/bin/sh
# accounts.sh - accounts of staff: who is at once, who waits for a second
# person, who may be the second, alone and beside a server.
. "$(dirname "$0")/frame"

minute=0
# tick: a minute later, since a code is good once.
tick() {
    minute=$((minute + 1))
    SANAD_CLOCK=$(printf '2026-01-15T08:%02d:00Z' "$minute")
    export SANAD_CLOCK
}

# code_of SECRET: what the authenticator app shows at SANAD_CLOCK, else now.
code_of() {
    python3 - "$1" <<'PY'
import base64, datetime, hashlib, hmac, os, struct, sys, time
clock = os.environ.get("SANAD_CLOCK")
now = time.time()
if clock:
    now = datetime.datetime.fromisoformat(clock[:-1] + "+00:00").timestamp()
key = base64.b32decode(sys.argv[1])
count = struct.pack(">Q", int(now) // 30)
digest = hmac.new(key, count, hashlib.sha1).digest()
at = digest[-1] & 15
number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF
print("%06d" % (number % 1000000))
PY
}

# typed LINE... -- ARGS...: sanad with these lines on its input.
typed() {
    : >"$work/in"
    while [ "$1" != -- ]; do
        echo "$1" >>"$work/in"
        shift
    done
    shift
    "$sanad" "$@" >"$work/out" 2>"$work/err" <"$work/in"
    code=$?
}

# add NAME ROLE ID: a new account; its secret in $secret.
add() {
    typed "$password" -- user add "$1" --role "$2" --national-id "$3" \
        --db "$db" --json
    secret=$(value .secret 2>/dev/null)
}

# approve NAME BY CODE
approve() {
    typed "$password" "$3" -- user approve "$1" --by "$2" --db "$db"
}

password='correct horse battery'
"$sanad" init --db "$db" >/dev/null
tick

# 1. who waits
add amal admin 1000000016
same "the first administrator does not wait" false "$(value .waiting)"
amal=$secret
add badr auditor 1000000024
same "an auditor waits" true "$(value .waiting)"
same "what waits is said" "name secret waiting" "$(keys .)"
add carim caseworker 1000000008
same "a caseworker does not" false "$(value .waiting)"
typed "$password" -- user add dana --role admin --national-id 1000000032 \
    --db "$db"
has "it says how to confirm" "sanad user approve dana --by" "$work/out"
done_with "user list" user list --db "$db"
has "who waits is shown" "badr .*waits" "$work/out"
refused "nobody is staff without a national ID" 2 "--national-id" \
    user add x --role admin --db "$db"

# 2. one person is not both
add amal2 caseworker 1000000016
same "an administrator is no caseworker too: exit" 1 "$code"
has "the other account is named" "amal" "$work/err"
same "an administrator is no caseworker too: one line" 1 \
    "$(wc -l <"$work/err")"
typed "$password" -- user add eman --role caseworker --person 99999 \
    --national-id 1000000040 --db "$db"
same "a person whom nobody knows: exit" 1 "$code"
has "a person whom nobody knows is named" "99.?999" "$work/err"

# 3. who confirms
approve badr amal 000000
same "a wrong code confirms nobody: exit" 1 "$code"
same "a wrong code: one line" 1 "$(wc -l <"$work/err")"
typed "wrong" "$(code_of "$amal")" -- user approve badr --by amal --db "$db"
same "nor does a wrong password: exit" 1 "$code"
approve badr amal "$(code_of "$amal")"
same "an administrator confirms: exit" 0 "$code"
approve dana amal "$(code_of "$amal")"
same "a code is good once: exit" 1 "$code"
done_with "user list --json" user list --db "$db" --json
has "who confirmed is shown" '"badr".*"confirmed_by":"amal"' "$work/out"
tick
approve badr amal "$(code_of "$amal")"
same "what does not wait is not confirmed: exit" 1 "$code"
has "what does not wait is told" "does not wait" "$work/err"
tick
approve dana carim "$(code_of "$amal")"
same "another's code proves nothing: exit" 1 "$code"
tick
typed "$password" "$(code_of "$amal")" "$password" -- user add fahd \
    --role auditor --national-id 1000000057 --by amal --db "$db" --json
same "an administrator asks: it waits" true "$(value .waiting)"
tick
approve fahd amal "$(code_of "$amal")"
same "who asked does not confirm: exit" 1 "$code"
has "who asked is told why" "second person" "$work/err"
run "$sanad" user disable amal --db "$db" --lang ar
same "the last administrator stays: exit" 1 "$code"
has "the last administrator: in Arabic" "آخر مدير" "$work/err"
refused "user approve without --by" 2 "--by" user approve badr --db "$db"
typed "$password" -- user approve dana --by amal --db "$db"
same "without a code: exit" 2 "$code"

# 4. handed to a server, which never reads the caller's terminal
unset SANAD_CLOCK
"$sanad" serve --db "$db" --listen "unix:$work/web" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -S "$db.jobs" ] && break; sleep 0.1; done
approve dana amal 000000
same "beside a server, a wrong code: exit" 1 "$code"
approve dana amal "$(code_of "$amal")"
same "beside a server, an administrator confirms: exit" 0 "$code"
done_with "user list beside a server" user list --db "$db"
has "beside a server, it is shown" "dana .*confirmed by amal" "$work/out"
kill "$server"
wait "$server"
same "each step has its leaf" \
    "added amal;added carim;asked for badr operator;asked for dana operator;asked for fahd amal;confirmed badr amal;confirmed dana amal;" \
    "$(python3 - "$db" <<'PY'
import sqlite3, sys
conn, told = sqlite3.connect(sys.argv[1]), []
for (record,) in conn.execute("SELECT record FROM audit_pending "
                              "WHERE type = 'actor'"):
    words = []
    while record:
        words.append(record[1:1 + record[0]].decode())
        record = record[1 + record[0]:]
    told.append(" ".join(words))
print(*sorted(told), sep=";", end=";")
PY
)"
finish
