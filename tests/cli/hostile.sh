#!/bin/sh
# hostile.sh - files, disks and databases that are not as they should be: each
# ends in one line that says what to do, in both languages, and changes nothing.
. "$(dirname "$0")/frame"

folder=$work/csv
mkdir "$folder"
header_h=household_id,region,in_shelter
header_p=person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income

good() {
    printf '%s\n0,1,0\n7,13,1\n' $header_h >"$folder/households.csv"
    printf '%s\n' $header_p \
        0,0,0,1980-01-31,0,1,0,0,1234.56,0.00,0.00,10.00 \
        1,0,1,1985-02-28,1,1,90,0,0,0,0,0 \
        2,0,2,2015-12-01,0,1,0,1,0.00,0.00,0.00,0.00 \
        3,7,0,1960-06-15,2,0,365,0,0,99999.99,1,0.5 >"$folder/persons.csv"
}

event() {
    printf '{"specversion":"1.0","source":"%s","id":"%s","type":"sa.gov.sanad.%s.v1","data":%s}\n' "$@"
}

# both NAME CODE ENGLISH ARABIC ARGS...: refused in each language.
both() {
    name=$1 want=$2 english=$3 arabic=$4
    shift 4
    SANAD_LANG=en refused "$name" "$want" "$english" "$@"
    SANAD_LANG=ar refused "$name, Arabic" "$want" "$arabic" "$@"
}

good
"$sanad" init --db "$db" >/dev/null
done_with "a sound beginning" import --db "$db" --csv "$folder"
done_with "determined" determine --db "$db" --month 2023-11
before=$(state)

# 1. the month, the database
for month in 2021-12 1999-01 2099-12 2027-12; do
    SANAD_CLOCK=2026-01-15T08:00:00Z both "month $month" 1 \
        "only months from .*2022-01.* to .*2026-03" "2022-01.*2026-03" \
        determine --db "$db" --month $month
done
for month in 2023-13 2023-00 23-01 2023-1 next '' 2023-011 '٢٠٢٣-٢٠'; do
    refused "no month: $month" 2 "is no month" determine --db "$db" --month "$month"
done
both "a month that is not determined" 1 "not determined yet; run sanad determine" \
    "sanad determine" explain --db "$db" --household 0 --month 2022-02
: >"$work/empty.db"
both "an empty file" 1 "is empty. Prepare it with: sanad init" "sanad init" \
    import --db "$work/empty.db" --csv "$folder"
both "an empty file, determine" 1 "is empty. Prepare it with: sanad init" \
    "sanad init" determine --db "$work/empty.db" --month 2023-11
both "no database" 1 "no database at .*sanad init" "sanad init" \
    import --db "$work/none.db" --csv "$folder"
same "and none is made" "" "$(ls "$work" | grep '^none')"
"$sanad" init --db "$work/empty.db" >/dev/null
both "nobody to determine" 1 "no households.*sanad import" "sanad import" \
    determine --db "$work/empty.db" --month 2023-11
printf 'no database, but text\n' >"$work/text.db"
both "a text file" 1 "is not a database" "ليس قاعدة بيانات" \
    import --db "$work/text.db" --csv "$folder"
same "the text is as it was" "no database, but text" "$(cat "$work/text.db")"
both "a folder" 1 "is not a database" "ليس قاعدة بيانات" \
    import --db "$folder" --csv "$folder"
head -c 3000 "$db" >"$work/cut.db"
refused "a database cut short" 1 "damaged|not a database|could not be used" \
    determine --db "$work/cut.db" --month 2023-11

# 2. locked by another program, beyond what anybody waits
python3 - "$db" "$work/locked" <<'PY' &
import os, sqlite3, sys, time
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN EXCLUSIVE")
open(sys.argv[2], "w").close()
while os.path.exists(sys.argv[2]):
    time.sleep(0.05)
PY
locker=$!
while ! [ -e "$work/locked" ]; do sleep 0.05; done
event gosi 1 wage.reported '{"person":"0","from":"2023-01-01","value":"1.00"}' >"$work/events"
SANAD_LANG=ar refused "locked, CSV, Arabic" 1 "أعد المحاولة" \
    import --db "$db" --csv "$folder"
