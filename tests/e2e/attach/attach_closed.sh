#!/bin/sh
# A library is closed, or the program unmaps its code, right before we write to it: while we attach, while another library
# is loaded, when it is left. The program is recorded all the same; and so is the library when it comes again.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
! ldd "$MPROF_TRACE" | grep -q libasan || skip "AddressSanitizer wants to be the first library"

cp "$TARGETS/libplugin.so" libvictim.so
cp "$TARGETS/libplugin.so" libother.so
real=$MPROF_TRACE

# vanishes BEFORE: from now on, libvictim.so has gone before that write of mprof-trace (libvanish.c).
vanishes() {
	rm -f vanish.log
	cat >vanishing <<-END
		#!/bin/sh
		exec env VANISH_FILE=libvictim.so VANISH_BEFORE=$1 VANISH_LOG="$PWD/vanish.log" \
			LD_PRELOAD="$TARGETS/libvanish.so" "$real" "\$@"
	END
	chmod +x vanishing
	MPROF_TRACE=$PWD/vanishing
}

# has_vanished LABEL: it has, and nothing is said of that.
has_vanished() {
	[ -s vanish.log ] || fail "$1: it was never written to"
	! grep -v 'it stays pending' "$1.err" | grep -i 'warning\|error\|keeps\|without' || fail "$1: there was nothing to be said"
}

# ends LABEL: the program does, as it was told, with its own code until then; that is looked at while no library comes or goes.
ends() {
	kill -STOP "$program"
	wait_until is_stopped "$program"
	is_own_code "$program" || fail "$1: something of ours is in its code"
	kill -CONT "$program"
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] || fail "$1: it ended with status $run_result"
}

# Closed after its functions have been looked up, and before the first trap. Opened again, it is recorded from its
# constructor on.
start_program closes "$TARGETS/opens_and_closes" told closes ./libvictim.so ./libother.so
wait_until grep -q '^ready' closes.out
vanishes first
start_attach closed -T 0.01 -f 'plugin_*' -o closed.dat "$program"
[ "$(count_calls closed.dat plugin_step)" -eq 0 ] || fail "closed: who has called?"
kill -USR2 "$program"
wait_until has_lines closed.dat '^FUNC plugin_call_back ' 1
stop_attach closed
has_vanished closed
[ "$(count_calls closed.dat plugin_step)" -eq 4 ] || fail "closed: calls of the library that came again are missing"
well_formed closed.dat
ends closed

# Unmapped as no linker knows: at the first and the third of its five traps, and when the first of them is taken away, or
# the third.
for before in 1 3 6 8; do
	start_program unmaps "$TARGETS/opens_and_closes" told unmaps ./libvictim.so ./libother.so
	wait_until grep -q '^ready' unmaps.out
	vanishes "$before"
	rm -f unmapped.dat # not the last one's calls
	start_attach unmapped -T 0.01 -f 'plugin_*' -o unmapped.dat "$program"
	wait_until has_lines unmapped.dat '^FUNC plugin_call_back ' 3
	stop_attach unmapped
	has_vanished unmapped
	well_formed unmapped.dat
	ends "unmapped before write $before"
done

# The same while the program runs from its start, and the linker tells of the other library.
for before in 1 4; do
	vanishes "$before"
	rm -f run.dat
	start_recorder run run -T 0.01 -f 'plugin_*' -o run.dat "$TARGETS/opens_and_closes" told unmaps ./libvictim.so \
		./libother.so
	program=$(ready_pid run)
	wait_until has_lines run.dat '^FUNC plugin_call_back ' 3
	kill -USR1 "$program"
	end_recorder run
	status_is run 0
	has_vanished run
	well_formed run.dat
done
