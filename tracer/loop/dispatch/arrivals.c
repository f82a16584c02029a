/* Fetches stops; see arrivals.h. Loop layer. */
#include "tracer/loop/dispatch/arrivals.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "tracer/loop/hit/hit.h"
#include "tracer/tracee/ptrace_ops.h"

enum fetched { FETCHED_NONE, FETCHED_STOP, FETCHED_LAST };

/* The signal that a stop is about to deliver, as a wait status. */
static int status_of_signal(int signal)
{
	return signal << 8 | 0x7f;
}

/* Looks without waiting. False: @tid, which is set, may be waited for. */
static bool arrival_peek(const struct session *session, struct arrival *arrival, pid_t *tid)
{
	siginfo_t info = { 0 };

	waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | __WALL | WNOHANG | WNOWAIT);
	if (info.si_pid != 0)
		*tid = info.si_pid;
	struct tracee *tracee = target_tracee(&session->target, *tid);
	bool is_signal = info.si_code == CLD_TRAPPED && info.si_status < NSIG;
	if (!is_signal || tracee == NULL)
		return false;
	if (info.si_status == SIGTRAP) {
		error_free(hit_rewind(tracee)); /* fails when the thread has been killed */
		return false;
	}
	*arrival = (struct arrival){ .stop = stop_decode(*tid, status_of_signal(info.si_status)) };
	return true;
}

struct error *arrival_fetch(pid_t tid, bool is_awaited, struct arrival *ret, bool *ret_is_there)
{
	int status;

	pid_t got = ptrace_wait(tid, &status, is_awaited ? 0 : WNOHANG, &ret->usage);
	*ret_is_there = got > 0;
	if (got > 0) {
		ret->stop = stop_decode(got, status);
		ret->is_waited = true;
	}
	return got < 0 && errno != ECHILD ? error_os(errno, "wait for a thread") : NULL;
}

static struct error *arrival_fetch_kept(struct session *session, struct arrival *arrival,
					enum fetched *ret)
{
	pid_t tid = -1;
	bool is_there;

	*ret = FETCHED_LAST;
	if (session->options->survives && arrival_peek(session, arrival, &tid))
		return NULL;
	struct error *err = arrival_fetch(tid, false, arrival, &is_there);
	*ret = is_there ? FETCHED_STOP : FETCHED_NONE;
	return err;
}

struct error *arrivals_fetch(struct session *session, struct arrivals *arrivals)
{
	enum fetched fetched = FETCHED_STOP;
	struct error *err = NULL;

	arrivals->count = 0;
	while (err == NULL && fetched == FETCHED_STOP && arrivals->count < ARRIVALS_MAX) {
		err = arrival_fetch_kept(session, &arrivals->all[arrivals->count], &fetched);
		arrivals->count += fetched != FETCHED_NONE;
	}
	arrivals->is_all = fetched == FETCHED_NONE;
	return err;
}