refused "locked, events" 1 "is locked by another program.*Try again" \
    import --db "$db" --events "$work/events"
rm "$work/locked"
wait $locker
same "nothing has changed under the lock" "$before" "$(state)"

# 3. files that are no such files
broken() { # NAME ENGLISH ARABIC: persons.csv is refused as a whole
    both "$1" 1 "$2" "$3" import --db "$db" --csv "$folder"
    good
}
: >"$folder/persons.csv"
broken "an empty file" "file is empty" "الملف فارغ"
iconv -f UTF-8 -t UTF-16 <"$folder/persons.csv" >"$work/p"
mv "$work/p" "$folder/persons.csv"
broken "UTF-16" "UTF-8|zero byte|column" "."
iconv -f UTF-8 -t UTF-16LE <"$folder/persons.csv" >"$work/p"
mv "$work/p" "$folder/persons.csv"
broken "UTF-16 without its mark" "UTF-8|zero byte|column" "."
head -c 100000 /dev/urandom >"$folder/persons.csv"
broken "noise" "." "."
head -c 3000000 /dev/zero >"$folder/persons.csv"
broken "zeros" "zero byte|longer" "."
python3 -c 'print(",".join("c%d" % i for i in range(1000000)))' >"$folder/persons.csv"
broken "a million columns" "256|longer" "256|ميغابايت"
python3 -c 'print("x" * 10000000)' >"$folder/persons.csv"
broken "a column of ten megabytes" "longer" "أطول"
sed -i 's/,/;/g' "$folder/persons.csv"
broken "semicolons" "required and the header does not have it" "مطلوب"
sed -i 's/,/\t/g' "$folder/persons.csv"
broken "tabs" "required and the header does not have it" "مطلوب"
sed -i '1s/salary/الراتب/' "$folder/persons.csv"
broken "a column by another name" "salary.* is required" "salary"
sed -i '1d' "$folder/persons.csv"
broken "no header" "required|[Cc]olumn" "."
rm "$folder/persons.csv" && mkdir "$folder/persons.csv"
both "a folder instead of the file" 1 "this is a folder" "مجلد" \
    import --db "$db" --csv "$folder"
rmdir "$folder/persons.csv" && mkfifo "$folder/persons.csv"
(sleep 3 >"$folder/persons.csv") &
both "a pipe instead of the file" 1 "not a regular file" "ليس ملفًا" \
    import --db "$db" --csv "$folder"
kill $! 2>/dev/null
rm "$folder/persons.csv"
both "no persons.csv" 1 "no such file: .*persons.csv" "persons.csv" \
    import --db "$db" --csv "$folder"
good
for target in "$folder/persons.csv" "$folder/households.csv" "$db" "$db.lock"; do
    both "rejects over $(basename "$target")" 1 "choose another one for --rejects" \
        "اختر" import --db "$db" --csv "$folder" --rejects "$target"
done
ln -s "$folder/persons.csv" "$work/link"
refused "rejects over a link to the file" 1 "choose another" \
    import --db "$db" --csv "$folder" --rejects "$work/link"
refused "rejects over the events" 1 "choose another" \
    import --db "$db" --events "$work/events" --rejects "$work/events"
same "the file is whole" 5 "$(wc -l <"$folder/persons.csv")"
same "no such file has changed anything" "$before" "$(state)"

