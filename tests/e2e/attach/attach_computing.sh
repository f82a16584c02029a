#!/bin/sh
# Transfers that keep a thread computing in the kernel for long: whoever interrupts it because it
# computes cuts that call. It gives all of what was asked for all the same.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_busy -b -l -j 2 -r 4000
round=0
while [ "$round" -lt "${ATTACH_ROUNDS:-15}" ]; do
	round=$((round + 1))
	start_attach attached -v -v -T 0.02 -f 'work_*' -o computing.dat "$program"
	wait_until grep -q '^FUNC work_leaf' computing.dat
	stop_attach attached
	is_own_code "$program" || fail "round $round: traps are left in its code"
	cat attached.err >>all.err
done
end_busy
grep -q 'bytes are moved, the rest follows' all.err || skip "no transfer has been cut"
