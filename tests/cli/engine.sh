#!/bin/sh
# engine.sh - the commands of the decision engine: rules check finds what was
# planted, in both languages; the suite's runner counts, tabulates and writes
# its results; programs are printed.
. "$(dirname "$0")/frame"
faulty=$root/tests/cli/models/faulty.dmn

# found NAME PATTERN: the check's output has such a line.
found() { has "rules check: $1" "$2" "$work/out"; }

run "$sanad" rules check "$faulty"
same "rules check: exit code" 1 "$code"
same "rules check: nothing on stderr" 0 "$(wc -c <"$work/err")"
found "file, line, column, decision, row" \
    '^[^:]*faulty\.dmn:27:1: error: decision .fare., row 2: '
found "rows that overlap, with an example" \
    ':27:1: .*matches together with row .1.*age = 16, status = "working"'
found "a row that no value matches" \
    ':32:1: error: .*row 3: no possible value.*status'
found "a gap, with an example" ':17:1: warning: .*no row matches when'
found "a row that cites nothing" ':27:1: warning: .*row 2: the row cites nothing'
found "types that cannot agree" ':44:[0-9]+: error: decision .total.: .*\+.*number.*string'
found "an unknown name that is nearly known" ':45:11: error: .*fair.*did you mean .fare'
found "an unused input" ':11:1: warning: .*no decision needs the input .spare'
found "a remedy" '^    remedy: narrow one of the rows'
found "the sum" 'faulty.dmn: 4 errors, 3 warnings, 0 notes$'

run "$sanad" rules check "$faulty" --lang ar
same "rules check --lang ar: exit code" 1 "$code"
found "Arabic" ':27:1: خطأ: القرار .*fare.*، الصف .*2'
found "an Arabic remedy" '^    العلاج: '

run "$sanad" rules check "$faulty" --json
one_json "rules check --json"
same "rules check --json: keys" "findings errors warnings notes models" "$(keys .)"
same "rules check --json: errors" 4 "$(value .errors)"
same "rules check --json: keys of a finding" \
    "severity kind file line column decision arguments ar en" \
    "$(keys .findings.0)"
same "rules check --json: a row and the other" "2 1" \
    "$(python3 - "$work/out" <<'PY'
import json, sys
for f in json.load(open(sys.argv[1]))["findings"]:
    if f["kind"] == "check.overlap":
        print(f["row"], f["other_row"])
PY
)"

done_with "rules check of the shipped models" rules check
found "the shipped models are clean" 'pension.dmn: .* nothing to mend$'
refused "rules check of nothing" 2 "no model found" rules check "$work"

printf '<a>' >"$work/broken.dmn"
run "$sanad" rules check "$work/broken.dmn"
same "rules check of what is no XML: exit code" 1 "$code"
found "what is no XML is an error of its file" 'broken.dmn:1:.* error: '

done_with "rules plan" rules plan "$root/models/social-security/pension.dmn"
found "what answers is a column" '^Entitlement: column; '
found "what is none is named with the reason" \
    '^People left out: scalar; .*; a loop over numbers; from '
found "how many are columns" '^80 of 83 decisions are columns$'
for model in camunda trisotech drools signavio boxed; do
    done_with "rules plan $model" rules plan \
        "$root/tests/simulation/models/$model.dmn"
    same "all of $model are columns" "" "$(grep ': scalar;' "$work/out")"
done
done_with "rules plan --program" rules plan "$root/models/social-security/pension.dmn" --program
found "a program" '^Basic minimum head\(\): number, [0-9]+ slots'
found "an operation: slot, code, type, operand, place" \
    "^ +0  %0 = input:date 'month'    ; [0-9]+:[0-9]+"

pension=$root/models/social-security/pension.dmn
month='{"month":"2026-02-01"}'
done_with "rules trace" rules trace "$pension" "Basic minimum head" --context "$month"
found "a trace" '^  row .2. matches: .month.*= .1320. \| .*Article.: .Royal order'
done_with "rules trace in Arabic, as HTML" rules trace "$pension" \
    "Basic minimum head" --context "$month" --html --lang ar
