#!/bin/sh
# A program signals its process group, in which our front end is too: each signal comes once.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >group.c <<-'END'
	#include <signal.h>
	#include <stdio.h>
	#include <unistd.h>

	static volatile int count;

	static void handler(int signal) { (void)signal; count++; }

	int main(void)
	{
		static const int signals[] = { SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGINT, SIGQUIT };
		for (int i = 0; i < 6; i++) {
			signal(signals[i], handler);
			kill(0, signals[i]);
			usleep(100000); /* that no second one comes cannot be waited for */
			printf("signal %d: %d\n", signals[i], count);
			count = 0;
		}
		return 3;
	}
END
cc -o group group.c || fail "cc failed"
run_as plain setsid -w ./group
run_as traced setsid -w "$MPROF_TRACE" run -q -o group.dat ./group
same_as_untraced traced || fail "it behaved in another way"
