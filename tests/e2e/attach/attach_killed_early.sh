#!/bin/sh
# The engine is killed with -9 while the program makes the first system calls for it, at each point between the setting
# of a thread's registers and the next: nothing of ours is in the program yet, and it computes on as if nobody had come.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
! ldd "$MPROF_TRACE" | grep -q libasan || skip "AddressSanitizer wants to be the first library"

for at in ${KILL_AT:-1 2 3 4}; do
	start_program computes "$TARGETS/computes"
	wait_until grep -q '^ready' computes.out
	rm -f fail.log
	MPROF_TRACE_TEST=$PWD env LD_PRELOAD="$TARGETS/libfail_calls.so" FAIL_LOG="$PWD/fail.log" FAIL_CALL=registers \
		FAIL_ERRNO=0 FAIL_AT="$at" "$MPROF_TRACE" attach -f work_mix -o died.dat "$program" >died.out 2>&1 || true
	[ -s fail.log ] || fail "the engine was not killed at call $at"
	kill -TERM "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] ||
		fail "it ended with status $run_result after the engine was killed at call $at"
done
