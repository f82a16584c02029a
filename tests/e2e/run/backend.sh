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

# start_held LABEL WORD...: as start_recorder; the program, which is given the FIFO "hold", does not end before
# `release`.
start_held() {
	rm -f hold
	mkfifo hold
	exec 9<>hold
	start_recorder "$@" 9>&-
}

# release LABEL: and waits for it; the status must be 0.
release() {
	exec 9>&-
	end_recorder "$1"
	status_is "$1" 0
}

# sees LABEL WORD: a sample of these has what the program itself has read as its highest; of its code, what
# another process runs at the same time is not counted.
sees() {
	awk -v word="$2" -v metric="$(sed -n 's/^METRIC //p' "$1.dat")" '
		$1 == "quiet" { for (i = 6; i < NF; i += 2) if ($i == metric && $(i + 1) > own) own = $(i + 1) }
		$1 == word { mib = word == "MEM" ? $2 : $3; if (mib > most) most = mib }
		END { own /= 1048576; exit !(own > 11 && most > own - 1.5 && most < own + 3) }' "$1.out" "$1.dat"
}

# has_samples LABEL COUNT
has_samples() {
	[ "$(grep -c '^MEM' "$1.dat")" -ge "$2" ]
}

# A child's memory, and that of a program that another one has become: the reader of the first one's
# memory would go on to read what is gone.
# shellcheck disable=SC2016 # another shell expands it
for way in '' --no-probes; do
	# shellcheck disable=SC2086 # a word, or none
	for quiet_ms in 200 800 3000; do # a machine may be too busy to take samples meanwhile
		run_as exec "$MPROF_TRACE" run -q $way -T 0.005 --backend uss -o exec.dat \
			sh -c '"$0" $1 & sleep 0.2; exec "$0" $1' "$TARGETS/memory_kinds" $quiet_ms
		status_is exec 0
		sees exec MEM && sees exec CHLD && break
	done
	metric_is exec.dat uss
	for word in MEM CHLD; do
		sees exec $word || fail "$word has not the program's own memory ($way)"
	done
	! grep -q '^PEAK' exec.dat || fail "a high-water mark of the resident set in a file of uss"
done

# What traces others is only sampled; it is sampled all the same.
if command -v strace >/dev/null; then
	for quiet_ms in 200 800 3000; do
		run_as watched "$MPROF_TRACE" run -T 0.01 --backend pss -o watched.dat \
			strace -o trace "$TARGETS/memory_kinds" $quiet_ms
		status_is watched 0
		sees watched CHLD && has_samples watched 6 && break
	done
	sees watched CHLD || fail "the child of what is only sampled has no samples"
	has_samples watched 6 || fail "what is only sampled has no samples"
	says watched 'not traced'
	metric_is watched.dat pss
fi

# A quarter of a gigabyte cannot be read a thousand times a second: it is said once, points of the grid are
# left out, none is made up, and the calls are all there.
start_held stretched run -T 0.001 --backend pss -f fills,leaf -o stretched.dat "$TARGETS/memory_large" hold
wait_until grep -q 'more than a quarter' stretched.err
samples=$(grep -c '^MEM' stretched.dat)
wait_until has_samples stretched $((samples + 20))
release stretched
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

# With rss the same program can be held. Who has no CPU for 2.5 ms takes no longer to read it.
start_held held run -v -T 0.01 -o held.dat "$TARGETS/memory_large" hold
wait_until has_samples held 100
release held
says held '[0-9]+ ticks taken, [0-9]+ missed, 0 left out; late by [0-9]+ us on average'
! grep -q 'more than a quarter' held.err || fail "the resident set takes too long to read"
