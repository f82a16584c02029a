/* Two reads of /proc/self/statm, as an entry and a return with memory at both need: prints ns. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	const long count = argc > 1 ? atol(argv[1]) : 100000;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	struct timespec from, to;
	char text[24];

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (long i = 0; i < 2 * count; i++) {
		if (pread(fd, text, sizeof(text), 0) <= 0)
			return 1;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	printf("%.2f\n",
	       ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
		       (double)count);
	return 0;
}