found "a trace as HTML" '^<ul class="trace" dir="rtl"><li>القرار <bdi>Basic minimum head</bdi>'
done_with "rules trace --json" rules trace "$pension" "Basic minimum head" --context "$month" --json
one_json "rules trace --json"
same "rules trace --json: values" "1320 2026-02-01 2" \
    "$(value .0.value) $(value .1.value) $(value .2.row)"
refused "rules trace: no such decision" 1 "no decision .?Nothing" rules trace "$pension" Nothing
refused "rules trace: no such input" 1 "no input .?mounth" rules trace "$pension" \
    "Basic minimum head" --context '{"mounth":1}'
refused "rules trace: an input of another type" 1 "month.? is not of its declared type" \
    rules trace "$pension" "Basic minimum head" --context '{"month":"soon"}'
mkdir "$work/folder.dmn"
refused "rules trace: a folder" 1 "a folder, not a file: .*folder.dmn" \
    rules trace "$work/folder.dmn" "Basic minimum head"
refused "rules trace: no such file" 1 "no such file: .*none.dmn" \
    rules trace "$work/none.dmn" "Basic minimum head"
rmdir "$work/folder.dmn"
refused "rules trace: of what" 2 "which model and decision" rules trace "$pension"

# Two cases in the suite's format, one of which fails.
mkdir -p "$work/compliance-level-2/0001-sum"
cat >"$work/compliance-level-2/0001-sum/0001-sum.dmn" <<'X'
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<decision name="d" id="d"><literalExpression><text>1 + 1</text></literalExpression></decision>
<decision name="n" id="n"><literalExpression><text>1 + null</text></literalExpression></decision>
</definitions>
X
cat >"$work/compliance-level-2/0001-sum/0001-sum-test-01.xml" <<'X'
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>0001-sum.dmn</modelName>
<testCase id="001"><resultNode name="d" type="decision"><expected><value xsi:type="xsd:decimal">2.000000001</value></expected></resultNode></testCase>
<testCase id="002"><resultNode name="d" type="decision"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
<testCase id="003"><resultNode name="n" type="decision" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>
X
run "$sanad" tck "$work/compliance-level-2" --csv "$work/results.csv" --groups
same "tck: exit code" 1 "$code"
same "tck: last line" "2 passed, 1 failed" "$(tail -1 "$work/out")"
has "tck: a failure" 'test-01.xml:4: case 002: d is 2, expected 3' "$work/out"
has "tck: cases with a value apart" '^1 of 2 cases that expect a value pass; the error flag agrees in 3 of 3' "$work/out"
has "tck --groups" '2 of +3  ' "$work/out"
same "tck --csv" '"compliance-level-2/0001-sum","0001-sum-test-01","002","ERROR",""' \
    "$(sed -n 2p "$work/results.csv")"
run "$sanad" tck "$work/compliance-level-2" --json
one_json "tck --json"
same "tck --json" "2 1 2 1" \
    "$(value .passed) $(value .failed) $(value .valued) $(value .valued_passed)"
refused "tck without a folder" 2 "which folder" tck
refused "tck of no folder" 2 "no folder" tck "$work/none"
mkdir "$work/empty" "$work/bare"
printf '<notes/>\n' >"$work/bare/a.xml"
refused "tck of an empty folder" 1 "no test cases below $work/empty" \
    tck "$work/empty" --lang=en
refused "tck of an empty folder, Arabic" 1 "لا حالات اختبار" \
    tck "$work/empty" --lang=ar
refused "rules test of an empty folder" 1 "no test cases below" \
    rules test "$work/empty" --lang=en
refused "tck of a folder with other files" 1 "no test cases below" \
    tck "$work/bare" --lang=en
same "tck of an empty folder: no totals" "" "$(cat "$work/out")"
run "$sanad" tck "$work/compliance-level-2" "$work/empty" --lang=en
has "tck: one folder of two is empty" "no test cases below $work/empty" \
    "$work/err"
same "tck: one folder of two, totals" "2 passed, 1 failed" \
    "$(tail -1 "$work/out")"

# The calculator: one line says what was expected, where, and shows the place.
refused "feel: what was expected" 1 'Line 1, column 5: a value is expected, not .* at: 1 \+ \^\* 2$' feel '1 + * 2'
refused "feel: a number beyond FEEL" 1 '1e999999: a number of the context' feel a --context '{"a":[{"b":1e999999}]}'
refused "feel: in Arabic" 1 'السطر 1.*العمود 5.*1 \+ \^\* 2$' feel '1 + * 2' --lang ar
refused "feel: the right line of several" 1 'Line 2, column 3: .* at:  \)\^\)$' feel '(1
 ))'
