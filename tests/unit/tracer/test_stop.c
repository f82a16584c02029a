/* Unit tests of decoding wait results: each status as ptrace(2) describes it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/ptrace.h>

#include <cmocka.h>

#include "tracer/loop/dispatch/stop.h"

/* As the kernel puts them together: W_EXITCODE, W_STOPCODE and the event above. */
#define EXITED(status) ((status) << 8)
#define KILLED(signal) (signal)
#define STOPPED(signal) ((signal) << 8 | 0x7f)
#define EVENT(event, signal) (STOPPED(signal) | (event) << 16)

static void test_each_kind(void **state)
{
	(void)state;
	static const struct {
		int wait_status;
		enum stop_kind kind;
		int signal, status;
	} cases[] = {
		{ EXITED(0), STOP_ENDED, 0, 0 },
		{ EXITED(77), STOP_ENDED, 0, 77 },
		{ EXITED(255), STOP_ENDED, 0, 255 },
		{ KILLED(SIGKILL), STOP_ENDED, SIGKILL, 137 },
		{ KILLED(SIGSEGV) | 0x80, STOP_ENDED, SIGSEGV, 139 }, /* with a core file */
		{ KILLED(64), STOP_ENDED, 64, 192 },		      /* a real-time signal */
		{ EVENT(PTRACE_EVENT_FORK, SIGTRAP), STOP_FORK, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_VFORK, SIGTRAP), STOP_VFORK, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_CLONE, SIGTRAP), STOP_CLONE, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_EXEC, SIGTRAP), STOP_EXEC, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_EXIT, SIGTRAP), STOP_EXIT, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_STOP, SIGTRAP), STOP_EVENT, SIGTRAP, 0 },
		{ EVENT(PTRACE_EVENT_STOP, SIGSTOP), STOP_GROUP, SIGSTOP, 0 },
		{ EVENT(PTRACE_EVENT_STOP, SIGTSTP), STOP_GROUP, SIGTSTP, 0 },
		{ EVENT(PTRACE_EVENT_STOP, SIGTTIN), STOP_GROUP, SIGTTIN, 0 },
		{ EVENT(PTRACE_EVENT_STOP, SIGTTOU), STOP_GROUP, SIGTTOU, 0 },
		{ EVENT(PTRACE_EVENT_SECCOMP, SIGTRAP), STOP_OTHER, SIGTRAP, 0 },
		{ STOPPED(SIGTRAP | 0x80), STOP_SYSCALL, SIGTRAP | 0x80, 0 },
		{ STOPPED(SIGTRAP), STOP_TRAP, SIGTRAP, 0 },
		{ STOPPED(SIGSTOP), STOP_SIGNAL, SIGSTOP, 0 }, /* about to be delivered */
		{ STOPPED(SIGSEGV), STOP_SIGNAL, SIGSEGV, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stop stop = stop_decode(4711, cases[i].wait_status);
		assert_int_equal(stop.tid, 4711);
		assert_int_equal(stop.kind, cases[i].kind);
		assert_int_equal(stop.signal, cases[i].signal);
		assert_int_equal(stop.status, cases[i].status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_each_kind) };
	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
