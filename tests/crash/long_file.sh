#!/bin/sh
# Every unit test with one call on a file after another failing.
exec sh "$(dirname "$0")/faults" file
