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
same "that everybody was taken out is recorded" 1 \
    "$(ask "SELECT count(*) FROM audit_pending WHERE type = 'export' AND instr(record, 'snapshot') > 0")"
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

# a reform against the same rules written into the model by hand
mkdir "$work/many"
awk -v folder="$work/many" 'BEGIN {
    households = folder "/households.csv"; persons = folder "/persons.csv"
    print "household_id,region,in_shelter" > households
    print "person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income" > persons
    for (h = 0; h < 3000; h++) {
        print h "," 1 + h % 13 ",0" > households
        for (i = 0; i <= h % 7; i++)
            print person++ "," h "," (i ? 2 : 0) "," 1960 + (h * 7 + i * 11) % 50 "-05-05,0,1,9," i % 2 "," (h * 37 + i * 911) % 2500 ".50,0,0," (h * 13) % 900 ".00" > persons
    }
}'
"$sanad" snapshot --csv "$work/many" --out "$work/b" >/dev/null
sed 's/<text>1320</<text>1700</' "$reference" >"$work/reform.dmn"
"$sanad" decide --snapshot "$work/b" --model "$reference" \
    --month 2026-01 --json >"$work/out"
first=$(value .checks.total)
"$sanad" decide --snapshot "$work/b" --model "$work/reform.dmn" \
    --month 2026-01 --json >"$work/out"
cost=$(value .checks.total) eligible=$(value .checks.eligible)
done_with "simulate --set" simulate --snapshot "$work/b" --base "$reference" \
    --set 'Base=1700' --month 2026-01 --json --threads 1
one_json "simulate --json"
same "keys of simulate" \
    "month households persons hidden before after change poverty by_region by_size by_income_tenth by_age by_disability assumptions fewest_shown" \
    "$(keys .)"
same "before as decide" "$first" "$(value .before.cost | tr -d .)"
same "after as decide" "$cost $eligible" \
    "$(value .after.cost | tr -d .) $(value .after.eligible)"
same "nobody loses" "0 0" "$(value .change.losers) $(value .change.newly_out)"
cp "$work/out" "$work/one"
done_with "simulate --model" simulate --snapshot "$work/b" \
    --base "$reference" --model "$work/reform.dmn" --month 2026-01 --json \
    --threads 2
same "the same by another way and two threads" "$(md5sum <"$work/one")" \
    "$(md5sum <"$work/out")"
done_with "simulate the law" simulate --snapshot "$work/b" \
    --set 'basic_minimum_head=1320' --month 2026-01 --json
same "the same row changes nothing" "0.00 0 0" \
    "$(value .change.cost) $(value .change.winners) $(value .change.losers)"
done_with "simulate on few" simulate --snapshot "$work/s" \
    --set 'basic_minimum_head=1321' --month 2026-01 --json
same "no small group is shown" "" "$(grep -oE \
    '"(eligible_before|eligible_after|winners|losers|newly_in|newly_out)":[1-9][,}]' \
    "$work/out" "$work/one")"
done_with "simulate --sweep" simulate --snapshot "$work/b" \
    --base "$reference" --sweep 'Base=1300..1700/200' \
    --sweep 'Per dependant=660..700/40' --month 2026-01 --json
one_json "simulate --sweep"
# points are rounded: counts to tens, costs to ten thousand riyals
eligible=$(((eligible + 5) / 10 * 10))
cost=$(((cost + 500000) / 1000000 * 1000000))
same "a point of the sweep" "Base=1700.000000 Per dependant=660.000000 $eligible" \
    "$(value .sweep.4.set.0) $(value .sweep.4.set.1) $(value .sweep.4.eligible)"
same "its cost" "$cost" "$(value .sweep.4.cost | tr -d .)"
refused "a sweep to nowhere" 2 "TO must not be below FROM" simulate \
    --snapshot "$work/b" --sweep 'Base=1300..1200/10' --month 2026-01
refused "a sweep that stands still" 2 "STEP.*above 0" simulate \
    --snapshot "$work/b" --sweep 'earned_share=0..1/0' --month 2026-01
refused "a sweep of too much" 2 "larger STEP" simulate \
    --snapshot "$work/b" --sweep 'earned_share=0..1/0.0001' --month 2026-01
