#!/bin/sh
# import.sh - files of households and persons, good and bad, through the
# command line: what goes in, what is rejected and why, what a repeat does.
. "$(dirname "$0")/frame"

folder=$work/csv
mkdir "$folder"
header_h=household_id,region,in_shelter
header_p=person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income

# import NAME ...: into $db, rejects to $work/rejects; must end with 0.
import() {
    name=$1
    shift
    done_with "$name" import --db "$db" --csv "$folder" \
        --rejects "$work/rejects" --json "$@"
    same "$name: each reject has its column and value" "" \
        "$(placed "$work/rejects")"
}

# placed FILE: rejects without a column, or without the value of a cell that
# is not empty
placed() {
    python3 - "$1" <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    empty = row["reason"].endswith(": ") or " 11 " in row["reason"]
    if not row["column"] or not row["value"] and not empty:
        print(row)
PY
}

counts() {
    echo "$(value .households_new) $(value .households_changed)" \
        "$(value .households_same) $(value .persons) $(value .rejected)"
}

fresh() {
    rm -f "$db"*
    "$sanad" init --db "$db" >/dev/null
}

good() {
    printf '%s\n0,1,0\n7,13,1\n' $header_h >"$folder/households.csv"
    printf '%s\n' $header_p \
        0,0,0,1980-01-31,0,1,0,0,1234.56,0.00,0.00,10.00 \
        1,0,1,1985-02-28,1,1,90,0,0,0,0,0 \
        2,0,2,2015-12-01,0,1,0,1,0.00,0.00,0.00,0.00 \
        3,7,0,1960-06-15,2,0,365,0,0,99999.99,1,0.5 >"$folder/persons.csv"
}

# 1. a good file, and again
good
fresh
import "good files"
one_json "import --json"
same "good files: keys" \
    "households_new households_changed households_same persons rejected names_left_out columns_unknown decisions_changed seconds" \
    "$(keys .)"
same "good files: counts" "2 0 0 4 0" "$(counts)"
same "no rejects but the header" "file,line,column,value,reason" "$(cat "$work/rejects")"
same "two books" "0|1
7|1" "$(ask 'SELECT household_id, version FROM household_book ORDER BY 1')"
same "four persons" "0|0
1|0
2|0
3|7" "$(ask 'SELECT person_id, household_id FROM person_key ORDER BY 1')"
same "a leaf for each household" "0|1
7|1" "$(ask "SELECT household_id, count(*) FROM audit_pending WHERE type = 'household' GROUP BY 1 ORDER BY 1")"
same "six statements" 6 "$(ask 'SELECT count(*) FROM fact')"
before=$(state)
import "the same files again"
same "a repeat: counts" "0 0 2 4 0" "$(counts)"
same "a repeat changes nothing" "$before" "$(state)"

# 2. the same content in other clothes gives the same books
books() { ask 'SELECT household_id, book FROM household_book ORDER BY 1'; }
plain=$(books)
clothed() {
    fresh
    import "$1"
    same "$1: counts" "2 0 0 4 0" "$(counts)"
    same "$1: the same books" "$plain" "$(books)"
    good
}
sed -i 's/$/\r/' "$folder/households.csv" "$folder/persons.csv"
clothed "CRLF"
sed -i 's/\([^,]*\)/"\1"/g' "$folder/households.csv" "$folder/persons.csv"
clothed "quoted fields"
awk -F, -v OFS=, '{print $12,$11,$10,$9,$8,$7,$6,$5,$4,$3,$2,$1}' \
    "$folder/persons.csv" >"$work/p" && mv "$work/p" "$folder/persons.csv"
awk -F, -v OFS=, '{print $3,$1,$2}' "$folder/households.csv" >"$work/p" &&
    mv "$work/p" "$folder/households.csv"
clothed "other order of columns"
printf '%s' "$(cat "$folder/persons.csv")" >"$folder/persons.csv.x"
mv "$folder/persons.csv.x" "$folder/persons.csv"
clothed "no end of the last line"
printf '\357\273\277%s\n' "$(cat "$folder/households.csv")" >"$work/p"
mv "$work/p" "$folder/households.csv"
clothed "byte order mark"
fold() { # FIRST: digits of every cell as those from this code point on
    python3 - "$1" "$folder/households.csv" "$folder/persons.csv" <<'PY'
import sys
first = int(sys.argv[1], 16)
for path in sys.argv[2:]:
    head, rest = open(path, encoding="utf-8-sig").read().split("\n", 1)
    rest = rest.translate({ord("0") + i: first + i for i in range(10)})
    open(path, "w", encoding="utf-8").write(head + "\n" + rest)
PY
}
fold 6f0
clothed "Persian digits"
fold 660
clothed "Arabic-Indic digits"
same "Arabic-Indic digits: the same persons" "0|0
1|0
2|0
3|7" "$(ask 'SELECT person_id, household_id FROM person_key ORDER BY 1')"
import "the same in Latin digits"
same "the same in Latin digits says nothing new" "0 0 2 4 0" "$(counts)"
fold 660
{
    head -1 "$folder/persons.csv"
    tail -n +2 "$folder/persons.csv" | sort -t, -k1,1nr
} >"$work/p" && mv "$work/p" "$folder/persons.csv"
facts() { ask 'SELECT household_id, subject, true_from, attributes FROM fact ORDER BY 1, 2'; }
said=$(facts)
fresh
import "other order of rows"
same "other order of rows: the same facts" "$said" "$(facts)"
good

