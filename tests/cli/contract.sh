#!/bin/sh
# contract.sh - the commands as outside checks call them: help, exit codes,
# one-line errors, the shape of JSON.
. "$(dirname "$0")/frame"

commands="feel tck rules version init import determine explain replay user
serve backup restore doctor demo"

for sanad in "$sanad" "$root/build/sanad"; do
    [ -x "$sanad" ] || continue
    where=$(basename "$(dirname "$sanad")")
    done_with "$where --version" --version
    has "$where version line" '^sanad [0-9.]+ .*DMN 1\.5.*SQLite 3\.' "$work/out"
    done_with "$where version --json" version --json
    one_json "$where version --json"
    same "$where version keys" "version commit engine database schema" "$(keys .)"
    done_with "$where --help" --help
    for command in $commands; do
        has "$where --help names $command" "^  $command " "$work/out"
    done
    for command in $commands; do
        done_with "$where $command --help" "$command" --help
        has "$where $command --help shows usage" \
            "^usage: sanad (--)?$command" "$work/out"
        refused "$where $command unknown option" 2 "no option --bogus" \
            "$command" --bogus
    done
done
sanad=${SANAD:-$root/build/asan/sanad}

refused "unknown command" 2 "no command bogus" bogus
for command in init import determine explain replay backup restore doctor demo; do
    case $command in
    import) more="--csv x" ;;
    determine) more="--month 2023-10" ;;
    explain) more="--household 1 --month 2023-10" ;;
    backup) more="--out $work/b" ;;
    restore) more="--from $work/b" ;;
    demo) more="--households 5" ;;
    *) more="" ;;
    esac
    # shellcheck disable=SC2086
    refused "$command without --db" 2 "--db is needed" $command $more
    # shellcheck disable=SC2086
    refused "$command with --db and no value" 2 "--db needs a value" \
        $command $more --db
done

# A database that is not there, is empty, or is none.
mkdir "$work/folder"
: >"$work/empty.db"
seq 2000 >"$work/text.db"
head -c 100 "$work/text.db" >"$work/short.db"
for command in "import --csv $work" "determine --month 2023-10" \
    "explain --household 1 --month 2023-10" "replay" "doctor" \
    "backup --out $work/b" "user list"; do
    word=${command%% *}
    # shellcheck disable=SC2086
    refused "$word: no database" 1 "sanad init|no such|not exist|no database" \
        $command --db "$work/none.db"
    same "$word makes no database" no "$([ -e "$work/none.db" ] && echo yes || echo no)"
    # shellcheck disable=SC2086
    refused "$word: empty database" 1 "sanad init" $command --db "$work/empty.db"
    for bad in text.db short.db folder; do
        # shellcheck disable=SC2086
        refused "$word: $bad is no database" 1 "." $command --db "$work/$bad"
    done
done
refused "init on a text file" 1 "." init --db "$work/text.db"
same "the text file is left alone" "$(seq 2000 | cksum)" "$(cksum <"$work/text.db")"
refused "init in a folder that is not there" 1 "." init --db "$work/no/x.db"

# init, twice
done_with "init" init --db "$db"
first=$(state)
done_with "init again" init --db "$db" --json
one_json "init --json"
same "init again changes nothing" "$first" "$(state)"
same "the database is private" 600 "$(stat -c %a "$db")"

# months
for month in 2021-12 1999-01; do
    refused "determine $month" 1 "2022-01" determine --db "$db" --month $month
done
SANAD_CLOCK=2026-01-15
export SANAD_CLOCK
refused "determine after the month after next" 1 "2026-03" \
    determine --db "$db" --month 2026-04
some=$work/some.db
"$sanad" init --db "$some" >/dev/null
"$sanad" demo --db "$some" --households 3 >/dev/null
done_with "determine the month after next" determine --db "$some" --month 2026-03
done_with "determine the first month" determine --db "$some" --month 2022-01
SANAD_CLOCK=2026-01-31T22:30:00Z # already February in Riyadh
done_with "the day is that of Riyadh" determine --db "$some" --month 2026-04
unset SANAD_CLOCK
done_with "a month and a number with Arabic digits" \
    explain --db "$some" --household ١ --month ٢٠٢٢-٠١
for month in ٢٠٢٣-١٣ 2023-13 2023-00 2023-1 october "" 2023-10-01; do
    refused "determine '$month'" 2 "no month" determine --db "$db" --month "$month"
    refused "explain '$month'" 2 "no month" \
        explain --db "$db" --household 1 --month "$month"
done
refused "determine without month" 2 "--month is needed" determine --db "$db"
for threads in 0 -1 65 x ""; do
    refused "determine --threads '$threads'" 2 "--threads takes" \
        determine --db "$db" --month 2023-10 --threads "$threads"
done

# an empty nation
refused "determine nobody" 1 "no households.*sanad import or sanad demo" \
    determine --db "$db" --month 2023-10 --json
done_with "replay nothing" replay --db "$db" --json
same "replay keys" "replayed different not_replayable" "$(keys .)"
done_with "doctor" doctor --db "$db" --json
one_json "doctor --json"
same "doctor is well" true "$(value .well)"
refused "explain nobody" 1 "no household" explain --db "$db" --household 1 --month 2023-10

refused "explain without household" 2 "--household" explain --db "$db" --month 2023-10
for id in -1 x 1.5 99999999999999999999; do
    refused "explain household $id" 2 "--household takes" \
        explain --db "$db" --household "$id" --month 2023-10
done
refused "explain in French" 2 "ar or en" \
    explain --db "$db" --household 1 --month 2023-10 --lang fr
refused "replay --sample 0" 2 "--sample takes" replay --db "$db" --sample 0
refused "backup without --out" 2 "--out FILE" backup --db "$db"
refused "restore without --from" 2 "--from FILE" restore --db "$work/r.db"
refused "import of nothing" 2 "one of --csv DIR and --events" import --db "$db"
refused "import of both" 2 "one of --csv DIR and --events" \
    import --db "$db" --csv "$work" --events "$work/x"
refused "user without a verb" 2 "add, approve, enrol, list or disable" user --db "$db"
refused "user with another verb" 2 "add, approve, enrol, list or disable" user promote --db "$db"
refused "user add without role" 2 "--role" user add x --db "$db"
refused "user add of a reader nobody knows" 2 "--national-id" \
    user add x --role caseworker --db "$db"
refused "user add with a wrong national ID" 1 "." \
    user add x --role caseworker --national-id 1000000007 --db "$db"
refused "user add as operator" 2 "--role is" user add x --role operator --db "$db"

# feel and rules
done_with "feel" feel '1 + 1'
same "feel answers" 2 "$(cat "$work/out")"
done_with "feel with context" feel 'a * 2' --context '{"a":1.05}'
same "feel counts exactly" 2.1 "$(cat "$work/out")"
refused "feel of nothing" 2 "one expression" feel
run "$sanad" feel '1 +'
same "feel of half an expression" 1 "$code"
done_with "rules test" rules test
same "rules test passes all" "0 failed" "$(tail -1 "$work/out" | sed 's/.*, //')"
done_with "rules plan --json" rules plan --json
one_json "rules plan --json"
finish
