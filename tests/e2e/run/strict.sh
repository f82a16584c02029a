#!/bin/sh
# --strict: a pattern that matches nothing at the start ends the run before the program's own code, with 125.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# refused LABEL: nothing has run, and there is no file.
refused() {
	status_is "$1" 125
	says "$1" "^mprof-trace: --strict: no function matches 'no_such_one'"
	[ ! -s "$1.out" ] || fail "$1: the program has run"
	[ ! -e "$1.dat" ] || fail "$1: it has left a file"
}

for target in calls_nested linked_library opened_library link_static_fixed link_static_pie link_now_bound; do
	run_as "$target" "$MPROF_TRACE" run --strict -f 'main,no_such_one' -o "$target.dat" "$TARGETS/$target"
	refused "$target"
done

# All is found: as without it. What leaves something out need not be found.
run_as plain "$TARGETS/calls_nested"
run_as traced "$MPROF_TRACE" run -q --strict -f 'outer,inne*,!no_such_one' -o traced.dat "$TARGETS/calls_nested"
same_as_untraced traced || fail "it behaved in another way"
[ "$(count_calls traced.dat inner)" -eq 18 ] || fail "the calls are not there"
# There is nothing to be found.
run_as nothing "$MPROF_TRACE" run --strict -o nothing.dat "$TARGETS/calls_nested"
status_is nothing 0

# -q says the one line; a file that was there stays.
echo old >quiet.dat
run_as quiet "$MPROF_TRACE" run -q --strict -T 0.001 -f no_such_one,nor_this -o quiet.dat sh -c 'echo ran'
status_is quiet 125
says_one_line quiet
says quiet "'no_such_one' and others"
[ "$(cat quiet.dat)" = old ] || fail "the file that was there has gone"
[ ! -s quiet.out ] || fail "the program has run"

# The program that is started counts, and not what it executes later.
run_as later "$MPROF_TRACE" run --strict -f inner -o later.dat env "$TARGETS/calls_nested"
status_is later 125
# Nor what it opens later.
run_as opened "$MPROF_TRACE" run --strict -f plugin_step -o opened.dat "$TARGETS/opened_library"
status_is opened 125
run_as pending "$MPROF_TRACE" run -f plugin_step -o pending.dat "$TARGETS/opened_library"
status_is pending 0
says pending "no function matches 'plugin_step'.*it stays pending"

run_as both "$MPROF_TRACE" run --strict --allow-missing -f main true
status_is both 125
says both 'exclude each other'
# Functions of Python come to be while it runs: they are not asked for.
if command -v python3 >/dev/null 2>&1; then
	run_as python "$MPROF_TRACE" run --strict --python -f no_such_one -o python.dat python3 -c 'print("ran")'
	grep -q ran python.out || fail "a Python function was looked for too early"
fi

# A running process is not touched: it is not seized, and none of its threads stops.
"$TARGETS/waits_for_signals" >target.out &
target=$!
wait_until grep -q '^ready ' target.out
run_as attach "$MPROF_TRACE" attach --strict -f waits_inside,no_such_one -o attach.dat "$target"
status_is attach 125
says attach "'no_such_one': nothing was attached to"
[ ! -e attach.dat ] || fail "attach has left a file"
! grep -q '^mprof-trace: attached to' attach.err || fail "it was attached to"
grep -q '^TracerPid:	0$' "/proc/$target/status" || fail "it is still traced"
run_as found "$MPROF_TRACE" attach --strict -t 0.2 -f waits_inside -o found.dat "$target"
status_is found 0
kill -USR1 "$target"
wait "$target" || [ $? -eq 7 ] || fail "the target was harmed"
