/* flags: -fPIC -fno-builtin -ldl */
/*
 * Preloaded into mprof-trace: lets system calls of its engine fail (tests/e2e/run/failing_calls.sh).
 *
 *   FAIL_CALL=NAME     a kind of call, see the table at the end; "traced": those that touch a traced thread;
 *                      "registers": those that set its registers
 *   FAIL_ERRNO=NUMBER  what it fails with; 0: the engine dies in front of it, of SIGKILL
 *   FAIL_AT=N          from its Nth occurrence on, counted from the first stop of a traced thread on
 *   FAIL_FOR=N         so many times in a row (1)
 *   FAIL_LOG=FILE      gets a line for each failure
 *
 * None of it is seen by the program that is recorded.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static char wanted[32];
static char log_path[256];
static int wanted_errno;
static long fail_at, fail_for = 1, seen;
static bool is_active;

static long number_of(const char *name, long otherwise)
{
	const char *text = getenv(name);
	return text == NULL ? otherwise : atol(text);
}

__attribute__((constructor)) static void begin(void)
{
	static const char *const names[] = { "FAIL_CALL", "FAIL_ERRNO", "FAIL_AT",
					     "FAIL_FOR",  "FAIL_LOG",	"LD_PRELOAD" };

	if (getenv("FAIL_CALL") != NULL)
		snprintf(wanted, sizeof(wanted), "%s", getenv("FAIL_CALL"));
	if (getenv("FAIL_LOG") != NULL)
		snprintf(log_path, sizeof(log_path), "%s", getenv("FAIL_LOG"));
	wanted_errno = (int)number_of("FAIL_ERRNO", EMFILE);
	fail_at = number_of("FAIL_AT", 1);
	fail_for = number_of("FAIL_FOR", 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

static void note(const char *name)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "%s %ld\n", name, seen);
	long fd = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			  0644);

	if (fd < 0) /* there are none left: which is what is being tried */
		return;
	syscall(SYS_write, fd, line, length);
	syscall(SYS_close, fd);
}

/* Whether this call of kind @name is to fail; errno is set then. */
static bool fails(const char *name)
{
	static const char traced[] = "ptrace resume pwrite";

	if (!is_active || (strcmp(name, wanted) != 0 &&
			   (strcmp(wanted, "traced") != 0 || strstr(traced, name) == NULL)))
		return false;
	seen++;
	if (seen < fail_at || seen >= fail_at + fail_for)
		return false;
	note(name);
	if (wanted_errno == 0)
		kill(getpid(), SIGKILL);
	errno = wanted_errno;
	return true;
}

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* A call that takes what it is given to the real one. */
#define WRAP(type, kind, name, failed, parameters, arguments)                                      \
	type name parameters                                                                       \
	{                                                                                          \
		static type(*next) parameters;                                                     \
		if (next == NULL)                                                                  \
			*(void **)&next = real(#name);                                             \
		return fails(kind) ? (failed) : next arguments;                                    \
	}

long ptrace(enum __ptrace_request request, ...)
{
	static long (*next)(enum __ptrace_request, pid_t, void *, void *);
	va_list list;

	if (next == NULL)
		*(void **)&next = real("ptrace");
	va_start(list, request);
	pid_t tid = va_arg(list, pid_t);
	void *address = va_arg(list, void *);
	void *data = va_arg(list, void *);
	va_end(list);
	bool resumes = request == PTRACE_CONT || request == PTRACE_SYSCALL ||
		       request == PTRACE_LISTEN || request == PTRACE_DETACH ||
		       request == PTRACE_INTERRUPT;
	bool is_asked_for = request == PTRACE_SETREGS && strcmp(wanted, "registers") == 0;
	if (fails(resumes ? "resume" : is_asked_for ? "registers" : "ptrace"))
		return -1;
	return next(request, tid, address, data);
}

static mode_t mode_of(int flags, va_list list)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list list;

	va_start(list, flags);
	mode_t mode = mode_of(flags, list);
	va_end(list);
	return fails("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int dir_fd, const char *path, int flags, ...)
{
	va_list list;

	va_start(list, flags);
	mode_t mode = mode_of(flags, list);
	va_end(list);
	return fails("open") ? -1 : (int)syscall(SYS_openat, dir_fd, path, flags, mode);
}

long syscall(long number, ...)
{
	static long (*next)(long, ...);
	long arguments[6];
	va_list list;

	if (next == NULL)
		*(void **)&next = real("syscall");
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	bool is_own = number == SYS_openat || number == SYS_write || number == SYS_close;
	if (!is_own && fails("syscall"))
		return -1;
	return next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
		    arguments[5]);
}

/* As after a failed read(2): stdio keeps that in the stream. */
char *fgets(char *line, int bytes, FILE *file)
{
	static char *(*next)(char *, int, FILE *);

	if (next == NULL)
		*(void **)&next = real("fgets");
	if (!fails("fgets"))
		return next(line, bytes, file);
	file->_flags |= 0x20; /* _IO_ERR_SEEN */
	return NULL;
}

ssize_t __getdelim(char **line, size_t *bytes, int delimiter, FILE *file)
{
	if (!fails("getline"))
		return getdelim(line, bytes, delimiter, file);
	file->_flags |= 0x20;
	return -1;
}

WRAP(FILE *, "open", fopen, NULL, (const char *path, const char *mode), (path, mode))
WRAP(DIR *, "open", opendir, NULL, (const char *path), (path))
WRAP(FILE *, "fdopen", fdopen, NULL, (int fd, const char *mode), (fd, mode))
WRAP(DIR *, "fdopen", fdopendir, NULL, (int fd), (fd))
WRAP(struct dirent *, "readdir", readdir, NULL, (DIR * directory), (directory))
WRAP(ssize_t, "read", read, -1, (int fd, void *to, size_t bytes), (fd, to, bytes))
WRAP(ssize_t, "pread", pread, -1, (int fd, void *to, size_t bytes, off_t at), (fd, to, bytes, at))
WRAP(ssize_t, "write", write, -1, (int fd, const void *from, size_t bytes), (fd, from, bytes))
WRAP(ssize_t, "pwrite", pwrite, -1, (int fd, const void *from, size_t bytes, off_t at),
     (fd, from, bytes, at))

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	static pid_t (*next)(pid_t, int *, int, struct rusage *);

	if (next == NULL)
		*(void **)&next = real("wait4");
	pid_t got = fails("wait") ? -1 : next(pid, status, options, usage);
	if (got > 0 && WIFSTOPPED(*status))
		is_active = true;
	return got;
}

