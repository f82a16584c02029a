/* Growth, charged to the stacks that caused it; see growth.h. Loop layer. */
#include "tracer/loop/growth/growth.h"

#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/growth/growth_private.h"
#include "tracer/loop/growth/growth_threads.h"
#include "tracer/loop/stacks/stacks.h"

/* Of a stack: deeper ones go on in memory as it is a moment later. */
enum { STACK_BYTES = 8192, RING_BYTES = 2 << 20, WAKEUP_BYTES = 256 << 10 };
/* A stack for so much, when faults come fast. */
static const uint64_t STEP_BYTES = 128 * 1024;
/* Of peaks alone: what most of it did is enough. */
static const uint64_t PEAK_STEP_BYTES = 2 << 20, PEAK_STEP_WITH_HUGE_BYTES = 256 * 1024;
/* In larger buffers: of a burst, which may be over when we get to run, not only the beginning must be there. */
enum { PEAK_RING_BYTES = 4 << 20, PEAK_RINGS_BYTES = 64 << 20 };

/* Of the time that passes, what stacks may cost while each fault's is taken. */
static const double SHARE = 0.02, SHARE_FOR_PEAKS = 0.005;

/* The file has one GROW for each stack in a window; so many windows of one length there are. */
static const int64_t WINDOW_NS = 1000000000;
enum { ROWS_OF_A_LENGTH = 20000 };

static uint64_t step_of(const struct stack_wishes *wishes)
{
	if (!wishes->by_growth)
		return page_huge_is_usual() ? PEAK_STEP_WITH_HUGE_BYTES : PEAK_STEP_BYTES;
	if (wishes->step_bytes > 0)
		return wishes->step_bytes;
	return STEP_BYTES;
}

/* Otherwise: of growth each fault's, of peaks, which need less, a sixteenth of the step. */
static uint64_t fine_faults_of(const struct stack_wishes *wishes, uint64_t coarse_faults)
{
	return wishes->by_growth || coarse_faults < 16 ? 1 : coarse_faults / 16;
}

static size_t ring_of(const struct stack_wishes *wishes)
{
	const long cpus = sysconf(_SC_NPROCESSORS_CONF);
	size_t bytes = PEAK_RING_BYTES;

	if (wishes->by_growth)
		return RING_BYTES;
	while (bytes > RING_BYTES / 4 && cpus > 0 && bytes * (size_t)cpus > PEAK_RINGS_BYTES)
		bytes /= 2;
	return bytes;
}

static struct error *growth_create(struct session *session, struct growth **ret)
{
	const struct stack_wishes *wishes = &session->options->stacks;
	const uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	const uint64_t step_bytes = step_of(wishes);
	const uint64_t coarse_faults = step_bytes > page_bytes ? step_bytes / page_bytes : 1;
	const struct fault_events_options options = {
		.stack_bytes = STACK_BYTES,
		.ring_bytes = ring_of(wishes),
		.wakeup_bytes = WAKEUP_BYTES,
		.coarse_faults = coarse_faults,
		.fine_faults = fine_faults_of(wishes, coarse_faults),
	};

	struct growth *growth = calloc(1, sizeof(*growth));
	if (growth == NULL)
		return error_no_memory();
	struct error *err = fault_events_init(&growth->events, &options);
	if (err == NULL) {
		growth->cpu_count = growth->events.cpu_count;
		growth->recents = calloc(growth->cpu_count, sizeof(*growth->recents));
		err = growth->recents == NULL ? error_no_memory() : NULL;
	}
	if (err != NULL) {
		fault_events_deinit(&growth->events);
		free(growth);
		return err;
	}
	growth_pages_init(&growth->pages);
	growth->window_ns = WINDOW_NS;
	growth->from_ns = clock_now_ns();
	growth_pace_init(&growth->pace, coarse_faults > 1,
			 wishes->by_growth ? SHARE : SHARE_FOR_PEAKS, growth->from_ns);
	*ret = growth;
	return NULL;
}

void growth_destroy(struct session *session)
{
	struct growth *growth = session->growth;

	session->growth = NULL;
	if (growth == NULL)
		return;
	fault_events_deinit(&growth->events);
	growth_stacks_deinit(&growth->stacks);
	growth_sums_deinit(&growth->raw);
	growth_sums_deinit(&growth->named);
	growth_pages_deinit(&growth->pages);
	addr_map_deinit(&growth->exec_times);
	free(growth->recents);
	free(growth);
}

/*
 * Without perf events what memory is read for other reasons has to do, if growth was asked for; peaks have nobody then who grew
 * them. Takes @why.
 */
static void growth_give_up(struct session *session, struct error *why)
{
	struct growth *growth = session->growth;

	if (session->options->stacks.by_growth) {
		log_warning("--stacks=growth: %s; growth is found when memory is read instead, at "
			    "samples "
			    "and calls, and charged to the calls of -f that are open then",
			    error_message(why));
		growth->is_read = true;
		fault_events_deinit(&growth->events);
	} else {
		log_warning(
			"--stacks=peak: %s; where a running thread gets memory is seen at probes "
			"only (-f)",
			error_message(why));
		growth_destroy(session);
	}
	error_free(why);
}

