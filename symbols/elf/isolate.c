/* Reading in a child; see isolate.h. Symbols layer. */
#include "symbols/elf/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/heap.h"
#include "tracer/base/reserve.h"
#include "tracer/base/retry.h"

enum {
	PIPE_BYTES = 1 << 20,
	RECEIVE_BYTES = 1 << 16,
	HEAP_BYTES = 48 << 20, /* the largest programs' symbols need as much */
};

/* linux/memfd.h of Linux 6.3 and later: it cannot be executed, and takes seals. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* The last bytes that the child writes: without them it has not finished. */
struct isolate_trailer {
	char mark[8];
	uint32_t is_failed; /* what stands in front of it is an error's message */
	uint32_t error_code;
};
static const char TRAILER_MARK[8] = "the end";

/* Memory of our own that is private and writable, which is what RLIMIT_DATA counts: proc(5). */
static uint64_t own_data_bytes(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void limit(__rlimit_resource_t resource, rlim_t value)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0 || now.rlim_cur <= value)
		return;
	now.rlim_cur = value;
	setrlimit(resource, &now);
}

/* The child's surroundings: it dies with us, first when memory is short, and leaves no core. */
static void isolate_enter(pid_t parent, const struct isolate_limits *limits)
{
	static const char oom_first[] = "1000";
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t ignored = write(fd, oom_first, sizeof(oom_first) - 1);
		(void)ignored;
		close(fd);
	}
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, limits->cpu_s);
	limit(RLIMIT_DATA, own_data_bytes() + limits->memory_bytes);
	limit(RLIMIT_FSIZE, limits->memory_bytes);
}

/* In the child: runs @read_file with a file to write to, then writes the trailer. */
static _Noreturn void isolate_child(isolate_read_fn read_file, void *context, int fd)
{
	struct isolate_trailer trailer = { 0 };
	unsigned tries = 0;
	FILE *out;

	do
		out = fdopen(fd, "w");
	while (out == NULL && retry_is_due(errno, &tries));
	if (out == NULL)
		_exit(EXIT_FAILURE);
	memcpy(trailer.mark, TRAILER_MARK, sizeof(trailer.mark));
	struct error *err = read_file(context, out);
	if (err != NULL) {
		trailer.is_failed = 1;
		trailer.error_code = error_code(err);
		fputs(error_message(err), out);
	}
	fwrite(&trailer, 1, sizeof(trailer), out);
	_exit(fflush(out) != 0 || ferror(out) ? EXIT_FAILURE : EXIT_SUCCESS);
}

static struct error *isolate_too_much(const struct isolate_limits *limits)
{
	return error_new(ERR_FORMAT, "there is more in it than %llu MiB",
			 (unsigned long long)(limits->memory_bytes >> 20));
}

/* The error for a child that wrote no trailer. */
static struct error *isolate_death(int status, const struct isolate_limits *limits)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return isolate_too_much(limits);
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return error_new(ERR_FORMAT, "reading it takes more than %u s or %llu MiB",
				 limits->cpu_s, (unsigned long long)(limits->memory_bytes >> 20));
	if (WIFSIGNALED(status))
		return error_new(ERR_FORMAT, "it is damaged: reading it ended with signal %d (%s)",
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	return error_new(ERR_FORMAT, "it is damaged: reading it came to no end");
}

/*
 * Threads of the target may be waiting for what is read. Where the tracer has precedence (SCHED_RR), so
 * has the child at first: a new process of a session of its own was seen to wait 40 s for a CPU on a
 * machine with a load of twice its CPUs (autogroups, sched(7); Linux 6.18). The precedence ends after a
 * while, as a file may make the child compute without end.
 */
static void wait_for_child(int fd, pid_t pid, int64_t precedence_ends_ns)
{
	static const int64_t NS_PER_MS = 1000000;
	const struct sched_param usual = { 0 };
	struct pollfd end = { .fd = fd, .events = POLLIN };
	int64_t left_ns = precedence_ends_ns - clock_now_ns();

	while (left_ns > 0 && poll(&end, 1, (int)(left_ns / NS_PER_MS) + 1) < 0 && errno == EINTR)
		left_ns = precedence_ends_ns - clock_now_ns();
	if (clock_now_ns() >= precedence_ends_ns)
		sched_setscheduler(pid, SCHED_OTHER, &usual);
}

