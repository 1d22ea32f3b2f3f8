#!/bin/sh
# pg_backup.sh - backup and restore of a PostgreSQL database: what is restored
# is what was there, nothing is restored over anything, a broken archive and a
# missing or old tool are refused, and a password stands on no command line.
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec "$(dirname "$0")/../pg-server" sh "$0"
fi
. "$(dirname "$0")/frame"
pg=$SANAD_TEST_PG
host=${pg#*host=}

# made NAME: the URL of a new, empty database; in SQL as its server's owner
made() {
    psql -q -h "$host" -U sanad -d sanad -c "CREATE DATABASE $1" >&2
    echo "postgres://sanad@/$1?host=$host"
}
sql() { psql -q -A -t -h "$host" -U sanad -d "$1" -c "$2"; }

# rows NAME: all that a database holds but for what a restore notes
rows() {
    pg_dump -h "$host" -U sanad -d "$1" --data-only --inserts \
        --exclude-table=store_node | grep '^INSERT' |
        grep -vE "restored_at|'restore'|'export'" | sort | sha256sum
}

folder=$work/csv
mkdir "$folder"
{
    echo household_id,region,in_shelter
    seq 200 | sed 's/$/,1,0/'
} >"$folder/households.csv"
{
    echo person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
    seq 200 | awk '{print $1 "," $1 ",0,1980-01-01,0,1,0,0," $1 "0.00,0,0,0"}'
} >"$folder/persons.csv"
done_with "init" init --db "$pg"
done_with "import" import --db "$pg" --csv "$folder"
done_with "determine" determine --db "$pg" --month 2023-11
done_with "doctor" doctor --db "$pg" --json
same "doctor: decisions and leaves" "true true 200" \
    "$(value .decisions.well) $(value .leaves.well) $(value .decisions.number)"

# 1. there and back
done_with "backup" backup --db "$pg" --out "$work/a" --json
one_json "backup --json"
same "a backup is private" 600 "$(stat -c %a "$work/a")"
same "no half backup is left" no "$(ls "$work" | grep -q part && echo yes || echo no)"
refused "no backup over a file" 1 "exists" backup --db "$pg" --out "$work/a"
refused "no restore over a database" 1 "not empty" restore --db "$pg" --from "$work/a"
other=$(made other)
done_with "restore" restore --db "$other" --from "$work/a" --json
one_json "restore --json"
same "the restored holds the same" "$(rows sanad)" "$(rows other)"
same "when it was restored is noted" 1 \
    "$(sql other "SELECT count(*) FROM setting WHERE name = 'restored_at'")"
done_with "doctor on the restored" doctor --db "$other" --json
same "the restored is well" true "$(value .well)"
done_with "replay on the restored" replay --db "$other" --json
same "the restored replays" "200 0" "$(value .replayed) $(value .different)"
done_with "the restored goes on" determine --db "$other" --month 2023-12 --json
same "the restored decides nothing anew" 0 "$(value .changed)"
refused "no restore over the restored" 1 "not empty" restore --db "$other" --from "$work/a"

# 2. of one moment while others write
sed -i 's/,\([0-9]*\)0.00,/,\15.00,/' "$folder/persons.csv"
"$sanad" import --db "$pg" --csv "$folder" >/dev/null 2>&1 &
writer=$!
done_with "backup while an import runs" backup --db "$pg" --out "$work/b"
wait "$writer"
moment=$(made moment)
done_with "restore of that moment" restore --db "$moment" --from "$work/b"
done_with "doctor of that moment" doctor --db "$moment"

# 3. what is no whole archive is refused, and the database stays empty
broken=$(made broken)
empty() { same "$1: nothing is there" 0 "$(sql broken "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")"; }
bytes=$(stat -c %s "$work/a")
for part in 3 60 1000 $((bytes / 2)) $((bytes - 10)); do
    head -c "$part" "$work/a" >"$work/cut"
    refused "an archive cut at $part" 1 "." restore --db "$broken" --from "$work/cut"
    empty "an archive cut at $part"
done
seq 3000 >"$work/noise"
refused "noise" 1 "no archive" restore --db "$broken" --from "$work/noise"
refused "no file" 1 "no such file" restore --db "$broken" --from "$work/none"
"$sanad" init --db "$work/lite" >/dev/null
refused "a backup of SQLite" 1 "no archive" restore --db "$broken" --from "$work/lite"
empty "a backup of SQLite"
refused "an archive to a file" 1 "postgres://" restore --db "$work/file" --from "$work/a"
same "an archive to a file: no file" no "$([ -e "$work/file" ] && echo yes || echo no)"
refused "backup to no folder" 1 "." backup --db "$pg" --out "$work/none/a"
sql broken 'CREATE TABLE somebody_elses (id INT)'
refused "a table of somebody else" 1 "not empty" restore --db "$broken" --from "$work/a"
sql broken 'DROP TABLE somebody_elses'

# 4. what was changed beside the program is told after the restore
sql other "UPDATE decision SET amount_minor = amount_minor + 1 WHERE household_id = 9"
done_with "backup of an edited database" backup --db "$other" --out "$work/edited"
refused "restore of an edited database" 1 "sanad doctor --db postgres://sanad@/broken" \
    restore --db "$broken" --from "$work/edited"
run "$sanad" doctor --db "$broken" --json
same "it is there, and doctor names what is wrong" "1 false" \
    "$code $(value .decisions.well)"

# 5. the tools: not there, too old, failing; no secret on their command line
tools=$work/tools
mkdir "$tools"
tool() { # NAME: the rest of a script in its place
    { echo '#!/bin/sh'; cat; } >"$tools/$1"
    chmod 755 "$tools/$1"
}
path=$PATH
real=$(command -v pg_dump) real_restore=$(command -v pg_restore)
PATH=$tools
"$sanad" backup --db "$pg" --out "$work/c" >"$work/out" 2>"$work/err"
code=$?
PATH=$path
same "without the tools: exit" 1 "$code"
has "without the tools: what to install" "pg_dump is not on this machine.*postgresql-client" "$work/err"
same "without the tools: one line" 1 "$(wc -l <"$work/err")"
PATH=$tools:$path
echo 'echo "pg_dump (PostgreSQL) 9.6.24"' | tool pg_dump
refused "an older tool" 1 "pg_dump is of version 9, the server of version [0-9]+" \
    backup --db "$pg" --out "$work/c"
tool pg_dump <<TOOL
[ "\$1" = --version ] && exec $real --version
echo "warning: what comes first" >&2
echo "pg_dump: error: could not write: No space left on device" >&2
exit 1
TOOL
refused "a tool that fails" 1 "pg_dump did not do its work: could not write: No space" \
    backup --db "$pg" --out "$work/c"
same "a tool that fails: no file" "" "$(cd "$work" && ls -d c c.part* 2>/dev/null)"
tool pg_dump <<TOOL
echo "\$@ | \$PGPASSWORD" >>"$work/seen"
exec $real "\$@"
TOOL
tool pg_restore <<TOOL
echo "\$@ | \$PGPASSWORD" >>"$work/seen"
exec $real_restore "\$@"
TOOL
secret="postgres://sanad:geheim@/sanad?host=$host"
done_with "with a password" backup --db "$secret" --out "$work/c"
same "the password is in the environment" "4 of 4" \
    "$(cut -d'|' -f2 "$work/seen" | grep -c geheim) of $(wc -l <"$work/seen")"
same "and on no command line" 0 "$(cut -d'|' -f1 "$work/seen" | grep -c geheim)"
refused "a message shows no password" 1 "postgres://sanad@/sanad\?host=" \
    restore --db "$secret" --from "$work/c"
same "nor anywhere" 0 "$(grep -c geheim "$work/err")"
refused "a secret for a command line only" 1 "sslpassword cannot be handed" \
    backup --db "$pg&sslpassword=geheim" --out "$work/e"
same "which is not shown" 0 "$(cat "$work/err" | grep -c geheim)"
PGHOST=/nowhere PGDATABASE=nothing PGUSER=nobody
export PGHOST PGDATABASE PGUSER
done_with "what the environment says otherwise" backup --db "$pg" --out "$work/d"
finish
