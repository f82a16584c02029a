#!/bin/sh
# Attached to while children fork: none of them, and none of what they fork, feels it, at whatever point of its fork it was.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program twice "$TARGETS/forks_twice"
wait_until grep -q '^ready' twice.out
for round in 1 2 3 4 5 6 7 8; do
	case $((round % 2)) in
	0) probe=breakpoint ;;
	*) probe=auto ;;
	esac
	start_attach attached --probe $probe -f leaf,work,turn -o twice.dat "$program"
	wait_until grep -q '^FUNC leaf' twice.dat
	stop_attach attached
	is_own_code "$program" || fail "round $round: traps are left in its code"
	well_formed twice.dat
done
end_told twice 'it is not well'
