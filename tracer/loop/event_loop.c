/* poll, drain waits, ticks; see event_loop.h. Loop layer. */
#include "tracer/loop/event_loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/loop/dispatch.h"
#include "tracer/loop/release.h"
#include "tracer/loop/sampling.h"

/* So many stops are handled before ticks and signals get their turn. */
enum { STOPS_AT_ONCE = 64 };

struct event_loop {
	struct session *session;
	int signal_fd;
	int tick_fd;
	int front_fd; /* pidfd of the front end; -1: none */
	bool wants_end;
};

void event_loop_signals(sigset_t *ret)
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

/* Ticks lie on a fixed grid from now on; what is missed is not made up for. */
static struct error *start_ticks(int fd, int64_t interval_ns)
{
	const struct timespec interval = { interval_ns / NS_PER_S, interval_ns % NS_PER_S };
	const struct itimerspec timer = { interval, interval };

	return timerfd_settime(fd, 0, &timer, NULL) < 0 ? error_os(errno, "timerfd_settime") : NULL;
}

static void event_loop_deinit(struct event_loop *loop)
{
	const int fds[] = { loop->signal_fd, loop->tick_fd, loop->front_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

static struct error *event_loop_init(struct event_loop *loop, struct session *session)
{
	sigset_t signals;

	event_loop_signals(&signals);
	*loop = (struct event_loop){ .session = session };
	loop->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	loop->tick_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	/* Without pidfds (before Linux 5.3) the front end's death is not noticed. */
	loop->front_fd = (int)syscall(SYS_pidfd_open, session->options->front_pid, 0);
	struct error *err = NULL;
	if (loop->signal_fd < 0 || loop->tick_fd < 0)
		err = error_os(errno, "signalfd, timerfd");
	else
		err = start_ticks(loop->tick_fd, session->options->interval_ns);
	if (err != NULL)
		event_loop_deinit(loop);
	return err;
}

/* *@ret_drained: there was nothing more to wait for. */
static struct error *drain_stops(struct event_loop *loop, bool *ret_drained)
{
	struct session *session = loop->session;

	*ret_drained = false;
	for (int i = 0; i < STOPS_AT_ONCE; i++) {
		int status;
		struct rusage usage;
		pid_t tid = wait4(-1, &status, __WALL | WNOHANG, &usage);
		if (tid <= 0) {
			*ret_drained = true;
			return tid < 0 && errno != ECHILD && errno != EINTR
				       ? error_os(errno, "wait")
				       : NULL;
		}
		struct stop stop = stop_decode(tid, status);
		struct error *err = dispatch_stop(session, &stop, &usage);
		if (err != NULL)
			return err;
		if (stop.kind == STOP_TRAP)
			placement_stop(&session->placement, tid);
	}
	return NULL;
}

/* A signal for the program that only we have got. */
static void pass_on(struct event_loop *loop, const struct signalfd_siginfo *info)
{
	struct session *session = loop->session;
	bool is_from_terminal = info->ssi_code == SI_QUEUE && info->ssi_int == SIGNAL_FROM_TERMINAL;

	if (session->main_status >= 0) /* only its descendants are left */
		loop->wants_end = loop->wants_end || info->ssi_signo != SIGHUP;
	else if (!is_from_terminal)
		kill(session->main_pid, (int)info->ssi_signo);
}

static void read_signals(struct event_loop *loop)
{
	struct signalfd_siginfo info[16];

	ssize_t got = read(loop->signal_fd, info, sizeof(info));
	for (ssize_t i = 0; i * (ssize_t)sizeof(info[0]) < got; i++) {
		if (info[i].ssi_signo != SIGCHLD)
			pass_on(loop, &info[i]);
	}
}

static void read_ticks(struct event_loop *loop)
{
	uint64_t ticks;

	if (read(loop->tick_fd, &ticks, sizeof(ticks)) == sizeof(ticks))
		sampling_tick(loop->session);
}

static struct error *event_loop_wait(struct event_loop *loop, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = loop->signal_fd, .events = POLLIN },
		{ .fd = loop->tick_fd, .events = POLLIN },
		{ .fd = loop->front_fd, .events = POLLIN },
	};

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), timeout_ms) < 0)
		return errno == EINTR ? NULL : error_os(errno, "poll");
	if (fds[0].revents)
		read_signals(loop);
	if (fds[1].revents) {
		placement_tick(&loop->session->placement);
		read_ticks(loop);
	}
	if (fds[2].revents)
		loop->wants_end = true;
	return NULL;
}

struct error *event_loop_run(struct session *session)
{
	struct event_loop loop;
	bool is_drained;

	struct error *err = event_loop_init(&loop, session);
	if (err != NULL)
		return err;
	while (err == NULL && session->target.tracees.count > 0 && !loop.wants_end) {
		err = drain_stops(&loop, &is_drained);
		if (err == NULL && session->target.tracees.count > 0)
			err = event_loop_wait(&loop, is_drained ? -1 : 0);
	}
	if (session->target.tracees.count > 0) {
		struct error *release_err = release_all(session);
		if (err == NULL)
			err = release_err;
		else
			error_free(release_err);
	}
	event_loop_deinit(&loop);
	return err;
}