/* Receives all that @pid writes to the pipe, until it closes it. */
static struct error *isolated_receive(struct isolated *result, int fd, pid_t pid,
				      const struct isolate_limits *limits)
{
	const int64_t precedence_ends_ns = clock_now_ns() + NS_PER_S;
	const bool has_precedence = sched_getscheduler(0) == SCHED_RR;
	size_t capacity = 0;

	for (;;) {
		if (has_precedence)
			wait_for_child(fd, pid, precedence_ends_ns);
		struct error *err =
			array_reserve(&result->data, &capacity, result->bytes + RECEIVE_BYTES, 1);
		if (err != NULL)
			return err;
		ssize_t got = read(fd, result->data + result->bytes, capacity - result->bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_os(errno, "receive what was read");
		if (got == 0)
			return NULL;
		result->bytes += (size_t)got;
		if (result->bytes > limits->memory_bytes)
			return isolate_too_much(limits);
	}
}

/* Takes the trailer off; the rest is the result, or becomes the error. */
static struct error *isolated_finish(struct isolated *result, int status,
				     const struct isolate_limits *limits)
{
	struct isolate_trailer trailer;

	if (result->bytes < sizeof(trailer))
		return isolate_death(status, limits);
	result->bytes -= sizeof(trailer);
	memcpy(&trailer, result->data + result->bytes, sizeof(trailer));
	if (memcmp(trailer.mark, TRAILER_MARK, sizeof(trailer.mark)) != 0)
		return isolate_death(status, limits);
	if (!trailer.is_failed)
		return NULL;
	if (trailer.error_code == ERR_MEMORY)
		return error_new(ERR_FORMAT, "reading it takes more than %llu MiB of memory",
				 (unsigned long long)(limits->memory_bytes >> 20));
	return error_new((enum error_code)trailer.error_code, "%.*s", (int)result->bytes,
			 result->data);
}

/*
 * A file in memory for the child to write to: what is in it need not be copied to us. Without one the
 * child writes to the pipe: -1. That is slower, and no limit of the user's on the size of files counts.
 */
static int open_memory_file(const struct isolate_limits *limits)
{
	struct rlimit file_size;

	if (getrlimit(RLIMIT_FSIZE, &file_size) != 0 || file_size.rlim_cur < limits->memory_bytes)
		return -1;
	/* One that can be executed may be refused (sysctl vm.memfd_noexec, Linux 6.3). */
	int fd = memfd_create("symbols", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("symbols", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd;
}

/* Maps what the child has written to @fd. After the seals nothing that it may have started changes it. */
static struct error *isolated_map(struct isolated *result, int fd)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	struct stat status;

	if (fcntl(fd, F_ADD_SEALS, seals) != 0 || fstat(fd, &status) != 0)
		return error_os(errno, "receive what was read");
	if (status.st_size == 0)
		return NULL;
	/* All pages are read: to map them at once is cheaper than a fault for each few. */
	void *data =
		mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED)
		return error_os(errno, "receive what was read");
	result->data = data;
	result->bytes = result->mapped_bytes = (size_t)status.st_size;
	return NULL;
}

/* Starts the child. It writes to @memory_fd or else to the pipe, whose end comes with its own. */
static pid_t isolate_fork(isolate_read_fn read_file, void *context,
			  const struct isolate_limits *limits, const int ends[2], int memory_fd)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(ends[0]);
	reserve_release();
	isolate_enter(parent, limits);
	if (HEAP_BYTES <= limits->memory_bytes / 8)
		heap_expect(HEAP_BYTES);
	isolate_child(read_file, context, memory_fd >= 0 ? memory_fd : ends[1]);
}

struct error *isolate_run(isolate_read_fn read_file, void *context,
			  const struct isolate_limits *limits, struct isolated *ret)
{
	unsigned tries = 0;
	int status = 0, ends[2];

	*ret = (struct isolated){ 0 };
	reserve_fill();
	while (pipe2(ends, O_CLOEXEC) != 0) {
		if (!retry_from_reserve(errno, &tries))
			return error_os(errno, "make a pipe to read it through");
	}
	int memory_fd = open_memory_file(limits);
	if (memory_fd < 0)
		fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
	pid_t pid = isolate_fork(read_file, context, limits, ends, memory_fd);
	struct error *err = pid < 0 ? error_os(errno, "start a process to read it") : NULL;
	close(ends[1]);
	if (err == NULL)
		err = isolated_receive(ret, ends[0], pid, limits);
	close(ends[0]); /* if we gave up: the child gets SIGPIPE */
	/* Where SIGCHLD is ignored this only waits, and @status stays 0. */
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (memory_fd >= 0) {
		isolated_deinit(ret);
		if (err == NULL)
			err = isolated_map(ret, memory_fd);
		close(memory_fd);
	}
	if (err == NULL)
		err = isolated_finish(ret, status, limits);
	if (err != NULL)
		isolated_deinit(ret);
	return err;
}

void isolated_deinit(struct isolated *result)
{
	if (result->mapped_bytes > 0)
		munmap(result->data, result->mapped_bytes);
	else
		free(result->data);
	*result = (struct isolated){ 0 };
}
