/* Real-time signals queued while blocked arrive in order, with their values, in a probed handler.
 */
#include <signal.h>

#include "expect.h"

static volatile int count, order_is_wrong, sender_is_wrong;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	order_is_wrong += info->si_value.sival_int != count;
	sender_is_wrong += info->si_pid != getpid() || info->si_code != SI_QUEUE;
	count++;
}

static void queues(int value)
{
	sigqueue(getpid(), SIGRTMIN + 3, (union sigval){ .sival_int = value });
}

int main(void)
{
	expect("calls handler 60");
	expect("calls queues 60");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGRTMIN + 3, &action, NULL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 60; i++)
		queues(i);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	say("count %d, order %d, sender %d", count, order_is_wrong, sender_is_wrong);
	return 0;
}
