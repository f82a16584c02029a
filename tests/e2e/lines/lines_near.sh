#!/bin/sh
# Lines too near to each other for a jump at each: past --max-hits one jump tells of both, in all threads, each execution is
# counted, and what they gained adds up. With breakpoints alone nothing changes.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for probe in auto pad breakpoint; do
	run_as "$probe" "$MPROF_TRACE" run -v --lines --max-hits 500 --probe "$probe" -f fill -o "$probe.dat" \
		"$TARGETS/lines_near"
	status_is "$probe" 0
	"$TESTS/lib/check_lines.py" "$probe.dat" "$TESTS/targets/lines/lines_near.c" || exit 1
	stops=$(sed -n 's/.*: \([0-9]*\) stops at .* sites: another site is too near.*/\1/p' "$probe.err")
	[ "$probe" = breakpoint ] || [ "${stops:-0}" -lt 10000 ] ||
		fail "$probe: $stops of 40000 executions were stops, 500 of which were to be read"
done
