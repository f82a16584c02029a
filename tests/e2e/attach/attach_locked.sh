#!/bin/sh
# A program that has locked all its memory, and will lock what it maps later: what we map is small, is not
# locked, and is in no figure. The program keeps its own pages alone.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# status_field NAME: kB, of the program.
status_field() {
	sed -n "s/^$1:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$program/status"
}

start_program locked "$TARGETS/memory_locked"
wait_until sh -c 'grep -q "^ready" locked.out || ! kill -0 '"$program"
grep -q '^ready' locked.out || skip "memory cannot be locked here: $(cat locked.err)"
locked=$(status_field VmLck)
resident=$(status_field VmRSS)
space=$(status_field VmSize)

for metric in rss anon uss vms; do
	# What one that left could not unmap, for no thread was to be stopped unfelt, the next one does.
	while [ "$(status_field VmSize)" -ne "$space" ]; do
		start_attach again -f middle,leaf -o again.dat "$program"
		stop_attach again
	done
	run_as plain "$MPROF_TRACE" attach -q -t 0.3 --backend $metric -o plain.dat "$program"
	status_is plain 0
	start_attach probed --backend $metric -T 0.02 -f middle,leaf -o probed.dat "$program"
	wait_until has_lines probed.dat '^FUNC leaf ' 20
	now=$(status_field VmLck)
	[ "$now" -eq "$locked" ] || fail "$now kB are locked, not $locked"
	more=$(($(status_field VmSize) - space))
	[ $more -le 128 ] || fail "$more kB of address space are ours"
	stop_attach probed
	well_formed probed.dat
	now=$(status_field VmRSS)
	# Its patched pages are its own from now on.
	[ $((now - resident)) -le 64 ] || fail "$now kB are resident, not $resident"
	for file in plain probed; do
		awk '$1 == "MEM" { last = $2 } END { print last }' $file.dat >$file.figure
	done
	awk -v a="$(cat plain.figure)" -v b="$(cat probed.figure)" \
		'BEGIN { exit !(b - a < 0.03 && a - b < 0.03) }' ||
		fail "$metric: $(cat probed.figure) with probes, $(cat plain.figure) without"
done
kill -USR1 "$program"
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 0 ] || fail "the program's status is $run_result"
