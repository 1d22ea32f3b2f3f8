#!/bin/sh
# bench_status.sh - the status page of a beneficiary, each read put on record
# before its answer leaves, against nginx that answers `return 200` with the
# same head and the same body; and the same in a build that records nothing.
#
# One load tool (wrk) drives all three in turn, on the same machine, for nine
# rounds. What is asked for is a ratio of requests a second; the tool and the
# servers share the processors, so that on a small machine this is also a ratio
# of work: a round with less of the machine gives less of it to all three. The
# second ratio counts requests a second of processor time of the servers'
# processes alone, which leaves the tool out and is therefore the harder one,
# and the steadier; both are held to the limit. Exit 1 when one is missed.
#
#   bench_status.sh [ROUNDS [SECONDS [CONNECTIONS]]]
set -u
cd "$(dirname "$0")/.." || exit 2
rounds=${1:-9} seconds=${2:-2} connections=${3:-128}
limit_recorded=0.35 limit_bare=0.50
sanad=$PWD/build/sanad bare=$PWD/build/bench/sanad
for tool in nginx wrk curl; do
    command -v $tool >/dev/null || tools/setup build test || exit 2
done
test -x "$bare" || make -s BUILD=bench all || exit 2
folder=$(mktemp -d) || exit 2
pids=
# shellcheck disable=SC2086 # a list of processes
stop() {
    test -n "$pids" && kill $pids 2>/dev/null && wait $pids 2>/dev/null
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM

fail() {
    echo "bench_status: $*" >&2
    exit 1
}

# serve NAME PROGRAM: a demo nation of its own; leaves NAME.port and NAME.pid.
serve() {
    db=$folder/$1.db
    for step in init "demo --households 500 --seed 1" \
        "determine --month 2026-12"; do
        # shellcheck disable=SC2086 # a command and its options
        "$2" $step --db "$db" >/dev/null || fail "no demo nation"
    done
    : >"$folder/$1.log"
    "$2" serve --db "$db" --demo --listen 127.0.0.1:0 >"$folder/$1.log" 2>&1 &
    echo $! >"$folder/$1.pid"
    pids="$pids $!"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        sed -n 's/^portal: *http:.*:\([0-9]*\).*/\1/p' "$folder/$1.log" \
            >"$folder/$1.port"
        test -s "$folder/$1.port" && return
        sleep 0.25
    done
    fail "$2 does not serve: $(cat "$folder/$1.log")"
}

# sign_in NAME: as the first citizen of the demo; leaves NAME.token.
sign_in() {
    url=http://127.0.0.1:$(cat "$folder/$1.port")
    jar=$folder/$1.jar
    secret=$(curl -s -c "$jar" "$url/signin" |
        sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
    curl -s -b "$jar" -c "$jar" -o /dev/null \
        -d "csrf=$secret&persona=family" "$url/signin/persona"
    awk '$6 == "session" { print $7 }' "$jar" >"$folder/$1.token"
    test -s "$folder/$1.token" || fail "cannot sign in"
}

# An nginx whose answer has the bytes of `head` and `body`. A word of its
# configuration holds 4 KB at most, so that the body comes in pieces.
write_nginx() {
    {
        echo "daemon off; worker_processes $(nproc); error_log /dev/null;"
        echo "pid $folder/nginx.pid; events { worker_connections 4096; }"
        echo "http { access_log off; server_tokens off;"
        echo "keepalive_requests 1000000000;"
        echo "default_type 'text/html; charset=utf-8';"
        echo "server { listen 127.0.0.1:$nginx_port reuseport; location / {"
        sed 's/\r$//' "$folder/head" | awk -F': ' '
            NR > 1 && NF > 1 && $1 !~ /^(Date|Content-Type|Content-Length)$/ {
                printf "add_header %s \"%s\";\n", $1, substr($0, length($1) + 3)
            }'
        LC_ALL=C awk -v quote="'" '
            function flush() { printf "set $p%d %s%s%s;\n", n++, quote, piece, quote; piece = "" }
            {
                gsub(/\\/, "\\\\"); gsub(quote, "\\" quote)
                if (/\$/) exit 1
                if (length(piece) + length($0) > 3500) flush()
                piece = piece $0 "\n"
            }
            END {
                flush(); all = ""
                for (i = 0; i < n; i++) all = all "${p" i "}"
                printf "return 200 \"%s\";\n", all
            }' "$folder/body"
        echo "} } }"
    } >"$folder/nginx.conf"
}

# Processor time of a process and of those it started, in milliseconds.
spent() {
    cat /proc/[0-9]*/stat 2>/dev/null | # some end meanwhile
        awk -v pid="$1" -v tick="$(getconf CLK_TCK)" '
            { self = $1; sub(/^[0-9]+ \(.*\) /, "") }
            self == pid || $2 == pid { sum += $12 + $13 }
            END { printf "%d\n", sum * 1000 / tick }'
}

# drive NAME PORT TOKEN PATH: one round; "requests/s requests/CPU-second".
drive() {
    pid=$(cat "$folder/$1.pid")
    before=$(spent "$pid")
    wrk -t1 -c"$connections" -d"${seconds}s" -H "Cookie: session=$3" \
        "http://127.0.0.1:$2$4" >"$folder/wrk" || fail "wrk failed"
    after=$(spent "$pid")
    grep -q 'Non-2xx' "$folder/wrk" && fail "$1 gave errors: $(cat "$folder/wrk")"
    awk -v name="$1" -v ms=$((after - before)) '
        / requests in / { requests = $1 }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%s %.0f %.0f\n", name, rate, requests * 1000 / ms }' \
        "$folder/wrk" >>"$folder/results"
}

# run NAME: one round of a server.
run() {
    case $1 in
    nginx) drive nginx "$nginx_port" none /home ;;
    *) drive "$1" "$(cat "$folder/$1.port")" "$(cat "$folder/$1.token")" /home ;;
    esac
}

