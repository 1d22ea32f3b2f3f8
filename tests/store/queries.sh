#!/bin/sh
# queries.sh - tools/queries: what it makes of statements and what it refuses.
cd "$(dirname "$0")/../.." || exit 2
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
passed=0 failed=0
result() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL queries: $1"
    fi
}
# refuses WHAT MESSAGE: the text on stdin is refused at its line 1 or 2.
refuses() {
    cat >"$out/bad.sql"
    if message=$(tools/queries "$out" "$out/bad.sql" 2>&1); then
        result "$1 is accepted" 1
        return
    fi
    case $message in
    *bad.sql:[12]:*"$2"*) result "$1" 0 ;;
    *) result "$1: $message" 1 ;;
    esac
}

tools/queries "$out" && grep -q 'Q_COUNT' "$out/query.h"
result "works without any file" $?

cat >"$out/good.sql" <<'SQL'
-- What this file is.

-- name: a_get :one
SELECT "b\c" FROM a
-- sqlite:
WHERE d = $1;
-- pg:
WHERE d = $1 FOR UPDATE;
-- name: a_add :bulk
-- touches: household $2
INSERT INTO a (d,
               e) VALUES ($1, $2);
SQL
tools/queries "$out" "$out/good.sql" && tr -d '\n' <"$out/query.c" >"$out/flat"
grep -q 'Q_A_GET,' "$out/query.h" && grep -q 'Q_A_ADD,' "$out/query.h"
result "names become an enum" $?
grep -qF '{"a_get", QUERY_ONE, 1, "", "",     "SELECT \"b\\c\" FROM a\n"     "WHERE d = $1",     "SELECT \"b\\c\" FROM a\n"     "WHERE d = $1 FOR UPDATE",     WATCH_EVERYTHING, 0}' "$out/flat"
result "each database has its text" $?
grep -qF '{"a_add", QUERY_BULK, 2, "a", "d, e"' "$out/flat"
result "a bulk statement gives table and columns" $?
grep -qF 'VALUES ($1, $2)",     NULL,     WATCH_HOUSEHOLD, 2}' "$out/flat"
result "a statement says what it touches" $?

refuses "a kind that is not known" "no kind :some" <<'SQL'
-- name: a :some
SELECT 1;
SQL
refuses "a name in capitals" "not -- name" <<'SQL'
-- name: A :one
SELECT 1;
SQL
refuses "a statement without a name" "before any name" <<'SQL'
SELECT 1;
SQL
refuses "a parameter that is left out" 'has no $1' <<'SQL'
-- name: a :one
SELECT $2;
SQL
refuses "an empty statement" "has no text" <<'SQL'
-- name: a :one
SQL
refuses "a bulk statement that is no plain insert" ":bulk but not" <<'SQL'
-- name: a :bulk
INSERT INTO a (b) VALUES ($1) ON CONFLICT DO NOTHING;
SQL
refuses "a touch that is no thing and parameter" "not -- touches" <<'SQL'
-- name: a :exec
-- touches: $1
SQL
refuses "a touch by a parameter that is not there" "which it has not" <<'SQL'
-- name: a :exec
-- touches: household $2
UPDATE a SET b = $1;
SQL
refuses "a change that gives rows" "must be a SELECT" <<'SQL'
-- name: a :one
UPDATE a SET b = 1 RETURNING c;
SQL
refuses "bulk values out of order" "in order" <<'SQL'
-- name: a :bulk
INSERT INTO a (b, c) VALUES ($2, $1);
SQL
printf -- '-- name: a :one\nSELECT 1;\n' >"$out/twice.sql"
tools/queries "$out" "$out/twice.sql" "$out/twice.sql" 2>/dev/null
[ $? = 1 ]
result "the same name twice" $?

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
