#!/bin/sh
# A program that ends while its children are still to be let go, after run -t: so does mprof-trace, with its status.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for _ in 1 2 3 4 5 6; do
	run_as ended "$MPROF_TRACE" run -t 0.2 -f work -o ended.dat "$TARGETS/ends_let_go"
	status_is ended 7
	well_formed ended.dat
done