# 4. rows: the bad ones are named, and the good ones are as before
rejects() { # NAME LINE REASON: of persons.csv, or its household
    done_with "$1" import --db "$db" --csv "$folder" --rejects "$work/rejects" --json
    has "$1" "$2" "$work/rejects"
    same "$1: nothing changes" "$before" "$(state)"
    good
}
row() { printf '%s\n' "$1" >>"$folder/persons.csv"; }
printf '4,0,2,2010-01-31,0,1,0,0,0,0,0,\0\n' >>"$folder/persons.csv"
rejects "a zero byte" '^persons.csv,6,.*zero byte'
printf '4,0,2,2010-01-31,0,1,0,0,0,0,0,\377\n' >>"$folder/persons.csv"
rejects "not UTF-8" '^persons.csv,6,.*not UTF-8'
printf '4,0,2,2010-01-31,0,1,0,0,0,0,0,"%s"\n' "$(head -c 70000 /dev/zero | tr '\0' 9)" >>"$folder/persons.csv"
rejects "a field of 70 kB" '^persons.csv,6,.*longer than 64'
row '4,0,2,2010-01-31,0,1,0,0,0,0,0'
rejects "a row cut short" '^persons.csv,6,.*11 fields where 12'
row '4,0,2,2010-01-31,0,1,0,0,"0,0,0,0'
rejects "a quote that never ends" '^persons.csv,6,.*quotation'
row '3,0,2,2010-01-31,0,1,0,0,0,0,0,0'
rejects "a person of two households" '^persons.csv,6,person_id,3,.*twice'
row '4,9,0,1990-01-31,0,1,0,0,0,0,0,0'
rejects "a person of no household" '^persons.csv,6,.*household of this person is missing'
row '4,0,0,1990-01-31,0,1,0,0,0,0,0,0'
rejects "two heads" '^households.csv,2,household_id,0,.*more than one head'
sed -i 's/^0,0,0,/0,0,2,/' "$folder/persons.csv"
rejects "no head" '^households.csv,2,household_id,0,.*no good row with role 0'
printf '8,1,0\n' >>"$folder/households.csv"
row '0,8,0,1980-01-31,0,1,0,0,1234.56,0.00,0.00,10.00'
rejects "a head of two households" '^persons.csv,6,person_id,0,.*twice'
printf '8,1,0\n' >>"$folder/households.csv"
sed -i 's/^0,0,0,/0,8,0,/' "$folder/persons.csv"
rejects "a head who left his household in the file" \
    'person 0 lives in household 0; nobody is in two'
row '4,0,2,2010-01-31,0,1,0,0,-1.00,0,0,0'
rejects "a negative wage" '^persons.csv,6,salary,-1.00,.*negative'
row '4,0,2,2199-01-31,0,1,0,0,0,0,0,0'
rejects "a birth beyond all days" '^persons.csv,6,birth_date,2199-01-31'
row '4,0,2,2149-01-31,0,1,0,0,0,0,0,0'
rejects "a birth in the future" '^persons.csv,6,birth_date,2149-01-31,.*future'
row '9223372036854775808,0,2,2010-01-31,0,1,0,0,0,0,0,0'
rejects "an id beyond 63 bits" '^persons.csv,6,person_id,9223372036854775808,not an id'
row '9223372036854775807,0,2,2010-01-31,0,1,0,0,0,0,0,0'
rejects "an id beyond the greatest" '^persons.csv,6,person_id,9223372036854775807,not an id'
row '4,0,2,2010-01-31,0,1,0,0,99999999999999999999.00,0,0,0'
rejects "an amount beyond all money" '^persons.csv,6,salary,'
row '4,0,2,2010-01-31,0,1,0,0,1e2,0,0,0'
rejects "an amount with an exponent" '^persons.csv,6,salary,1e2'
row '4,0,2,2010-01-31,0,1,0,0,=1+1,0,0,0'
rejects "a formula" '^persons.csv,6,salary,=1\+1'
printf '8,1,0\n' >>"$folder/households.csv"
for i in $(seq 201); do row "$((100 + i)),8,$((i > 1 ? 2 : 0)),1990-01-31,0,1,0,0,0,0,0,0"; done
rejects "more than may live in one household" '^households.csv,4,household_id,8,.*201 rows'
printf '%s\n' '7,13,1' >>"$folder/households.csv"
rejects "a household twice" '^households.csv,4,household_id,7,.*twice'

