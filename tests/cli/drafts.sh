#!/bin/sh
# drafts.sh - the life of a model: a cell and a row changed in its text, the
# difference told in words and rows; drafted, reviewed, approved by a second
# person, published for a month on, and what is decided by it.
. "$(dirname "$0")/frame"
. "$(dirname "$0")/staff"
model=$root/models/social-security/pension.dmn
head='Basic minimum head'

# ------------------------------------------------------------------ edit
done_with "edit --since" rules edit "$model" "$head" --since 2027-01-01 \
    --cell 1400 --cell 'Law Article 1' --cell P2 --cell unconfirmed \
    --out "$work/since.dmn"
diff "$model" "$work/since.dmn" >"$work/lines"
same "edit --since: one line goes, eight come" "1 8" \
    "$(grep -c '^<' "$work/lines") $(grep -c '^>' "$work/lines")"
has "edit --since: the old row ends" '> .*\.\.date\("2027-01-01"\)\)' "$work/lines"
done_with "rules check after it" rules check "$work/since.dmn"
done_with "edit a cell" rules edit "$model" basic_minimum_head --row 2 \
    --output 1 --value 1321
sed 's/<text>1320</<text>1321</' "$model" >"$work/by_hand.dmn"
same "edit a cell: to the byte" "" "$(cmp "$work/by_hand.dmn" "$work/out" 2>&1)"
done_with "edit an expression" rules edit "$model" 'Wealth weight' \
    --value 'Wealth divisor / Lookback months' --out "$work/text.dmn"
has "edit an expression: it is there" '>Wealth divisor / Lookback months<' "$work/text.dmn"
done_with "edit an entry of a context" rules edit "$model" Entitlement \
    --entry amount --value 'Pension + 0' --out "$work/entry.dmn"
sed '/name="Entitlement"/,$s/<text>Pension</<text>Pension + 0</' "$model" \
    >"$work/by_hand.dmn"
same "edit an entry: to the byte" "" \
    "$(cmp "$work/by_hand.dmn" "$work/entry.dmn" 2>&1)"
refused "a faulty entry is named" 1 'entry: .amount' rules edit "$model" \
    Entitlement --entry amount --value 'Pension +' --out "$work/never.dmn"
refused "no such entry" 1 'no entry .*nobody' rules edit "$model" Entitlement \
    --entry nobody --value 1
refused "a faulty cell is named" 1 'cell: .Basic minimum head., row 2, column' \
    rules edit "$model" "$head" --row 2 --output 1 --value '1 +' \
    --out "$work/never.dmn"
same "nothing was written" no "$(test -e "$work/never.dmn" && echo yes || echo no)"
run "$sanad" rules edit "$model" "$head" --row 2 --note 2 --value NOSUCH \
    --out "$work/doubt.dmn"
same "a row that rests on what is not known is written" 0 "$code"
has "the source is told, and the row" \
    'warning: decision .Basic minimum head., row .?2.?: .*NOSUCH' "$work/err"
done_with "a sound edit" rules edit "$model" "$head" --row 2 --output 1 \
    --value 1321 --out "$work/never.dmn"
rm "$work/never.dmn"
refused "no such decision" 1 "no decision .?Nobody" \
    rules edit "$model" Nobody --row 1 --output 1 --value 1
refused "no such row" 1 "no row 9" rules edit "$model" "$head" --remove 9
refused "a row of that day is there" 1 "begins on that day" \
    rules edit "$model" "$head" --since 2023-11-01 --cell 1
refused "two things at once" 2 "usage" rules edit "$model" "$head" \
    --row 1 --input 1 --output 1 --value 1
refused "no row named" 2 "usage" rules edit "$model" "$head" --output 1 --value 1

# ------------------------------------------------------------------ diff
done_with "rules diff" rules diff "$model" "$work/since.dmn"
has "diff: the day" 'from .2027-01-01.: .1320. -> .1400.' "$work/out"
has "diff: the row" 'row 3 added' "$work/out"
has "diff: the article by its title" 'Article 1 of the Social Security Law' "$work/out"
done_with "rules diff --lang ar" rules diff "$model" "$work/since.dmn" --lang ar
has "diff in Arabic" 'اعتبارًا من .2027-01-01.' "$work/out"
has "diff in Arabic: the decision and its name in the model" \
    'القرار: .الحد الأدنى للعائل أو المستقل. \(.Basic minimum head.\)' "$work/out"
