#!/bin/sh
# The peak of all processes together is that of all samples, however many there are: of processes that are high at different
# times, that are sampled more rarely than others, that end, that end without a word. Another reader sorts and sums them up.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"
# shellcheck source=tests/lib/tree_peak.sh
. "$TESTS/lib/tree_peak.sh"
need_command python3

# made SEED SAMPLES: heights of the time alone would be as high as all that is reduced makes of them.
made() {
	awk -v seed="$1" -v n="$2" 'BEGIN {
		srand(seed)
		t0 = 1795310486
		print "METRIC rss"
		for (p = 0; p < 6; p++) printf "PROC %d %d %.9f p%d\n", 100 + p, p ? 100 : 1, t0, p
		for (i = 0; i < n; i++) {
			t = t0 + i / 100
			printf "MEM %.6f %.9f\n", 20 + 30 * rand(), t
			printf "CHLD 101 %.6f %.9f\n", rand() < 0.01 ? 90 : 5, t + 0.001
			if (i % 10 == 3) printf "CHLD 102 %.6f %.9f\n", 80 * rand(), t + 0.002
			if (i >= n / 4 && i < n / 2) printf "CHLD 103 %.6f %.9f\n", 40 + i % 100, t + 0.003
			if (i == int(n / 2)) printf "DONE 103 %.9f 0\n", t
			if (i < n / 3) printf "CHLD 104 %.6f %.9f\n", 60 * rand(), t + 0.004
			if (i == int(n / 3) + 5) printf "CHLD 105 %.6f %.9f\n", 70, t + 0.005
		}
	}'
}

for seed in 1 2 3; do
	for samples in 50 3000 30000; do
		made $seed $samples >x.dat
		tree_peak x.dat >expected
		"$MPROF_TRACE" diff --csv x.dat x.dat | awk -F, '$1 == "run" && $3 == "tree" { printf "%.3f\n", $4 }' >found
		[ "$(wc -l <found)" -eq 1 ] || fail "no peak of all processes together"
		awk -v a="$(cat found)" -v b="$(cat expected)" 'BEGIN { d = a - b; exit !(d < 0.002 && d > -0.002) }' ||
			fail "seed $seed, $samples samples: $(cat found), not $(cat expected)"
	done
done
# What a pipe has given it does not give again: the sum is of what is kept, and not far off.
"$MPROF_TRACE" diff --csv x.dat - </dev/null >out 2>err && fail "'-' is taken for a profile"
mkfifo pipe
cat x.dat >pipe &
"$MPROF_TRACE" check pipe --max-peak 10M --tree >out && fail "a pipe's peak is not known"
wait
grep -q BROKEN out || fail "$(cat out)"
