/* The ways in which a thread sleeps until another one wakes it; see busy_sleepers.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/targets/attach/busy_sleepers.h"

static int outcome(bool is_right, long result)
{
	return is_right ? 0 : result < 0 ? errno : EBADMSG;
}

/* ---- An eventfd, looked at in several ways ---- */

static bool prepare_eventfd(struct worker *worker)
{
	return (worker->fds[0] = eventfd(0, EFD_SEMAPHORE)) >= 0;
}

static bool wake_eventfd(struct worker *worker)
{
	return eventfd_write(worker->fds[0], 1) == 0;
}

static int wait_eventfd(struct worker *worker)
{
	eventfd_t value = 0;
	int result = eventfd_read(worker->fds[0], &value);

	return outcome(result == 0 && value == 1, result);
}

static bool prepare_epoll(struct worker *worker)
{
	struct epoll_event event = { .events = EPOLLIN };

	return prepare_eventfd(worker) && (worker->fds[1] = epoll_create1(0)) >= 0 &&
	       epoll_ctl(worker->fds[1], EPOLL_CTL_ADD, worker->fds[0], &event) == 0;
}

static int wait_epoll(struct worker *worker)
{
	struct epoll_event event;
	int result = epoll_wait(worker->fds[1], &event, 1, -1);

	return result == 1 ? wait_eventfd(worker) : outcome(false, result);
}

static int wait_poll(struct worker *worker)
{
	struct pollfd fd = { worker->fds[0], POLLIN, 0 };
	int result = poll(&fd, 1, -1);

	return result == 1 ? wait_eventfd(worker) : outcome(false, result);
}

static int wait_select(struct worker *worker)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(worker->fds[0], &set);
	int result = select(worker->fds[0] + 1, &set, NULL, NULL, NULL);
	return result == 1 ? wait_eventfd(worker) : outcome(false, result);
}

static bool prepare_aio(struct worker *worker)
{
	worker->data = calloc(1, sizeof(aio_context_t));
	return prepare_eventfd(worker) && syscall(SYS_io_setup, 4, worker->data) == 0;
}

static int wait_aio(struct worker *worker)
{
	struct iocb request = { .aio_fildes = (uint32_t)worker->fds[0],
				.aio_lio_opcode = IOCB_CMD_POLL,
				.aio_buf = POLLIN };
	struct iocb *requests[] = { &request };
	struct io_event event;
	aio_context_t context = *(aio_context_t *)worker->data;

	long result = syscall(SYS_io_submit, context, 1, requests);
	if (result != 1)
		return outcome(false, result);
	while ((result = syscall(SYS_io_getevents, context, 1, 1, &event, NULL)) < 0 &&
	       errno == EINTR)
		worker->tally.eintr++; /* the request is still there */
	return result == 1 ? wait_eventfd(worker) : outcome(false, result);
}

/* ---- System V ---- */

static bool prepare_semaphore(struct worker *worker)
{
	return (worker->fds[0] = semget(IPC_PRIVATE, 1, 0600)) >= 0;
}

static int wait_semaphore(struct worker *worker)
{
	struct sembuf down = { .sem_op = -1 };
	int result = semop(worker->fds[0], &down, 1);

	return outcome(result == 0, result);
}

static bool wake_semaphore(struct worker *worker)
{
	struct sembuf up = { .sem_op = 1 };

	return semop(worker->fds[0], &up, 1) == 0;
}

static bool prepare_messages(struct worker *worker)
{
	return (worker->fds[0] = msgget(IPC_PRIVATE, 0600)) >= 0;
}

struct message {
	long type;
	char text[8];
};

static int wait_message(struct worker *worker)
{
	struct message message;
	ssize_t result = msgrcv(worker->fds[0], &message, sizeof(message.text), 0, 0);

	return outcome(result == sizeof(message.text), result);
}

static bool wake_message(struct worker *worker)
{
	const struct message message = { 1, "wake up" };

	return msgsnd(worker->fds[0], &message, sizeof(message.text), 0) == 0;
}

/* ---- Signals, waited for ---- */

static int wait_signal(struct worker *worker)
{
	sigset_t set;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 8);
	int result = sigwaitinfo(&set, &info);
	return outcome(result == SIGRTMIN + 8 &&
			       info.si_value.sival_int == (int)(atomic_load(&worker->seen) + 1),
		       result);
}

static bool wake_signal(struct worker *worker)
{
	const union sigval value = { .sival_int = (int)atomic_load(&worker->told) };

	return pthread_sigqueue(worker->thread, SIGRTMIN + 8, value) == 0;
}

/* ---- Sockets, pipes, queues, FIFOs ---- */

static bool prepare_listener(struct worker *worker)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	worker->fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	return bind(worker->fds[0], (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(worker->fds[0], 1) == 0;
}

static int wait_accept(struct worker *worker)
{
	int fd = accept(worker->fds[0], NULL, NULL);

	if (fd >= 0)
		close(fd);
	return outcome(fd >= 0, fd);
}

/* The one that closes first keeps a port busy for a minute: none is kept by a reset. */
static bool wake_accept(struct worker *worker)
{
	static const struct linger RESET = { 1, 0 };
	struct sockaddr_in address;
	socklen_t bytes = sizeof(address);

	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool is_right = getsockname(worker->fds[0], (struct sockaddr *)&address, &bytes) == 0 &&
			connect(fd, (struct sockaddr *)&address, bytes) == 0;
	char byte;
	if (is_right) /* until the other side has closed it */
		is_right = recv(fd, &byte, 1, 0) == 0;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &RESET, sizeof(RESET));
	close(fd);
	return is_right;
}

