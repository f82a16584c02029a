#!/bin/sh
# PostgreSQL's backends under pgbench, and a whole server with its children, attached to and left
# again: no transaction fails.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
need_command setpriv pgbench psql
initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort | tail -n 1)
[ -n "$initdb" ] || skip "the server of PostgreSQL is not installed"
PATH=${initdb%/initdb}:$PATH

# Its user must be able to reach its files: the directory of this test is root's.
data=$(mktemp -d /tmp/mprof-trace-pg.XXXXXX)
trap 'rm -rf "$data"' EXIT
chown 65534 "$data"
export PGHOST="$data" PGUSER=tester PGDATABASE=postgres HOME="$data"
as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
# shellcheck disable=SC2086 # words
(cd "$data" && $as_nobody initdb -D "$data/db" -U tester -A trust) >initdb.out 2>&1 ||
	{ tail -n 5 initdb.out; skip "initdb does not run here"; }
# shellcheck disable=SC2086 # words
start_program server $as_nobody postgres -D "$data/db" -c listen_addresses= -c fsync=off \
	-c unix_socket_directories="$data"
wait_until psql -c 'select 1'
pgbench -i -q -s 1 >init.out 2>&1 || { cat init.out; fail "pgbench -i failed"; }

backends() {
	psql -At -c "select pid from pg_stat_activity where application_name = 'pgbench'"
}
has_backends() {
	[ "$(backends | wc -l)" -ge 4 ]
}

# Its alarm, which ends it, is sent when we have done: pgbench handles SIGALRM so.
pgbench -n -c 4 -j 1 -T 3000 >benchmark.out 2>&1 &
benchmark=$!
wait_until has_backends
for round in 1 2 3; do
	backend=$(backends | sed -n "${round}p")
	start_attach backend -T 0.02 -f ProcessQuery,PortalRun -o backend.dat "$backend"
	wait_until has_lines backend.dat '^FUNC ' 20
	stop_attach backend
	is_own_code "$backend" || fail "round $round: traps are left in the backend"
	well_formed backend.dat
done
start_attach server -T 0.02 -f ProcessQuery,PortalRun -o server.dat "$program"
wait_until has_lines server.dat '^CHFUNC ' 50
stop_attach server
well_formed server.dat
[ "$(grep -c ^PROC server.dat)" -ge 6 ] || fail "not all of the server's children are recorded"
kill -ALRM "$benchmark"
wait "$benchmark" || { cat benchmark.out; fail "pgbench failed"; }
grep -q 'failed transactions: 0' benchmark.out || { cat benchmark.out; fail "a transaction failed"; }
! grep -E 'PANIC|FATAL|terminated by signal' server.err || fail "the server complains"
kill -INT "$program"
wait "$program"
