#!/bin/sh
# SIGKILL at random moments under load, of the front end alone, and of all our processes at once: how
# many attached programs survive it, with right sums. After the front end's death nobody may be left. Most
# attaches are killed when jumps lead to pads; PROBE=pad makes them from the first hit on.
# How late timers are is told and not judged here: soak/attach.sh does that.
# timeout: 7200
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

kills=${SOAK_KILLS:-200}
seed=${SOAK_SEED:-$$}

# The processes of $recorder: the front end and its children, whatever sessions they have.
all_of_recorder() {
	echo "$recorder"
	ps -o pid= --ppid "$recorder"
}

# A random number below $1.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	random=$((seed / 65536 % $1))
}

# $1: front or all. Sets $survived, $restored and $rounds.
kill_often() {
	rounds=0
	survived=0
	restored=0
	start_busy -l -j 8 -r "${SOAK_HITS:-40000}"
	while [ "$rounds" -lt "$kills" ]; do
		rounds=$((rounds + 1))
		random 3
		functions=$(echo 'work_*,take_result,on_number work_*,compare_work,now_ns,pause_ns work_leaf' |
			cut -d' ' -f$((random + 1)))
		random 60
		wait_ms=$random
		start_recorder killed attach -T 0.01 --probe "${PROBE:-auto}" --max-calls 1000 -f "$functions" \
			-o killed.dat "$program"
		# From the first moments, when not all is in place yet, to the middle of the work.
		[ $((rounds % 5)) -eq 0 ] ||
			wait_until sh -c "grep -q 'attached to' killed.err || ! kill -0 $recorder"
		sleep "0.0$(printf %02d "$wait_ms")"
		engine=$(ps -o pid= --ppid "$recorder" | tr -d ' ')
		if [ "$1" = front ]; then
			kill -KILL "$recorder"
		else
			# shellcheck disable=SC2046 # one word a pid
			kill -KILL $(all_of_recorder) 2>/dev/null
		fi
		wait "$recorder" 2>/dev/null
		if [ "$1" = front ]; then
			# Threads that sleep are let go by its end.
			[ -z "$engine" ] || wait_until sh -c "! kill -0 $engine 2>/dev/null"
			wait_until "$TESTS/lib/own_code.py" "$program" && restored=$((restored + 1))
		else
			# An engine that was not there yet when we looked leaves by itself. It goes on: does it?
			wait_until sh -c "! grep -q '^TracerPid:.*[1-9]' /proc/$program/status"
			sleep 0.1
		fi
		if kill -0 "$program" 2>/dev/null && ! is_in_state "$program" Z; then
			survived=$((survived + 1))
		else
			run_result=0
			wait "$program" || run_result=$?
			echo "  $1, round $rounds: the program has died, status $run_result ($functions)"
			start_busy -l -j 8 -r "${SOAK_HITS:-40000}"
		fi
	done
	if [ "$1" = all ]; then # whatever is left in it, the next attach heals
		start_attach healing -f work_leaf -o healing.dat "$program"
		stop_attach healing
		is_own_code "$program" || fail "all: traps are left after another attach"
	fi
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	grep FAULT busy.out
	echo "$1 killed: $survived of $rounds programs survived; the last one ended with $run_result"
}

kill_often front
front=$survived
[ "$restored" -eq "$rounds" ] || fail "in $((rounds - restored)) rounds the code was not restored"
[ "$run_result" -eq 0 ] || fail "the front end's death was felt"
kill_often all
[ "$front" -eq "$kills" ] || fail "not all survive the front end's death"
grep -E 'wrong' busy.out | grep FAULT && fail "results are wrong after everybody's death"
exit 0
