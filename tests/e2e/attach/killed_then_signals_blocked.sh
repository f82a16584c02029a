#!/bin/sh
# The engine is killed with -9; then the program does what blocks all signals, SIGTRAP too, while it calls what has been
# watched: what is left there must do no harm.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

for what in spawn system masks; do
	start_program plain "$TARGETS/spawns_when_told" "$what"
	wait_until grep -q '^ready' plain.out
	kill -TERM "$program"
	wait "$program" || fail "$what: untraced, it ends with another status"
	for probe in breakpoint auto pad; do
		start_program told "$TARGETS/spawns_when_told" "$what"
		wait_until grep -q '^ready' told.out
		start_attach killed --probe "$probe" -f leaf -o killed.dat "$program"
		kill -USR1 "$program" # the handler comes with the first stop
		wait_until grep -q '^called' told.out
		kill_recorder
		kill -TERM "$program"
		run_result=0
		wait "$program" || run_result=$?
		[ "$run_result" -eq 0 ] || fail "$what, $probe: it ended with status $run_result"
		sed 1d plain.out >should.txt
		sed 1,2d told.out | diff should.txt - || fail "$what, $probe: it says something else"
	done
done

# The first call takes all traps away.
start_program told "$TARGETS/spawns_when_told" masks
wait_until grep -q '^ready' told.out
start_attach killed --probe breakpoint -f leaf -o killed.dat "$program"
kill -USR1 "$program"
wait_until grep -q '^called' told.out
# shellcheck disable=SC2046 # one word a pid
kill -KILL $(ps -o pid= --ppid "$recorder")
wait "$recorder" 2>/dev/null
is_own_code "$program" && fail "there were no traps"
kill -USR1 "$program"
wait_until grep -q '^called.*again' told.out
is_own_code "$program" || fail "traps are left in its code"
kill -TERM "$program"
wait "$program" || fail "it ended with another status"
