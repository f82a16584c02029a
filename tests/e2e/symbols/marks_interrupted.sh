#!/bin/sh
# A mark is one mark: when a signal's handler runs in front of its instruction, and when it stands
# where a recorded call returns to.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for probe in auto breakpoint pad; do
	# Each mark has its line, however many a machine makes between two signals.
	run_as traced "$MPROF_TRACE" run -q --max-calls 1000000000 --probe $probe -f usdt:demo:tick,usdt:demo:tock \
		-o ticks.dat "$TARGETS/static_probes" interrupted
	status_is traced 0
	for name in tick tock; do
		marked=$(grep -c "^MARK usdt:demo:$name " ticks.dat)
		grep -qx "ticks $marked" traced.out ||
			fail "$probe: $(cat traced.out) were $marked moments of $name"
	done

	# demo:work__done is the instruction behind a call of free().
	run_as traced "$MPROF_TRACE" run -q --probe $probe -f free,usdt:demo:work -o behind.dat \
		"$TARGETS/static_probes"
	status_is traced 0
	[ "$(count_calls behind.dat free)" -ge 6 ] || fail "$probe: free() is not recorded"
	[ "$(count_calls behind.dat usdt:demo:work)" -eq 6 ] ||
		fail "$probe: pairs behind recorded calls"
	! grep -E '^(CH)?FUNC usdt:demo:work .* [a-z]*$' behind.dat || fail "$probe: a pair has no end"
done

# What Python's helper calls is a mark as well.
[ -x /usr/bin/python3 ] || exit 0
cat >alarms.py <<'END'
import signal
alarms = leaves = steps = 0
def on_alarm(number, frame):
    global alarms
    alarms += 1
def leaf():
    global leaves
    leaves += 1
def pair():
    yield 1
    yield 2
signal.signal(signal.SIGALRM, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)
while alarms < 500:
    leaf()
    if leaves % 10 == 0:
        steps += sum(pair())
signal.setitimer(signal.ITIMER_REAL, 0)
print(leaves, steps // 3)
END
for probe in auto breakpoint pad; do
	run_as traced "$MPROF_TRACE" run -q --probe $probe --python -f leaf,pair \
		-o python.dat /usr/bin/python3 alarms.py
	status_is traced 0
	recorded="$(count_calls python.dat __main__.leaf) $(count_calls python.dat __main__.pair)"
	[ "$(cat traced.out)" = "$recorded" ] || fail "$probe: $(cat traced.out) calls were $recorded"
done
