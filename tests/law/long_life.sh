#!/bin/sh
# long_life.sh - life.sh on many more households and in every month.
SEEDS="11 12 13 14" HOUSEHOLDS=5000 MONTHS=all \
    exec sh "$(dirname "$0")/life.sh"
