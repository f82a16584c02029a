#!/bin/sh
# gdb attaches to a program whose mprof-trace was killed with -9, whose threads still run through pads: a thread in
# code of the program's unwinds whole, one in a pad as well, but that the pad has no name; gdb detaches, and the program
# goes on. Once another mprof-trace has taken the pads away, each thread does.
#
# In the copy of what was displaced, and for one instruction before a pad behind a call has moved the stack pointer, it does
# not: that is one or two hundredths of the time.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
need_command gdb

cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$program/stat"
}

works_on() {
	[ "$(cpu_ticks)" -gt "$1" ]
}

# look: gdb attaches, unwinds and detaches; the program goes on.
look() {
	timeout -s KILL 300 gdb -nx -batch -iex 'set debuginfod enabled off' -p "$program" \
		-ex 'thread apply all backtrace' -ex detach >gdb.out 2>gdb.err </dev/null
	grep -q '^Thread ' gdb.out || skip "gdb cannot attach here: $(head -n 1 gdb.err)"
	wait_until works_on "$(($(cpu_ticks) + 2))"
	"$TESTS/lib/whole_stacks.py" 1 <gdb.out >stacks || {
		cat stacks gdb.out
		fail "a thread in the program's code does not unwind whole"
	}
}

# all_jumps: no breakpoint is left among the functions. gdb keeps their signal to itself, and the program
# would die of that.
all_jumps() {
	"$TESTS/lib/own_code.py" "$program" | grep 'hot_until_abort differ' | grep -q ' 0 of them breakpoints'
}

is_hot() {
	[ "$(count_calls hot.dat innermost)" -ge 2000 ] && all_jumps
}

start_program hot_until_abort "$TARGETS/hot_until_abort" 1
wait_until grep -q '^ready' hot_until_abort.out
look
grep -q '^1 whole' stacks || skip "gdb cannot unwind the untraced program here"
start_attach hot --survival yes --probe pad --max-calls 1000 -T 0.01 -f innermost,inner,outer \
	-o hot.dat "$program"
wait_until is_hot
kill_recorder
wait_until works_on "$(($(cpu_ticks) + 2))"
all_jumps || fail "there are no pads to be looked at"

whole=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	look
	grep -q ' 1 nameless' stacks || whole=$((whole + 1))
done
echo "$whole of 10 stacks are whole with pads left behind"
[ "$whole" -ge 7 ] || fail "gdb cannot unwind threads in pads"

start_attach healing -T 0.01 -f outer -o healing.dat "$program"
wait_until has_lines healing.dat '^FUNC outer' 1
stop_attach healing
is_own_code "$program" || fail "what was left in its code has not been removed"
for _ in 1 2 3; do
	look
	grep -q '^1 whole' stacks || fail "not whole, and nothing of ours is there"
done
kill -KILL "$program"
wait "$program" 2>/dev/null || true
