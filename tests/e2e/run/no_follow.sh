#!/bin/sh
# --no-follow: children and what they run are let go clean; the first process is recorded alone.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

for name in fork_calls fork_active fork_many fork_threads fork_orphans vfork_exec spawn_programs \
	clone_shared_memory stopped_and_continued; do
	run_as plain "$TARGETS/$name"
	functions=$(functions_of plain.out)
	run_as traced "$MPROF_TRACE" run -q --no-follow --allow-missing -f "$functions" -o traced.dat \
		"$TARGETS/$name"
	same_as_untraced traced || fail "$name behaves in another way"
	well_formed traced.dat
	[ "$(grep -c '^PROC' traced.dat)" -eq 1 ] || fail "$name: more than one process was recorded"
done
