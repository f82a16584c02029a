#!/bin/sh
# A function that lies in a restartable sequence is not probed, and the reason is said; nor is what
# signal handlers return to.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as inside "$MPROF_TRACE" run -v -f inside,update -o inside.dat "$TARGETS/restartable"
[ "$(cat inside.status)" -eq 77 ] && skip "$(tail -n 1 inside.out)"
status_is inside 0
says inside 'inside in .* is not probed: it is part of a restartable sequence'
grep -q '^[A-Z]* update ' inside.dat || fail "the function around it is not probed"
