#!/bin/sh
# serve.sh - the server and its command line: settings, codes by mail, and
# commands that are handed to the server because it holds the database.
. "$(dirname "$0")/frame"

port=
server=
# start ARGS...: a server on a port of its own; leaves $server and $port.
start() {
    : >"$work/log"
    "$sanad" serve --listen 127.0.0.1:0 "$@" >"$work/log" 2>"$work/errors" &
    server=$!
    for i in $(seq 200); do
        grep -q '^sign in' "$work/log" && break
        sleep 0.05
    done
    port=$(sed -nE 's,^portal: +http://127.0.0.1:([0-9]+)/,\1,p' "$work/log")
}

stop() {
    kill "$server" && wait "$server"
    same "the server stops when it is asked" 0 $?
}

"$sanad" init --db "$db" >/dev/null
alone=$work/alone.db
"$sanad" init --db "$alone" >/dev/null
"$sanad" demo --db "$alone" --households 300 --seed 3 >/dev/null
"$sanad" determine --db "$alone" --month 2026-05 --json >"$work/alone.json"

# 1. beside a server, commands do what they do without one
start --db "$db"
same "the socket is its user's alone" 600 "$(stat -c %a "$db.jobs")"
done_with "demo beside a server" demo --db "$db" --households 300 --seed 3
has "it says what it did" '300 households made' "$work/out"
done_with "determine beside a server" \
    determine --db "$db" --month 2026-05 --json
one_json "determine beside a server"
amount=$(value programmes.pension.amount)
run cat "$work/alone.json"
same "the same sum as alone" "$(value programmes.pension.amount)" "$amount"
same "the same tables as alone" "$(state "$alone")" "$(state)"
done_with "explain beside a server" \
    explain --db "$db" --household 7 --month 2026-05 --lang ar
same "it answers in the language that was asked for" 1 \
    "$(grep -c 'الأسرة' "$work/out" | sed 's/[1-9][0-9]*/1/')"
refused "a month far away, beside a server" 1 "2022-01" \
    determine --db "$db" --month 2040-01
refused "a wrong option, beside a server" 2 "usage" \
    determine --db "$db" --munth 2026-05
(cd "$work" && printf 'no JSON\n' >bad.ndjson &&
    "$sanad" import --db sanad.db --events bad.ndjson --rejects bad.csv \
        >out 2>err)
same "relative paths are the caller's" 0 $?
has "the rejects lie where the caller wanted them" '^[^,]*bad.ndjson,1,' \
    "$work/bad.csv"
printf 'a long password 12\n' | "$sanad" user add --db "$db" amal \
    --role caseworker --national-id 1000000008 >"$work/out" 2>"$work/err"
same "the password comes from the caller's input" 0 $?
done_with "user list beside a server" user list --db "$db"
has "the account is there" '^amal ' "$work/out"

# 2. several at once: all are done, and the portal answers meanwhile
for month in 2026-06 2026-07 2026-08; do
    "$sanad" determine --db "$db" --month "$month" --json \
        >"$work/$month.json" 2>>"$work/err" &
    eval "job_$(echo "$month" | tr - _)=$!"
