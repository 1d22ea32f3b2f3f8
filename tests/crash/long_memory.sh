#!/bin/sh
# Every unit test with one request for memory after another failing.
exec sh "$(dirname "$0")/faults" memory
