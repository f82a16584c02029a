#!/bin/sh
# A stopped process stays stopped while we come, record and go, and goes on when it is continued.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_busy -j 2
for signal in INT TERM HUP; do
	kill -STOP "$program"
	wait_until is_in_state "$program" T
	start_attach stopped -T 0.01 -f 'work_*' -o stopped.dat "$program"
	wait_until has_lines stopped.dat ^MEM 5
	is_stopped "$program" || fail "attached, it runs: $(cat /proc/"$program"/task/*/status | grep ^State)"
	stop_attach stopped "$signal"
	# As our exit lets the threads go, each goes from a tracing stop into the other one by itself.
	wait_until is_stopped "$program"
	is_own_code "$program" || fail "traps are left"
	awk '$1 == "FUNC" && (NF < 10 || $10 == "ret") { print; made = 1 } END { exit made }' stopped.dat ||
		fail "a stopped process has made calls"
	kill -CONT "$program"
	wait_until is_in_state "$program" S
done

# Continued and stopped again while we are there.
start_attach stopped -T 0.01 -f 'work_*' -o stopped.dat "$program"
for _ in 1 2 3; do
	kill -STOP "$program"
	wait_until is_stopped "$program"
	kill -CONT "$program"
	calls=$(grep -c ^FUNC stopped.dat)
	wait_until sh -c "[ \"\$(grep -c ^FUNC stopped.dat)\" -gt $calls ]"
done
kill -STOP "$program"
wait_until is_stopped "$program"
stop_attach stopped
wait_until is_stopped "$program"
is_own_code "$program" || fail "traps are left"
kill -CONT "$program"
# A stop alone interrupts some system calls (signal(7)), and waits have lasted as long as it did: there
# were seven stops, and no thread has seen more interruptions.
kill -USR1 "$program"
wait "$program"
awk '/FAULT/ && !/ wrong/ {
	for (i = 2; i <= NF; i++)
		if ($i ~ /^(EINTR|short)/ && $(i - 1) > 7) { print; bad = 1 }
}
/ wrong.*FAULT/ { print; bad = 1 }
END { exit bad }' busy.out || fail "it has felt more than the stops"
