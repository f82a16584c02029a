/* flags: -pthread */
/*
 * CPU time, page faults and threads of known amounts; then quiet for a while, in which nothing of it changes:
 *
 *   quiet FROM TO cpu S faults N majfaults N threads N as-limit MIB data-limit MIB
 *
 * between these times of the epoch; -1: no limit. usage: beside_memory [QUIET_MS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now_s(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double limit_mib(int resource)
{
	struct rlimit limit;
	getrlimit((__rlimit_resource_t)resource, &limit);
	return limit.rlim_cur == RLIM_INFINITY ? -1 : (double)limit.rlim_cur / 1048576;
}

static void *wait_for(void *barrier)
{
	pthread_barrier_wait(barrier);
	return NULL;
}

int main(int argc, char **argv)
{
	enum { THREADS = 3, BYTES = 4 << 20 };
	const long quiet_ms = argc > 1 ? atol(argv[1]) : 200;
	const struct timespec quiet = { quiet_ms / 1000, quiet_ms % 1000 * 1000000 };
	pthread_barrier_t barrier;
	pthread_t threads[THREADS];
	struct rusage usage;

	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, wait_for, &barrier) != 0)
			return 1;
	}
	char *memory =
		mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 1;
	madvise(memory, BYTES, MADV_NOHUGEPAGE);
	memset(memory, 1, BYTES);
	volatile unsigned long count = 0;
	while (now_s(CLOCK_PROCESS_CPUTIME_ID) < 0.1)
		count++;
	const struct timespec moment = { 0, 20000000 };
	nanosleep(&moment, NULL); /* what it needs is in memory, and the threads wait */
	const double from_s = now_s(CLOCK_REALTIME), cpu_s = now_s(CLOCK_PROCESS_CPUTIME_ID);
	nanosleep(&quiet, NULL);
	const double to_s = now_s(CLOCK_REALTIME);
	getrusage(RUSAGE_SELF, &usage);
	printf("quiet %.6f %.6f cpu %.6f faults %ld majfaults %ld threads %d as-limit %.6f "
	       "data-limit %.6f\n",
	       from_s, to_s, cpu_s, usage.ru_minflt, usage.ru_majflt, THREADS + 1,
	       limit_mib(RLIMIT_AS), limit_mib(RLIMIT_DATA));
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
