#!/bin/sh
# determine.sh - determine, explain and replay through the command line:
# the shape of the answers, repeats, what changes and what does not.
. "$(dirname "$0")/frame"

folder=$work/csv
mkdir "$folder"
printf 'household_id,region,in_shelter\n1,1,0\n2,1,0\n3,2,0\n4,3,1\n5,4,0\n6,5,0\n7,6,0\n' \
    >"$folder/households.csv"
cat >"$folder/persons.csv" <<'CSV'
person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
10,1,0,1980-01-01,0,1,0,0,4000.00,0,0,0
11,1,1,1982-01-01,0,1,0,0,0,0,0,0
12,1,2,2010-01-01,0,1,0,1,0,0,0,0
13,1,2,2012-01-01,0,1,0,1,0,0,0,0
14,1,2,2014-01-01,0,1,0,1,0,0,0,0
20,2,0,1980-01-01,2,1,0,0,0,0,0,0
30,3,0,1980-01-01,0,0,0,0,0,0,0,0
40,4,0,1980-01-01,0,1,0,0,0,0,0,0
50,5,0,1980-01-01,0,1,91,0,0,0,0,0
60,6,0,1980-01-01,0,1,90,0,2640.00,0,0,0
70,7,0,1980-01-01,0,1,90,0,2639.00,0,0,0
CSV
"$sanad" init --db "$db" >/dev/null
"$sanad" import --db "$db" --csv "$folder" >/dev/null

# the vectors of the law, one month, every reason once
done_with "determine" determine --db "$db" --month 2023-11 --json
one_json "determine --json"
same "keys" "month households persons changed programmes seconds" "$(keys .)"
same "programmes" "pension" "$(keys .programmes)"
same "month, households, persons, changed" "2023-11 7 11 7" \
    "$(value .month) $(value .households) $(value .persons) $(value .changed)"
same "eligible" 2 "$(value .programmes.pension.eligible)"
same "refused by main reason, in order" \
    "nationality residence abroad shelter income" "$(keys .programmes.pension.refused)"
for reason in nationality residence abroad shelter income; do
    same "one is refused for $reason" 1 "$(value .programmes.pension.refused.$reason)"
done
same "the amount is a text with two decimals" '"1960.50"' \
    "$(python3 -c 'import json,sys; print(json.dumps(json.load(open(sys.argv[1]))["programmes"]["pension"]["amount"]))' "$work/out")"
same "seven decisions in the database" 7 "$(ask 'SELECT count(*) FROM decision')"
same "a leaf for each, and one of the run" "decision|7
run|1" "$(ask "SELECT type, count(*) FROM audit_pending WHERE type IN ('decision', 'run') GROUP BY type ORDER BY type")"
root=$(value .programmes.pension.root)
same "the run is closed with the root" "$root" "$(ask 'SELECT root FROM run WHERE closed_at > 0')"

# again: nothing is written but the run that confirms it
decisions() { ask 'SELECT household_id, month, id, amount_minor FROM decision ORDER BY 1, 2, 3'; }
kept=$(decisions)
done_with "determine again" determine --db "$db" --month 2023-11 --json
same "again nothing changes" 0 "$(value .changed)"
same "again the same root" "$root" "$(value .programmes.pension.root)"
same "again the same decisions" "$kept" "$(decisions)"
for threads in 1 3 8; do
    done_with "determine by $threads threads" \
        determine --db "$db" --month 2023-11 --threads $threads --json
    same "$threads threads: nothing changes" 0 "$(value .changed)"
    same "$threads threads: the same root" "$root" "$(value .programmes.pension.root)"
done

# the next month is the same; the month before, with other amounts, is not
done_with "the next month" determine --db "$db" --month 2023-12 --json
same "the next month: facts are new, answers are not" "2 1960.50" \
    "$(value .programmes.pension.eligible) $(value .programmes.pension.amount)"
