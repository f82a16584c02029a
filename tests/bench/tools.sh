#!/bin/bash
# The tools that people know, each on the same program, as one uses it to find out where memory goes: how many times the
# CPU time it takes, of program and tool together (which other programs on the machine falsify least), and what its file
# takes. The C program is the tutorial's words, on 8 MB of text: 1.3 million
# calls of lookup(), a leak in each. The Python program makes pages, and calls a small function 100,000 times meanwhile.
# The least of five runs; one run of what takes over 10 s; given up after BENCH_SECONDS (60). Nothing is asserted.
# Environment: MPROF_TRACE, TESTS; MEMRAY (a python3 that has memray, which Debian 12 has not).
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
limit_s=${BENCH_SECONDS:-60}
mkdir bin && ln -s "$(readlink -f "$MPROF_TRACE")" bin/mprof-trace && PATH=$PWD/bin:$PATH
export PYTHONDONTWRITEBYTECODE=1

cp "$TESTS/../man/tutorial/words.c" .
cc -g -O1 -fno-inline -fno-omit-frame-pointer -o words words.c || exit 1
# What uftrace patches: room at each function's start.
cc -g -O1 -fno-inline -fno-omit-frame-pointer -fpatchable-function-entry=5 -o words_room words.c || exit 1
yes "$(cat "$TESTS/../LICENSE")" | head -c 8M >text
cat >pages.py <<'PYTHON'
import json
try:
    profile
except NameError:
    def profile(function): return function
def small(n):
    return n % 1000
@profile
def render(number):
    rows = [{"row": small(i), "text": "page %d " % number * 40} for i in range(1000)]
    return json.dumps(rows).encode()
@profile
def fill():
    return [render(number) for number in range(100)]
print(sum(map(len, fill())))
PYTHON
sed -e '1i def profile(function): return function' -e '/^try:/,/^    def profile/d' pages.py >plain.py
cat >stops.gdb <<'GDB'
set pagination off
set debuginfod enabled off
break lookup
commands
silent
continue
end
run
GDB

# seconds COMMAND: sets $seconds, or leaves it empty with $why.
seconds() {
	local status times=() TIMEFORMAT='%U %S'
	seconds='' why=''
	for _ in 1 2 3 4 5; do
		rm -rf out.* massif.out.*
		{ time timeout -k 2 "$limit_s" bash -c "$1" >said 2>&1 </dev/null; } 2>spent
		status=$?
		times+=("$(awk '{ printf "%.3f", $1 + $2 }' spent)")
		if [ $status -ge 124 ]; then
			why="over $limit_s s"
			return
		fi
		if [ $status -ne 0 ]; then
			why="fails ($status): $(tail -n 1 said | cut -c1-40)"
			return
		fi
		[ "${times[-1]%.*}" -lt 10 ] || break
	done
	seconds=$(printf '%s\n' "${times[@]}" | sort -g | head -n 1)
}

# row TOOL COMMAND: what it writes is out.* or massif.out.*
row() {
	local size
	if ! command -v "$1" >/dev/null; then
		printf '%9s %9s  %s\n' '' '' "$2 (not installed)"
		return
	fi
	seconds "$2"
	size=$(du -cb out.* massif.out.* 2>/dev/null | tail -n 1 | awk '{ printf $1 < 1e6 ? "%.0f kB" : "%.0f MB", $1 / ($1 < 1e6 ? 1e3 : 1e6) }')
	printf '%9s %9s  %s\n' "$([ -n "$seconds" ] && awk -v a="$seconds" -v b="$untraced" 'BEGIN { printf "%.2f x", a / b }' || echo "$why")" \
		"$size" "$2"
}

printf '%s, %s CPUs, Linux %s\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)"
seconds './words text'
untraced=$seconds
printf '\nA C program: untraced %s s\n%9s %9s  %s\n' "$untraced" time file command
row time 'command time -v ./words text'
row mprof-trace 'mprof-trace -o out.dat ./words text'
row mprof-trace 'mprof-trace --no-probes -o out.dat ./words text'
row python3-mprof 'python3-mprof run -o out.dat ./words text'
row mprof-trace 'mprof-trace --stacks=growth -o out.dat ./words text'
row perf 'perf record -q -e page-faults -c 1 -g -o out.perf ./words text'
row heaptrack 'heaptrack -o out.heap ./words text'
row valgrind 'valgrind -q --tool=massif ./words text'
row valgrind 'valgrind -q --leak-check=full ./words text'
row mprof-trace 'mprof-trace -f lookup,read_words -o out.dat ./words text'
row mprof-trace 'mprof-trace -f lookup,read_words --max-calls 1000 -o out.dat ./words text'
row mprof-trace 'mprof-trace -f lookup,read_words --max-calls 1000 --memory-age 0 -o out.dat ./words text'
row uftrace 'uftrace record -P lookup -P read_words -d out.uftrace ./words_room text'
row uftrace 'uftrace record -P lookup -P read_words -T lookup@read=proc/statm -d out.uftrace ./words_room text'
row bpftrace 'bpftrace -e "uprobe:./words:lookup { @c = count() } uretprobe:./words:lookup { @r = count() }" -c "./words text"'
row ltrace 'ltrace -x lookup -L -o out.ltrace ./words text'
row gdb 'gdb -nx -batch -x stops.gdb --args ./words text'

python=/usr/bin/python3
seconds "$python plain.py"
untraced=$seconds
printf '\nA Python program: untraced %s s (%s)\n' "$untraced" "$("$python" -V)"
row mprof-trace "mprof-trace --nopython -o out.dat $python plain.py"
row mprof-trace "mprof-trace --python -f fill,render -o out.dat $python plain.py"
row python3-mprof "python3-mprof run --python -o out.dat $python pages.py"
[ -z "${MEMRAY:-}" ] || row "$MEMRAY" "$MEMRAY -m memray run -q -o out.memray plain.py"
row mprof-trace "mprof-trace lines --python -f fill,render $python plain.py"
row "$python" "$python -m memory_profiler pages.py"
