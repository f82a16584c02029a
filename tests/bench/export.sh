#!/bin/bash
# What export costs: time, memory and size of each format, for BENCH_SAMPLES samples and BENCH_CALLS calls
# (10^7 and 10^6), as it is by default, reduced to 200 MB, and with --all. Wanted: 5 s and 100 MB by default.
# Environment: MPROF_TRACE, TESTS.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
sh "$TESTS/bench/big_profile.sh" "${BENCH_SAMPLES:-10000000}" "${BENCH_CALLS:-1000000}" >big.dat

# measure OPTIONS...: a line with seconds, CPU seconds, MB of memory and MB written
measure() {
	python3 - "$@" <<-'END'
		import resource, subprocess, sys, time
		start = time.monotonic()
		with subprocess.Popen([*sys.argv[1:], "big.dat"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tool:
		    written = 0
		    while block := tool.stdout.read(1 << 20):
		        written += len(block)
		usage = resource.getrusage(resource.RUSAGE_CHILDREN)
		print("  %-32s %6.2f s %6.2f s of CPU %7.1f MB of memory %8.1f MB written%s" % (
		    " ".join(sys.argv[3:]), time.monotonic() - start, usage.ru_utime + usage.ru_stime,
		    usage.ru_maxrss / 1024, written / 1e6, "" if tool.returncode == 0 else "  FAILED"))
	END
}

echo "mprof-trace export:"
for format in --csv '--csv --calls' --json --chrome --speedscope --folded '--folded --by memory' \
	'--csv --all' '--json --all' '--chrome --all'; do
	# shellcheck disable=SC2086 # several options
	measure "$MPROF_TRACE" export $format
done
