#!/bin/sh
# pg_accounts.sh - accounts on PostgreSQL: who is added at the same time.
if [ -z "${SANAD_TEST_PG:-}" ]; then
    exec "$(dirname "$0")/../pg-server" "$0"
fi
. "$(dirname "$0")/frame"
db=$SANAD_TEST_PG

done_with "init" init --db "$db"
for i in 08 16 24 32 40 57 65; do
    echo 'correct horse battery' | "$sanad" user add "a$i" --role admin \
        --national-id "10000000$i" --db "$db" >/dev/null 2>"$work/err.$i" &
done
wait
done_with "user list" user list --db "$db"
same "of many at once one is the first administrator" 1 \
    "$(wc -l <"$work/out")"
same "the others are told who asks" 6 \
    "$(cat "$work"/err.* | grep -c -e '--by ADMIN')"
finish
