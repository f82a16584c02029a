/* wait status -> struct stop; see stop.h. Loop layer. */
#include "tracer/loop/dispatch/stop.h"

#include <signal.h>
#include <stdbool.h>
#include <linux/ptrace.h> /* the PTRACE_EVENT_ numbers, and no function */
#include <sys/wait.h>

static bool is_stopping_signal(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static enum stop_kind stop_kind_of_event(int event, int signal)
{
	switch (event) {
	case PTRACE_EVENT_FORK:
		return STOP_FORK;
	case PTRACE_EVENT_VFORK:
		return STOP_VFORK;
	case PTRACE_EVENT_VFORK_DONE:
		return STOP_VFORK_DONE;
	case PTRACE_EVENT_CLONE:
		return STOP_CLONE;
	case PTRACE_EVENT_EXEC:
		return STOP_EXEC;
	case PTRACE_EVENT_EXIT:
		return STOP_EXIT;
	case PTRACE_EVENT_STOP:
		return is_stopping_signal(signal) ? STOP_GROUP : STOP_EVENT;
	default:
		return STOP_OTHER;
	}
}

struct stop stop_decode(pid_t tid, int wait_status)
{
	struct stop stop = { .tid = tid };

	if (WIFEXITED(wait_status) || WIFSIGNALED(wait_status)) {
		stop.kind = STOP_ENDED;
		stop.status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
						     : 128 + WTERMSIG(wait_status);
		stop.signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
		return stop;
	}
	int event = wait_status >> 16;
	stop.signal = WSTOPSIG(wait_status);
	if (event != 0)
		stop.kind = stop_kind_of_event(event, stop.signal);
	else if (stop.signal == (SIGTRAP | 0x80))
		stop.kind = STOP_SYSCALL;
	else
		stop.kind = stop.signal == SIGTRAP ? STOP_TRAP : STOP_SIGNAL;
	return stop;
}

bool stop_is_in_call(const struct stop *stop)
{
	switch (stop->kind) {
	case STOP_FORK:
	case STOP_VFORK:
	case STOP_VFORK_DONE:
	case STOP_CLONE:
	case STOP_EXIT:
	case STOP_SYSCALL:
		return true;
	default:
		return false;
	}
}
