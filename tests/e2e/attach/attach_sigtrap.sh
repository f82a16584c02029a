#!/bin/sh
# What a program has said of SIGTRAP before mprof-trace came is so while it records, and when it has gone,
# also for a thread that was at one of our traps when we left.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

for way in ignored_sleeps ignored_blocked_sleeps ignored_threads_late_sleeps handled_sleeps \
	handled_blocked handled_blocked_threads_late; do
	start_program keeps "$TARGETS/keeps_sigtrap" "$way"
	wait_until grep -q '^ready' keeps.out
	for round in 1 2 3; do
		come_and_go "$way, round $round" -f work_leaf
	done
	end_told keeps "$way"
done
