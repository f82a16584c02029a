#!/bin/bash
# A core file of a traced program with hot threads: gdb unwinds all of them, whichever patches they were in.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command gdb
pattern=$(cat /proc/sys/kernel/core_pattern)
case $pattern in
'|'* | */* | '' | *%*) skip "core files do not come to where the program runs: core_pattern is '$pattern'" ;;
esac
ulimit -c unlimited 2>/dev/null || skip "no core files may be written"

# dump LABEL WORD...: the program runs with the words in front of it, and dies when all of its threads are hot.
dump() {
	local label=$1
	shift
	rm -f core*
	: >"$label.out"
	"$@" "$TARGETS/hot_until_abort" 4 </dev/null >"$label.out" 2>"$label.err" &
	local waited=$! status=0
	wait_until grep -q '^ready' "$label.out"
	local pid
	pid=$(sed -n 's/^ready //p' "$label.out")
	[ "$label" = plain ] || wait_until is_recorded "$label.dat"
	kill -USR1 "$pid"
	wait "$waited" || status=$?
	[ "$status" -eq 134 ] || fail "$label: status $status after abort(3)"
	compgen -G 'core*' >core.list || [ "$label" != plain ] || skip "no core file is written here"
	[ -s core.list ] || fail "$label: no core file"
	gdb -nx -batch -iex 'set debuginfod enabled off' -ex 'thread apply all backtrace' \
		"$TARGETS/hot_until_abort" "$(head -n 1 core.list)" >"$label.gdb" 2>"$label.gdb.err"
}

# is_recorded FILE: the functions are hot.
is_recorded() {
	[ "$(count_calls "$1" innermost)" -ge 2000 ]
}

are_whole() {
	"$TESTS/lib/whole_stacks.py" 4 <"$1.gdb" >"$1.stacks" && grep -q '^4 whole' "$1.stacks"
}

dump plain
are_whole plain || skip "gdb cannot unwind a core file of an untraced program here"
for probe in auto breakpoint pad; do
	dump "$probe" "$MPROF_TRACE" run -q --probe "$probe" --max-calls 1000 -T 0.01 \
		-f innermost,inner,outer -o "$probe.dat"
	well_formed "$probe.dat"
	are_whole "$probe" || fail "$probe: $(cat "$probe.stacks" "$probe.gdb")"
done
