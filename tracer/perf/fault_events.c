/* Page faults as perf events; see fault_events.h. Perf layer. */
#include "tracer/perf/fault_events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "tracer/arch/perf_registers.h"
#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/retry.h"

struct error *fault_events_init(struct fault_events *events,
				const struct fault_events_options *options)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	*events = (struct fault_events){ .options = *options, .epoll_fd = -1 };
	events->rings = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*events->rings));
	events->last_faults = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*events->last_faults));
	if (events->rings == NULL || events->last_faults == NULL) {
		free(events->last_faults);
		free(events->rings);
		events->rings = NULL;
		return error_no_memory();
	}
	events->cpu_count = cpus > 0 ? (size_t)cpus : 1;
	for (size_t i = 0; i < events->cpu_count; i++) {
		events->rings[i].fd = -1;
		events->last_faults[i] = 1;
	}
	events->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return events->epoll_fd >= 0 ? NULL : error_os(errno, "epoll");
}

static void event_close(struct fault_event *event)
{
	if (event->fine_fd >= 0)
		close(event->fine_fd);
	if (event->coarse_fd >= 0)
		close(event->coarse_fd);
}

void fault_events_deinit(struct fault_events *events)
{
	if (events->rings == NULL)
		return;
	for (size_t i = 0; i < events->cpu_count; i++)
		perf_ring_close(&events->rings[i]);
	for (size_t i = 0; i < events->event_count; i++)
		event_close(&events->events[i]);
	if (events->epoll_fd >= 0)
		close(events->epoll_fd);
	addr_map_deinit(&events->coarse_ids);
	free(events->events);
	free(events->last_faults);
	free(events->rings);
	*events = (struct fault_events){ .epoll_fd = -1 };
}

/* What the program at the other end of perf_event_open(2) gets to see; @period: 1 is each fault. */
static struct perf_event_attr describe_event(const struct fault_events *events, uint64_t period,
					     bool is_on, bool at_exec)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(struct perf_event_attr),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_period = period,
		.sample_type = perf_record_sample_type(),
		.sample_regs_user = arch_perf_register_mask(),
		.sample_stack_user = (uint32_t)events->options.stack_bytes,
		.disabled = !is_on || at_exec,
		.enable_on_exec = is_on && at_exec,
		.inherit = 1,
		.exclude_kernel = events->excludes_kernel,
		.exclude_hv = 1,
		.mmap = 1,
		.mmap2 = 1,
		.comm = 1,
		.comm_exec = 1,
		.task = 1,
		.sample_id_all = 1,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)events->options.wakeup_bytes,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

static int event_open(struct perf_event_attr *attributes, pid_t tid, size_t cpu)
{
	unsigned tries = 0;
	int fd;

	do
		fd = (int)syscall(SYS_perf_event_open, attributes, tid, (int)cpu, -1,
				  PERF_FLAG_FD_CLOEXEC);
	while (fd < 0 && retry_is_due(errno, &tries));
	return fd;
}

/* Whether the kernel has refused what an ordinary user may not see, and all else may be granted. */
static bool is_refused(int errnum)
{
	return errnum == EACCES || errnum == EPERM;
}

static uint64_t fine_faults(const struct fault_events *events)
{
	return events->options.fine_faults > 0 ? events->options.fine_faults : 1;
}

/* errno says why there is none. */
static bool event_open_both(struct fault_events *events, pid_t tid, size_t cpu, bool at_exec,
			    struct fault_event *ret)
{
	const uint64_t coarse_faults = events->options.coarse_faults;
	struct perf_event_attr fine =
		describe_event(events, fine_faults(events), !events->is_coarse, at_exec);
	struct perf_event_attr coarse =
		describe_event(events, coarse_faults, events->is_coarse, at_exec);

	*ret = (struct fault_event){ event_open(&fine, tid, cpu), -1 };
	if (ret->fine_fd >= 0 && coarse_faults > 1)
		ret->coarse_fd = event_open(&coarse, tid, cpu);
	if (ret->fine_fd >= 0 && (ret->coarse_fd >= 0 || coarse_faults <= 1))
		return true;
	int errnum = errno;
	event_close(ret);
	errno = errnum;
	return false;
}

