#!/bin/sh
# care.sh - what must hold when things go wrong around the program: locked,
# read-only, full, copied, restored, tampered with; and the accounts of staff.
. "$(dirname "$0")/frame"

folder=$work/csv
mkdir "$folder"
population() { # N households of one
    {
        echo household_id,region,in_shelter
        seq "$1" | sed 's/$/,1,0/'
    } >"$folder/households.csv"
    {
        echo person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
        seq "$1" | awk '{print $1 "," $1 ",0,1980-01-01,0,1,0,0,100.00,0,0,0"}'
    } >"$folder/persons.csv"
}
population 50
"$sanad" init --db "$db" >/dev/null
"$sanad" import --db "$db" --csv "$folder" >/dev/null
"$sanad" determine --db "$db" --month 2023-11 >/dev/null

# 1. another process writes: one line that says so, and nothing changes
python3 - "$db.lock" "$work/held" <<'PY' &
import fcntl, os, sys, time
lock = open(sys.argv[1], "a+")
fcntl.flock(lock, fcntl.LOCK_EX)
open(sys.argv[2], "w").close()
while os.path.exists(sys.argv[2]):
    time.sleep(0.05)
PY
holder=$!
for i in $(seq 100); do [ -e "$work/held" ] && break; sleep 0.05; done
done_with "user list beside a writer" user list --db "$db"
done_with "explain beside a writer" explain --db "$db" --household 7 --month 2023-11
done_with "backup beside a writer" backup --db "$db" --out "$work/beside"
same "that everybody was taken out is on record" 1 \
    "$(ask "SELECT count(*) FROM audit_pending WHERE type = 'export'")"
same "that it was explained is on record" 1 "$(ask 'SELECT count(*) FROM access_read')"
before=$(state)
refused "determine beside a writer" 1 "Another process is writing" determine --db "$db" --month 2023-12
same "a number that nobody wrote is not said" 0 "$(grep -c 'number' "$work/err")"
echo 4711 >"$db.lock"
refused "determine beside a writer with a number" 1 "\(number 4711\)" determine --db "$db" --month 2023-12
refused "import beside a writer" 1 "." import --db "$db" --csv "$folder"
refused "user disable beside a writer" 1 "is writing" user disable nobody --db "$db"
done_with "replay beside a writer" replay --db "$db"
done_with "doctor beside a writer" doctor --db "$db"
has "doctor says that somebody writes" 'another process writes' "$work/out"
rm -f "$work/held"
wait "$holder"
same "nothing changed beside a writer" "$before" "$(state)"
done_with "determine when it has gone" determine --db "$db" --month 2023-12

# 2. read-only: as somebody who may not write
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chmod 755 "$work" && chmod 644 "$db"
    rm -f "$db-wal" "$db-shm"
    cp "$sanad" "$work/program" && chmod 755 "$work/program"
    nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
    # shellcheck disable=SC2086
    run $nobody "$work/program" determine --db "$db" --month 2024-01
    same "a read-only database: exit" 1 "$code"
    same "a read-only database: one line" 1 "$(wc -l <"$work/err")"
    # shellcheck disable=SC2086
    run $nobody "$work/program" init --db "$work/new.db"
    same "a read-only folder: exit" 1 "$code"
    same "a read-only folder: one line" 1 "$(wc -l <"$work/err")"
    mkdir "$work/open" && chmod 777 "$work/open"
    cp "$db" "$work/open/r.db" && chmod 644 "$work/open/r.db"
    # shellcheck disable=SC2086
    run $nobody "$work/program" backup --db "$work/open/r.db" --out "$work/open/b"
    same "backup of a read-only database: exit" 0 "$code"
    same "it is there" yes "$([ -s "$work/open/b" ] && echo yes || echo no)"
    same "that it is not recorded: one line" 1 "$(wc -l <"$work/err")"
    has "that it is not recorded is told" "not recorded in the audit log" "$work/err"
    chmod 600 "$db"
    # shellcheck disable=SC2086
    run $nobody "$work/program" replay --db "$db"
    same "a database that one may not read: exit" 1 "$code"
    same "a database that one may not read: one line" 1 "$(wc -l <"$work/err")"
    rm -f "$work/program"
