#!/bin/sh
# Calls that pads sum up: as many of each function, whichever way they are recorded, and few lines of their own.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# calls_of FILE: each function, and how many calls the file has of it.
calls_of() {
	awk '/^(CH)?FUNC / { calls[$2]++ } /^MANY / { calls[$2] += $6 }
		END { for (name in calls) print name, calls[name] }' "$1" | sort
}

# same_calls NAME [VARIANT]: of a program of tests/targets that makes the same calls each time.
same_calls() {
	run_as plain "$TARGETS/$1" ${2:+"$2"}
	functions=$(functions_of plain.out)
	[ -n "$functions" ] || fail "$1 names no function"
	shown=$1${2:+:$2}
	for probe in breakpoint pad; do
		run_as traced "$MPROF_TRACE" run -v --probe "$probe" --max-calls 2 -f "$functions" \
			-o "$probe.dat" "$TARGETS/$1" ${2:+"$2"}
		calls_of "$probe.dat" >"$probe.calls"
	done
	cmp -s breakpoint.calls pad.calls ||
		fail "$shown: $(diff breakpoint.calls pad.calls | head -n 4 | tr '\n' ' ')"
	grep -c 'are summed up' traced.err >>summed
	echo "$shown: the same"
}

: >summed
for target in aliases calls_nested pointer_calls qsort_compare random_walk recursion \
	recursion_mutual recursion_some_returns tail_call tail_chain tail_self fork_many \
	fork_threads linked_library opened_library threads_many red_zone:call longjmp:loop \
	exception_threads fibers_outlive_thread; do
	case $target in
	*:*) same_calls "${target%%:*}" "${target#*:}" ;;
	*) same_calls "$target" ;;
	esac
done
grep -Eq 'recorded by [1-9][0-9]* jumps' traced.err || skip 'no jump can be made here'
[ "$(awk '{ sum += $1 } END { print sum }' summed)" -ge 10 ] || fail "hardly any calls are summed up"

# A function that is called a million times: what is not in the ring is not lost.
calls=1000000
"$MPROF_TRACE" run -q --max-calls 1000 -f step -o hot.dat "$TARGETS/threads_many" "$calls" 1 >hot.out ||
	fail "the program fails: $(cat hot.out)"
found=$(calls_of hot.dat | awk '$1 == "step" { print $2 }')
[ "$found" -eq "$calls" ] || fail "$found calls of $calls"
awk '/^MANY / && ($5 < $4 || $9 < $8 || $6 < 1 || $8 * $6 > $7 * 1.01 + 0.000001) { print; bad = 1 } END { exit bad }' \
	hot.dat || fail "sums that cannot be"
