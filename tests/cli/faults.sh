#!/bin/sh
# faults.sh - rules check on models of others, each with one planted fault:
# it is found, with file, line, decision, row where there is one, and a remedy.
. "$(dirname "$0")/frame"

# model: what stands between the tags; the fault is somewhere in it.
model() {
    printf '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">\n'
    printf '<inputData id="age" name="age"><variable name="age" typeRef="number"/></inputData>\n'
    cat
    printf '</definitions>\n'
}
needs='<informationRequirement><requiredInput href="#age"/></informationRequirement>'

# decide TEXT: the decision "fare" by an expression.
decide() {
    printf '<decision id="fare" name="fare">%s<literalExpression><text>%s</text></literalExpression></decision>\n' \
        "$needs" "$1"
}

# table POLICY CELL... : the decision "fare" by a table, a row for each cell.
table() {
    printf '<decision id="fare" name="fare">%s<decisionTable hitPolicy="%s">\n' "$needs" "$1"
    printf '<input><inputExpression typeRef="number"><text>age</text></inputExpression></input>\n'
    printf '<output typeRef="number"/><annotation name="Article"/>\n'
    shift
    number=0
    for cell; do
        number=$((number + 1))
        printf '<rule><inputEntry><text>%s</text></inputEntry><outputEntry><text>%d</text></outputEntry>' \
            "$cell" "$number"
        printf '<annotationEntry><text>%s</text></annotationEntry></rule>\n' "${note-Art. $number}"
    done
    printf '</decisionTable></decision>\n'
}

# planted NAME PATTERN [REMEDY]: the model in $work/model, as it is checked.
planted() {
    model <"$work/part" | sed "${change:-}" >"$work/$1.dmn"
    run "$sanad" rules check "$work/$1.dmn"
    same "$1: exit code" 1 "$code"
    same "$1: nothing on stderr" 0 "$(wc -c <"$work/err")"
    has "$1" "$1\\.dmn:[0-9]+:[0-9]+: $2" "$work/out"
    has "$1: a remedy" "^    remedy: .*${3-}" "$work/out"
    run "$sanad" rules check "$work/$1.dmn" --lang ar
    has "$1: in Arabic" '^    العلاج: ' "$work/out"
}

decide 'agee + 1' >"$work/part"
planted unknown-name 'error: decision .fare.: .*agee.*did you mean .?age'
decide 'age + "years"' >"$work/part"
planted types-clash 'error: decision .fare.: .*number.*string'
decide 'if age &gt; 3 then 1' >"$work/part"
planted syntax 'error: decision .fare.: .*expected'
table UNIQUE '&lt; 18' '[17..60]' '&gt; 60' >"$work/part"
planted overlap 'error: decision .fare., row 2: .*together with row .1.*age = 17' narrow
table UNIQUE '&lt; 18' '[20..60]' '&gt; 60' >"$work/part"
planted gap 'warning: decision .fare.: .*no row matches when .*age.* = 18' 'add a row'
table FIRST '&lt; 70' '[10..60]' '-' >"$work/part"
planted unreachable 'error: decision .fare., row 2: .*never reached' 'move the row'
table UNIQE '&lt; 70' '&gt;= 70' >"$work/part"
planted hit-policy 'error: decision .fare.: .*UNIQE' 'UNIQUE, FIRST'
table UNIQUE '&lt; 70' '&gt;= 70' | sed 's/<annotationEntry>.*<.annotationEntry>//' >"$work/part"
planted no-citation 'warning: decision .fare., row 1: the row cites nothing' 'annotation'
{
    decide 'age + 1'
    echo '<inputData id="spare" name="spare"><variable name="spare" typeRef="number"/></inputData>'
} >"$work/part"
planted unused-input 'warning: .*spare' 'take the input out'
{
    decide 'age + 1'
    echo '<decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement><literalExpression><text>b</text></literalExpression></decision>'
    echo '<decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/></informationRequirement><literalExpression><text>a</text></literalExpression></decision>'
} >"$work/part"
planted circle 'error: decision .[ab].: .*requires itself' 'run in no circle'
{
    echo '<itemDefinition name="tState"><typeRef>string</typeRef><allowedValues><text>"new", "done"</text></allowedValues></itemDefinition>'
    echo '<inputData id="state" name="state"><variable name="state" typeRef="tState"/></inputData>'
    table FIRST '"done"' '"dome"' '-' | sed 's/#age/#state/; s/<text>age/<text>state/; s/inputExpression typeRef="number"/inputExpression typeRef="tState"/'
} >"$work/part"
planted enumeration 'error: decision .fare., row 2: no possible value.*state' 'allowed values'
{
    echo '<import name="law" namespace="urn:law" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    decide 'age + 1'
} >"$work/part"
planted no-import 'error: .*urn:law' 'of that namespace'
echo '<decision id="fare" name="fare"><informationRequirement><requiredInput href="#agee"/></informationRequirement><literalExpression><text>1</text></literalExpression></decision>' >"$work/part"
planted dangling 'error: decision .fare.: .*#agee' 'id of an element'
decide 'age' >"$work/part"
change='s,</decision>,,' planted unbalanced 'error: '
# A table in the form of the law's own models: Article, Source and Status.
based() { # SOURCE STATUS
    table UNIQUE '&lt; 18' '&gt;= 18' |
        sed "s,<annotation name=\"Article\"/>,&<annotation name=\"Source\"/><annotation name=\"Status\"/>,
            s,<text>Art. 1</text></annotationEntry>,&<annotationEntry><text>P1</text></annotationEntry><annotationEntry><text>assumption</text></annotationEntry>,
            s|<text>Art. 2</text></annotationEntry>|&<annotationEntry><text>$1</text></annotationEntry><annotationEntry><text>$2</text></annotationEntry>|" >"$work/part"
}
based 'P1, NOSUCH' confirmed
planted no-such-source 'warning: decision .fare., row 2: the source .*NOSUCH' 'sources.tsv'
based 'P1' rubbish
planted no-such-status 'warning: decision .fare., row 2: the status .*rubbish' 'confirmed'
based 'P1, P2' ''
planted no-status 'warning: decision .fare., row 2: the status ' 'confirmed'
based 'P1, P2' unconfirmed
model <"$work/part" >"$work/based.dmn"
done_with "known sources and statuses" rules check "$work/based.dmn"
done_with "the shipped model" rules check "$root/models/social-security/pension.dmn"

# A model without a fault has none.
table UNIQUE '&lt; 18' '[18..60]' '&gt; 60' >"$work/part"
model <"$work/part" >"$work/sound.dmn"
done_with "a sound model" rules check "$work/sound.dmn"
finish
