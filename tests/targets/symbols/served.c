/* Calls functions whose implementation is chosen at run time, ten times for each byte of its input. */
#include <string.h>
#include <unistd.h>

#include "count.h"

int count_chosen;
static char from[4096], to[4096];

static int chosen_plain(int x)
{
	KEEP();
	count_chosen++;
	return x + 1;
}

static int (*resolve_chosen(void))(int)
{
	return chosen_plain;
}

int chosen(int x) __attribute__((ifunc("resolve_chosen")));

int main(void)
{
	char byte;
	unsigned sum = 0;

	while (read(STDIN_FILENO, &byte, 1) == 1) {
		for (int i = 0; i < 10; i++) {
			memcpy(to + i, from, 1000 + (sum & 7));
			sum += (unsigned)chosen(i);
		}
		dprintf(STDOUT_FILENO, "served %d\n", count_chosen);
	}
	return 0;
}
