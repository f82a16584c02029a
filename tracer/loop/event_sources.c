/* The descriptors of the event loop; see event_sources.h. Loop layer. */
#include "tracer/loop/event_sources.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/retry.h"
#include "tracer/loop/forwarding.h"

enum { EVENT_COUNT = 5 };

static struct timespec timespec_of(int64_t time_ns)
{
	return (struct timespec){ time_ns / NS_PER_S, time_ns % NS_PER_S };
}

/* A timer that fires after @first_ns (0: never), then every @interval_ns (0: not again). */
static struct error *timer_create_fd(int64_t first_ns, int64_t interval_ns, int *ret_fd)
{
	const struct itimerspec timer = { timespec_of(interval_ns), timespec_of(first_ns) };

	unsigned tries = 0;

	do {
		*ret_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		if (*ret_fd >= 0 && timerfd_settime(*ret_fd, 0, &timer, NULL) == 0)
			return NULL;
		int errnum = errno;
		if (*ret_fd >= 0)
			close(*ret_fd);
		errno = errnum;
	} while (retry_is_due(errno, &tries));
	*ret_fd = -1;
	return error_os(errno, "timerfd");
}

void event_sources_close(struct event_sources *sources)
{
	int *const fds[] = { &sources->epoll_fd, &sources->signal_fd, &sources->tick_fd,
			     &sources->timeout_fd, &sources->front_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

struct error *event_sources_watch(const struct event_sources *sources, int fd, enum event event)
{
	struct epoll_event entry = { .events = EPOLLIN, .data.u32 = event };

	if (epoll_ctl(sources->epoll_fd, EPOLL_CTL_ADD, fd, &entry) < 0)
		return error_os(errno, "epoll");
	return NULL;
}

struct error *event_sources_set_timeout(struct event_sources *sources, int64_t after_ns)
{
	if (sources->timeout_fd >= 0)
		close(sources->timeout_fd);
	struct error *err = timer_create_fd(after_ns, 0, &sources->timeout_fd);
	return err != NULL ? err : event_sources_watch(sources, sources->timeout_fd, EVENT_TIMEOUT);
}

void event_sources_forget_front(struct event_sources *sources)
{
	if (sources->front_fd >= 0)
		close(sources->front_fd);
	sources->front_fd = -1;
}

struct error *event_sources_open(struct event_sources *sources,
				 const struct session_options *options)
{
	sigset_t signals;

	if (options->attached_count > 0)
		forwarding_signals(&signals);
	else
		forwarding_engine_signals(&signals);
	*sources = (struct event_sources){ -1, -1, -1, -1, -1 };
	/* Without pidfds (before Linux 5.3) the front end's death is not noticed. */
	sources->front_fd = (int)syscall(SYS_pidfd_open, options->front_pid, 0);
	sources->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	sources->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct error *err = NULL;
	if (sources->signal_fd < 0 || sources->epoll_fd < 0)
		err = error_os(errno, "signalfd, epoll");
	if (err == NULL)
		err = event_sources_watch(sources, sources->signal_fd, EVENT_SIGNAL);
	if (err == NULL && sources->front_fd >= 0)
		err = event_sources_watch(sources, sources->front_fd, EVENT_FRONT);
	if (err == NULL)
		err = timer_create_fd(options->interval_ns, options->interval_ns,
				      &sources->tick_fd);
	if (err == NULL)
		err = event_sources_watch(sources, sources->tick_fd, EVENT_TICK);
	return err != NULL ? err : event_sources_set_timeout(sources, options->timeout_ns);
}

struct error *event_sources_wait(const struct event_sources *sources, int64_t timeout_ns,
				 unsigned *ret_events)
{
	static const int64_t NS_PER_MS = 1000000;
	int timeout_ms = timeout_ns < 0 ? -1 : (int)((timeout_ns + NS_PER_MS - 1) / NS_PER_MS);
	struct epoll_event entries[EVENT_COUNT];
	unsigned tries = 0;
	int count;

	*ret_events = 0;
	do
		count = epoll_wait(sources->epoll_fd, entries, EVENT_COUNT, timeout_ms);
	while (count < 0 && errno != EINTR && retry_is_due(errno, &tries));
	if (count < 0 && errno != EINTR)
		return error_os(errno, "epoll");
	for (int i = 0; i < count; i++)
		*ret_events |= entries[i].data.u32;
	return NULL;
}

int64_t event_sources_next_tick_ns(const struct event_sources *sources)
{
	struct itimerspec left;

	if (timerfd_gettime(sources->tick_fd, &left) < 0)
		return 0;
	return left.it_value.tv_sec * NS_PER_S + left.it_value.tv_nsec;
}

uint64_t event_sources_read_timer(int fd)
{
	uint64_t times;

	return read(fd, &times, sizeof(times)) == sizeof(times) ? times : 0;
}
