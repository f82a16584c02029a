#!/bin/sh
# What runs on the machine of tests/arm64, under busybox: each part of mprof-trace that needs no probes, on real programs. A
# line a check, and the output of one that failed; their count at last. A machine that hangs is ended from outside.
# shellcheck disable=SC2016 # conditions of awk are in single quotes

passed=0
failed=0

# result NAME: by the status of the command before.
result() {
	if [ $? -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok    $1"
		return
	fi
	failed=$((failed + 1))
	echo "FAIL  $1: status $status"
	head -n 20 out err 2>/dev/null | sed 's/^/    | /'
}

# run COMMAND…: leaves out, err, and $status.
run() {
	status=0
	timeout 120 "$@" >out 2>err || status=$?
}

# check NAME STATUS PATTERN COMMAND…: its status, and a line that it says, unless PATTERN is empty.
check() {
	name=$1 wanted=$2 pattern=$3
	shift 3
	run "$@"
	[ "$status" = "$wanted" ] && { [ -z "$pattern" ] || cat out err | grep -q -E -- "$pattern"; }
	result "$name"
}

# holds NAME FILE AWK_CONDITION: some record of the recording is as said.
holds() {
	awk "$3 { found = 1 } END { exit !found }" "$2"
	result "$1"
}

# wait_for COMMAND…: until it succeeds; some seconds at most.
wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}

memory_near() { # memory_near WORD LOW HIGH: an awk condition, on records of one word
	echo "\$1 == \"$1\" && \$(NF - 1) >= $2 && \$(NF - 1) <= $3"
}

# ---- What it is ----

check version 0 'Linux on aarch64, without probes' mprof-trace --version
check help 0 'Usage: mprof-trace' mprof-trace --help
check no_such_program 127 'No such file|not found' mprof-trace run ./nothing_there

# ---- Recording ----

check exit_status 7 'exited with status 7' mprof-trace -o one.dat grow 20 500 7
holds memory one.dat "$(memory_near MEM 20 24)"
holds end one.dat '$1 == "DONE" && $4 == 7'
check killed 143 'ready' mprof-trace -o killed.dat sh -c 'grow 10 100 0; kill -TERM $$'
check fork 0 '2 processes' mprof-trace -T 0.05 -o two.dat grow 20 700 0 40
holds child two.dat "$(memory_near CHLD 40 44)"
check sum 0 'sum of all processes' mprof-trace -C -T 0.05 -o sum.dat grow 20 700 0 40
holds sum_of_both sum.dat "$(memory_near MEM 60 68)"
check multiprocess 0 'ready' mprof-trace -C -M -T 0.05 -o both.dat grow 20 700 0 40
holds child_of_sum both.dat "$(memory_near CHLD 40 44)"
check not_followed 0 'ready' mprof-trace --no-follow -o alone.dat grow 20 300 0 40
! grep -q ^CHLD alone.dat
result no_child
check timeout 0 'ready' mprof-trace -t 0.3 -o timed.dat grow 20 1000 0
check untraced 0 'ready' mprof-trace --no-probes -o untraced.dat grow 20 500 0 40
check shell 0 'ready' mprof-trace -o shell.dat sh -c 'perl -e 1; grow 10 100 0'
check python 0 'done' mprof-trace -o python.dat python3 -c 'x = b"x" * (40 << 20); print("done")'
holds python_peak python.dat '$1 == "PEAK" && $3 >= 45 && $3 <= 70'
check perl 0 'done' mprof-trace -o perl.dat perl -e '$x = "x" x (30 << 20); print "done\n"'

# ---- More than an amount ----

check backend 0 'ready' mprof-trace --backend pss -o pss.dat grow 20 400 0
holds pss pss.dat "$(memory_near MEM 19 24)"
check backend_uss 0 'ready' mprof-trace --backend uss -o uss.dat grow 20 400 0
check split 0 'ready' mprof-trace --split -o split.dat grow 20 400 0
holds part split.dat '$1 == "PART"'
check with 0 'ready' mprof-trace --with cpu,faults,threads -o with.dat grow 20 400 0
holds companion with.dat '$1 == "WITH"'
check break_at 0 'break: memory>=10M' mprof-trace --break-at 10M --on-break stack -o break.dat grow 20 600 0
grep -q '#[0-9]* *main  (grow)' err
result stack_of_break
check core 0 'core file of process' mprof-trace --break-at 10M --on-break core -o core.dat grow 20 600 0
[ "$(od -A n -t x2 -j 18 -N 2 core.core.* | tr -d ' ')" = 00b7 ] # EM_AARCH64
result core_machine
check stacks_peak 0 'ready' mprof-trace --stacks=peak -o peak.dat grow 20 600 0
holds stack_name peak.dat '$1 == "FRAME" && $4 == "hold_memory"'
check stacks_growth 0 'ready' mprof-trace --stacks=growth -o growth.dat grow 20 600 0
holds growth_name growth.dat '$1 == "FRAME" && $4 == "touch_pages"'
check memit 0 'peak memory: 2[0-9]' mprof-trace memit grow 20 300 0

