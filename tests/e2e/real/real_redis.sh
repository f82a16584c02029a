#!/bin/sh
# redis-server forks to save while clients write: no request fails, each child has its line and its
# calls, and what was saved is what is loaded again.
# asserts: unharmed target
# timeout: 300
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command redis-server redis-cli redis-benchmark
socket=$PWD/redis.sock

# $1: the label; the others run the server, whose words follow. It serves, saves and is shut down.
serve() {
	label=$1
	shift
	rm -f dump.rdb
	"$@" redis-server --port 0 --unixsocket "$socket" --save '' --appendonly no --daemonize no \
		>"$label.log" 2>&1 &
	server=$!
	wait_until redis-cli -s "$socket" ping
	for round in 1 2 3; do
		redis-benchmark -s "$socket" -q -n 4000 -c 20 -r 5000 -d 100 -t set,get,incr,lpush \
			>>"$label.bench" 2>&1 || fail "$label: redis-benchmark failed in round $round"
		redis-cli -s "$socket" BGSAVE >/dev/null
		redis-benchmark -s "$socket" -q -n 2000 -c 20 -r 5000 -t set,get >>"$label.bench" 2>&1 ||
			fail "$label: redis-benchmark failed while saving in round $round"
		wait_until sh -c "redis-cli -s '$socket' INFO persistence |
			tr -d '\r' | grep -qx rdb_bgsave_in_progress:0"
		[ "$(redis-cli -s "$socket" INFO persistence | tr -d '\r' |
			sed -n 's/^rdb_last_bgsave_status://p')" = ok ] || fail "$label: BGSAVE failed"
	done
	redis-cli -s "$socket" SET last "$label" >/dev/null
	keys=$(redis-cli -s "$socket" DBSIZE)
	redis-cli -s "$socket" SHUTDOWN SAVE
	run_result=0
	wait "$server" || run_result=$?
	[ "$run_result" -eq 0 ] || { tail "$label.log"; fail "$label: status $run_result"; }
	redis-check-rdb dump.rdb >"$label.check" 2>&1 || fail "$label: the file that was saved is damaged"
	grep -q "$keys keys read" "$label.check" || fail "$label: not all $keys keys were saved"
	grep -iE 'error|fail' "$label.bench" && fail "$label: a request failed"
	return 0
}

serve plain env
serve watched "$MPROF_TRACE" run -q -T 0.02 -o watched.dat
serve probed "$MPROF_TRACE" run -q -T 0.02 -o probed.dat \
	-f 'rdbSave,rdbSaveRio,rdbSaveBackground,serverCron,backgroundSaveDoneHandler'

for name in watched probed; do
	well_formed $name.dat
	[ "$(grep -c '^PROC' $name.dat)" -eq 4 ] || fail "$name: not a server and three children"
	[ "$(grep -c '^DONE.* 0$' $name.dat)" -eq 4 ] || fail "$name: not four ends with status 0"
	[ "$(awk '$1 == "CHLD" { print $2 }' $name.dat | sort -u | wc -l)" -eq 3 ] ||
		fail "$name: not a line for each child"
	"$MPROF_TRACE" plot -o $name.png $name.dat >/dev/null || fail "$name: no plot"
done
[ "$(count_calls probed.dat rdbSaveBackground)" -eq 3 ] || fail "not three calls of rdbSaveBackground"
[ "$(count_calls probed.dat rdbSave)" -eq 4 ] || fail "not three calls of rdbSave in children and one more"
