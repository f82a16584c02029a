#!/bin/bash
# A fuzzer as a test: short.sh NAME RUNS. What it begins with, what was found before, and RUNS inputs made of them, always
# the same; FUZZ_RUNS=N asks for more. Run by tests/e2e/project/fuzz_NAME.sh, in an empty directory.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
build=$(dirname "$MPROF_TRACE")
[ -d "$build/obj" ] || {
	echo "skipped: $MPROF_TRACE is not where it was built"
	exit 77
}
FUZZ_RUNS=${FUZZ_RUNS:-$2} FUZZ_TIMEOUT_S=100 FUZZ_PLACE=$PWD "$here/run.sh" "$1" "$build" 0 >log 2>&1 || {
	status=$?
	[ "$status" -eq 77 ] || tail -60 log
	[ "$status" -ne 77 ] || tail -1 log
	exit "$status"
}
grep -E 'DONE|number_of_executed_units' log
