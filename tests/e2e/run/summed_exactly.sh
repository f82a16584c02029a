#!/bin/sh
# Calls that pads sum up are as many as there were, whatever comes in between.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# record WORD...: calls of leaf in a program of tests/targets, with so few lines of their own that nearly all are summed up.
record() {
	run_as traced "$MPROF_TRACE" run -v --probe pad --max-calls 20 -f leaf -o traced.dat "$@"
	status_is traced 0
	grep -q 'are summed up' traced.err ||
		skip "no call is summed up here: $(grep -m 1 'no call is recorded by a jump' traced.err)"
}

# calls_of: of each process that the file knows.
calls_of() {
	awk '/^(CH)?FUNC leaf / && $NF != "forked" { calls[$8]++ } /^MANY leaf / { calls[$3] += $6 }
		END { for (pid in calls) print pid, calls[pid] }' traced.dat
}

# Signals between a call's record and its first instruction: with memory that pads do not read, it leaves no second record by
# itself.
for way in '--memory-age 1000000' '--backend uss'; do
	# shellcheck disable=SC2086
	record $way "$TARGETS/signals_while_summed"
	calls=$(awk '$1 == "calls" { print $2 }' traced.out)
	found=$(calls_of | awk '{ print $2 }')
	[ "$found" -eq "$calls" ] || fail "$way: $found calls of $calls"
done

# at_the_end WAY CHILDREN: what is in the sums of processes that come to an end with them. One that is killed may have begun a
# call that does not know it.
at_the_end() {
	record "$TARGETS/summed_to_the_end" "$1" "$2"
	calls_of >found
	off=$(awk -v most="$([ "$1" = killed ] && echo 1 || echo 0)" '
		NR == FNR { found[$1] = $2; next }
		found[$1] < $2 || found[$1] > $2 + most { print $1 ": " found[$1] + 0 " of " $2 }' found traced.out)
	[ -z "$off" ] || fail "$1: of $2 processes $(echo "$off" | wc -l) are off: $(echo "$off" | head -n 4 | tr '\n' ' ')"
}

at_the_end killed 40
at_the_end ends 60
at_the_end locks 10
at_the_end traces 10
