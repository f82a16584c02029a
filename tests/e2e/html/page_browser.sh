#!/bin/sh
# A page in a browser, with real clicks, keys and turns of the wheel: what is seen, what is told, and
# that it asks nothing of any network.
# timeout: 900
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

make_line >line.dat
"$MPROF_TRACE" plot -o line.html line.dat

# The tables' figures, by an independent computation.
awk '$1 ~ /^(CH)?FUNC$/ { n[$2]++; d = $6 - $4; total[$2] += d; if (d > longest[$2]) longest[$2] = d
	g = $5 - $3; if (g > 0) gained[$2] += g; else released[$2] -= g }
	END { for (f in n) printf "%s %d %.2f %.2f %.1f %.1f %+.1f\n", f, n[f], total[f], longest[f],
		gained[f], released[f], gained[f] - released[f] }' line.dat | sort >functions.txt
awk '$1 == "PROC" { start[$2] = $4 } $1 == "DONE" { end[$2] = $3; status[$2] = $4 }
	$1 == "PEAK" { peak[$2] = $3 }
	$1 == "MEM" && $2 > high[100] { high[100] = $2 } $1 == "CHLD" && $3 > high[$2] { high[$2] = $3 }
	END { for (p in start) printf "%d %.2f %.1f %.1f %d\n", p, end[p] - start[p], peak[p], high[p], status[p] }' \
	line.dat | sort >processes.txt
# From the third to the sixth second: peak and mean of the line, and its slope.
awk '$1 == "MEM" { t = $3 - 1795310486; if (t >= 3 - 1e-7 && t <= 6 + 1e-7) { n++; x += t; y += $2; xx += t * t; xy += t * $2
		if ($2 > high) high = $2 } }
	END { printf "%.1f %.1f %.1f\n", high, y / n, (n * xy - x * y) / (n * xx - x * x) }' line.dat >range.txt

cat >drive.py <<'END'
import re, sys
from page_driver import Browser, Keys

def number(text):
    return float(re.sub(r"[^0-9.+-]", "", text.replace("−", "-")) or "nan")

def spans(part):
    return [float(x) for x in re.fullmatch(r"(-?[\d.e]+)-(-?[\d.e]+)", part).groups()]

