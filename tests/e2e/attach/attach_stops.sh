#!/bin/sh
# Attached to while children stop themselves: each is stopped until it is continued, at whatever point of that it was.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program stops "$TARGETS/stops_itself"
wait_until grep -q '^ready' stops.out
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
	start_attach attached --stacks=peak,growth,calls -f leaf,stops,turn -o stops.dat "$program"
	wait_until sh -c "grep -Eq '^(CH)?FUNC leaf' stops.dat || ! kill -0 $program 2>/dev/null"
	stop_attach attached
	! grep '^a child' stops.out || fail "round $round: it has felt that"
	is_own_code "$program" || fail "round $round: traps are left in its code"
	well_formed stops.dat
done
end_told stops 'it is not well'
