#!/bin/sh
# 10,000,000 calls of one function: condensed, so that the file stays small and the sums right.
# timeout: 7200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

calls=${SOAK_CALLS:-10000000}
export RUN_SECONDS=3600
run_as plain "$TARGETS/threads_many" "$calls" 1
run_as traced "$MPROF_TRACE" run -q --max-calls 100000 -f step -o traced.dat \
	"$TARGETS/threads_many" "$calls" 1
same_as_untraced traced || fail "the program behaves in another way"
grep -v -e step_inner -e 'expect threads' plain.out >expected
"$TESTS/lib/check_records.py" traced.dat expected 0 || fail "the sums are wrong"
size=$(stat -c %s traced.dat)
# 100,000 lines of 130 bytes at most, and less than 1 KiB a tick of 0.1 s.
[ "$size" -lt $((100000 * 130 + RUN_SECONDS * 10 * 1024)) ] || fail "the file has $size bytes"
echo "$calls calls, $size bytes"
