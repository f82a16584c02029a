#!/bin/sh
# Core files and stacks, again and again, of a program that checks all of its system calls: no call fails with EINTR and no
# transfer is short, whatever its threads sleep in.
# asserts: unharmed target
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"

# has_breaks COUNT
has_breaks() {
	[ "$(breaks_in cores/busy.dat | wc -l)" -ge "$1" ]
}

for action in core stack; do
	for words in '-j 2 -r 200 -l' '-b -j 2 -r 200 -l'; do
		# shellcheck disable=SC2086
		start_busy $words
		mkdir cores
		start_attach busy_attach -f work_outer --break-in work_outer --break-every --on-break "$action" \
			-o cores/busy.dat "$program"
		wait_until has_breaks 20
		stop_attach busy_attach
		is_own_code "$program" || fail "$action: code of ours is left"
		end_busy
		[ "$action" = stack ] || [ "$(find cores -name '*.core.*' | wc -l)" -ge 20 ] ||
			fail "$action: $(find cores -name '*.core.*' | wc -l) core files"
		rm -r cores
	done
done