with Browser() as page:
    page.open("line.html")
    left, top, width, height = page.chart_box()
    # Where a time is: between two of the axis's labels.
    centres = page.js("""const left = document.querySelector('#chart').getBoundingClientRect().left;
        return Object.fromEntries([...document.querySelectorAll('.dygraph-axis-label-x')].map(label => {
            const box = label.parentNode.getBoundingClientRect();
            return [label.textContent, (box.left + box.right) / 2 - left]; }))""")
    x_of = lambda s: centres["2 s"] + (centres["8 s"] - centres["2 s"]) * (s - 2) / 6

    # What is told at once.
    assert page.text("#title") == "./work --all" and page.driver.title.startswith("./work --all")
    figures = page.text("#figures")
    for words in ("111.0 MiB", "27.5 MiB", "10.0 s", "work --all · 100", "helper -x · 101"):
        assert words in figures, (words, figures)
    assert page.find("#notices").get_attribute("hidden") is not None
    assert "Peak 111.0 MiB" in page.find("#chart").get_attribute("aria-label")
    assert "111.0 MiB" in page.text("#key-table")

    # The tables.
    expected = [line.split() for line in open("functions.txt")]
    rows = page.table("Functions")
    assert len(rows) == len(expected) == 2, rows
    for name, calls, total, longest, gained, released, net in expected:
        row, = [row for row in rows if row[0] == name]
        got = [number(row[i]) for i in (1, 2, 5, 6, 7, 8)]
        wanted = [float(v) for v in (calls, total, longest, gained, released, net)]
        assert all(abs(a - b) < 0.06 for a, b in zip(got, wanted)), (row, wanted)
    rows = page.table("Processes")
    for pid, lifetime, peak, highest, status in (line.split() for line in open("processes.txt")):
        row, = [row for row in rows if row[1] == pid]
        assert abs(number(row[4]) - float(lifetime)) < 0.06 and abs(number(row[5]) - float(peak)) < 0.06, row
        assert abs(number(row[6]) - float(highest)) < 0.06 and row[9] == status, row
    # Sorted by a click, and back by another.
    page.click(lambda: page.find_all("#tables thead button")[1])
    down = [row[1] for row in page.table("Processes")]
    page.click(lambda: page.find_all("#tables thead button")[1])
    assert [row[1] for row in page.table("Processes")] == down[::-1] == ["100", "101"], down

    # Curves, brackets and bars are drawn.
    assert page.colors("#curves canvas", [31, 119, 180]) > 300, "the main curve"
    assert page.colors("#curves canvas", [251, 114, 13]) > 100, "the child's curve"
    assert page.colors("#marks", [0, 155, 68]) > 60 and page.colors("#marks", [121, 68, 197]) > 40, "brackets"
    assert page.colors("#lane-bars", [0, 155, 68]) > 1000, "bars"

    # The crosshair reads both curves at one time: at 5 s, 60 MiB and 20 to 26.
    page.mouse("mouseMoved", x_of(5.0), height / 3)
    page.wait_for("the crosshair", lambda: page.find("#tip").is_displayed())
    tip = page.text("#tip")
    main, child = re.search(r"work --all 100([\d.]+) MiB.*helper -x 101([\d.]+) MiB", tip).groups()
    assert abs(float(main) - 60) < 0.4 and 20 <= float(child) <= 26, tip
    # On a bracket, its call is told as well: load begins at 2 s and 30 MiB, of 116.6 that the axis has.
    page.mouse("mouseMoved", x_of(2.0) + 1, (height - 24) * (1 - 30 / 116.6))
    page.wait_for("the call's words", lambda: "load" in page.text("#tip"))
    assert "4.00 s from 2.000 s" in page.text("#tip") and "30.0 MiB → 70.0 MiB (+40.0 MiB)" in page.text("#tip"), page.text("#tip")

    # The wheel zooms about the pointer: the time below it stays.
    page.mouse("mouseWheel", x_of(5.0), 100, deltaX=0, deltaY=-300)
    page.wait_for_hash("t")
    a, b = spans(page.hash_parts()["t"])
    assert 3 < b - a < 7 and abs((5.0 - a) / (b - a) - 5.0 / 10.1) < 0.01, (a, b)
    # Shift and drag moves; b goes back; 0 shows all.
    page.drag(x_of(5.0), x_of(4.0), 100, modifiers=8)
    page.wait_for("the move", lambda: spans(page.hash_parts()["t"])[0] > a + 0.1)
    # Back from the last that was moved, whenever that comes.
    page.wait_for("rest", lambda: abs(spans(page.hash_parts()["t"])[0] - a - (b - a) / 10.1) < 0.05)
    page.click("#back")
    page.wait_for("the view before", lambda: abs(spans(page.hash_parts()["t"])[0] - a) < 1e-6)
    page.find("#chart").click()
    page.key("0")
    page.wait_for_hash("t", lambda value: value is None)

    # A dragged range has its figures.
    page.drag(x_of(3.0), x_of(6.0), 120)
    page.wait_for_hash("s", lambda value: value is not None and abs(spans(value)[1] - 6) < 0.03)
    a, b = spans(page.hash_parts()["s"])
    assert abs(a - 3) < 0.03, (a, b)
    page.wait_for("the range's figures", lambda: "Selected" in page.text("#range"))
    peak, mean, slope = (float(v) for v in open("range.txt").read().split())
    cells = page.js("return [...document.querySelectorAll('#range .memory tbody tr')].map(r => [...r.cells].map(c => c.textContent))")
    assert abs(number(cells[0][1]) - peak) < 10.5 and abs(number(cells[0][2]) - mean) < 3, cells
    assert abs(number(cells[0][3].replace("MiB/s", "")) - slope) < 0.1, cells
    calls = dict(page.js("return [...document.querySelectorAll('#range .calls tbody tr')].map(r => [r.cells[0].textContent, r.cells[1].textContent])"))
    assert calls == {"load": "2", "parse": "1"}, calls
    # Enter zooms to it.
    page.key(Keys.ENTER)
    page.wait_for_hash("t", lambda value: value is not None and abs(spans(value)[0] - a) < 0.03)
    page.click("#whole")

    # Keys read the curves, and say so.
    page.wait_for_hash("t", lambda value: value is None)
    page.js("document.querySelector('#chart').focus()")
    page.key(Keys.HOME)
    page.wait_for("the reading", lambda: "At 0" in page.text("#spoken") and "10.0 MiB" in page.text("#spoken"))
    page.key(Keys.ARROW_RIGHT)
    page.wait_for("the next reading", lambda: "At 0.0" in page.text("#spoken") and "10.0 MiB" not in page.text("#spoken"))
    page.key("p")
    page.wait_for("the peak", lambda: "110.0 MiB" in page.text("#spoken"))
    page.key("+")
    page.wait_for_hash("t")
    page.key("0")
    page.actions().key_down(Keys.SHIFT).send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT).key_up(Keys.SHIFT).perform()
    page.wait_for_hash("s")
    page.key(Keys.ESCAPE)
    page.wait_for_hash("s", lambda value: value is None)
    page.key(Keys.TAB)

    # The legend: a click hides, another shows; with Alt all others go. Hovering lets others fade.
    def row(name):
        return lambda: page.find_all("#legend button.row")[
            [text.startswith(name) for text in page.texts("#legend button.row")].index(True)]
    def alt_click(name):
        page.on(row(name), lambda element: page.actions().key_down(Keys.ALT).click(element).key_up(Keys.ALT).perform())
    page.click(row("helper"))
    page.wait_for("the child's curve to go", lambda: page.colors("#curves canvas", [251, 114, 13]) == 0)
    page.wait_for_hash("hide", lambda value: value == "p1")
    page.click(row("helper"))
    page.wait_for("the child's curve", lambda: page.colors("#curves canvas", [251, 114, 13]) > 100)
    page.click(row("parse"))
    page.wait_for("the brackets to go", lambda: page.colors("#marks", [121, 68, 197]) == 0)
    page.wait_for("the other brackets", lambda: page.colors("#marks", [0, 155, 68]) > 60)
    page.click(row("parse"))
    alt_click("helper")
    page.wait_for("the others to go", lambda: page.colors("#curves canvas", [31, 119, 180]) == 0)
    alt_click("helper")
    page.wait_for("the others", lambda: page.colors("#curves canvas", [31, 119, 180]) > 300)
    page.on(row("load"), lambda element: page.actions().move_to_element(element).perform())
    page.wait_for("the highlight", lambda: page.colors("#marks", [121, 68, 197]) == 0 and page.colors("#marks", [0, 155, 68]) > 60)
    page.actions().move_to_element(page.find("#title")).perform()

    # One field searches the legend and the tables.
    page.click("#search")
    page.key("pars")
    page.wait_for("what was searched", lambda: [text.split()[0] for text in page.texts("#legend button.row")] == ["parse"])
    assert [row[0] for row in page.table("Functions")] == ["parse"] and page.table("Processes") == []
    page.click("#search")
    page.key(*[Keys.BACKSPACE] * 4)
    page.wait_for("all", lambda: len(page.find_all("#legend button.row")) == 5)

    # By the clock; the address brings everything back, in another window as well.
    page.click("#clock")
    page.wait_for_hash("clock")
    labels = page.js("return [...document.querySelectorAll('.dygraph-axis-label-x')].map(e => e.textContent)")
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d(\.\d+)?", label) for label in labels) and len(labels) > 3, labels
    page.mouse("mouseWheel", x_of(5.0), 100, deltaX=0, deltaY=-100)
    page.click(row("helper"))
    page.wait_for_hash("hide")
    page.wait_for_hash("t")
    kept = page.hash()
    page.open("line.html", "#" + kept)
    assert page.find("#clock").get_attribute("aria-pressed") == "true"
    assert page.colors("#curves canvas", [251, 114, 13]) == 0 and page.hash() == kept
    page.js("location.hash = 't=1-2'")
    page.wait_for("the other address", lambda: page.find("#clock").get_attribute("aria-pressed") == "false")
    page.wait_for("1 s to 2 s", lambda: page.text("#range-words").startswith("1.000 s to 2.000 s"))

    # Light and dark: by the system, then as it was chosen, which is remembered.
    paper = lambda: page.js("return getComputedStyle(document.documentElement).backgroundColor")
    assert paper() == "rgb(255, 255, 255)", paper()
    page.set_dark(True)
    page.wait_for("dark paper", lambda: paper() == "rgb(24, 26, 32)")
    page.wait_for("the dark curve", lambda: page.colors("#curves canvas", [90, 170, 240]) > 50)
    page.click("#theme")
    page.wait_for("light paper", lambda: paper() == "rgb(255, 255, 255)")
    page.open("line.html")
    assert paper() == "rgb(255, 255, 255)", "what was chosen is forgotten"

    # Narrow and wide: nothing is wider than the window.
    for w in (400, 700, 1300, 2200):
        page.resize(w, 900)
        page.wait_for(f"a width of {w}", lambda: page.js(
            "const c = document.querySelector('#cursor'); return c.clientWidth === document.querySelector('#chart').clientWidth"))
        assert page.js("return document.documentElement.scrollWidth") <= w, w

    complaints = page.complaints()
    assert complaints == [], complaints
    strange = [url for url in page.requests() if not url.startswith(("file://", "about:"))]
    assert strange == [], strange
END
/usr/bin/python3 drive.py || fail "the page does not do what it should"
