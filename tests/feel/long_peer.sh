#!/bin/sh
# long_peer.sh - peer.sh with forty thousand expressions.
SANAD_EXPRESSIONS=40000 SANAD_SEED=2 exec sh "$(dirname "$0")/peer.sh"
