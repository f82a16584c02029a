#!/bin/sh
# Ctrl-Z, jobs and fg in an interactive shell: the program stops and goes on as if it were alone.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command bash
run_as plain "$TESTS/lib/job_control.py" "$TARGETS/job"
grep -q '^status: 7$' plain.out || { cat plain.out plain.err; fail "the untraced run says no status"; }
run_as watched "$TESTS/lib/job_control.py" "$MPROF_TRACE" run -q -o watched.dat "$TARGETS/job"
same_as_untraced watched || fail "it behaved in another way"
well_formed watched.dat
run_as probed "$TESTS/lib/job_control.py" "$MPROF_TRACE" run -q -f leaf,works,handler -o probed.dat \
	"$TARGETS/job"
same_as_untraced probed || fail "it behaved in another way when probed"
well_formed probed.dat
[ "$(count_calls probed.dat works)" -eq 1 ] || fail "not one call of works"
[ "$(count_calls probed.dat handler)" -eq 4 ] || fail "not three SIGCONTs and one SIGUSR1"
