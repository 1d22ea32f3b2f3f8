#!/bin/sh
# Every unit test with one statement after another failing.
exec sh "$(dirname "$0")/faults" statement