# 2b. a name that breaks a rule is left out, and the household goes in
good
names() { # NAME: of the first person; all others have good ones
    printf '%s,name_ar\n' $header_p >"$folder/persons.csv"
    printf '%s\n' "0,0,0,1980-01-31,0,1,0,0,1234.56,0.00,0.00,10.00,$1" \
        1,0,1,1985-02-28,1,1,90,0,0,0,0,0,نورة \
        2,0,2,2015-12-99,0,1,0,1,0.00,0.00,0.00,0.00,'فهد/سعد' \
        3,7,0,1960-06-15,2,0,365,0,0,99999.99,1,0.5,هند >>"$folder/persons.csv"
}
# a slip in the name of a column that may be missing
good
sed -i '1s/household_id,region/reigon_name,household_id,region/; 2,$s/^/x,/' "$folder/households.csv"
fresh
import "a column of an unknown name"
same "it is counted" 1 "$(value .columns_unknown)"
same "nobody is rejected for it" 0 "$(value .rejected)"
has "and told" '^households.csv,1,reigon_name,reigon_name,no column of this name' "$work/rejects"

names 'عبدالله (أبو فهد)'
fresh
: >"$work/rejects"
chmod 644 "$work/rejects"
import "a name with brackets"
same "a name with brackets: the row is in" "2 0 0 3 1" "$(counts)"
same "a name with brackets: left out" 1 "$(value .names_left_out)"
has "a name with brackets is told" \
    '^persons.csv,2,name_ar,عبدالله \(أبو فهد\),.*; the row is in without the name' "$work/rejects"
same "a rejected row is not in without its name" 1 "$(grep -c ',4,' "$work/rejects")"
same "the rejects file is its owner's" 600 "$(stat -c %a "$work/rejects")"
found() { ask 'SELECT DISTINCT person_id FROM person_name ORDER BY 1' | tr '\n' ' '; }
same "the other names are found" "1 3 " "$(found)"
import "a name with brackets again"
same "again: nothing new" "0 0 2 3 1 1" "$(counts) $(value .names_left_out)"
done_with "without --rejects" import --db "$db" --csv "$folder"
has "without --rejects: names are counted" '^1 names left out' "$work/out"
has "without --rejects: how to see why" 'add --rejects FILE' "$work/out"
names 'عبدالله'
import "a corrected name"
same "a corrected name: in" "0 1 1 3 1 0" "$(counts) $(value .names_left_out)"
same "he is found by it" "0 1 3 " "$(found)"
names '"عبدالله [أبو فهد]"'
import "a name that is worse again"
same "the name that is known stays" "0 0 2 3 1 1" "$(counts) $(value .names_left_out)"

# 3. optional columns: names that are found, numbers that are checked
printf '%s,dwelling_proof,short_address\n1,1,0,none,RRRD2929\n' $header_h >"$folder/households.csv"
printf '%s,national_id,name_ar,sex,iban,mobile,disability\n' $header_p >"$folder/persons.csv"
printf '%s\n' \
    '10,1,0,1980-01-31,0,1,0,0,0,0,0,0,1000000008,"أحمد بن عليّ",male,SA0380000000608010167519,0501234567,none' \
    '11,1,2,2010-01-31,0,1,0,1,0,0,0,0,,,,,,severe' >>"$folder/persons.csv"
fresh
import "optional columns"
same "optional columns: counts" "1 0 0 2 0" "$(counts)"
same "an empty optional cell says nothing" "0 1" \
    "$(ask "SELECT count(*), (SELECT count(*) FROM person_key WHERE person_id = 11) FROM person_key WHERE national_id = ''" | tr '|' ' ')"
same "the national id finds the person" 10 \
    "$(ask "SELECT person_id FROM person_key WHERE national_id = '1000000008'")"
has "the folded name finds the person" '^[1-9]' "$(ask "SELECT count(*) FROM person_name WHERE person_id = 10" >"$work/n"; echo "$work/n")"

