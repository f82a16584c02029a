#!/bin/sh
# The process that was started dies by SIGKILL while the program works: the program goes on with its
# own code, unwatched, and ends as it would have. The recording is whole.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

is_own_code() {
	"$TESTS/lib/own_code.py" "$@"
}

no_recorder() {
	[ -z "$(recorder_pids)" ]
}

is_gone() {
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

# $1: the signal; $2: how long to wait first, in seconds; $3: functions
check_round() {
	rm -f front.out && : >front.out # not the last round's "ready"
	start_recorder front run -T 0.01 -f "$3" -o front.dat "$TARGETS/works_until_told"
	wait_until grep -q '^ready ' front.out
	read -r _ program child <front.out
	sleep "$2"
	kill "-$1" "$recorder"
	end_recorder front
	wait_until is_own_code "$program" "$child" ||
		{ is_own_code "$program" "$child"; fail "$1 after $2 s"; }
	kill -USR1 "$program"
	wait_until is_gone "$program"
	grep -q '^wrong 0, worked 1, child 900$' front.out || { cat front.out; fail "$1 after $2 s: another result"; }
	wait_until no_recorder # it may still be writing when it has let all go
	well_formed front.dat
}

for wait in 0 0.003 0.011 0.02 0.034 0.05; do
	check_round KILL "$wait" leaf,middle,outer
done
check_round KILL 0.05 '*'
