#!/bin/bash
# What a directory of ranks costs: report, and plot in each of its ways, of 10 to 10,000 files of 1,000 samples: time and
# memory. 10,000 are to take no more than 10 s.
# Environment: MPROF_TRACE, TESTS.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset DISPLAY

# Prints "SECONDS CPU-SECONDS KIB" of a command that must succeed.
measure() {
	python3 - "$@" <<-'END'
		import resource, subprocess, sys, time
		start = time.monotonic()
		subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
		usage = resource.getrusage(resource.RUSAGE_CHILDREN)
		print("%.3f %.3f %d" % (time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))
	END
}

bench() { # bench WHAT ARGUMENTS OF mprof-trace…
	local what=$1 seconds cpu kib
	shift
	read -r seconds cpu kib < <(measure "$MPROF_TRACE" "$@")
	awk -v what="$what" -v s="$seconds" -v c="$cpu" -v k="$kib" 'BEGIN {
		printf "%-36s %8.2f s %8.2f s of CPU %9.1f MB\n", what, s, c, k / 1024 }'
}

echo "mprof-trace report and plot of a directory of ranks, 1,000 samples each:"
for count in 10 1000 10000; do
	python3 "$TESTS/tools/make_ranks.py" ranks "$count" 1000 $(((count + 99) / 100))
	bench "report of $count" report ranks
	bench "plot of $count" plot -o ranks.png ranks
	bench "plot --by host of $count" plot --by host -o ranks.png ranks
	bench "plot --align MPI_Init of $count" plot --align MPI_Init -o ranks.png ranks
	rm -rf ranks
done