done_with "the month before" determine --db "$db" --month 2023-10 --json
same "the month before has the older amounts" "1300.00" "$(value .programmes.pension.amount)"
same "2639 a month is too much in 2023-10" 2 "$(value .programmes.pension.refused.income)"
done_with "determine 2023-11 after 2023-10" determine --db "$db" --month 2023-11 --json
same "a month before changes no later decision" "0 1960.50" \
    "$(value .changed) $(value .programmes.pension.amount)"

# explanations, both languages
for lang in en ar; do
    done_with "explain $lang" explain --db "$db" --household 1 --month 2023-11 --lang $lang
    has "explain $lang names the amount" '1,960\.00' "$work/out"
    has "explain $lang names the limit" '3,960\.00' "$work/out"
    if grep -qE '[a-z]+\.[a-z_]+\.?[a-z_]* *$' "$work/out"; then
        fail "explain $lang shows a key"
        grep -E '[a-z]+\.[a-z_]+\.?[a-z_]* *$' "$work/out" | head -3
    else pass; fi
done
has "explain ar is Arabic" 'الأسرة' "$work/out"
run "$sanad" explain --db "$db" --household 1 --month 2023-11 --lang en
has "explain marks an assumption" 'assumption' "$work/out"
has "explain cites an article" 'Article [0-9]' "$work/out"
has "explain names the source of a fact" 'imported file' "$work/out"
has "explain dates a fact" '2021' "$work/out"
i=0
for reason in nationality residence abroad shelter income; do
    i=$((i + 1))
    case $reason in
    nationality) household=2 ;; residence) household=3 ;;
    shelter) household=4 ;; abroad) household=5 ;; income) household=6 ;;
    esac
    done_with "explain $reason" explain --db "$db" --household $household \
        --month 2023-11 --lang en --json
    one_json "explain $reason --json"
    same "explain $reason: the code" "$reason" "$(value .reasons.0.code)"
    [ -n "$(value .reasons.0.text)" ] && pass || fail "explain $reason: no text"
    [ -n "$(value .reasons.0.article)" ] && pass || fail "explain $reason: no article"
done
done_with "explain --json" explain --db "$db" --household 1 --month 2023-11 --json
same "explain --json: amount" 1960.00 "$(value .amount)"
same "explain --json: eligible" true "$(value .eligible)"
done_with "explain a later month" explain --db "$db" --household 1 --month 2023-12
refused "explain before any month" 1 "2023-09.* not determined" \
    explain --db "$db" --household 1 --month 2023-09
refused "explain another programme" 2 "no programme none" \
    explain --db "$db" --household 1 --month 2023-11 --programme none
refused "explain for no known purpose" 2 "no purpose fun" \
    explain --db "$db" --household 1 --month 2023-11 --purpose fun
done_with "explain for an objection" \
    explain --db "$db" --household 1 --month 2023-11 --purpose objection
same "the purpose is on record" "1 objection" "$(ask 'SELECT count(*) || " " ||
    purpose FROM access_read WHERE household_id = 1 AND purpose <> "operation"')"
refused "explain nobody" 1 "no household" explain --db "$db" --household 77 --month 2023-11
has "reading personal data is recorded" '^[1-9]' \
    "$(ask 'SELECT count(*) FROM access_read WHERE household_id = 1' >"$work/n"; echo "$work/n")"

# replay
done_with "replay" replay --db "$db" --json
one_json "replay --json"
stored=$(ask 'SELECT count(*) FROM decision')
same "every decision is replayed" "$stored 0 0" \
    "$(value .replayed) $(value .different) $(value .not_replayable)"
done_with "replay a sample" replay --db "$db" --sample 3 --json
same "a sample has its size" 3 "$(value .replayed)"

# a fact that arrives late redetermines its household at once
cat >"$work/late" <<'JSON'
{"specversion":"1.0","source":"gosi","id":"late-1","type":"sa.gov.sanad.wage.reported.v1","data":{"person":"10","from":"2022-11-01","to":"2023-11-01","value":"8000.00"}}
JSON
done_with "a late fact" import --db "$db" --events "$work/late" --json
same "it changes decisions of determined months" true \
    "$([ "$(value .decisions_changed)" -ge 2 ] && echo true || echo false)"
