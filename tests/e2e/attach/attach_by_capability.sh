#!/bin/sh
# A tracer that may trace another user's program, but not send it signals (capabilities alone, as
# setcap(8) gives them): its threads are threads, and no processes.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
need_command setpriv

chmod 755 .
cp "$MPROF_TRACE" mprof-trace
mkdir work
chown 65534 work
start_busy -j 1 -r 200 -c -l
capable='sys_ptrace,+dac_override'
ASAN_OPTIONS=detect_leaks=0 run_as capable setpriv --reuid=65534 --regid=65534 --clear-groups \
	--inh-caps=+$capable --ambient-caps=+$capable --bounding-set=-all,+$capable \
	./mprof-trace attach -t 1 -f work_middle -o work/capable.dat "$program"
end_busy
status_is capable 0
well_formed work/capable.dat
[ "$(grep -c '^PROC' work/capable.dat)" -eq 1 ] || fail "threads are recorded as processes"
[ "$(awk '$1 == "FUNC" { print $9 }' work/capable.dat | sort -u | wc -l)" -ge 8 ] ||
	fail "no threads were born meanwhile"
