#!/bin/sh
# All of mprof-trace is killed with -9, 8 times, under load and while jumps lead to pads: the program goes
# on, with right results, though nobody empties the rings any more. What is left in it does no harm, and
# the next attach removes it.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$program/stat"
}

works_on() {
	[ "$(cpu_ticks)" -gt "$1" ]
}

start_busy -l -j 8 -r "${BUSY_HITS:-40000}"
round=0
with_jumps=0
while [ "$round" -lt "${KILL_ROUNDS:-8}" ]; do
	round=$((round + 1))
	case $((round % 3)) in
	0) functions=work_leaf ;;
	1) functions='work_*' ;;
	2) functions='work_*,take_result,on_number,now_ns' ;;
	esac
	start_attach hot -v -T 0.01 --probe "${PROBE:-auto}" --max-calls 1000 -f "$functions" -o hot.dat \
		"$program"
	wait_until has_lines hot.dat ^FUNC 500
	# Half of them in the middle of promotion, the others later.
	[ $((round % 2)) -eq 0 ] || wait_until has_lines hot.dat ^FUNC 900
	kill_recorder
	is_in_state "$program" Z && fail "round $round: the program has not survived ($functions)"
	is_own_code "$program" >left.txt || with_jumps=$((with_jumps + 1))
	wait_until works_on "$(($(cpu_ticks) + 2))"
	sed -i '$d' hot.dat # which may have been cut
	well_formed hot.dat
done
start_attach healing -T 0.01 -f work_leaf -o healing.dat "$program"
wait_until grep -q '^FUNC work_leaf' healing.dat
stop_attach healing
is_own_code "$program" || fail "what was left in its code has not been removed"
end_busy
echo "$with_jumps of $round kills left patches in the code"
