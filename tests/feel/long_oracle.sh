#!/bin/sh
# long_oracle.sh - a million operations against libdecnumber.
cd "$(dirname "$0")/../.." || exit 2
make -s build/release/tests/feel/test_oracle || exit 1
CK_DEFAULT_TIMEOUT=900 SANAD_OPERATIONS=1000000 build/release/tests/feel/test_oracle
