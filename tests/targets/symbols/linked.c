/* Calls through the PLT, directly and by pointer; and, by most compilers, of an indirect function. */
#include <unistd.h>

#include "count.h"

int count_asked, count_chosen;

static int chosen_plain(int x)
{
	KEEP();
	count_chosen++;
	return x + 1;
}

#ifdef __TINYC__
static int (*resolve(void))(int);
int chosen(int x)
{
	return chosen_plain(x);
}
#else
static int (*resolve(void))(int)
{
	return chosen_plain;
}
int chosen(int x) __attribute__((ifunc("resolve")));
#endif

pid_t (*volatile ask)(void) = getppid;
int (*volatile indirect)(int) = chosen;

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 6; i++) {
		sum += i & 1 ? getppid() : ask();
		count_asked++;
	}
	for (int i = 0; i < 3; i++)
		sum += chosen(i) + indirect(i);
	print_count(asked);
	print_count(chosen);
	return sum == 0;
}