static bool growth_is_wanted(const struct session *session)
{
	return session->options->stacks.by_growth || session->options->stacks.at_peak;
}

struct error *growth_begin(struct session *session)
{
	if (!growth_is_wanted(session))
		return NULL;
	struct error *err = growth_create(session, &session->growth);
	if (err != NULL)
		return err;
	err = fault_events_add(&session->growth->events, session->main_pid, true);
	if (err != NULL)
		growth_give_up(session, err);
	return NULL;
}

struct error *growth_attach(struct session *session)
{
	if (!growth_is_wanted(session))
		return NULL;
	struct error *err = growth_create(session, &session->growth);
	if (err != NULL)
		return err;
	err = growth_threads_add(session, &session->growth->events);
	if (err != NULL)
		growth_give_up(session, err);
	return NULL;
}

int growth_fd(const struct growth *growth)
{
	return growth == NULL || growth->is_read ? -1 : growth->events.epoll_fd;
}

/* It goes on without. Takes @err, which may be NULL. */
static void growth_check(struct session *session, struct error *err)
{
	if (err == NULL)
		return;
	log_warning("growth is not recorded any more: %s", error_message(err));
	error_free(err);
	growth_destroy(session);
}

static struct error *growth_take_all(struct session *session, struct growth *growth)
{
	const int64_t began_ns = clock_now_ns();

	if (growth->is_taking || growth->is_read)
		return NULL;
	growth->is_taking = true;
	growth->taken = growth->lost = 0;
	struct error *err = growth_charge_all(session, growth);
	growth->is_taking = false;
	const int64_t now_ns = clock_now_ns();
	growth_pace_note(&growth->pace, growth->taken, growth->lost / growth_period(growth),
			 now_ns - began_ns, now_ns);
	fault_events_choose(&growth->events, growth->pace.is_coarse);
	return err;
}

void growth_take(struct session *session)
{
	if (session->growth != NULL)
		growth_check(session, growth_take_all(session, session->growth));
}

static struct error *growth_write(struct session *session, struct growth *growth)
{
	const int64_t now_ns = clock_now_ns();
	struct error *err = growth_name(session, growth);

	for (size_t i = 0; session->options->stacks.by_growth && i < growth->named.count; i++) {
		const struct growth_sum *sum = &growth->named.all[i];
		const struct recorder_growth record = {
			.frame = sum->stack,
			.pid = sum->pid,
			.bytes = growth_sum_bytes(sum, growth->pages.page_bytes),
			.faults = sum->faults,
			.from_ns = growth->from_ns,
			.to_ns = now_ns,
		};
		recorder_growth(session->recorder, &record);
		growth->total_bytes += record.bytes;
	}
	growth->rows += growth->named.count;
	growth_sums_clear(&growth->named);
	growth->from_ns = now_ns;
	/* A long recording has longer windows, so that the file does not grow with its length. */
	while (growth->rows >= ROWS_OF_A_LENGTH) {
		growth->rows -= ROWS_OF_A_LENGTH;
		growth->window_ns *= 2;
	}
	return err;
}

void growth_tick(struct session *session)
{
	struct growth *growth = session->growth;

	if (growth == NULL)
		return;
	struct error *err = growth_take_all(session, growth);
	if (err == NULL && session->options->stacks.by_growth &&
	    clock_now_ns() - growth->from_ns >= growth->window_ns)
		err = growth_write(session, growth);
	growth_check(session, err);
}

void growth_settle(struct session *session)
{
	struct growth *growth = session->growth;

	if (growth == NULL || growth->is_taking)
		return;
	struct error *err = growth_take_all(session, growth);
	if (err == NULL)
		err = growth_name(session, growth);
	growth_check(session, err);
}

void growth_leave(struct session *session, const struct process *process)
{
	growth_settle(session);
	if (session->growth != NULL)
		growth_stacks_forget(&session->growth->stacks, process->pid);
}

/* What no stack could be had for, in one line each. */
static void growth_tell(const struct growth *growth)
{
	const double mib = 1 << 20;

	if (growth->is_read)
		return;
	if (growth->lost_total > 0)
		log_info("growth: %.1f %% of the faults had no room in the kernel's buffer; they "
			 "are "
			 "charged to the stacks around them",
			 100 * (double)growth->lost_total /
				 (double)(growth->lost_total + growth->seen_total));
	if (growth->strange_faults > 0)
		log_info("growth: about %.1f MiB of processes that ended too soon to be known are "
			 "not charged",
			 (double)(growth->strange_faults * growth->pages.page_bytes) / mib);
	if (growth->events.excludes_kernel)
		log_debug("growth: memory that system calls touch first is not seen; the kernel "
			  "shows "
			  "that to root only");
	log_debug("growth: %.1f MiB charged; a stack of %s", (double)growth->total_bytes / mib,
		  growth->pace.is_coarse ? "each step" : "each fault");
}

void growth_end(struct session *session)
{
	struct growth *growth = session->growth;

	if (growth == NULL)
		return;
	struct error *err = growth_take_all(session, growth);
	err = error_first(err, growth_write(session, growth));
	if (err != NULL)
		log_warning("growth is not recorded to the end: %s", error_message(err));
	error_free(err);
	if (session->options->stacks.by_growth)
		growth_tell(growth);
	growth_destroy(session);
}
