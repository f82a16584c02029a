#!/bin/sh
# The engine dies of SIGKILL in front of a random one of its calls that touch the program: between any two steps of
# making a jump, mapping memory, letting a thread go. The program goes on, with right results.
# asserts: unharmed target
# timeout: 3600
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
! ldd "$MPROF_TRACE" | grep -q libasan || skip "AddressSanitizer wants to be the first library"

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$program/stat"
}

works_on() {
	[ "$(cpu_ticks)" -gt "$1" ]
}

seed=${SOAK_SEED:-$$}
# A random number below $1.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	random=$((seed / 65536 % $1))
}

echo "seed $seed"
start_busy -l -j 8 -r "${BUSY_HITS:-40000}"
round=0
died=0
while [ "$round" -lt "${SOAK_ROUNDS:-200}" ]; do
	round=$((round + 1))
	# Most of what happens once happens early.
	if [ $((round % 2)) -eq 0 ]; then random 120; else random 1500; fi
	at=$((random + 1))
	rm -f fail.log
	MPROF_TRACE_TEST=$PWD env LD_PRELOAD="$TARGETS/libfail_calls.so" FAIL_LOG="$PWD/fail.log" FAIL_CALL=traced \
		FAIL_ERRNO=0 FAIL_AT=$at "$MPROF_TRACE" attach -t 20 --probe pad --max-calls 100 \
		-f 'work_*,take_result,on_number' -o died.dat "$program" >died.out 2>died.err || true
	[ ! -s fail.log ] || died=$((died + 1))
	if ! kill -0 "$program" 2>/dev/null || is_in_state "$program" Z; then
		run_result=0
		wait "$program" || run_result=$?
		fail "round $round: it died with status $run_result when the engine was killed at call $at"
	fi
	wait_until works_on "$(($(cpu_ticks) + 1))"
done
start_attach healing -T 0.01 -f work_leaf -o healing.dat "$program"
wait_until grep -q '^FUNC work_leaf' healing.dat
stop_attach healing
is_own_code "$program" || fail "what was left in its code has not been removed"
end_busy
[ "$died" -ge $((round / 2)) ] || fail "the engine has died in $died of $round rounds only"
echo "the engine has died in $died of $round rounds"
