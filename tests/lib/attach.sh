# Shell helpers of the tests that attach; sourced, never run. Sources record.sh.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# start_program LABEL COMMAND...: in the background, with LABEL.out and LABEL.err. Sets $program.
start_program() {
	label=$1
	shift
	: >"$label.out"
	"$@" </dev/null >"$label.out" 2>"$label.err" &
	program=$!
}

# start_busy [WORD...]: the program that checks itself, once it is ready. Sets $program.
start_busy() {
	start_program busy "$TARGETS/busy" "$@"
	wait_until grep -q '^ready' busy.out
}

# end_busy: tells it to end. Fails when it has felt anything.
end_busy() {
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] && return
	grep -Ev ' rounds( \(latest.*)?$' busy.out
	fail "the program has felt something, or ended in another way: status $run_result"
}

# end_told LABEL WHAT: SIGUSR1 ends the program, which fails if it was not well, and has said why.
end_told() {
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] && return
	cat "$1.out"
	fail "$2: status $run_result"
}

# start_attach LABEL WORD...: `mprof-trace attach` in the background, until all is in place. Sets
# $recorder. The readiness is a line on stderr: no -q.
start_attach() {
	label=$1
	shift
	: >"$label.err" # not the last one's readiness
	start_recorder "$label" attach "$@"
	wait_until sh -c "grep -q 'attached to' '$label.err' || ! kill -0 $recorder"
	grep -q 'attached to' "$label.err" || {
		cat "$label.err"
		fail "$label: it did not attach"
	}
}

# is_asleep PID: each of the threads of tests/targets/attach/asleep is where it waits for its byte, in
# read(2) of descriptor 0 or in poll(2) (proc(5)): what it says before cannot tell.
is_asleep() {
	for thread in "/proc/$1"/task/*; do
		case $(cat "$thread/syscall") in
		'0 0x0 '* | '7 0x'*) ;;
		*) return 1 ;;
		esac
	done
}

# stop_attach LABEL [SIGNAL]: Ctrl-C, and waits; the status must be 0.
stop_attach() {
	kill "-${2:-INT}" "$recorder"
	end_recorder "$1"
	status_is "$1" 0
}

# has_interrupt PID: SIGINT is pending (proc(5)).
has_interrupt() {
	grep -Eq '^ShdPnd:.*[2367abef]$' "/proc/$1/status"
}

# hold_engine: what traces for $recorder stands still, and is told to leave: the first that it hears of when it goes on
# (kill -CONT "$engine"). Sets $engine.
hold_engine() {
	read -r engine <"/proc/$recorder/task/$recorder/children"
	kill -STOP "$engine"
	wait_until is_in_state "$engine" T
	kill -INT "$recorder"
	wait_until has_interrupt "$engine"
}

# kill_recorder: all of $recorder's mprof-trace ends at once, with -9.
kill_recorder() {
	pids="$recorder $(ps -o pid= --ppid "$recorder")" # recorder_pids takes long: it is for this moment
	# shellcheck disable=SC2086 # one word a pid
	kill -STOP $pids
	# shellcheck disable=SC2086
	kill -KILL $pids
	wait "$recorder" 2>/dev/null
}

# come_and_go WHAT WORD...: attaches to $program with the words, and leaves when a call has been recorded.
come_and_go() {
	what=$1
	shift
	rm -f calls.dat
	start_attach attached "$@" -o calls.dat "$program"
	wait_until grep -q ^FUNC calls.dat
	stop_attach attached
	is_own_code "$program" || fail "$what: traps are left in its code"
}

# refused LABEL REGEX WORD...: attach with the words ends with 125 and one line that matches.
refused() {
	label=$1
	pattern=$2
	shift 2
	# A leak checker cannot work where it may not trace.
	ASAN_OPTIONS=detect_leaks=0 run_as "$label" "$MPROF_TRACE" attach -o "$label.dat" "$@"
	status_is "$label" 125
	says "$label" "$pattern"
	says_one_line "$label"
	[ ! -s "$label.out" ] || fail "$label: something on stdout"
}

# is_own_code PID...: its code is the files', and it has no tracer.
is_own_code() {
	"$TESTS/lib/own_code.py" "$@"
}

# mappings_of PID: where something is mapped, and which file; without memory that threads of the
# program's own come and go with.
mappings_of() {
	awk '{ print $1, $2, $6 }' "/proc/$1/maps"
}

# state_of PID: the letter of its first thread.
state_of() {
	sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status"
}

# is_in_state PID LETTER
is_in_state() {
	[ "$(state_of "$1")" = "$2" ]
}

# is_stopped PID: all of its threads, also when they are traced.
is_stopped() {
	! grep -h '^State:' "/proc/$1"/task/*/status | grep -qv '^State:.[Tt]'
}

# has_lines FILE REGEX COUNT: that many lines, or more.
has_lines() {
	[ "$(grep -c "$2" "$1")" -ge "$3" ]
}
