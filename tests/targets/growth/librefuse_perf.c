/* flags: -fPIC -ldl */
/*
 * Preloaded into mprof-trace: the kernel refuses perf events, as in a container (tests/e2e/growth/growth_refused.sh). None of
 * it is seen by the program that is recorded.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((constructor)) static void begin(void)
{
	unsetenv("LD_PRELOAD");
}

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long arguments[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_perf_event_open) {
		errno = EACCES;
		return -1;
	}
	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
		    arguments[5]);
}
