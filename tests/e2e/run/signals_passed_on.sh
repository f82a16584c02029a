#!/bin/sh
# SIGTERM and SIGINT sent to mprof-trace alone reach the program, once; the file is closed.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for signal in TERM INT; do
	# Handled by the program, which goes on.
	start_recorder handled run -q -T 0.02 -f waits_inside -o handled.dat "$TARGETS/waits_for_signals"
	program=$(ready_pid handled)
	kill -"$signal" "$recorder"
	wait_until grep -q "^got SIG$signal" handled.out
	kill -USR1 "$program"
	end_recorder handled
	status_is handled 7
	[ "$(grep -c '^got' handled.out)" -eq 1 ] || fail "SIG$signal arrived more than once"
	[ "$(count_calls handled.dat waits_inside)" -eq 1 ] || fail "no record of waits_inside"
	well_formed handled.dat

	# Fatal to the program.
	start_recorder fatal run -q -T 0.02 -f waits_inside -o fatal.dat \
		"$TARGETS/waits_for_signals" default
	ready_pid fatal >/dev/null
	kill -"$signal" "$recorder"
	end_recorder fatal
	status_is fatal $((128 + $(/bin/kill -l "$signal")))
	[ "$(count_calls fatal.dat waits_inside exit)" -eq 1 ] || fail "waits_inside is not closed"
	well_formed fatal.dat
done

# Sent to the process group of both, it comes once, though we are late to look at either.
: >group.out
# A shell has its background jobs ignore SIGINT.
env --default-signal=INT setsid "$MPROF_TRACE" run -q -f waits_inside -o group.dat \
	"$TARGETS/waits_for_signals" >group.out 2>group.err &
recorder=$!
program=$(ready_pid group)
engine=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$program/status")
kill -STOP "$engine"
for signal in INT TERM; do
	kill -"$signal" "-$recorder"
done
# The program stands before one of them; the front end has sent us both.
waits() {
	grep -q '^State:.t' "/proc/$program/status" &&
		grep -q '^ShdPnd:.*4002$' "/proc/$engine/status"
}
wait_until waits
kill -CONT "$engine"
both_came() {
	grep -q '^got SIGINT' group.out && grep -q '^got SIGTERM' group.out
}
wait_until both_came
kill -USR1 "$program"
wait "$recorder" || :
grep -qx 'SIGINT 1, SIGTERM 1' group.out || fail "to the group: $(tail -n 1 group.out)"
