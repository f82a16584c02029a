#!/bin/sh
# A program in PID and mount namespaces of its own, whose file cannot be seen from outside: its
# symbols are taken through /proc/PID/root, and its pids are ours.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_command unshare
unshare -m -p -f --mount-proc true 2>/dev/null || skip "no namespaces can be made here"

mkfifo hold
mkdir inside
# shellcheck disable=SC2016 # expanded inside
unshare -m -p -f --mount-proc sh -c '
	mount -t tmpfs none inside && cp "$TARGETS/asleep" inside/hidden && exec inside/hidden -p
' <hold >inside.out 2>inside.err &
holder=$!
exec 9>hold
wait_until grep -q '^ready 1 ' inside.out
[ ! -e inside/hidden ] || fail "the program can be seen from outside"
program=$(ps -o pid= --ppid "$holder" | tr -d ' ')
wait_until is_asleep "$program"
start_attach there -T 0.02 -f outermost,deep,innermost -o there.dat "$program" 9>&-
wait_until has_lines there.dat ^OPEN 8
exec 9>&-
run_result=0
wait "$holder" || run_result=$?
[ "$run_result" -eq 3 ] || fail "it ended with $run_result"
end_recorder there
status_is there 0
well_formed there.dat
[ "$(count_calls there.dat innermost before)" -eq 2 ] || fail "the calls before are not there"
[ "$(count_calls there.dat deep)" -eq 5 ] || fail "the calls after are not there"
grep -q "^DONE $program " there.dat || fail "its end is not noted by the pid that it has here"
! grep interrupted inside.out || fail "its system call was interrupted"
