#!/bin/bash
# One table: what a probed call of a leaf function costs under mprof-trace and under other tools,
# what sampling costs, and what following processes costs. All of it from one run, on one machine, in this order; nothing is asserted.
# The runner sets MPROF_TRACE (the binary) and TESTS (tests/).
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

cc -std=gnu11 -D_GNU_SOURCE -O2 -g -pthread -o leaf_loop "$TESTS/bench/leaf_loop.c" || exit 1
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -o empty_stop "$TESTS/bench/empty_stop.c" || exit 1
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -o two_preads "$TESTS/bench/two_preads.c" || exit 1
# What uftrace patches: room at each function's start.
cc -std=gnu11 -D_GNU_SOURCE -O2 -g -pthread -fpatchable-function-entry=5 -o leaf_loop_patchable "$TESTS/bench/leaf_loop.c" || exit 1

# median COMMAND…: of three runs, each of which prints one number and may take 20 s; else nothing.
median() {
	local run
	for run in 1 2 3; do
		timeout -k 1 20 "$@" 2>"errors.$run" | grep -Ex '[0-9]+\.[0-9]+' | tail -n 1
	done | sort -g | awk '{ value[NR] = $1 } END { if (NR == 3) print value[2] }'
}

# once COMMAND…: the same, one run. What hangs is said to, and gives no figure: its program may have run without it.
once() {
	timeout -k 1 20 "$@" >once.out 2>errors.1
	if [ $? -ge 124 ]; then
		echo 'not done after 20 s' >errors.1
		return
	fi
	grep -aoEx '[0-9]+\.[0-9]+' once.out | tail -n 1
}

untraced=$(median ./leaf_loop 100000000)
stop_free=$(median ./empty_stop 20000)
stop_one=$(median ./empty_stop 50000 one-cpu)
ours=$(median "$MPROF_TRACE" run -q --probe breakpoint -f leaf -o ours.dat ./leaf_loop 50000)
# The last CPU that we may use.
cpu=$(taskset -cp $$ | sed 's/.*[^0-9]//')
ours_one=$(median taskset -c "$cpu" "$MPROF_TRACE" run -q --probe breakpoint -f leaf -o ours.dat ./leaf_loop 50000)
# By jumps: the program's own CPU time, and the time that passes while we fetch what it records, too.
jump() {
	median "$MPROF_TRACE" run -q --probe auto -f leaf -o ours.dat "${@:1:$#-3}" -- ./leaf_loop "${@: -3}"
}

# number VALUE: with thousands separated.
number() {
	printf '%.2f' "$1" | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta'
}

# row NAME VALUE [NOTE]
row() {
	if [ -z "$2" ]; then
		printf '%-44s %s\n' "$1" "${3:-gave no figure: $(tail -qn 1 errors.* 2>/dev/null | head -n 1 | cut -c1-60)}"
		return
	fi
	printf '%-44s %15s %12s %12s\n' "$1" "$(number "$2")" \
		"$(awk -v a="$2" -v b="${ours:-0}" 'BEGIN { if (b > 0) printf "%.3g", a / b; else print "-" }')" \
		"$(awk -v a="$2" -v b="${stop_one:-0}" 'BEGIN { if (b > 0) printf "%.3g", a / b; else print "-" }')"
}

# installed NAME COMMAND: whether it is; else its row says so.
installed() {
	command -v "$2" >/dev/null && return
	row "$1" '' 'not installed'
	return 1
}

printf '%s, %s CPUs, Linux %s\n\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)"
printf '%-44s %15s %12s %12s\n' 'enter and exit of a leaf function' 'ns a call' '/ours' '/empty stop'
row 'untraced' "$untraced"
row 'empty stop-and-continue, kernel places both' "$stop_free"
row 'empty stop-and-continue, both on one CPU' "$stop_one"
row 'mprof-trace, breakpoints, memory at both' "$ours"
row 'mprof-trace, breakpoints, on one CPU' "$ours_one"
all=(--max-calls 1000000000) # each call has a record
row 'mprof-trace, jumps, CPU time' "$(jump "${all[@]}" 5000000 cpu 1)"
row 'mprof-trace, jumps, CPU time, two threads' "$(jump "${all[@]}" 3000000 cpu 2)"
row 'mprof-trace, jumps, time that passes' "$(jump "${all[@]}" 5000000 wall 1)"
row 'mprof-trace, jumps, summed up, CPU time' "$(jump --max-calls 1000 30000000 cpu 1)"
row 'mprof-trace, jumps, summed up, two threads' "$(jump --max-calls 1000 30000000 cpu 2)"
row 'mprof-trace, jumps, summed up, time that passes' "$(jump --max-calls 1000 30000000 wall 1)"
row 'mprof-trace, jumps, memory read each time' "$(jump "${all[@]}" --memory-age 0 300000 cpu 1)"
row 'two preads of statm' "$(median ./two_preads 300000)"
# UFTRACE names another one, to be shown beside Debian's: installed where it was configured for, as 0.19 in its build
# folder finds no libmcount.so, records nothing and hangs.
for uftrace in uftrace ${UFTRACE:+"$UFTRACE"}; do
	if installed "$uftrace -P, no memory" "$uftrace"; then
		version=$("$uftrace" --version | cut -d' ' -f1,2)
		row "$version -P, no memory, CPU time" "$(once "$uftrace" record -P leaf -d uftrace.data ./leaf_loop_patchable 1000000 cpu 1)"
		row "$version -P, no memory" "$(once "$uftrace" record -P leaf -d uftrace.data ./leaf_loop_patchable 1000000)"
		row "$version -P, statm at both" "$(once "$uftrace" record -P leaf -T leaf@read=proc/statm -d uftrace.data ./leaf_loop_patchable 100000)"
	fi
