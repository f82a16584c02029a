#!/bin/bash
# The system calls that the engine makes a hit (a call has two: its entry and its return), by name:
# strace counts those of the engine alone, for few calls and for many, and the difference counts.
# They hardly depend on how fast the machine is. Nothing is asserted.
# MPROF_TRACE is the binary (OTHER another one to compare with, if set), TARGETS has the built targets,
# TESTS is tests/.
set -u

readonly THREADS=4
command -v strace >/dev/null || { echo 'strace is not installed'; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -pthread -o leaf_loop "$TESTS/bench/leaf_loop.c" || exit 1
mkfifo gate

# wait_for COMMAND…: up to a minute.
wait_for() {
	local tries
	for ((tries = 0; tries < 1200; tries++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "syscalls_a_hit.sh: waited for: $*" >&2
	exit 1
}

# The engine's pid: it is the only child of the front end.
engine_of() {
	local children
	read -r -a children <"/proc/$1/task/$1/children" || : # no newline ends it
	[ "${#children[@]}" -gt 0 ] && echo "${children[0]}"
}

has_tracer() {
	! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$1/status"
}

# count OUT BINARY FUNCTIONS PROGRAM…: "hits NUMBER", then "NAME NUMBER" for each system call of the
# engine while the program runs. The program waits at a gate until strace is there.
count() {
	local out=$1 binary=$2 functions=$3 front engine counter
	shift 3
	# No tick falls into the run.
	"$binary" run -q --probe breakpoint -T 600 -f "$functions" -o hits.dat \
		sh -c 'read -r _ <gate; exec "$@"' sh "$@" >/dev/null &
	front=$!
	exec 9>gate # returns once the program reads
	wait_for engine_of "$front"
	engine=$(engine_of "$front")
	strace -c -U name,calls -o calls -p "$engine" 2>/dev/null &
	counter=$!
	wait_for has_tracer "$engine"
	echo >&9
	exec 9>&-
	wait "$front" || exit 1
	wait "$counter"
	awk '$1 == "FUNC" { n += 2 } $1 == "MANY" { n += 2 * $6 } END { print "hits", n + 0 }' hits.dat >"$out"
	awk '$2 ~ /^[0-9]+$/ && $1 != "total" { print $1, $2 }' calls >>"$out"
}

# table TITLE BINARY FEW MANY FUNCTIONS PROGRAM [WORD…]: FEW and MANY are the first argument of the
# program, the number of its rounds.
table() {
	local title=$1 binary=$2 few=$3 many=$4 functions=$5 program=$6
	shift 6
	count few "$binary" "$functions" "$program" "$few" "$@"
	count many "$binary" "$functions" "$program" "$many" "$@"
	printf '\n%s\n' "$title"
	awk 'NR == FNR { few[$1] = $2; next }
		$1 == "hits" { hits = $2 - few[$1]; next }
		{ each = ($2 - few[$1]) / hits; all += each }
		each >= 0.0005 || each <= -0.0005 { printf "%-24s %8.3f\n", $1, each | "sort" }
		END { close("sort"); printf "%-24s %8.3f    (%d hits)\n", "all", all, hits }' few many
}

for binary in "$MPROF_TRACE" ${OTHER:+"$OTHER"}; do
	table "System calls a hit, one thread ($binary)" "$binary" 200 4200 leaf ./leaf_loop
	table "System calls a hit, $THREADS threads ($binary)" "$binary" 25 525 \
		step,step_inner "$TARGETS/threads_many" "$THREADS"
done