# 3b. a number is no name: other systems number the same words otherwise
printf '%s,dwelling_proof\n1,1,0,title_deed\n2,1,0,0\n' $header_h >"$folder/households.csv"
printf '%s,sex,disability\n' $header_p >"$folder/persons.csv"
printf '%s\n' \
    '10,1,0,1980-01-31,0,1,0,0,0,0,0,0,male,none' \
    '11,1,spouse,1980-01-31,saudi,1,0,0,0,0,0,0,1,none' \
    '12,1,2,2010-01-31,0,1,0,0,0,0,0,0,female,٣' \
    '13,1,child,2010-01-31,exempt,1,0,0,0,0,0,0,,severe' \
    '14,1,4,2010-01-31,0,1,0,0,0,0,0,0,male,none' \
    '15,1,left,2010-01-31,0,1,0,0,0,0,0,0,male,none' \
    '20,2,0,1980-01-31,0,1,0,0,0,0,0,0,male,none' >>"$folder/persons.csv"
fresh
import "places in a list"
same "what is no name is refused, and what is expected is said" \
    "households.csv,3,dwelling_proof,0,not one of the known values of this field: 0; known are ejar_lease, title_deed, government_certificate, none
persons.csv,3,sex,1,not one of the known values of this field: 1; known are male, female
persons.csv,4,disability,٣,not one of the known values of this field: 3; known are none, mild, moderate, severe
persons.csv,6,role,4,not one of the known values of this field: 4; known are 0 head, 1 spouse, 2 child, 3 other
persons.csv,7,role,left,not one of the known values of this field: left; known are 0 head, 1 spouse, 2 child, 3 other
persons.csv,8,household_id,2,the household of this person is missing or was rejected in households.csv" \
    "$(tail -n +2 "$work/rejects" | tr -d '"' | sort -t, -k1,1 -k2,2n)"
same "the good ones went in" "10
13" "$(ask 'SELECT person_id FROM person_key ORDER BY 1')"

# 4. every kind of bad row: each is named, the good ones go in
cat >"$folder/households.csv" <<CSV
$header_h
1,1,0
2,0,0
3,1,2
x,1,0
-4,1,0
1,2,0
5,1,0
6,1,0
7,1,0,9
8,14,0
9,1,0
CSV
cat >"$folder/persons.csv" <<CSV
$header_p
10,1,0,1980-01-31,0,1,0,0,0,0,0,0
11,1,2,2023-02-29,0,1,0,0,0,0,0,0
12,1,2,2001-01-01,3,1,0,0,0,0,0,0
13,1,2,2001-01-01,0,yes,0,0,0,0,0,0
14,1,2,2001-01-01,0,1,-1,0,0,0,0,0
15,1,2,2001-01-01,0,1,0,0,-0.01,0,0,0
16,1,2,2001-01-01,0,1,0,0,12.345,0,0,0
17,1,2,2001-01-01,0,1,0,0,"1,000.00",0,0,0
18,1,2,2999-01-01,0,1,0,0,0,0,0,0
19,1,2,2150-01-01,0,1,0,0,0,0,0,0
10,1,2,2001-01-01,0,1,0,0,0,0,0,0
y,1,2,2001-01-01,0,1,0,0,0,0,0,0
20,1,2,2001-01-01,0,1,0,0,0,0,0
21,2,0,2001-01-01,0,1,0,0,0,0,0,0
22,5,2,2001-01-01,0,1,0,0,0,0,0,0
23,6,0,2001-01-01,0,1,0,0,0,0,0,0
24,6,0,2001-01-01,0,1,0,0,0,0,0,0
25,99,0,2001-01-01,0,1,0,0,0,0,0,0
26,9,0,2001-01-01,0,1,0,0,0,0,0,0
27,9,7,2001-01-01,0,1,0,0,0,0,0,0
28,9,2,2001-01-01,0,1,0,0,0,,0,0
29,9,2,2001-01-01,0,1,0,0,1e3,0,0,0
30,9,2,2001-01-01,0,1,366.5,0,0,0,0,0
CSV
cat >"$work/expected" <<'CSV'
file,line,column,value,reason
households.csv,3,region,0,"not one of the known values of this field: 0; known are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"
households.csv,4,in_shelter,2,must be 0 or 1: 2
households.csv,5,household_id,x,not an id (a whole number from 0 to 9223372036854775806): x
households.csv,6,household_id,-4,not an id (a whole number from 0 to 9223372036854775806): -4
households.csv,7,household_id,1,this id stands in the file twice
households.csv,8,household_id,5,the household has no good row with role 0 (head) in persons.csv
households.csv,9,household_id,6,the household has more than one head in persons.csv
households.csv,11,region,14,"not one of the known values of this field: 14; known are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"
persons.csv,3,birth_date,2023-02-29,not a date as YYYY-MM-DD: 2023-02-29
persons.csv,4,nationality,3,"not one of the known values of this field: 3; known are 0 saudi, 1 exempt, 2 other"
persons.csv,5,resident,yes,must be 0 or 1: yes
persons.csv,6,days_abroad,-1,a negative amount or number is not accepted: -1
persons.csv,7,salary,-0.01,a negative amount or number is not accepted: -0.01
persons.csv,8,salary,12.345,not an amount with at most two decimals: 12.345
persons.csv,9,salary,"1,000.00","not an amount with at most two decimals: 1,000.00"
persons.csv,10,birth_date,2999-01-01,"the date 2999-01-01 lies outside the days that are accepted, 1850-01-01 to 2199-12-31"
persons.csv,11,birth_date,2150-01-01,the birth date is in the future
persons.csv,12,person_id,10,this id stands in the file twice
persons.csv,13,person_id,y,not an id (a whole number from 0 to 9223372036854775806): y
persons.csv,15,household_id,2,the household of this person is missing or was rejected in households.csv
persons.csv,19,household_id,99,the household of this person is missing or was rejected in households.csv
persons.csv,16,household_id,5,the household of this person was rejected; line 8 of households.csv says why
persons.csv,17,household_id,6,the household of this person was rejected; line 9 of households.csv says why
persons.csv,18,household_id,6,the household of this person was rejected; line 9 of households.csv says why
persons.csv,21,role,7,"not one of the known values of this field: 7; known are 0 head, 1 spouse, 2 child, 3 other"
persons.csv,22,pension_income,,not an amount with at most two decimals: 
persons.csv,23,salary,1e3,not an amount with at most two decimals: 1e3
persons.csv,24,days_abroad,366.5,not a whole number from 0 to 366: 366.5
CSV
fresh
import "bad rows"
# rows with too many or too few fields: their reason is the reader's own
grep -vE '^(households.csv,10|persons.csv,14),' "$work/rejects" |
    sort -t, -k1,1 -k2,2n >"$work/got"