# 5. messages
told() { # NAME PATTERN: the one line of events is refused and told
    done_with "$1" import --db "$db" --events "$work/events" --rejects "$work/rejects" --json
    has "$1" "$2" "$work/rejects"
    same "$1: nothing changes" "$before" "$(state)"
}
message() { event x "$1" "$2" "$3" >"$work/events"; }
printf '{"specversion":"1.0","source":"x"' >"$work/events"
told "a message cut short" ',1,.*expected here'
message 1 wage.reported '{"person":"0","from":"2023-01-01","value":"1.00","value":"2.00"}'
told "a member twice" ',1,.*twice'
printf '{"specversion":"1.0","source":"x","id":"\377"}\n' >"$work/events"
told "not UTF-8" ',1,.*UTF-8'
event x 2 wage.reported '{"person":"0","from":"2023-01-01","value":"1.00"}' |
    iconv -t UTF-16 >"$work/events"
told "UTF-16" ',1,'
head -c 100000 /dev/urandom | tr -d '\n' >"$work/events"
told "noise" ',1,'
python3 -c 'print("[" * 100000)' >"$work/events"
told "a longer line than a message may be" ',1,.*longer than'
python3 -c 'print("[" * 60000)' >"$work/events"
told "a deep message" ',1,.*deeper'
python3 -c 'print("{" + ",".join("\"c%d\":1" % i for i in range(1000000)) + "}")' >"$work/events"
told "a million members" ',1,.*longer than'
printf '\0\0\0\n' >"$work/events"
told "zeros" ',1,'
message 3 household.formed '{"household":"30","from":"2023-01-01","members":[{"person":"1","role":"spouse"}]}'
told "no head" 'exactly one head'
message 4 household.formed '{"household":"30","from":"2023-01-01","members":[{"person":"1","role":"head"},{"person":"2","role":"head"}]}'
told "two heads" 'exactly one head'
message 5 household.joined '{"person":"3","household":"0","role":"head","from":"2023-01-01"}'
told "a second head" 'more than one head'
message 6 marriage '{"person":"1","spouse":"1","from":"2023-01-01"}'
told "his own spouse" 'nobody can be both'
message 7 birth '{"person":"9","parent":"9","from":"2023-01-01"}'
told "his own parent" 'nobody can be both'
message 8 birth '{"person":"2","household":"7","from":"2023-01-01"}'
told "a person born into a second household" 'lives in household 0'
message 9 birth '{"person":"9","household":"7","from":"2149-01-01"}'
told "a birth in the future" 'lies in the future'
message 10 wage.reported '{"person":"0","from":"2023-01-01","value":"-0.01"}'
told "a negative wage" 'negative'
message 11 wage.reported '{"person":"2","from":"2015-01-01","value":"1.00"}'
told "a wage before the birth" 'was born on 2015-12-01'
message 12 marriage '{"person":"2","spouse":"3","from":"2015-11-30"}'
told "a marriage before the birth" 'was born on 2015-12-01'
message 13 household.joined '{"person":"9","household":"0","from":"2010-01-01","facts":{"birth_date":"2010-01-02"}}'
told "somebody who comes before he is born" 'was born on 2010-01-02'
message 14 fact.wage '{"person":"0","from":"2023-02-01","to":"2023-01-01","value":"1"}'
told "an end before the beginning" 'does not lie after'
: >"$work/events"
done_with "no messages" import --db "$db" --events "$work/events"
same "no messages change nothing" "$before" "$(state)"
both "events of a folder" 1 "cannot read" "تعذرت قراءة" \
    import --db "$db" --events "$folder"

