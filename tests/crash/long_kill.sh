#!/bin/sh
# long_kill.sh - as kill.sh, at fifty random moments and with more households.
KILLS=${KILLS:-50} HOUSEHOLDS=${HOUSEHOLDS:-6000} exec sh "$(dirname "$0")/kill.sh"
