#!/bin/sh
# Several profiles in one plot: a curve each by its file's name, counted from a call; times on a clock.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command python3
unset DISPLAY
export TZ=XYZ-1:30

# profile NAME START SECOND-OF-SOLVE SLOPE PEAK: memory rises, and solve begins at a second of its own.
profile()
{
	awk -v start="$2" -v at="$3" -v slope="$4" 'BEGIN {
		print "CMDLINE ./work\nMETRIC rss\nPROC 100 1 " start " ./work\nPROC 101 100 " start " ./helper"
		for (i = 0; i <= 100; i++) {
			printf "MEM %.6f %.9f\n", 10 + slope * i, start + i / 10
			printf "CHLD 101 5 %.9f\n", start + i / 10
		}
		printf "FUNC solve(int) 50 %.9f 60 %.9f 0 100 100\n", start + at, start + at + 1
	}' >"$1"
}
profile old.dat 1795310486 2.5 1
profile new.dat 1795310490 6 2
words() { perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print "$_\n" if /\S/' "$1"; }
has() { words "$1" | grep -qF -- "$2" || fail "$1 has no '$2': $(words "$1")"; }
has_not() { ! words "$1" | grep -qF -- "$2" || fail "$1 has '$2': $(words "$1")"; }

# From the start of each: one curve a file, by its name.
"$MPROF_TRACE" plot -o start.svg old.dat new.dat
has start.svg 'old.dat, new.dat'
has start.svg 'from the start of each'
has start.svg 'peak of new.dat'
has start.svg '210.0 MiB at 10.0 s'
has_not start.svg 'child'
"$MPROF_TRACE" plot --align start -o same.svg old.dat new.dat
cmp start.svg same.svg || fail "--align start is another plot"

# From the call on. What a pointer reads off the curves is their memory then, by hand: 10 + slope * 10 s.
"$MPROF_TRACE" plot --align 'solve*' -o call.svg old.dat new.dat
has call.svg 'from the first call of solve*'
has call.svg '210.0 MiB at 4.00 s'
python3 - call.svg <<'END' || fail "the curves are not where they should be"
import re, sys, html
titles = [html.unescape(t) for t in re.findall(r"<title>([^<]*)</title>", open(sys.argv[1]).read())]
seen = {}
for title in titles:
    m = re.fullmatch(r"(old|new)\.dat\n([0-9.]+) MiB at (-?[0-9.e-]+) s", title)
    if m:
        seen.setdefault(m[1], []).append((float(m[3]), float(m[2])))
for name, at, slope in ("old", 2.5, 1), ("new", 6, 2):
    assert len(seen[name]) > 50, (name, titles[:5])
    assert min(t for t, mib in seen[name]) < -at / 2 and max(t for t, mib in seen[name]) > 3, name
    for t, mib in seen[name]:
        # The call's own figures are points, too.
        if abs(t) > 0.2 and abs(t - 1) > 0.2:
            assert abs(mib - (10 + slope * 10 * (t + at))) < slope * 1.1 + 1, (name, t, mib)
END
# A window is in the axis's times; before the call they are below 0.
"$MPROF_TRACE" plot --align 'solve*' -w -2,-1 -o before.svg old.dat new.dat
has before.svg '110.0 MiB at -1.00 s'
"$MPROF_TRACE" plot --align 'solve*' --term new.dat >out
grep -q ' -6 .* 0 .* 4' out || fail "ticks of one profile: $(cat out)"

# A clock: 1795310486 is 01:21:26 UTC, and here 02:51:26.
"$MPROF_TRACE" plot --clock -o clock.svg old.dat
has clock.svg 'time of day, 2026-11-22 (XYZ)'
has clock.svg '02:51:30'
has clock.svg 'at 02:51:36.0'
"$MPROF_TRACE" plot --clock -o clocks.svg old.dat new.dat
has clocks.svg '210.0 MiB at 02:51:40.0'

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
refuse 'no call for --align nosuch; it has: solve(int)' --align nosuch -o x.png old.dat
refuse 'choose one' --align 'solve*' --clock -o x.png old.dat
refuse 'nothing was recorded between -60 and -50 s' --align 'solve*' -w -60,-50 -o x.png old.dat
[ ! -e x.png ] || fail "a picture of a mistake"
