#!/bin/sh
# pg_drafts.sh - a version of the law on PostgreSQL: drafted, approved by a
# second person, published once by many at once, and what is decided by it.
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec "$(dirname "$0")/../pg-server" "$0"
fi
. "$(dirname "$0")/frame"
. "$(dirname "$0")/staff"
db=$SANAD_TEST_PG
head='Basic minimum head'
folder=$work/csv
mkdir "$folder"
printf 'household_id,region,in_shelter\n1,1,0\n' >"$folder/households.csv"
cat >"$folder/persons.csv" <<'CSV'
person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
10,1,0,1980-01-01,0,1,0,0,0,0,0,0
CSV
good() {
    by "$@"
    same "$*" 0 "$code"
}
amounts() {
    done_with "determine $1" determine --db "$db" --month "$1" --json
    amount=$(value .programmes.pension.amount)
}

tick
done_with "init" init --db "$db"
done_with "import" import --db "$db" --csv "$folder"
administrators
staff_member p1 policy 1000000032
staff_member p2 policy 1000000040
staff_member p3 policy 1000000057
staff_member p4 policy 1000000065
amounts 2026-01
good p1 law draft --title "Higher minimum"
draft=$(value .draft)
good p1 law edit "$draft" "$head" --row 2 --output 1 --value 1400
good p1 law submit "$draft" --from 2026-02
asked=$(value .step)
by p1 law approve "$draft" --step "$asked"
same "nobody approves his own work" 1 "$code"
good p2 law approve "$draft" --step "$asked"

# four publish at once: one of them does
tick
for i in 1 2 3 4; do
    printf '%s\n%s\n' "$password" "$(code_of "$(cat "$work/p$i")")" |
        "$sanad" law publish "$draft" --by "p$i" --db "$db" --json \
            >"$work/out.$i" 2>"$work/err.$i" &
done
wait
same "one of four at once publishes" 1 "$(cat "$work"/out.* | grep -c '"version":1')"
same "the others are told" 3 "$(cat "$work"/err.* | grep -c 'is published')"
done_with "law history" law history --db "$db"
same "one version" 1 "$(wc -l <"$work/out")"
amounts 2026-01
same "the month before" 1320.00 "$amount"
amounts 2026-02
same "the month from which it holds" 1400.00 "$amount"
done_with "replay" replay --db "$db" --json
same "each by its own law" 0 "$(value .different)"
done_with "doctor" doctor --db "$db"
has "the law agrees with its leaves" "published versions.*: 1" "$work/out"
finish
