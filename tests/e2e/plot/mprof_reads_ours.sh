#!/bin/sh
# memory_profiler's mprof plots what we record and tells its peak: names with spaces, children too.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command python3-mprof file
export MPLBACKEND=Agg

# mprof_reads FILE: plot (with brackets, as flames too) and peak.
mprof_reads() {
	run_as plot python3-mprof plot -o "$1.png" "$1"
	status_is plot 0
	file "$1.png" | grep -q 'PNG image' || fail "no picture of $1"
	run_as flame python3-mprof plot --flame -o "$1.flame.png" "$1"
	status_is flame 0
	run_as peak python3-mprof peak "$1"
	status_is peak 0
	awk '{ for (i = 2; i <= NF; i++) if ($i == "MiB" && $(i - 1) > 0.1) found = 1 } END { exit !found }' \
		peak.out || fail "no peak of $1"
}

run_as words "$MPROF_TRACE" run -q -T 0.01 -f 'shapes::*' -o words.dat "$TARGETS/overloads"
status_is words 0
grep -q '^FUNC shapes::' words.dat || fail "no calls were recorded"
mprof_reads words.dat

run_as tree "$MPROF_TRACE" run -q -T 0.01 -f leaf,child_work -o tree.dat "$TARGETS/fork_calls"
status_is tree 0
mprof_reads tree.dat

# What is open at the end, or killed, or condensed, disturbs nobody.
run_as killed "$MPROF_TRACE" run -q -T 0.01 -f within,innermost -o killed.dat "$TARGETS/end" killed
mprof_reads killed.dat
run_as many "$MPROF_TRACE" run -q -T 0.01 --max-calls 10 -f step -o many.dat "$TARGETS/threads_many" 100
mprof_reads many.dat