else
    skip "read-only database: needs root and setpriv"
fi

# 3. a full disk, when one can be had
mkdir "$work/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=3m none "$work/small" 2>/dev/null; then
    population 20000
    small=$work/small/s.db
    done_with "init on a small disk" init --db "$small"
    refused "import on a full disk" 1 "." import --db "$small" --csv "$folder"
    run "$sanad" determine --db "$small" --month 2023-11
    same "determine on a full disk: exit" 1 "$code"
    same "determine on a full disk: one line" 1 "$(wc -l <"$work/err")"
    refused "backup to a full disk" 1 "." backup --db "$db" --out "$work/small/b"
    same "no half backup is left" no "$([ -e "$work/small/b" ] && echo yes || echo no)"
    mount -o remount,size=60m "$work/small"
    done_with "import when there is room" import --db "$small" --csv "$folder"
    done_with "determine when there is room" determine --db "$small" --month 2023-11
    run "$sanad" doctor --db "$small" --json
    same "books and leaves are well after a full disk" "true true true" \
        "$(value .database.well) $(value .books.well) $(value .leaves.well)"
    same "but there is little room" false "$(value .disk.well)"
    after=$(outcome "$small")
    other=$work/other.db
    "$sanad" init --db "$other" >/dev/null
    "$sanad" import --db "$other" --csv "$folder" >/dev/null
    "$sanad" determine --db "$other" --month 2023-11 >/dev/null
    same "as if the disk had never been full" "$(outcome "$other")" "$after"
    rm -f "$other"*
    umount "$work/small"
    population 50
else
    skip "full disk: needs root and a mount of tmpfs"
fi

# 4. backup and restore
done_with "backup" backup --db "$db" --out "$work/backup" --json
one_json "backup --json"
before=$(state)
exports() { ask "SELECT count(*), coalesce(sum(instr(record, 'backup') > 0), 0) FROM audit_pending WHERE type = 'export'"; }
first=$(exports)
same "that everybody was taken out is recorded first" "$first" \
    "$(db=$work/backup exports)"
same "a backup is private" 600 "$(stat -c %a "$work/backup")"
same "a backup holds everything" "$before" "$(state "$work/backup")"
same "nothing is left beside it" "" "$(ls "$work" | grep part)"
echo mine >"$work/victim"
chmod 644 "$work/victim"
ln -s victim "$work/linked.part"
ln -s victim "$work/linked-already"
done_with "backup beside a link" backup --db "$db" --out "$work/linked"
refused "no backup through a link" 1 "exists" backup --db "$db" --out "$work/linked-already"
ln -sf nothing "$work/linked-already"
refused "nor through one to nothing" 1 "exists" backup --db "$db" --out "$work/linked-already"
same "what a link shows is let be" "mine 644" \
    "$(cat "$work/victim") $(stat -c %a "$work/victim")"
for i in 1 2 3 4; do
    "$sanad" backup --db "$db" --out "$work/once" >"$work/out.$i" 2>"$work/err.$i" &
done
wait
same "of four at once to one name one is saved" "1 3" \
    "$(cat "$work"/out.? | grep -c '^saved') $(cat "$work"/err.? | grep -c 'once exists')"
same "private" 600 "$(stat -c %a "$work/once")"
done_with "and whole" doctor --db "$work/once"
same "each was recorded" $((${first%%|*} + 7)) "$(exports | cut -d'|' -f1)"
same "nor is anything left of the others" "" "$(ls "$work" | grep part-)"
refused "no backup over a file" 1 "." backup --db "$db" --out "$work/backup"
refused "no restore over a database" 1 "exists" restore --db "$db" --from "$work/backup"
done_with "restore" restore --db "$work/back.db" --from "$work/backup"
done_with "doctor on the restored" doctor --db "$work/back.db" --json
same "the restored is well" true "$(value .well)"
done_with "replay on the restored" replay --db "$work/back.db" --json
same "the restored replays" "50 0" "$(value .replayed) $(value .different)"
same "when it was restored is noted" 1 \
    "$(db=$work/back.db ask "SELECT count(*) FROM setting WHERE name = 'restored_at'")"
