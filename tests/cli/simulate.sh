#!/bin/sh
# simulate.sh - a reform on everybody, against a program that works it out by
# itself: groups, poverty, take-up, assumptions, CSV and page; nothing tells
# of few.
. "$(dirname "$0")/frame"
reference=$root/bench/reference.dmn
reform="$root/tests/cli/reform.py"

mkdir "$work/csv"
python3 "$reform" make "$work/csv"
"$sanad" snapshot --csv "$work/csv" --out "$work/s" >/dev/null
simulate() {
    name=$1
    shift
    done_with "$name" simulate --snapshot "$work/s" --base "$reference" \
        --month 2026-01 --json "$@"
}

simulate "simulate" --set 'Base=1700' --csv "$work/r.csv"
one_json "simulate"
same "all as worked out" "" \
    "$(python3 "$reform" check "$work/csv" 1700 "$work/out" "$work/r.csv" 2>&1)"
same "a region of four is hidden, and one more" "true" \
    "$(value .by_region.12.hidden)"
cp "$work/out" "$work/one"
simulate "a smaller reform" --set 'Base=1400' --csv "$work/r.csv" --line 900.5 \
    --take-up 0.85
same "all as worked out, with a line and take-up" "" \
    "$(python3 "$reform" check "$work/csv" 1400 "$work/out" "$work/r.csv" \
        900.5 0.85 2>&1)"
same "the share is told" "0.85" "$(value .take_up)"
simulate "losers" --set 'Base=1000' --csv "$work/r.csv" --threads 1
same "all as worked out, when many lose" "" \
    "$(python3 "$reform" check "$work/csv" 1000 "$work/out" "$work/r.csv" 2>&1)"
same "rights of the file" 644 "$(stat -c %a "$work/r.csv")"

