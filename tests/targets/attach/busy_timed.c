/* A thread for each way to wait for a time; see busy.h. */
#include <errno.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/targets/attach/busy.h"

struct timed_kind {
	const char *name;
	/* Makes worker->fds and data. False: not possible here, errno says why. NULL: nothing to do. */
	bool (*prepare)(struct worker *worker);
	/* 0 when it timed out as it should, else an errno. */
	int (*wait)(struct worker *worker, int64_t timeout_ns);
	int64_t grain_ns;
};

/* A call that must fail with @wanted. */
static int failed_with(long result, int wanted)
{
	if (result >= 0)
		return EBADMSG;
	return errno == wanted ? 0 : errno;
}

/* A call that must give 0. */
static int gave_nothing(long result)
{
	return result == 0 ? 0 : result < 0 ? errno : EBADMSG;
}

static bool prepare_epoll(struct worker *worker)
{
	return (worker->fds[0] = epoll_create1(EPOLL_CLOEXEC)) >= 0;
}

static int wait_epoll(struct worker *worker, int64_t timeout_ns)
{
	struct epoll_event event;

	return gave_nothing(epoll_wait(worker->fds[0], &event, 1, (int)(timeout_ns / NS_PER_MS)));
}

static int wait_epoll_pwait2(struct worker *worker, int64_t timeout_ns)
{
	struct epoll_event event;
	const struct timespec timeout = timespec_of(timeout_ns);

	return gave_nothing(epoll_pwait2(worker->fds[0], &event, 1, &timeout, NULL));
}

static bool prepare_semaphore(struct worker *worker)
{
	worker->fds[0] = semget(IPC_PRIVATE, 1, 0600);
	return worker->fds[0] >= 0;
}

static int wait_semtimedop(struct worker *worker, int64_t timeout_ns)
{
	struct sembuf down = { .sem_op = -1 };
	const struct timespec timeout = timespec_of(timeout_ns);

	return failed_with(semtimedop(worker->fds[0], &down, 1, &timeout), EAGAIN);
}

static int wait_sigtimedwait(struct worker *worker, int64_t timeout_ns)
{
	sigset_t set;
	const struct timespec timeout = timespec_of(timeout_ns);

	(void)worker;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 9); /* nobody sends it */
	return failed_with(sigtimedwait(&set, NULL, &timeout), EAGAIN);
}

static bool prepare_aio(struct worker *worker)
{
	worker->data = calloc(1, sizeof(aio_context_t));
	return worker->data != NULL && syscall(SYS_io_setup, 4, worker->data) == 0;
}

static int wait_io_getevents(struct worker *worker, int64_t timeout_ns)
{
	struct io_event event;
	struct timespec timeout = timespec_of(timeout_ns);

	return gave_nothing(syscall(SYS_io_getevents, *(aio_context_t *)worker->data, 1, 1, &event,
				    &timeout));
}

static bool prepare_listener(struct worker *worker)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	worker->fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	return bind(worker->fds[0], (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(worker->fds[0], 1) == 0;
}

static bool prepare_pair(struct worker *worker)
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, worker->fds) == 0;
}

