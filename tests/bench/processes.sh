#!/bin/bash
# What following processes costs: a fork-heavy build without probes, untraced, under strace and under
# mprof-trace; and what a tick costs with 1,000 children alive. Nothing is asserted.
# run.sh sets MPROF_TRACE (the binary), TARGETS (built target programs) and TESTS (tests/).
set -u

readonly ROUNDS=5 CHILDREN=1000 TICK_S=0.05 WATCH_S=5
work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# A build of many small processes: a shell, a sed and a cmp for each of 200 files.
cat >Makefile <<-'END'
	.RECIPEPREFIX = >
	files := $(shell seq 1 200)
	all: $(files:%=out/%)
	out/%:
	>@mkdir -p out && echo $* | sed 's/1/one/g' >$@ && cmp -s $@ $@
END
unset MAKEFLAGS MAKELEVEL MFLAGS

# seconds COMMAND…: the time that one build takes.
seconds() {
	local start=${EPOCHREALTIME/[.,]/}
	rm -rf out
	"$@" make -s -j2 >/dev/null 2>errors || return
	awk -v us=$((${EPOCHREALTIME/[.,]/} - start)) 'BEGIN { printf "%.4f\n", us / 1e6 }'
}

median() {
	sort -g | awk '{ value[NR] = $1 } END { if (NR) print value[int((NR + 1) / 2)] }'
}

# In turn, so that what else the machine does falls on all of them alike.
for ((round = 0; round < ROUNDS; round++)); do
	seconds env >>untraced
	command -v strace >/dev/null && seconds strace -f -e trace=none -o /dev/null >>stracing
	seconds "$MPROF_TRACE" run -q -M -o build.dat >>ours
done
touch stracing
untraced=$(median <untraced) strace=$(median <stracing) ours=$(median <ours)
printf '\n%-44s %15s %12s\n' "make -j2, $(grep -c ^PROC build.dat) processes, no probes" seconds /untraced
for row in "untraced:$untraced" "strace -f -e trace=none:$strace" "mprof-trace -M:$ours"; do
	awk -v name="${row%:*}" -v s="${row##*:}" -v base="$untraced" 'BEGIN {
		if (s == "") printf "%-44s gave no figure\n", name
		else printf "%-44s %15.3f %12.2f\n", name, s, s / base }'
done

# CPU time of the engine, which is the tracer of the program, over ticks of idle children.
ulimit -n "$(ulimit -Hn)"
"$MPROF_TRACE" run -q -T "$TICK_S" -o alive.dat "$TARGETS/children_alive" "$CHILDREN" >alive.out &
front=$!
for ((tries = 0; tries < 600; tries++)); do
	grep -q '^ready' alive.out && break
	sleep 0.05
done
program=$(sed -n 's/^ready //p' alive.out)
if [ -z "$program" ]; then
	kill "$front"
	printf '\n%d children could not be made here\n' "$CHILDREN"
	exit
fi
engine=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$program/status")
# Nanoseconds on a CPU: schedstat of proc(5), finer than utime and stime.
cpu_ns() { cut -d' ' -f1 "/proc/$engine/schedstat"; }
sleep 0.5
cpu_before=$(cpu_ns) ticks_before=$(grep -c '^MEM' alive.dat)
sleep "$WATCH_S"
cpu_after=$(cpu_ns) ticks_after=$(grep -c '^MEM' alive.dat)
descriptors=$(find "/proc/$engine/fd" -type l | wc -l)
kill -USR1 "$program"
wait "$front"
awk -v ns=$((cpu_after - cpu_before)) -v ticks=$((ticks_after - ticks_before)) -v n="$CHILDREN" \
	-v fds="$descriptors" 'BEGIN {
		printf "\n%d children alive: %.2f ms of CPU a tick (%d ticks), %d descriptors\n", n,
			ns / 1e6 / ticks, ticks, fds }'