sort -t, -k1,1 -k2,2n "$work/expected" >"$work/want"
if cmp -s "$work/want" "$work/got"; then pass; else
    fail "rejects word by word"
    diff "$work/want" "$work/got" | head -20
fi
has "a row with too many fields is named" '^households.csv,10,4,9,The row has 4 fields where 3 are needed' "$work/rejects"
has "a row with too few fields is named" '^persons.csv,14,business_income,,The row has 11 fields where 12 are needed' "$work/rejects"
same "bad rows: counts" "2 0 0 2 30" "$(counts)"
same "the good rows went in" "10|1
26|9" "$(ask 'SELECT person_id, household_id FROM person_key ORDER BY 1')"
before=$(state)
import "bad rows again"
same "bad rows again: counts" "0 0 2 2 30" "$(counts)"
same "bad rows again change nothing" "$before" "$(state)"
import "rejects in Arabic" --lang ar
has "the reason is in Arabic" 'persons.csv,3,birth_date,2023-02-29,ليس تاريخ' "$work/rejects"
done_with "bad rows without a rejects file" import --db "$db" --csv "$folder"
has "their number is told" '30 rows rejected' "$work/out"

# 5. a corrected file changes what was wrong, and only that
sed -i 's/^11,1,2,2023-02-29/11,1,2,2023-02-28/' "$folder/persons.csv"
old=$(ask 'SELECT book FROM household_book WHERE household_id = 9')
import "a corrected row"
same "a corrected row: counts" "0 1 1 3 29" "$(counts)"
same "its household has a new version" "1|2
9|1" "$(ask 'SELECT household_id, version FROM household_book ORDER BY 1')"
same "the other book is as before" "$old" \
    "$(ask 'SELECT book FROM household_book WHERE household_id = 9')"
same "one new statement, of that person" "11" \
    "$(ask 'SELECT subject FROM fact WHERE version = 2')"
good
fresh
import "before a correction"
sed -i 's/^0,0,0,1980-01-31,0,1,0,0,1234.56/0,0,0,1980-01-31,0,1,0,0,2000.00/' "$folder/persons.csv"
import "a corrected amount"
same "a corrected amount: counts" "0 1 1 4 0" "$(counts)"
"$sanad" determine --db "$db" --month 2023-11 >/dev/null
run "$sanad" explain --db "$db" --household 0 --month 2023-11 --lang en
has "the new amount counts" '2,000|24,120|24,000' "$work/out"

# 6. a person cannot be in two households, a national id not with two persons
good
fresh
import "before a move"
sed -i 's/^3,7,0/3,0,3/' "$folder/persons.csv"
import "a person in another household"
has "he is refused by name of the rule" \
    '^persons.csv,5,person_id,3,person 3 lives in household 7; nobody is in two households' "$work/rejects"
