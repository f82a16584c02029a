#!/bin/sh
# Options of plot: --slope, --func, --pid, --backend.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify
unset DISPLAY

awk 'BEGIN {
	print "CMDLINE ./a\nMETRIC rss\nPROC 100 1 1795310486 ./a\nPROC 101 100 1795310487 ./b"
	for (i = 0; i <= 100; i++) {
		printf "MEM %.6f %.9f\n", 100 + i + 20 * sin(i), 1795310486 + i / 10
		if (i > 20 && i < 60)
			printf "CHLD 101 %.6f %.9f\n", 60 - i / 2 + cos(i), 1795310486 + i / 10
	}
	print "FUNC parse(int) 120 1795310488 140 1795310489 0 100 100"
	print "FUNC emit 150 1795310491 150 1795310492 0 100 100"
	print "FUNC work 42 1795310490 40 1795310491 0 101 101"
}' >a.dat

# words FILE.svg: the texts of a picture, one a line.
words()
{
	perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print' "$1"
}
has() { words "$1" | grep -qF -- "$2" || fail "$1 has no '$2': $(words "$1")"; }
has_not() { if words "$1" | grep -qF -- "$2"; then fail "$1 has '$2'"; fi; }

# The figure is the same as numpy's, which mprof prints.
"$MPROF_TRACE" plot -s -o slope.svg a.dat
has slope.svg 'slope +'
has slope.svg 'slope -'
if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
	/usr/bin/python3 - a.dat >expected <<'END'
import sys, numpy
points = {100: [], 101: []}
for line in open(sys.argv[1]):
    w = line.split()
    if w[0] == "MEM": points[100].append((float(w[2]), float(w[1])))
    if w[0] == "CHLD": points[101].append((float(w[3]), float(w[2])))
    if w[0] == "FUNC":
        for k in (2, 4): points[int(w[7])].append((float(w[k + 1]), float(w[k])))
for pid in points:
    t, m = numpy.array(points[pid]).T
    print("slope %+.4g MiB/s" % numpy.polyfit(t - t[0], m, 1)[0])
END
	while read -r line; do has slope.svg "$line"; done <expected
fi
"$MPROF_TRACE" plot -o plain.png a.dat
"$MPROF_TRACE" plot --slope -o slope.png a.dat
expect_margin_clean slope.png
more=$(($(count slope.png 'rgb(28,28,32)' 640x420+90+60) - $(count plain.png 'rgb(28,28,32)' 640x420+90+60)))
expect "pixels of the trend line" "$more" 100 2500
# Several files: one curve each, with its slope.
sed 's/^MEM 1/MEM 2/' a.dat >b.dat
"$MPROF_TRACE" plot -s -o both.svg a.dat b.dat
has both.svg 'b.dat'
[ "$(words both.svg | grep -c 'slope [+-]')" -eq 2 ] || fail "slopes of two files: $(words both.svg)"

# Lanes instead of brackets: more page, names in bars, the threads at the left.
"$MPROF_TRACE" plot -f -o flame.svg a.dat
has flame.svg 'pid 100'
has flame.svg 'pid 101'
[ "$(words flame.svg | grep -c '^ *work')" -ge 2 ] || fail "no name in the bar of work: $(words flame.svg)"
"$MPROF_TRACE" plot --flame -o flame.png a.dat
expect_margin_clean flame.png 1260 480
expect "bar of the longest function" "$(count flame.png 'rgb(0,155,68)' 900x90+70+340)" 800 4000
"$MPROF_TRACE" plot -fn -o none.png a.dat
expect "bars with -n" "$(count none.png 'rgb(0,155,68)' 900x90+70+340)" 0 0

# Only some functions, by the grammar of run -f; only some processes.
"$MPROF_TRACE" plot --func 'parse,/^WORK$/i' -o func.svg a.dat
has func.svg 'parse(int)'
has func.svg 'work'
has_not func.svg 'emit'
"$MPROF_TRACE" plot --pid 101 -o pid.svg a.dat
has pid.svg 'child 101'
has pid.svg 'work'
has_not pid.svg 'emit'
has_not pid.svg 'pid 100'

# refuse PART-OF-MESSAGE ARGUMENT...: one line, status 125.
refuse()
{
	part=$1
	shift
	status=0
	"$MPROF_TRACE" plot "$@" >out 2>err </dev/null || status=$?
	[ "$status" -eq 125 ] || fail "$*: status $status"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
	grep -qF -- "$part" err || fail "$*: '$part' is not in $(cat err)"
}
refuse "it has: parse(int), emit, work" --func nosuch -o x.png a.dat
refuse "it has: 100, 101" --pid 4711 -o x.png a.dat
refuse "separated by commas" --pid 10x -o x.png a.dat
refuse "separated by commas" --pid 0 -o x.png a.dat
refuse "--func" --func '/(/' -o x.png a.dat
refuse "no such device" --backend nosuch -o x.png a.dat
refuse "in a window" --backend xcairo -o x.png a.dat
[ ! -e x.png ] || fail "a refused plot left a picture"

# Each backend that is listed writes its kind of file; without -o it is named after the profile.
"$MPROF_TRACE" plot --backend list >devices.txt
grep -q '^pngcairo' devices.txt || fail "no pngcairo in $(cat devices.txt)"
grep -q '^svg ' devices.txt || fail "no svg in $(cat devices.txt)"
while read -r device suffix _; do
	case $suffix in .*) ;; *) continue ;; esac
	rm -f a.png a.svg a.pdf a.eps
	[ "$("$MPROF_TRACE" plot --backend "$device" a.dat)" = "a$suffix" ] || fail "$device: wrong path"
	[ -s "a$suffix" ] || fail "$device wrote nothing"
done <devices.txt
"$MPROF_TRACE" plot --backend Agg -o picture a.dat
[ "$(head -c 4 picture | tail -c 3)" = PNG ] || fail "Agg wrote no PNG"
