/* execs that fail, of files that are not there, no programs, too much: the program goes on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static int tries(const char *path, char *word)
{
	char *words[] = { "x", word, NULL };
	execv(path, words);
	return errno;
}

int main(void)
{
	expect("calls tries 6");
	expect("execs 0");
	expect("processes 1");
	size_t bytes = 1 << 20; /* MAX_ARG_STRLEN is 128 KiB: execve(2) */
	char *much = malloc(bytes);
	memset(much, 'x', bytes);
	much[bytes - 1] = '\0';
	say("%d %d %d", tries("/no/such/program", ""), tries("/etc/passwd", ""), tries("/proc", ""));
	say("%d %d %d", tries("/bin/true", much), tries("/proc/self/mem", ""), tries("", ""));
	free(much);
	return 0;
}