# riyals a month as they are told where trials stand beside each other
rounded() {
    python3 - "$@" <<'PY'
import sys
from fractions import Fraction
near = [(Fraction(x) + 5000) // 10000 * 10000 for x in sys.argv[1:]]
print(f"{near[0] - sum(near[1:])}.00")
PY
}

# an assumption alone at its ends is what --set gives there
simulate "uncertain" --set 'Base=1700' --uncertain 'Per dependant=500..900' \
    --uncertain 'Base = 1700 .. 1800'
one_json "uncertain"
same "amounts are said to be rounded" "10000.00" \
    "$(value .uncertainty.amounts_rounded_to)"
low=$(value .uncertainty.assumptions.0.ends.0.cost_after)
before=$(value .uncertainty.assumptions.0.ends.0.cost_before)
most=$(value .uncertainty.cost_after.1)
same "names" "Per dependant 500 900" \
    "$(value .uncertainty.assumptions.0.name) $(value .uncertainty.assumptions.0.ends.0.value) $(value .uncertainty.assumptions.0.ends.1.value)"
simulate "its low end" --set 'Base=1700' --set 'Per dependant=500'
same "cost at the low end" "$(rounded "$(value .after.cost)")" "$low"
simulate "its low end on the law" --set 'Per dependant=500'
same "cost of the law there" "$(rounded "$(value .after.cost)")" "$before"
simulate "both high ends" --set 'Per dependant=900' --set 'Base=1800'
same "the most of all" "$(rounded "$(value .after.cost)")" "$most"

# a value that the law cannot have is refused before anything is counted
refused_set() {
    refused "--set $1" 1 "$2" simulate --snapshot "$work/s" --month 2026-01 \
        --set "$1"
}
refused_set 'Earned share="half"' "Earned share.*string.*number"
refused_set 'earned_share="half"' "Earned share.*string.*number"
refused_set 'Wealth classes=5' "Wealth classes.*number.*list"
refused_set 'Most days abroad=true' "Most days abroad.*boolean.*number"
refused_set 'Threshold=1/0' "Threshold.*division by zero"
refused_set 'Entitlement=5' "Entitlement.*number.*context"
refused_set 'Retirement pension class="erned"' "erned.*Retirement.*earned"
done_with "a value of the list" simulate --snapshot "$work/s" \
    --month 2026-01 --set 'retirement_pension_class="earned"'
refused "one of two is at fault" 1 "Earned share" simulate \
    --snapshot "$work/s" --month 2026-01 --set 'basic_minimum_head=1400' \
    --set 'Earned share="half"'

# what the law itself says that it rests on; not what was set
done_with "the law" simulate --snapshot "$work/s" --month 2026-01 --json \
    --set 'basic_minimum_head=2000'
has "an unconfirmed reading" \
    '"name":"Retirement pension class","status":"unconfirmed","rows":1' \
    "$work/out"
has "an assumption" '"name":"Vehicle exempt","status":"assumption"' "$work/out"
done_with "it is set" simulate --snapshot "$work/s" --month 2026-01 --json \
    --set 'basic_minimum_head=2000' --set 'Vehicle exempt=true'
same "what was set is no assumption" "0" \
    "$(grep -c '"name":"Vehicle exempt"' "$work/out")"

# what is flagged has another reading, which is tried alone and with the others
done_with "other readings" simulate --snapshot "$work/s" --month 2026-01 \
    --json --set 'basic_minimum_head=2000' --uncertain flagged \
    --csv "$work/u.csv" --html "$work/u.html"
one_json "other readings"
same "the first that applies" "Retirement pension class null \"earned\"" \
    "$(value .uncertainty.assumptions.0.name) $(value .uncertainty.assumptions.0.ends.0.value) $(value .uncertainty.assumptions.0.ends.1.value)"
same "none that is not flagged" 0 "$(grep -c 'Earned share = ' "$work/u.csv")"
same "fields of the CSV" 29 \
    "$(awk -F, '{print NF}' "$work/u.csv" | sort -u | tr '\n' ' ' | tr -d ' ')"
has "a row of each end" '^uncertain,"Retirement pension class = ""earned""",0,' \
    "$work/u.csv"
has "the least in the CSV" "^uncertain,least,0,,,,,,,,,,$(value .uncertainty.cost_before.0)," \
    "$work/u.csv"
has "what is not confirmed in the CSV" '^unconfirmed,"Pension ceiling",0,' \
    "$work/u.csv"
has "rounded, in the CSV" '^rounded,uncertain costs a month to 10000.00,0,' \
    "$work/u.csv"
has "rounded, on the page" 'قُربت المبالغ هنا إلى عشرات الآلاف' "$work/u.html"
has "few, of what" 'أقل من عشر أسر مقارنةً بالقواعد الحالية' "$work/u.html"
has "on the page" 'Retirement pension class</bdi>: كما في القواعد</th>' \
    "$work/u.html"
low=$(value .uncertainty.assumptions.0.ends.1.cost_before)
least=$(value .uncertainty.cost_before.0)
law=$(rounded "$(value .before.cost)")
done_with "that reading alone" simulate --snapshot "$work/s" --month 2026-01 \
    --json --set 'Retirement pension class="earned"'
same "its cost" "$(rounded "$(value .after.cost)")" "$low"
same "the least is not above the law" "$least" \
    "$(printf '%s\n%s\n' "$least" "$law" | sort -n | head -1)"
# a reading that the law does not take is left out, and the next one is tried
cp -r "$root/models/social-security" "$work/law"
sed -i 's/"earned"/"worked"/g' "$work/law/pension.dmn"
done_with "a law with other words" simulate --snapshot "$work/s" --json \
    --base "$work/law/pension.dmn" --month 2026-01 \
    --set 'basic_minimum_head=2000' --uncertain flagged --csv "$work/u.csv"
same "what is left out" "Retirement pension class" \
    "$(value .uncertainty.left_out.0)"
same "what is tried" "Pension ceiling" "$(value .uncertainty.assumptions.0.name)"
has "left out, in the CSV" '^left_out,"Retirement pension class",0,' \
    "$work/u.csv"
done_with "in words" simulate --snapshot "$work/s" --month 2026-01 \
    --base "$work/law/pension.dmn" --set 'basic_minimum_head=2000' \
    --uncertain flagged
has "left out, in words" \
    'another reading of Retirement pension class does not fit: left out' \
    "$work/out"
# where none is taken, no assumption was tried, and no least or most is told
none_taken() {
    done_with "no reading that fits" simulate --snapshot "$work/s" \
        --base "$work/law/pension.dmn" --month 2026-01 \
        --set 'Pension ceiling=4000' --set 'Minimum age=18' \
        --set 'Failing members count=true' \
        --set 'Proof of dwelling needed=true' --uncertain flagged "$@"
}
none_taken --json --csv "$work/u.csv" --html "$work/u.html" --lang en
same "is said in the JSON" "tried assumptions left_out" "$(keys .uncertainty)"
same "as not tried" "false" "$(value .uncertainty.tried)"
has "in the CSV" '^uncertain,none tried,0,' "$work/u.csv"
same "by no other row" 1 "$(grep -c '^uncertain' "$work/u.csv")"
same "nor one of rounded costs" 0 "$(grep -c '^rounded,uncertain' \
    "$work/u.csv")"
has "on the page" 'No other reading was tried' "$work/u.html"
none_taken
has "in words, too" 'no other reading was tried' "$work/out"
refused "both" 2 "flagged stands alone" simulate --snapshot "$work/s" \
    --month 2026-01 --set 'basic_minimum_head=2000' --uncertain flagged \
    --uncertain 'Minimum age=18..20'

# the page: whole, in both languages, with nothing from elsewhere
simulate "a page" --set 'Base=1700' --html "$work/ar.html" --take-up 0.9
simulate "an English page" --set 'Base=1700' --html "$work/en.html" --lang en \
    --uncertain 'Per dependant=500..900'
has "Arabic first" '<html lang="ar" dir="rtl">' "$work/ar.html"
has "English" '<html lang="en" dir="ltr">' "$work/en.html"
has "charts" '<svg class="chart".*direction="rtl"' "$work/ar.html"
has "tables" '<table class="chart-data">' "$work/ar.html"
has "names of regions" '<bdi>الرياض</bdi>' "$work/ar.html"
has "no region by number" '<bdi>Riyadh</bdi>' "$work/en.html"
has "cost to the halala" "$(python3 -c "print(f'{$(value .before.cost):,}')")" \
    "$work/en.html"
has "the ends" '>Per dependant = 500<' "$work/en.html"
has "few, compared with what" \
    'fewer than ten households compared with the law in force' "$work/en.html"
has "what is rounded" 'Amounts here are rounded to tens of thousands' \
    "$work/en.html"
has "why a group is not shown" \
    'not shown: a count here or beside it is below ten' "$work/en.html"
has "why, in Arabic" 'عدد هنا أو في مجموعة أخرى أقل من عشر أسر' "$work/ar.html"
same "no group is said to be of few that is not" 0 \
    "$(grep -c 'fewer than ten households: not shown' "$work/en.html")"
same "no unfilled text" "" "$(grep -ohE '(simulate|chart)\.[a-z_]+' \
    "$work/ar.html" "$work/en.html" | sort -u)"
same "nothing from elsewhere" "" \
    "$(grep -oE '(src|href)=|url\(|<script' "$work/ar.html")"
python3 - "$work/ar.html" "$work/en.html" >"$work/out" 2>&1 <<'PY'
import html.parser, sys
VOID = {"meta"}
class Check(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids = [], set()
    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key == "id":
                assert value not in self.ids, value
                self.ids.add(value)
        if tag not in VOID:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())
for path in sys.argv[1:]:
    check = Check()
    check.feed(open(path).read())
    assert not check.open, check.open
PY
same "tags are whole, ids once" "" "$(cat "$work/out")"

# months to come, with rates high enough to be seen in a small population
{
    printf '2022-01\tdeath\tmale\t0\t59\t9000\tpublished\tx\n'
    printf '2022-01\tdeath\tmale\t60\t150\t60000\tassumption\tx\n'
    printf '2022-01\tdeath\tfemale\t0\t150\t20000\tpublished\tx\n'
    printf '2022-01\tbirth\tfemale\t15\t49\t40000\tpublished\tx\n'
} >"$work/rates"
simulate "a forecast" --forecast 14 --rates "$work/rates" \
    --csv "$work/f.csv" --html "$work/f.html"
one_json "a forecast"
same "keys of a forecast" "forecast rates rounded_to" "$(keys .)"
same "what it rests on" '{"file": "'"$work"'/rates", "rows": 4, "assumptions": 1}' \
    "$(value .rates)"
same "all months as worked out" "" \
    "$(python3 "$reform" forecast "$work/csv" "$work/rates" "$work/out" 2>&1)"
same "rows of the CSV" 15 "$(wc -l <"$work/f.csv")"
same "fields of the CSV" 10 "$(awk -F, '{print NF}' "$work/f.csv" | sort -u)"
has "a page of lines" '<path class="chart-1"' "$work/f.html"
cp "$work/out" "$work/one"
simulate "the same by one thread" --forecast 14 --rates "$work/rates" \
    --threads 1
same "the same bytes" "" "$(cmp "$work/out" "$work/one")"
# where nobody is born and nobody dies it is what decide says
printf '2022-01\tdeath\tmale\t0\t150\t0\tpublished\tx\n' >"$work/none"
simulate "without events" --forecast 5 --rates "$work/none" --set 'Base=1700'
last="$(value .forecast.4.persons) $(value .forecast.4.before.eligible) $(value .forecast.4.before.cost)"
done_with "decide" decide --snapshot "$work/s" --model "$reference" \
    --month 2026-05 --json
same "as decide" "$last" "$(python3 - "$work/out" <<'PY'
import json, sys
got = json.load(open(sys.argv[1]))
checks = got["checks"]
cost = (checks["total"] + 500000) // 1000000 * 10000
print((got["persons"] + 5) // 10 * 10, (checks["eligible"] + 5) // 10 * 10,
      f"{cost}.00")
PY
)"
done_with "the shipped rates" simulate --snapshot "$work/s" --month 2026-01 \
    --forecast 2
