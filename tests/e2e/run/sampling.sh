#!/bin/sh
# MEM lines come at the interval, from the start to the end, in order; children get CHLD lines.
# shellcheck disable=SC2016 # another shell expands it
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# on_grid FILE INTERVAL: MEM lines at the points of a grid, but for those that TICKS says were missed
# or left out, however late and however few they are. The first and the last line are the program's
# start and end, at no point of it. What is late is past its point by TICKS' largest at most; but for
# one that was held up between reading and noting the time, as the last one may have been.
on_grid() {
	awk -v interval="$2" '
		$1 == "MEM" { if ($3 + 0 < last + 0) back = 1; last = at[++n] = $3 }
		$1 == "TICKS" { absent = $3 + $4; late = $6 }
		END {
			span = at[n - 1] - at[2]
			for (i = n - 2; i < n; i++)
				if (i - 2 + absent >= (at[i] - at[2] - late) / interval - 2)
					enough = 1
			if (back || n < 5 || !enough || n - 3 > span / interval + 2) {
				printf "%d MEM lines, %d absent, in %.3f s\n", n, absent, span
				exit 1
			}
		}' "$1" || fail "$1: MEM lines are not at the interval"
}

# It lives until samples are in the file, however long that takes.
run_as grid "$MPROF_TRACE" run -q --no-follow -T 0.02 -o grid.dat \
	sh -c 'until [ "$(grep -c ^MEM grid.dat)" -ge 30 ]; do sleep 0.1; done'
status_is grid 0
well_formed grid.dat
on_grid grid.dat 0.02

run_as ticks "$MPROF_TRACE" run -q -T 0.02 -o ticks.dat sh -c 'sleep 0.5 & sleep 0.5; wait'
status_is ticks 0
well_formed ticks.dat
awk '$1 == "MEM" { if ($3 + 0 < last + 0) exit 1; last = $3 }' ticks.dat || fail "MEM goes back in time"
[ "$(awk '$1 == "CHLD" { print $2 }' ticks.dat | sort -u | wc -l)" -eq 2 ] || fail "not two children"
[ "$(grep -c '^DONE' ticks.dat)" -eq 3 ] || fail "not three ends"

# mprof's own default: the first process alone.
run_as alone "$MPROF_TRACE" run -q --no-follow -T 0.02 -o alone.dat sh -c 'sleep 0.2; true'
status_is alone 0
grep -q '^CHLD' alone.dat && fail "a child was followed in spite of --no-follow"

# The tree's sum.
run_as tree "$MPROF_TRACE" run -q -C -T 0.02 -o tree.dat sh -c 'sleep 0.2; true'
status_is tree 0
grep -Eq '^METRIC [a-z]+ tree$' tree.dat || fail "-C is not noted"
