#!/bin/sh
# The C library blocks all signals while it makes a thread. Attached to at that moment, a program does not block SIGTRAP from
# then on; one that blocks all signals itself does.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

makes() {
	way=$1
	survival=$2
	start_program makes "$TARGETS/makes_threads" "$way"
	wait_until grep -q '^ready' makes.out
	for round in 1 2 3 4 5 6 7 8 9 10; do
		come_and_go "$way, $survival, round $round" --survival="$survival" -f leaf,check
	done
	end_told makes "$way, $survival"
}

makes open yes
makes open no
makes blocked yes
makes blocked no