/* Records of @fd go into the buffer of its CPU, which the first event there makes. */
static struct error *share_ring(struct fault_events *events, size_t cpu, int fd)
{
	const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	/* Edges: an event whose thread has ended is readable for ever (EPOLLHUP). */
	struct epoll_event entry = { .events = EPOLLIN | EPOLLET, .data.u64 = cpu };
	struct perf_ring *ring = &events->rings[cpu];

	if (fd < 0)
		return NULL;
	if (ring->mapped != NULL) {
		if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0)
			return error_os(errno, "share the buffer of perf events");
		return NULL;
	}
	struct error *err = perf_ring_open(ring, fd, events->options.ring_bytes, page_bytes);
	if (err == NULL && epoll_ctl(events->epoll_fd, EPOLL_CTL_ADD, fd, &entry) < 0)
		err = error_os(errno, "epoll");
	return err;
}

/* What there is to be done about it, as far as that is known. */
static struct error *tell_refusal(int errnum, pid_t tid)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level = 0;
	bool is_known = file != NULL && fscanf(file, "%d", &level) == 1;

	if (file != NULL)
		fclose(file);
	if (is_refused(errnum) && is_known && level > 2)
		return error_new(ERR_FAILED,
				 "the kernel allows perf events to root only "
				 "(/proc/sys/kernel/perf_event_paranoid is %d)",
				 level);
	if (is_refused(errnum))
		return error_os(errnum, "the kernel, or a container's rules, forbid perf events");
	if (errnum == ENOSYS)
		return error_new(ERR_FAILED, "this kernel has no perf events");
	return error_os(errnum, "perf event of thread %d", tid);
}

static void forget_from(struct fault_events *events, size_t first)
{
	for (size_t i = 0; i < events->cpu_count; i++) {
		struct perf_ring *ring = &events->rings[i];
		for (size_t k = first; ring->mapped != NULL && k < events->event_count; k++) {
			if (ring->fd == events->events[k].fine_fd)
				perf_ring_close(ring);
		}
	}
	while (events->event_count > first)
		event_close(&events->events[--events->event_count]);
}

/* What records call the event, that of threads that are made later, too. */
static struct error *note_id(struct fault_events *events, int coarse_fd)
{
	uint64_t id;

	if (coarse_fd < 0)
		return NULL;
	if (ioctl(coarse_fd, PERF_EVENT_IOC_ID, &id) < 0)
		return error_os(errno, "number of a perf event");
	return addr_map_put(&events->coarse_ids, id, events);
}

/* *@ret_errnum: why there is none, 0: there is one. */
static struct error *add_on_cpu(struct fault_events *events, pid_t tid, size_t cpu, bool at_exec,
				int *ret_errnum)
{
	struct fault_event event;
	struct error *err = array_reserve(&events->events, &events->event_capacity,
					  events->event_count + 1, sizeof(*events->events));

	if (err != NULL)
		return err;
	*ret_errnum = 0;
	bool is_open = event_open_both(events, tid, cpu, at_exec, &event);
	if (!is_open && is_refused(errno) && !events->excludes_kernel) {
		events->excludes_kernel = true;
		is_open = event_open_both(events, tid, cpu, at_exec, &event);
	}
	if (!is_open) {
		*ret_errnum = errno;
		return NULL;
	}
	events->events[events->event_count++] = event;
	err = note_id(events, event.coarse_fd);
	if (err == NULL)
		err = share_ring(events, cpu, event.fine_fd);
	return err != NULL ? err : share_ring(events, cpu, event.coarse_fd);
}

struct error *fault_events_add(struct fault_events *events, pid_t tid, bool at_exec)
{
	const size_t first = events->event_count;
	struct error *err = NULL;
	int errnum = 0;

	for (size_t cpu = 0; err == NULL && cpu < events->cpu_count; cpu++) {
		err = add_on_cpu(events, tid, cpu, at_exec, &errnum);
		if (err == NULL && errnum != 0 && errnum != ENODEV) /* a CPU that is offline */
			err = tell_refusal(errnum, tid);
	}
	if (err == NULL && events->event_count == first)
		err = tell_refusal(ENODEV, tid);
	if (err != NULL)
		forget_from(events, first);
	return err;
}