# 6. a file that may not grow: the write is refused, and nobody is killed
limited() { # BLOCKS ARGS...
    blocks=$1
    shift
    (
        ulimit -f "$blocks"
        "$sanad" "$@"
    ) >"$work/out" 2>"$work/err" </dev/null
    code=$?
}
many() { # a file of so many households
    {
        echo $header_h
        seq -f '%.0f,1,0' 100 $((99 + $1))
    } >"$folder/households.csv"
    {
        echo $header_p
        seq -f '%.0f,%.0f,0,1980-01-31,0,1,0,0,1234.56,0,0,0' 100 $((99 + $1)) |
            sed 's/,\([0-9]*\),/,\1,/'
    } >"$folder/persons.csv" 2>/dev/null
    awk -v n="$1" -v h="$header_p" 'BEGIN { print h; for (i = 100; i < 100 + n; i++)
        print i "," i ",0,1980-01-31,0,1,0,0,1234.56,0,0,0" }' >"$folder/persons.csv"
}
many 20000
rm -f "$db"*
"$sanad" init --db "$db" >/dev/null
limited 2000 import --db "$db" --csv "$folder"
same "a limit of 2 MB: one line, and the end is orderly" "1 1" "$code $(wc -l <"$work/err")"
has "it says that there is no room" 'disk .* is full .*Make room and try again' "$work/err"
done_with "doctor after the limit" doctor --db "$db" --json
same "what is there is whole" "true true true" \
    "$(value .database.well) $(value .books.well) $(value .leaves.well)"
done_with "without the limit it goes on" import --db "$db" --csv "$folder" --json
same "all is there" 20000 "$(ask 'SELECT count(*) FROM household_book')"

# 7. a full disk, where one can be had
small=$work/small
mkdir "$small"
if mount -t tmpfs -o size=3m tmpfs "$small" 2>/dev/null; then
    trap 'umount "$small"; rm -rf "$work"' EXIT
    full='disk .* is full .*Make room and try again'
    "$sanad" init --db "$small/a.db" >/dev/null
    both "a full disk, CSV" 1 "$full" "أفرغ مساحة" import --db "$small/a.db" --csv "$folder"
    db=$small/a.db
    some=$(ask 'SELECT count(*) FROM household_book')
    if [ "$some" -gt 0 ] && [ "$some" -lt 20000 ]; then pass; else fail "$some households"; fi
    awk -v n="$some" 'BEGIN { for (i = 100; i < 100 + n; i++)
        printf "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"w%d\",\"type\":\"sa.gov.sanad.wage.reported.v1\",\"data\":{\"person\":\"%d\",\"from\":\"2023-01-01\",\"value\":\"1.00\"}}\n", i, i }' >"$work/events"
    refused "a full disk, events" 1 "$full" import --db "$small/a.db" --events "$work/events"
    refused "a full disk, determine" 1 "$full" determine --db "$small/a.db" --month 2023-11
    refused "a full disk, backup" 1 "$full|cannot write" \
        backup --db "$small/a.db" --out "$small/b.db"
    same "no half of a backup" "" "$(ls "$small" | grep '^b.db')"
    refused "a full disk, init" 1 "$full|No space" init --db "$small/new.db"
    mount -o remount,size=64m "$small"
    rm -f "$small/new.db"*
    run "$sanad" doctor --db "$small/a.db" --json
    same "what is there is whole" "true true true" \
        "$(value .database.well) $(value .books.well) $(value .leaves.well)"
    done_with "with room it goes on" import --db "$small/a.db" --csv "$folder"
    done_with "with its messages" import --db "$small/a.db" --events "$work/events"
    done_with "and determines" determine --db "$small/a.db" --month 2023-11
    "$sanad" init --db "$work/calm.db" >/dev/null
    "$sanad" import --db "$work/calm.db" --csv "$folder" >/dev/null
    "$sanad" import --db "$work/calm.db" --events "$work/events" >/dev/null
    "$sanad" determine --db "$work/calm.db" --month 2023-11 >/dev/null
    same "as if the disk had never been full" "$(outcome "$work/calm.db")" "$(outcome)"
else
    skip "hostile.sh: no small disk can be mounted here (not root)"
fi
good
db=$work/sanad.db
printf '5,0,2,2010-01-31,0,1,0,0,-1,0,0,0\n' >>"$folder/persons.csv"
run "$sanad" import --db "$db" --csv "$folder" --rejects /dev/full
same "rejects that cannot be written: exit" 1 "$code"
has "rejects that cannot be written" 'import is done but .*/dev/full.* could not be written' "$work/err"
finish
