#!/bin/sh
# peer.sh - models of the law in dmn-js, the editor of others: what we save
# opens there without a warning and is saved there with the same meaning; what
# it saves opens here, decides the same cases, and can be edited on.
. "$(dirname "$0")/../cli/frame"
for need in node npm chromium; do
    command -v $need >/dev/null && continue
    skip "dmn-js: no $need here"
    finish
done
peer=$root/build/dmn-peer
mkdir -p "$peer"
cmp -s tests/dmn/peer/package-lock.json "$peer/package-lock.json" ||
    cp tests/dmn/peer/package.json tests/dmn/peer/package-lock.json "$peer"
tools/node-parts "$peer" dmn-js || {
    fail "dmn-js is not here, see build/dmn-peer/build/npm.log"
    finish
}
ln -s "$peer/node_modules" "$work/node_modules"
head='Basic minimum head'

# opened JOBS: dmn-js does them; its answers in out, one a line.
opened() {
    printf '%s' "$1" >"$work/jobs.json"
    if node "$root/tests/dmn/peer/open.mjs" "$work" >"$work/told" \
        2>"$work/err"; then pass; else
        fail "dmn-js: $1"
        head -5 "$work/err"
    fi
}

# told N EXPRESSION: of its N-th answer, as `at`.
told() {
    python3 - "$1" "$2" "$work/told" <<'PY'
import json, sys
lines = open(sys.argv[3]).read().splitlines()
at = json.loads(lines[int(sys.argv[1]) - 1])
print(eval(sys.argv[2]))
PY
}

# same_meaning NAME A B
same_meaning() {
    done_with "$1" rules diff "$work/$2" "$work/$3"
    has "$1: the same" 'No difference in what they say' "$work/out"
}

# edit FROM TO ARGS...: by our own editor.
edit() {
    from=$1 to=$2
    shift 2
    run "$sanad" rules edit "$work/$from" "$@" --out "$work/$to"
    same "edit: $*" 0 "$code"
}

# 1. as it is shipped, and after every kind of edit of ours
done_with "export" rules export models/social-security/pension.dmn \
    --out "$work/shipped.dmn"
edit shipped.dmn 1.dmn "$head" --since 2027-01-01 --cell 1400 \
    --cell 'Law Article 1' --cell P2 --cell unconfirmed
edit 1.dmn 2.dmn "$head" --row 2 --output 1 --value 'if 1 < 2 then 1320 else 0'
edit 2.dmn 3.dmn "Excluded kinds" --add 5 --cell '>= date("2028-01-01")' \
    --cell '"disability_aid"' --cell 'Law Article 1'
edit 3.dmn 4.dmn "Excluded kinds" --move 5 --to 1
edit 4.dmn 5.dmn "Excluded kinds" --remove 2
edit 5.dmn 6.dmn "Wealth weight" --value 'Lookback months / Wealth divisor * 1'
edit 6.dmn 7.dmn "Entitlement" --entry amount --value 'if 1 < 2 then Pension else 0'
edit 7.dmn ours.dmn "Entitlement" --entry 4 --value 'Threshold + 0'
opened '[{"in": "shipped.dmn", "out": "shipped-back.dmn"},
    {"in": "ours.dmn", "out": "ours-back.dmn"}]'
same "the shipped model opens without a warning" "[]" "$(told 1 'at["warnings"]')"
same "ours opens without a warning" "[]" "$(told 2 'at["warnings"]')"
same "it shows the row that was added" 1400 "$(told 2 'at["shown"][2][2]')"
parts() { # parts FILE: the expressions of the context, one a line
    python3 - "$work/$1" <<'PY'
import sys, xml.etree.ElementTree as tree
for entry in tree.parse(sys.argv[1]).findall(
        ".//{*}decision[@id='entitlement']/{*}context/{*}contextEntry"):
    print(entry.find("{*}variable").get("name"),
          " ".join(entry.find("{*}literalExpression/{*}text").text.split()))
PY
}
same "the entries of a context that were edited come back" \
    "$(parts ours.dmn)" "$(parts ours-back.dmn)"
same "as they were typed" "amount if 1 < 2 then Pension else 0" \
    "$(parts ours-back.dmn | grep amount)"
edit ours-back.dmn on-parts.dmn "Entitlement" --entry amount --value 'Pension'
same "and can be edited on" "amount Pension" "$(parts on-parts.dmn | grep amount)"
same_meaning "the shipped model comes back" shipped.dmn shipped-back.dmn
same_meaning "ours comes back" ours.dmn ours-back.dmn
done_with "the shipped model against the one that came back" \
    rules diff models/social-security/pension.dmn "$work/shipped-back.dmn"
has "in whatever release of the standard" 'No difference in what they say' \
    "$work/out"

# 2. what it saved decides the cases of the law as the shipped one does
cp -R models/social-security "$work/law"
run "$sanad" rules test "$work/law"
shipped=$(tail -1 "$work/out")
cp "$work/shipped-back.dmn" "$work/law/pension.dmn"
run "$sanad" rules test "$work/law"
same "the cases of the law" "$shipped" "$(tail -1 "$work/out")"
same "all of them pass" 0 "$code"

# 3. edited there, edited on here, and opened there again
opened '[{"in": "shipped.dmn", "out": "theirs.dmn", "edit": {
    "decision": "Basic minimum head", "cells": [[2, 2, "1500"],
        [1, 1, "[date(\"2022-01-01\")..date(\"2022-07-01\"))"]],
    "addRow": ["[date(\"2022-07-01\")..date(\"2023-11-01\"))", "1000"]}}]'
done_with "what was edited there" rules diff "$work/shipped.dmn" \
    "$work/theirs.dmn" --json
same "is two cells and a row" \
    "dated dated row_changed row_changed row_added" \
    "$(python3 -c 'import json,sys
print(*[d["change"] for d in json.load(open(sys.argv[1]))["differences"]])' "$work/out")"
edit theirs.dmn on.dmn "$head" --row 3 --output 1 --value 900
edit on.dmn on2.dmn "$head" --row 3 --input 1 \
    --value '[date("2022-07-01")..date("2023-01-01"))'
edit on2.dmn on3.dmn "$head" --add 3 \
    --cell '[date("2023-01-01")..date("2023-11-01"))' --cell 800
opened '[{"in": "on3.dmn", "out": "on-back.dmn"}]'
same "it opens there again" "[]" "$(told 1 'at["warnings"]')"
same "and shows what was edited here" "900 800" \
    "$(told 1 'at["shown"][2][2] + " " + at["shown"][3][2]')"
same_meaning "it comes back" on3.dmn on-back.dmn
finish
