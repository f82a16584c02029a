#!/bin/bash
# The figures of memit: a known peak, what getrusage(2) says of the same program, %memit's form, functions,
# repeats, sums, a comparison; JSON says the same.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/tree_peak.sh
. "$TESTS/lib/tree_peak.sh"
need_command python3

# near WHAT FOUND EXPECTED TOLERANCE
near() {
	awk -v a="$2" -v b="$3" -v t="$4" 'BEGIN { exit !(a != "" && a - b <= t && b - a <= t) }' ||
		fail "$1: $2 is not $3 to $4"
}

# value FILE EXPRESSION: of a JSON file, which is d.
value() {
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

form='^peak memory: [0-9]+\.[0-9][0-9] MiB, increment: [0-9]+\.[0-9][0-9] MiB$'

# A peak that lies between two ticks, and nothing in the directory afterwards.
run_as peak "$MPROF_TRACE" memit -i 1000 "$TARGETS/memory_peak_short"
status_is peak 0
grep -Eq "$form" peak.out || fail "not %memit's form: $(cat peak.out)"
[ ! -s peak.err ] || fail "words on stderr: $(cat peak.err)"
increment=$(sed -n 's/.*increment: \(.*\) MiB/\1/p' peak.out)
near increment "$increment" 200.5 1.5
[ -z "$(find . -type f ! -name 'peak.*')" ] || fail "something is left of the recording"

# The peak as the program's parent sees it, whose pages the kernel counts alike.
truth=$(python3 - "$TARGETS/memory_peak_short" <<'P'
import resource, subprocess, sys
subprocess.run(sys.argv[1], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
P
)
near peak "$(sed -n 's/^peak memory: \(.*\) MiB, .*/\1/p' peak.out)" "$truth" 1

# The baseline is that of the moment before main, with the libraries.
run_as base "$MPROF_TRACE" memit -f main -o base.dat "$TARGETS/memory_gain"
status_is base 0
awk '$1 == "MARK" && $2 == "loaded" { at = $4; mib = $3 }
	$1 == "FUNC" && $2 == "main" { entered = $4; had = $3 }
	END { exit !(at > 0 && at < entered && mib > 0.2 && mib <= had && had - mib < 1) }' base.dat ||
	fail "the baseline is not that of before main: $(grep -E 'MARK|FUNC main' base.dat)"
awk '$1 == "PEAK" { peak = $3 } $1 == "MARK" { base = $3 }
	END { printf "peak memory: %.2f MiB, increment: %.2f MiB\n", peak, peak - base }' base.dat >expected
grep '^peak' base.out | diff expected - || fail "not the figures of the file that is kept"

# Functions: what they hold and what they give back, over all runs.
run_as calls "$MPROF_TRACE" memit --json -r 3 -f grows,shrinks "$TARGETS/memory_gain"
status_is calls 0
grep -q '^sum' calls.err || fail "the program's output is not on stderr with --json"
[ "$(value calls.out 'len(d["runs"]), d["runs_failed"]')" = '(3, 0)' ] || fail "not three runs"
[ "$(value calls.out '[(f["name"], f["calls"]) for f in d["functions"]]')" = \
	"[('grows', 9), ('shrinks', 9)]" ] || fail "not 9 calls of each"
near "highest of grows" "$(value calls.out 'd["functions"][0]["highest_increment_mib"]')" 64.5 1.5
near "mean of grows" "$(value calls.out 'd["functions"][0]["mean_increment_mib"]')" 64.5 1.5
near "highest of shrinks" "$(value calls.out 'd["functions"][1]["highest_increment_mib"]')" 0 0.5
value calls.out 'all(r["is_peak_exact"] for r in d["runs"])' | grep -q True || fail "peaks are not exact"
[ "$(value calls.out 'd["peak_mib"] == max(r["peak_mib"] for r in d["runs"])')" = True ] ||
	fail "the first line's peak is not the highest"
[ "$(value calls.out 'd["median_peak_mib"] == sorted(r["peak_mib"] for r in d["runs"])[1]')" = True ] ||
	fail "not the median"

# A call whose memory comes and goes between two ticks: the kernel's mark has risen within it.
run_as short "$MPROF_TRACE" memit -i 1000 -f peaks -o short.dat "$TARGETS/memory_peak_short"
status_is short 0
near "the call's peak" "$(sed -n 's/^peaks: 1 call, increment \(.*\) MiB (exact)$/\1/p' short.out)" 200 1.5
awk '$1 == "MEM" && $2 > 50 { exit 1 }' short.dat || fail "a sample saw the peak: the test is void"
# Where nothing stops at its ends it may be anything up to the peak.
run_as jumps "$MPROF_TRACE" memit -i 1000 --probe pad -f peaks "$TARGETS/memory_peak_short"
grep -Eq '^peaks: 1 call, increment [0-9]+\.[0-9]+ MiB \(sampled; at most (199|20[0-9])\.' jumps.out ||
	fail "not bounded by the process's peak: $(cat jumps.out)"

run_as many "$MPROF_TRACE" memit -r 3 "$TARGETS/memory_gain"
grep -Eq '^median of 3 runs: peak [0-9.]+ MiB ± [0-9.]+, increment [0-9.]+ MiB ± [0-9.]+$' many.out ||
	fail "no line with the median: $(cat many.out)"

# All processes together: as summed up of the recording's text.
# shellcheck disable=SC2016 # the inner shell's own
run_as tree "$MPROF_TRACE" memit -c -i 0.01 -o tree.dat \
	sh -c '"$0" & "$0"; wait' "$TARGETS/memory_gain"
status_is tree 0
sum=$(tree_peak tree.dat)
mark=$(awk '$1 == "PEAK" && $3 > m { m = $3 } END { print m }' tree.dat)
expected=$(awk -v a="$sum" -v b="$mark" 'BEGIN { print (a > b ? a : b) }')
near "the sum" "$(sed -n 's/^peak memory: \(.*\) MiB, .*/\1/p' tree.out)" "$expected" 0.01
grep -Eq "^sum of [0-9]+ processes, sampled every 0.01 s; highest single one, exact: $(printf %.2f "$mark") MiB" \
	tree.out || fail "the sum is not called one: $(cat tree.out)"

# A metric without a mark.
run_as anon "$MPROF_TRACE" memit --backend anon "$TARGETS/memory_gain"
grep -q 'not exact' anon.out || fail "a sampled peak is not called one"
grep -q '^memory: ' anon.out || fail "the metric is not named"

# Twice the memory is a ratio of two.
mib='import sys; x = bytearray(int(sys.argv[1]) << 20)'
run_as both "$MPROF_TRACE" memit --compare "python3 -c '$mib' 300" python3 -c "$mib" 100
status_is both 0
awk '$1 == "increment" { found = $NF > 2.4 && $NF <= 3 } END { exit !found }' both.out ||
	fail "not the ratio: $(cat both.out)"
