#!/bin/sh
# checkers.sh - each checker of tools/ finds the faults that it is for, and is
# silent on a tree without them.
cd "$(dirname "$0")/../.." || exit 2
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tools" "$tree/src/base" "$tree/src/codec" "$tree/src/store" \
    "$tree/tests" "$tree/fuzz" "$tree/bench" "$tree/locale" \
    "$tree/templates" "$tree/models"
cp tools/layers tools/tidy tools/docs tools/texts tools/texts.not \
    "$tree/tools"
cp src/LAYERS "$tree/src"
passed=0 failed=0

# finds TOOL TEXT: the tool fails and says this.
finds() {
    if output=$("$tree/tools/$1" 2>&1); then
        echo "FAIL $1 passes, expected: $2"
        failed=$((failed + 1))
    elif printf '%s\n' "$output" | grep -qF -- "$2"; then
        passed=$((passed + 1))
    else
        echo "FAIL $1 does not say: $2"
        printf '%s\n' "$output"
        failed=$((failed + 1))
    fi
}

# silent TOOL: the tool passes and says nothing.
silent() {
    if output=$("$tree/tools/$1" 2>&1) && test -z "$output"; then
        passed=$((passed + 1))
    else
        echo "FAIL $1 is not silent"
        printf '%s\n' "$output"
        failed=$((failed + 1))
    fi
}

# Writes a file of the tree from standard input.
put() {
    cat > "$tree/$1"
}

good_tree() {
    rm -f "$tree"/src/*/* "$tree"/locale/* "$tree"/templates/*
    put src/base/one.h <<'END'
/*
 * one.h - one.
 */
/* Gives one. */
int one_get(void);
int one_more(void);

/*
 * Tries.
 *
 * errs   ERR_IO: the disk
 */
Err one_try(int a,
            int b);
END
    put src/codec/two.c <<'END'
#include "base/one.h"
#include <string.h>

int two_get(void)
{
    return fail("two.bad") + fail("two.h");
}
END
    printf '# c\ntwo.bad\tخطأ {0}\tBad {0}\n' | put locale/a.tsv
    printf 'two.n\t{0|one:1|two:2|few:#|many:#|other:#}\t{0|other:#}\n' |
        put locale/b.tsv
    echo '<p>{{t two.n x}}</p>' | put templates/a.html
    : | put models/facts.tsv
    : | put models/formats.tsv
}

good_tree
for tool in layers tidy docs texts; do silent $tool; done

echo '#include "store/store.h"' | put src/codec/bad.c
finds layers 'src/codec/bad.c:1: codec may not include store'
echo '#include <sqlite3.h>' | put src/codec/bad.c
finds layers '<sqlite3.h> belongs to store'
echo '#include "base/x_int.h"' | put src/codec/bad.c
finds layers '"base/x_int.h" is private to base'
echo '#include "one.h"' | put src/codec/bad.c
finds layers '"one.h" is not module/file.h'
mkdir -p "$tree/src/stray"
echo '' | put src/stray/a.c
finds layers 'no line for stray in src/LAYERS'
rm -r "$tree/src/stray"

good_tree
echo '    char *x = malloc(3);' | put src/codec/bad.c
finds tidy 'src/codec/bad.c:1: only src/base may call malloc()'
echo '    strcpy(a, b);' | put src/codec/bad.c
finds tidy 'banned function'
echo 'static int counter;' | put src/codec/bad.c
finds tidy 'state outside arguments: counter'
echo '    static char *name = NULL;' | put src/codec/bad.c
finds tidy 'state outside arguments: name'
echo '                if (x) y();' | put src/codec/bad.c
finds tidy 'more than three levels deep'
printf 'a\tb\n' | put src/codec/bad.c
finds tidy 'tab or trailing space'
printf '// \342\200\256\n' | put src/codec/bad.c
finds tidy 'bidi control character'
echo '    run("SELECT 1");' | put src/codec/bad.c
finds tidy 'SQL lives in sql/'
printf '/* %090d */\n' 1 | put src/codec/bad.c
finds tidy 'wider than 80 columns'
{ printf '/* '; yes 'عربي عربي ' | head -7 | tr -d '\n'; echo '*/'; } |
    put src/codec/bad.c
silent tidy
{ echo 'int f(void)'; echo '{'; yes '    x();' | head -71; echo '}'; } |
    put src/codec/bad.c
finds tidy 'function longer than 70 lines'
yes 'int a;' | head -801 | put src/codec/bad.c
finds tidy 'file longer than 800 lines'
echo 'int a;' | put src/codec/bad.h
finds tidy 'a header opens with its comment'

good_tree
printf '/*\n * b.h - b.\n */\n\nint b_get(void);\n' | put src/codec/b.h
finds docs 'src/codec/b.h:5: no comment above'
printf '/*\n * b.h - b.\n */\n\n/* B. */\nErr b_get(void);\n' |
    put src/codec/b.h
finds docs 'src/codec/b.h:6: which errors?'

good_tree
echo 'int x = fail("two.worse");' | put src/codec/bad.c
finds texts 'src/codec/bad.c:1: no text for two.worse'
good_tree
echo '{{t web.none}}' | put templates/a.html
finds texts 'templates/a.html:1: no text for web.none'
good_tree
printf '1\tsex\tperson\tcode:male\tstate\t-\n' | put models/facts.tsv
finds texts 'no text for fact.sex.male'
good_tree
printf 'two.bad\tا\tb\n' | put locale/c.tsv
finds texts 'two.bad is also at locale/a.tsv:2'
printf 'x\tا {0}\tb\n' | put locale/c.tsv
finds texts 'x: the English lacks {0}'
printf 'x\tا\tb {name}\n' | put locale/c.tsv
finds texts 'x: the Arabic lacks {name}'
printf 'x\tا\n' | put locale/c.tsv
finds texts 'locale/c.tsv:1: not key, Arabic, English'
printf 'x\tا {0\tb {0\n' | put locale/c.tsv
finds texts 'a stray brace'
printf 'x\t{0|one:1|other:2}\t{0|other:2}\n' | put locale/c.tsv
finds texts 'Arabic: a count without two'

echo "$passed passed, $failed failed"
test "$failed" -eq 0
