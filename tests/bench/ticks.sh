#!/bin/bash
# What keeping time costs: the CPU time of the engine at 1 kHz on one sleeping process, beside a loop
# that waits for the same ticks and does nothing. In turn, so that what else the machine does falls on
# both. Nothing is asserted.
# MPROF_TRACE is the binary, TESTS is tests/.
set -u

readonly WAYS='--backend rss
--backend anon
--backend pss
--backend cgroup
--split
--split=maps
--with cpu
--with faults,threads
--with cpu,faults,threads,limits'
readonly ROUNDS=${ROUNDS:-5} WATCH_S=3 INTERVAL_S=0.001 INTERVAL_NS=1000000
work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cc -std=gnu11 -D_GNU_SOURCE -O2 -o empty_ticks "$TESTS/bench/empty_ticks.c" || exit 1

# ours OPTION…: nanoseconds of CPU time a tick. The engine is the only child of the front end.
ours() {
	local front engine program tries before after ticks
	rm -f ticks.dat
	"$MPROF_TRACE" run -q -T "$INTERVAL_S" "$@" -o ticks.dat sleep $((WATCH_S + 60)) &
	front=$!
	for ((tries = 0; tries < 200; tries++)); do
		[ "$(grep -cs '^MEM' ticks.dat)" -gt 200 ] 2>/dev/null && break
		sleep 0.05
	done
	engine=$(cat "/proc/$front/task/$front/children")
	engine=${engine%% *}
	program=$(awk '$1 == "PROC" { print $2; exit }' ticks.dat)
	# Nanoseconds on a CPU: schedstat of proc(5).
	before=$(cut -d' ' -f1 "/proc/$engine/schedstat")
	ticks=$(grep -c '^MEM' ticks.dat)
	sleep "$WATCH_S"
	after=$(cut -d' ' -f1 "/proc/$engine/schedstat")
	ticks=$(($(grep -c '^MEM' ticks.dat) - ticks))
	kill "$program"
	wait "$front" 2>/dev/null
	awk -v ns=$((after - before)) -v n="$ticks" 'BEGIN { if (n > 0) printf "%.2f\n", ns / n }'
}

median() {
	sort -g | awk '{ value[NR] = $1 } END { if (NR) print value[int((NR + 1) / 2)] }'
}

for ((round = 0; round < ROUNDS; round++)); do
	./empty_ticks "$WATCH_S" "$INTERVAL_NS" >>empty
	while read -r options; do
		# shellcheck disable=SC2086 # several words
		ours $options >>"ours.${options// /_}"
	done <<<"$WAYS"
done
empty=$(median <empty)
printf '\n%-44s %15s %12s\n' 'a tick at 1 kHz, one sleeping process' 'us of CPU' '/empty loop'
printf '%-44s %15.2f %12s\n' 'timerfd and epoll, nothing else' "$(awk -v ns="$empty" 'BEGIN { print ns / 1e3 }')" 1.00
while read -r options; do
	awk -v name="mprof-trace $options" -v ns="$(median <"ours.${options// /_}")" -v empty="$empty" 'BEGIN {
		if (ns == "" || empty == "") printf "%-44s gave no figure\n", name
		else printf "%-44s %15.2f %12.2f\n", name, ns / 1e3, ns / empty }'
done <<<"$WAYS"
