#!/bin/sh
# A child that is not followed may have been made before what is mapped in its parent: it is let go all the same, with its
# handlers.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program forks "$TARGETS/forks_and_faults"
wait_until grep -q '^ready' forks.out
for round in 1 2 3 4 5; do
	rm -f forks.dat
	start_attach attached --no-follow --probe pad --survival=no -f '/^called_/' -o forks.dat "$program"
	wait_until grep -q called_ff forks.dat
	stop_attach attached
	is_own_code "$program" || fail "round $round: traps are left in its code"
done
end_told forks "round $round"