same "he stays where he is" "7" "$(ask 'SELECT household_id FROM person_key WHERE person_id = 3')"
printf '%s\n1,1,0\n2,1,0\n' $header_h >"$folder/households.csv"
printf '%s,national_id\n' $header_p >"$folder/persons.csv"
printf '%s\n' '10,1,0,1980-01-31,0,1,0,0,0,0,0,0,1000000008' \
    '11,1,2,2010-01-31,0,1,0,0,0,0,0,0,1000000008' \
    '12,2,0,1980-01-31,0,1,0,0,0,0,0,0,1000000008' >>"$folder/persons.csv"
fresh
import "a national id of three persons"
same "only the first keeps it" "10" \
    "$(ask "SELECT person_id FROM person_key WHERE national_id = '1000000008'")"
has "the second, of his household, is refused" '^persons.csv,3,national_id,1000000008,' "$work/rejects"
has "the third, of another, is refused" '^persons.csv,4,national_id,1000000008,' "$work/rejects"

same "the good ones went in" "10|1
" "$(ask 'SELECT person_id, household_id FROM person_key')
"
sed -i 's/^11,\(.*\),1000000008$/11,\1,1000000016/' "$folder/persons.csv"
import "the second has a number of his own"
same "he is found by it" 11 "$(ask "SELECT person_id FROM person_key WHERE national_id = '1000000016'")"
sed -i 's/^11,\(.*\),1000000016$/11,\1,1000000024/' "$folder/persons.csv"
import "his number is corrected"
same "he is found by the new one" 11 "$(ask "SELECT person_id FROM person_key WHERE national_id = '1000000024'")"

# what was read of a rejected row is nothing of the row behind it
printf '%s\n1,1,0\n2,1,0\n' $header_h >"$folder/households.csv"
printf '%s,national_id\n' $header_p >"$folder/persons.csv"
printf '%s\n' '10,1,0,1980-01-31,0,1,0,0,0,0,0,0,1000000008' \
    '20,2,0,1980-01-31,0,1,0,0,0,0,0,0,1000000008' \
    '21,2,2,2010-01-31,0,1,0,0,0,0,0,0,' \
    '22,2,2,2012-01-31,0,yes,0,0,0,0,0,0,' \
    '23,2,2,2014-01-31,0,1,0,0,0,0,0,0,' >>"$folder/persons.csv"
fresh
import "a head whose number another has"
same "head: each row by its own fault" \
    "households.csv,3,household_id,2,the household has no good row with role 0 (head) in persons.csv
persons.csv,3,national_id,1000000008,the national ID 1000000008 belongs to another person; it is never given to a second one, not even after a death: correct the number
persons.csv,4,household_id,2,the household of this person was rejected; line 3 of households.csv says why
persons.csv,5,resident,yes,must be 0 or 1: yes
persons.csv,6,household_id,2,the household of this person was rejected; line 3 of households.csv says why" \
    "$(tail -n +2 "$work/rejects" | tr -d '"' | sort -t, -k1,1 -k2,2n)"
printf '%s\n3,1,0\n' $header_h >"$folder/households.csv"
printf 'national_id,%s\n' $header_p >"$folder/persons.csv"
printf '%s\n' ',30,3,0,1980-01-31,0,1,0,0,0,0,0,0' \
    '1000000024,31,3,1,1980-01-31,0,1,0,0,-5,0,0,0' \
    ',32,3,2,2010-01-31,0,1,0,0,0,0,0,0' >>"$folder/persons.csv"
import "a rejected spouse with a number"
same "the child behind her has no number" "30|
32|" "$(ask 'SELECT person_id, national_id FROM person_key WHERE household_id = 3 ORDER BY 1')"

# a file that says something impossible of a household that is known stops
# that household, and no other
good
fresh
import "before another head"
printf '%s\n0,1,0\n7,13,1\n8,1,0\n' $header_h >"$folder/households.csv"
printf '%s\n' $header_p \
    5,0,0,1990-01-31,0,1,0,0,0,0,0,0 \
    3,7,0,1960-06-15,2,0,364,0,0,99999.99,1,0.5 \
    8,8,0,1960-06-15,2,0,364,0,0,1,1,0.5 >"$folder/persons.csv"
old=$(ask 'SELECT book FROM household_book WHERE household_id = 0')
import "another head in the file"
same "another head: counts" "1 1 0 2 2" "$(counts)"
has "another head: the rule is named" \
    '^households.csv,2,household_id,0,household 0 would have more than one head' "$work/rejects"
same "another head: the household is as before" "$old" \
    "$(ask 'SELECT book FROM household_book WHERE household_id = 0')"
same "another head: no trace of him" 0 "$(ask 'SELECT count(*) FROM person_key WHERE person_id = 5')"

