#!/bin/sh
# Static probes: moments, pairs, globs, the counters of listeners, and what funcs says of them.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

program=$TARGETS/static_probes
# count_marks FILE NAME
count_marks() { grep -ac "^MARK $2 " "$1"; }

run_as plain "$program"
for probe in auto breakpoint pad; do
	run_as traced "$MPROF_TRACE" run -q --probe $probe -f 'usdt:demo:work,usdt:demo:tick' \
		-o probes.dat "$program"
	same_as_untraced traced || fail "$probe: the program behaves in another way"
	well_formed probes.dat
	[ "$(count_calls probes.dat usdt:demo:work)" -eq 6 ] || fail "$probe: pairs"
	[ "$(count_marks probes.dat usdt:demo:tick)" -eq 8 ] || fail "$probe: moments"
done

# Those that are hit often: the same, in the same order, by jumps and by breakpoints.
run_as plain "$program" hot
for probe in breakpoint auto pad; do
	run_as traced "$MPROF_TRACE" run -v --probe $probe \
		-f 'usdt:demo:step,usdt:demo:fourth' -o $probe.dat "$program" hot
	cmp -s plain.out traced.out || fail "$probe: the program behaves in another way"
	well_formed $probe.dat
	awk '$1 == "FUNC" { print $2, $7, $10 } $1 == "MARK" { print $2 }' $probe.dat >$probe.list
	[ "$(wc -l <$probe.list)" -eq 25000 ] || fail "$probe: $(wc -l <$probe.list) events, not 25000"
	cmp breakpoint.list $probe.list || fail "$probe: not what breakpoints tell"
	jumped=$(sed -n 's/.* \([0-9]*\) of them recorded by .*/\1/p' traced.err)
	case $probe in
	breakpoint) [ "${jumped:-0}" -eq 0 ] || fail "jumps against the user's will" ;;
	*) [ "$jumped" -gt 0 ] || echo "$probe: no jump was possible here" ;;
	esac
done

# A half by its own name is a moment; a glob makes pairs of what it has both halves of.
run_as traced "$MPROF_TRACE" run -q -f 'usdt:demo:work__start,usdt:*:t[ij]ck' -o probes.dat "$program"
[ "$(count_marks probes.dat usdt:demo:work__start)" -eq 6 ] || fail "a half"
[ "$(count_marks probes.dat usdt:demo:tick)" -eq 8 ] || fail "a glob"
[ "$(grep -Eac '^(CH)?FUNC ' probes.dat)" -eq 0 ] || fail "a half makes calls"
run_as traced "$MPROF_TRACE" run -q -f 'usdt:demo:*,!usdt:demo:tick' -o probes.dat "$program"
[ "$(count_calls probes.dat usdt:demo:work)" -eq 6 ] || fail "a glob over a pair"
[ "$(grep -ac ^MARK probes.dat)" -eq 0 ] || fail "what is left out is recorded"

# The counter of listeners: 1 while recorded, in the child as well, and 0 again after.
run_as traced "$program" listened
grep -qx 'listeners 0' traced.out || fail "somebody listens already"
run_as traced "$MPROF_TRACE" run -q -f 'usdt:demo:tick,usdt:demo:*' -o probes.dat "$program" listened
grep -qx 'listeners 1' traced.out || fail "the counter: $(cat traced.out)"
grep -qx 'listeners of the child 1' traced.out || fail "the child's counter: $(cat traced.out)"
mkfifo pipe
# On a busy machine the release comes before the program has begun: then again, with more time.
for seconds in 0.2 2 20; do
	start_recorder released run -f 'usdt:demo:tick' -t $seconds -o probes.dat \
		sh -c "exec '$program' listened wait <pipe"
	exec 3>pipe
	wait_until grep -q 'listeners of the child' released.out
	wait_until grep -q 'profile probes.dat' released.err
	echo >&3
	exec 3>&-
	end_recorder released
	! grep -qx 'listeners 1' released.out || break
done
grep -qx 'listeners 1' released.out || fail "before the release: $(cat released.out)"
grep -qx 'listeners at last 0' released.out || fail "after the release: $(cat released.out)"

"$MPROF_TRACE" funcs --static "$program" >list || fail "funcs"
for name in work__start work__done tick; do
	grep -q "^usdt:demo:$name	static_probes	" list || fail "funcs does not list $name"
done
"$MPROF_TRACE" funcs --static -f 'usdt:demo:work' "$program" >list || fail "funcs -f"
[ "$(wc -l <list)" -eq 2 ] || fail "funcs -f lists other things"

run_as bad "$MPROF_TRACE" run -f 'usdt:demo' -o probes.dat "$program"
status_is bad 125
says bad 'usdt:PROVIDER:NAME'
run_as bad "$MPROF_TRACE" run -f 'usdt:demo:no_such' -o probes.dat "$program"
status_is bad 125
says bad "'usdt:demo:no_such': not found: no static probe has this name"

# Those of Debian's Python: a collection is a pair.
[ -x /usr/bin/python3 ] || exit 0
"$MPROF_TRACE" funcs -f 'usdt:python:gc*' --static "$(readlink -f /usr/bin/python3)" >/dev/null 2>&1 || exit 0
run_as traced "$MPROF_TRACE" run -q --python -f 'collect,usdt:python:gc' -o gc.dat /usr/bin/python3 -c '
import gc
def collect(): gc.collect()
collect()'
[ "$(count_calls gc.dat __main__.collect)" -eq 1 ] || fail "beside a Python function"
awk '$1 == "FUNC" && $2 == "usdt:python:gc" && $7 == 1 { n++ } END { exit n != 1 }' gc.dat ||
	fail "a collection within a function"
