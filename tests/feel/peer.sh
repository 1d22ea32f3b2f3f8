#!/bin/sh
# peer.sh - random expressions, evaluated by a second implementation as well.
cd "$(dirname "$0")/../.." || exit 2
exec python3 tests/feel/peer.py build/sanad "${SANAD_EXPRESSIONS:-2000}" "${SANAD_SEED:-1}"
