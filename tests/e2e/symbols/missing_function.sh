#!/bin/sh
# A pattern that matches nothing: the nearest name, status 125, unless --allow-missing.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

program=$TARGETS/calls_nested

run_as wrong "$MPROF_TRACE" run -f midle -o wrong.dat "$program"
status_is wrong 125
says wrong 'midle'
says wrong 'middle'
grep -q '^sum 90$' wrong.out || fail "the program did not run to its end"
grep -q '^MISS midle ' wrong.dat || fail "no MISS record"
well_formed wrong.dat

run_as allowed "$MPROF_TRACE" run --allow-missing -f midle -o allowed.dat "$program"
status_is allowed 0

# One of two patterns matches: said, but no failure.
run_as mixed "$MPROF_TRACE" run -f midle,inner -o mixed.dat "$program"
status_is mixed 0
says mixed 'midle'
[ "$(count_calls mixed.dat inner)" -eq 18 ] || fail "inner was not recorded"

# The program's own failure is not hidden behind ours when a function matched.
run_as failing "$MPROF_TRACE" run -q -f within,midle -o failing.dat "$TARGETS/end" exit
status_is failing 76