done_with "the same as a page" simulate --snapshot "$work/s" --month 2026-01 \
    --forecast 13 --json --html "$work/f.html" --lang en
same "published growth and its source" "2.0 P29, P30" \
    "$(value .growth_of_a_year_in_percent.published) $(value .growth_of_a_year_in_percent.source)"
has "beside its own" "grow by $(value .growth_of_a_year_in_percent.forecast) % a year. Published is .* 2.0 % .P29, P30" \
    "$work/f.html"
same "its own" "$(value .growth_of_a_year_in_percent.forecast)" "$(python3 - \
    "$work/out" <<'PY'
import json, sys
at = json.load(open(sys.argv[1]))["forecast"]
first, last = at[0]["persons"], at[-1]["persons"]
print(f"{(last - first) / first * 100:.1f}")
PY
)"
done_with "a year is too short" simulate --snapshot "$work/s" \
    --month 2026-01 --forecast 12 --json --html "$work/f.html"
same "no growth is told" "0 0" "$(grep -c growth_of "$work/out") $(grep -c \
    'يزيد سكان هذا التقدير' "$work/f.html")"
cp "$root/models/population-rates.tsv" "$work/own"
sed -i '/growth.all/s/published/assumption/' "$work/own"
done_with "an assumed growth" simulate --snapshot "$work/s" --month 2026-01 \
    --forecast 13 --json --rates "$work/own" --html "$work/f.html" --lang en
