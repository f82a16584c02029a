#!/bin/sh
# Calls that are active when we come are recorded, with the levels that they have, and end when they
# return; those that are still open when we go are marked so.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# Sets $program, which stands in its calls until the FIFO is closed (descriptor 9).
start_asleep() {
	rm -f hold
	mkfifo hold
	"$ATTACHED/asleep" <hold >asleep.out 2>asleep.err &
	program=$!
	exec 9>hold
	wait_until grep -q '^ready' asleep.out
	read -r _ _ second <asleep.out
}

# Closes the FIFO, and checks that nothing was felt.
end_asleep() {
	exec 9>&-
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 3 ] || fail "status $run_result"
	grep -qx 'second 2' asleep.out || fail "another result"
	grep -qx 'first 24, again 24' asleep.out || { cat asleep.out; fail "another result"; }
	! grep interrupted asleep.out || fail "its system call was interrupted"
}

start_asleep
start_attach seen -o seen.dat -f main,outermost,deep,innermost,thread_main "$program" 9>&-
end_asleep
end_recorder seen # the target has ended
status_is seen 0
well_formed seen.dat
cat seen.dat >&2
