#!/bin/bash
# What a mark of mprof_mark.h takes: untraced, recorded by jumps, recorded by breakpoints, and bpftrace's uprobe of the
# same place, in one run. And a program that makes 10^6 marks a second, without and with us: its own time and the file.
#
#   marks.sh [COUNT]      so many marks a run (default 10,000,000; a hundredth by breakpoints and by bpftrace)
set -euo pipefail

count=${1:-10000000}
few=$((count / 100))
program=$TARGETS/marks
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# line NAME NS_A_MARK FILE: FILE's size is shown where there is one.
line() {
	local bytes=-
	[ -z "${3:-}" ] || bytes=$(stat -c %s "$3")
	printf '%-44s %10s ns a mark  %12s bytes of file\n' "$1" "$2" "$bytes"
}

line 'untraced' "$("$program" time "$count")"
line 'mprof-trace, jumps' "$("$MPROF_TRACE" run -q -o jumps.dat "$program" time "$count")" jumps.dat
line 'mprof-trace, jumps, memory at each' \
	"$("$MPROF_TRACE" run -q --memory-age 0 -o exact.dat "$program" time $((count / 10)))" exact.dat
line 'mprof-trace, breakpoints' \
	"$("$MPROF_TRACE" run -q --probe breakpoint -o traps.dat "$program" time "$few")" traps.dat
if command -v bpftrace >/dev/null; then
	if bpftrace -e "usdt:$program:mprof:timed { @n = count(); }" -c "$program time $few" >bpftrace.out 2>&1; then
		line 'bpftrace, count()' "$(grep -E '^[0-9.]+$' bpftrace.out | head -n 1)"
	else
		echo "bpftrace: $(tail -n 1 bpftrace.out)"
	fi
fi