# 7. files that are no such files change nothing
good
fresh
before=$(state)
mv "$folder/persons.csv" "$work/kept.csv"
refused "no persons.csv" 1 "persons.csv" import --db "$db" --csv "$folder"
printf 'person_id,household_id\n1,1\n' >"$folder/persons.csv"
refused "columns are missing" 1 "role|column" import --db "$db" --csv "$folder"
: >"$folder/persons.csv"
refused "an empty file" 1 "." import --db "$db" --csv "$folder"
head -c 5000 /dev/urandom >"$folder/persons.csv"
refused "noise" 1 "." import --db "$db" --csv "$folder"
iconv -f UTF-8 -t UTF-16 <"$work/kept.csv" >"$folder/persons.csv"
refused "UTF-16" 1 "." import --db "$db" --csv "$folder"
python3 -c 'print(",".join("c%d" % i for i in range(1000000)))' >"$folder/persons.csv"
refused "a million columns" 1 "." import --db "$db" --csv "$folder"
printf '%s\n' "$header_p,salary" >"$folder/persons.csv"
refused "a column twice" 1 "." import --db "$db" --csv "$folder"
mkdir "$work/empty"
refused "an empty folder" 1 "households.csv" import --db "$db" --csv "$work/empty"
refused "a folder that is not there" 1 "no such file" import --db "$db" --csv "$work/none"
refused "rejects where nothing can be written" 1 "." \
    import --db "$db" --csv "$folder" --rejects "$work/none/r.csv"
refused "no events file" 1 "no such file" import --db "$db" --events "$work/none"
same "nothing has changed" "$before" "$(state)"
printf '%s\n0,0,0,1980-01-31,0,1,0,0,1234.56,0.00,0.00,"10.0' "$header_p" >"$folder/persons.csv"
import "a file cut within quotes"
has "where it is cut" '^persons.csv,2,business_income,"0,0,0,1980-01-31,0,1,0,0,1234.56,0.00,0.…","A quot' "$work/rejects"
same "its household waits" "0" "$(ask 'SELECT count(*) FROM household_book')"
cp "$work/kept.csv" "$folder/persons.csv"
import "the whole file afterwards"
same "the whole file goes in" "2 0 0 4 0" "$(counts)"

# 8. events: once, in slices, and what a rule refuses
event() {
    printf '{"specversion":"1.0","source":"%s","id":"%s","type":"sa.gov.sanad.%s.v1","data":%s}\n' "$@"
}
{
    event gosi 1 wage.reported '{"person":"0","from":"2023-01-01","value":"100.00"}'
    event gosi 1 wage.reported '{"person":"0","from":"2023-01-01","value":"100.00"}'
    event gosi 1 wage.reported '{"person":"0","from":"2023-01-01","value":"200.00"}'
    echo 'this is no JSON'
    event gosi 2 wage.reported '{"person":"999","from":"2023-01-01","value":"5.00"}'
    event gosi 3 wage.reported '{"person":"0","from":"2023-02-01","value":"-5.00"}'
    event gosi 4 no.such.thing '{}'
    event absher 5 birth '{"household":"0","person":"50","from":"2150-01-01"}'
    event gosi 6 wage.reported "{\"person\":\"$(printf '%066000d' 0)\"}"
    event gosi 7 wage.reported "{\"person\":\"$(printf '%0200000d' 0)\"}"
} >"$work/events"
done_with "events" import --db "$db" --events "$work/events" \
    --rejects "$work/rejects" --json
one_json "events --json"
same "events: keys" \
    "carried_out repeated rejected households decisions_changed seconds" "$(keys .)"
has "a line far beyond the limit" '^[^,]*,10,1,"\{""specversion"":""1.0"",""source"":""gosi"".*…",' "$work/rejects"
has "a line beyond the limit" '^[^,]*,9,1,"\{""specversion"":""1.0"",""source"":""gosi"".*…",' "$work/rejects"
same "events: repeated and rejected" "1 8" "$(value .repeated) $(value .rejected)"
same "events: one carried out" 1 "$(value .carried_out)"
same "each rejected line is named" "3
4
5
6
7
8
9
10" "$(tail -n +2 "$work/rejects" | cut -d, -f2 | sort -n)"
has "no JSON: where in the line" '^[^,]*,4,1,this is no JSON,' "$work/rejects"
has "a person that nobody knows" '^[^,]*,5,data.person,999,' "$work/rejects"
has "a birth to come" '^[^,]*,8,data.from,2150-01-01,' "$work/rejects"
has "a member and what it holds" '^[^,]*,6,data.value,-5.00,' "$work/rejects"
has "a type that nobody knows" '^[^,]*,7,type,sa.gov.sanad.no.such.thing.v1,' "$work/rejects"
has "the same id with other content" '^[^,]*,3,id,1,.*received before with other content' "$work/rejects"
before=$(state)
done_with "events again" import --db "$db" --events "$work/events" --json
same "events again: nothing new" "0 2 8" \
    "$(value .carried_out) $(value .repeated) $(value .rejected)"
