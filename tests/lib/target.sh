#!/bin/sh
# One program of tests/targets that says what it expects: untraced, traced with its functions probed in
# each of the ways of --probe, once with their lines, traced without probes, and probed with --no-follow. Same
# stdout, stderr and exit status; and each recording holds what was expected, of the first process alone with --no-follow.
#
# A program that calls on until something has happened calls a thousand times more often through pads:
# beyond --max-calls, calls are counted and have no lines of their own.
#
#   target.sh NAME[:VARIANT]      the variant is the program's argument
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

name=${1%%:*}
variant=${1#"$name"}
variant=${variant#:}
program=$TARGETS/$name
[ -x "$program" ] || fail "$program was not built"
set -- "$program" ${variant:+"$variant"}

run_as plain "$@"
read -r plain_status <plain.status
if [ "$plain_status" -eq 77 ]; then
	skip "$(tail -n 1 plain.out)"
fi
functions=$(functions_of plain.out)
[ -n "$functions" ] || fail "names no function (untraced status $plain_status)"

for probe in auto breakpoint pad; do
	run_as "$probe" "$MPROF_TRACE" run -q --probe "$probe" --max-calls 20000 -f "$functions" \
		-o "$probe.dat" "$@"
	same_as_untraced "$probe" || exit 1
done
"$TESTS/lib/check_records.py" auto.dat breakpoint.dat pad.dat plain.out "$plain_status" || exit 1

# What lines have gained adds up to what the calls have, whatever becomes of those.
run_as lines "$MPROF_TRACE" run -q --lines --max-calls 20000 -f "$functions" -o lines.dat "$@"
same_as_untraced lines || exit 1
migrates=
! grep -qx 'expect migrates' plain.out || migrates=--migrates
"$TESTS/lib/check_lines.py" ${migrates:+"$migrates"} lines.dat || exit 1

run_as watched "$MPROF_TRACE" run -q -o watched.dat "$@"
same_as_untraced watched || exit 1

run_as alone "$MPROF_TRACE" run -q --no-follow --allow-missing --max-calls 20000 -f "$functions" \
	-o alone.dat "$@"
same_as_untraced alone || exit 1
"$TESTS/lib/check_records.py" --form watched.dat alone.dat || exit 1
! grep -q '^CHFUNC' alone.dat ||
	fail "alone: calls of another process are recorded"
[ "$(grep -c '^PROC' alone.dat)" -eq 1 ] || fail "alone: not one process is recorded"
