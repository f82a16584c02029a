#!/bin/bash
# What is written where, with which modes, as SECURITY.md says: by the umask, core files and what completion keeps for the
# user alone; what exists is not written to but by -o; nothing stays in TMPDIR.
set -euo pipefail

fail() {
	echo "FAIL: $*"
	exit 1
}
mode() { # mode EXPECTED FILE
	[ "$(stat -c %a "$2")" = "$1" ] || fail "$2 has mode $(stat -c %a "$2"), not $1 (umask $(umask))"
}

export TMPDIR=$PWD/temporary XDG_CACHE_HOME=$PWD/cache
mkdir temporary
for mask in 022 077; do
	umask $mask
	expected=$(printf '%o' $((0666 & ~mask)))
	"$MPROF_TRACE" run -q -o "run$mask.dat" true
	mode "$expected" "run$mask.dat"
	for suffix in svg png html; do
		"$MPROF_TRACE" plot -o "picture$mask.$suffix" "run$mask.dat"
		mode "$expected" "picture$mask.$suffix"
	done
	"$MPROF_TRACE" export --csv -o "table$mask.csv" "run$mask.dat"
	mode "$expected" "table$mask.csv"
done
# Killed while it writes: nothing is left, where the file system has files without a name. Here by the limit of a file's size.
if python3 -c 'import os; os.open(".", os.O_TMPFILE | os.O_WRONLY)'; then
	plot_status=0
	before=$(ls -A)
	(ulimit -c 0 && ulimit -f 1 && exec "$MPROF_TRACE" plot -o killed.html run022.dat) || plot_status=$?
	[ "$plot_status" -eq "$((128 + $(kill -l XFSZ)))" ] || fail "plot has ended with $plot_status"
	[ "$(ls -A)" = "$before" ] || fail "left of a page whose writer was killed: $(ls -A)"
fi
umask 022
"$MPROF_TRACE" memit true >/dev/null
"$MPROF_TRACE" run -q --break-at 10K --on-break core -o broken.dat ls >/dev/null
for core in broken.core.*; do
	[ -e "$core" ] || fail 'there is no core file'
	mode 600 "$core"
done
"$MPROF_TRACE" --complete words 2 mprof-trace -f mai "$MPROF_TRACE" >/dev/null
mode 700 cache/mprof-trace
for file in cache/mprof-trace/*.names; do
	mode 600 "$file"
done
# A link in place of a kept file, or of the folder, is neither followed nor replaced.
echo precious >precious
for file in cache/mprof-trace/*.names; do
	ln -sf "$PWD/precious" "$file"
done
"$MPROF_TRACE" --complete words 2 mprof-trace -f mai "$MPROF_TRACE" >/dev/null
[ "$(cat precious)" = precious ] || fail 'a link in the cache is written through'
[ -z "$(ls -A temporary)" ] || fail "left in TMPDIR: $(ls -A temporary)"

# Names of its own are always new ones.
now=$(date +%Y%m%d%H%M%S)
for i in 0 1 2 3; do
	ln -s "$PWD/precious" "mprofile_$(date -d "${now:0:8} ${now:8:2}:${now:10:2}:${now:12:2} + $i seconds" +%Y%m%d%H%M%S).dat"
done
"$MPROF_TRACE" run -q true
[ "$(cat precious)" = precious ] || fail 'a link with the name of a new profile is followed'
