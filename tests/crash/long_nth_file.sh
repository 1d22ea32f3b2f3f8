#!/bin/sh
# long_nth_file.sh - as nth_file.sh, every call.
STRIDE=1 exec sh "$(dirname "$0")/nth_file.sh"
