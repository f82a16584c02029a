/*
 * The floor for sampling: a loop that waits for a timerfd in epoll and reads it, and does nothing else.
 * Prints the CPU time of one tick in nanoseconds, by schedstat of proc(5).
 * usage: empty_ticks SECONDS INTERVAL_NS
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static double cpu_ns(void)
{
	double ns = 0;
	FILE *file = fopen("/proc/self/schedstat", "r");

	if (file == NULL || fscanf(file, "%lf", &ns) != 1)
		exit(1);
	fclose(file);
	return ns;
}

int main(int argc, char **argv)
{
	double seconds = argc > 2 ? atof(argv[1]) : 0;
	long interval_ns = argc > 2 ? atol(argv[2]) : 0;
	uint64_t count, passed = 0, wakeups = 0;

	if (seconds <= 0 || interval_ns <= 0) {
		fprintf(stderr, "usage: empty_ticks SECONDS INTERVAL_NS\n");
		return 2;
	}
	struct timespec interval = { interval_ns / 1000000000, interval_ns % 1000000000 };
	struct itimerspec timer = { interval, interval };
	struct epoll_event event = { .events = EPOLLIN };
	int timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	int epoll_fd = epoll_create1(0);
	if (timer_fd < 0 || epoll_fd < 0 || timerfd_settime(timer_fd, 0, &timer, NULL) != 0 ||
	    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &event) != 0)
		return 1;
	double before_ns = cpu_ns();
	while ((double)passed * (double)interval_ns < seconds * 1e9) {
		if (epoll_wait(epoll_fd, &event, 1, -1) != 1 ||
		    read(timer_fd, &count, sizeof(count)) != sizeof(count))
			return 1;
		passed += count;
		wakeups++;
	}
	printf("%.2f\n", (cpu_ns() - before_ns) / (double)wakeups);
	return 0;
}
