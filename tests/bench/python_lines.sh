#!/bin/bash
# What a line of a Python function costs, in each CPython that is installed: beside a pread of statm from Python,
# untraced, recorded with a reading at each execution, as by default, and under memory_profiler, if it is there.
# Environment: MPROF_TRACE, TESTS.
set -euo pipefail

# shellcheck source=tests/lib/python.sh
. "$TESTS/lib/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >line.py <<-'END'
	import os, sys, time
	def reads(n):
	    statm = os.open("/proc/self/statm", os.O_RDONLY)
	    for i in range(n): os.pread(statm, 64, 0)
	def work(n):
	    x = 0
	    for i in range(n):
	        x += i
	def cost(function, n, lines):
	    best = 1e9
	    for i in range(5):
	        start = time.perf_counter()
	        function(n)
	        best = min(best, (time.perf_counter() - start) / n / lines)
	    return best * 1e9
	n = int(sys.argv[1])
	print("%.0f" % cost(reads, n, 1), "%.0f" % cost(work, n, 2), flush=True)
END
sed 's/^def work/@profile\n&/' line.py >decorated.py
theirs=/usr/lib/python3/dist-packages
printf '%-10s %10s %10s %10s %10s %16s   ns\n' Python pread untraced 'each read' recorded memory_profiler
for python in $(every_python); do
	version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
	read -r pread untraced < <("$python" line.py 300000)
	read -r _ each < <("$MPROF_TRACE" run -q --lines --max-hits 1000000000 --python -f work -o lines.dat \
		"$python" line.py 300000)
	read -r _ recorded < <("$MPROF_TRACE" run -q --lines --python -f work -o lines.dat "$python" line.py 300000)
	profiled=-
	if "$python" -c 'import psutil' 2>/dev/null && [ -f "$theirs/memory_profiler.py" ]; then
		cp "$theirs/memory_profiler.py" .
		profiled=$("$python" -m memory_profiler decorated.py 2000 | awk 'NR == 1 { print $2 }')
		rm memory_profiler.py
	fi
	printf '%-10s %10s %10s %10s %10s %16s\n' "$version" "$pread" "$untraced" "$each" "$recorded" "$profiled"
done
