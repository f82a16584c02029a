#!/bin/sh
# Calls of a function that are summed up leave no record: one that is open at the detach has one all the same, also when it
# sleeps and is not woken. So has one whose thread is killed in it.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# summed_up LABEL WORD: the program with WORD is attached to, and its calls leave no records; then it is in the long one.
summed_up() {
	start_program "$1.program" "$TARGETS/long_at_last" "$2"
	wait_until grep -q '^ready' "$1.program.out"
	start_attach "$1" -v -f step --probe pad --max-calls 1 -o "$1.dat" "$program"
	wait_until sh -c "grep -Eq 'are summed up|no call is recorded by a jump' '$1.err'"
	grep -q 'are summed up' "$1.err" || skip "no call is summed up here: $(tail -n 1 "$1.err")"
	kill -USR1 "$program"
	wait_until grep -q '^inside' "$1.program.out"
}

# ends_as LABEL HOW: its last call.
ends_as() {
	[ "$(grep -c "^FUNC.* $2\$" "$1.dat")" -eq 1 ] || fail "$1: no call has ended in this way: $2; $(tail -n 3 "$1.dat")"
}

for way in sleeps computes; do
	summed_up "$way" "$way"
	stop_attach "$way"
	is_own_code "$program" || fail "$way: its code is not its own"
	kill -USR2 "$program"
	wait "$program" || fail "$way: the program ends with $?"
	ends_as "$way" open
done

summed_up killed sleeps
kill -KILL "$program"
end_recorder killed
ends_as killed exit
