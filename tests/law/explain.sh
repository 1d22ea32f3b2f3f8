#!/bin/sh
# explain.sh - explanations as people read them (explain.py); after a change
# that is meant, WRITE=1 writes the expected texts anew: read them.
cd "$(dirname "$0")/../.." || exit 2
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/law/explain.py \
    "${SANAD:-$PWD/build/sanad}" tests/law/golden ${WRITE:+--write}
