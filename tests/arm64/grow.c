/*
 * What tests/arm64 records: grow MIB MS STATUS [CHILD_MIB]
 *
 * Touches so many MiB, and a child so many of its own, holds both for so long, and ends with STATUS. It says "ready" when
 * it has them. WITH_MARKS: it has a mark, too.
 */
#include <mprof_mark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void hold(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) != 0)
		;
}

__attribute__((noinline)) char *touch_pages(size_t bytes)
{
	char *memory = malloc(bytes + 1);

	if (memory != NULL)
		memset(memory, 1, bytes);
	return memory;
}

__attribute__((noinline)) int hold_memory(size_t mib, long ms)
{
	char *memory = touch_pages(mib << 20);

	if (memory == NULL)
		return EXIT_FAILURE;
	puts("ready");
	fflush(stdout);
	hold(ms);
	free(memory);
	return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	pid_t child = 0;

	if (argc < 4)
		return EXIT_FAILURE;
	const long ms = strtol(argv[2], NULL, 10);
	if (argc > 4) {
		child = fork();
		if (child == 0)
			return hold_memory(strtoul(argv[4], NULL, 10), ms);
	}
#ifdef WITH_MARKS
	MPROF_MARK("grown");
#endif
	int status = hold_memory(strtoul(argv[1], NULL, 10), ms);
	if (child > 0)
		waitpid(child, NULL, 0);
	return status == EXIT_SUCCESS ? (int)strtol(argv[3], NULL, 10) : status;
}