static bool prepare_pair(struct worker *worker)
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, worker->fds) == 0;
}

static bool prepare_pipe(struct worker *worker)
{
	return pipe(worker->fds) == 0;
}

static int wait_recv(struct worker *worker)
{
	char byte = 0;
	ssize_t result = recv(worker->fds[0], &byte, 1, 0);

	return outcome(result == 1 && byte == 'w', result);
}

static int wait_read(struct worker *worker)
{
	char byte = 0;
	ssize_t result = read(worker->fds[0], &byte, 1);

	return outcome(result == 1 && byte == 'w', result);
}

static bool wake_write(struct worker *worker)
{
	return write(worker->fds[1], "w", 1) == 1;
}

static bool prepare_queue(struct worker *worker)
{
	struct mq_attr attributes = { .mq_maxmsg = 2, .mq_msgsize = 16 };
	char name[40];

	snprintf(name, sizeof(name), "/mprof-trace-sleeper.%d", getpid());
	worker->fds[0] = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	mq_unlink(name);
	return worker->fds[0] >= 0;
}

static int wait_queue(struct worker *worker)
{
	char message[16];
	ssize_t result = mq_receive(worker->fds[0], message, sizeof(message), NULL);

	return outcome(result == 1, result);
}

static bool wake_queue(struct worker *worker)
{
	return mq_send(worker->fds[0], "w", 1, 0) == 0;
}

/* ---- Locks ---- */

struct condition {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	unsigned long wakes;
};

static bool prepare_condition(struct worker *worker)
{
	struct condition *condition = calloc(1, sizeof(*condition));

	pthread_mutex_init(&condition->mutex, NULL);
	pthread_cond_init(&condition->cond, NULL);
	worker->data = condition;
	return true;
}

static int wait_condition(struct worker *worker)
{
	struct condition *condition = worker->data;

	pthread_mutex_lock(&condition->mutex);
	while (condition->wakes <= atomic_load(&worker->seen))
		pthread_cond_wait(&condition->cond, &condition->mutex);
	pthread_mutex_unlock(&condition->mutex);
	return 0;
}

static bool wake_condition(struct worker *worker)
{
	struct condition *condition = worker->data;

	pthread_mutex_lock(&condition->mutex);
	condition->wakes++;
	pthread_cond_signal(&condition->cond);
	pthread_mutex_unlock(&condition->mutex);
	return true;
}

/* The waker holds a file's lock while the sleeper waits for it, and takes it back afterwards. */
struct lock {
	atomic_ulong taken; /* so often by the sleeper */
	atomic_ulong held;  /* so often again by the waker */
};

static bool prepare_lock(struct worker *worker)
{
	char path[40];

	worker->data = calloc(1, sizeof(struct lock));
	worker->fds[0] = memfd_create("lock", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", worker->fds[0]);
	worker->fds[1] = open(path, O_RDWR | O_CLOEXEC);
	return worker->fds[1] >= 0 && flock(worker->fds[1], LOCK_EX) == 0;
}

static int wait_lock(struct worker *worker)
{
	struct lock *lock = worker->data;
	int result = flock(worker->fds[0], LOCK_EX);

	if (result != 0)
		return errno;
	flock(worker->fds[0], LOCK_UN);
	unsigned long taken = atomic_fetch_add(&lock->taken, 1) + 1;
	while (atomic_load(&lock->held) < taken)
		pause_ns(NS_PER_MS / 5);
	return 0;
}

static bool wake_lock(struct worker *worker)
{
	struct lock *lock = worker->data;
	unsigned long taken = atomic_load(&lock->taken);

	if (flock(worker->fds[1], LOCK_UN) != 0)
		return false;
	while (atomic_load(&lock->taken) == taken)
		pause_ns(NS_PER_MS / 5);
	bool is_right = flock(worker->fds[1], LOCK_EX) == 0;
	atomic_fetch_add(&lock->held, 1);
	return is_right;
}

const struct sleeper_kind sleeper_kinds[] = {
	{ "read of an eventfd", prepare_eventfd, wait_eventfd, wake_eventfd },
	{ "epoll_wait", prepare_epoll, wait_epoll, wake_eventfd },
	{ "poll", prepare_eventfd, wait_poll, wake_eventfd },
	{ "select", prepare_eventfd, wait_select, wake_eventfd },
	{ "io_getevents", prepare_aio, wait_aio, wake_eventfd },
	{ "semop", prepare_semaphore, wait_semaphore, wake_semaphore },
	{ "msgrcv", prepare_messages, wait_message, wake_message },
	{ "sigwaitinfo", NULL, wait_signal, wake_signal },
	{ "accept", prepare_listener, wait_accept, wake_accept },
	{ "recv", prepare_pair, wait_recv, wake_write },
	{ "read of a pipe", prepare_pipe, wait_read, wake_write },
	{ "mq_receive", prepare_queue, wait_queue, wake_queue },
	{ "pthread_cond_wait", prepare_condition, wait_condition, wake_condition },
	{ "flock", prepare_lock, wait_lock, wake_lock },
};
const size_t sleeper_kind_count = sizeof(sleeper_kinds) / sizeof(sleeper_kinds[0]);

void sleeper_release(const struct worker *worker)
{
	const struct sleeper_kind *kind = worker->kind;

	if (kind->prepare == prepare_semaphore)
		semctl(worker->fds[0], 0, IPC_RMID);
	if (kind->prepare == prepare_messages)
		msgctl(worker->fds[0], IPC_RMID, NULL);
}
