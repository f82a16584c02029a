#!/bin/sh
# A child that its parent never waits for: where nobody is traced, it is one process all the same.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as zombie "$MPROF_TRACE" run --no-probes -T 0.01 -o zombie.dat sh -c 'sleep 0.1 & exec sleep 0.6'
status_is zombie 0
[ "$(grep -c '^PROC' zombie.dat)" -eq 2 ] || fail "$(grep -c '^PROC' zombie.dat) processes, not 2"
says zombie '2 processes'
