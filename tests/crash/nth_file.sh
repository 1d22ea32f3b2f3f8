#!/bin/sh
# nth_file.sh - some calls on files fail, as nth_file.py tells; STRIDE=1 takes
# all of them. The program is the one without sanitizers, which want to be
# loaded first themselves.
cd "$(dirname "$0")/../.." || exit 2
library=$(mktemp /tmp/sanad-fault-XXXXXX.so) || exit 2
trap 'rm -f "$library"' EXIT
${CC:-cc} -std=gnu17 -O1 -Wall -Wextra -Werror -shared -fPIC \
    -U_FORTIFY_SOURCE -o "$library" tests/crash/file_fault.c -ldl || exit 1
python3 tests/crash/nth_file.py "$PWD/${SANAD_RELEASE:-build/sanad}" \
    "$library" "$PWD" "${STRIDE:-17}"
