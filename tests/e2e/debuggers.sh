#!/bin/sh
# A program that is a debugger itself gets its refusal from the kernel, not a hang; with --no-follow
# what it runs is free to be traced by it.
# timeout: 200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

RUN_SECONDS=30
if command -v strace >/dev/null; then
	run_as traced "$MPROF_TRACE" run -q --allow-missing -f main -o strace.dat strace -o trace /bin/echo hi
	status_is traced 1
	says traced 'strace: .*not permitted'
	well_formed strace.dat
	run_as traced "$MPROF_TRACE" run -q --no-follow -o strace.dat strace -o trace /bin/echo hi
	status_is traced 0
	grep -q '^execve("/bin/echo"' trace || fail "strace could not trace with --no-follow"
	well_formed strace.dat
fi
if command -v gdb >/dev/null; then
	run_as traced "$MPROF_TRACE" run -q --allow-missing -f main -o gdb.dat \
		gdb -nx -batch -iex 'set debuginfod enabled off' -ex run -ex 'info inferiors' /bin/true
	[ "$(cat traced.status)" -ne 137 ] || fail "gdb hangs"
	says traced 'not permitted'
	well_formed gdb.dat
	run_as traced "$MPROF_TRACE" run -q --no-follow -o gdb.dat \
		gdb -nx -batch -iex 'set debuginfod enabled off' -ex run -ex 'info inferiors' /bin/true
	status_is traced 0
	grep -q 'exited normally' traced.out || fail "gdb could not trace with --no-follow"
	well_formed gdb.dat
fi
command -v strace >/dev/null || command -v gdb >/dev/null || skip "neither strace nor gdb is installed"
