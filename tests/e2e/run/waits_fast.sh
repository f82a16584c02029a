#!/bin/sh
# While stops come fast the engine blocks in wait4. It notices ticks, signals, the timeout and the end of the
# front end all the same: while they go on, and when there never is another stop after them.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

is_own_code() {
	"$TESTS/lib/own_code.py" "$@"
}

is_gone() {
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

no_recorder() {
	[ -z "$(recorder_pids)" ]
}

# has_ticks FILE COUNT
has_ticks() {
	[ "$(grep -c '^MEM' "$1")" -ge "$2" ]
}

# begin WAY OPTION...: $program runs, and has made a thousand calls.
begin() {
	way=$1
	shift
	rm -f fast.dat
	start_recorder fast run -q -f step -o fast.dat "$@" "$TARGETS/calls_fast" "$way"
	program=$(ready_pid fast)
}

for way in then_waits on_and_on; do
	for round in 1 2 3 4 5; do
		begin "$way"
		kill -TERM "$recorder"
		end_recorder fast
		status_is fast 143
		well_formed fast.dat
		[ "$way" = on_and_on ] || [ "$(count_calls fast.dat step)" -eq 1000 ] ||
			fail "$way, round $round: not all calls"
	done

	begin "$way" -T 0.01
	wait_until has_ticks fast.dat 30
	kill -INT "$recorder"
	end_recorder fast
	status_is fast 130
	well_formed fast.dat

	begin "$way" -t 1 --kill-on-timeout
	end_recorder fast
	status_is fast 137
	well_formed fast.dat

	begin "$way"
	kill -KILL "$recorder"
	end_recorder fast
	wait_until is_own_code "$program"
	wait_until no_recorder
	well_formed fast.dat
	kill -0 "$program" || fail "$way: the program has not survived"
	kill -KILL "$program"
	wait_until is_gone "$program"
done
