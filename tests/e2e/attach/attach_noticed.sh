#!/bin/sh
# The program with which we test that nobody feels us does feel one who stops its threads.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
need_command strace

start_busy -j 8
# Each time there may be some who are not asleep just then.
for _ in 1 2 3 4 5; do
	: >strace.err
	strace -f -e trace=none -o trace -p "$program" 2>strace.err &
	tracer=$!
	wait_until grep -q attached strace.err
	kill -INT "$tracer"
	wait "$tracer"
done
kill -USR1 "$program"
run_result=0
wait "$program" || run_result=$?
[ "$run_result" -eq 1 ] || fail "it has not noticed strace: status $run_result"
for what in '^epoll_wait: .* EINTR' '^semtimedop: .* EINTR' '^recv with MSG_WAITALL: .* short' \
	'^write to a pipe: .* short'; do
	grep -q "$what" busy.out || fail "it has not noticed: $what"
done
