#!/bin/sh
# Fingers on a page: one moves, two zoom; and two profiles in one page.
# timeout: 600
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

make_line >line.dat
# The same, with 5 MiB more from the start, half as fast, and one call more.
awk '$1 == "MEM" { $2 += 5; $3 = sprintf("%.9f", 1795310486 + ($3 - 1795310486) * 2) }
	{ print } $1 == "FUNC" && $2 == "parse" { print }' line.dat | sed 's/^PEAK 100 111/PEAK 100 116/' >slow.dat
"$MPROF_TRACE" plot -o line.html line.dat
"$MPROF_TRACE" plot -o pair.html line.dat slow.dat
"$MPROF_TRACE" plot --align parse -o aligned.html line.dat slow.dat

cat >drive.py <<'END'
import re
from page_driver import Browser

def view(page):
    return [float(x) for x in re.fullmatch(r"(-?[\d.e]+)-(-?[\d.e]+)", page.hash_parts()["t"]).groups()]

with Browser(width=420, height=800) as page:
    page.cdp("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=3)
    page.open("line.html")
    page.touch("touchStart", 150)
    page.touch("touchStart", 150, 250)
    for apart in (20, 50, 80):
        page.touch("touchMove", 150 - apart / 2, 250 + apart / 2)
    page.touch("touchEnd")
    page.wait_for("the zoom", lambda: "t" in page.hash_parts() and 5 < view(page)[1] - view(page)[0] < 6) # 100 dots became 180
    a, b = view(page)
    page.touch("touchStart", 300)
    for x in (280, 240, 200):
        page.touch("touchMove", x)
    page.touch("touchEnd")
    page.wait_for("the move", lambda: view(page)[0] > a + (b - a) * 100 / 420)
    c, d = view(page)
    assert abs((d - c) - (b - a)) < 1e-6, (c, d)
    assert page.complaints() == []

with Browser() as page:
    page.open("pair.html")
    assert "111.0 MiB → 116.0 MiB" in page.text("#figures") and "+4.5 %" in page.text("#figures"), page.text("#figures")
    assert page.colors("#curves canvas", [31, 119, 180]) > 200 and page.colors("#curves canvas", [251, 114, 13]) > 200
    rows = {(row[0], row[2]): row[3:] for row in page.table("Differences")}
    assert rows["the run", "peak"] == ["111.0 MiB", "116.0 MiB", "+5.0 MiB", "+4.5 %"], rows
    assert rows["parse", "calls"] == ["1", "2", "+1", "+100 %"] and rows["load", "calls"][2:] == ["0", "0.0 %"], rows
    names = page.texts("#legend button.row")
    assert any(name.startswith("A: ") for name in names) and any(name.startswith("B: ") for name in names), names
    # Both are counted from one moment: the first call of parse, 3 s after the start.
    page.open("aligned.html")
    assert "since the first call of parse" in page.text("#memory-label"), page.text("#memory-label")
    assert page.text("#range-words").startswith("−3.00"), page.text("#range-words")
    assert page.complaints() == []
END
/usr/bin/python3 drive.py || fail "the page does not do what it should"
