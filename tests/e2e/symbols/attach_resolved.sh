#!/bin/sh
# Attached to a program that has long resolved its IFUNCs: their implementations are found in what the
# dynamic linker, or a static program's start, has stored.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for link in -no-pie -pie '-Wl,-z,now' -static -static-pie; do
	gcc -O1 -fno-builtin "$link" "$TESTS/targets/symbols/served.c" -o served || fail "gcc $link"
	rm -f requests attach.err
	mkfifo requests
	./served <requests >served.out &
	served=$!
	exec 3>requests
	printf x >&3
	wait_until grep -q 'served 10$' served.out
	start_recorder attach attach -f 'memcpy,chosen' -o attach.dat "$served" 3>&-
	wait_until grep -q 'attached to' attach.err
	printf xxx >&3
	exec 3>&-
	wait "$served" || fail "$link: the program ended with $?"
	end_recorder attach
	status_is attach 0
	for function in chosen memcpy; do
		calls=$(count_calls attach.dat "$function")
		[ "$calls" -ge 30 ] || fail "$link: $calls calls of $function; $(cat attach.err)"
	done
	[ "$(count_calls attach.dat chosen)" -eq 30 ] || fail "$link: $calls calls of chosen"
done
