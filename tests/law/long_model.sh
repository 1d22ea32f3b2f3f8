#!/bin/sh
# long_model.sh - model.sh on many more households.
RANDOM_FILES=90 SEED=77 exec sh "$(dirname "$0")/model.sh"
