#!/bin/sh
# What other threads have called while records of one were being taken keeps its times, also where it is fetched with those.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as pad "$MPROF_TRACE" run -q --probe pad --max-calls 1000000 -f quick,lasting -o pad.dat "$TARGETS/other_return" 10
status_is pad 0
"$TESTS/lib/check_records.py" pad.dat pad.out 0
