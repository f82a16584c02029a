#!/bin/bash
# What a page costs, of 10^6 samples and 10^5 calls: its size (at most 4 MB), the time of its scripts up to
# the first drawing (0.5 s), and a step of zooming (16 ms at the median), in Debian's chromium. Each of the
# times is the best of three: other work on the machine only adds. Fails where one is missed.
# Environment: MPROF_TRACE, TESTS.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset DISPLAY
export PYTHONPATH=$TESTS/lib PYTHONDONTWRITEBYTECODE=1

# Noise of pages, times with jitter, calls of five functions on three threads.
awk -v samples=1000000 -v calls=100000 'BEGIN {
	srand(1)
	print "CMDLINE ./bench\nFORMAT 3 mprof-trace\nMETRIC rss\nINTERVAL 0.001\nPROC 100 1 1795310486.0 ./bench"
	for (i = 0; i < samples; i++)
		printf "MEM %.6f %.9f\n", 100 + 20 * sin(i / samples * 11) + int(rand() * 256) / 256,
			1795310486 + i / 1000 + rand() * 1e-5
	for (i = 0; i < calls; i++) {
		start = 1795310486 + i * 1000 / calls
		printf "FUNC f%d %.6f %.9f %.6f %.9f 0 100 %d\n", i % 5, 100 + int(rand() * 256) / 256,
			start + rand() * 1e-3, 100 + int(rand() * 512) / 256,
			start + (0.2 + rand() * 0.6) * 1000 / calls, 100 + i % 3
	} }' >bench.dat
start=$(date +%s%N)
"$MPROF_TRACE" plot -o bench.html bench.dat
end=$(date +%s%N)

cat >measure.py <<'END'
import os, statistics, sys
from page_driver import Browser

firsts, medians = [], []
with Browser(1400, 1000) as page:
    for _ in range(3):
        page.open("bench.html")
        firsts.append(float(page.js("return document.documentElement.dataset.firstMs")))
        # A turn of the wheel a frame, in and out again, here and there.
        steps = page.driver.execute_async_script("""
            const done = arguments[0], chart = document.getElementById("chart"), box = chart.getBoundingClientRect();
            const times = [];
            function turn(i) {
                if (i > 0)
                    times.push(Number(document.documentElement.dataset.drawMs));
                if (i === 120) {
                    done(times);
                    return;
                }
                chart.dispatchEvent(new WheelEvent("wheel", {deltaY: i % 40 < 20 ? -100 : 100, bubbles: true,
                    cancelable: true, clientX: box.left + 300 + i * 4, clientY: box.top + 100}));
                requestAnimationFrame(() => requestAnimationFrame(() => turn(i + 1)));
            }
            turn(0);""")
        medians.append(statistics.median(steps))
size = os.path.getsize("bench.html") / 1e6
rows = [("size", size, 4, "MB"), ("to the first drawing", min(firsts), 500, "ms"),
        ("a step of zooming, median", min(medians), 16, "ms")]
for what, value, most, unit in rows:
    print(f"{what:27}{value:9.1f} {unit}   at most {most} {unit}{'' if value <= most else '   MISSED'}")
sys.exit(any(value > most for _, value, most, _ in rows))
END
echo "mprof-trace plot -o x.html, 10^6 samples and 10^5 calls:"
awk -v ns=$((end - start)) 'BEGIN { printf "%-27s%9.2f s\n", "written in", ns / 1e9 }'
/usr/bin/python3 measure.py
