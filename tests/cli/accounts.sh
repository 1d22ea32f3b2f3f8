#!/bin/sh
# accounts.sh - accounts of staff: who is at once, who waits for a second
# person, who may be the second, alone and beside a server.
. "$(dirname "$0")/frame"
. "$(dirname "$0")/staff"
# add NAME ROLE ID: a new account; its secret in $secret.
add() {
    typed "$password" -- user add "$1" --role "$2" --national-id "$3" \
        --db "$db" --json
    secret=$(value .secret 2>/dev/null)
}

# ask NAME ROLE ID: amal asks for an account; her half of its code in $half.
ask() {
    tick
    typed "$password" "$(code_of "$amal")" -- user add "$1" --role "$2" \
        --national-id "$3" --by amal --db "$db" --json
    half=$(value .half 2>/dev/null)
}

# approve NAME BY CODE: the other half in $other.
approve() {
    typed "$password" "$3" -- user approve "$1" --by "$2" --db "$db" --json
    other=$(value .half 2>/dev/null)
}

# enrol NAME HALF HALF: the secret in $secret.
enrol() {
    typed "$2" "$3" "$password" "$password" -- user enrol "$1" --db "$db" \
        --json
    secret=$(value .secret 2>/dev/null)
}

"$sanad" init --db "$db" >/dev/null
tick

# 1. who waits
add amal admin 1000000016
same "the first administrator does not wait" false "$(value .waiting)"
amal=$secret
add carim caseworker 1000000008
same "a caseworker does not" false "$(value .waiting)"
add badr admin 1000000024
same "no other administrator is made so: exit" 1 "$code"
has "it says who asks" "--by ADMIN" "$work/err"
same "it says so in one line" 1 "$(wc -l <"$work/err")"
refused "nor an auditor" 2 "--by ADMIN" \
    user add x --role auditor --national-id 1000000024 --db "$db"
done_with "the second waits" user add badr --role admin \
    --national-id 1000000024 --by operator --db "$db" --json
same "what waits is said" "name half waiting" "$(keys .)"
same "the second waits" true "$(value .waiting)"
half=$(value .half)
done_with "user list" user list --db "$db"
has "who waits is shown" "badr .*waits" "$work/out"
run "$sanad" user disable amal --db "$db" --lang ar
same "the last administrator stays: exit" 1 "$code"
has "the last administrator: in Arabic" "آخر مدير" "$work/err"
refused "nobody is staff without a national ID" 2 "--national-id" \
    user add x --role admin --db "$db"
tick
approve badr amal 000000
same "a wrong code confirms nobody: exit" 1 "$code"
same "a wrong code: one line" 1 "$(wc -l <"$work/err")"
typed "wrong" "$(code_of "$amal")" -- user approve badr --by amal --db "$db"
same "nor does a wrong password: exit" 1 "$code"
approve badr amal "$(code_of "$amal")"
same "an administrator confirms: exit" 0 "$code"
same "the other half is told" "name half waiting" "$(keys .)"
done_with "user list" user list --db "$db"
has "who has not enrolled is shown" "badr .*not enrolled" "$work/out"
enrol badr "$half" "$half"
same "one half enrols nobody: exit" 1 "$code"
same "one half: one line" 1 "$(wc -l <"$work/err")"
typed "$half" "$other" "$password" "another password" -- user enrol badr \
    --db "$db"
same "the password is typed twice: exit" 1 "$code"
has "two passwords are told" "differ" "$work/err"
enrol badr "$half" "$other"
same "both halves enrol: exit" 0 "$code"
badr=$secret
same "a secret of 32 letters" 32 "$(printf %s "$badr" | wc -c)"
enrol badr "$half" "$other"
same "a code enrols once: exit" 1 "$code"
typed -- user add ghost --role admin --national-id 1000000032 \
    --by operator --db "$db"
same "the operator asks for no third: exit" 1 "$code"
has "the operator is told who does" "--by ADMIN" "$work/err"

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
ask fahd auditor 1000000057
same "an administrator asks: it waits" true "$(value .waiting)"
fahd=$half
tick
approve fahd amal "$(code_of "$amal")"
same "who asked does not confirm: exit" 1 "$code"
has "who asked is told why" "second person" "$work/err"
tick
approve fahd carim "$(code_of "$amal")"
same "another's code proves nothing: exit" 1 "$code"
approve fahd badr "$(code_of "$badr")"
same "another administrator confirms: exit" 0 "$code"
ask dana admin 1000000032
dana=$half
approve dana badr "$(code_of "$badr")"
same "a third administrator: exit" 0 "$code"
approve dana badr "$(code_of "$badr")"
same "a code is good once: exit" 1 "$code"
done_with "user list --json" user list --db "$db" --json
has "who confirmed is shown" '"dana".*"confirmed_by":"badr"' "$work/out"
enrol fahd "$fahd" "$other"
same "a half of another account enrols nobody: exit" 1 "$code"
tick
approve fahd badr "$(code_of "$badr")"
enrol fahd "$fahd" "$other"
same "confirmed once more, he enrols: exit" 0 "$code"
tick
approve fahd badr "$(code_of "$badr")"
same "what does not wait is not confirmed: exit" 1 "$code"
has "what does not wait is told" "does not wait" "$work/err"
refused "user approve without --by" 2 "--by" user approve dana --db "$db"
typed "$password" -- user approve dana --by amal --db "$db"
same "without a code: exit" 2 "$code"

# 4. handed to a server, which never reads the caller's terminal
unset SANAD_CLOCK
"$sanad" serve --db "$db" --listen "unix:$work/web" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -S "$db.jobs" ] && break; sleep 0.1; done
add eman caseworker 1000000040
same "beside a server, a caseworker: exit" 0 "$code"
typed "$password" "$(code_of "$amal")" -- user add ghaida --role auditor \
    --national-id 1000000065 --by amal --db "$db"
same "beside a server, an administrator asks: exit" 0 "$code"
has "it says how to confirm" "sanad user approve ghaida --by" "$work/out"
approve dana badr "$(code_of "$badr")"
same "beside a server, an administrator confirms: exit" 0 "$code"
enrol dana "$dana" wrong
same "beside a server, a wrong half: exit" 1 "$code"
enrol dana "$dana" "$other"
same "beside a server, he enrols: exit" 0 "$code"
approve ghaida dana 000000
same "beside a server, a wrong code: exit" 1 "$code"
approve ghaida dana "$(code_of "$secret")"
same "beside a server, the third confirms: exit" 0 "$code"
done_with "an administrator leaves" user disable badr --db "$db"
done_with "user list beside a server" user list --db "$db"
has "beside a server, it is shown" "ghaida .*confirmed by dana" "$work/out"
kill "$server"
wait "$server"
same "each step has its leaf" \
    "added amal;added carim;added eman;asked for badr operator;asked for dana amal;asked for fahd amal;asked for ghaida amal;confirmed badr amal;confirmed dana badr;confirmed dana badr;confirmed fahd badr;confirmed fahd badr;confirmed ghaida dana;disabled badr;enrolled badr;enrolled dana;enrolled fahd;" \
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
