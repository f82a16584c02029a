#!/bin/sh
# Jumps that need the bytes of others, which need those of one more, go in their order: when mprof-trace leaves, and when
# the next one takes away what a killed one has left. A thread runs through them all the time.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

functions=third_helps,both_help
has_jumps=0

# record: attaches, until calls are recorded.
record() {
	start_attach hot -v -v -T 0.01 --probe pad --max-calls 1000 -f "$functions" -o hot.dat "$program"
	wait_until has_lines hot.dat '^FUNC both_help' 500
	if grep -q 'has made way' hot.err; then
		has_jumps=$((has_jumps + 1))
	fi
}

start_program until "$TARGETS/punned_fixed" until
wait_until grep -q '^ready' until.out
for round in 1 2 3 4 5 6; do
	record
	if [ $((round % 2)) -eq 0 ]; then
		pids=$(recorder_pids)
		# shellcheck disable=SC2086
		kill -KILL $pids
		wait "$recorder" 2>/dev/null
		record # takes over what was left
	fi
	stop_attach hot
	is_own_code "$program" || fail "round $round: patches are left in its code"
done
[ "$has_jumps" -gt 0 ] || grep -q 'nothing could be mapped' hot.err || fail "nothing has made way"
kill -USR1 "$program"
wait "$program" || fail "the program has felt something, or ended in another way: status $?"
