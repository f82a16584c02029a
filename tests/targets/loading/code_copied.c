/*
 * A program that moves its own code to other pages, as those do that want huge ones for it, and then
 * opens a library: the file is no longer mapped there, but the code, with all that is in it, is.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

static long leaf(long x)
{
	return x + 1;
}

/* The mapping that holds leaf. */
static int find_code(uintptr_t *start, uintptr_t *end)
{
	char line[512];
	int found = 0;
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps != NULL && !found && fgets(line, sizeof(line), maps) != NULL)
		found = sscanf(line, "%lx-%lx", start, end) == 2 && (uintptr_t)leaf >= *start &&
			(uintptr_t)leaf < *end;
	if (maps != NULL)
		fclose(maps);
	return found;
}

static int move_code(void)
{
	uintptr_t start, end;

	if (!find_code(&start, &end))
		return 0;
	size_t bytes = end - start;
	void *copy = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(copy, (void *)start, bytes);
	mprotect(copy, bytes, PROT_READ | PROT_EXEC);
	return mremap(copy, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)start) !=
	       MAP_FAILED;
}

int main(void)
{
	expect("calls leaf 4");
	long x = leaf(0);
	if (!move_code()) {
		say("code cannot be moved here");
		return 77;
	}
	x = leaf(x);
	void *library = dlopen("libm.so.6", RTLD_NOW);
	x = leaf(x);
	if (library != NULL)
		dlclose(library);
	say("x %ld", leaf(x));
	return 0;
}