done
answers=0
for i in $(seq 10); do
    [ "$(python3 -c 'import sys,urllib.request as u
print(u.urlopen(sys.argv[1]).status)' "http://127.0.0.1:$port/readyz")" = 200 ] &&
        answers=$((answers + 1))
done
same "the portal answers beside jobs" 10 "$answers"
for month in 2026_06 2026_07 2026_08; do
    eval "wait \$job_$month"
    same "a job of several" 0 $?
done

# 3. a second server, and a command that must be alone
refused "a second server" 1 "$server" serve --db "$db" --listen 127.0.0.1:0
refused "init beside a server" 1 "$server" init --db "$db"

# 4. what is no request is thrown out
python3 - "$db.jobs" <<'PY'
import socket, sys
def ask(data):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(10)
    s.connect(sys.argv[1])
    if data:
        s.send(data)
    else:
        s.close()
        return
    answer = s.recv(100)
    assert answer == b"x\x02", answer
for data in (b"", b"\0", b"no end", b"/tmp\0", b"/tmp\0serve\0", b"/tmp\0rm\0",
             b"tmp\0determine\0", b"\0" * 60000, b"/" + b"a\0" * 400):
    ask(data)
PY
same "hostile requests are refused" 0 $?
mkfifo "$work/silent"
sleep 30 >"$work/silent" &
sleeper=$!
"$sanad" user add --db "$db" late --role admin \
    --national-id 1000000016 <"$work/silent" >"$work/out" 2>&1 &
asking=$!
sleep 0.3
stop # also while somebody has not typed his password yet
kill "$sleeper"
wait "$asking"
same "the socket goes with the server" "" "$(ls "$db.jobs" 2>/dev/null)"

# 5. who is killed in the middle of a job loses nothing, and is told
folder=$work/csv
mkdir "$folder"
households=20000
{
    echo household_id,region,in_shelter
    seq $households | sed 's/$/,1,0/'
} >"$folder/households.csv"
{
    echo person_id,household_id,role,birth_date,nationality,resident,days_abroad,enrolled,salary,pension_income,rent_income,business_income
    seq $households | awk '{print $1 "," $1 ",0,1980-01-01,0,1,0,0,100.00,0,0,0"}'
} >"$folder/persons.csv"
calm=$work/calm.db
"$sanad" init --db "$calm" >/dev/null
"$sanad" import --db "$calm" --csv "$folder" >/dev/null
db=$work/big.db
"$sanad" init --db "$db" >/dev/null
start --db "$db"
# begun: an import through the server, of which a part is there.
begun() {
    "$sanad" import --db "$db" --csv "$folder" >"$work/out" 2>"$work/err" &
    job=$!
    for i in $(seq 200); do
        [ "$(ask 'SELECT count(*) FROM household_book')" -gt "$1" ] && break
        sleep 0.02
    done
}
begun 0
kill -9 "$job"
wait "$job" 2>/dev/null
sleep 1
there=$(ask 'SELECT count(*) FROM household_book')
same "a caller that is gone stops its work" 1 \
    "$([ "$there" -gt 0 ] && [ "$there" -lt $households ] && echo 1)"
begun "$there"
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$job"
same "a server that is killed: the caller's exit" 1 $?
has "the caller is told what to do" 'run the same command' "$work/err"
done_with "the rest goes in without the server" \
    import --db "$db" --csv "$folder"
same "and all is as if nothing had happened" "$(state "$calm")" "$(state)"
done_with "doctor finds all well" doctor --db "$db"
db=$work/sanad.db

# 6. settings from a file
cat >"$work/mailer" <<EOF
#!/bin/sh
echo "\$@" >"$work/mail.args"
cat >"$work/mail.text"
EOF
chmod +x "$work/mailer"
cat >"$work/sanad.conf" <<EOF
# the ministry's
db = $db
mail_to = codes@ministry.example
mail_program = $work/mailer
demo=no
access_log = $work/access.log
requests_per_second = 50
EOF
start --config "$work/sanad.conf"
same "the file names the database" 1 "$([ -n "$port" ] && echo 1)"
has "codes go by mail" 'codes go by mail' "$work/log"
python3 - "http://127.0.0.1:$port" "$db" <<'PY'
import re, sqlite3, sys, time, urllib.parse, urllib.request, http.cookiejar
base, db = sys.argv[1:]
conn = sqlite3.connect("file:" + db + "?mode=ro", uri=True)
(nid,) = conn.execute("SELECT national_id FROM person_key WHERE national_id "
                      "IS NOT NULL LIMIT 1").fetchone()
web = urllib.request.build_opener(
    urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
page = web.open(base + "/signin").read().decode()
forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.S)
for action, inside in forms:
    if "national_id" in inside:
        break
else:
    sys.exit("no form for a national ID")
fields = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', inside))
fields["national_id"] = nid
web.open(base + action, urllib.parse.urlencode(fields).encode())
PY
same "a citizen asks for a code" 0 $?
for i in $(seq 100); do [ -s "$work/mail.text" ] && break; sleep 0.05; done
same "the mail goes to the mailbox" "-i -- codes@ministry.example" \
    "$(cat "$work/mail.args")"
has "the mail has the code in Arabic" 'رمز الدخول .*[0-9]{6}' "$work/mail.text"
has "the mail has the code in English" 'sign-in code .*[0-9]{6}' \
    "$work/mail.text"
has "its subject is encoded" '^Subject: =\?UTF-8\?Q\?' "$work/mail.text"
has "each request has a line in its log" \
    '"method":"POST","route":"/signin","status":200,' "$work/access.log"
same "and no national ID is there" 0 "$(grep -cE '[0-9]{10}' "$work/access.log")"
same "the code is not in the log" 0 \
    "$(cat "$work/log" "$work/errors" | grep -cE '[0-9]{6}$')"
stop

# 7. settings that are wrong are refused with file and line
wrong() { # NAME LINE PATTERN
    printf '# one\n%s\n' "$2" >"$work/wrong.conf"
    refused "$1" 1 "wrong.conf.*line 2.*$3" serve --config "$work/wrong.conf"
}
wrong "an unknown setting" "databse = x" "databse"
wrong "no value" "just words" "name = value"
wrong "a switch that is neither" "demo = maybe" "yes or no"
wrong "an empty value" "listen =" "no value"
wrong "a limit that is no number" "requests_per_second = many" "whole number"
wrong "a log without a path" "access_log = log" "full path"
wrong "a program without a path" "mail_program = mailer" "full path"
refused "a file that is not there" 1 "nowhere" serve --config /nowhere.conf
finish