void fault_events_choose(struct fault_events *events, bool is_coarse)
{
	if (is_coarse == events->is_coarse || events->options.coarse_faults <= 1)
		return;
	events->is_coarse = is_coarse;
	/* Both at once for a moment: what maps code meanwhile is told twice, and not missed. */
	for (size_t i = 0; i < events->event_count; i++) {
		const struct fault_event *event = &events->events[i];
		ioctl(is_coarse ? event->coarse_fd : event->fine_fd, PERF_EVENT_IOC_ENABLE, 0);
		ioctl(is_coarse ? event->fine_fd : event->coarse_fd, PERF_EVENT_IOC_DISABLE, 0);
	}
}

/* The buffer whose next record is the oldest, written before @until_ns; NULL: there is none. */
static struct perf_ring *oldest_ring(struct fault_events *events, int64_t until_ns)
{
	struct perf_ring *oldest = NULL;
	int64_t oldest_ns = until_ns;

	for (size_t i = 0; i < events->cpu_count; i++) {
		const struct perf_event_header *next = perf_ring_next(&events->rings[i]);
		int64_t time_ns = next == NULL ? until_ns : perf_record_time(next);
		if (time_ns < oldest_ns) {
			oldest = &events->rings[i];
			oldest_ns = time_ns;
		}
	}
	return oldest;
}

/* In the order of buffers, and without taking it. */
static void foresee_all(struct fault_events *events, const struct fault_events_visitor *visitor,
			int64_t until_ns)
{
	for (size_t i = 0; i < events->cpu_count; i++) {
		struct perf_ring ahead = events->rings[i];
		const struct perf_event_header *header;
		/* What the end of the buffer cuts is put together in the same place for both. */
		ahead.next = NULL;
		while ((header = perf_ring_next(&ahead)) != NULL &&
		       perf_record_time(header) < until_ns) {
			struct perf_record record = { .kind = PERF_OTHER };
			if (!perf_record_is_fault(header))
				perf_record_read(header, &record);
			if (record.kind != PERF_OTHER)
				visitor->foresee(visitor->context, &record);
			perf_ring_pass(&ahead);
		}
		events->rings[i].wrapped = ahead.wrapped;
		events->rings[i].next = NULL;
	}
}

static struct error *visit_one(struct fault_events *events,
			       const struct fault_events_visitor *visitor, struct perf_ring *ring)
{
	const size_t index = (size_t)(ring - events->rings);
	struct perf_record record;

	perf_record_read(perf_ring_next(ring), &record);
	bool is_coarse = addr_map_get(&events->coarse_ids, record.event) != NULL;
	if (record.kind == PERF_FAULT) {
		record.fault.faults =
			is_coarse ? events->options.coarse_faults : fine_faults(events);
		events->last_faults[index] = record.fault.faults;
	}
	/* It says whose record had room again, and not whose had none: those of the kind before, mostly. */
	if (record.kind == PERF_LOST)
		record.lost *= events->last_faults[index];
	return record.kind == PERF_OTHER ? NULL : visitor->visit(visitor->context, &record, index);
}

struct error *fault_events_take(struct fault_events *events,
				const struct fault_events_visitor *visitor)
{
	enum { GIVEN_BACK_AFTER = 16 };
	/* What is written meanwhile may come after what another CPU has not written yet. */
	const int64_t until_ns = clock_now_ns();
	struct epoll_event entry;
	struct perf_ring *ring;
	struct error *err = NULL;

	while (epoll_wait(events->epoll_fd, &entry, 1, 0) > 0)
		;
	for (size_t i = 0; i < events->cpu_count; i++)
		perf_ring_look(&events->rings[i]);
	if (visitor->foresee != NULL)
		foresee_all(events, visitor, until_ns);
	for (unsigned taken = 1; err == NULL && (ring = oldest_ring(events, until_ns)) != NULL;
	     taken++) {
		err = visit_one(events, visitor, ring);
		perf_ring_pass(ring);
		if (taken % GIVEN_BACK_AFTER == 0)
			perf_ring_give_back(ring);
	}
	for (size_t i = 0; i < events->cpu_count; i++)
		perf_ring_give_back(&events->rings[i]);
	return err;
}
