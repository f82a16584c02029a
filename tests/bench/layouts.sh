#!/bin/bash
# Whole programs with every function probed, again and again: the kernel places a program anew each time (ASLR), and where
# it lies decides which punned jumps find room. Short work of the eight programs of programs.sh, RUNS (20) runs of each;
# of each column the least and the most. hot: stops at sites that stay traps though they are hit often, which the layout
# has a part in; the other stops are those of what is met for the first times. Nothing is asserted.
# The runner sets MPROF_TRACE (the binary) and TESTS (tests/). PROGRAMS='perl node': just these.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export WORK_SHARE=${WORK_SHARE:-20}
# shellcheck source=tests/bench/programs_work.sh
. "$TESTS/bench/programs_work.sh"

# What a site that is hit often stays a trap for: all other reasons are for a while.
readonly lasting='nothing could be mapped|function ends inside|leads inside|would return inside|has other uses|nothing says|is in no file'

# facts FILE: whole jumps, punned ones, hot sites that stay traps, % of hits that stop, % that do at hot traps, % for want of room.
facts() {
	awk -v lasting="$lasting" '
		/probe hits/ { hits = $2 }
		/of them recorded by/ {
			for (i = 1; i < NF; i++) {
				if ($(i + 1) ~ /^jumps/) jumps = $i
				if ($i ~ /^\(/ && $(i + 1) == "are") punned = substr($i, 2)
				if ($i == "by" && $(i + 1) ~ /^stops/) stops = $(i - 1)
				if ($(i + 1) == "sites" && $(i + 2) == "that") kept = $i
			}
		}
		/ stops at / && $0 ~ lasting { hot += $2 }
		/ stops at / && /nothing could be mapped/ { unmapped += $2 }
		END {
			if (hits == 0) exit
			printf "%d %d %d %.3f %.3f %.3f\n", jumps - punned, punned, kept, 100 * stops / hits,
				100 * hot / hits, 100 * unmapped / hits
		}' "$1"
}

# extremes: of each column, as "least..most".
extremes() {
	awk '{ for (i = 1; i <= NF; i++) {
			if (NR == 1 || $i + 0 < least[i] + 0) least[i] = $i
			if (NR == 1 || $i + 0 > most[i] + 0) most[i] = $i
		} n = NF }
		END { for (i = 1; i <= n; i++) printf "%s..%s%s", least[i], most[i], i < n ? " " : "\n" }'
}

printf '%-9s %4s %13s %9s %9s | %15s %15s %15s\n' program runs jumps punned 'hot traps' 'stops, % of hits' 'at hot traps' 'for want of room'
for name in ${PROGRAMS:-python3 perl sqlite3 node gdb cc1plus redis java}; do
	command_of "$name"
	command -v "${command[0]}" >/dev/null || {
		printf '%-9s not installed\n' "$name"
		continue
	}
	: >all
	for ((run = 0; run < ${RUNS:-20}; run++)); do
		PYTHONHASHSEED=0 timeout -k 5 "${BENCH_SECONDS:-300}" nice -n 19 "$MPROF_TRACE" run -v -f '*' -o ours.dat -- \
			"${command[@]}" >/dev/null 2>said && facts said >>all
		rm -f ours.dat
	done
	read -r jumps punned kept stops hot unmapped < <(extremes <all)
	printf '%-9s %4d %13s %9s %9s | %15s %15s %15s\n' "$name" "$(wc -l <all)" "${jumps:-?}" "${punned:-?}" "${kept:-?}" \
		"${stops:-?}" "${hot:-?}" "${unmapped:-?}"
	[ -z "${KEEP:-}" ] || sed "s/^/$name /" all >>"$KEEP"
done
