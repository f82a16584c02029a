#!/bin/sh
# Ctrl-C on a terminal: the program gets one SIGINT, not a second one from us.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as plain "$TESTS/lib/in_terminal.py" "$TARGETS/waits_for_signals"
status_is plain 7
run_as traced "$TESTS/lib/in_terminal.py" "$MPROF_TRACE" run -q -T 0.02 \
	-f waits_inside -o traced.dat "$TARGETS/waits_for_signals"
same_as_untraced traced || fail "it behaved in another way"
grep -q 'SIGINT 1, SIGTERM 0' traced.out || fail "not exactly one SIGINT"
[ "$(count_calls traced.dat waits_inside)" -eq 1 ] || fail "no record of waits_inside"
well_formed traced.dat

# A program that dies of it.
run_as plain "$TESTS/lib/in_terminal.py" sh -c 'trap - INT; echo ready $$; exec sleep 60'
run_as traced "$TESTS/lib/in_terminal.py" "$MPROF_TRACE" run -q -o dies.dat \
	sh -c 'trap - INT; echo ready $$; exec sleep 60'
status_is plain 130
status_is traced 130
well_formed dies.dat
