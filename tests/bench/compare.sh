#!/bin/bash
# What report, peak, check and diff cost: time and memory for a profile of 10^7 samples and 10^6 calls.
# Environment: MPROF_TRACE, TESTS.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# measure WHAT GOAL_SECONDS COMMAND...
measure() {
	python3 - "$@" <<-'END'
		import resource, subprocess, sys, time
		start = time.monotonic()
		status = subprocess.run(sys.argv[3:], stdout=subprocess.DEVNULL).returncode
		usage = resource.getrusage(resource.RUSAGE_CHILDREN)
		if status not in (0, 1):
		    sys.exit(f"{sys.argv[3:]}: status {status}")
		print("%-24s %6.2f s (CPU %.2f s, goal %s s) %8.1f MB (goal 100 MB)"
		      % (sys.argv[1], time.monotonic() - start, usage.ru_utime + usage.ru_stime,
		         sys.argv[2], usage.ru_maxrss / 1024))
	END
}

"$TESTS/bench/big_profile.sh" 10000000 1000000 >a.dat
"$TESTS/bench/big_profile.sh" 10000000 1000000 20 2 >b.dat
echo "report, peak, check and diff, 10^7 samples and 10^6 calls:"
measure "report" 2.5 "$MPROF_TRACE" report a.dat
measure "report --json" 2.5 "$MPROF_TRACE" report --json a.dat
measure "report -C" 2.5 "$MPROF_TRACE" report -C a.dat
measure "peak" 2.5 "$MPROF_TRACE" peak a.dat
measure "peak -C" 2.5 "$MPROF_TRACE" peak -C a.dat
measure "check" 2.5 "$MPROF_TRACE" check --max-peak 1G --func '*' --max-calls 1000000 a.dat
measure "check --tree" 2.5 "$MPROF_TRACE" check --max-peak 10G --tree a.dat
measure "diff" 5 "$MPROF_TRACE" diff a.dat b.dat
