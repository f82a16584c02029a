#!/bin/sh
# The page: size, dots, theme, font; and an SVG with true text and tooltips in their places.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command convert
need_command identify
unset DISPLAY

awk 'BEGIN {
	print "CMDLINE ./a <b> & \"c\" caf\303\251\nMETRIC rss\nPROC 100 1 1795310486 ./a"
	for (i = 0; i <= 1000; i++)
		printf "MEM %.6f %.9f\n", i / 10, 1795310486 + i / 100
	print "FUNC f<int&>(char\302\240const*) 20.0 1795310488.0 60.0 1795310492.0 0 100 100"
	print "CHLD 101 5 1795310487\nCHLD 101 9 1795310495"
}' >a.dat

"$MPROF_TRACE" plot --size 800x400 -o size.png a.dat
expect_margin_clean size.png 800 400
"$MPROF_TRACE" plot --size 320x240 -o small.png a.dat
expect_margin_clean small.png 320 240
expect "curve of the smallest page" "$(count small.png 'rgb(31,119,180)')" 20 4000

# Twice the dots: twice the size, everything in proportion.
"$MPROF_TRACE" plot -o one.png a.dat
"$MPROF_TRACE" plot --dpi 180 -o two.png a.dat
expect_margin_clean two.png 2520 1120
convert two.png -resize 50% half.png
difference=$(compare -metric RMSE one.png half.png null: 2>&1 | sed 's/.*(\(.*\))/\1/')
awk -v d="$difference" 'BEGIN { exit !(d < 0.08) }' || fail "twice the dots is another picture: $difference"

# Dark paper, light words.
"$MPROF_TRACE" plot --theme dark -o dark.png a.dat
expect_margin_clean dark.png
[ "$(convert dark.png -format '%[pixel:p{1,1}]' info:)" = "srgb(24,26,32)" ] || fail "dark paper"
expect "main curve on dark paper" "$(count dark.png 'rgb(90,170,240)')" 400 9000

# Another font draws other letters in the same place.
"$MPROF_TRACE" plot --font 'DejaVu Serif' -o font.png a.dat
expect_margin_clean font.png
difference=$(compare -metric AE one.png font.png null: 2>&1 || true)
[ "${difference%%.*}" != 0 ] || fail "the font made no difference"

# One that is not installed is said, and is no reason not to draw.
"$MPROF_TRACE" plot --font 'No Such Family' -o font.png a.dat 2>err
grep -q -e '--font No Such Family: no such font is installed' err || fail "a missing font: $(cat err)"
cmp -s one.png font.png || [ -s font.png ] || fail "nothing was drawn in place of a missing font"
"$MPROF_TRACE" plot --font 'dejavu sans' -o font.png a.dat 2>err
[ ! -s err ] || fail "a font that is there: $(cat err)"

for wrong in "--size 100x100" "--size 5" "--size 800x" "--size nanxnan" "--dpi 0" "--dpi x" \
	"--theme blue" "--font a&b" "--size 20000x400 --dpi 200"; do
	status=0
	# shellcheck disable=SC2086 # words are wanted
	"$MPROF_TRACE" plot $wrong -o x.png a.dat 2>err || status=$?
	if [ "$status" -ne 125 ] || [ "$(wc -l <err)" -ne 1 ]; then fail "$wrong: $status $(cat err)"; fi
	[ ! -e x.png ] || fail "$wrong left a picture"
done

# PDF: inches, not dots; text is text.
"$MPROF_TRACE" plot --dpi 300 -o a.pdf a.dat
grep -a -q '/MediaBox \[ 0 0 1008 448 \]' a.pdf ||
	fail "the PDF is not 14 inches wide: $(grep -a MediaBox a.pdf)"
if command -v pdftotext >/dev/null; then
	pdftotext a.pdf - | grep -q 'café' || fail "no text in the PDF"
fi

# The SVG, as XML: titles where the shapes are.
need_command python3
"$MPROF_TRACE" plot --font 'DejaVu Serif' -o a.svg a.dat
python3 - a.svg <<'END' || fail "the SVG is not as it should be"
import sys
import xml.etree.ElementTree as tree

svg = "{http://www.w3.org/2000/svg}"
root = tree.parse(sys.argv[1]).getroot()
texts = ["".join(t.itertext()) for t in root.iter(svg + "text")]
assert './a <b> & "c" café' in texts, texts
assert any("DejaVu Serif" in t.get("font-family", "") for t in root.iter(svg + "tspan"))
tips = [g for g in root.iter(svg + "g") if g.get("class") == "tips"]
assert len(tips) == 1
boxes = {}
for rect in tips[0].iter(svg + "rect"):
    boxes.setdefault(rect.find(svg + "title").text, []).append(rect)
(title, pair), = boxes.items()
assert title.startswith("f<int&>(char const*)\n4.00 s from 2 s to 6 s\n20.0 MiB → 60.0 MiB (+40.0 MiB)"), title
assert len(pair) == 2
# Each box holds the points of the bracket that PLplot drew below it, in the function's colour.
width, height = (float(v) for v in root.get("viewBox").split()[2:])
drawn = [p for p in root.iter(svg + "polyline") if (p.get("stroke") or "").lower() == "#009b44"]
drawn = [[tuple(map(float, q.split(","))) for q in p.get("points").split()] for p in drawn]
drawn = [p for p in drawn if max(y for x, y in p) > 100 and len(p) == 4 and max(x for x, y in p) < 850]
assert len(drawn) == 2, drawn
for rect, points in zip(pair, drawn):
    x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
    for px, py in points:
        assert x - 1 <= px <= x + w + 1 and y - 1 <= height - py <= y + h + 1, (x, y, w, h, points)
# Along the main curve the words follow its memory.
pieces = [p.find(svg + "title").text for p in tips[0].iter(svg + "polyline")]
main = [p for p in pieces if p.startswith("a, pid 100\n")]
assert len(main) > 50 and any(p.startswith("child 101\n") for p in pieces), pieces[:3]
for words in main:
    if "KiB" not in words:
        mib, at = words.split("\n")[1].split(" MiB at ")
        assert abs(float(mib) - 10 * float(at.split()[0])) < 1, words
END
# Lanes and strips have theirs.
awk 'BEGIN { print "MEM 1 1\nMEM 2 11"; for (i = 0; i < 2000; i++) printf "FUNC f%d 1 %.3f 1 %.4f 0\n", i % 2, 1 + i / 200, 1 + i / 200 + .004 }' >many.dat
"$MPROF_TRACE" plot -o strips.svg many.dat
[ "$(grep -c 'calls/s, ' strips.svg)" -ge 400 ] || fail "tooltips of strips"
"$MPROF_TRACE" plot -f -o lanes.svg many.dat
[ "$(grep -c '<title>f[01]$\|calls, the longest of f' lanes.svg)" -ge 1000 ] || fail "tooltips of lanes"
python3 -c 'import sys, xml.dom.minidom as m; [m.parse(f) for f in sys.argv[1:]]' strips.svg lanes.svg ||
	fail "no XML"
