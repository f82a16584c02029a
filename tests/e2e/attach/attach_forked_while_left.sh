#!/bin/sh
# A process that forks at the moment at which it is left: the child has jumps that are none any more in its parent when we
# hear of it.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# At its fork, mostly, or else its child does.
stands_still() {
	is_in_state "$program" t || is_in_state "$program" S
}

start_program forks "$TARGETS/forks_between_jumps"
wait_until grep -q '^ready' forks.out
for round in 1 2 3 4 5 6 7 8 9 10; do
	for follow in '' --no-follow; do
		rm -f forks.dat
		# shellcheck disable=SC2086
		start_attach attached $follow --probe pad -f makes_way,makes_way_too -o forks.dat "$program"
		wait_until grep -q makes_way_too forks.dat
		hold_engine
		wait_until stands_still
		kill -CONT "$engine"
		end_recorder attached
		status_is attached 0
		is_own_code "$program" || fail "round $round: traps are left in its code"
	done
done
end_told forks "round $round"
