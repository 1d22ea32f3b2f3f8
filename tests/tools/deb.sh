#!/bin/sh
# deb.sh - the Debian package holds a program that works without this tree.
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0
folder=$(mktemp -d /tmp/sanad-deb-XXXXXX)
trap 'rm -rf "$folder"' EXIT
check() { # NAME COMMAND...
    name=$1
    shift
    if "$@" >"$folder/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        head -5 "$folder/log"
    fi
}
check "the package is made" make -s deb
package=$(ls -t build/sanad_*.deb | head -1)
check "it unpacks" dpkg-deb -x "$package" "$folder/root"
sanad=$folder/root/usr/bin/sanad
cd "$folder" || exit 2
check "it has the texts, the law and the schema in it" \
    "$sanad" init --db "$folder/new.db"
check "it has the cases in it" "$sanad" rules test
check "its unit names the program where it lies" \
    grep -q '^ExecStart=/usr/bin/sanad ' root/lib/systemd/system/sanad.service
check "the example of the settings is understood" sh -c "
    sed 's,^db = .*,db = $folder/nowhere.db,' \
        root/usr/share/doc/sanad/examples/sanad.conf >own.conf
    '$sanad' serve --config own.conf 2>said; grep -q 'nowhere.db' said"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