refused "restore from nothing" 1 "no such file" restore --db "$work/b2.db" --from "$work/none"
seq 3000 >"$work/noise"
refused "restore from noise" 1 "$work/noise" restore --db "$work/b3.db" --from "$work/noise"
same "no database is left of it" no "$([ -e "$work/b3.db" ] && echo yes || echo no)"
head -c 20000 "$work/backup" >"$work/half"
refused "restore from half a backup" 1 "the backup .*/half is damaged or cut short" restore --db "$work/b4.db" --from "$work/half"
same "and does not lead in a circle" 0 "$(grep -c 'restoring\|sanad restore' "$work/err")"
: >"$work/nothing"
refused "restore from an empty file" 1 "the backup .*/nothing is damaged or cut short" restore --db "$work/b5.db" --from "$work/nothing"
same "no database is left of it, nor anything beside" "" "$(cd "$work" && ls -d b5.db* 2>/dev/null)"
run "$sanad" restore --db "$work/b4.db" --from "$work/half" --lang ar
has "restore from half a backup, in Arabic" 'half.*تالفة أو ناقصة' "$work/err"
same "no database is left of that" no "$([ -e "$work/b4.db" ] && echo yes || echo no)"
same "nor anything beside them" "" "$(cd "$work" && ls -d b3.db* b4.db* back.db.restoring* 2>/dev/null)"

# 5. what somebody changes behind the program's back is found by doctor
tampered() { # NAME FINDING SQL
    cp "$work/backup" "$db.t"
    python3 -c 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' "$db.t" "$3"
    run "$sanad" doctor --db "$db.t" --json
    same "$1: exit" 1 "$code"
    same "$1: doctor names it" false "$(value ".$2.well")"
    run "$sanad" doctor --db "$db.t"
    has "$1: doctor says it" '^WRONG ' "$work/out"
    rm -f "$db.t"*
}
tampered "a changed fact" books \
    "UPDATE fact SET true_from = true_from + 1 WHERE household_id = 7"
tampered "a deleted fact" books "DELETE FROM fact WHERE household_id = 9 AND ordinal = 1"
tampered "a changed book" books \
    "UPDATE household_book SET book = (SELECT book FROM household_book WHERE household_id = 2) WHERE household_id = 3"
tampered "a book that is gone" books "DELETE FROM household_book WHERE household_id = 2"
has "a book that is gone: whose" 'households: [^0-9]*2[^0-9]*$' "$work/out"
has "a book that is gone: what to do" '^WRONG .*book.*sanad restore --db NEW.db' "$work/out"
tampered "facts that are gone" books "DELETE FROM fact WHERE household_id = 3"
has "facts that are gone: whose" 'households: [^0-9]*3[^0-9]*$' "$work/out"
tampered "a version that nobody made" books \
    "UPDATE household_book SET version = version + 1 WHERE household_id = 2"
has "a version that nobody made: whose" 'households: [^0-9]*2[^0-9]*$' "$work/out"
tampered "two books that are gone" books "DELETE FROM household_book WHERE household_id IN (2, 4)"
has "of several each is named" 'households: [^0-9]*2, 4[^0-9]*$' "$work/out"
named() { has "$1: whose" "households: [^0-9]*$2[^0-9]*\$" "$work/out"; }
tampered "a home that is gone" persons "DELETE FROM person_key WHERE person_id = 5"
named "a home that is gone" 5
tampered "another home" persons "UPDATE person_key SET household_id = 3 WHERE person_id = 5"
named "another home" "3, 5"
tampered "a home of nobody" persons "INSERT INTO person_key VALUES (777, 9, NULL)"
named "a home of nobody" 9
tampered "another number" persons "UPDATE person_key SET national_id = '1000000008' WHERE person_id = 6"
named "another number" 6
tampered "a stay of nobody" persons "INSERT INTO person_stay VALUES (7, 19000, 8)"
named "a stay of nobody" 8
tampered "a name of nobody" persons "INSERT INTO person_name VALUES ('x', 777, 9)"
named "a name of nobody" 9
tampered "a name that nobody said" persons "INSERT INTO person_name VALUES ('x', 7, 7)"
named "a name that nobody said" 7
"$sanad" init --db "$work/demo" >/dev/null
"$sanad" demo --db "$work/demo" --households 200 >/dev/null 2>&1
done_with "doctor of people who moved and have names" doctor --db "$work/demo"
mv "$work/backup" "$work/backup.few"
mv "$work/demo" "$work/backup"
tampered "names that are gone" persons \
    "DELETE FROM person_name WHERE person_id = (SELECT min(person_id) FROM person_name)"
