#!/bin/sh
# A program with several threads forks while it is being attached to: children that are born between the
# preparation and the first trap are probed as others are, and nothing is said of those that end then.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program forking "$TARGETS/forking"
ready_pid forking >/dev/null
for round in 1 2 3; do
	run_as attached "$MPROF_TRACE" attach -t 1 --max-calls 100000 -f 'leaf,str*' -o attached.dat "$program"
	status_is attached 0
	! grep -i 'warning\|could not' attached.err || fail "round $round: there was nothing to be said"
	# Who has ended 0.2 s after the first call of anybody has made calls until then.
	awk '$1 ~ /^(CH)?FUNC$/ { if (!first || $4 < first) first = $4; calls[$8]++ }
		$1 == "DONE" { ended[$2] = $3 }
		END { for (pid in ended) silent += ended[pid] > first + 0.2 && !calls[pid]
			exit silent > 0 }' attached.dat || fail "round $round: children are not probed"
done
kill -USR1 "$program"
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 3 ] || fail "it ended in another way: status $run_result"
