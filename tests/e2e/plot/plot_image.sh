#!/bin/sh
# Pixels of a plot: brackets where they should be, the legend inside, nothing off the page.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify

# Memory is a straight line from 0 to 100 MiB in 10 s; one call from 2 to 6 s.
awk 'BEGIN {
	print "CMDLINE ./a --tag #1 caf\303\251 \316\273\342\206\222\346\227\245\346\234\254"
	print "METRIC rss"
	print "PROC 100 1 1795310486.0 ./a"
	for (i = 0; i <= 1000; i++)
		printf "MEM %.6f %.9f\n", i / 10, 1795310486 + i / 100
	print "FUNC f(int,\302\240int) 20.0 1795310488.0 60.0 1795310492.0 0 100 100"
	print "PEAK 100 100.0 1795310496.0"
}' >line.dat
"$MPROF_TRACE" plot -o line.png line.dat

expect_margin_clean line.png
# The spines give the frame. No text lies in the parts looked at: above the highest tick, and below
# the curve.
# shellcheck disable=SC2046 # words are wanted
set -- $(box line.png 'rgb(130,130,138)' 30x30+70+50)
left=$((70 + $1)) top=$((50 + $2))
[ "$1" -eq "$3" ] || fail "the left spine is not one pixel wide: $*"
# shellcheck disable=SC2046
set -- $(box line.png 'rgb(130,130,138)' 1100x20+110+485)
frame_right=$((110 + $3)) bottom=$((485 + $2))
expect "the frame's left" "$left" 76 100
expect "the frame's top" "$top" 40 80
expect "the frame's right" "$frame_right" 700 1100
expect "the frame's bottom" "$bottom" 486 503
# The line begins at 0 s / 0 MiB and ends at 10 s / 100 MiB, 8 % below the frame's top.
top=$((bottom - (bottom - top) * 100 / 108))

# Where the line says that 2 s / 20 MiB and 6 s / 60 MiB are.
at_x() { echo $((left + (frame_right - left) * $1 / 10)); }
at_y() { echo $((bottom - (bottom - top) * $1 / 100)); }
for end in "2 20 0" "6 60 -8"; do
	# shellcheck disable=SC2086 # words are wanted
	set -- $end
	x=$(at_x "$1") y=$(at_y "$2")
	found=$(count line.png 'rgb(251,114,13)' "14x30+$((x + $3 - 3))+$((y - 15))")
	expect "pixels of the bracket at $1 s" "$found" 30 140
done
# And nowhere else left of the legend: each bracket is about 24 + 2 * 8 long and 2 wide.
expect "pixels of both brackets" \
	"$(count line.png 'rgb(251,114,13)' "$((frame_right + 12))x560+0+0")" 60 280

# -n leaves them out; the curve stays.
"$MPROF_TRACE" plot -n -o bare.png line.dat
expect "bracket pixels with -n" "$(count bare.png 'rgb(251,114,13)')" 0 0
expect "curve pixels with -n" "$(count bare.png 'rgb(31,119,180)')" 500 9000
# Peak lines: dashed, across the frame.
expect "peak pixels" "$(count line.png 'rgb(214,39,40)')" 300 4000

# The title shows its last, Japanese characters: ink at its right end.
"$MPROF_TRACE" plot -t '日本' -o title.png line.dat
"$MPROF_TRACE" plot -t '##' -o hash.png line.dat
"$MPROF_TRACE" plot -t '' -o untitled.png line.dat
ink() { convert "$1" -crop 1000x50+60+5 +repage -threshold 70% -negate -format '%[fx:mean*w*h]' info: |
	awk '{ printf "%d\n", $1 }'; }
expect "ink of an empty title" "$(ink untitled.png)" 0 0
expect "ink of a Japanese title" "$(ink title.png)" 60 2000
expect "ink of two hashes" "$(ink hash.png)" 40 1000