done_with "the decision of that month now" explain --db "$db" --household 1 --month 2023-11 --json
same "the household earns too much" false "$(value .eligible)"
same "and the reason is income" income "$(value .reasons.0.code)"
done_with "determine after it" determine --db "$db" --month 2023-11 --json
same "nothing is left to change" 0 "$(value .changed)"
done_with "replay after it" replay --db "$db" --json
same "no difference" "0 0" "$(value .different) $(value .not_replayable)"
done_with "doctor after it" doctor --db "$db" --json
same "doctor is well" true "$(value .well)"

# what somebody earns after leaving is no affair of those who were left; that
# nothing came in within one month says nothing of the months after it
event() { # SOURCE ID TYPE DATA
    printf '{"specversion":"1.0","source":"%s","id":"%s","type":"sa.gov.sanad.%s.v1","data":%s}\n' "$@"
}
{
    event absher left-1 household.formed '{"household":"900","from":"2022-01-01","members":[{"person":"900","role":"head","facts":{"birth_date":"1970-01-01"}},{"person":"901","role":"spouse","facts":{"birth_date":"1980-02-02"}}],"household_facts":{"region":"1"}}'
    event gosi left-2 wage.reported '{"person":"901","value":"4000.00","from":"2023-08-01"}'
    event gosi left-3 wage.reported '{"person":"900","value":"1200.00","from":"2022-06-01"}'
    event gosi left-4 wage.reported '{"person":"900","value":"0.00","from":"2023-01-18","to":"2023-01-19"}'
    event absher left-5 divorce '{"person":"900","spouse":"901","from":"2023-06-10","target":"new"}'
} >"$work/left"
done_with "a divorce that is told late" import --db "$db" --events "$work/left" --json
done_with "explain who was left" explain --db "$db" --household 900 --month 2023-11 --json
same "a later wage of who left is not told" 0 "$(grep -c '4,\?000' "$work/out")"
same "twelve months of his own count" 720.00 "$(value .amount)"
event absher left-8 household.formed '{"household":"902","from":"2023-11-10","members":[{"person":"902","role":"head","facts":{"birth_date":"1970-01-01"}}],"household_facts":{"region":"1"}}' >"$work/late"
done_with "a household of mid-month" import --db "$db" --events "$work/late"
refused "a month before the household" 1 "was not there on the first day" \
    explain --db "$db" --household 902 --month 2023-11
event gosi left-6 wage.reported '{"person":"900","value":"0.00","from":"2022-07-01"}' >"$work/left"
done_with "his wage is taken back" import --db "$db" --events "$work/left"
done_with "what is new is that something ended" explain --db "$db" --household 900 --month 2023-11 --lang en
has "it says so" 'What is new: something that was registered ended' "$work/out"
event gosi left-7 wage.reported '{"person":"900","value":"300.00","from":"2022-07-01"}' >"$work/left"
done_with "another wage" import --db "$db" --events "$work/left"
done_with "what is new is told" explain --db "$db" --household 900 --month 2023-11 --lang en
has "of whom" 'What is new: [^:]*900[^:]*: .*300' "$work/out"
event absher born-1 household.formed '{"household":"910","from":"2021-01-01","members":[{"person":"910","role":"head","facts":{"birth_date":"1970-01-01"}},{"person":"911","role":"child","facts":{"birth_date":"2010-01-01"}}],"household_facts":{"region":"1"}}' >"$work/born"
event absher born-2 fact.birth_date '{"person":"911","value":"2024-02-01","from":"2024-02-01"}' >>"$work/born"
done_with "a birth that is corrected" import --db "$db" --events "$work/born"
done_with "explain before a corrected birth" explain --db "$db" --household 910 --month 2023-11 --lang en
has "explain before a corrected birth: the head alone" 'Amount.*1,320\.00' "$work/out"
same "it does not tell that the unborn left" 0 "$(grep -c 'left the household' "$work/out")"
event absher born-3 fact.birth_date '{"person":"911","value":"2010-01-02","from":"2024-02-01"}' >"$work/born"
done_with "a correction that is corrected" import --db "$db" --events "$work/born"
done_with "explain after it" explain --db "$db" --household 910 --month 2023-11 --lang en
has "the child counts again" 'Amount.*1,980\.00' "$work/out"

