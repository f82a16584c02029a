#!/bin/sh
# Pages of hardly anything and of a great deal: all are drawn, nobody complains.
# timeout: 900
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

echo 'MEM 1.5 1795310486.5' >one.dat
printf 'MEM 5 10\nMEM 6 9\nMEM nan 11\nMEM 7 20\nMEM -3 21\n' >back.dat
printf 'MEM 1 5\nMEM 2 6\nFUNC f 1 -9e18 2 9e18 0\nFUNC g 1 1 2 9e9 0\nFUNC open 1 5.5 1 5.5 0 1 1 open\n' >odd.dat
# A forest of short processes: the largest as dygraphs' lines, the others as ours, and one line for the rest.
awk 'BEGIN {
	print "CMDLINE make -j64\nMETRIC rss\nPROC 1 0 1795310486 make"
	for (i = 0; i < 300; i++) printf "MEM 5 %.3f\n", 1795310486 + i / 10
	for (p = 2; p < 400; p++) {
		printf "PROC %d 1 %.3f cc1 -quiet file%d.c\n", p, 1795310486 + p / 20, p
		for (i = 0; i < 20; i++)
			printf "CHLD %d %d %.3f\n", p, 20 + p / 10 + i, 1795310486 + p / 20 + i / 20
		printf "DONE %d %.3f 0\n", p, 1795310487 + p / 20
	} }' >forest.dat
# Many functions with few calls, on many threads and four levels; and one that was condensed.
awk 'BEGIN {
	print "METRIC rss\nPROC 1 0 1795310486 ./many"
	for (i = 0; i < 500; i++) printf "MEM %d %.3f\n", 50 + i % 40, 1795310486 + i / 50
	for (f = 0; f < 1000; f++) for (k = 0; k < 4; k++) {
		at = 1795310486 + ((f * 31 + k * 7) % 1000) / 100
		printf "FUNC ns::Class%d::method<int,\302\240std::string>(unsigned\302\240long) 50 %.6f 52 %.6f %d 1 %d\n",
			f, at, at + 0.05 * (k + 1), k, 1 + f % 100
	}
	for (i = 0; i < 10; i++)
		printf "MANY hot 1 %.3f %.3f 5000 0.5 0.00001 0.001 %d 90\n", 1795310486 + i, 1795310487 + i, i - 3
	}' >many.dat
for name in one back odd forest many; do
	"$MPROF_TRACE" plot --children all -o $name.html $name.dat 2>/dev/null
done
"$MPROF_TRACE" plot -o few.html forest.dat
"$MPROF_TRACE" plot -n -w 2,4 --clock --theme dark -o plain.html many.dat

cat >drive.py <<'END'
from page_driver import Browser

main = [31, 119, 180]
with Browser() as page:
    for name in ("one", "back", "odd", "forest", "few", "many"):
        page.open(name + ".html")
        assert page.colors("#curves canvas", main) > 20, name
        page.mouse("mouseMoved", 500, 100)
        page.mouse("mouseWheel", 500, 100, deltaX=0, deltaY=-100)
        page.wait_for_hash("t")
        page.mouse("mouseWheel", 500, 100, deltaX=0, deltaY=400)
        page.drag(400, 600, 100)
        page.wait_for_hash("s")
        assert page.complaints() == [], name
        assert page.js("return document.documentElement.scrollWidth <= innerWidth"), name

    # 398 children, "all together", make; and with the default, 20 of them, the others in one line.
    page.open("forest.html")
    assert page.text("#legend").count("cc1 -quiet") == 118 and "and 280 more" in page.text("#legend")
    page.open("few.html")
    assert page.text("#legend").count("cc1 -quiet") == 20 and "378 other children" in page.text("#legend")
    assert len(page.table("Processes")) == 100 and "Show more: 299 left" in page.text("#tables")
    page.click(".more")
    page.wait_for("all rows", lambda: len(page.find_all("#tables tbody tr")) == 399)

    # What was condensed has a strip, and counts in a range.
    page.open("many.html")
    assert page.find("#strips").is_displayed()
    calls = page.js("return [...document.querySelectorAll('#range .calls tbody tr')].map(r => [r.cells[0].textContent, r.cells[1].textContent])")
    assert calls[0] == ["hot", "50.0 k"], calls[0]
    # With -n there are curves alone; -w, --clock and --theme say what is seen first.
    page.open("plain.html")
    assert not page.find("#strips").is_displayed() and not page.find("#lanes").is_displayed()
    assert "Functions" not in page.text("#legend") + page.text("#tables")
    assert page.colors("#curves canvas", [90, 170, 240]) > 20, "the dark curve"
    assert "(2.00 s)" in page.text("#range-words") and page.find("#clock").get_attribute("aria-pressed") == "true"
    page.click("#whole")
    page.wait_for("all of it", lambda: "Whole recording" in page.text("#range"))
END
/usr/bin/python3 drive.py || fail "a page is not as it should be"
