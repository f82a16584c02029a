#!/bin/bash
# What a line costs that is recorded: with its memory read each time, beside a read of /proc/self/statm alone; past
# --max-hits, where readings are held; and by breakpoints. All in one run, the median of five each: CPU time of the
# program, but where it says otherwise. A line of it takes a nanosecond or so by itself.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cc -std=gnu11 -D_GNU_SOURCE -O1 -g -o lines_loop "$TESTS/bench/lines_loop.c"
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -o two_preads "$TESTS/bench/two_preads.c"

# median COMMAND…: of what it prints in five runs.
median() {
	for _ in 1 2 3 4 5; do
		"$@"
	done | sort -g | sed -n 3p
}

lines() {
	"$MPROF_TRACE" run -q --lines -f work -o lines.dat "$@"
}

row() {
	printf '%-44s %10s ns\n' "$1" "$2"
}

pread=$(median ./two_preads 100000 | awk '{ print $1 / 2 }')
plain=$(median ./lines_loop 100000000)
each=$(median lines --max-hits 100000000 ./lines_loop 200000)
each_all=$(median lines --max-hits 100000000 ./lines_loop 200000 all)
held=$(median lines --max-hits 1000 ./lines_loop 3000000)
traps=$(median lines --probe breakpoint ./lines_loop 1000 all)
waits=$(median lines --max-hits 1000 ./lines_loop 3000000 all)
row 'a read of statm' "$pread"
row 'a line, untraced' "$plain"
row 'a line, memory read at each' "$each"
row 'the same, with waits for us to take it' "$each_all"
row 'a line past --max-hits' "$held"
row 'the same, with waits for us to take it' "$waits"
row 'a line by a breakpoint' "$traps"
awk -v each="$each" -v pread="$pread" -v held="$held" 'BEGIN {
	printf "a line with a reading is %.2f reads of statm (1.3 at most), one without %.0f ns (150 at most)\n",
		each / pread, held
}'