# the same told by files, with what an agency told between them
born_by_file() {
    mkdir -p "$work/births"
    printf 'household_id,region,in_shelter\n920,1,0\n' >"$work/births/households.csv"
    head -1 "$folder/persons.csv" >"$work/births/persons.csv"
    printf '%s,920,%s\n' 920 0,1960-01-01,0,1,0,0,0,0,0,0 921 "2,$1,0,1,0,0,0,0,0,0" \
        >>"$work/births/persons.csv"
    done_with "a birth by file: $1" import --db "$db" --csv "$work/births"
}
born_by_file 1995-01-05
event gosi filed-1 wage.reported '{"person":"921","amount":"9000.00","month":"2022-01"}' >"$work/filed"
event gosi filed-2 fact.rent_income '{"person":"921","from":"2022-01-01","value":"4000.00"}' >>"$work/filed"
done_with "what an agency tells" import --db "$db" --events "$work/filed"
run "$sanad" explain --db "$db" --household 920 --month 2023-11 --lang en
grep 'The reason' "$work/out" >"$work/filed.first"
has "refused for the income" '4,000' "$work/out"
born_by_file 2024-02-01
run "$sanad" explain --db "$db" --household 920 --month 2023-11 --lang en
same "it does not count before that birth" 0 "$(grep -c '4,000' "$work/out")"
born_by_file 1995-01-05
run "$sanad" explain --db "$db" --household 920 --month 2023-11 --lang en
grep 'The reason' "$work/out" >"$work/filed.last"
if cmp -s "$work/filed.first" "$work/filed.last"; then pass; else
    fail "a file gives back what a file took away"
    diff "$work/filed.first" "$work/filed.last"
fi
event absher filed-3 birth '{"person":"930","parent":"921","from":"2020-05-01"}' >"$work/filed"
done_with "a child of his" import --db "$db" --events "$work/filed"
born_by_file 2022-03-01
event absher filed-4 fact.birth_date '{"person":"930","value":"2020-05-02","from":"2020-05-02"}' >"$work/filed"
done_with "the child's own day, though the father's is wrong" import --db "$db" --events "$work/filed"
event absher filed-5 fact.birth_date '{"person":"921","value":"2020-06-01","from":"2020-06-01"}' >"$work/filed"
done_with "nearer to the truth" import --db "$db" --events "$work/filed"
event absher filed-6 fact.birth_date '{"person":"921","value":"1995-01-06","from":"1995-01-06"}' >"$work/filed"
done_with "and to the truth" import --db "$db" --events "$work/filed"
event absher filed-7 fact.birth_date '{"person":"921","value":"2020-06-01","from":"2020-06-01"}' >"$work/filed"
run "$sanad" import --db "$db" --events "$work/filed" --rejects "$work/filed.no"
has "from a right day to a wrong one" '930' "$work/filed.no"
done_with "doctor after it" doctor --db "$db" --json
same "doctor is well" true "$(value .well)"

# what somebody changes behind the program's back is found
change "UPDATE decision SET amount_minor = amount_minor + 1 WHERE household_id = 7 AND amount_minor > 0"
run "$sanad" replay --db "$db" --json
same "replay finds a changed amount: exit" 1 "$code"
if [ "$(value .different)" -ge 1 ]; then pass; else fail "replay finds a changed amount"; fi
has "and names household and month" 'household 7, pension 2023-1[12]: the verdict' "$work/err"
change "UPDATE decision SET amount_minor = amount_minor - 1 WHERE household_id = 7 AND amount_minor > 0"
change "UPDATE input_record SET bytes = x'00' WHERE household_id = 5"
run "$sanad" replay --db "$db" --json
same "replay finds a changed input: exit" 1 "$code"
finish
