#!/bin/sh
# Attached to while it gets signals all the time: what is done in the program happens in a stop at one of them. Its
# handler is told where the fault was and what was sent, as ever.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_program told "$TARGETS/faults_told"
wait_until grep -q '^ready' told.out
rounds=0
while [ "$rounds" -lt 2 ]; do
	rounds=$((rounds + 1))
	start_attach attached -f meets_signals,mends,takes_value -T 1 -o attached.dat "$program"
	wait_until has_lines attached.dat '^CHFUNC' 1
	stop_attach attached
done
kill -TERM "$program"
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 0 ] || {
	cat told.out
	fail "it was told something else"
}
