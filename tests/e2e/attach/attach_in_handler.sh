#!/bin/sh
# Attached to while a thread is in a signal handler that will return into the middle of a function, which is hot: no
# jump is written over the place where the thread comes back to.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

for how in asleep computing altstack; do
	start_program waits "$TARGETS/handler_waits" "$how"
	ready_pid waits >/dev/null
	start_attach attached -v --probe pad --max-calls 1000 -f load_second -o attached.dat "$program"
	# Its calls come by stops; enough of them for a jump, were it not for the handler.
	wait_until has_lines attached.dat ^FUNC 200
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] || fail "$how: it ended with status $run_result: $(cat waits.out)"
	end_recorder attached
	status_is attached 0
done
