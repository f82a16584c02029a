#!/bin/sh
# --stacks=peak names who got the memory: alone, among threads that sleep and compute, in a child; with probes and without; also
# where it was given back before a sample was taken. tests/soak/stacks.sh does so twenty times each.
# timeout: 600
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# named LABEL: the culprit has most of what was got.
named() {
	status_is "$1" 0
	well_formed "$1.dat"
	awk -v name=culprit -f "$TESTS/lib/peak_culprit.awk" "$1.dat" >"$1.grown" ||
		fail "$1: another one got most: $(cat "$1.grown"); $(grep '^STACK' "$1.dat" | head -n 20)"
}

run_as first "$MPROF_TRACE" run --stacks=peak -o first.dat "$TARGETS/peak_culprit"
# Without perf events, as in containers, it is said, and what follows cannot be.
if grep -q 'warning: --stacks=peak: ' first.err; then
	grep -q '^STACK .* peak ' first.dat || fail "no stacks without perf events"
	skip "$(grep 'warning: --stacks=peak' first.err)"
fi
named first
for shape in alone threads child; do
	run_as "$shape" "$MPROF_TRACE" run --stacks=peak -o "$shape.dat" "$TARGETS/peak_culprit" "$shape"
	named "$shape"
	run_as "probed_$shape" "$MPROF_TRACE" run --stacks=peak -f computes,culprit -o "probed_$shape.dat" \
		"$TARGETS/peak_culprit" "$shape"
	named "probed_$shape"
done
# What peak prints of it: the culprit first, below its process.
run_as shown "$MPROF_TRACE" peak --stack child.dat
status_is shown 0
child=$(awk '$1 == "PROC" && ++n == 2 { print $2 }' child.dat)
awk -v process="  Process $child " 'index($0, process) == 1 { is_in = 1; next } /^  Process / { is_in = 0 }
	is_in && /^    / && !/^      / { part++ } is_in && part == 1 && /^      culprit  / { found = 1 }
	END { exit !found }' shown.out || { cat shown.out; fail "the culprit is not first"; }
run_as none "$MPROF_TRACE" run -q -o none.dat true
run_as without "$MPROF_TRACE" peak --stack none.dat
status_is without 125
says without 'none.dat holds no stacks of peaks: record it with --stacks=peak'

# A flame graph: the culprit's part is that of the records.
run_as folded "$MPROF_TRACE" export --folded --stacks --by memory threads.dat
status_is folded 0
folded=$(awk '/;culprit[; ]/ { bytes += $NF } END { printf "%d\n", bytes / 1048576 + 0.5 }' folded.out)
recorded=$(awk '{ printf "%d\n", $1 + 0.5 }' threads.grown)
[ "$folded" -eq "$recorded" ] || fail "folded $folded MiB, recorded $recorded MiB"

# Bad words.
for words in '--stacks=top' '--stacks=' '--stacks=peak --step 0' '--stacks=peak --step 0%' '--stacks=peak --step x' \
	'--step 5%' '--stacks=calls'; do
	# shellcheck disable=SC2086 # several words
	run_as wrong "$MPROF_TRACE" run -o wrong.dat $words true
	status_is wrong 125
	says_one_line wrong
done
