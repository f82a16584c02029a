#!/bin/sh
# Profiles of every size and shape give a whole picture, with nothing off the page.
# timeout: 600
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify

echo "MEM 12.5 1795310486.5" >one.dat
printf 'MEM 0 1\nMEM 0 2\n' >zero.dat
printf 'MEM 5 1\nMEM 5 2\nMEM 5 3\n' >constant.dat
awk 'BEGIN { for (i = 0; i < 50; i++) printf "MEM %.6f %.9f\n", 0.2 + i / 200, 1795310486 + i * 1.2e-6 }' >tiny.dat
awk 'BEGIN { for (i = 0; i < 500; i++) printf "MEM %d %d\n", 6e6 + 5e6 * sin(i / 50), 1795310486 + i * 1000 }' >huge.dat
awk 'BEGIN {
	printf "CMDLINE"
	for (i = 0; i < 300; i++) printf " --an-option=%d \377", i
	print "\nPROC 1000 1 1795310486 make"
	for (i = 0; i < 500; i++) {
		printf "MEM %.6f %.9f\n", 20 + i / 100, 1795310486 + i / 100
		for (c = 1; c <= 40; c++)
			if (i > c * 10 && i < c * 10 + 120)
				printf "CHLD %d %.6f %.9f\n", 1000 + c, c + i % 120, 1795310486 + i / 100
	}
	for (k = 0; k < 300; k++)
		printf "FUNC ns::a_rather_long_name_%d<std::vector<std::map<std::string,\302\240int>\302\240>\302\240>::method(std::string\302\240const&) 20.5 %.9f 24 %.9f 0 1000 1000\n", k % 60, 1795310486 + k / 100, 1795310487 + k / 100
}' >crowded.dat
awk 'BEGIN { srand(1); for (i = 0; i < 1000000; i++) printf "MEM %.6f %.9f\n", 100 + 20 * sin(i / 90000) + rand(), 1795310486 + i / 1000 }' >million.dat

for name in one zero constant tiny huge crowded million; do
	"$MPROF_TRACE" plot -o "$name.png" "$name.dat" 2>"$name.err" || fail "$name: $(cat "$name.err")"
	expect_margin_clean "$name.png"
	if [ "$name" = crowded ]; then
		grep -q 'damaged line' crowded.err || fail "a bad byte went unnoticed"
	else
		[ ! -s "$name.err" ] || fail "$name: $(cat "$name.err")"
	fi
	# Each has a curve besides its legend's key, or at least a dot.
	expect "curve of $name" "$(count "$name.png" 'rgb(31,119,180)' 600x500+20+40)" 5 90000
done

# A spike of one sample in a million is not lost.
sed '500000s/.*/MEM 900 1795310985.999/' million.dat >spike.dat
"$MPROF_TRACE" plot -o spike.png spike.dat
expect "a spike of one sample" "$(count spike.png 'rgb(31,119,180)' 1260x200+0+110)" 20 3000

# The other formats.
"$MPROF_TRACE" plot -o x.svg crowded.dat 2>/dev/null
grep -q '<svg' x.svg || fail "x.svg is no SVG"
grep -q '</svg>' x.svg || fail "x.svg is cut"
"$MPROF_TRACE" plot -o x.PDF crowded.dat 2>/dev/null
[ "$(head -c 5 x.PDF)" = "%PDF-" ] || fail "x.PDF is no PDF"
tail -c 32 x.PDF | grep -q '%%EOF' || fail "x.PDF is cut"
