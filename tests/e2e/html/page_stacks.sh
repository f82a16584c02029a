#!/bin/sh
# A page shows the stack of the last peak at its cursor, and what a call was made in.
# timeout: 300
set -eu
# shellcheck source=tests/lib/page.sh
. "$TESTS/lib/page.sh"
need_browser

awk 'BEGIN {
	print "CMDLINE ./work\nFORMAT 4 mprof-trace\nMETRIC rss\nINTERVAL 0.1\nPROC 100 1 1795310486.000000000 ./work"
	print "FRAME 1 0 main work\nFRAME 2 1 load<a>(int) work\nFRAME 3 2 <b>touch</b> work"
	for (i = 0; i <= 100; i++) {
		printf "MEM %.6f %.9f\n", 10 + i, 1795310486 + i / 10
		if (i == 40) print "STACK 3 50.000000 1795310490.000000000 100 100 peak grew 30.000000"
		if (i == 70) print "STACK 2 80.000000 1795310493.000000000 100 100 peak asleep futex"
	}
	print "STACK 2 20.000000 1795310488.000000000 100 100 entry stopped load"
	print "FUNC load 30.0 1795310488.0 70.0 1795310492.0 0 100 100"
	print "DONE 100 1795310496.000000000 0"
}' >stacks.dat
"$MPROF_TRACE" plot -o stacks.html stacks.dat

cat >drive.py <<'END'
from page_driver import Browser

with Browser() as page:
    page.open("stacks.html")
    left, top, width, height = page.chart_box()
    def tip_at(share):
        page.mouse("mouseMoved", width * share, height * 0.5)
        page.wait_for("a tip", lambda: page.text("#tip") != "")
        return page.text("#tip")
    before, grown, asleep = tip_at(0.25), tip_at(0.6), tip_at(0.9)
    assert "peak of" not in before, before
    assert "peak of 50.0 MiB: thread got 30.0 MiB, in<b>touch</b>load<a>(int)main" in grown, grown
    assert "peak of 80.0 MiB: thread asleep in futex, inload<a>(int)main" in asleep, asleep
    assert not page.complaints(), page.complaints()
END
/usr/bin/python3 drive.py
