#!/bin/sh
# Stacks of threads that sleep, at peaks: as they are, to the thread's first function, and without waking them.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# stack_of FUNCTION: the stacks of FILE.dat that a sleeping thread has in a system call: "CALL f g h", the innermost first.
stacks() {
	awk '$1 == "FRAME" { outer[$2] = $3; name[$2] = $4 }
		$1 == "STACK" && $7 == "peak" && $8 == "asleep" {
			line = $9
			for (id = $2; id != 0; id = outer[id])
				line = line " " name[id]
			print line
		}' "$1"
}

run_as plain "$TARGETS/sleepers"
for options in '' '-f grows' '--no-probes'; do
	# shellcheck disable=SC2086 # two words, or none
	run_as asleep "$MPROF_TRACE" run -q --stacks=peak $options -o asleep.dat "$TARGETS/sleepers"
	same_as_untraced asleep
	well_formed asleep.dat
	stacks asleep.dat >stacks.txt
	grep -Eq '^read (\S+ )*sleeps_in_read reader (\S+ )*clone3?$' stacks.txt ||
		grep -Eq '^read (\S+ )*sleeps_in_read reader( |$)' stacks.txt ||
		{ cat stacks.txt; fail "$options: no stack of the thread that reads"; }
	grep -Eq '^poll (\S+ )*sleeps_in_poll poller( |$)' stacks.txt ||
		{ cat stacks.txt; fail "$options: no stack of the thread that polls"; }
done
