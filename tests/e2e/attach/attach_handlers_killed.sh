#!/bin/sh
# The program's signal handlers call a probed function with SIGTRAP blocked, by their masks: the kernel takes the handler of
# --survival from the program then. It is there again when all of mprof-trace is killed with -9 after that, and the
# program goes on.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# Again without a call in between: the mask is the same at both. HUP: the call is in the outer of two handlers.
for signals in USR2 'USR2 USR2' HUP 'ALRM ALRM' 'USR2 ALRM HUP HUP'; do
	start_program blocks "$TARGETS/handlers_block"
	ready_pid blocks >/dev/null
	start_attach killed --probe breakpoint -f adds_one -o killed.dat "$program"
	handled=0
	for signal in $signals; do
		kill -s "$signal" "$program"
		handled=$((handled + 1))
		[ "$signal" != HUP ] || handled=$((handled + 1))
		wait_until has_lines blocks.out '^handled' "$handled"
	done
	kill_recorder
	end_told blocks "killed after $signals"
done
