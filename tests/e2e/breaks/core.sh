#!/bin/sh
# --on-break core: gdb opens the file, and finds all threads where they were, and the program's own code; the program goes
# on and has felt nothing.
# asserts: unharmed target
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"
need_command gdb readelf

symbol='output/x *(unsigned char(*)[16])'
gdb -nx -batch -iex 'set debuginfod enabled off' -ex "${symbol}hot" -ex 'echo \n' -ex "${symbol}grow" "$TARGETS/grows_in_steps" >code ||
	fail "gdb cannot read the program"

# look_at CORE LABEL: what gdb makes of it.
look_at() {
	gdb -nx -batch -iex 'set debuginfod enabled off' -ex 'thread apply all backtrace' -ex "${symbol}hot" -ex 'echo \n' \
		-ex "${symbol}grow" -ex 'echo \n' "$TARGETS/grows_in_steps" "$1" >"$2.gdb" 2>"$2.gdb.err" || fail "$2: gdb does not open $1"
	[ "$(grep -c '^Thread [0-9]' "$2.gdb")" -eq 3 ] || fail "$2: not three threads: $(cat "$2.gdb")"
	for frame in grow_all main sleeps calls start_thread; do
		grep -Eq "^#[0-9]+ .*\\b$frame \\(" "$2.gdb" || fail "$2: no $frame: $(cat "$2.gdb")"
	done
	! grep -q '?? ()' "$2.gdb" || fail "$2: a stack is not whole: $(cat "$2.gdb")"
	while read -r bytes; do
		grep -qF "$bytes" "$2.gdb" || fail "$2: code of ours is in the core: $(cat "$2.gdb")"
	done <code
}

for probe in auto breakpoint pad; do
	for who in alone child; do
		label=$probe.$who
		run_as "$label" "$MPROF_TRACE" run --probe "$probe" -f hot -o "$label.dat" --break-in grow --break-at 45M \
			--on-break core "$TARGETS/grows_in_steps" "$who"
		status_is "$label" 7
		grep -q '^sum 20, EINTR 0$' "$label.out" || fail "$label: the program has felt it"
		well_formed "$label.dat"
		[ "$(count_calls "$label.dat" grow)" -eq 20 ] || fail "$label: $(count_calls "$label.dat" grow) calls of grow"
		core=$(sed -n 's/^.*the core file of process [0-9]* is //p' "$label.err")
		[ -f "$core" ] || fail "$label: there is no core file '$core'"
		# Pages that were written to are in it where breakpoints and jumps were.
		readelf -lW "$core" | grep -q 'R E' || fail "$label: the core has no code: the test is void"
		look_at "$core" "$label"
		[ "$(du -k "$core" | cut -f1)" -lt 90000 ] || fail "$label: $(du -k "$core") KiB for 45 MiB"
		rm "$core"
	done
done

# Again and again, at entries; where nothing is probed; and of a process that is attached to.
run_as each "$MPROF_TRACE" run -q -o each.dat --break-in grow_all,grow --break-every --break-if 'memory>180M' \
	--on-break core "$TARGETS/grows_in_steps"
status_is each 7
ls each.core.* >each.list || fail "each: no core file"
start_recorder sampled run -T 0.01 -o sampled.dat --break-at 150M --on-break core "$TARGETS/grows_in_steps" alone waits
wait_until grep -aq 'core file of process' sampled.err
kill -USR1 "$(ready_pid sampled)"
end_recorder sampled
status_is sampled 7
says sampled 'the core file of process [0-9]* is sampled.core'
gdb -nx -batch -iex 'set debuginfod enabled off' -ex 'thread apply all backtrace' "$TARGETS/grows_in_steps" sampled.core.* >sampled.gdb 2>&1
[ "$(grep -c '^Thread [0-9]' sampled.gdb)" -eq 3 ] || fail "sampled: $(cat sampled.gdb)"
rm -f ./*.core.*

for option in '-f hot,grow' ''; do
	start_program grown "$TARGETS/grows_in_steps" alone waits
	wait_until grep -q '^ready' grown.out
	# shellcheck disable=SC2086 # words, or none
	start_recorder attached attach $option -T 0.01 -o attached.dat --break-at 150M --on-break core "$program"
	wait_until grep -aq 'core file' attached.err
	kill -INT "$recorder"
	end_recorder attached
	says attached 'the core file of process [0-9]* is attached.core'
	is_own_code "$program" || fail "with '$option' code of ours is left"
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 7 ] || fail "with '$option' the process ended with $run_result"
	rm -f ./*.core.*
done

# Where it cannot be written whole: one line, no file, and the program goes on.
run_as full sh -c 'ulimit -f 4000; exec "$@"' sh "$MPROF_TRACE" run -q -o full.dat --break-in grow --break-at 45M \
	--on-break core "$TARGETS/grows_in_steps"
status_is full 7
says full '^mprof-trace: no core file of process [0-9]* could be written: full.core.[0-9]*: .*File too large'
says_one_line full
[ -z "$(ls full.core.* 2>/dev/null)" ] || fail "full: a piece of a core file is left"
