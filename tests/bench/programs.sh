#!/bin/bash
# Whole programs with every function probed: is their output the same, how long do they take, beside uftrace's dynamic
# patching (-P ., which needs symbols and room, and reads no memory) and valgrind's callgrind (which counts instructions).
# One run each, on one machine, one after the other; nothing is asserted.
# The runner sets MPROF_TRACE (the binary) and TESTS (tests/). PROGRAMS='perl node': just these.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
limit_s=${BENCH_SECONDS:-300}

# shellcheck source=tests/bench/programs_work.sh
. "$TESTS/bench/programs_work.sh"

# timed LABEL COMMAND…: sets $seconds, or leaves it empty with $why.
timed() {
	local label=$1 status begin=$EPOCHREALTIME
	shift
	PYTHONHASHSEED=0 timeout -k 5 "$limit_s" "$@" >"$label.out" 2>"$label.err"
	status=$?
	seconds=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')
	why=
	if [ $status -eq 124 ] || [ $status -eq 137 ]; then
		why="over $limit_s s" seconds=
	elif [ $status -ne 0 ]; then
		why="fails ($status)" seconds=
	elif ! cmp -s "$label.out" plain.out; then
		why='other output' seconds=
	fi
}

# times: of $seconds, how many times untraced.
times() {
	[ -n "$seconds" ] && awk -v a="$seconds" -v b="$untraced" 'BEGIN { printf "%.1f", a / (b > 0 ? b : 0.01) }' ||
		printf '%s' "$why"
}

printf '%-9s %9s | %10s %13s %9s %8s | %14s %14s\n' program 'untraced' mprof-trace 'hits' 'stops' 'jumps' \
	'uftrace -P .' callgrind
for name in ${PROGRAMS:-python3 perl sqlite3 node gdb cc1plus redis java}; do
	command_of "$name"
	command -v "${command[0]}" >/dev/null || {
		printf '%-9s not installed\n' "$name"
		continue
	}
	: >plain.out
	PYTHONHASHSEED=0 "${command[@]}" >/dev/null 2>&1 # warm caches
	begin=$EPOCHREALTIME
	PYTHONHASHSEED=0 "${command[@]}" >plain.out 2>/dev/null
	untraced=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')
	timed ours "$MPROF_TRACE" run -v -f '*' -o ours.dat -- "${command[@]}"
	ours=$(times)
	hits=$(grep -oE '[0-9]+ probe hits' ours.err | cut -d' ' -f1)
	stops=$(grep -oE ', [0-9]+ by stops' ours.err | grep -oE '[0-9]+')
	jumps=$(grep -oE 'by [0-9]+ jumps' ours.err | grep -oE '[0-9]+')
	timed uftrace uftrace record -P . -d uftrace.data "${command[@]}"
	uftrace=$(times)
	[ -z "$seconds" ] || uftrace="$uftrace ($(uftrace report -d uftrace.data 2>/dev/null | tail -n +3 | wc -l) f.)"
	timed callgrind valgrind --tool=callgrind --trace-children=yes --callgrind-out-file=cg.%p -q "${command[@]}"
	callgrind=$(times)
	rm -rf uftrace.data cg.* ours.dat
	printf '%-9s %7s s | %10s %13s %8s%% %8s | %14s %14s\n' "$name" "$untraced" "$ours" "${hits:-?}" \
		"$(awk -v a="${stops:-0}" -v b="${hits:-1}" 'BEGIN { printf "%.2f", 100 * a / b }')" "${jumps:-?}" \
		"$uftrace" "$callgrind"
	# What the most stops were for.
	grep -E ' stops at ' ours.err | head -n "${REASONS:-1}" | sed 's/^mprof-trace:/         /'
done
