#!/bin/sh
# Attached to and left 20 times, a program with 70 threads feels nothing: no EINTR, no short transfer,
# no timeout too early or late, no signal lost or twice. Its code is its own again each time.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_busy -j 8
round=0
while [ "$round" -lt "${ATTACH_ROUNDS:-20}" ]; do
	round=$((round + 1))
	case $((round % 4)) in
	0) functions=work_leaf ;;
	1) functions='work_*' ;;
	2) functions=work_outer,work_deep,compare_work ;;
	3) functions='work_*,take_result,on_number' ;; # in a signal handler, and between transfers
	esac
	start_attach attached -T 0.01 -f "$functions" -o busy.dat "$program"
	if [ $((round % 3)) -eq 0 ]; then # long enough for the timeouts to end under us
		wait_until has_lines busy.dat ^MEM 20
	else
		wait_until grep -q ^FUNC busy.dat
	fi
	stop_attach attached
	is_own_code "$program" || fail "round $round: traps are left in its code"
	well_formed busy.dat
	[ "$(grep -c ^FUNC busy.dat)" -gt 0 ] || fail "round $round: no call was recorded"
done
# Threads that sleep lightly are always there, so that somebody can unmap what was ours.
left=$(mappings_of "$program" | awk '$2 ~ /x/ && $3 == ""')
[ -z "$left" ] || fail "these mappings are left: $left"
"$MPROF_TRACE" plot -o busy.png busy.dat >/dev/null || fail "no plot"
end_busy
