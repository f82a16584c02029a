#!/bin/bash
# What memit refuses, programs that fail, and signals during a run: what is known is printed, nothing is left.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

refused() {
	words=$1
	shift
	run_as refused "$MPROF_TRACE" memit "$@"
	status_is refused 125
	says_one_line refused
	says refused "$words"
	[ ! -s refused.out ] || fail "$*: figures of nothing"
}
refused 'whole number from 1' -r 0 true
refused 'whole number from 1' -r 3x true
refused 'whole number from 1' -r -1 true
refused 'give seconds' -i 0 true
refused 'which PROGRAM'
refused 'live' --live true
refused '--compare' --compare 'a; b' true
refused '--compare' --compare '' true
refused 'not a regular file' -o /dev/full true
refused 'No such file' -o no/such/file true

# Like run: 126, 127; said once, however many runs were asked for.
run_as missing "$MPROF_TRACE" memit -r 5 ./nothing
status_is missing 127
says_one_line missing
run_as missing "$MPROF_TRACE" memit --compare ./nothing true
status_is missing 127
says_one_line missing
grep -q '^peak memory' missing.out || fail "the figures of the first program are lost"
: >plain.txt
run_as missing "$MPROF_TRACE" memit ./plain.txt
status_is missing 126

# The recording's directory.
TMPDIR=$PWD/nowhere run_as missing "$MPROF_TRACE" memit true
status_is missing 125
says missing TMPDIR

# A disk that is full: not all is known, and it is no success.
if mkdir small && mount -t tmpfs -o size=8k none small 2>/dev/null; then
	TMPDIR=$PWD/small run_as full "$MPROF_TRACE" memit -i 0.001 sleep 1
	umount small
	status_is full 125
	says full 'No space left'
	says full 'not whole|no sample|cannot'
fi

run_as nix "$MPROF_TRACE" memit -f no_such_function true
status_is nix 125
says nix no_such_function
grep -q '^peak memory' nix.out || fail "the peak is lost with the function"
grep -q '^no_such_function: no call: ' nix.out || fail "the function is not said"

# Every run fails, and each is said.
run_as fails "$MPROF_TRACE" memit -r 2 sh -c 'exit 7'
status_is fails 7
grep -q '^2 of 2 runs failed, with status 7 (run 1), 7 (run 2)$' fails.out || fail "$(cat fails.out)"
run_as killed "$MPROF_TRACE" memit sh -c 'kill -SEGV $$'
status_is killed 139
grep -q '^peak memory' killed.out || fail "no figures of a program that was killed"
run_as full "$MPROF_TRACE" memit true
("$MPROF_TRACE" memit true >/dev/full) 2>full.err && fail "a full disk is no failure"
says full 'stdout'

# An interrupt goes to the program, once in each run as in the first, and ends the series.
cat >waits.sh <<'S'
n=$(cat runs 2>/dev/null)
echo $((n + 1)) >runs
[ "$n" = 1 ] || exit 0
echo "ready $$"
exec sleep 300
S
rm -f runs
run_as stop "$TESTS/lib/in_terminal.py" "$MPROF_TRACE" memit -r 5 sh waits.sh
status_is stop 130
grep -aq '^ended early: 2 of 5 runs' stop.out || fail "not what is known: $(cat stop.out)"
grep -aq 'peak memory: ' stop.out || fail "no figures: $(cat stop.out)"
[ "$(cat runs)" = 2 ] || fail "a further run was begun"

# The second run has the signals of the first: none is blocked.
run_as blocked "$MPROF_TRACE" memit -r 2 grep SigBlk /proc/self/status
sort -u blocked.out | grep -c SigBlk | grep -qx 1 || fail "the second program has other signals blocked"

# A library's constructor blocks and ignores SIGTRAP: both stay as they are.
if command -v cc >/dev/null; then
	cat >early.c <<'C'
#include <signal.h>
__attribute__((constructor)) static void early(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	sigprocmask(SIG_BLOCK, &set, 0);
	signal(SIGTRAP, SIG_IGN);
}
C
	cat >late.c <<'C'
#include <signal.h>
#include <stdio.h>
int main(void)
{
	struct sigaction action;
	sigset_t set;
	sigprocmask(SIG_BLOCK, 0, &set);
	sigaction(SIGTRAP, 0, &action);
	printf("blocked %d, ignored %d\n", sigismember(&set, SIGTRAP), action.sa_handler == SIG_IGN);
	return 0;
}
C
	cc -shared -fPIC -o libearly.so early.c || fail "cannot build"
	cc -o late late.c -Wl,--no-as-needed ./libearly.so || fail "cannot build"
	for options in '' '-f main'; do
		# shellcheck disable=SC2086 # words
		run_as early "$MPROF_TRACE" memit $options ./late
		grep -q '^blocked 1, ignored 1$' early.out || fail "memit $options: $(cat early.out)"
	done
fi