static bool prepare_full_pair(struct worker *worker)
{
	char bytes[4096] = "";

	if (!prepare_pair(worker))
		return false;
	while (send(worker->fds[0], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		continue;
	return errno == EAGAIN;
}

static void set_socket_timeout(int fd, int option, int64_t timeout_ns)
{
	const struct timeval timeout = { timeout_ns / NS_PER_S, timeout_ns % NS_PER_S / 1000 };

	setsockopt(fd, SOL_SOCKET, option, &timeout, sizeof(timeout));
}

static int wait_accept(struct worker *worker, int64_t timeout_ns)
{
	set_socket_timeout(worker->fds[0], SO_RCVTIMEO, timeout_ns);
	return failed_with(accept(worker->fds[0], NULL, NULL), EAGAIN);
}

static int wait_recv(struct worker *worker, int64_t timeout_ns)
{
	char byte;

	set_socket_timeout(worker->fds[0], SO_RCVTIMEO, timeout_ns);
	return failed_with(recv(worker->fds[0], &byte, 1, 0), EAGAIN);
}

static int wait_send(struct worker *worker, int64_t timeout_ns)
{
	char bytes[4096] = "";

	set_socket_timeout(worker->fds[0], SO_SNDTIMEO, timeout_ns);
	return failed_with(send(worker->fds[0], bytes, sizeof(bytes), 0), EAGAIN);
}

static int wait_nanosleep(struct worker *worker, int64_t timeout_ns)
{
	const struct timespec timeout = timespec_of(timeout_ns);

	(void)worker;
	return gave_nothing(nanosleep(&timeout, NULL));
}

static int wait_clock_nanosleep(struct worker *worker, int64_t timeout_ns)
{
	const struct timespec end = timespec_of(now_ns() + timeout_ns);

	(void)worker;
	return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
}

static int wait_poll(struct worker *worker, int64_t timeout_ns)
{
	struct pollfd fd = { worker->fds[0], POLLIN, 0 };

	return gave_nothing(poll(&fd, 1, (int)(timeout_ns / NS_PER_MS)));
}

static int wait_ppoll(struct worker *worker, int64_t timeout_ns)
{
	struct pollfd fd = { worker->fds[0], POLLIN, 0 };
	const struct timespec timeout = timespec_of(timeout_ns);

	return gave_nothing(ppoll(&fd, 1, &timeout, NULL));
}

static int wait_select(struct worker *worker, int64_t timeout_ns)
{
	struct timeval timeout = { timeout_ns / NS_PER_S, timeout_ns % NS_PER_S / 1000 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(worker->fds[0], &set);
	return gave_nothing(select(worker->fds[0] + 1, &set, NULL, NULL, &timeout));
}

static int wait_pselect(struct worker *worker, int64_t timeout_ns)
{
	const struct timespec timeout = timespec_of(timeout_ns);
	fd_set set;

	FD_ZERO(&set);
	FD_SET(worker->fds[0], &set);
	return gave_nothing(pselect(worker->fds[0] + 1, &set, NULL, NULL, &timeout, NULL));
}

struct condition {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	sem_t sem;
};

static bool prepare_condition(struct worker *worker)
{
	struct condition *condition = calloc(1, sizeof(*condition));

	pthread_mutex_init(&condition->mutex, NULL);
	pthread_cond_init(&condition->cond, NULL);
	sem_init(&condition->sem, 0, 0);
	worker->data = condition;
	return true;
}

/* Nobody signals it, so each return is a timeout or spurious: POSIX allows that, glibc has none. */
static int wait_condition(struct worker *worker, int64_t timeout_ns)
{
	struct condition *condition = worker->data;
	const struct timespec end = timespec_of(now_ns() + timeout_ns);

	pthread_mutex_lock(&condition->mutex);
	int error = pthread_cond_clockwait(&condition->cond, &condition->mutex, CLOCK_MONOTONIC,
					   &end);
	pthread_mutex_unlock(&condition->mutex);
	return error == ETIMEDOUT ? 0 : error == 0 ? EBADMSG : error;
}

static int wait_sem(struct worker *worker, int64_t timeout_ns)
{
	struct condition *condition = worker->data;
	const struct timespec end = timespec_of(now_ns() + timeout_ns);

	return failed_with(sem_clockwait(&condition->sem, CLOCK_MONOTONIC, &end), ETIMEDOUT);
}

static int wait_futex(struct worker *worker, int64_t timeout_ns)
{
	const struct timespec timeout = timespec_of(timeout_ns);
	uint32_t word = 7;

	(void)worker;
	return failed_with(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 7, &timeout, NULL, 0),
			   ETIMEDOUT);
}

static bool prepare_timer(struct worker *worker)
{
	return (worker->fds[0] = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) >= 0;
}

static int wait_timer(struct worker *worker, int64_t timeout_ns)
{
	const struct itimerspec timer = { .it_value = timespec_of(timeout_ns) };
	uint64_t times = 0;

	timerfd_settime(worker->fds[0], 0, &timer, NULL);
	ssize_t got = read(worker->fds[0], &times, sizeof(times));
	return got < 0 ? errno : times == 1 ? 0 : EBADMSG;
}

static bool prepare_queue(struct worker *worker)
{
	struct mq_attr attributes = { .mq_maxmsg = 2, .mq_msgsize = 16 };
	char name[40];

	snprintf(name, sizeof(name), "/mprof-trace-busy.%d", getpid());
	worker->fds[0] = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	mq_unlink(name);
	return worker->fds[0] >= 0;
}

/* Its timeout is absolute, by the realtime clock. */
static int wait_queue(struct worker *worker, int64_t timeout_ns)
{
	struct timespec now;
	char message[16];

	clock_gettime(CLOCK_REALTIME, &now);
	const struct timespec end =
		timespec_of(now.tv_sec * (int64_t)NS_PER_S + now.tv_nsec + timeout_ns);
	return failed_with(mq_timedreceive(worker->fds[0], message, sizeof(message), NULL, &end),
			   ETIMEDOUT);
}

/* Socket timeouts are kept in jiffies, of 10 ms at worst. */
enum { JIFFIES_NS = 12 * NS_PER_MS };
/* The realtime clock may be slewed meanwhile. */
enum { SLEWED_NS = NS_PER_MS };

static const struct timed_kind KINDS[] = {
	{ "epoll_wait with a timeout", prepare_epoll, wait_epoll, 0 },
	{ "epoll_pwait2", prepare_epoll, wait_epoll_pwait2, 0 },
	{ "semtimedop", prepare_semaphore, wait_semtimedop, 0 },
	{ "sigtimedwait", NULL, wait_sigtimedwait, 0 },
	{ "io_getevents with a timeout", prepare_aio, wait_io_getevents, 0 },
	{ "accept with SO_RCVTIMEO", prepare_listener, wait_accept, JIFFIES_NS },
	{ "recv with SO_RCVTIMEO", prepare_pair, wait_recv, JIFFIES_NS },
	{ "send with SO_SNDTIMEO", prepare_full_pair, wait_send, JIFFIES_NS },
	{ "nanosleep", NULL, wait_nanosleep, 0 },
	{ "clock_nanosleep", NULL, wait_clock_nanosleep, 0 },
	{ "poll with a timeout", prepare_pair, wait_poll, 0 },
	{ "ppoll", prepare_pair, wait_ppoll, 0 },
	{ "select with a timeout", prepare_pair, wait_select, 0 },
	{ "pselect", prepare_pair, wait_pselect, 0 },
	{ "pthread_cond_clockwait", prepare_condition, wait_condition, 0 },
	{ "sem_clockwait", prepare_condition, wait_sem, 0 },
	{ "futex", NULL, wait_futex, 0 },
	{ "timerfd", prepare_timer, wait_timer, 0 },
	{ "mq_timedreceive", prepare_queue, wait_queue, SLEWED_NS },
};

/* So often has the calling thread fallen asleep. */
static long sleeps_until_now(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

static void *timed_run(void *argument)
{
	struct worker *worker = argument;
	const struct timed_kind *kind = worker->kind;
	unsigned seed = (unsigned)(kind - KINDS) * 7919 + 1;

	while (!atomic_load(&is_ending)) {
		int64_t timeout_ns = (20 + rand_r(&seed) % 160) * (int64_t)NS_PER_MS;
		long sleeps = sleeps_until_now();
		int64_t start_ns = now_ns();
		int error = kind->wait(worker, timeout_ns);
		sleeps = sleeps_until_now() - sleeps;
		tally_result(&worker->tally, error);
		if (error == 0)
			tally_timeout(&worker->tally, timeout_ns, start_ns, sleeps, kind->grain_ns);
	}
	if (kind->prepare == prepare_semaphore)
		semctl(worker->fds[0], 0, IPC_RMID);
	return argument;
}

void timed_start(void)
{
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		struct worker *worker = worker_add(KINDS[i].name, &KINDS[i]);
		worker->has_given_up = KINDS[i].prepare != NULL && !KINDS[i].prepare(worker);
		if (worker->has_given_up) /* the report shows that it has done nothing */
			fprintf(stderr, "busy: %s cannot be tried here: %s\n", KINDS[i].name,
				strerror(errno));
		else
			worker_start(worker, timed_run);
	}
}
