#!/bin/sh
# citations.sh - every row of every model says where it stands (citations.py).
cd "$(dirname "$0")/../.." || exit 2
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/law/citations.py models
