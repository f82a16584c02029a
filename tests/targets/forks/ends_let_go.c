/*
 * ends_let_go: computes, as its children do, and ends with 7 as soon as a tracer that it has had is gone; the children end
 * when it has.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHILDREN = 8 };

__attribute__((noinline)) unsigned long work(unsigned long x)
{
	for (int i = 0; i < 20000; i++)
		x = x * 6364136223846793005UL + 1;
	return x;
}

static int tracer(void)
{
	static const char key[] = "TracerPid:";
	char text[4096];

	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[got < 0 ? 0 : got] = '\0';
	const char *at = strstr(text, key);
	return at == NULL ? 0 : atoi(at + sizeof(key) - 1);
}

int main(void)
{
	volatile unsigned long sum = 0;
	const pid_t parent = getpid();

	for (int i = 0; i < CHILDREN; i++) {
		if (fork() != 0)
			continue;
		while (getppid() == parent)
			sum = work(sum);
		_exit(0);
	}
	while (tracer() == 0)
		continue;
	while (tracer() != 0)
		sum = work(sum);
	_exit(7);
}
