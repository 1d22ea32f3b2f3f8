#!/bin/sh
# proxy - the shipped nginx and HAProxy configurations, spoken to rudely.
. "$(dirname "$0")/prepare"
exec node tests/browser/proxy.mjs
