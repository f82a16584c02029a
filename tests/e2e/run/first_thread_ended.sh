#!/bin/sh
# A process whose first thread has ended before the others: it can be attached to, and its memory is
# read through another thread, whether it is traced or only sampled.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# holds_20 FILE: the last reading is that of the memory that the other thread has taken.
holds_20() {
	awk '$1 == "MEM" { last = $2 } END { exit !(last >= 20 && last < 40) }' "$1"
}

start_program held "$TARGETS/main_ends_then_spawns" holds
ready_pid held >/dev/null
run_as probed "$MPROF_TRACE" attach -t 0.5 -T 0.02 -f leaf -o probed.dat "$program"
status_is probed 0
[ "$(count_calls probed.dat leaf)" -ge 10 ] || fail "its calls are not recorded"
holds_20 probed.dat || fail "its memory is not read"
run_as sampled "$MPROF_TRACE" attach -t 0.3 -T 0.02 -o sampled.dat "$program"
status_is sampled 0
holds_20 sampled.dat || fail "its memory is not sampled"
kill -USR1 "$program"
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 3 ] || fail "it ended in another way: status $run_result"

# What it starts shares its memory first, and is not followed: the traps in that memory stay.
run_as alone "$MPROF_TRACE" run -q --no-follow -f leaf -o alone.dat "$TARGETS/main_ends_then_spawns"
status_is alone 3
[ "$(count_calls alone.dat leaf)" -eq 10 ] || fail "not all calls are recorded with --no-follow"

# Here it ends while its process is being sampled.
start_recorder whole run -T 0.02 --no-probes -o whole.dat "$TARGETS/main_ends_then_spawns" holds
program=$(ready_pid whole)
wait_until holds_20 whole.dat
kill -USR1 "$program"
end_recorder whole
status_is whole 3
