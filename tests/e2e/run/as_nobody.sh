#!/bin/sh
# Run as root: the same as an unprivileged user, on what only root may look into.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
need_command setpriv
chmod 755 . ; mkdir work; chown 65534 work; cp "$MPROF_TRACE" mprof-trace; chmod 755 mprof-trace
cp "$TARGETS/calls_nested" unreadable; chmod 711 unreadable
cp "$TARGETS/not_dumpable" "$TARGETS/libplugin.so" "$TARGETS/exec_memfd" "$TARGETS/exec_deleted" .
cd work || exit 1
broken=
for program in unreadable not_dumpable exec_memfd exec_deleted; do
	run_as plain setpriv --reuid=65534 --regid=65534 --clear-groups ../$program
	run_as probed setpriv --reuid=65534 --regid=65534 --clear-groups ../mprof-trace run -q --allow-missing -f leaf,outer -o $program.dat ../$program
	same_as_untraced probed || broken="$broken $program"
done
for program in exec_memfd exec_deleted; do
	[ "$(count_calls $program.dat leaf)" -eq 3 ] || broken="$broken $program:calls_lost"
done
[ -z "$broken" ] || fail "$broken"
