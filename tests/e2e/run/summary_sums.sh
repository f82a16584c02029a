#!/bin/sh
# What the end says of calls, time, memory and peaks is what the profile has; and how the program ended.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for target in calls_nested recursion recursion_mutual memory_gain fork_many fork_threads \
	threads_many qsort_compare tail_self memory_peak_exec; do
	run_as plain "$TARGETS/$target"
	for probe in breakpoint pad; do
		run_as traced "$MPROF_TRACE" run --probe "$probe" -f "$(functions_of plain.out)" \
			-o "$target.dat" "$TARGETS/$target"
		"$TESTS/lib/check_summary.py" "$target.dat" traced.err || {
			cat traced.err
			fail "$target, $probe"
		}
	done
done

# Condensed, and summed up by pads where they can be: of functions that do not call themselves.
for target in qsort_compare return_site linked_library; do
	run_as plain "$TARGETS/$target"
	run_as traced "$MPROF_TRACE" run --probe pad --max-calls 2 -f "$(functions_of plain.out)" \
		-o "$target.dat" "$TARGETS/$target"
	grep -q '^MANY' "$target.dat" || fail "$target: nothing is condensed"
	"$TESTS/lib/check_summary.py" "$target.dat" traced.err || {
		cat traced.err
		fail "$target, condensed"
	}
done

# Several functions of one pattern that call each other: what lies within another one counts once.
run_as nested "$MPROF_TRACE" run -f '/^(outer|inner)$/,outer' -o nested.dat "$TARGETS/calls_nested"
grep -o 'calls.* MiB' nested.err | sed 's/.*), //; s/calls, //' >sums
if [ "$(wc -l <sums)" -ne 2 ] || [ "$(sort -u sums | wc -l)" -ne 1 ]; then
	cat nested.err
	fail "inner's time is not only within outer's"
fi

# How it ended; nothing of a good end.
ended() {
	wanted=$1
	shift
	run_as ended "$MPROF_TRACE" run -o ended.dat "$@"
	says ended "^mprof-trace: $wanted\$"
}
ended 'killed by SIGSEGV' sh -c 'kill -SEGV $$'
ended 'killed by SIGKILL' sh -c 'kill -KILL $$'
ended 'interrupted' sh -c 'kill -INT $$'
ended 'exited with status 139' sh -c 'exit 139'
ended 'exited with status 3' --no-probes sh -c 'exit 3'
ended 'killed by SIGTERM' --no-probes sh -c 'kill -TERM $$'
ended 'timeout: it was killed' -t 0.1 --kill-on-timeout sleep 1000
ended 'timeout: it goes on, unrecorded' -t 0.1 sleep 0.5
run_as good "$MPROF_TRACE" run -o good.dat true
[ "$(wc -l <good.err)" -eq 1 ] || fail "more is said of a good end than its peak: $(cat good.err)"
says good 'peak [0-9.]+ MiB \(true\), profile good.dat'

# All together, where it is summed up and where it is not.
run_as sum "$MPROF_TRACE" run -C -o sum.dat sh -c 'sleep 0.3; exit 0'
says sum '^mprof-trace: 2 processes: the main one [0-9.]+ MiB \(sh\), the highest child [0-9.]+ MiB \(sleep, [0-9]+\)$'
says sum '^mprof-trace: peak [0-9.]+ MiB \(sampled sum of all processes, at [0-9.]+ (us|ms|s)\), profile sum.dat$'
highest=$(awk '/^MEM/ && $2 > highest { highest = $2 } END { printf "%.1f", highest }' sum.dat)
says sum "peak $highest MiB"
run_as apart "$MPROF_TRACE" run -T 0.02 -o apart.dat sh -c 'sleep 0.5; exit 0'
says apart 'the highest child [0-9.]+ MiB \(sleep, [0-9]+\), all together (at least )?[0-9.]+ MiB'

# Processes that come and go between two ticks: the sum is that of all samples, those at starts and ends among them.
run_as between "$MPROF_TRACE" run -T 0.05 -f main -o between.dat "$TARGETS/fork_many"
"$TESTS/lib/check_summary.py" between.dat between.err || fail "$(cat between.err)"
says between 'all together'