has "diff in Arabic: the column" 'أُضيف الصف 3: .الشهر.:' "$work/out"
done_with "rules diff --json" rules diff "$model" "$work/since.dmn" --json
one_json "rules diff --json"
same "diff --json: keys" "old now same differences" "$(keys .)"
same "diff --json: a parameter" "dated 1320 1400 2027-01-01" \
    "$(value .differences.0.change) $(value .differences.0.old) $(value \
        .differences.0.now) $(value .differences.0.from)"
done_with "rules diff of the same" rules diff "$model" "$model"
has "the same to the byte" 'same to the byte' "$work/out"
refused "no file" 1 "never.dmn" rules diff "$model" "$work/never.dmn"

# ------------------------------------------------------------------ drafts
# What a draft says before it is law changes nothing; afterwards the months
# from its own on are decided by it, and those before as they were.
folder=$work/csv
mkdir "$folder"
printf 'household_id,region,in_shelter\n1,1,0\n2,1,0\n' \
    >"$folder/households.csv"
cat >"$folder/persons.csv" <<'CSV'
person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
10,1,0,1980-01-01,0,1,0,0,0,0,0,0
20,2,0,1980-01-01,0,1,0,0,1000.00,0,0,0
CSV
amounts() {
    done_with "determine $1" determine --db "$db" --month "$1" --json
    amount=$(value .programmes.pension.amount)
}
packs() { ask "SELECT count(DISTINCT pack_id) FROM decision WHERE month = $1"; }
step() { # step NAME CODE USER ARGS...: and what is said on refusal in err
    label=$1 want=$2
    shift 2
    by "$@"
    same "$label: exit" "$want" "$code"
    [ "$want" = 0 ] || same "$label: one line" 1 "$(wc -l <"$work/err")"
}

tick
"$sanad" init --db "$db" >/dev/null
"$sanad" import --db "$db" --csv "$folder" >/dev/null
administrators
staff_member mona policy 1000000032
staff_member saad policy 1000000040
amounts 2026-01
same "by the law that is carried" 2140.00 "$amount"
done_with "no version yet" law history --db "$db"
has "no version is told" "No version is published" "$work/out"

step "a draft is begun" 0 mona law draft --title "Higher minimum"
draft=$(value .draft)
same "a draft is a draft" "draft 1" "$(value .state) $(value .save)"
step "without a title" 2 mona law draft
step "it changes nothing yet" 1 mona law submit "$draft" --from 2026-02
has "no change is told" "changes nothing" "$work/err"
step "a cell is edited" 0 mona law edit "$draft" "$head" --row 2 --output 1 \
    --value 1400
same "each text is kept" 2 "$(value .save)"
step "the same again" 1 mona law edit "$draft" "$head" --row 2 --output 1 \
    --value 1400
step "another saves what is no model" 1 saad law save "$draft" \
    --model "$folder/persons.csv"
step "it rests on what nobody knows" 0 mona law edit "$draft" "$head" --row 2 \
    --note 3 --value rubbish
done_with "the difference tells it" law diff "$draft" --db "$db"
has "diff: the status is told, and its row" \
    'warning: decision .Basic minimum head., row .?2.?: .*rubbish' "$work/out"
done_with "law diff --json" law diff "$draft" --db "$db" --json
same "diff --json: the warning" "check.status_unknown 2" \
    "$(value .findings.0.kind) $(value .findings.0.row)"
step "a doubtful one may be submitted" 0 mona law submit "$draft" --from 2026-02
same "who submits is told" "check.status_unknown 2" \
    "$(value .findings.0.kind) $(value .findings.0.row)"
step "back again" 0 mona law return "$draft" --text "Which status?"
step "it is put right" 0 mona law edit "$draft" "$head" --row 2 --note 3 \
    --value confirmed
step "a fault is saved" 0 mona law edit "$draft" "$head" --row 2 --output 1 \
    --value '1400 +'
