/* flags: -pthread */
/*
 * Grows in known functions by known amounts of memory, which it says on stdout, a line each:
 *
 *   grown FUNCTION MIB          of the process itself
 *   child_grown FUNCTION MIB    of children
 *   innocent FUNCTION           takes long, and does not grow
 *
 * usage: grow_known [bursts|kinds|waits]      waits: for the end of stdin, with a thread that grows then
 *
 * What a page was is looked up behind its fault, by a recorder that may get no CPU for a while. So with
 * GROW_KNOWN_RECORDING in the environment, kinds follow each other when that file has had ticks in between.
 */
/* variants: bursts kinds */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "expect.h"

enum { PAGE = 4096, MIB = 1 << 20, BURSTS = 24, BURST_BYTES = 2 * MIB };

static char *fresh_memory(size_t bytes, int flags)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		say("no memory");
		_exit(77);
	}
	return memory;
}

static void touch(volatile char *memory, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += PAGE)
		memory[i] = 1;
}

static void grow_in_bursts(void)
{
	char *memory = fresh_memory(BURST_BYTES, MAP_PRIVATE);

	madvise(memory, BURST_BYTES, MADV_NOHUGEPAGE);
	touch(memory, BURST_BYTES);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* One tick may have begun before. */
static void await_ticks(void)
{
	enum { TICKS = 2, LOOK_US = 2000 };
	const char *path = getenv("GROW_KNOWN_RECORDING");
	struct stat first, now;

	for (int i = 0; path != NULL && i < TICKS; i++) {
		if (stat(path, &first) < 0)
			return;
		while (stat(path, &now) == 0 && now.st_size == first.st_size)
			usleep(LOOK_US);
	}
}

static void compute_long(void)
{
	const double until_ms = now_ms() + 15;

	while (now_ms() < until_ms)
		;
}

static void run_bursts(void)
{
	say("grown grow_in_bursts %d", BURSTS * BURST_BYTES / MIB);
	say("innocent compute_long");
	for (int i = 0; i < BURSTS; i++) {
		grow_in_bursts();
		compute_long();
	}
}

static void *grow_in_thread(void *unused)
{
	char *memory = fresh_memory(12 * MIB, MAP_PRIVATE);

	madvise(memory, 12 * MIB, MADV_NOHUGEPAGE);
	touch(memory, 12 * MIB);
	return unused;
}

static void grow_shared(void)
{
	touch(fresh_memory(10 * MIB, MAP_SHARED), 10 * MIB);
}

/* A page each while they can be had. */
static void grow_huge(void)
{
	char *memory = fresh_memory(160 * MIB, MAP_PRIVATE);

	madvise(memory, 160 * MIB, MADV_HUGEPAGE);
	touch(memory, 160 * MIB);
}

/* All of it is in memory already: it has just been written. */
static void grow_by_file(const char *path)
{
	volatile const char *memory;
	char sum = 0;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	unlink(path);
	if (fd < 0 || ftruncate(fd, 16 * MIB) < 0)
		_exit(1);
	static const char page[PAGE] = { 1 };
	for (int i = 0; i < 16 * MIB / PAGE; i++) {
		if (write(fd, page, sizeof(page)) != sizeof(page))
			_exit(1);
	}
	memory = mmap(NULL, 16 * MIB, PROT_READ, MAP_SHARED, fd, 0);
	for (size_t i = 0; i < 16 * MIB; i += PAGE)
		sum += memory[i];
	close(fd);
}

static void grow_in_child(void)
{
	char *memory = fresh_memory(14 * MIB, MAP_PRIVATE);

	madvise(memory, 14 * MIB, MADV_NOHUGEPAGE);
	touch(memory, 14 * MIB);
}

/* What was there before a fork is met again, and is no growth. */
static void write_again(char *memory)
{
	touch(memory, 8 * MIB);
}

static void grow_before_fork(char *memory)
{
	touch(memory, 8 * MIB);
}

static void *wait_and_grow(void *unused)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return grow_in_thread(unused);
}

static void run_waits(void)
{
	pthread_t thread;

	say("grown grow_in_thread 12");
	if (pthread_create(&thread, NULL, wait_and_grow, NULL) != 0)
		_exit(77);
	say("waits");
	pthread_join(thread, NULL);
}

static void run_kinds(void)
{
	char *old = fresh_memory(8 * MIB, MAP_PRIVATE);

	pthread_t threads[2];

	say("grown grow_in_thread 24");
	say("grown grow_shared 10");
	say("grown grow_huge 160");
	say("grown grow_by_file 16");
	say("grown grow_before_fork 8");
	say("child_grown grow_in_child 14");
	say("innocent write_again");
	madvise(old, 8 * MIB, MADV_NOHUGEPAGE);
	for (int i = 0; i < 2; i++) {
		if (pthread_create(&threads[i], NULL, grow_in_thread, NULL) != 0)
			_exit(77);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	await_ticks();
	grow_shared();
	await_ticks();
	grow_huge();
	await_ticks();
	grow_by_file("grown_file");
	await_ticks();
	grow_before_fork(old);
	await_ticks();
	pid_t pid = fork();
	if (pid == 0) {
		grow_in_child();
		await_ticks();
		_exit(0);
	}
	write_again(old);
	waitpid(pid, NULL, 0);
	await_ticks();
	write_again(old);
}

int main(int argc, char **argv)
{
	expect("calls main 1");
	if (argc > 1 && strcmp(argv[1], "kinds") == 0)
		run_kinds();
	else if (argc > 1 && strcmp(argv[1], "waits") == 0)
		run_waits();
	else
		run_bursts();
	return 0;
}
