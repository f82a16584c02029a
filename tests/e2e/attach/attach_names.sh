#!/bin/sh
# Processes by name: one fits, several fit, none fits; several pids at once, the same one twice.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

name=mt$$
cp "$TARGETS/busy" "$name"
start_program one "./$name" -j 1 -r 1000
one=$program
wait_until grep -q '^ready' one.out
refused none "no process.*${name}z|${name}z.*no process" -f work_leaf "${name}z"
refused empty '[^ ]' -f work_leaf ''
refused part 'no process' -f work_leaf "${name%?}"

start_attach by_name -f work_leaf -o by_name.dat "$name"
grep -q "attached to $one ($name)" by_name.err || fail "it does not say to whom it attached"
wait_until grep -q '^FUNC work_leaf' by_name.dat
stop_attach by_name
[ "$(awk '$1 == "PROC" { print $2 }' by_name.dat)" = "$one" ] || fail "another process"
head -n 1 by_name.dat | grep -q "^CMDLINE ./$name -j 1 -r 1000" || fail "not its command line"

start_program two "./$name" -j 1 -r 1000
two=$program
wait_until grep -q '^ready' two.out
run_as both "$MPROF_TRACE" attach -f work_leaf -o both.dat "$name"
status_is both 125
for pid in "$one" "$two"; do
	grep -q "$pid" both.err || fail "the list of those that fit lacks $pid"
done
[ ! -e both.dat ] || fail "a file was written"

start_attach both -f work_leaf -o both.dat "$one" "$two" "$one"
for pid in "$one" "$two"; do
	wait_until grep -Eq "^(CH)?FUNC work_leaf .* $pid [0-9]*\$" both.dat
done
stop_attach both
[ "$(grep -c ^PROC both.dat)" -eq 2 ] || fail "not two processes"
well_formed both.dat

# The first that is named is the main process, whatever its number; also when nobody is traced.
for main in "$one" "$two"; do
	for probes in '' '-f work_leaf'; do
		# shellcheck disable=SC2086 # options
		run_as order "$MPROF_TRACE" attach -t 0.2 $probes -o order.dat "$main" "$one" "$two"
		status_is order 0
		[ "$(awk '$1 == "PROC" { print $2; exit }' order.dat)" = "$main" ] ||
			fail "$main is not the main process${probes:+ with $probes}"
	done
done

# `run -a` is the same. One of them ends: the other is recorded on.
start_recorder run_a run -f work_leaf -o run_a.dat -a "$one" -a "$two"
if ! wait_until grep -q 'attached to' run_a.err; then
	cat run_a.err
	fail "run -a"
fi
wait_until grep -Eq "^(CH)?FUNC work_leaf .* $one [0-9]*\$" run_a.dat
kill -USR1 "$one"
wait "$one" || { grep FAULT one.out; fail "the first has felt something"; }
wait_until grep -q "^DONE $one " run_a.dat
calls=$(grep -c ^CHFUNC run_a.dat)
wait_until sh -c "[ \"\$(grep -c ^CHFUNC run_a.dat)\" -gt $calls ]"
kill -USR1 "$two"
wait "$two" || { grep FAULT two.out; fail "the second has felt something"; }
end_recorder run_a # with the last of them
status_is run_a 0
well_formed run_a.dat
