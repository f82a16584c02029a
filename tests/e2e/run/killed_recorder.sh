#!/bin/sh
# Every process of mprof-trace is killed in the middle: the file is whole, open calls are noted.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

start_recorder killed run -q -T 0.02 -f waits_inside,waits_around -o killed.dat \
	"$TARGETS/waits_for_signals"
program=$(ready_pid killed)
wait_until grep -q '^OPEN waits_inside ' killed.dat
wait_until grep -q '^OPEN waits_around ' killed.dat
pids=$(recorder_pids)
[ -n "$pids" ] || fail "no process of mprof-trace was found"
# At once: whoever sees the other one die before it is killed itself would still have its say.
all_stopped() {
	for pid in $pids; do
		grep -q '^State:.T' "/proc/$pid/status" || return 1
	done
}
# shellcheck disable=SC2086 # one word a pid
kill -STOP $pids
wait_until all_stopped
# shellcheck disable=SC2086
kill -KILL $pids
end_recorder killed
status_is killed 137
kill -KILL "$program" 2>/dev/null

well_formed killed.dat
grep -q '^FUNC' killed.dat && fail "a call that never ended has a FUNC record"
for function in waits_inside waits_around; do
	[ "$(grep -c "^OPEN $function " killed.dat)" -eq 1 ] ||
		fail "$function is not noted exactly once"
done
awk '$1 == "OPEN" && $5 != ($2 == "waits_inside") { exit 1 }' killed.dat || fail "wrong levels"
