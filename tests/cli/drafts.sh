#!/bin/sh
# drafts.sh - the life of a model: a cell and a row changed in its text, the
# difference told in words and rows.
. "$(dirname "$0")/frame"
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
refused "a faulty cell is named" 1 'cell: .Basic minimum head., row 2, column' \
    rules edit "$model" "$head" --row 2 --output 1 --value '1 +' \
    --out "$work/never.dmn"
same "nothing was written" no "$(test -e "$work/never.dmn" && echo yes || echo no)"
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
done_with "rules diff --json" rules diff "$model" "$work/since.dmn" --json
one_json "rules diff --json"
same "diff --json: keys" "old now same differences" "$(keys .)"
same "diff --json: a parameter" "dated 1320 1400 2027-01-01" \
    "$(value .differences.0.change) $(value .differences.0.old) $(value \
        .differences.0.now) $(value .differences.0.from)"
done_with "rules diff of the same" rules diff "$model" "$model"
has "the same to the byte" 'same to the byte' "$work/out"
refused "no file" 1 "never.dmn" rules diff "$model" "$work/never.dmn"

finish
