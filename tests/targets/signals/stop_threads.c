/* flags: -pthread */
/* A child of three calling threads is stopped by its parent: nothing moves until it is continued. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int *progress;

static int leaf(int x)
{
	return x + 1;
}

static void *call_thread(void *argument)
{
	volatile int *mine = argument;
	for (;;)
		*mine = leaf(*mine);
	return NULL;
}

static void works(void)
{
	pthread_t thread;
	for (int i = 0; i < 2; i++)
		pthread_create(&thread, NULL, call_thread, (void *)&progress[i]);
	call_thread((void *)&progress[2]);
}

static void wait_for_progress(void)
{
	int before[3];
	for (int i = 0; i < 3; i++)
		before[i] = progress[i];
	for (int i = 0; i < 3; i++) {
		while (progress[i] < before[i] + 3)
			usleep(200);
	}
}

static int moves(void)
{
	int before = progress[0] + progress[1] + progress[2];
	usleep(15000);
	return progress[0] + progress[1] + progress[2] != before;
}

int main(void)
{
	const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	int status;
	expect("probe leaf");
	expect("calls works 1 exit");
	expect("processes 2");
	progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	if (child == 0) {
		setpgid(0, 0); /* TSTP, TTIN and TTOU stop no orphaned group: this one is none */
		works();
	}
	for (int i = 0; i < 4; i++) {
		wait_for_progress();
		kill(child, signals[i]);
		pid_t stopped = waitpid(child, &status, WUNTRACED);
		say("stopped %d by %d, moves %d", stopped == child, WSTOPSIG(status), moves());
		kill(child, SIGCONT);
		pid_t continued = waitpid(child, &status, WCONTINUED);
		say("continued %d", continued == child && WIFCONTINUED(status));
	}
	wait_for_progress();
	kill(child, SIGSTOP);
	waitpid(child, &status, WUNTRACED);
	kill(child, SIGTERM); /* waits for the SIGCONT */
	pid_t none = waitpid(child, &status, WNOHANG);
	kill(child, SIGCONT);
	waitpid(child, &status, 0);
	say("stopped %d, ended by %d", none == 0, WTERMSIG(status));
	return 0;
}