same "events again change nothing" "$before" "$(state)"
# 9. months that are determined are decided again at once, in the same import
good
fresh
import "before determination"
same "nothing determined: no decisions" 0 "$(value .decisions_changed)"
for month in 2023-11 2024-02 2024-03; do
    done_with "determine $month" determine --db "$db" --month $month
done
verdicts() { # MONTH DB: household, outcome, amount and reasons in force
    db=$2 ask "SELECT household_id, outcome, amount_minor, reasons
        FROM decision AS d WHERE month <= $1 AND id = (SELECT id FROM decision
        AS e WHERE e.household_id = d.household_id AND e.month <= $1
        AND e.programme = d.programme ORDER BY month DESC, id DESC LIMIT 1)
        ORDER BY 1"
}
printf '9,5,0\n' >>"$folder/households.csv"
printf '%s\n' 40,9,0,1970-01-31,0,1,0,0,100,0,0,0 \
    41,9,2,2024-02-10,0,1,0,0,0,0,0,0 >>"$folder/persons.csv"
sed -i 's/^0,0,0,1980-01-31,0,1,0,0,1234.56/0,0,0,1980-01-31,0,1,0,0,99000.00/' "$folder/persons.csv"
import "a correction and a new household after determination"
same "one new, one changed, the third untouched" "1 1 1 6 0" "$(counts)"
same "one decision of the old household, two of the new one, where a child is born" \
    "3" "$(value .decisions_changed)"
"$sanad" init --db "$work/other.db" >/dev/null
"$sanad" import --db "$work/other.db" --csv "$folder" >/dev/null
for month in 2023-11 2024-02 2024-03; do
    "$sanad" determine --db "$work/other.db" --month $month >/dev/null
done
for at in 646 649 650; do # 2023-11, 2024-02, 2024-03
    same "month $at: as if all had been known before it was determined" \
        "$(verdicts $at "$work/other.db")" "$(verdicts $at "$db")"
done
before=$(state)
import "the same again after determination"
same "the same again: nothing to decide" "0 0 3 6 0 0" \
    "$(counts) $(value .decisions_changed)"
for month in 2023-11 2024-02 2024-03; do
    done_with "determine $month again" determine --db "$db" --month $month --json
    same "$month: nothing was left to decide" 0 "$(value .changed)"
done
done_with "replay" replay --db "$db" --json
same "every decision is replayed" "0 0" "$(value .different) $(value .not_replayable)"
[ -n "$before" ] || fail "no state"
# 10. what a corrected file says is what changed in it, and no more
explained() { # HOUSEHOLD MONTH: facts in force, their source and day
    "$sanad" explain --db "$db" --household "$1" --month "$2" --lang en |
        python3 -c 'import re, sys
print(re.sub("[\u2066-\u2069]", "", sys.stdin.read()))'
}
good
fresh
import "before a return"
sed -i 's/1234.56/1500.00/' "$folder/persons.csv"
import "there"
sed -i 's/1500.00/1234.56/' "$folder/persons.csv"
import "and back"
same "a row that goes back to what it was is a correction" "0 1 1 4 0" "$(counts)"
"$sanad" determine --db "$db" --month 2023-11 >/dev/null
explained 0 2023-11 >"$work/words"
has "the old amount counts again" 'SAR 1,234.56' "$work/words"
import "and once more"
same "then nothing is new" "0 0 2 4 0" "$(counts)"

event gosi 90 wage.reported '{"person":"0","from":"2023-05-01","value":"7000.00"}' >"$work/events"
event absher 91 death '{"person":"0","from":"2023-09-01"}' >>"$work/events"
done_with "an agency knows more" import --db "$db" --events "$work/events"
for person in 0 1; do # the dead head, and his widow who leads now
    sed -i "s/^$person,\(.*\),1\(,[^,]*,\)0,/$person,\1,0\20,/" "$folder/persons.csv"
done
import "another thing is corrected"
same "both rows are taken" "0 1 1 4 0" "$(counts)"
explained 0 2023-11 >"$work/words"
has "what the agency told stands" '7,000' "$work/words"
has "and who leads since" 'Role in the household: head' "$work/words"