WRAP(pid_t, "wait", waitpid, -1, (pid_t pid, int *status, int options), (pid, status, options))
WRAP(int, "wait", waitid, -1, (idtype_t type, id_t id, siginfo_t *info, int options),
     (type, id, info, options))
WRAP(int, "kill", kill, -1, (pid_t pid, int signal), (pid, signal))
WRAP(pid_t, "fork", fork, -1, (void), ())
WRAP(int, "pipe", pipe2, -1, (int ends[2], int flags), (ends, flags))
WRAP(int, "epoll", epoll_create1, -1, (int flags), (flags))
WRAP(int, "epoll", epoll_ctl, -1, (int epoll, int what, int fd, struct epoll_event *event),
     (epoll, what, fd, event))
WRAP(int, "epoll_wait", epoll_wait, -1,
     (int epoll, struct epoll_event *events, int count, int timeout),
     (epoll, events, count, timeout))
WRAP(int, "timer", timerfd_create, -1, (int clock, int flags), (clock, flags))
WRAP(int, "timer", timerfd_settime, -1,
     (int fd, int flags, const struct itimerspec *to, struct itimerspec *old),
     (fd, flags, to, old))
WRAP(int, "signalfd", signalfd, -1, (int fd, const sigset_t *mask, int flags), (fd, mask, flags))
WRAP(int, "stat", stat, -1, (const char *path, struct stat *to), (path, to))
WRAP(int, "stat", fstat, -1, (int fd, struct stat *to), (fd, to))
WRAP(void *, "malloc", realloc, NULL, (void *old, size_t bytes), (old, bytes))
WRAP(void *, "malloc", malloc, NULL, (size_t bytes), (bytes))

/* dlsym(3) may want memory itself before it knows where that comes from. */
void *calloc(size_t count, size_t bytes)
{
	static void *(*next)(size_t, size_t);
	static bool is_looking;

	if (next == NULL && is_looking)
		return NULL;
	is_looking = true;
	if (next == NULL)
		*(void **)&next = real("calloc");
	is_looking = false;
	return fails("malloc") ? NULL : next(count, bytes);
}
