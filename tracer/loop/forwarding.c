/* Signals for the program; see forwarding.h. Loop layer. */
#include "tracer/loop/forwarding.h"

#include "tracer/base/clock.h"
#include "tracer/proc/process_facts.h"
#include "tracer/proc/signal_state.h"

void forwarding_signals(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGCHLD);
	sigaddset(ret, SIGINT);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGHUP);
	sigaddset(ret, SIGQUIT);
	sigaddset(ret, SIGUSR1);
	sigaddset(ret, SIGUSR2);
}

void forwarding_engine_signals(sigset_t *ret)
{
	static const int ours[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL, SIGTRAP,
				    SIGSYS,  SIGABRT, SIGPIPE, SIGXFSZ };

	sigfillset(ret);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		sigdelset(ret, ours[i]);
}

/* A process of the program has sent it to its parent: what kill(2) would have said decides. */
static void pass_to_parent(const struct session *session, const struct signalfd_siginfo *info)
{
	struct process_facts parent, sender;
	const union sigval value = { .sival_int = info->ssi_int };
	pid_t pid = process_parent(session->options->front_pid);

	struct error *err = process_facts_read(pid, &parent);
	err = error_first(err, process_facts_read((pid_t)info->ssi_pid, &sender));
	bool may = err == NULL && (sender.user == 0 || sender.user == parent.user);
	error_free(err);
	if (!may)
		return;
	if (info->ssi_code == SI_QUEUE)
		sigqueue(pid, (int)info->ssi_signo, value);
	else
		kill(pid, (int)info->ssi_signo);
}

/* Whether it waits to be delivered to the program: to be asked before its stops are looked at. */
static bool is_pending(const struct session *session, int signal)
{
	struct signal_state state = { 0 };

	error_free(signal_state_read(session->main_pid, &state));
	return signal_set_has(state.pending_shared, signal);
}

/* Whether it has been delivered to the program a moment ago. */
static bool is_delivered(const struct session *session, int signal, pid_t sender)
{
	static const int64_t RECENT_NS = 1000000000;
	const struct received_signal *last = &session->last_signals[signal];

	return last->sender == sender && last->time_ns != 0 &&
	       clock_now_ns() - last->time_ns < RECENT_NS;
}

bool forwarding_note(struct forwarding *forwarding, const struct session *session,
		     const struct signalfd_siginfo *info)
{
	enum { ROOM = sizeof(forwarding->signals) / sizeof(forwarding->signals[0]) };
	int signal = (int)info->ssi_signo;
	bool is_from_front = (pid_t)info->ssi_pid == session->options->front_pid;
	pid_t sender = is_from_front ? info->ssi_int : (pid_t)info->ssi_pid;
	sigset_t passed;

	if (session->options->attached_count > 0) /* such signals are meant for us */
		return signal != SIGUSR1 && signal != SIGUSR2;
	if (!is_from_front && target_process(&session->target, sender) != NULL) {
		pass_to_parent(session, info);
		return false;
	}
	forwarding_signals(&passed);
	if (!sigismember(&passed, signal))
		return false;
	if (session->main_status >= 0) /* only its descendants are left */
		return signal != SIGHUP;
	/* The target does not know of us: a sender in it has sent to the whole group. */
	if (sender == SIGNAL_FROM_TERMINAL || target_tracee(&session->target, sender) != NULL ||
	    is_pending(session, signal))
		return false;
	if (forwarding->count == ROOM)
		forwarding_pass(forwarding, session);
	forwarding->signals[forwarding->count++] = (struct forwarded_signal){ signal, sender };
	return false;
}

void forwarding_pass(struct forwarding *forwarding, const struct session *session)
{
	for (size_t i = 0; i < forwarding->count && session->main_status < 0; i++) {
		const struct forwarded_signal *kept = &forwarding->signals[i];
		if (!is_delivered(session, kept->signal, kept->sender))
			kill(session->main_pid, kept->signal);
	}
	forwarding->count = 0;
}
