#!/bin/sh
# 8 threads of 100,000 calls each, 20 times in a row: all calls counted, all paired, output right.
# timeout: 7200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

calls=${SOAK_CALLS:-100000}
export RUN_SECONDS=600
run_as plain "$TARGETS/threads_many" "$calls" 8
round=0
while [ "$round" -lt "${SOAK_ROUNDS:-20}" ]; do
	round=$((round + 1))
	run_as traced "$MPROF_TRACE" run -q --probe "${PROBE:-auto}" -f step -o traced.dat "$TARGETS/threads_many" "$calls" 8
	same_as_untraced traced || fail "round $round: the program behaves in another way"
	grep -v step_inner plain.out >expected
	"$TESTS/lib/check_records.py" traced.dat expected 0 || fail "round $round"
done
echo "$round rounds of 8 threads of $calls calls"
