/* flags: -pthread */
/*
 * Memory of all kinds that --split tells apart, of known amounts. When all of it is there the program is quiet for a
 * while, and says what /proc has of it:
 *
 *   quiet FROM TO FIELD N …        between these times of the epoch: of status and smaps_rollup, in bytes
 *   has KIND N                     so much at least was made of KIND; little else is of that kind
 *   cannot KIND REASON
 *
 * usage: memory_parts [QUIET_MS]
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MIB ((size_t)1024 * 1024)

enum { SMALL = 60 * 1024 }; /* below malloc's threshold for mappings of their own */

static char text[16 * 1024] = "x", status[16 * 1024] = "x", rollup[16 * 1024] = "x";

static void has(const char *kind, size_t bytes)
{
	printf("has %s %zu\n", kind, bytes);
}

static void cannot(const char *kind)
{
	printf("cannot %s %s\n", kind, strerror(errno));
}

static void fill(const char *kind, size_t bytes, int protection, int flags, int fd)
{
	char *memory = mmap(NULL, bytes, protection, flags, fd, 0);

	if (memory == MAP_FAILED) {
		cannot(kind);
		return;
	}
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	memset(memory, 1, bytes);
	has(kind, bytes);
}

static void take_small(const char *kind, size_t bytes)
{
	for (size_t taken = 0; taken < bytes; taken += SMALL) {
		char *memory = malloc(SMALL);
		if (memory == NULL)
			exit(1);
		memset(memory, 1, SMALL);
	}
	has(kind, bytes);
}

/* A file that holds @bytes; -1: errno says why not. */
static int make_file(char *name, size_t bytes)
{
	int fd = mkstemp(name);
	char block[4096];

	memset(block, 1, sizeof(block));
	for (size_t put = 0; fd >= 0 && put < bytes; put += sizeof(block)) {
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return -1;
	}
	return fd;
}

/* Pages of a file that are read only: nothing of them is ours. */
static void take_file(size_t bytes)
{
	char name[] = "mapped.XXXXXX";
	int fd = make_file(name, bytes);
	volatile char *memory =
		fd < 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED) {
		cannot("mapped");
		return;
	}
	for (size_t i = 0; i < bytes; i += 4096)
		(void)memory[i];
	has("mapped", bytes);
	printf("file %s\n", name);
}

static void take_memfd(size_t bytes)
{
	int fd = memfd_create("parts", 0);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0)
		cannot("memfd");
	else
		fill("memfd", bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
}

static void read_into(char *ret, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, ret, sizeof(text) - 1);

	ret[got > 0 ? got : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Where there is room to swap to. */
static void take_swapped(size_t bytes)
{
	char *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	memset(memory, 1, bytes);
	madvise(memory, bytes, MADV_PAGEOUT);
	read_into(text, "/proc/self/status");
	if (strstr(text, "VmSwap:\t       0 kB") == NULL)
		return;
	munmap(memory, bytes);
	printf("cannot swap nothing is swapped out here\n");
}

static double epoch_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say_fields(const char *of, const char *const names[])
{
	for (size_t i = 0; names[i] != NULL; i++) {
		char line[64];
		snprintf(line, sizeof(line), "\n%s:", names[i]);
		const char *at = strstr(of, line);
		printf(" %s %lld", names[i], at == NULL ? -1 : atoll(at + strlen(line)) * 1024);
	}
}

static const char *const counter_names[] = { "RssAnon", "RssFile",	"RssShmem",
					     "VmSwap",	"HugetlbPages", NULL };
static const char *const rollup_names[] = {
	"Rss", "Anonymous", "Swap", "Private_Hugetlb", "Shared_Hugetlb", NULL
};

static void be_quiet(long quiet_ms)
{
	const struct timespec wait = { quiet_ms / 1000, quiet_ms % 1000 * 1000000 };

	/* What looking needs is in memory first; what telling needs comes behind it. */
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		read_into(status, "/proc/self/status");
		read_into(rollup, "/proc/self/smaps_rollup");
	}
	const double from_s = epoch_s();
	nanosleep(&wait, NULL);
	const double to_s = epoch_s();
	read_into(status, "/proc/self/status");
	read_into(rollup, "/proc/self/smaps_rollup");
	printf("quiet %.6f %.6f", from_s, to_s);
	say_fields(status, counter_names);
	say_fields(rollup, rollup_names);
	printf("\n");
}

struct thread_work {
	pthread_barrier_t ready, done;
};

static void *thread_main(void *data)
{
	struct thread_work *work = data;
	char stack[2 * MIB];

	memset(stack, 1, sizeof(stack));
	has("stack", sizeof(stack));
	take_small("arena", 3 * MIB);
	pthread_barrier_wait(&work->ready);
	pthread_barrier_wait(&work->done);
	return (void *)(size_t)stack[7];
}

int main(int argc, char **argv)
{
	struct thread_work work;
	pthread_t thread;

	setvbuf(stdout, NULL, _IOFBF, 8192);
	pthread_barrier_init(&work.ready, NULL, 2);
	pthread_barrier_init(&work.done, NULL, 2);
	if (pthread_create(&thread, NULL, thread_main, &work) != 0)
		return 1;
	pthread_barrier_wait(&work.ready);
	take_small("heap", 5 * MIB);
	fill("mmap", 8 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	fill("jit", MIB, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	fill("shared", 4 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	fill("hugetlb", 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB,
	     -1);
	take_file(6 * MIB);
	take_memfd(7 * MIB);
	take_swapped(MIB);
	be_quiet(argc > 1 ? atol(argv[1]) : 200);
	pthread_barrier_wait(&work.done);
	pthread_join(thread, NULL);
	return 0;
}
