# Shell helpers of the tests of the live view; sourced, never run. Sources record.sh.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command /usr/bin/python3 "${CC:-cc}" mkfifo
# The system's: another one would not know of its packages.
/usr/bin/python3 -c 'import pyte' 2>/dev/null || skip "python3-pyte is not installed"
export PYTHONPATH="$TESTS/lib" PYTHONDONTWRITEBYTECODE=1
unset NO_COLOR

# A program that does what it is told, line by line, through a named pipe.
cat >told.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *orders;
static void *volatile kept; /* or the compiler leaves it all out */
static char line[64];
static pid_t children[16];
static int child_count;

__attribute__((noinline)) void grow(int mib)
{
	kept = malloc((size_t)mib << 20);
	memset(kept, 1, (size_t)mib << 20);
}

/* Until "release". */
__attribute__((noinline)) void hold(void)
{
	while (fgets(line, sizeof(line), orders) != NULL && strncmp(line, "release", 7) != 0)
		;
}

static void obey(void)
{
	char word[32] = "";
	int number = 0;

	sscanf(line, "%31s %d", word, &number);
	if (strcmp(word, "grow") == 0) {
		grow(number);
	} else if (strcmp(word, "hold") == 0) {
		hold();
	} else if (strcmp(word, "child") == 0) {
		pid_t pid = fork();
		if (pid == 0) {
			grow(number);
			for (;;)
				pause();
		}
		children[child_count++] = pid;
	} else if (strcmp(word, "say") == 0) {
		printf("said %d\n", number);
		fflush(stdout);
		fprintf(stderr, "told %d, terminals %d%d%d\n", number, isatty(0), isatty(1), isatty(2));
	} else if (strcmp(word, "exit") == 0) {
		for (int i = 0; i < child_count; i++)
			kill(children[i], SIGKILL);
		exit(number);
	} else if (strcmp(word, "crash") == 0) {
		raise(SIGSEGV);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	/* Both ends: there is always a writer. */
	orders = fdopen(open(argv[1], O_RDWR), "r");
	while (orders != NULL && fgets(line, sizeof(line), orders) != NULL)
		obey();
	return 9;
}
END
"${CC:-cc}" -O1 -o told told.c
mkfifo orders