same "is not called published" "assumed source forecast" \
    "$(keys .growth_of_a_year_in_percent)"
has "nor in words" "assumed, not published, that the population" "$work/f.html"
done_with "the shipped rates again" simulate --snapshot "$work/s" \
    --month 2026-01 --forecast 2
has "they say that they are assumed" '29 of the 29 rates .* are assumptions' \
    "$work/out"
printf '2022-01\tdeath\tmale\t0\t150\t100001\tpublished\tx\n' >"$work/bad"
refused "a rate that is none" 1 "line 1.*rate" simulate --snapshot "$work/s" \
    --month 2026-01 --forecast 2 --rates "$work/bad"
printf '# nothing\n' >"$work/bad"
refused "no rates" 1 "no rows" simulate --snapshot "$work/s" \
    --month 2026-01 --forecast 2 --rates "$work/bad"

# two numbers moved at once: JSON, CSV and page tell the same
simulate "a sweep" --sweep 'Base=1500..1900/200' \
    --sweep 'Per dependant=660..700.5/40.5' --csv "$work/w.csv" \
    --html "$work/w.html" --lang en
one_json "a sweep"
same "its points in the CSV" "" "$(python3 "$reform" sweep "$work/out" \
    "$work/w.csv" 2>&1)"
same "its head" '"Base","Per dependant",hidden,cost,cost_change,eligible,winners,losers,gini,counts_rounded_to,amounts_rounded_to' \
    "$(head -1 "$work/w.csv" | tr -d '\r')"
cp "$work/w.csv" "$work/both.csv"
has "a table for each figure" 'Cost a month .SAR.: by rows Base, by columns' \
    "$work/w.html"
