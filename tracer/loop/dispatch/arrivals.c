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

/* Looks, and fetches nothing. False: @tid, which is set, may be waited for. */
static bool arrival_peek(const struct session *session, enum arrival_patience patience,
			 struct arrival *arrival, pid_t *tid)
{
	const int options = patience == ARRIVAL_NOW ? WNOHANG : 0;
	siginfo_t info = { 0 };

	waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | __WALL | WNOWAIT | options);
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

struct error *arrival_fetch(pid_t tid, enum arrival_patience patience, struct arrival *ret,
			    bool *ret_is_there)
{
	int status;
	pid_t got;

	if (patience == ARRIVAL_OR_SIGNAL)
		got = ptrace_wait_or_signal(tid, &status, &ret->usage);
	else
		got = ptrace_wait(tid, &status, patience == ARRIVAL_NOW ? WNOHANG : 0, &ret->usage);
	*ret_is_there = got > 0;
	if (got > 0) {
		ret->stop = stop_decode(got, status);
		ret->is_waited = true;
	}
	bool is_error = got < 0 && errno != ECHILD && errno != EINTR;
	return is_error ? error_os(errno, "wait for a thread") : NULL;
}

static struct error *arrival_fetch_kept(struct session *session, enum arrival_patience patience,
					struct arrival *arrival, enum fetched *ret)
{
	pid_t tid = -1;
	bool is_there;

	*ret = FETCHED_LAST;
	if (session->options->survives) {
		if (arrival_peek(session, patience, arrival, &tid))
			return NULL;
		patience = ARRIVAL_NOW; /* it is there, or the wait for it was interrupted */
	}
	struct error *err = arrival_fetch(tid, patience, arrival, &is_there);
	*ret = is_there ? FETCHED_STOP : FETCHED_NONE;
	return err;
}

/* Adds the stops that there are now, until there are @most. */
static struct error *arrivals_add(struct session *session, struct arrivals *arrivals, size_t most)
{
	enum fetched fetched = FETCHED_STOP;
	struct error *err = NULL;

	while (err == NULL && fetched == FETCHED_STOP && arrivals->count < most) {
		err = arrival_fetch_kept(session, ARRIVAL_NOW, &arrivals->all[arrivals->count],
					 &fetched);
		arrivals->count += fetched != FETCHED_NONE;
	}
	arrivals->is_all = fetched == FETCHED_NONE;
	hold_times_fetched(&session->holds);
	return err;
}

struct error *arrivals_fetch(struct session *session, struct arrivals *arrivals)
{
	arrivals->count = 0;
	return arrivals_add(session, arrivals, ARRIVALS_MAX);
}

/*
 * Most often one thread stops all the time, and to ask for others is a system call that tells nothing. It is
 * made as long as there were others the last time, and otherwise now and then: nobody waits for longer
 * than that.
 */
static bool others_are_due(struct arrivals *arrivals)
{
	enum { ALONE_MAX = 8 };

	if (!arrivals->were_others && ++arrivals->alone < ALONE_MAX)
		return false;
	arrivals->alone = 0;
	return true;
}

struct error *arrivals_await(struct session *session, struct arrivals *arrivals)
{
	const size_t known = session->target.tracees.count;
	enum fetched fetched;

	arrivals->is_all = false;
	struct error *err =
		arrival_fetch_kept(session, ARRIVAL_OR_SIGNAL, &arrivals->all[0], &fetched);
	arrivals->count = fetched != FETCHED_NONE;
	hold_times_fetched(&session->holds);
	/* No more can have stopped than there are. */
	if (err != NULL || fetched != FETCHED_STOP || known <= 1 || !others_are_due(arrivals))
		return err;
	err = arrivals_add(session, arrivals, known < ARRIVALS_MAX ? known : ARRIVALS_MAX);
	arrivals->were_others = arrivals->count > 1;
	return err;
}

bool arrivals_are_traps(const struct arrivals *arrivals)
{
	for (size_t i = 0; i < arrivals->count; i++) {
		if (arrivals->all[i].stop.kind != STOP_TRAP)
			return false;
	}
	return true;
}
