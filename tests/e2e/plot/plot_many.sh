#!/bin/sh
# Many calls: density strips below the curve, and the longest calls still in brackets.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify
unset DISPLAY

# f runs in the first third at 10,000 calls a second, in the last third at 5,000; once for 1 s.
# Condensed calls of g fill the second third, and give memory back.
awk 'BEGIN {
	print "CMDLINE ./a\nMETRIC rss\nPROC 100 1 1000000 ./a"
	for (i = 0; i <= 300; i++)
		printf "MEM 100 %.9f\n", 1000000 + i / 10
	for (i = 0; i < 100000; i++)
		printf "FUNC f 100 %.9f 100.0001 %.9f 0 100 100\n", 1000000 + i / 10000, 1000000 + i / 10000 + 0.00005
	for (i = 0; i < 50000; i++)
		printf "FUNC f 100 %.9f 100 %.9f 0 100 100\n", 1000020 + i / 5000, 1000020 + i / 5000 + 0.00005
	print "FUNC f 100 1000014 100 1000015 0 100 101"
	for (i = 0; i < 100; i++)
		printf "MANY g 100 %.9f %.9f 7000 0.09 0.000001 0.0001 -0.5 100\n", 1000010 + i / 10, 1000010.1 + i / 10
}' >many.dat
"$MPROF_TRACE" plot -o many.png many.dat
expect_margin_clean many.png 1260 640
# The frame, by its spines; what is below 480 is strips.
# shellcheck disable=SC2046 # words are wanted
set -- $(box many.png 'rgb(130,130,138)' 1000x20+60+485)
left=$((60 + $1)) right=$((60 + $3))
# Pixels of COLOR in one part: left and right in hundredths of the frame, top, height.
colored()
{
	count many.png "$1" "$(((right - left) * ($3 - $2) / 100))x$5+$((left + (right - left) * $2 / 100))+$4"
}
# A bar is full of its colour when the function is always busy, and 35 % of it when never.
g='rgb(17,162,80)' f_first='rgb(252,160,92)' f_last='rgb(253,183,131)' # 90, 50 and 25 %
# The first strip is f's, which was called first, the second one g's: 22 high, in the second third only.
expect "g, first third" "$(colored "$g" 2 31 561 48)" 0 0
expect "g, second third" "$(colored "$g" 35 65 576 24)" 2500 7000
expect "g, last third" "$(colored "$g" 69 99 561 48)" 0 0
# Memory given back is blue and below; memory gained by f is red.
blue=$(count many.png 'rgb(31,119,180)' "$((right - left))x14+$left+599")
expect "given back" "$blue" 700 3000
red=$(count many.png 'rgb(214,39,40)' "$((right - left))x50+$left+507")
expect "gained" "$red" 700 3000
# f's bars: half as high in the last third as in the first.
first=$(colored "$f_first" 2 31 518 24) last=$(colored "$f_last" 69 98 518 24)
expect "f, first third" "$first" 4000 7000
expect "f, last third" "$last" $((first * 42 / 100)) $((first * 60 / 100))
# The longest call of f keeps its brackets, on the curve.
bracket=$((left + (right - left) * 14 / 30))
expect "bracket of the longest" "$(count many.png 'rgb(251,114,13)' "16x60+$((bracket - 4))+50")" 20 200

# Text of the strips is there as text.
"$MPROF_TRACE" plot -o many.svg many.dat
words() { perl -CS -ne 'next unless s/.*<tspan[^>]*>(.*)<\/tspan>.*/$1/; s/&#x([0-9a-f]+);/chr hex $1/ge; print' "$1"; }
words many.svg | grep -q 'f  150 k calls, up to 10.0 k/s, longest 1.00 s, memory +10.0 MiB' ||
	fail "strip of f: $(words many.svg)"
words many.svg | grep -q 'g  700 k calls, up to 70.0 k/s, longest 100 µs, memory −50.0 MiB' ||
	fail "strip of g: $(words many.svg)"

# Where a legend has no room for all figures, how many calls are drawn goes before the others do.
sed 's/^\(FUNC\|MANY\) f /\1 sqlite3_prepare_v2 /' many.dat >narrow.dat
"$MPROF_TRACE" plot --size 500x400 --func sqlite3_prepare_v2 -o narrow.svg narrow.dat
words narrow.svg | grep -q '^sqlite3_prepare_v2  150 k calls  +10.0 MiB  8.50 s$' ||
	fail "narrow legend: $(words narrow.svg)"