refused "a figure twice" 2 "the same figure" simulate --snapshot "$work/b" \
    --sweep 'Earned share=0..1/1' --sweep 'Earned share=0.5..0.6/0.1' \
    --month 2026-01
refused "a figure by name and id" 2 "the same figure" simulate \
    --snapshot "$work/b" --sweep 'Earned share=0..1/1' \
    --sweep 'earned_share=0.5..0.6/0.1' --month 2026-01
refused "no such row" 1 "no decision Bsae" simulate --snapshot "$work/b" \
    --set 'Bsae=1' --month 2026-01
refused "no reform" 2 "--set or --model" simulate --snapshot "$work/b" \
    --month 2026-01
refused "a row that is no FEEL" 1 "." simulate --snapshot "$work/b" \
    --set 'basic_minimum_head=1320 +' --month 2026-01

# who has a history: a simulation, which reads it once, finds what decide finds
for month in 2025-05 2026-12; do
    done_with "decide with histories" decide --snapshot "$work/s" \
        --model "$pension" --month $month --json
    law="$(value .checks.eligible) $(value .checks.amount)"
    done_with "simulate with histories" simulate --snapshot "$work/s" \
        --month $month --set 'basic_minimum_head=2000' --json
    same "the law in $month" "$law" \
        "$(value .before.eligible) $(value .before.cost)"
done

mkdir "$work/again"
done_with "export makes the folder" snapshot --export "$work/csv" "$work/s"
same "rights of the folder" 700 "$(stat -c %a "$work/csv")"
refused "a folder in none" 1 "$work/none/csv.*make the folder above it" \
    snapshot --export "$work/none/csv" "$work/s"
same "no names" "" "$(grep -li 'name\|national_id\|iban' "$work"/csv/*.csv)"
done_with "snapshot --csv" snapshot --csv "$work/csv" --out "$work/t"
done_with "export again" snapshot --export "$work/again" "$work/t"
for file in households persons assets; do
    same "there and back, $file.csv" "$(sort "$work/csv/$file.csv" | md5sum)" \
        "$(sort "$work/again/$file.csv" | md5sum)"
done
same "somebody owns, and not only cars" "4" \
    "$(cut -d, -f2 "$work/csv/assets.csv" | grep -v '^class' | sort -u | grep -c \
        'buildings\|land\|vehicles\|shops')"
# all has settled by then: the same law finds the same, and by assets as well
for file in s t; do
    done_with "decide of $file" decide --snapshot "$work/$file" \
        --model "$pension" --month 2028-12 --json
    value .checks >"$work/sums.$file"
done
has "sums" eligible "$work/sums.s"
same "the same sums" "$(cat "$work/sums.s")" "$(cat "$work/sums.t")"
mv "$work/csv/assets.csv" "$work/assets"
"$sanad" snapshot --csv "$work/csv" --out "$work/u" >/dev/null
"$sanad" decide --snapshot "$work/u" --model "$pension" --month 2028-12 \
    --json >"$work/out"
same "assets count in them" "other" \
    "$([ "$(value .checks)" = "$(cat "$work/sums.s")" ] || echo other)"
rm "$work/u"
{ cat "$work/assets"; echo 999999999,land,1.00,0,0; } >"$work/csv/assets.csv"
refused "assets of nobody" 1 "assets.csv.*person 999999999" \
    snapshot --csv "$work/csv" --out "$work/u"
echo person_id,class,value,lived_in,exempt >"$work/csv/assets.csv"
echo 301,castles,1.00,0,0 >>"$work/csv/assets.csv"
refused "assets of no class" 1 "assets.csv.*line 2.*castles" \
    snapshot --csv "$work/csv" --out "$work/u"
cp "$work/assets" "$work/csv/assets.csv"
done_with "snapshot --check" snapshot --check "$work/t" --json
one_json "snapshot --check --json"
same "keys of check" "households persons whole" "$(keys .)"

refused "no month" 2 "--month is needed" decide --snapshot "$work/s" \
    --model "$pension"
refused "a month too early" 1 "2022-01" decide --snapshot "$work/s" \
    --model "$pension" --month 2021-12
refused "no snapshot" 1 "is no snapshot" decide --snapshot "$reference" \
    --model "$pension" --month 2026-01
same "nothing is to be made over it" "" \
    "$("$sanad" snapshot --check "$reference" 2>&1 | grep -e "--out $reference")"
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
