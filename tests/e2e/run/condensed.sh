#!/bin/sh
# A function called very often is condensed: few lines, and the sums are right.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as plain "$TARGETS/threads_many" 500 4
run_as condensed "$MPROF_TRACE" run -q -T 0.02 --max-calls 100 -f step,step_inner -o condensed.dat \
	"$TARGETS/threads_many" 500 4
same_as_untraced condensed || fail "the program behaved in another way"
# A condensed call says nothing about its thread.
grep -v '^expect threads' plain.out >expected
"$TESTS/lib/check_records.py" condensed.dat expected 0 || fail "the sums are wrong"

# A call that a tick has noted as open has a line of its own in any case; there may be many ticks. So have the longest
# calls: 16 between two flushes, and a few more that are twice as long as all before.
allowed=$((100 + 20 * ($(grep -c '^MEM' condensed.dat) + 1)))
for function in step step_inner; do
	singles=$(awk -v name="$function" '
		$1 == "OPEN" && $2 == name { noted[$4, $7] = 1 }
		$1 == "FUNC" && $2 == name && !(($4, $9) in noted)' condensed.dat | wc -l)
	[ "$singles" -le "$allowed" ] ||
		fail "$singles single calls of $function, at most $allowed were allowed"
	all=$(grep -c "^FUNC $function " condensed.dat)
	[ "$all" -ge 50 ] || fail "only $all single calls of $function"
done
# name pid from to count total shortest longest gained max
awk '$1 == "MANY" {
	windows++
	if ($5 < $4 || $8 > $9 || $7 < $6 * $8 * 0.999 || $7 > $6 * $9 * 1.001 + 1e-9 || $6 < 1) {
		print "contradicts itself: " $0
		wrong = 1
	}
}
END { exit wrong || windows < 2 }' condensed.dat || fail "the windows are wrong"

# Recursion condenses too.
run_as deep "$MPROF_TRACE" run -q --max-calls 10 -f sum_to -o deep.dat "$TARGETS/recursion"
[ "$(count_calls deep.dat sum_to)" -eq 1000 ] || fail "recursion lost calls"
well_formed deep.dat
