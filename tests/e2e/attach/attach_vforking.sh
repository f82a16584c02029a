#!/bin/sh
# Attached to while a thread that computes calls vfork: one that was asked to stop a moment before waits for its child then,
# and that is in its first stop, and waits for us. Of this program, about every twentieth attach comes at such a moment.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program vforking "$TARGETS/vforking"
ready_pid vforking >/dev/null
round=0
while [ "$round" -lt "${ATTACH_ROUNDS:-60}" ]; do
	round=$((round + 1))
	run_as attached "$MPROF_TRACE" attach -t 0.02 -f turn -o attached.dat "$program"
	status_is attached 0
	well_formed attached.dat
done
is_own_code "$program" || fail "traps are left in its code"
end_told vforking 'it has felt that'
