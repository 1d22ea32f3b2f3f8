#!/bin/sh
# shipped.sh - the program that is installed records every read: what leaves
# records out for a measurement is not in it.
cd "$(dirname "$0")/../.." || exit 2
mark='reads are not recorded'
grep -q "$mark" src/web/desk_record.c || { echo "FAIL no mark to look for"; echo "0 passed, 1 failed"; exit 1; }
if grep -aq "$mark" build/sanad; then
    echo "FAIL build/sanad is a benchmark build"
    echo "0 passed, 1 failed"
    exit 1
fi
echo "1 passed, 0 failed"
