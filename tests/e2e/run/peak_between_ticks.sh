#!/bin/sh
# A peak between two ticks is in no MEM line, and in the PEAK record to 1 %.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as short "$MPROF_TRACE" run -q -T 1000 -o short.dat "$TARGETS/memory_peak_short"
status_is short 0
awk '$1 == "MEM" && $2 > 50 { exit 1 }' short.dat || fail "a MEM line saw the peak: the test is void"
awk '$1 == "PEAK" && $3 >= 200 && $3 <= 202 { found = 1 } END { exit !found }' short.dat || {
	grep '^PEAK' short.dat
	fail "the peak is not within 200 to 202 MiB"
}
