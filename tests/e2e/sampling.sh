#!/bin/sh
# MEM lines come at the interval, from the start to the end, in order; children get CHLD lines.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as ticks "$MPROF_TRACE" run -q -T 0.02 -o ticks.dat sh -c 'sleep 0.5 & sleep 0.5; wait'
status_is ticks 0
well_formed ticks.dat
awk '$1 == "MEM" { if ($3 + 0 < last + 0) exit 1; last = $3 }' ticks.dat || fail "MEM goes back in time"
samples=$(grep -c '^MEM' ticks.dat)
# A loaded machine takes fewer; twice as many would be wrong at any load.
{ [ "$samples" -ge 8 ] && [ "$samples" -le 60 ]; } || fail "$samples samples of 0.5 s at 0.02 s"
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
