/* variants: now later both on_fault past_libc */
/*
 * Locks all its memory, and maps more, under a limit that leaves hardly anything over (64 KiB): mlockall(2)
 * succeeds, and brings nothing into memory that is not the program's. All of that is there before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <linux/capability.h>

#include "expect.h"

static const size_t OVER_BYTES = 64 * 1024, MORE_BYTES = 48 * 1024;

static const struct {
	const char *name;
	int flags;
} kinds[] = {
	{ "now", MCL_CURRENT },
	{ "later", MCL_FUTURE },
	{ "both", MCL_CURRENT | MCL_FUTURE },
	{ "on_fault", MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT },
	{ "past_libc", MCL_CURRENT | MCL_FUTURE },
};

struct map {
	unsigned long start, end;
	char mode[5], name[64];
};

static int read_map(FILE *file, struct map *map)
{
	char line[512];

	map->name[0] = '\0';
	return fgets(line, sizeof(line), file) != NULL &&
	       sscanf(line, "%lx-%lx %4s %*x %*s %*u %63s", &map->start, &map->end, map->mode,
		      map->name) >= 3;
}

/* Not what a tracer has put here to run code in, and not what the kernel does not count. */
static int is_own(const struct map *map)
{
	int is_foreign = map->mode[2] == 'x' && map->name[0] == '\0';
	return !is_foreign && strcmp(map->name, "[vsyscall]") != 0;
}

/* All of the program's own memory is touched, as mlockall will; how much is mapped. */
static size_t touch_all(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	struct map map;
	size_t bytes = 0;

	while (read_map(file, &map)) {
		if (!is_own(&map))
			continue;
		mlock((void *)map.start, map.end - map.start);
		bytes += map.end - map.start;
	}
	fclose(file);
	munlockall();
	return bytes;
}

/* So that root, too, has limits. */
static void drop_capability(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	syscall(SYS_capset, &header, data);
}

static int leaf(int x)
{
	return x + 1;
}

static int locks(int flags, int is_past_libc)
{
	long result = is_past_libc ? syscall(SYS_mlockall, flags) : mlockall(flags);

	return result == 0 ? 0 : errno;
}

static int maps(void)
{
	char *memory = mmap(NULL, MORE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return errno;
	memset(memory, 1, MORE_BYTES);
	return 0;
}

int main(int argc, char **argv)
{
	int flags = 0;

	expect("calls leaf 3");
	expect("calls locks 1");
	expect("calls maps 1");
	expect("gain locks -0.02 0.02");
	expect("gain maps 0.04 0.08");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (argc > 1 && strcmp(argv[1], kinds[i].name) == 0)
			flags = kinds[i].flags;
	}
	int is_past_libc = argc > 1 && strcmp(argv[1], "past_libc") == 0;
	int x = leaf(0);
	free(malloc(1000));
	drop_capability();
	touch_all();
	size_t bytes = touch_all() + OVER_BYTES; /* with what the first look itself took */
	setrlimit(RLIMIT_MEMLOCK, &(const struct rlimit){ bytes, bytes });
	say("locked: %s", strerror(locks(flags, is_past_libc)));
	say("mapped: %s", strerror(maps()));
	say("%d", leaf(leaf(x)));
	return 0;
}
