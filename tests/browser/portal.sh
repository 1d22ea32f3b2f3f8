#!/bin/sh
# portal - the same on the real program: a small demo nation, determined for a
# month and served; screenshots in build/screenshots/portal.
. "$(dirname "$0")/prepare"
folder=$(mktemp -d)
db=$folder/portal.db
nation=$folder/nation.db # to try changes on
log=$folder/serve.log
stop() {
    test -n "$server" && kill "$server" && wait "$server"
    rm -rf "$folder"
}
server=
trap stop EXIT
trap 'exit 1' INT TERM
prepare() {
    build/sanad init --db "$db" &&
        build/sanad demo --db "$db" --households 200 --seed 1 &&
        build/sanad determine --db "$db" --month 2026-11 &&
        build/sanad determine --db "$db" --month 2026-12 &&
        build/sanad init --db "$nation" &&
        build/sanad demo --db "$nation" --households 3000 --seed 2 &&
        build/sanad snapshot --db "$nation" --out "$folder/everybody"
}
prepare >"$log" 2>&1 || {
    cat "$log"
    echo "0 passed, 1 failed"
    exit 1
}
build/sanad serve --db "$db" --demo --snapshot "$folder/everybody" \
    --listen 127.0.0.1:0 >"$log" 2>&1 &
server=$!
url=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    url=$(sed -n 's/^portal: *\(http:[^ ]*[0-9]\).*/\1/p' "$log")
    test -n "$url" && break
    sleep 0.25
done
SANAD_URL=$url SHOTS=build/screenshots/portal node tests/browser/pages.mjs
