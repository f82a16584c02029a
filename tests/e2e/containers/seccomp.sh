#!/bin/sh
# In a sandbox whose seccomp filter everything has, as in most containers: a program that is started there is probed, by
# breakpoints and by jumps that read its memory, since the filter is ours, too. What a filter refuses is told in one line
# with what to add, and what can be recorded without is recorded.
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
need_command cc bwrap

# A leak checker cannot work where it may not trace.
export ASAN_OPTIONS=detect_leaks=0

build_service service
"$TESTS/lib/deny_calls.py" EPERM kcmp >usual.filter
# sandbox FILTER COMMAND...: without rights outside, and no other process to be seen.
sandbox() {
	filter=$1
	shift
	bwrap --bind / / --dev-bind /dev /dev --unshare-user --unshare-pid --proc /proc --die-with-parent --seccomp 7 \
		"$@" 7<"$filter.filter"
}
sandbox usual true 2>/dev/null || skip "bwrap can make no sandbox here"
# in_sandbox LABEL FILTER COMMAND...
in_sandbox() {
	label=$1
	filter=$2
	shift 2
	# shellcheck disable=SC2086 # words
	"$TESTS/lib/deny_calls.py" $filter >"$label.filter"
	run_result=0
	sandbox "$label" timeout -s KILL 300 "$@" </dev/null >"$label.out" 2>"$label.err" || run_result=$?
	echo $run_result >"$label.status"
}
# is_recorded LABEL: all calls of grow are there, each with what it gained.
is_recorded() {
	status_is "$1" 0
	well_formed "$1.dat"
	grep -q '^done 1$' "$1.out" || fail "$1: the program was disturbed"
	awk '$1 == "FUNC" && $2 == "grow" { n++; if ($5 - $3 < 0.9 || $5 - $3 > 1.2) bad = 1 } END { exit n != 10 || bad }' "$1.dat" ||
		fail "$1: $(grep '^FUNC grow' "$1.dat" | head -n 3) $(cat "$1.err")"
}

record="$MPROF_TRACE run --max-calls 1000000 -f leaf,grow"
# shellcheck disable=SC2086
{
	in_sandbox breakpoints 'EPERM kcmp perf_event_open openat2' $record --probe breakpoint -o breakpoints.dat ./service 100
	is_recorded breakpoints
	[ "$(count_calls breakpoints.dat leaf)" -eq 2000 ] || fail "not all calls of leaf"
	in_sandbox memory 'EPERM process_vm_readv process_vm_writev kcmp' $record -o memory.dat ./service 100
	is_recorded memory
	[ "$(count_calls memory.dat leaf)" -eq 2000 ] || fail "not all calls of leaf"
	in_sandbox pads 'EPERM perf_event_open' $record -v --probe pad -o pads.dat ./service 100
	if grep -Eq 'recorded by [1-9][0-9]* jumps' pads.err; then
		is_recorded pads
		! grep -q 'is held' pads.err || fail "memory is held: $(grep held pads.err)"
	fi
	# What would kill the program is not asked of it: a child of ours dies of it.
	in_sandbox kills 'kill madvise' $record --allow-missing -o kills.dat ./service 20
	status_is kills 0
	grep -q '^done 1$' kills.out || fail "the program was killed by a call of ours"
	says kills 'filtered by seccomp'
}

# A filter of the program's own, on top.
cat >stricter.c <<'END'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	struct sock_fprog program = { 1, &allow };
	(void)argc;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 1;
	execv(argv[1], argv + 1);
	return 1;
}
END
cc -o stricter stricter.c
# shellcheck disable=SC2086
in_sandbox stricter 'EPERM kcmp' $record --allow-missing -o stricter.dat ./stricter ./service 20
status_is stricter 0
grep -q '^done 1$' stricter.out || fail "the program with a filter of its own was disturbed"
says stricter 'filtered by seccomp'

# Without ptrace(2): with -f it cannot be; memory alone can.
for refusal in EPERM ENOSYS; do
	# shellcheck disable=SC2086
	in_sandbox refused "$refusal ptrace" $record -o refused.dat ./service 20
	status_is refused 125
	says_one_line refused
	says refused 'cannot trace ./service: .*seccomp filter .* forbids ptrace.*--cap-add SYS_PTRACE; Kubernetes: .*SYS_PTRACE.*--no-probes'
	[ ! -s refused.out ] || fail "the program was started"
	in_sandbox sampled "$refusal ptrace" "$MPROF_TRACE" run -o sampled.dat -T 0.02 ./service 100
	status_is sampled 0
	well_formed sampled.dat
	says sampled 'sampled, not traced: .*--cap-add SYS_PTRACE'
	awk '$1 == "MEM" && $2 > high { high = $2 } END { exit !(high > 5 && high < 30) }' sampled.dat ||
		fail "no memory was sampled: $(cat sampled.dat)"
done
# shellcheck disable=SC2016
in_sandbox attached 'EPERM ptrace' sh -c './service 1000000 >/dev/null & "$@" $!' sh \
	"$MPROF_TRACE" attach -f leaf -o attached.dat
status_is attached 125
says attached 'seccomp filter .* forbids ptrace.*--cap-add SYS_PTRACE'

# Growth needs perf events for its stacks, and does without.
in_sandbox growth 'EPERM perf_event_open' "$MPROF_TRACE" run --stacks=growth -o growth.dat ./service 50
status_is growth 0
says growth "container's rules, forbid perf events.*growth is found when memory is read instead"
well_formed growth.dat