step "a fault is not submitted" 1 mona law submit "$draft" --from 2026-02
has "the cell is named" "row 2, column" "$work/err"
done_with "the difference of a faulty one" law diff "$draft" --db "$db"
has "diff: the fault is told" 'error: .*Basic minimum head|error: ' "$work/out"
step "it is mended" 0 mona law edit "$draft" "$head" --row 2 --output 1 \
    --value 1400
done_with "the difference of a draft" law diff "$draft" --db "$db"
has "old and new" "1320. -> .1400" "$work/out"
step "it is not approved before it is submitted" 1 saad law approve "$draft" --step 5
step "a month that is decided" 1 mona law submit "$draft" --from 2026-01
has "the month is told" "2026-01 is decided already" "$work/err"
step "it is submitted" 0 mona law submit "$draft" --from 2026-02
asked=$(value .step)
same "it is in review from a month on" "review 2026-02" \
    "$(value .state) $(value .from)"
step "no text is saved in review" 1 mona law edit "$draft" "$head" --row 2 \
    --output 1 --value 9000
step "who wrote it does not approve it" 1 mona law approve "$draft" \
    --step "$asked"
has "a second person is needed" "second person" "$work/err"
step "an administrator does not approve it" 1 amal law approve "$draft" \
    --step "$asked"
step "it is not published before it is approved" 1 saad law publish "$draft"
step "somebody comments" 0 saad law comment "$draft" --text "Which order?"
step "without words" 1 saad law comment "$draft"
step "words that look like another step" 1 saad law comment "$draft" \
    --text "Fine
2026-01-15T08:09:00Z saad: approved it (text 2)"
has "the character and its place are told" "U\+000A at place 5 .*one line" \
    "$work/err"
step "words that turn the line" 1 saad law comment "$draft" \
    --text "$(printf 'Fine \342\200\256')"
step "it goes back" 0 saad law return "$draft" --text "Name the order"
step "it is submitted again" 0 mona law submit "$draft" --from 2026-02
asked=$(value .step)
done_with "what the second person reads" law diff "$draft" --db "$db"
has "its step is told" "approve $draft --step $asked" "$work/out"
step "meanwhile it is taken back" 0 mona law return "$draft" --text "Better"
step "its text is swapped" 0 mona law edit "$draft" "$head" --row 2 \
    --output 1 --value 9000
step "and it is submitted under its number" 0 mona law submit "$draft" \
    --from 2026-02
step "what nobody read is not approved" 1 saad law approve "$draft" \
    --step "$asked"
has "it is to be read again" "read it again" "$work/err"
step "nor without saying what was read" 2 saad law approve "$draft"
step "it goes back once more" 0 saad law return "$draft" --text "Not 9000"
step "the text that was read" 0 mona law edit "$draft" "$head" --row 2 \
    --output 1 --value 1400
step "it is submitted again" 0 mona law submit "$draft" --from 2026-02
step "a second person approves" 0 saad law approve "$draft" \
    --step "$(value .step)"
same "approved is not published" approved "$(value .state)"
amounts 2026-01
same "what is approved decides nothing" 2140.00 "$amount"
for lang in en ar; do
    "$sanad" explain --db "$db" --household 2 --month 2026-01 --lang $lang >"$work/then.$lang"
done
step "it is published" 0 mona law publish "$draft"
same "it is version 1, and nothing to be decided again" "published 1 null" \
    "$(value .state) $(value .version) $(value .again_from)"
step "once" 1 mona law publish "$draft"
step "it is not edited any more" 1 mona law edit "$draft" "$head" --row 2 \
    --output 1 --value 9000
step "nor taken back" 1 mona law withdraw "$draft" --text "No"
done_with "law show" law show "$draft" --db "$db" --json
same "every step with who did it" \
    "created mona saved mona saved mona submitted mona returned mona saved mona saved mona saved mona submitted mona commented saad returned saad submitted mona returned mona saved mona submitted mona returned saad saved mona submitted mona approved saad published mona" \
    "$(python3 -c 'import json,sys
print(*[s[k] for s in json.load(open(sys.argv[1]))["steps"] for k in ("step", "by")])' "$work/out")"
done_with "law show in Arabic" law show "$draft" --db "$db" --lang ar
has "in Arabic" "اعتمدها" "$work/out"