tampered "names of another home" persons "UPDATE person_name SET household_id = 3 WHERE household_id = 4"
named "names of another home" 4
tampered "a changed part of a name" persons \
    "UPDATE person_name SET part = part || 'x' WHERE person_id = (SELECT min(person_id) FROM person_name)"
tampered "stays that are gone" persons "DELETE FROM person_stay"
tampered "another day of a stay" persons "UPDATE person_stay SET stay_to = stay_to + 1"
tampered "another place of a stay" persons "UPDATE person_stay SET household_id = household_id + 1"
tampered "a leaf of no household" leaves \
    "UPDATE audit_pending SET record = x'00' WHERE household_id = -1 AND type = 'pack'"
has "a leaf of no household: which" 'leaves of no household: [^a-z]*pack [0-9]+' "$work/out"
tampered "leaves of one household" leaves \
    "UPDATE audit_pending SET record = x'00' WHERE household_id = (SELECT household_id FROM audit_pending GROUP BY household_id HAVING household_id > 0 AND count(*) > 6 LIMIT 1)"
has "leaves of one household: no others are hinted at" 'households: [^0-9]*[0-9]+[^0-9.]*$' "$work/out"
tampered "commands that are gone" commands "DELETE FROM command"
has "commands that are gone: what to do" \
    '^WRONG .*facts whose command.*sanad restore --db NEW.db.*households:' "$work/out"
tampered "another time of a command" commands "UPDATE command SET at = 0"
for person in "samira caseworker 1000000008" "nora admin 1000000016"; do
    # shellcheck disable=SC2086
    set -- $person
    echo 'correct horse battery' | "$sanad" user add "$1" --role "$2" \
        --national-id "$3" --kin 1000000024 --db "$work/backup" >/dev/null
done
done_with "doctor of accounts" doctor --db "$work/backup" --json
same "doctor of accounts: how many" "true 2" \
    "$(value .accounts.well) $(value .accounts.number)"
whose() { has "$1: whose" "their names: [^a-z]*$2[^a-z]*\$" "$work/out"; }
for set in "roles = 'admin'" "disabled = 1" "person_id = 5" "waiting = 1" \
    "national_id = '1000000032'" "asked_by = 7" "name = 'samirah'"; do
    tampered "accounts: $set" accounts "UPDATE actor SET $set WHERE name = 'samira'"
    has "accounts: $set: whose" 'their names: .*samira' "$work/out"
done
has "accounts: what to do" '^WRONG accounts.*sanad restore --db NEW.db' "$work/out"
tampered "kin that nobody declared" accounts \
    "INSERT INTO actor_kin SELECT actor_id, '1000000040' FROM actor WHERE name = 'nora'"
whose "kin that nobody declared" nora
tampered "kin that are gone" accounts "DELETE FROM actor_kin"
whose "kin that are gone" "(nora, samira|samira, nora)"
tampered "an account that is gone" accounts "DELETE FROM actor WHERE name = 'nora'"
whose "an account that is gone" nora
tampered "an account of nobody" accounts \
    "INSERT INTO actor (actor_id, name, label, roles, code_step, failures, locked_until, disabled) VALUES (9, 'mallory', 'm', 'admin', 0, 0, 0, 0)"