# who was the last of a household: its entitlement ends, in words
printf '%s\n5,1,0\n' $header_h >"$folder/households.csv"
printf '%s\n50,5,0,1960-01-01,0,1,0,0,0,0,0,0\n' "$header_p" >"$folder/persons.csv"
import "somebody alone"
"$sanad" determine --db "$db" --month 2023-11 >/dev/null
event absher 92 death '{"person":"50","from":"2023-09-01"}' >"$work/events"
done_with "dies" import --db "$db" --events "$work/events"
for lang in ar en; do
    "$sanad" explain --db "$db" --household 5 --month 2023-11 --lang $lang \
        >"$work/words"
    same "the reason is a text, $lang" 0 "$(grep -c 'reason\.' "$work/words")"
done
has "and says what happened" 'Nobody is left' "$work/words"

# a birth that moves takes all that hangs on it along
printf '%s\n7,13,1\n' $header_h >"$folder/households.csv"
births() {
    printf '%s\n' $header_p 3,7,0,1960-06-15,0,1,0,0,0,0,0,0 \
        "4,7,2,$1,0,1,0,0,0,0,0,25.00" >"$folder/persons.csv"
}
members() { # months in which person 4 is there, of 2022-02 .. 2022-08
    for at in 2022-02 2022-04 2022-06 2022-08; do
        "$sanad" determine --db "$db" --month $at --json >"$work/out"
        value .persons
    done | tr '\n' ' '
}
births 2022-05-10
fresh
import "a birth in May"
same "there from then on" "1 1 2 2 " "$(members)"
births 2022-07-20
import "a birth in July after all"
same "not there before" "1 1 1 2 " "$(members)"
facts_of_4=$(ask "SELECT count(*) FROM fact WHERE subject = 4")
import "again in July"
same "and no more is said" "$facts_of_4" "$(ask "SELECT count(*) FROM fact WHERE subject = 4")"
births 2022-03-01
import "a birth in March"
same "there from March on" "1 2 2 2 " "$(members)"
births 2020-03-01
import "a birth long ago"
same "there from the beginning" "2 2 2 2 " "$(members)"
births 2022-07-20
import "July for good"
same "July again" "1 1 1 2 " "$(members)"
done_with "doctor after corrections" doctor --db "$db" --json
same "the books are what the facts say" true "$(value .books.well)"
done_with "replay after corrections" replay --db "$db" --json
same "replay after corrections" 0 "$(value .different)"

# who has moved is what the file says from the day on which he came
event absher 92 household.left '{"person":"4","from":"2024-06-01"}' >"$work/events"
done_with "he moves" import --db "$db" --events "$work/events"
home=$(ask 'SELECT household_id FROM person_key WHERE person_id = 4')
printf '%s\n7,13,1\n%s,1,0\n' $header_h "$home" >"$folder/households.csv"
sed -i "s/^4,7,2,\(.*\),25.00/4,$home,0,\1,40.00/" "$folder/persons.csv"
import "the file knows it too"
same "he is where he moved" "0 1 1 2 0" "$(counts)"
same "he has lived there since then, and not before" "$(python3 -c '
import datetime; print((datetime.date(2024, 6, 1) - datetime.date(1970, 1, 1)).days)')" \
    "$(ask "SELECT min(true_from) FROM fact WHERE household_id = $home
        AND source = 'csv' AND subject = 4 AND version > 1")"
sed -i "s/^4,$home,0,2022-07-20/4,$home,0,2022-07-21/" "$folder/persons.csv"
import "the birth of one who moved"
has "a birth in two households is corrected by a message" \
    "^persons.csv,3,birth_date,2022-07-21,.person 4 came from another household; correct his birth by a message" "$work/rejects"
has "his household waits for it" \
    "^households.csv,3,household_id,$home,the household was rejected; line 3 of persons.csv says why" "$work/rejects"
printf '%s,2,0,1980-01-31,0,1,0,0,0,0,0,0\n5,%s,2,\377,0,1,0,0,0,0,0,0\n' \
    6 "$home" >>"$folder/persons.csv"
import "broken text"
has "what is no UTF-8 is shown as what it is not" \
    '^persons.csv,5,birth_date,�,The text in column birth_date is not UTF-8' "$work/rejects"
# who died is not born after it
printf '%s\n9,13,1\n' $header_h >"$folder/households.csv"
lives() {
    printf '%s\n' $header_p 90,9,0,1960-06-15,0,1,0,0,0,0,0,0 \
        "91,9,2,$1,0,1,0,0,0,0,0,0" >"$folder/persons.csv"
}
lives 2010-06-15
import "a head and a child"
event absher 93 death '{"person":"91","from":"2024-09-01"}' >"$work/events"
done_with "the child dies" import --db "$db" --events "$work/events"
lives 2025-06-15
import "a birth after a death"
has "a row beside it says where to look" '^persons.csv,2,household_id,9,.*line 3 of persons.csv says why' "$work/rejects"
has "a birth after a death" '^persons.csv,3,birth_date,2025-06-15,person 91 died on 2024-09-01' "$work/rejects"
finish
