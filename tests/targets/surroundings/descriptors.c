/* The program's descriptors are its own: the lowest free number is as ever, and it closes all. */
#include <fcntl.h>
#include <sys/resource.h>

#include "expect.h"

static int opens(void)
{
	return open("/dev/null", O_RDONLY);
}

int main(void)
{
	struct rlimit limit;
	expect("calls opens 12");
	getrlimit(RLIMIT_NOFILE, &limit);
	say("first free %d, limit %ld", opens(), (long)limit.rlim_cur);
	for (int fd = 3; fd < 256; fd++)
		close(fd);
	int out = fcntl(STDOUT_FILENO, F_DUPFD, 200);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	int sum = 0;
	for (int i = 0; i < 11; i++)
		sum += opens();
	dup2(out, STDOUT_FILENO);
	say("sum %d", sum);
	return 0;
}
