#!/bin/sh
# --stacks=growth: growth of known functions is charged to them, in bursts between long calls of a function that does not grow,
# in threads, children, huge pages, shared memory and files; without frame pointers; with and without tracing.
set -eu
# shellcheck source=tests/lib/growth.sh
. "$TESTS/lib/growth.sh"
need_perf_events

for run in 1 2 3; do
	run_as "bursts$run" "$MPROF_TRACE" run --stacks=growth -o "bursts$run.dat" "$TARGETS/grow_known" bursts
	check_known "bursts$run"
	# It touches the memory in a function of its own, which has the most.
	[ "$(awk '$1 != "all" { print $1; exit }' "bursts$run.growth")" = touch ] ||
		fail "another one is first: $(head -n 4 "bursts$run.growth")"
done

run_as kinds "$MPROF_TRACE" run --stacks=growth -T 0.02 -o kinds.dat \
	env GROW_KNOWN_RECORDING="$PWD/kinds.dat" "$TARGETS/grow_known" kinds
if grep -q 'always\] madvise\|\[madvise\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null; then
	check_known kinds
else
	sed -i '/grow_huge/d' kinds.out # there are none here
	check_known kinds
fi
run_as untraced "$MPROF_TRACE" run --no-probes --stacks=growth -o untraced.dat "$TARGETS/grow_known" bursts
check_known untraced

# Of each page, whatever it costs.
run_as each "$MPROF_TRACE" run --stacks=growth --step 4KiB -o each.dat "$TARGETS/grow_known" bursts
check_known each

# Its growth is what the process has, but for what it had of libraries and gave back.
peak=$(awk '$1 == "PEAK" && $3 > most { most = $3 } END { print most }' bursts1.dat)
is_near 'all of it' "$(awk '$1 == "all" { print $2 }' bursts1.growth)" "$peak" 15
