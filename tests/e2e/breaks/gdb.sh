#!/bin/sh
# --on-break gdb: the process is handed over on the terminal, where the break is, with its own code; after finish and detach
# it goes on as untraced. With --resume its calls are recorded again.
# asserts: unharmed target
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"
need_command gdb

# hand_over LABEL LINE... -- WORD...: the lines are typed at gdb; the program with the words in front of it.
hand_over() {
	label=$1
	shift
	for count in 1 2 3; do # a very busy machine may not get to it in time
		run_as "$label" "$TESTS/lib/gdb_terminal.py" "$@"
		[ "$count" -eq 3 ] || ! grep -q 'ptrace: Operation not permitted' "$label.out" || continue
		break
	done
}

# shows LABEL REGEX: some line on the terminal matches.
shows() {
	grep -aEq -- "$2" "$1.out" && return
	cat "$1.out"
	fail "$1: nothing on the terminal matches: $2"
}

# The first bytes of functions, as gdb sees them in the file; of a process they must be the same.
hot='output/x *(unsigned char(*)[16])hot'
grow='output/x *(unsigned char(*)[16])grow'
gdb -nx -batch -iex 'set debuginfod enabled off' -ex "$hot" -ex 'echo \n' -ex "$grow" "$TARGETS/grows_in_steps" >code ||
	fail "gdb cannot read the program"

for probe in auto breakpoint pad; do
	for who in alone child; do
		label=$probe.$who
		hand_over "$label" backtrace 'info threads' "$hot" "$grow" finish detach quit -- \
			"$MPROF_TRACE" run --probe "$probe" -f hot -o "$label.dat" --break-in grow --break-at 45M \
			--on-break gdb "$TARGETS/grows_in_steps" "$who"
		status_is "$label" 7
		shows "$label" 'sum 20, EINTR'
		# Within the call that has gone beyond, or where it has returned to.
		shows "$label" '^#[0-9] .* grow_all '
		shows "$label" '^Run till exit'
		shows "$label" 'detached'
		while read -r bytes; do
			grep -aqF "$bytes" "$label.out" || fail "$label: gdb finds code of ours: $(cat "$label.out")"
		done <code
		well_formed "$label.dat"
		is_between "$(break_memory "$label.dat")" 45 58 || fail "$label: $(break_memory "$label.dat") MiB"
	done
done

# At an entry: its first instruction, with the arguments where they are; gdb's own breakpoint at it works.
hand_over entry backtrace 'break grow' continue 'info breakpoints' 'delete 1' detach quit -- \
	"$MPROF_TRACE" run -o entry.dat --break-in grow --on-break gdb "$TARGETS/grows_in_steps"
status_is entry 7
shows entry '^#0 .*grow \('
shows entry 'Breakpoint 1, .*grow'
shows entry 'breakpoint already hit 1 time'

# Killed from there, it is recorded as such.
hand_over killed 'kill' y quit -- "$MPROF_TRACE" run -o killed.dat --break-in grow --on-break gdb \
	"$TARGETS/grows_in_steps"
status_is killed 137

# Traced again: the calls that come are recorded, with their own code at the end; the next break comes, too.
goes_on_recording() {
	awk '$1 == "MARK" { left = $4 } $1 == "FUNC" && $2 == "hot" && left && $4 > left { n++ } END { exit n < 100 }' again.dat
}
hand_over again detach quit -- "$MPROF_TRACE" run --resume --probe auto -f hot -o again.dat --break-in grow \
	--break-at 45M --on-break gdb "$TARGETS/grows_in_steps" alone waits &
wait_until goes_on_recording
kill -USR1 "$(awk '$1 == "PROC" { print $2; exit }' again.dat)"
wait
status_is again 7
shows again 'is traced again'
well_formed again.dat

# Attached to, at a sample: the process ends as it would have.
for option in '-f hot,grow' '' '-f hot --resume'; do
	start_program grown "$TARGETS/grows_in_steps" alone waits
	wait_until grep -q '^ready' grown.out
	# shellcheck disable=SC2086 # words, or none
	hand_over attached backtrace "shell kill -USR1 $program" detach quit -- "$MPROF_TRACE" attach $option -T 0.01 \
		-o attached.dat --break-at 150M --on-break gdb "$program"
	status_is attached 0
	shows attached '^#[0-9] .* (main|calls) '
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 7 ] || fail "with '$option' the process ended with $run_result"
	grep -q '^sum 20' grown.out || fail "with '$option' it has said: $(cat grown.out)"
	well_formed attached.dat
done

# Several at once: each gets its turn.
# shellcheck disable=SC2016 # for the inner shell
hand_over turns detach quit detach quit -- "$MPROF_TRACE" run -o turns.dat --break-in grow_all --on-break gdb \
	sh -c '"$0" & "$0" & wait' "$TARGETS/grows_in_steps"
status_is turns 0
[ "$(grep -ac 'Attaching to process' turns.out)" -eq 2 ] || fail "turns: $(cat turns.out)"
[ "$(grep -ac 'sum 20, EINTR' turns.out)" -eq 2 ] || fail "turns: $(cat turns.out)"