has "a head of it" '<th scope="col"><bdi dir="ltr">700.5</bdi>' "$work/w.html"
same "six tables" 6 "$(grep -c '<table' "$work/w.html")"
simulate "a point of it" --set 'Base=1900' --set 'Per dependant=700.5'
same "the same cost" "$(rounded "$(value .after.cost)")" \
    "$(tail -1 "$work/both.csv" | cut -d, -f4)"
same "the same change" \
    "$(rounded "$(value .after.cost)" "$(value .before.cost)")" \
    "$(tail -1 "$work/both.csv" | cut -d, -f5)"
# trials that differ in few households tell nothing of them by subtraction
simulate "trials that differ in few" --sweep 'Base=1700..1703/1' \
    --csv "$work/w.csv" --html "$work/w.html" --lang en
same "each trial is told" 0 "$(grep -c '"hidden":true' "$work/out")"
same "every number is rounded" "" "$(python3 "$reform" rounded "$work/out")"
same "and said to be, in the CSV" 4 \
    "$(tr -d '\r' <"$work/w.csv" | grep -c ',10,10000.00$')"
has "on the page" 'All counts are rounded to tens' "$work/w.html"
has "with what trials are compared" \
    'fewer than 10 households compared with the law in force' "$work/w.html"
simulate "one of them" --set 'Base=1700'
few=$(value .after.eligible)
simulate "its neighbour" --set 'Base=1701'
few=$(($(value .after.eligible) - few))
simulate "one of them, to be handed out" --set 'Base=1700' --rounded \
    --csv "$work/w.csv"
handed=$(value .after.eligible)
simulate "its neighbour" --set 'Base=1701' --rounded
same "they do not differ in few" 0 \
    "$((($(value .after.eligible) - handed) % 10))"
same "they say what they are rounded to" "10 10000.00" \
    "$(value .counts_rounded_to) $(value .amounts_rounded_to)"
has "so does the CSV" '^rounded,counts to 10 and amounts a month to 10000.00,0,' \
    "$work/w.csv"
same "its fields" 29 "$(awk -F, '{print NF}' "$work/w.csv" | sort -u)"
same "they do differ in few" "few" \
    "$([ "$few" -gt 0 ] && [ "$few" -lt 10 ] && echo few || echo "$few")"
simulate "one number" --sweep 'Base=1320..1400/40' --set 'Per dependant=700' \
    --csv "$work/w.csv" --html "$work/w.html"
same "its rows" 4 "$(wc -l <"$work/w.csv")"
has "in Arabic" '<html lang="ar" dir="rtl">' "$work/w.html"
has "what holds throughout" '<li><bdi>Per dependant=700</bdi></li>' \
    "$work/w.html"
simulate "a trial of few" --sweep 'Base=1320..1320.01/0.01' \
    --csv "$work/w.csv" --html "$work/w.html" --lang en
same "no unfilled text" "" "$(grep -ohE 'sweep\.[a-z_]+' "$work/w.html")"
refused "take-up of a forecast" 2 "no --take-up" simulate \
    --snapshot "$work/s" --month 2026-01 --forecast 2 --take-up 0.9
refused "rates for nothing" 2 "--rates" simulate --snapshot "$work/s" \
    --month 2026-01 --set 'Base=1700' --rates "$work/rates"
refused "too many months" 2 "--forecast" simulate --snapshot "$work/s" \
    --month 2026-01 --forecast 121

refused "a line that is none" 2 "--line" simulate --snapshot "$work/s" \
    --set 'basic_minimum_head=1400' --month 2026-01 --line 0
refused "more than everybody" 2 "--take-up" simulate --snapshot "$work/s" \
    --set 'basic_minimum_head=1400' --month 2026-01 --take-up 1.01
refused "no range" 2 "LOW..HIGH" simulate --snapshot "$work/s" \
    --set 'basic_minimum_head=1400' --month 2026-01 --uncertain 'Base=5'
refused "an assumption that there is not" 1 "no decision Bsae" simulate \
    --snapshot "$work/s" --set 'basic_minimum_head=1400' --month 2026-01 \
    --uncertain 'Bsae=1..2'
refused "a folder that is not there" 1 "none" simulate --snapshot "$work/s" \
    --set 'basic_minimum_head=1400' --month 2026-01 --csv "$work/none/r.csv"
finish
