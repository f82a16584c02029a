#!/bin/sh
# The status line: there while a program that writes elsewhere is recorded, gone at the end, and never on a terminal
# that the program may write to.
# shellcheck disable=SC2016 # another shell expands it
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command python3
line='mprof-trace: [0-9]+:[0-9][0-9]  [0-9]+\.[0-9] MiB  [0-9]+ process(es)?'

# on_terminal LABEL OPTION... COMMAND...: options are those of status_terminal.py.
on_terminal() {
	label=$1
	shift
	rm -f seen
	run_as "$label" "$TESTS/lib/status_terminal.py" "$@"
}

# drawn LABEL: it was there, no more often than five times a second, and nothing is left of it.
drawn() {
	grep -Eq "^draw: $line" "$1.out" || {
		cat "$1.out" "$1.err"
		fail "$1: no status line"
	}
	! grep -Eq "^shown: $line" "$1.out" || fail "$1: it is still there at the end"
	grep -q "^shown: mprof-trace: peak .*, profile $1.dat\$" "$1.out" || fail "$1: no last line"
	awk -v label="$1" '/^seconds/ { most = $2 * 5 + 1 } /^draw/ { draws++ }
		END { if (draws > most) { print label ": drawn " draws " times"; exit 1 } }' "$1.out" || exit 1
}

# not_drawn LABEL: no status line, though there was time for it.
not_drawn() {
	! grep -Eq "^(draw|clear)" "$1.out" || {
		cat "$1.out"
		fail "$1: there is a status line"
	}
	[ "$(grep -c '^MEM' "$1.dat")" -ge 10 ] || fail "$1: hardly a sample was taken"
}

# Waits until the line was there; its own descriptors are the file.
elsewhere='exec >file 2>&1; while [ ! -e seen ]; do sleep 0.05; done'

on_terminal plain --until "$line" seen "$MPROF_TRACE" run -T 0.01 -o plain.dat sh -c "$elsewhere; sleep 0.5"
status_is plain 0
drawn plain
on_terminal status --until "$line" seen "$MPROF_TRACE" run -o status.dat sh -c "$elsewhere; exit 3"
status_is status 3
drawn status
grep -q '^shown: mprof-trace: exited with status 3$' status.out || fail "how it ended is not said"

# Our own standard output does not matter.
on_terminal output --until "$line" seen --stderr-only "$MPROF_TRACE" run -o output.dat sh -c "$elsewhere"
drawn output
# Calls, where there are any to be counted; and no wider than the terminal.
on_terminal calls --until "$line  [1-9][0-9]* calls?" seen "$MPROF_TRACE" run -f outer,inner -o calls.dat \
	sh -c "exec >file 2>&1; '$TARGETS/calls_nested'; $elsewhere"
drawn calls
on_terminal narrow --until 'mprof-trace: [0-9]+:[0-9]+' seen --columns 24 "$MPROF_TRACE" run -o narrow.dat \
	sh -c "$elsewhere"
grep -q '^draw' narrow.out || fail "no status line on a narrow terminal"
! grep -Eq '^draw: .{24}' narrow.out || fail "wider than the terminal"
# Messages take its place while it stands there.
on_terminal verbose --until "$line" seen "$MPROF_TRACE" run -v -T 0.01 -f main -o verbose.dat \
	sh -c "$elsewhere; '$TARGETS/calls_nested'; sleep 0.5"
drawn verbose
! grep -E '^shown: .*mprof-trace:.*mprof-trace:' verbose.out || fail "a message stands behind the line"

# The program's own descriptors are the terminal: both, one of them, a child's, /dev/tty.
ticks='i=0; while [ $i -lt 10 ]; do sleep 0.05; i=$((i + 1)); done'
on_terminal both "$MPROF_TRACE" run -T 0.01 -o both.dat sh -c "$ticks; echo done"
not_drawn both
grep -q '^line: done$' both.out || fail "the program's words are not there"
on_terminal errors "$MPROF_TRACE" run -T 0.01 -o errors.dat sh -c "exec >file; $ticks"
not_drawn errors
on_terminal words "$MPROF_TRACE" run -T 0.01 -o words.dat sh -c "exec 2>file; $ticks"
not_drawn words
on_terminal child "$MPROF_TRACE" run -T 0.01 -o child.dat \
	sh -c "( $ticks; kill -KILL \$\$ ) & exec >file 2>&1; wait" # the child is there till the end
not_drawn child
on_terminal tty "$MPROF_TRACE" run -T 0.01 -o tty.dat sh -c "exec >/dev/tty 2>&1; $ticks"
not_drawn tty
on_terminal untraced "$MPROF_TRACE" run --no-probes -T 0.01 -o untraced.dat sh -c "$ticks"
not_drawn untraced

# Not asked for, not possible, or somebody else's turn.
on_terminal quiet "$MPROF_TRACE" run -q -T 0.01 -o quiet.dat sh -c "exec >file 2>&1; $ticks"
not_drawn quiet
on_terminal dumb env TERM=dumb "$MPROF_TRACE" run -T 0.01 -o dumb.dat sh -c "exec >file 2>&1; $ticks"
not_drawn dumb
on_terminal background --background "$MPROF_TRACE" run -T 0.01 -o background.dat \
	sh -c "exec >file 2>&1; $ticks"
not_drawn background
run_as file "$MPROF_TRACE" run -T 0.01 -o file.dat sh -c "exec >file 2>&1; $ticks"
! grep -q "$(printf '\033')" file.err || fail "a status line in a file"

# Processes that run already.
sh -c "trap 'exit 0' TERM; while :; do sleep 0.05; done" >file 2>&1 &
target=$!
on_terminal attach --until "$line" seen "$MPROF_TRACE" attach -t 2 -o attach.dat "$target"
drawn attach
grep -q '^shown: mprof-trace: timeout: it goes on, unrecorded$' attach.out || fail "how it ended is not said"
kill "$target"
