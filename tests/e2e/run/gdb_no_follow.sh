#!/bin/sh
# --no-follow: a child made by vfork is free at once when there are no sites, and gdb can trace it.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command gdb
run_as traced "$MPROF_TRACE" run -q --no-follow -o gdb.dat gdb -nx -batch \
	-iex 'set debuginfod enabled off' -ex run -ex 'info inferiors' /bin/true
grep -q 'exited normally' traced.out || { cat traced.err; fail "gdb could not trace with --no-follow"; }
