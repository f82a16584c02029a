#!/bin/sh
# What a user without rights is refused, and why: another user's process, one that is undumpable or
# sandboxed, missing capabilities, kernel.yama.ptrace_scope. Needs root, to become another user.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
need_command setpriv

chmod 755 .
cp "$MPROF_TRACE" mprof-trace
cp "$TARGETS/sandboxed" "$TARGETS/asleep" .
chmod 755 mprof-trace sandboxed asleep
mkdir work
chown 65534 work
as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'

# refused_nobody LABEL REGEX WORD...: as `refused`, but by user nobody (or with $as).
refused_nobody() {
	label=$1
	pattern=$2
	shift 2
	# shellcheck disable=SC2086 # words
	ASAN_OPTIONS=detect_leaks=0 run_as "$label" ${as:-$as_nobody} ./mprof-trace attach \
		-o "work/$label.dat" "$@"
	status_is "$label" 125
	says "$label" "$pattern"
	says_one_line "$label"
}

# start_held LABEL COMMAND...: a program that reads a FIFO that this shell holds open. Sets $program.
start_held() {
	label=$1
	shift
	rm -f "$label.hold"
	mkfifo "$label.hold"
	"$@" <"$label.hold" >"$label.out" 2>&1 &
	program=$!
	exec 9>"$label.hold"
	wait_until grep -q '^ready' "$label.out"
}

# end_held LABEL STATUS
end_held() {
	exec 9>&-
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq "$2" ] || fail "$1: status $run_result"
}

start_held roots ./asleep
refused_nobody roots "$program \(asleep\).*user root.*root" -f innermost "$program"
end_held roots 3

# shellcheck disable=SC2086 # words
start_held undumpable $as_nobody ./sandboxed -d
refused_nobody undumpable "$program \(sandboxed\).*(undumpable|root)" -f leaf "$program"
start_recorder root attach -t 0.2 -f leaf -o root.dat "$program" # root may
end_recorder root
status_is root 0
end_held undumpable 5

# shellcheck disable=SC2086 # words
start_held sandboxed $as_nobody ./sandboxed
refused_nobody sandboxed "$program.*seccomp.*(root|CAP_SYS_ADMIN)" -f leaf "$program"
start_recorder root attach -t 0.2 -f leaf -o root.dat "$program"
end_recorder root
status_is root 0
end_held sandboxed 5

# A root without the capability, as in a container.
# shellcheck disable=SC2086 # words
start_held uncapable $as_nobody ./asleep -p
as='setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace' refused_nobody uncapable \
	"$program \(asleep\).*CAP_SYS_PTRACE.*cap-add" -f innermost "$program"

# nobody's own process: no rights are needed; and root's attach to another user's.
wait_until is_asleep "$program"
# shellcheck disable=SC2086 # words
$as_nobody ./mprof-trace attach -o work/own.dat -f outermost,innermost "$program" </dev/null \
	>own.out 2>own.err 9>&- &
recorder=$!
wait_until has_lines work/own.dat '^OPEN innermost ' 2
stop_attach own TERM
[ "$(grep -c '^FUNC innermost .* open$' work/own.dat)" -eq 2 ] || fail "nobody does not see nobody's calls"
start_attach others -o others.dat -f outermost,innermost "$program" 9>&-
wait_until has_lines others.dat '^OPEN innermost ' 2
stop_attach others
[ "$(grep -c '^FUNC innermost .* open$' others.dat)" -eq 2 ] || fail "root does not see nobody's calls"
is_own_code "$program" || fail "traps are left"
end_held uncapable 3

scope=/proc/sys/kernel/yama/ptrace_scope
[ -w $scope ] || skip "the rest passes; there is no kernel.yama.ptrace_scope here to be set"
before=$(cat $scope)
[ "$before" -lt 3 ] || skip "the rest passes; kernel.yama.ptrace_scope is 3 and cannot be set"
trap 'echo "$before" >$scope' EXIT
# shellcheck disable=SC2086 # words
start_held scoped $as_nobody ./asleep
echo 1 >$scope
refused_nobody scope_1 'ptrace_scope is 1' -f innermost "$program"
echo 2 >$scope
refused_nobody scope_2 'ptrace_scope is 2' -f innermost "$program"
end_held scoped 3
