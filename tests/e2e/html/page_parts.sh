#!/bin/sh
# A page of a recording with --split and --with: layers below the curve, what they are under the cursor and in the legend,
# panes of what was recorded beside memory, and limits.
# timeout: 900
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

cat >parts.dat <<'END'
CMDLINE ./prog
FORMAT 4 mprof-trace 0.1.0
METRIC rss
INTERVAL 1.000000000
PROC 10 1 1795310486.000000000 prog
MEM 30.000000 1795310486.000000000
PART 10 heap 24.000000 1795310486.000000000
PART 10 library 6.000000 1795310486.000000000 /opt/<b>bold.so
PART 10 maps 30.000000 1795310486.000000000
PART 10 swap 10.000000 1795310486.000000000
WITH 10 cpu 0 1795310486.000000000
WITH 10 threads 3 1795310486.000000000
WITH 10 as-limit 50 1795310486.000000000
WITH 10 data-limit 5000 1795310486.000000000
MEM 30.000000 1795310491.000000000
PART 10 maps 30.000000 1795310491.000000000
WITH 10 cpu 4 1795310491.000000000
MEM 30.000000 1795310496.000000000
PART 10 maps 30.000000 1795310496.000000000
DONE 10 1795310496.000000000 0
TICKS 4 0 0 0.000100000 0.000100000
END
"$MPROF_TRACE" plot -o parts.html parts.dat
grep -v -e '^PART' -e '^WITH' parts.dat >none.dat
"$MPROF_TRACE" plot -o none.html none.dat
"$MPROF_TRACE" plot -o pair.html parts.dat none.dat

cat >drive.py <<'END'
from page_driver import Browser, Keys

PIXEL = """const canvas = document.querySelector('#curves canvas');
    const ratio = canvas.width / canvas.clientWidth;
    return [...canvas.getContext('2d').getImageData(arguments[0] * ratio, arguments[1] * ratio, 1, 1).data];"""

with Browser() as page:
    page.open("parts.html")
    legend = page.text("#legend")
    for words in ("At the highest", "heap", "24.0 MiB", "<b>bold", "6.0 MiB", "swapped out", "10.0 MiB", "Limits", "RLIMIT_AS",
                  "50.0 MiB", "RLIMIT_DATA"):
        assert words in legend, (words, legend)
    assert page.js("return document.querySelectorAll('#legend b').length") == 0

    # The axis holds the near limit and what is swapped out, and not the far limit.
    labels = [float(t.split()[0]) for t in page.texts(".dygraph-axis-label-y")]
    assert 40 <= max(labels) < 60, labels

    # Three layers of three colours, and paper above them.
    box = page.js("""const room = document.querySelector('#curves').getBoundingClientRect();
        const y = text => { for (const l of document.querySelectorAll('.dygraph-axis-label-y')) if (l.textContent === text) {
            const box = l.parentNode.getBoundingClientRect(); return (box.top + box.bottom) / 2 - room.top; } };
        return [y('0 MiB'), y('40 MiB'), room.width];""")
    y_of = lambda mib: box[0] + (box[1] - box[0]) * mib / 40
    seen = [tuple(page.js(PIXEL, box[2] * 0.43, y_of(mib))) for mib in (12, 27, 35, 45)]
    assert len(set(seen)) == 4 and (seen[3][3] == 0 or seen[3][:3] == (255, 255, 255)), seen

    # Under the cursor, by keys.
    page.find("#chart").send_keys(Keys.ARROW_RIGHT)
    page.wait_for("the tip", lambda: "heap" in page.text("#tip"))
    tip = page.text("#tip")
    assert "24.0 MiB" in tip and "swapped out" in tip and tip.index("swapped out") < tip.index("heap"), tip

    # Hidden with the curve that they are of.
    page.click("#legend button.row")
    page.wait_for("no layers", lambda: tuple(page.js(PIXEL, box[2] * 0.43, y_of(12))) != seen[0])
    page.click("#legend button.row")

    # The panes: in the first half there is CPU time, in the second none.
    assert page.find("#beside").get_attribute("hidden") is None
    panes = page.js("""const canvas = document.querySelector('#beside-bars'), ratio = canvas.width / canvas.clientWidth;
        const at = (x, y) => [...canvas.getContext('2d').getImageData(canvas.width * x, y * ratio, 1, 1).data];
        return [at(0.3, 36), at(0.8, 36), at(0.3, 84), at(0.8, 84)];""")
    assert panes[0][3] > 0 and panes[1][3] == 0 and panes[2][3] > 0 and panes[3][3] > 0, panes

    page.open("none.html")
    assert page.find("#beside").get_attribute("hidden") is not None and "At the highest" not in page.text("#legend")
    # Of two profiles neither has layers.
    page.open("pair.html")
    assert "At the highest" not in page.text("#legend")
    complaints = page.complaints()
    assert complaints == [], complaints
    strange = [url for url in page.requests() if not url.startswith(("file://", "about:"))]
    assert strange == [], strange
END
/usr/bin/python3 drive.py || fail "the page does not do what it should"
