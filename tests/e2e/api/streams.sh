#!/bin/sh
# A stream is a FILE.dat while it runs, for our readers and for mprof.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
build_program streams
run_as streams ./streams both.dat
status_is streams 0
# A function's profile between two lines of the caller's, and a command's behind it, none of it twice.
[ "$(sed -n 1p both.dat)" = '# before' ] || fail "begins with: $(sed -n 1p both.dat)"
[ "$(grep -c '^#' both.dat)" -eq 2 ] || fail "lines of the caller: $(grep '^#' both.dat)"
sed -n '/# before/,/# behind/{/^#/!p;}' both.dat >function.dat
sed '1,/# behind/d' both.dat >command.dat
for part in function command; do
	"$TESTS/lib/check_records.py" --form "$part.dat" || fail "$part.dat is not sound"
	[ "$(grep -c '^TICKS' "$part.dat")" -eq 1 ] || fail "$part.dat has no end, or two"
	[ "$(sort "$part.dat" | uniq -d | wc -l)" -eq 0 ] || fail "$part.dat has a line twice"
	run_as report "$MPROF_TRACE" report "$part.dat"
	status_is report 0
done
grep -q '^METRIC rss tree$' function.dat || fail "$(grep METRIC function.dat)"
grep -q '^INTERVAL 0.002000000$' function.dat || fail "$(grep INTERVAL function.dat)"
[ "$(grep -c '^PROC' function.dat)" -eq 2 ] || fail "processes: $(grep '^PROC' function.dat)"
child=$(awk '$1 == "PROC" { n++ } n == 2 { print $2; exit }' function.dat)
grep -q "^CHLD $child " function.dat || fail "the child $child has no samples"
grep -q '^METRIC pss$' command.dat || fail "$(grep METRIC command.dat)"
grep -q "^DONE [0-9]* [0-9.]* 3\$" command.dat || fail "$(grep DONE command.dat)"
[ "$(sed -n 1p command.dat)" = "CMDLINE sh -c 'sleep 0.2; exit 3 # a '\\''quote'\\'''" ] ||
	fail "$(sed -n 1p command.dat)"
if command -v python3-mprof >/dev/null; then
	run_as peak python3-mprof peak function.dat
	status_is peak 0
	grep -q 'function.dat' peak.out || fail "mprof peak says: $(cat peak.out)"
fi
