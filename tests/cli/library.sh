#!/bin/sh
# library.sh - the engine as a library: another program is compiled with the
# installed header and archive alone, and decides by a model.
. "$(dirname "$0")/frame"
prefix=$work/installed
same "install" 0 "$(make -s -C "$root" install PREFIX="$prefix" >"$work/log" 2>&1; echo $?)"
same "no name of it but its own" "" \
    "$(nm -g --defined-only "$prefix/lib/libsanad-engine.a" |
        awk 'NF == 3 && $3 !~ /^sanad_/')"
same "neither database nor network" "" \
    "$(nm -u "$prefix/lib/libsanad-engine.a" |
        awk '$2 ~ /^(sqlite3|PQ|MHD|SSL|EVP|socket|connect)/')"
flags=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs sanad-engine)
# shellcheck disable=SC2086  # flags are words
${CC:-gcc} -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$work/decide" \
    "$root/examples/decide.c" $flags >"$work/log" 2>&1
same "the example compiles with header and archive alone" 0 "$?"
lines=$(grep -c . "$root/examples/decide.c")
same "the example is short" 1 "$((lines < 40))"

pension=$root/models/social-security/pension.dmn
"$work/decide" "$pension" "Basic minimum head" month '"2026-02-01"' >"$work/out" 2>"$work/err"
same "it decides: exit code" 0 "$?"
same "it decides" 1320 "$(head -1 "$work/out")"
has "and says why" '"kind":"row".*"row":2' "$work/out"
"$work/decide" "$pension" "Basic minimum head" month '"soon"' >"$work/out" 2>"$work/err"
same "a value of another type: exit code" 1 "$?"
has "a value of another type" 'month.* is not of its declared type' "$work/err"
"$work/decide" "$pension" "Nothing" month '"2026-02-01"' >"$work/out" 2>"$work/err"
has "no such decision" 'no decision .*Nothing' "$work/err"
printf '<a>' >"$work/broken.dmn"
"$work/decide" "$work/broken.dmn" d i 1 >"$work/out" 2>"$work/err"
same "no model: exit code" 1 "$?"
has "no model: file and line" 'broken.dmn.*1' "$work/err"
finish
