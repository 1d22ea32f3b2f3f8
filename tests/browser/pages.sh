#!/bin/sh
# pages - every page over made-up people in Debian's Chromium, driven by
# playwright-core and judged by axe-core; screenshots in build/screenshots.
. "$(dirname "$0")/prepare"
exec node tests/browser/pages.mjs