whose "an account of nobody" mallory
"$sanad" user disable samira --db "$work/backup" >/dev/null
done_with "doctor when one is off" doctor --db "$work/backup"
tampered "who was switched off is on again" accounts "UPDATE actor SET disabled = 0"
whose "who was switched off is on again" samira
mv "$work/backup.few" "$work/backup"
tampered "a changed leaf" leaves \
    "UPDATE audit_pending SET leaf = zeroblob(32) WHERE household_id = 4 AND type = 'household'"
named "a changed leaf" 4
has "what to do about leaves" '^WRONG .*leaves.*sanad restore --db NEW.db' "$work/out"
tampered "a changed record" leaves \
    "UPDATE audit_pending SET record = x'00' WHERE household_id = 4 AND type = 'decision'"
tampered "a changed salt" leaves \
    "UPDATE audit_pending SET salt = zeroblob(16) WHERE household_id = 5 AND type = 'decision'"
tampered "an edited amount" decisions \
    "UPDATE decision SET amount_minor = amount_minor + 100 WHERE household_id = 4"
tampered "edited reasons" decisions \
    "UPDATE decision SET reasons = 'income' WHERE household_id = 5"
tampered "a decision taken out" decisions "DELETE FROM decision WHERE household_id = 6"
tampered "a decision put in" decisions \
    "INSERT INTO decision SELECT household_id, programme, month + 1, id + 1, version, pack_id, input_hash, outcome, amount_minor, reasons, run_id, decided_at FROM decision WHERE household_id = 8"
tampered "a decision of nobody" decisions \
    "INSERT INTO decision SELECT 99999, programme, month, id, version, pack_id, input_hash, outcome, amount_minor, reasons, run_id, decided_at FROM decision WHERE household_id = 8"
named "a decision of nobody" 99999
has "what to do about decisions" '^WRONG .*decisions.*sanad restore --db NEW.db' "$work/out"
tampered "another time of a decision" decisions \
    "UPDATE decision SET decided_at = 0 WHERE household_id = 5"
named "another time of a decision" 5
tampered "a time after the run" decisions \
    "UPDATE decision SET decided_at = decided_at + 172800000000 WHERE household_id = 6"
named "a time after the run" 6
tampered "an input that is gone" inputs "DELETE FROM input_record WHERE household_id = 2"
has "an input that is gone: whose" 'households: [^0-9]*2[^0-9]*$' "$work/out"
tampered "a changed input" inputs "UPDATE input_record SET bytes = x'00' WHERE household_id = 4"
has "a changed input: whose" 'households: [^0-9]*4[^0-9]*$' "$work/out"
for set in "amount_minor = 0, eligible = 0" "eligible = eligible + 1" \
    "changed = 0" "refused = '{\"income\":1}'" "root = zeroblob(32)" \
    "households = households + 1" "amount_minor = amount_minor + 1"; do
    tampered "runs: $set" runs "UPDATE run SET $set"
done
tampered "a run without a leaf" runs \
    "DELETE FROM audit_pending WHERE type = 'run'"
cp "$work/backup" "$db.t"
python3 - "$db.t" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    for at in range(20 * 4096, 40 * 4096, 4096):
        file.seek(at)
        file.write(b"\xa5" * 512)
PY
run "$sanad" doctor --db "$db.t" --json
same "a damaged file: exit" 1 "$code"
for command in doctor "determine --month 2023-12" "replay" \
    "explain --household 20 --month 2023-11" "backup --out $work/broken" \
    "import --csv $folder" "user list"; do
    # shellcheck disable=SC2086
    run "$sanad" $command --db "$db.t"
    same "$command on a damaged file: exit" 1 "$code"
    cat "$work/out" "$work/err" >"$work/both"
    has "$command on a damaged file: says what to do" \
        'damaged.*sanad restore --db NEW.db --from FILE' "$work/both"
    same "$command on a damaged file: one line" 1 \
        "$(grep -c . "$work/both")"
