#!/bin/sh
# Whom we do not attach to, and what is said: one line with what, why and what to do; the process is
# as it was.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

free_pid=4194304 # PID_MAX_LIMIT of the kernel: all are less
refused gone "no process $free_pid" -f leaf "$free_pid"
refused zero '[^ ]' -f leaf 0
refused negative '[^ ]' -f leaf -- -1
refused huge '[^ ]' -f leaf 99999999999999999999
refused word 'no process.*nobody-has-this' -f leaf nobody-has-this
refused no_target 'which process' -f leaf
[ ! -e gone.dat ] || fail "a file was written for nobody"

# Ourselves: the shell of this test is not us.
# shellcheck disable=SC2016 # expanded inside
run_as self sh -c 'exec "$MPROF_TRACE" attach -o self.dat -f leaf $$'
status_is self 125
says self 'mprof-trace itself'
says_one_line self

# A zombie: its parent has not waited for it, and ends only when it is killed.
# shellcheck disable=SC2016 # expanded inside
sh -c 'sh -c "until grep -qx sleep /proc/$$/comm; do :; done; exit 3" & echo $! >zombie.pid; exec sleep 3000' &
parent=$!
wait_until test -s zombie.pid
zombie=$(cat zombie.pid)
wait_until is_in_state "$zombie" Z
refused zombie "$zombie.*zombie.*$parent" -f leaf "$zombie"
kill "$parent"

# A thread is not a process.
start_busy -j 1 -r 1000
thread=$(for task in "/proc/$program"/task/*; do echo "${task##*/}"; done | grep -vx "$program" | head -n 1)
refused thread "$thread.*thread.*$program" -f work_leaf "$thread"

# One that cannot be had: nobody is, and no file is begun.
refused one_of_two "no process $free_pid" -f work_leaf "$program" "$free_pid"
is_own_code "$program" || fail "the other one is touched"

# Nothing matched: as with run.
start_recorder nothing attach -f no_such_function -t 0.2 -o nothing.dat "$program"
end_recorder nothing
status_is nothing 125
says nothing 'nothing that was asked for'
is_own_code "$program" || fail "traps are left"

# An output that cannot be written.
refused output 'nowhere/x.dat' -f work_leaf -o nowhere/x.dat "$program"
is_own_code "$program" || fail "traps are left"

# Another tracer, named.
for tracer in "$MPROF_TRACE" strace; do
	command -v "$tracer" >/dev/null || continue
	: >other.err # now, and not when the background gets to it
	if [ "$tracer" = strace ]; then
		# -c of a sleeping thread only: stopping busy's threads would be felt by it.
		sleep 3000 &
		victim=$!
		strace -o trace -p $victim 2>other.err &
	else
		victim=$program
		"$tracer" attach -o other.dat -f work_leaf $victim 2>other.err </dev/null &
	fi
	other=$!
	wait_until grep -q attached other.err
	refused traced "$victim.*traced by process [0-9]+ \(${tracer##*/}\)" -f main "$victim"
	kill -INT $other # ignored by what a shell starts with &, but for who handles it
	kill $other
	wait $other
	[ "$victim" = "$program" ] || kill "$victim"
done
wait_until is_own_code "$program"
end_busy

# A thread of the kernel; a container may show none.
if [ -d /proc/2 ] && ! grep -q ^VmSize /proc/2/status && grep -q '^PPid:.0' /proc/2/status; then
	refused kernel 'thread of the kernel' -f leaf 2
else
	echo "no thread of the kernel is seen here"
fi
