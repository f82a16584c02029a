/* Children that call without end are killed by their parent at random moments, ten times. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int *progress;

static int leaf(int x)
{
	return x + 1;
}

static int kill_in_the_middle(int after)
{
	*progress = 0;
	pid_t child = fork();
	if (child == 0) {
		for (;;)
			*progress = leaf(*progress);
	}
	while (*progress < after)
		usleep(100);
	kill(child, SIGKILL);
	int status;
	waitpid(child, &status, 0);
	return WTERMSIG(status);
}

int main(void)
{
	expect("probe leaf");
	expect("calls kill_in_the_middle 10");
	expect("calls kill_in_the_middle 10 forked");
	expect("processes 11");
	progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 10; i++)
		say("killed by %d", kill_in_the_middle(20 + 7 * i));
	return 0;
}
