#!/bin/sh
# A child's calls are no figures of the main process: not for our peak, nor for mprof, which knows FUNC
# records of the main process only; and its picture and ours show the same curves.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# The parent never has more than 28 MiB, its child 80 in its call.
run_as grown "$MPROF_TRACE" run -q -T 0.01 -f holds,grows -o grown.dat "$TARGETS/fork_grows"
status_is grown 0
well_formed grown.dat
run_as peak "$MPROF_TRACE" peak --func grows grown.dat
status_is peak 0
awk 'NR == 1 { exit !($2 > 15 && $2 < 28) }' peak.out || { cat peak.out; fail "not the parent's memory"; }
awk 'NR == 2 { exit !($1 == "Child" && $5 > 79 && $5 < 92 && / MiB, .* MiB in these calls$/) }' peak.out ||
	{ cat peak.out; fail "not the child's memory in its call"; }
run_as peak "$MPROF_TRACE" peak --func holds grown.dat
awk 'NR == 1 { exit !($2 > 15 && $2 < 28) } NR == 2 { exit / in these calls/ }' peak.out ||
	{ cat peak.out; fail "the parent's own call"; }

command -v python3-mprof >/dev/null || skip "the rest passes; python3-mprof is not installed"
need_command convert
export MPLBACKEND=Agg

# mprof's own reader and painter: the first curve that is drawn is the main process's.
/usr/bin/python3 - grown.dat >mprof.out <<'END' || fail "mprof: $(cat mprof.out)"
import sys, types
import mprof
import pylab
options = types.SimpleNamespace(xlim=None, slope=False)
profile = mprof.plot_file(sys.argv[1], options=options)
main = max(pylab.gca().lines[0].get_ydata())
child = max(mib for samples in profile["children"].values() for mib, _ in samples)
own = max(float(words[i]) for words in map(str.split, open(sys.argv[1]))
          for i in {"MEM": [1], "FUNC": [2, 4]}.get(words[0], []))
print("main curve up to", main, "its own figures up to", own, "child", child, *profile["func_timestamp"])
sys.exit(main != own or not 15 < main < 28 or not 79 < child < 92
         or set(profile["func_timestamp"]) != {"holds"})
END

# As pictures. The main process has 40 MiB at most, its child 100, also in its call; in what mprof
# would make of a FUNC there, the main process has them, too.
awk 'BEGIN {
	print "CMDLINE ./server\nFORMAT 2 mprof-trace\nMETRIC rss\nINTERVAL 0.1"
	print "PROC 100 1 1795310486.000000000 ./server"
	for (i = 0; i <= 100; i++) {
		printf "MEM %.6f %.9f\n", (i > 20 ? 40 : 10), 1795310486 + i / 10
		if (i == 30)
			print "PROC 101 100 1795310489.000000000 ./server"
		if (i >= 30 && i <= 80)
			printf "CHLD 101 %.6f %.9f\n", (i < 40 ? 10 : 100), 1795310486 + i / 10
	}
	print "CHFUNC serve 100.000000 1795310491.050000000 100.000000 1795310493.050000000 0 101 101"
}' >drawn.dat
sed 's/^CHFUNC/FUNC/' drawn.dat >wrong.dat

# height FILE COLOR PART: the first and the last row that has the colour in a part of the picture, from above.
height() {
	convert "$1" -crop "$3" +repage -fuzz 3% -fill gray50 +opaque "$2" -fill white -opaque "$2" -fuzz 0 \
		-bordercolor gray50 -border 1 -format '%@' info: | awk -F '[x+]' '{ print $4 - 1, $4 + $2 - 2 }'
}

# main_mib FILE MAIN CHILD PART: what the main curve comes to, by the child's, which goes from 10 to 100 MiB.
main_mib() {
	{
		height "$1" "$2" "$4"
		height "$1" "$3" "$4"
	} | awk 'NR == 1 { top = $1 } NR == 2 { printf "%.0f\n", 10 + 90 * ($2 - top) / ($2 - $1) }'
}
python3-mprof plot -n -o theirs.png drawn.dat >mprof.out 2>&1 || fail "mprof plot: $(cat mprof.out)"
python3-mprof plot -n -o wrong.png wrong.dat >mprof.out 2>&1 || fail "mprof plot: $(cat mprof.out)"
"$MPROF_TRACE" plot -n -o ours.png drawn.dat || fail "plot"
# Within the frame, without its lines. mprof draws black and blue.
theirs=$(main_mib theirs.png 'rgb(0,0,0)' 'rgb(0,0,255)' 740x390+134+88)
wrong=$(main_mib wrong.png 'rgb(0,0,0)' 'rgb(0,0,255)' 740x390+134+88)
ours=$(main_mib ours.png 'rgb(31,119,180)' 'rgb(251,114,13)' 700x400+100+80)
echo "the main curve comes to $theirs MiB in mprof's picture, to $ours in ours; with a child's FUNC to $wrong"
for mib in "$theirs" "$ours"; do
	if [ "$mib" -lt 37 ] || [ "$mib" -gt 43 ]; then
		fail "the main process has $mib MiB in a picture, not 40"
	fi
done
[ "$wrong" -ge 97 ] || fail "the comparison of pictures sees nothing"

# And to the pixel what it is without the child's calls.
sed '/^CHFUNC/d' drawn.dat >without.dat
for options in '' -n; do
	for file in drawn without; do
		# shellcheck disable=SC2086 # one word, or none
		python3-mprof plot $options -o $file.png $file.dat >mprof.out 2>&1 || fail "mprof plot: $(cat mprof.out)"
	done
	cmp drawn.png without.png || fail "a child's calls show in mprof's picture"
done