done
if installed 'bpftrace uprobe + uretprobe, no memory' bpftrace; then
	row 'bpftrace uprobe + uretprobe, no memory' "$(once bpftrace -e \
		'uprobe:./leaf_loop:leaf { @enter[tid] = nsecs } uretprobe:./leaf_loop:leaf { @spent = nsecs - @enter[tid] }' \
		-c './leaf_loop 100000')"
fi
if installed 'ltrace -x, no memory' ltrace; then
	row 'ltrace -x, no memory' "$(once ltrace -o ltrace.out -x leaf -L ./leaf_loop 3000)"
fi
if installed 'gdb, breakpoint and finish, no memory' gdb; then
	row 'gdb, breakpoint and finish, no memory' "$(once gdb -nx -batch -x "$TESTS/bench/finish_each.py" --args ./leaf_loop 30)"
fi

# Two stops are the least that a call costs where it is seen by breakpoints.
awk -v free="${ours:-0}" -v one="${ours_one:-0}" -v stop_free="${stop_free:-0}" -v stop_one="${stop_one:-0}" 'BEGIN {
	stop = stop_free < stop_one ? stop_free : stop_one
	if (stop > 0 && free > 0 && one > 0)
		printf "\na call of ours to two empty stops: %.2f, pinned %.2f\n", free / 2 / stop, one / 2 / stop
}'

calls=$(awk -v ns="${untraced:-2}" 'BEGIN { printf "%d", 1e9 / ns }')
plain=$(median ./leaf_loop "$calls")
sampled=$(median "$MPROF_TRACE" run -q -T 0.001 -o sampled.dat ./leaf_loop "$calls")
printf '\n1 s of work, untraced and sampled every millisecond: '
if [ -n "$plain" ] && [ -n "$sampled" ]; then
	awk -v a="$plain" -v b="$sampled" -v n="$(grep -c '^MEM' sampled.dat)" \
		'BEGIN { printf "%+.1f %% (%d samples in the last run)\n", (b / a - 1) * 100, n }'
else
	echo 'gave no figure'
fi

"$TESTS/bench/processes.sh"

# ---- Python: what the functions cost that were not chosen ----

python_bench() {
	local python=$1 plain traced chosen
	cat >unchosen.py <<-'PY'
		import sys, time
		def hot(n): return n + 1
		def chosen(): return 0
		def measure(count):
		    chosen()
		    # Of this CPU: other programs on the machine tell nothing about the interpreter.
		    start = time.process_time()
		    for i in range(count): hot(i)
		    return (time.process_time() - start) / count * 1e9
		def measure_chosen(count):
		    start = time.perf_counter()
		    for i in range(count): chosen()
		    return (time.perf_counter() - start) / count * 1e9
		print("%.2f" % (measure if sys.argv[1] == "hot" else measure_chosen)(int(sys.argv[2])))
	PY
	plain=$(median "$python" unchosen.py hot 3000000)
	traced=$(median "$MPROF_TRACE" run -q --python -f chosen -o python.dat "$python" unchosen.py hot 3000000)
	chosen=$(median "$MPROF_TRACE" run -q --python -f chosen -o python.dat "$python" unchosen.py chosen 20000)
	printf '%-44s %15s %15s %12s %15s\n' "$("$python" -V)" "${plain:--}" "${traced:--}" \
		"$(awk -v a="$traced" -v b="$plain" 'BEGIN { if (b > 0) printf "%.2f", a / b }')" "${chosen:--}"
}
printf '\n%-44s %15s %15s %12s %15s\n' 'a Python function, ns a call' 'untraced' 'not chosen' 'ratio' 'chosen'
for python in /usr/bin/python3 "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3; do
	[ -x "$python" ] && python_bench "$python"
done
