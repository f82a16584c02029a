#!/bin/sh
# --stacks=growth where the kernel refuses perf events: that is said in one line, and growth is found when memory is read instead,
# and charged to the recorded calls; --stacks=peak goes on without a word.
set -eu
# shellcheck source=tests/lib/growth.sh
. "$TESTS/lib/growth.sh"
! ldd "$MPROF_TRACE" | grep -q libasan || skip 'AddressSanitizer wants to be the first library'

# refused LABEL OPTION…
refused() {
	name=$1
	shift
	run_as "$name" env LD_PRELOAD="$TARGETS/librefuse_perf.so" "$MPROF_TRACE" run "$@" -o "$name.dat" \
		"$TARGETS/grow_known" bursts
	status_is "$name" 0
	well_formed "$name.dat"
	grep -q '^innocent compute_long$' "$name.out" || fail "$name: not the program's own output"
}

refused calls --stacks=growth -f 'grow_in_bursts,compute_long'
[ "$(grep -c 'warning' calls.err)" -eq 1 ] || fail "not one warning: $(cat calls.err)"
says calls 'warning: --stacks=growth: .*Permission denied; growth is found when memory is read instead'
is_near grow_in_bursts "$(charged_to calls.dat grow_in_bursts)" 48 15
[ "$(growth_of calls.dat | awk '{ print $1; exit }')" = all ] || fail 'no sum'
[ "$(growth_of calls.dat | awk '$1 != "all" { print $1; exit }')" = grow_in_bursts ] ||
	fail "another one is first: $(growth_of calls.dat)"
growth_of calls.dat | awk '$1 == "all" { all = $2 } $1 == "compute_long" { mine = $3 } END { exit mine > all / 50 }' ||
	fail "compute_long is charged: $(growth_of calls.dat)"

# Nothing is probed: samples alone, and what comes behind the last one is not known.
refused samples --stacks=growth -T 0.01
sampled=$(awk '$1 == "MEM" { highest = $2 > highest ? $2 : highest } END { print highest }' samples.dat)
is_near 'all of it' "$(growth_of samples.dat | awk '$1 == "all" { print $2 }')" "$sampled" 15
refused peak --stacks=peak
says peak "warning: --stacks=peak: .*Permission denied; where a running thread gets memory is seen at probes only"
