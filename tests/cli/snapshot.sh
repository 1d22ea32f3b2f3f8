#!/bin/sh
# snapshot.sh - snapshot and decide through the command line: what comes of a
# database is what determine finds in it, month for month; from CSV and back;
# rights, and what is refused.
. "$(dirname "$0")/frame"
pension=$root/models/social-security/pension.dmn
reference=$root/bench/reference.dmn

"$sanad" init --db "$db" >/dev/null
"$sanad" demo --db "$db" --households 250 >/dev/null
done_with "snapshot --db" snapshot --db "$db" --out "$work/s" --json
one_json "snapshot --json"
same "keys" "households persons with_history seconds" "$(keys .)"
same "households" 250 "$(value .households)"
same "rights" 600 "$(stat -c %a "$work/s")"
same "nothing beside it" "" "$(ls "$work" | grep new)"

for month in 2023-06 2025-01 2025-07 2026-01 2026-08 2027-01; do
    "$sanad" determine --db "$db" --month $month --json >"$work/out"
    want="$(value .households) $(value .persons)"
    want="$want $(value .programmes.pension.eligible)"
    want="$want $(value .programmes.pension.amount)"
    want="$want $(value .programmes.pension.refused.income)"
    done_with "decide $month" decide --snapshot "$work/s" --model "$pension" \
        --month $month --json
    same "decide as determine, $month" "$want" \
        "$(value .households) $(value .persons) $(value .checks.eligible) $(value .checks.amount) $(value .checks.reasons.income)"
    same "all by columns, $month" 0 "$(value .decided_one_by_one)"
done

done_with "decide" decide --snapshot "$work/s" --model "$reference" \
    --month 2026-01 --json --repeat 2 --threads 2
one_json "decide --json"
same "keys of decide" \
    "households persons checks households_per_second load_seconds seconds decided_one_by_one months" \
    "$(keys .)"
same "keys of checks" \
    "eligible refused pension school_bag electricity food total cards" \
    "$(keys .checks)"
first=$(value .months.0.checks.total)
same "the first pass is the month's" "$first" "$(value .checks.total)"
done_with "decide one by one" decide --snapshot "$work/s" \
    --model "$reference" --month 2026-01 --json --one-by-one
same "one by one the same" "$first" "$(value .checks.total)"

mkdir "$work/csv" "$work/again"
done_with "export" snapshot --export "$work/csv" "$work/s"
same "no names" "" "$(grep -li 'name\|national_id\|iban' "$work"/csv/*.csv)"
done_with "snapshot --csv" snapshot --csv "$work/csv" --out "$work/t"
done_with "export again" snapshot --export "$work/again" "$work/t"
same "there and back" "$(cut -d, -f1-13 "$work/csv/persons.csv" | sort | md5sum)" \
    "$(cut -d, -f1-13 "$work/again/persons.csv" | sort | md5sum)"
done_with "snapshot --check" snapshot --check "$work/t"

refused "no month" 2 "--month is needed" decide --snapshot "$work/s" \
    --model "$pension"
refused "a month too early" 1 "2022-01" decide --snapshot "$work/s" \
    --model "$pension" --month 2021-12
refused "no snapshot" 1 "is no snapshot" decide --snapshot "$reference" \
    --model "$pension" --month 2026-01
refused "no file" 1 "no such file" decide --snapshot "$work/none" \
    --model "$pension" --month 2026-01
head -c 5000 "$work/s" >"$work/cut"
refused "a cut one" 1 "damaged.*sanad snapshot" snapshot --check "$work/cut"
{ printf SANADSNP; printf '\002\000\000\000'; tail -c +13 "$work/s"; } \
    >"$work/newer"
refused "of another release" 1 "another release.*sanad snapshot" \
    snapshot --check "$work/newer"
printf 'household_id,region,in_shelter\n1,1,0\n' >"$work/csv/households.csv"
refused "a row at fault" 1 "persons.csv" snapshot --csv "$work/csv" \
    --out "$work/u"
same "nothing is left of it" "" "$(ls "$work" | grep '^u')"
finish
