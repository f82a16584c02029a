#!/bin/sh
# list, rm, clean and peak: indices, and no file touched that is no profile.
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"

for i in 1 2 3 4; do
	printf 'METRIC rss\nPROC 9 1 1 x\nMEM %d 1\nCHLD 10 2.5 1\nMEM 1 2\n' $i >mprofile_2026020314050$i.dat
done
echo "PEAK 9 7.25 2" >>mprofile_20260203140504.dat
echo "do not delete" >mprofile_notaprofile000.dat
echo "MEM 5 1" >mprofile_short.dat

"$MPROF_TRACE" list | awk 'NR > 1 && $1 != "-" { print $1, $2, $3, $4 }' >out
cat >expected <<'END'
0 mprofile_20260203140501.dat 2026-02-03 14:05:01
1 mprofile_20260203140502.dat 2026-02-03 14:05:02
2 mprofile_20260203140503.dat 2026-02-03 14:05:03
3 mprofile_20260203140504.dat 2026-02-03 14:05:04
END
head -4 out | diff expected - || fail "list"

"$MPROF_TRACE" peak 0 -2 >out
printf 'mprofile_20260203140501.dat\t1.000 MiB\n  Child 10\t\t\t2.500 MiB\nmprofile_20260203140504.dat\t7.250 MiB\n  Child 10\t\t\t2.500 MiB\n' |
	diff - out || fail "peak"
if [ -e /dev/full ]; then
	if "$MPROF_TRACE" peak 0 >/dev/full 2>full.err; then fail "peak on a full disk"; fi
	grep -q 'No space left' full.err || fail "peak on a full disk: $(cat full.err)"
fi
"$MPROF_TRACE" peak --func nosuch 1 | head -1 >out
printf 'mprofile_20260203140502.dat\tNaN MiB\n' | diff - out || fail "peak --func nosuch"

# Dry runs print and remove nothing.
"$MPROF_TRACE" rm --dry-run 0 -2 >out
printf 'Files to be removed: \nmprofile_20260203140501.dat\nmprofile_20260203140504.dat\n' |
	diff - out || fail "rm --dry-run"
[ "$(find . -name 'mprofile_*' | wc -l)" -eq 6 ] || fail "a dry run removed something"

# One word that is wrong: nothing goes.
if "$MPROF_TRACE" rm 0 99 2>/dev/null; then fail "rm 0 99 succeeded"; fi
[ -e mprofile_20260203140501.dat ] || fail "rm 0 99 removed 0"

if "$MPROF_TRACE" rm mprofile_notaprofile000.dat 2>err; then fail "rm of a note succeeded"; fi
grep -q 'no profile' err || fail "rm said $(cat err)"
"$MPROF_TRACE" rm 0 mprofile_short.dat
[ ! -e mprofile_20260203140501.dat ] || fail "rm kept 0"
[ ! -e mprofile_short.dat ] || fail "rm kept mprofile_short.dat"

# What was asked for and could not be probed is said where its brackets are missing.
printf 'MEM 1 1\nMEM 2 2\nMISS no_such* no function of that name\n' >missed.dat
"$MPROF_TRACE" plot -o missed.png missed.dat 2>err
grep -qF 'no brackets for no_such*: no function of that name' err || fail "missed: $(cat err)"
"$MPROF_TRACE" plot -n -o missed.png missed.dat 2>err
[ ! -s err ] || fail "missed, with -n: $(cat err)"

if "$MPROF_TRACE" clean >out 2>err; then fail "clean went over a note in silence"; fi
printf 'removed mprofile_20260203140502.dat\nremoved mprofile_20260203140503.dat\nremoved mprofile_20260203140504.dat\n' |
	diff - out || fail "clean does not say what it removed"
[ "$(ls mprofile_*)" = mprofile_notaprofile000.dat ] || fail "clean left $(ls mprofile_*)"
rm mprofile_notaprofile000.dat
rm -f missed.dat
"$MPROF_TRACE" clean 2>err || fail "clean of nothing"
grep -q 'nothing to be removed' err || fail "clean of nothing says $(cat err)"
[ -z "$("$MPROF_TRACE" list 2>err)" ] || fail "list of nothing"
grep -q 'no profile in the current directory' err || fail "list of nothing says $(cat err)"
