/*
 * A function of libc's that is the kernel's, in the vdso (IFUNC), is called so often that jumps are written there; a child
 * has them as well.
 */
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "tests/targets/expect.h"

enum { CALLS = 3000 };

static void call(void)
{
	struct timeval last = { 0 }, now;

	for (int i = 0; i < CALLS; i++) {
		if (gettimeofday(&now, NULL) != 0 || now.tv_sec < last.tv_sec)
			abort();
		last = now;
	}
}

int main(void)
{
	if (getauxval(AT_SYSINFO_EHDR) == 0) {
		say("this machine has no vdso");
		return 77;
	}
	expect("calls gettimeofday %d", 2 * CALLS);
	expect("in_children gettimeofday %d", CALLS);
	call();
	pid_t child = fork();
	if (child == 0) {
		call();
		_exit(0);
	}
	int status;
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}
