#!/bin/sh
# Left while a thread that was asked to stop (for a core file) waits for its vfork child, and cannot stop before that child is
# done: nobody waits for that, and its child, which can be stopped, takes nothing away that it needs. When it comes out of vfork
# as we leave, it feels nothing.
# asserts: unharmed target
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"

# attach: until it is asleep in vfork, and has been asked.
attach() {
	start_attach attached -f turn --break-if 'memory>32M' --on-break core -o waits.dat "$program"
	kill -USR2 "$program"
	wait_until grep -aq 'core file of process' attached.err
	is_in_state "$program" D || fail "it does not wait for its child: the test is void"
	rm -f ./*.core.*
}

comes_out() {
	! is_in_state "$program" D
}

mkfifo told
start_program waits "$TARGETS/waits_in_vfork" told
wait_until grep -q '^ready' waits.out
attach
stop_attach attached
is_own_code "$program" || fail "traps are left in its code"
well_formed waits.dat
: >told
wait_until comes_out

# The engine stands still until the thread is in its stop at the end of vfork, and finds that while it leaves.
attach
hold_engine
: >told
wait_until is_in_state "$program" t
kill -CONT "$engine"
end_recorder attached
status_is attached 0
is_own_code "$program" || fail "traps are left in its code"
well_formed waits.dat
end_told waits 'it has felt that'
