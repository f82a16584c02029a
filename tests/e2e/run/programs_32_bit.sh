#!/bin/sh
# 32-bit programs are sampled, and that they have no probes is said; so are those that a 64-bit
# program runs, whose own probes stay.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >main.c <<-'END'
	#include <stdio.h>
	#include <sys/wait.h>
	#include <unistd.h>

	int leaf(int x);
	int leaf(int x) { return x + 1; }

	int main(int argc, char **argv)
	{
		int status;
		if (fork() == 0)
			_exit(leaf(4));
		wait(&status);
		printf("%d bytes, %d, child %d\n", (int)sizeof(long), leaf(argc), WEXITSTATUS(status));
		fflush(stdout);
		if (argc > 1)
			execv(argv[1], argv + 1);
		return 6;
	}
END
cc -g -o long64 main.c || fail "cc failed"
cc -m32 -g -o long32 main.c 2>/dev/null || skip "there is no 32-bit C library (gcc-multilib) here"

run_as plain ./long32
run_as probed "$MPROF_TRACE" run --allow-missing -f leaf -o only32.dat ./long32
cmp -s plain.out probed.out || fail "it behaves in another way"
status_is probed 6
says probed 'without probes: .*64-bit'
well_formed only32.dat
[ "$(grep -c '^PROC' only32.dat)" -eq 2 ] || fail "not two processes"

run_as plain ./long64 ./long32 ./long64 ./long32
run_as probed "$MPROF_TRACE" run -q -f leaf -o both.dat ./long64 ./long32 ./long64 ./long32
cmp -s plain.out probed.out || fail "the programs behave in another way"
status_is probed 6
well_formed both.dat
[ "$(grep -c '^EXEC' both.dat)" -eq 3 ] || fail "not three execs"
[ "$(count_calls both.dat leaf)" -eq 4 ] || fail "not two calls in each 64-bit program and its child"
