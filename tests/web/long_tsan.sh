#!/bin/sh
# long_tsan.sh - the tests in which threads meet, under ThreadSanitizer.
cd "$(dirname "$0")/../.." || exit 2
programs='web/test_http web/test_site web/test_desk job/test_writer
    store/test_watch store/test_store'
targets=
for program in $programs; do targets="$targets build/tsan/tests/$program"; done
# shellcheck disable=SC2086 # a list of programs
flock build make -s -j"$(nproc)" BUILD=tsan $targets || { echo "0 passed, 1 failed"; exit 1; }
export TSAN_OPTIONS=halt_on_error=1:exitcode=66
passed=0 failed=0
for program in $programs; do
    log=build/tsan/$(basename "$program").log
    if "build/tsan/tests/$program" >"$log" 2>&1 && ! grep -q 'WARNING: Thread' "$log"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $program, see $log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
