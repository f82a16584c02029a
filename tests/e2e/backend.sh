#!/bin/sh
# --backend: names and refusals, children, programs that are executed, processes that are only sampled,
# and a metric that takes too long for the interval.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

[ -r /proc/self/smaps_rollup ] || skip 'this kernel has no smaps_rollup'

# metric_is FILE METRIC
metric_is() {
	well_formed "$1"
	grep -qx "METRIC $2" "$1" || fail "$1: $(grep '^METRIC' "$1"), not $2"
}

for names in psutil:rss posix:rss psutil_pss:pss psutil_uss:uss anon:anon; do
	run_as named "$MPROF_TRACE" run --backend "${names%:*}" -o named.dat true
	status_is named 0
	metric_is named.dat "${names#*:}"
done
says named 'peak [0-9.]+ MiB of anonymous'
for name in tracemalloc no_backend heap; do
	run_as refused "$MPROF_TRACE" run --backend $name -o refused.dat true
	status_is refused 125
	says_one_line refused
	says refused "^mprof-trace: --backend $name: .*(take|choose) "
	[ ! -e refused.dat ] || fail "a profile was begun with --backend $name"
done

# A child's memory, and that of a program that another one has become: the reader of the first one's
# memory would go on to read what is gone.
# shellcheck disable=SC2016 # another shell expands it
for way in '' --no-probes; do
	# shellcheck disable=SC2086 # a word, or none
	run_as exec "$MPROF_TRACE" run -q $way -T 0.005 --backend uss -o exec.dat \
		sh -c '"$0" & sleep 0.2; exec "$0"' "$TARGETS/memory_kinds"
	status_is exec 0
	metric_is exec.dat uss
	for word in MEM CHLD; do
		awk -v word=$word '$1 == word { mib = word == "MEM" ? $2 : $3; if (mib > most) most = mib }
			END { exit !(most > 16 && most < 20) }' exec.dat ||
			fail "$word does not see the program's 16 MiB ($way)"
	done
	! grep -q '^PEAK' exec.dat || fail "a high-water mark of the resident set in a file of uss"
done

# What traces others is only sampled; it is sampled all the same.
if command -v strace >/dev/null; then
	run_as watched "$MPROF_TRACE" run -T 0.01 --backend pss -o watched.dat \
		strace -o trace "$TARGETS/memory_kinds"
	status_is watched 0
	says watched 'not traced'
	metric_is watched.dat pss
	[ "$(grep -c '^MEM' watched.dat)" -gt 5 ] || fail "what is only sampled has no samples"
	awk '$1 == "CHLD" && $3 > most { most = $3 } END { exit !(most > 16) }' watched.dat ||
		fail "the child of what is only sampled has no samples"
fi

# A quarter of a gigabyte cannot be read a thousand times a second: it is said once, points of the grid are
# left out, none is made up, and the calls are all there.
run_as stretched "$MPROF_TRACE" run -T 0.001 --backend pss -f fills,leaf -o stretched.dat \
	"$TARGETS/memory_large"
status_is stretched 0
well_formed stretched.dat
[ "$(grep -c 'takes .* ms, more than a quarter of the interval of 1 ms' stretched.err)" -eq 1 ] || {
	cat stretched.err
	fail "that the interval cannot be held is not said once"
}
says stretched 'take a longer --interval, or --backend rss'
[ "$(count_calls stretched.dat leaf)" -eq 1000 ] || fail "calls are missing"
awk '
	$1 == "TICKS" { taken = $2; skipped = $4; fields = NF }
	$1 == "MEM" { samples++; if ($3 == last) exit 1; last = $3 }
	END {
		# One at the start and one at the end besides.
		if (fields != 6 || skipped < 10 || taken < samples - 2)
			exit 1
	}' stretched.dat || {
	grep '^TICKS' stretched.dat
	fail "no point of the grid was left out, or samples were made up"
}

# With rss the same program can be held.
run_as held "$MPROF_TRACE" run -v -T 0.001 -o held.dat "$TARGETS/memory_large"
status_is held 0
says held '[0-9]+ ticks taken, [0-9]+ missed, 0 left out; late by [0-9]+ us on average'
! grep -q 'more than a quarter' held.err || fail "the resident set takes too long to read"
