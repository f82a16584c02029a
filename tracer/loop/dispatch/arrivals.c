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

/*
 * What has happened to @tid, -1: to any; nothing is fetched, and @ret->si_pid is 0 when there is nothing. False: it
 * could not be looked.
 */
static bool look_at_news(pid_t tid, enum arrival_patience patience, siginfo_t *ret)
{
	const int options = patience == ARRIVAL_NOW ? WNOHANG : 0;
	int failed;

	do {
		*ret = (siginfo_t){ 0 };
		failed = waitid(tid < 0 ? P_ALL : P_PID, tid < 0 ? 0 : (id_t)tid, ret,
				WEXITED | WSTOPPED | __WALL | WNOWAIT | options);
	} while (failed != 0 && errno == EINTR && patience != ARRIVAL_OR_SIGNAL);
	return failed == 0 || errno == ECHILD || errno == EINTR;
}

/*
 * The SIGTRAP of a trap of ours is lost with our death once a wait has fetched its stop (wait_task_stopped,
 * kernel/exit.c): in front of the trap the thread executes it again, or what is there by then.
 */
static void rewind_trapped(const struct session *session, const siginfo_t *news)
{
	struct tracee *tracee = target_tracee(&session->target, news->si_pid);

	if (tracee != NULL && news->si_code == CLD_TRAPPED && news->si_status == SIGTRAP)
		error_free(hit_rewind(tracee)); /* fails when the thread has been killed */
}

static struct error *fetch(pid_t tid, enum arrival_patience patience, struct arrival *ret,
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

/*
 * A trap that was looked at only, see arrivals_await: unless its thread has been resumed, which fetches it, each wait
 * for the thread would tell it again. *@ret: NONE, or what has come of the thread instead, which was killed meanwhile.
 */
static struct error *fetch_looked_at(struct session *session, struct arrival *arrival,
				     enum fetched *ret)
{
	const struct tracee *tracee = target_tracee(&session->target, session->looked_at);
	bool is_there;

	*ret = FETCHED_NONE;
	session->looked_at = 0;
	if (tracee == NULL || !tracee->is_stopped)
		return NULL;
	struct error *err = fetch(tracee->tid, ARRIVAL_NOW, arrival, &is_there);
	if (is_there && arrival->stop.kind != STOP_TRAP)
		*ret = FETCHED_STOP;
	return err;
}

/* One whose signal is no SIGTRAP is told and not fetched: resuming the thread does that. */
static struct error *arrival_fetch_kept(struct session *session, pid_t tid,
					enum arrival_patience patience, struct arrival *arrival,
					enum fetched *ret)
{
	siginfo_t news;
	bool is_there;

	*ret = FETCHED_NONE;
	if (session->looked_at != 0 && (tid < 0 || tid == session->looked_at)) {
		struct error *err = fetch_looked_at(session, arrival, ret);
		if (err != NULL || *ret != FETCHED_NONE)
			return err;
	}
	if (session->options->survives) {
		/* What comes behind the look is for the next. */
		if (look_at_news(tid, patience, &news) && news.si_pid == 0)
			return NULL;
		rewind_trapped(session, &news);
		if (news.si_pid != 0) {
			tid = news.si_pid;
			patience = ARRIVAL_NOW;
		}
		if (news.si_code == CLD_TRAPPED && news.si_status < NSIG &&
		    news.si_status != SIGTRAP && target_tracee(&session->target, tid) != NULL) {
			*arrival = (struct arrival){
				.stop = stop_decode(tid, status_of_signal(news.si_status))
			};
			*ret = FETCHED_LAST;
			return NULL;
		}
	}
	struct error *err = fetch(tid, patience, arrival, &is_there);
	*ret = is_there ? FETCHED_STOP : FETCHED_NONE;
	return err;
}

struct error *arrival_fetch(struct session *session, pid_t tid, enum arrival_patience patience,
			    struct arrival *ret, bool *ret_is_there)
{
	enum fetched fetched;

	struct error *err = arrival_fetch_kept(session, tid, patience, ret, &fetched);
	*ret_is_there = fetched != FETCHED_NONE;
	hold_times_fetched(&session->holds);
	return err;
}

/* Adds the stops that there are now, until there are @most. */
static struct error *arrivals_add(struct session *session, struct arrivals *arrivals, size_t most)
{
	enum fetched fetched = FETCHED_STOP;
	struct error *err = NULL;

	while (err == NULL && fetched == FETCHED_STOP && arrivals->count < most) {
		err = arrival_fetch_kept(session, -1, ARRIVAL_NOW, &arrivals->all[arrivals->count],
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

/*
 * Waits for the next stop. When a thread that we know has met a trap, that is all there is to know of it, and resuming
 * the thread fetches it: wait4 would add up what its process has used, which is a twentieth of what a stop costs.
 */
static struct error *arrival_look(struct session *session, struct arrival *arrival,
				  enum fetched *ret)
{
	siginfo_t news;

	*ret = FETCHED_NONE;
	if (session->looked_at != 0) {
		struct error *err = fetch_looked_at(session, arrival, ret);
		if (err != NULL || *ret != FETCHED_NONE)
			return err;
	}
	if (look_at_news(-1, ARRIVAL_OR_SIGNAL, &news) && news.si_pid == 0)
		return NULL;
	if (news.si_code != CLD_TRAPPED || news.si_status != SIGTRAP ||
	    target_tracee(&session->target, news.si_pid) == NULL)
		return arrival_fetch_kept(session, news.si_pid == 0 ? -1 : news.si_pid, ARRIVAL_NOW,
					  arrival, ret);
	*arrival = (struct arrival){ .stop = stop_decode(news.si_pid, status_of_signal(SIGTRAP)) };
	session->looked_at = news.si_pid;
	*ret = FETCHED_LAST;
	return NULL;
}

struct error *arrivals_await(struct session *session, struct arrivals *arrivals)
{
	const size_t known = session->target.tracees.count;
	const bool asks_others = known > 1 && others_are_due(arrivals);
	struct error *err;
	enum fetched fetched;

	arrivals->is_all = false;
	if (asks_others || session->options->survives)
		err = arrival_fetch_kept(session, -1, ARRIVAL_OR_SIGNAL, &arrivals->all[0],
					 &fetched);
	else
		err = arrival_look(session, &arrivals->all[0], &fetched);
	arrivals->count = fetched != FETCHED_NONE;
	hold_times_fetched(&session->holds);
	/* No more can have stopped than there are. */
	if (err != NULL || fetched != FETCHED_STOP || !asks_others)
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
