/*
 * waits_in_vfork FIFO: calls vfork(2) for each SIGUSR2. The child makes the memory large, waits until somebody has opened FIFO
 * to write, and executes this program, which ends; then the memory is small again. SIGUSR1 ends it, with 0 when each child
 * was the one that vfork had told of, and no action for SIGTRAP was a handler that is not there.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS = 3, LARGE_BYTES = 64 << 20 };

static volatile sig_atomic_t is_told, is_asked;
static char *large;

static void note(int signal)
{
	is_told |= signal == SIGUSR1;
	is_asked |= signal == SIGUSR2;
}

static int trap_handler_is_there(void)
{
	struct sigaction action;

	sigaction(SIGTRAP, NULL, &action);
	return action.sa_handler == SIG_DFL || access((const char *)action.sa_handler, F_OK) == 0 ||
	       errno != EFAULT;
}

__attribute__((noinline)) int turn(const char *fifo)
{
	char *const words[] = { "child", NULL };
	struct pollfd told = { open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC), POLLIN, 0 };
	const int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const pid_t child = vfork();
	int status = 0;

	if (child == 0) {
		memset(large, 1, LARGE_BYTES);
		/* Meets no breakpoint on its way: there may be one in execve, and none in fexecve. */
		if (poll(&told, 1, -1) == 1)
			fexecve(program, words, environ);
		_exit(STATUS + 1);
	}
	const pid_t ended = waitpid(-1, &status, 0);
	close(told.fd);
	close(program);
	if (!trap_handler_is_there()) {
		printf("the handler for SIGTRAP is not there\n");
		return 0;
	}
	madvise(large, LARGE_BYTES, MADV_DONTNEED);
	if (child > 0 && ended == child && WIFEXITED(status) && WEXITSTATUS(status) == STATUS)
		return 1;
	printf("vfork gave %d, and %d ended with the wait status %#x\n", child, ended,
	       (unsigned)status);
	return 0;
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = note };
	sigset_t both, before;
	int is_well = 1;

	if (argc < 2)
		return STATUS;
	large = mmap(NULL, LARGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGUSR2);
	sigprocmask(SIG_BLOCK, &both, &before);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	while (is_well && !is_told) {
		sigsuspend(&before);
		if (is_asked)
			is_well = turn(argv[1]);
		is_asked = 0;
	}
	return !is_well;
}
