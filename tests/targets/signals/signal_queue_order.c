/* A child queues 600 real-time signals to a parent in probed calls: each comes once, in order. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "expect.h"

enum { SIGNALS = 600 };

static volatile int next_value, wrong;

static void on_value(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	wrong += info->si_code != SI_QUEUE || info->si_value.sival_int != next_value;
	next_value = next_value + 1;
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static void queues(pid_t parent)
{
	for (int i = 0; i < SIGNALS; i++) {
		while (sigqueue(parent, SIGRTMIN + 1, (union sigval){ .sival_int = i }) != 0 &&
		       errno == EAGAIN)
			usleep(500);
	}
	_exit(5);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_value, .sa_flags = SA_SIGINFO | SA_RESTART };
	expect("calls on_value %d", SIGNALS);
	expect("calls leaf 2500");
	expect("calls queues 1 exit");
	sigaction(SIGRTMIN + 1, &action, NULL);
	pid_t parent = getpid(), child = fork();
	if (child == 0)
		queues(parent);
	unsigned x = 1;
	for (int i = 0; i < 2500; i++)
		x = leaf(x);
	int status;
	waitpid(child, &status, 0);
	while (next_value < SIGNALS)
		usleep(500);
	say("%u, status %d, wrong %d", x, WEXITSTATUS(status), wrong);
	return 0;
}