done
same "no half backup is left of it" no "$([ -e "$work/broken" ] && echo yes || echo no)"
# a database of another release: said, and by nobody used
cp "$work/backup" "$db.t"
forget() { db="$db.t" change "DELETE FROM schema_version WHERE number = (SELECT max(number) FROM schema_version)"; }
forget
for command in "determine --month 2023-12" replay "explain --household 7 --month 2023-11" "user list"; do
    # shellcheck disable=SC2086
    refused "$command on an older schema" 1 "sanad init --db $db.t" $command --db "$db.t"
done
run "$sanad" doctor --db "$db.t"
has "doctor on an older schema" '^WRONG .*older.*sanad init' "$work/out"
done_with "backup of an older schema" backup --db "$db.t" --out "$work/older"
refused "restore of an older schema is told" 1 "sanad init --db $work/old.db" \
    restore --db "$work/old.db" --from "$work/older"
same "an older schema is restored" yes "$([ -e "$work/old.db" ] && echo yes || echo no)"
rm -f "$db.t"*
cp "$work/backup" "$db.t"
db="$db.t" change "INSERT INTO schema_version SELECT 9999, 'later.sql', tag, applied_at FROM schema_version LIMIT 1"
refused "replay on a newer schema" 1 "newer release" replay --db "$db.t"
run "$sanad" doctor --db "$db.t"
has "doctor on a newer schema" '^WRONG .*another release' "$work/out"
rm -f "$db.t"*
# more decisions than fit in a page of the comparison
population 1300
"$sanad" init --db "$work/many" >/dev/null
"$sanad" import --db "$work/many" --csv "$folder" >/dev/null
"$sanad" determine --db "$work/many" --month 2023-11 >/dev/null
cp "$work/backup" "$work/backup.few"
mv "$work/many" "$work/backup"
done_with "doctor of many" doctor --db "$work/backup" --json
same "doctor of many: decisions" "true 1300" \
    "$(value .decisions.well) $(value .decisions.number)"
for id in 1 500 501 1000 1300; do
    tampered "an edited amount of many, $id" decisions \
        "UPDATE decision SET amount_minor = 5 WHERE household_id = $id"
done
mv "$work/backup.few" "$work/backup"
population 50
rm -f "$db.t"*

# 6. staff
"$sanad" init --db "$db.two" >/dev/null
run sh -c "echo 'correct horse battery' | $sanad user add samira --role caseworker --national-id 1000000008 --db $db --json"
same "user add: exit" 0 "$code"
one_json "user add --json"
same "user add: keys" "name secret waiting" "$(keys .)"
same "user add: a secret of 32 letters" 32 "$(value .secret | tr -d '\n' | wc -c)"
run sh -c "echo 'correct horse battery' | $sanad user add 'x y&z' --role caseworker --national-id 1000000032 --db $db.two"
has "user add: the address of an odd name" 'totp/Sanad:x%20y%26z\?secret=' "$work/out"
run sh -c "echo short | $sanad user add nora --role admin --national-id 1000000016 --db $db"
same "a short password: exit" 1 "$code"
same "a short password: one line" 1 "$(wc -l <"$work/err")"
run sh -c "echo 'correct horse battery' | $sanad user add samira --role admin --national-id 1000000016 --db $db"
same "a name that is taken: exit" 1 "$code"
has "a name that is taken is named" 'samira' "$work/err"
done_with "user list" user list --db "$db" --json
same "user list: keys" "name roles disabled waiting enrolled confirmed_by" "$(keys .)"
same "user list: he is there" "samira caseworker false" \
    "$(value .name) $(value .roles) $(value .disabled)"
same "the password is not kept in clear" 0 \
    "$(grep -c 'correct horse' "$db" "$db-wal" 2>/dev/null | awk -F: '{n += $2} END {print n + 0}')"
done_with "user disable" user disable samira --db "$db"
done_with "user list after it" user list --db "$db" --json
same "he is off" true "$(value .disabled)"
refused "user disable nobody" 1 "nobody" user disable nobody --db "$db"
same "each change of staff has a leaf" 2 \
    "$(ask "SELECT count(*) FROM audit_pending WHERE type = 'actor'")"
finish
