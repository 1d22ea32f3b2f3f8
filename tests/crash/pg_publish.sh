#!/bin/sh
# pg_publish.sh - as publish.sh, on PostgreSQL.
exec "$(dirname "$0")/../pg-server" sh "$(dirname "$0")/publish.sh"