run "$sanad" feel 'nobody = 1' --lang en
same "feel: a name without meaning has a value" false "$(cat "$work/out")"
has "feel: and is told all the same" 'the name .?nobody.? is not known' "$work/err"
many=$(seq -s ' + ' 1 400)
run "$sanad" feel "$many + * 2 + $many" --lang en
has "feel: of a long line the part around the place" \
    'at: ….{60}\^\* 2 .*…$' "$work/err"
same "feel: and no more" 1 "$(awk 'length > 300 { n++ } END { print !n }' "$work/err")"
refused "feel: habits of other languages" 1 'compares with one =' feel '1 == 1'
# what a function takes is said whether it is called by place or by name
told() { # NAME PATTERN EXPRESSION [OPTION]...
    name=$1 pattern=$2
    shift 2
    run "$sanad" feel "$@"
    has "feel: $name" "$pattern" "$work/err"
    same "feel: $name: in one line" 1 "$(wc -l <"$work/err")"
}
told "a name that is no parameter" \
    'substring.* has: .*string,start position,length' \
    'substring(string: "abc", start: 2)' --lang=en
told "the same in Arabic" 'substring.*معاملاتها: .*string,start position,length' \
    'substring(string: "abc", start: 2)' --lang=ar
told "too few arguments" 'append.* has: .*list,item' 'append([1])' --lang=en
told "a function without any" 'now.* has: .*\(\)' 'now(1)' --lang=en
told "values of the wrong kind" 'abs.*its parameters: .*n' 'abs("a")' --lang=en
told "the wrong kind, in Arabic" 'abs.*معاملاتها: .*n' 'abs("a")' --lang=ar
told "a value that is refused inside" 'sum.*its parameters: .*list;n' \
    'sum(["a"])' --lang=en
told "what stood on both sides" \
    'adds two numbers.*here are .*1 \(number\).* and .*"a" \(string\)' '1 + "a"' \
    --lang=en
told "the same, in Arabic" 'تجمع عددين.*والموجود .*1 \(number\).*"a" \(string\)' \
    '1 + "a"' --lang=ar
told "what a list has" 'from 1 to .*2.* is expected' '[1, 2][3]' --lang=en
told "the kinds of parameters" \
    'cannot take .*1 \(number\).*string: string, start position: number' \
    'substring(1, 2)' --lang=en
told "a function of one's own" 'this function has .*2.* parameters' \
    '{f: function(a, b) a + b, r: f(1)}.r' --lang=en
told "a parameter of one's own" 'no parameter .*c' \
    '{f: function(a, b) a + b, r: f(a: 1, c: 2)}.r' --lang=en
run "$sanad" feel 'substrin("a", 1)'
same "feel: a name that is not known is null" "null" "$(cat "$work/out")"
has "feel: and the nearest one is named" 'did you mean .?substring' "$work/err"
run "$sanad" feel '1 / 0' --json
same "feel --json says nothing more" 0 "$(wc -c <"$work/err")"

# The worked example of docs/engine.md is what stands in the files.
example() {
    awk -v begin="$1" -v end="$2" 'index($0, begin) { on = 1 }
        on { sub(/^        /, ""); print } on && index($0, end) { exit }' "$3"
}
same "docs: the line of a built-in" \
    "$(grep -A1 '^BUILTIN(substring_after,' src/feel/builtins.def)" \
    "$(grep -A1 '^        BUILTIN(substring_after,' docs/engine.md | sed 's/^        //')"
same "docs: the function of a built-in" \
    "$(example 'FN(substring_after)' 'text.bytes - skip' src/feel/builtin_string.c | sed 's/^ *//')" \
    "$(example 'FN(substring_after)' 'text.bytes - skip' docs/engine.md | sed 's/^ *//')"
same "docs: the case of a built-in" \
    "$(grep -A2 '^substring after("foobar", "ob")' tests/rules/functions.test)" \
    "$(grep -A2 '^        substring after("foobar"' docs/engine.md | sed 's/^        //')"

finish
