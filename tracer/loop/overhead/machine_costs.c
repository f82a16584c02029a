/* What recording costs on this machine; see machine_costs.h. Loop layer. */
#include "tracer/loop/overhead/machine_costs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/arch/pad.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/tracee/stop_cost.h"

/* What a child tells. */
struct pad_costs {
	struct arch_pad_costs pads;
	double read_ns;
};

static int compare_times(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

/* What a program does between two readings, as far as the nearest caches are concerned. */
static unsigned use_memory(const volatile uint8_t *memory, size_t bytes)
{
	enum { LINE_BYTES = 64 };
	unsigned sum = 0;

	for (size_t i = 0; i < bytes; i += LINE_BYTES)
		sum += memory[i];
	return sum;
}

/* As a pad does it, now and then: the median, without what reading the clock takes. */
static double read_cost_ns(void)
{
	enum { READS = 64 };
	static uint8_t memory[64 * 1024];
	int64_t took_ns[READS], clock_ns[READS];
	char text[24];
	bool is_read = true;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	for (int i = 0; is_read && i < READS; i++) {
		memory[i] = (uint8_t)use_memory(memory, sizeof(memory));
		const int64_t start_ns = clock_now_ns();
		is_read = pread(fd, text, sizeof(text), 0) > 0;
		const int64_t end_ns = clock_now_ns();
		clock_ns[i] = clock_now_ns() - end_ns;
		took_ns[i] = end_ns - start_ns;
	}
	close(fd);
	if (!is_read)
		return 0;
	qsort(took_ns, READS, sizeof(took_ns[0]), compare_times);
	qsort(clock_ns, READS, sizeof(clock_ns[0]), compare_times);
	const int64_t cost_ns = took_ns[READS / 2] - clock_ns[READS / 2];
	return cost_ns > 0 ? (double)cost_ns : 0;
}

/* In a process of its own: it runs code that was made a moment ago. */
static void tell_pad_costs(int fd)
{
	const struct rlimit no_core = { 0, 0 };
	struct pad_costs costs = { .read_ns = read_cost_ns() };

	setrlimit(RLIMIT_CORE, &no_core);
	struct error *err = arch_pad_measure(&costs.pads);
	bool is_told = err == NULL && write(fd, &costs, sizeof(costs)) == sizeof(costs);
	_exit(is_told ? 0 : 1);
}

static bool measure_pads(struct pad_costs *ret)
{
	int told[2];

	if (pipe(told) < 0)
		return false;
	pid_t pid = fork();
	if (pid == 0)
		tell_pad_costs(told[1]);
	close(told[1]);
	bool is_told = pid > 0 && read(told[0], ret, sizeof(*ret)) == sizeof(*ret);
	close(told[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return is_told;
}

void machine_costs_measure(struct machine_costs *ret, bool has_pads)
{
	struct stop_cost stop;
	struct pad_costs pad = { 0 };

	*ret = (struct machine_costs){ 0 };
	struct error *err = stop_cost_measure(&stop);
	if (err == NULL) {
		ret->stop_ns = stop.wall_ns;
		ret->stop_cpu_ns = stop.cpu_ns;
	} else {
		log_warning("--max-overhead: what a stop costs is not known: %s",
			    error_message(err));
		error_free(err);
	}
	if (has_pads && !measure_pads(&pad))
		log_warning("--max-overhead: what jumps cost is not known, and does not count");
	ret->record_ns = pad.pads.record_ns;
	ret->sum_ns = pad.pads.sum_ns;
	ret->read_ns = pad.read_ns;
	log_debug(
		"a stop costs %.1f us here (%.1f us of CPU time), a jump's record %.0f ns, a call "
		"that is summed up %.0f ns, reading memory %.0f ns",
		(double)ret->stop_ns / 1e3, (double)ret->stop_cpu_ns / 1e3, ret->record_ns,
		ret->sum_ns, ret->read_ns);
}