# ---- Attaching ----

grow 25 20000 5 >grown &
target=$!
wait_for grep -q ready grown
check attach 0 'attached|peak' mprof-trace attach -t 0.5 -o attached.dat $target
holds attached_memory attached.dat "$(memory_near MEM 25 29)"
check attach_by_name 0 'attached|peak' mprof-trace run -a grow -t 0.5 -o named.dat
check attach_stack 0 '#[0-9]* *hold_memory' mprof-trace attach -t 1 --break-at 10M --on-break stack -o seen.dat $target
kill -0 $target
result goes_on

mprof-trace attach -o cut.dat $target 2>/dev/null &
tracer=$!
wait_for grep -q ^MEM cut.dat
check mark 0 '' mprof-trace mark here cut.dat
kill -INT $tracer
wait $tracer
result detached_by_interrupt
holds marked cut.dat '/^MARK .*here/'
kill $target
wait $target 2>/dev/null

# The front end and the engine are killed while the program runs.
mprof-trace -o orphan.dat grow 15 3000 0 >grown 2>/dev/null &
tracer=$!
wait_for grep -q ready grown
target=$(pidof grow)
engine=$(awk '/^TracerPid/ { print $2 }' "/proc/$target/status")
kill -KILL $tracer "$engine"
wait_for grep -q '^TracerPid:	0' "/proc/$target/status"
result left_by_killed_tracer
[ "$(awk '/^State/ { print $2 }' "/proc/$target/status")" = S ]
result lives_on
check killed_file 0 'grow' mprof-trace report orphan.dat
kill "$target"

# ---- What needs probes is refused ----

check no_functions 125 '^mprof-trace: -f needs probes, which are not there on aarch64 yet' mprof-trace -f main grow 1 1 0
[ "$(wc -l <err)" -eq 1 ]
result one_line
check no_python 125 'python needs probes' mprof-trace --python grow 1 1 0
check no_lines 125 'needs probes' mprof-trace lines -f main grow 1 1 0
check marks_not_recorded 0 'marks of the program are not recorded' mprof-trace -o marks.dat grow_marks 10 100 0
check funcs 0 '^hold_memory.*grow\.c:[0-9]' mprof-trace funcs grow

# ---- Looking at it ----

check plot_png 0 '' mprof-trace plot -n -o two.png two.dat
[ "$(head -c 4 two.png | tail -c 3)" = PNG ]
result png
check plot_svg 0 '' mprof-trace plot -o two.svg two.dat
grep -q '<svg' two.svg && grep -q 'child' two.svg
result svg
check plot_pdf 0 '' mprof-trace plot -o two.pdf two.dat
check plot_html 0 '' mprof-trace plot -o two.html two.dat
check plot_term 0 'memory used' mprof-trace plot --term two.dat
check report 0 'highest of 1 child: 4[0-9]' mprof-trace report two.dat
check peak 0 '2[0-9]\.[0-9]' mprof-trace peak one.dat
check default_name 0 'profile mprofile_' mprof-trace grow 5 100 0
check list 0 'grow' mprof-trace list
check diff 0 'peak' mprof-trace diff one.dat two.dat
check check_kept 0 '' mprof-trace check --max-peak=100M one.dat
check check_broken 1 'peak' mprof-trace check --max-peak=10M one.dat
check export_csv 0 ',' mprof-trace export --csv one.dat
check export_json 0 '^[[{]' mprof-trace export --json one.dat
check foreign 125 'for another machine|no ELF' mprof-trace funcs /root/foreign

# ---- What code says ----

check code 0 'as expected' code

# ---- The library ----

check libmprof 0 '3[2-9]\.[0-9] MiB at most' memory_usage
check libmprof_command 0 '^CHLD' memory_usage grow 10 500 0 20

echo
echo "$passed passed, $failed failed"
