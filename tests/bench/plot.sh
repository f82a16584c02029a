#!/bin/bash
# What plotting costs: time and memory for 10^5 to 10^8 samples (the last with BENCH_BIG=1) and for
# many calls, and python3-mprof's for the same files where it is installed and does not take minutes.
# Environment: MPROF_TRACE.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export MPLBACKEND=Agg
unset DISPLAY

samples() { # samples COUNT >FILE
	awk -v n="$1" 'BEGIN { srand(1); for (i = 0; i < n; i++)
		printf "MEM %.6f %.9f\n", 100 + 20 * sin(i / n * 11) + rand(), 1795310486 + i / 1000 }'
}

calls() { # calls COUNT >FILE
	awk -v n="$1" 'BEGIN { print "MEM 1 1795310486\nMEM 1 1795310586"; for (i = 0; i < n; i++)
		printf "FUNC f%d 1.0 %.9f 1.5 %.9f 0 1 1\n", i % 5, 1795310486 + i * 100 / n,
			1795310486 + (i + 0.6) * 100 / n }'
}

# Prints "SECONDS KIB" of a command that must succeed within 100 s, else "- -".
measure() {
	python3 - "$@" <<-'END'
		import resource, subprocess, sys, time
		start = time.monotonic()
		try:
		    subprocess.run(sys.argv[1:], check=True, timeout=100,
		                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		except (subprocess.SubprocessError, OSError):
		    print("- -")
		    sys.exit()
		usage = resource.getrusage(resource.RUSAGE_CHILDREN)
		print("%.2f %d" % (time.monotonic() - start, usage.ru_maxrss))
	END
}

bench() { # bench WHAT FILE COMPARE: compare with mprof, yes or no
	local seconds kib theirs=- their_kib=-
	read -r seconds kib < <(measure "$MPROF_TRACE" plot -o ours.png "$2")
	if [ "$3" = yes ] && command -v python3-mprof >/dev/null; then
		read -r theirs their_kib < <(measure python3-mprof plot -o theirs.png "$2")
	fi
	awk -v what="$1" -v s="$seconds" -v k="$kib" -v ts="$theirs" -v tk="$their_kib" 'BEGIN {
		printf "%-16s %8s s %9.1f MB", what, s, k / 1024
		if (ts != "-") printf "   mprof %8s s %9.1f MB   %.0f times as long", ts, tk / 1024, ts / s
		print "" }'
	rm -f "$2"
}

echo "mprof-trace plot -o x.png:"
for count in 100000 1000000 10000000 ${BENCH_BIG:+100000000}; do
	samples "$count" >samples.dat
	bench "$count samples" samples.dat "$([ "$count" -le 1000000 ] && echo yes || echo no)"
done
for count in 1000 100000 1000000; do
	calls "$count" >calls.dat
	bench "$count calls" calls.dat "$([ "$count" -le 1000 ] && echo yes || echo no)"
done
