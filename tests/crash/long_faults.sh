#!/bin/sh
# long_faults.sh - every unit test with its n-th request for memory, statement
# or call on a file failing, as tests/faults.h tells. PROGRAMS: only those;
# FAULTS_OF: only of these kinds.
cd "$(dirname "$0")/../.." || exit 2
export SANAD_TESTS="$PWD/tests"
work=$(mktemp -d /tmp/sanad-faults-XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
${CC:-cc} -std=gnu17 -O1 -Wall -Wextra -Werror -shared -fPIC \
    -U_FORTIFY_SOURCE -o "$work/fault.so" tests/crash/file_fault.c -ldl || exit 1
export UBSAN_OPTIONS=print_stacktrace=1 FAULT_FOLDER=/tmp
passed=0 failed=0

# with WHAT PROGRAM
with() {
    name=$(basename "$(dirname "$2")")-$(basename "$2")
    case $1 in file) preload=$work/fault.so ;; *) preload= ;; esac
    FAULTS=$1 LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 \
        "$2" >"$work/log" 2>"$work/err"
    line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed$' "$work/log" | tail -1)
    good=${line%% *} bad=${line##*, }
    bad=${bad%% *}
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))
    [ "${bad:-1}" = 0 ] && return
    echo "== $1 $name"
    grep -a '^FAIL' "$work/log" | head -5
    grep -aE 'ERROR: |runtime error|CHECK\(|SUMMARY' "$work/err" | sort | uniq -c |
        sort -rn | head -10
}

for program in ${PROGRAMS:-build/asan/tests/*/test_*}; do
    case $program in
    *.d | *.o) continue ;;
    */sim/*) continue ;; # they let things fail themselves
    esac
    for what in ${FAULTS_OF:-memory statement file}; do with "$what" "$program"; done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