# number NAME: of a counter of the recording server.
number() {
    curl -s "http://127.0.0.1:$(cat "$folder/recorded.port")/metrics" |
        awk -v name="$1" '$1 == name { print $2 }'
}

serve recorded "$sanad"
serve bare "$bare"
sign_in recorded
sign_in bare
url=http://127.0.0.1:$(cat "$folder/recorded.port")
cookie="Cookie: session=$(cat "$folder/recorded.token")"
curl -s -H "$cookie" -D "$folder/head" -o "$folder/body" "$url/home" ||
    fail "no page"
grep -q ' 200 ' "$folder/head" || fail "no page: $(cat "$folder/head")"
nginx_port=$((20000 + $$ % 20000))
write_nginx || fail "the page cannot be an nginx answer"
nginx -p "$folder" -c "$folder/nginx.conf" >"$folder/nginx.log" 2>&1 &
echo $! >"$folder/nginx.pid"
pids="$pids $!"
sleep 1
curl -s "http://127.0.0.1:$nginx_port/home" | cmp -s - "$folder/body" ||
    fail "nginx does not give the same bytes: $(cat "$folder/nginx.log")"

curl -s "http://127.0.0.1:$(cat "$folder/bare.port")/metrics" |
    grep -q 'reads are not recorded' || fail "build/bench/sanad records reads"
echo "$(nginx -v 2>&1 | sed 's/.*: //'), $("$sanad" --version | head -1)"
echo "page: $(wc -c <"$folder/body") bytes; wrk: 1 thread, $connections" \
    "connections, $seconds s a run, $rounds rounds, $(nproc) processors"
echo "durability: SQLite, journal_mode=WAL synchronous=FULL; the answer waits" \
    "until its read is durable, reads that wait share a commit"

for server in nginx recorded bare; do
    run $server # warms up and does not count
done
: >"$folder/results"
reads=$(number sanad_reads_recorded_total)
groups=$(number sanad_read_groups_total)
answers=0
round=0
while [ "$round" -lt "$rounds" ]; do
    case $((round % 3)) in
    0) order='nginx recorded bare' ;;
    1) order='recorded bare nginx' ;;
    *) order='bare nginx recorded' ;;
    esac
    for server in $order; do
        run "$server"
        test "$server" = recorded &&
            answers=$((answers + $(awk '/ requests in / { print $1 }' "$folder/wrk")))
    done
    round=$((round + 1))
done
reads=$(($(number sanad_reads_recorded_total) - reads))
groups=$(($(number sanad_read_groups_total) - groups))
echo "answers $answers, reads on record $reads, a commit for $((reads / groups))"
[ "$reads" -ge "$answers" ] || fail "answers without a record"

awk -v limit_recorded=$limit_recorded -v limit_bare=$limit_bare '
    function sort(list, n,    i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
                t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
            }
    }
    function row(name, kind,    list, i) {
        for (i = 1; i <= n[name]; i++) list[i] = value[name, kind, i]
        sort(list, n[name])
        return sprintf("%9.0f (%6.0f to %6.0f)", list[int((n[name] + 1) / 2)], list[1], list[n[name]])
    }
    function ratio(name, kind,    list, i) {
        for (i = 1; i <= n[name]; i++)
            list[i] = value[name, kind, i] / value["nginx", kind, i]
        sort(list, n[name])
        low = list[1]; high = list[n[name]]
        return list[int((n[name] + 1) / 2)]
    }
    function judge(label, name, limit,    kind, r) {
        for (kind = 1; kind <= 2; kind++) {
            r = ratio(name, kind)
            printf "%s: %s median %.3f of nginx, %.3f to %.3f, at least %.2f: %s\n", \
                label, (kind == 1 ? "requests/s" : "requests/CPU-second"), \
                r, low, high, limit, (r >= limit ? "ok" : "MISSED")
            if (r < limit) missed = 1
        }
    }
    { n[$1]++; value[$1, 1, n[$1]] = $2; value[$1, 2, n[$1]] = $3 }
    END {
        printf "%-22s %-30s %s\n", "", "requests/s", "requests/CPU-second of the server"
        printf "%-22s %s    %s\n", "nginx return 200", row("nginx", 1), row("nginx", 2)
        printf "%-22s %s    %s\n", "sanad, recorded", row("recorded", 1), row("recorded", 2)
        printf "%-22s %s    %s\n", "sanad, not recorded", row("bare", 1), row("bare", 2)
        judge("recorded", "recorded", limit_recorded)
        judge("not recorded", "bare", limit_bare)
        exit missed
    }' "$folder/results"