amounts 2026-01
same "the month before is as it was" "2140.00 0" "$amount $(value .changed)"
amounts 2026-02
same "from its month on it decides" 2300.00 "$amount"
same "each by its pack" "1 1" "$(packs 672) $(packs 673)"
amounts 2026-03
same "the months after as well" 2300.00 "$amount"
done_with "explain" explain --db "$db" --household 1 --month 2026-02
has "explained by the new law" "1,400.00" "$work/out"
done_with "explain the month before" explain --db "$db" --household 1 \
    --month 2026-01
has "explained by the old law" "1,320.00" "$work/out"
done_with "replay" replay --db "$db" --json
same "every decision by its own law" 0 "$(value .different)"

for lang in en ar; do
    done_with "explain what was decided before, $lang" explain --db "$db" \
        --household 2 --month 2026-01 --lang $lang
    same "it tells the law of then, to the byte, $lang" "" \
        "$(cmp "$work/then.$lang" "$work/out" 2>&1)"
done

# something new is decided by the law of each month
cat >"$work/events" <<'JSON'
{"specversion":"1.0","source":"gosi","id":"w1","type":"sa.gov.sanad.fact.wage.v1","data":{"person":"20","from":"2024-01-01","value":"1200.00"}}
JSON
done_with "a wage becomes known" import --db "$db" --events "$work/events"
same "each month is decided anew by its law" "672|72000
673|80000" "$(ask "SELECT month, amount_minor FROM decision AS d
    WHERE household_id = 2 AND id = (SELECT max(id) FROM decision AS o
        WHERE o.household_id = 2 AND o.month = d.month) ORDER BY month")"

# ------------------------------------------------- only forward, in turn
step "two are begun" 0 mona law draft --title "Second"
second=$(value .draft)
step "two are begun" 0 saad law draft --title "Third"
third=$(value .draft)
for pair in "mona saad $second 1500" "saad mona $third 1600"; do
    # shellcheck disable=SC2086  # four words
    set -- $pair
    step "$3 is edited" 0 "$1" law edit "$3" "$head" --row 2 --output 1 --value "$4"
    step "$3 is submitted" 0 "$1" law submit "$3" --from 2026-04
    step "$3 is approved" 0 "$2" law approve "$3" --step "$(value .step)"
done
step "the first of two is published" 0 mona law publish "$second"
step "the other began from what is old now" 1 mona law publish "$third"
has "it is to begin anew" "another version was published|Another version" "$work/err"
step "it is given up" 0 saad law withdraw "$third" --text "Begun anew"
step "a correction of what is decided" 0 mona law draft --title "Correction"
fourth=$(value .draft)
step "it is edited" 0 mona law edit "$fourth" "$head" --row 2 --output 1 --value 1420
step "before the text that it changes" 1 mona law submit "$fourth" \
    --from 2026-03 --text "Earlier"
has "both months and the remedy are told" \
    "holds from 2026-04, and in 2026-03 another.* text of 2026-03" "$work/err"
step "nor before every version" 1 mona law submit "$fourth" --from 2026-01 \
    --text "Earlier"
step "it is begun from the text of that month" 0 mona law draft \
    --title "Correction" --month 2026-01
fourth=$(value .draft)
same "that month's text" "$(cksum <"$model")" \
    "$("$sanad" law text "$fourth" --db "$db" | cksum)"
step "it is edited" 0 mona law edit "$fourth" "$head" --row 2 --output 1 --value 1420
step "it does not hold where another text does" 1 mona law submit "$fourth" \
    --from 2026-03 --text "Later"
has "a text of that month is needed" "text of that month" "$work/err"
step "without a reason" 1 mona law submit "$fourth" --from 2026-01
undoes() { # what is undone, as the last answer tells it
    python3 -c 'import json,sys
for u in json.load(open(sys.argv[1]))["undoes"]:
    d = u["models"][0]["differences"][0]
    print(u["version"], u["from"], d["old"], d["now"], end=" ")' "$work/out"
}
lost="1 2026-02 1400 1420 2 2026-04 1500 1420 "
step "for a reason" 0 mona law submit "$fourth" --from 2026-01 \
    --text "The order was read wrongly"
same "who submits is told which versions are undone" "$lost" "$(undoes)"
asked=$(value .step)
done_with "what the second person reads" law diff "$fourth" --db "$db"
has "diff: each version with its month" \
    "from .?2026-04.? it undoes the published version .?2.? .*Second" "$work/out"
has "diff: and what is lost" '1500. -> .1420' "$work/out"
has "diff: what the reason is for" \
    "decided months change and what was published .*undone: .*read wrongly" \
    "$work/out"
done_with "law diff --lang ar" law diff "$fourth" --db "$db" --lang ar
has "diff in Arabic" "تُبطل اعتبارًا من .*النسخة المنشورة" "$work/out"
same "diff in Arabic: the decision in its own and in both undone" 3 \
    "$(grep -c 'القرار: .الحد الأدنى للعائل أو المستقل. (.Basic minimum head.)' \
        "$work/out")"
done_with "law diff --json" law diff "$fourth" --db "$db" --json
same "diff --json tells it, too" "$lost" "$(undoes)"
step "it is approved" 0 saad law approve "$fourth" --step "$asked"
same "who approves is told" "$lost" "$(undoes)"
step "it is published" 0 saad law publish "$fourth"
same "who publishes is told" "$lost" "$(undoes)"
same "what is to be decided again is told" "2026-01 2026-03" \
    "$(value .again_from) $(value .again_until)"
amounts 2026-01
same "what is decided again is decided by it" 2240.00 "$amount"
amounts 2026-03
same "and later months" 2240.00 "$amount"
done_with "law history" law history --db "$db"
same "three versions" 3 "$(wc -l <"$work/out")"
done_with "replay of all" replay --db "$db" --json
same "every decision by the law that decided it" 0 "$(value .different)"
done_with "doctor" doctor --db "$db"
has "the law agrees with its leaves" "published versions.*: 3" "$work/out"
same "a leaf for each version" 3 \
    "$(ask "SELECT count(*) FROM audit_pending WHERE type = 'law'")"
same "a leaf for each step" 1 "$(ask "SELECT (SELECT count(*) FROM
    audit_pending WHERE type = 'draft') = (SELECT count(*) FROM draft_step)")"

# a file that is corrected while a published law holds, not the program's own
sed 's/^20,.*1000.00/20,2,0,1980-01-01,0,1,0,0,1600.00/' "$folder/persons.csv" \
    >"$work/persons" && mv "$work/persons" "$folder/persons.csv"
done_with "a file is corrected" import --db "$db" --csv "$folder"
same "its months are decided by the published law" "672|62000
673|62000" "$(ask "SELECT month, amount_minor FROM decision AS d
    WHERE household_id = 2 AND month < 674
      AND id = (SELECT max(id) FROM decision AS o
        WHERE o.household_id = 2 AND o.month = d.month) ORDER BY month")"
done_with "explain after a file was corrected" explain --db "$db" \
    --household 2 --month 2026-01 --lang en
has "explain after a file was corrected: the limit" '1,420\.00' "$work/out"
has "explain after a file was corrected: what it replaced" '820\.00' "$work/out"

# ------------------------------------------------- handed to a server
saved_clock=$SANAD_CLOCK
unset SANAD_CLOCK
"$sanad" serve --db "$db" --listen "unix:$work/web" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do [ -S "$db.jobs" ] && break; sleep 0.1; done
tick() { :; } # the server has its own clock; each acts once
step "beside a server a draft is begun" 0 mona law draft --title "Beside"
fifth=$(value .draft)
step "and another saves it" 0 saad law save "$fifth" --model "$work/since.dmn"
done_with "beside a server: diff" law diff "$fifth" --db "$db"
has "beside a server: a difference" "2027-01-01" "$work/out"
kill "$server"
wait "$server"
SANAD_CLOCK=$saved_clock
export SANAD_CLOCK

change "UPDATE law SET from_month = from_month + 1 WHERE version = 2"
run "$sanad" doctor --db "$db"
has "a version that was changed beside the program is found" \
    "do not agree with their leaves: " "$work/out"

finish
