#!/bin/sh
# redis-server under redis-benchmark, attached to and left again and again: no request fails, and the
# calls are recorded.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
need_command redis-server redis-cli redis-benchmark

socket=$PWD/redis.sock
start_program redis redis-server --port 0 --unixsocket "$socket" --save '' --appendonly no --daemonize no
wait_until redis-cli -s "$socket" ping

redis-benchmark -s "$socket" -q -n 40000 -c 20 -r 5000 -t set,get,lpush >benchmark.out 2>&1 &
benchmark=$!
for round in 1 2 3 4; do
	start_attach served -T 0.02 -f serverCron,processCommand,redis-server!call -o served.dat "$program"
	wait_until has_lines served.dat '^FUNC serverCron' 3
	stop_attach served
	is_own_code "$program" || fail "round $round: traps are left"
	well_formed served.dat
done
wait "$benchmark" || fail "redis-benchmark failed"
! grep -iE 'error|fail|closed' benchmark.out || fail "a request failed"
redis-cli -s "$socket" SET last word | grep -qx OK || fail "it does not serve any more"
"$MPROF_TRACE" plot -o served.png served.dat >/dev/null || fail "no plot"
redis-cli -s "$socket" SHUTDOWN NOSAVE
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 0 ] || { tail redis.out; fail "redis-server ended with $run_result"; }
