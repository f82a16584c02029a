#!/bin/sh
# A program that says something else of SIGTRAP all the time has what it has said last, whenever mprof-trace comes and
# goes: also for a thread in a handler of that signal, which it blocks there, and one for which it is pending; and also
# where there is no handler of ours, whose reset would tell that the thread blocks it.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

changes() {
	threads=$1
	survival=$2
	start_program changes "$TARGETS/changes_sigtrap" "$threads"
	wait_until grep -q '^ready' changes.out
	for round in 1 2 3 4 5 6; do
		come_and_go "$threads threads, $survival, round $round" --survival="$survival" -f leaf,work,on_trap
	done
	end_told changes "$threads threads, $survival"
}

changes 0 yes
changes 0 no
changes 3 yes
changes 3 no
