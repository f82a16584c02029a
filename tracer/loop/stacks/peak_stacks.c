/* Stacks at high-water marks; see peak_stacks.h. Loop layer. */
#include "tracer/loop/stacks/peak_stacks.h"

#include <dirent.h>
#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/proc/proc_file.h"

enum {
	THREADS_MAX = 1024, /* of one process at one mark */
	STEP_BYTES_MIN = 64 * 1024,
	GROWERS_MAX = 512, /* that are remembered between two marks of a process, … */
	GROWERS_TOLD = 4,  /* … and recorded at the second */
};

/* All stacks of one mark take no longer; the threads that are left are not looked at. */
static const int64_t LOOK_NS = 20000000;

static bool is_new_mark(const struct session *session, const struct process *process,
			uint64_t bytes)
{
	const struct stack_wishes *wishes = &session->options->stacks;
	const uint64_t mark = process->state->stacks.mark_bytes;
	uint64_t step = wishes->step_bytes;

	if (step == 0) {
		step = (uint64_t)((double)mark * wishes->step_share);
		if (step < STEP_BYTES_MIN)
			step = STEP_BYTES_MIN;
	}
	return bytes > 0 && bytes >= mark + step;
}

/* The stacks of one process at one mark. */
struct mark {
	struct session *session;
	struct process *process;
	struct recorder_stack record; /* what all of them have */
	struct raw_stack *raw;	      /* one for each thread that has one */
	struct thread_mark {
		pid_t tid;
		enum stack_state state;
		const char *detail;
		bool has_stack;
	} * threads;
	size_t count, capacity, raw_count, raw_capacity;
	int64_t end_ns;
	const struct stack_listing *listing; /* NULL: none */
};

static void mark_list(const struct mark *mark, const struct thread_mark *thread, uint32_t node)
{
	static const char *const states[] = {
		[STACK_STOPPED] = "",
		[STACK_ASLEEP] = ", asleep in ",
		[STACK_RAN] = ", running",
	};
	const struct stack_listing *listing = mark->listing;
	char name[PROCESS_NAME_BYTES];

	if (listing == NULL || (listing->tid != 0 && listing->tid != thread->tid))
		return;
	process_name_read(thread->tid, name);
	fprintf(listing->out, "thread %d (%s%s%s)\n", thread->tid, name, states[thread->state],
		thread->detail == NULL ? "" : thread->detail);
	stacks_print(mark->session, node, listing->out);
}

static struct error *mark_add_thread(struct mark *mark, pid_t tid, struct tracee *tracee)
{
	struct thread_mark thread = { tid, STACK_RAN, NULL, false };
	struct thread_look look;

	struct error *err = array_reserve(&mark->threads, &mark->capacity, mark->count + 1,
					  sizeof(*mark->threads));
	if (err == NULL)
		err = array_reserve(&mark->raw, &mark->raw_capacity, mark->raw_count + 1,
				    sizeof(*mark->raw));
	if (err != NULL)
		return err;
	struct raw_stack *raw = &mark->raw[mark->raw_count];
	raw->count = 0;
	if (tracee != NULL && tracee->is_stopped) {
		err = stacks_unwind_stopped(mark->session, tracee, raw);
		thread.state = STACK_STOPPED;
	} else {
		err = stacks_unwind_asleep(mark->session, mark->process, tid, &look, raw);
		if (err == NULL && look.activity == THREAD_ASLEEP) {
			thread.state = STACK_ASLEEP;
			thread.detail = stacks_sleep_word(&look);
		}
	}
	if (err != NULL) /* it has ended, most likely */
		return error_ignore(err, ERR_GONE);
	thread.has_stack = raw->count > 0;
	mark->raw_count += thread.has_stack;
	mark->threads[mark->count++] = thread;
	return NULL;
}

static struct error *mark_add_threads(struct mark *mark)
{
	const struct dirent *entry;
	struct error *err = NULL;
	DIR *threads;

	err = proc_open_directory(&threads, "/proc/%d/task", mark->process->pid);
	if (err != NULL)
		return error_ignore(err, ERR_GONE);
	while (err == NULL && mark->count < THREADS_MAX && (entry = readdir(threads)) != NULL) {
		pid_t tid = atoi(entry->d_name);
		if (tid <= 0)
			continue;
		err = mark_add_thread(mark, tid, target_tracee(&mark->session->target, tid));
		if (clock_now_ns() > mark->end_ns)
			break;
	}
	closedir(threads);
	return err;
}

static void mark_write(struct mark *mark, const uint32_t *nodes)
{
	size_t next = 0;

	for (size_t i = 0; i < mark->count; i++) {
		const struct thread_mark *thread = &mark->threads[i];
		struct recorder_stack record = mark->record;
		record.frame = thread->has_stack ? nodes[next++] : 0;
		record.tid = thread->tid;
		record.state = thread->state;
		record.detail = thread->detail;
		recorder_stack(mark->session->recorder, &record);
		mark_list(mark, thread, record.frame);
	}
}

static struct error *mark_take_threads(struct mark *mark)
{
	struct error *err = mark_add_threads(mark);
	uint32_t *nodes = calloc(mark->raw_count + 1, sizeof(*nodes));

	if (err == NULL && nodes == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = stacks_name(mark->session, mark->process, mark->raw, mark->raw_count, nodes);
	if (err == NULL)
		mark_write(mark, nodes);
	free(nodes);
	free(mark->raw);
	free(mark->threads);
	return err;
}

static int grower_compare(const void *left, const void *right)
{
	const struct stack_grower *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

/* What has grown most comes first. */
static void mark_take_growers(const struct mark *mark)
{
	struct process_stacks_state *state = &mark->process->state->stacks;

	if (state->grower_count > 0)
		qsort(state->growers, state->grower_count, sizeof(*state->growers), grower_compare);
	for (size_t i = 0; i < state->grower_count && i < GROWERS_TOLD; i++) {
		struct recorder_stack record = mark->record;
		record.frame = state->growers[i].node;
		record.tid = state->growers[i].tid;
		record.state = STACK_GREW;
		record.grown_bytes = state->growers[i].bytes;
		recorder_stack(mark->session->recorder, &record);
	}
	state->grower_count = 0;
}

static void mark_take_all(struct mark *mark)
{
	struct error *err = mark_take_threads(mark);

	if (err != NULL)
		log_debug("the stacks of process %d are not all recorded: %s", mark->process->pid,
			  error_message(err));
	error_free(err);
}

static struct mark mark_now(struct session *session, struct process *process, uint64_t bytes,
			    enum stack_why why)
{
	const int64_t now_ns = clock_now_ns();

	return (struct mark){
		.session = session,
		.process = process,
		.record = {
			.bytes = bytes,
			.time_ns = now_ns,
			.pid = process->pid,
			.why = why,
		},
		.end_ns = now_ns + LOOK_NS,
	};
}

static void mark_take(struct session *session, struct process *process, uint64_t bytes,
		      bool has_threads)
{
	struct mark mark = mark_now(session, process, bytes, STACK_AT_PEAK);

	process->state->stacks.mark_bytes = bytes;
	mark_take_growers(&mark);
	if (has_threads)
		mark_take_all(&mark);
}

/*
 * The kernel's mark knows what comes and goes between two samples. It is read as often as takes a hundredth of the time.
 */
static uint64_t highest_bytes(struct session *session, struct process *process)
{
	enum { COST_FACTOR = 100 };
	struct process_stacks_state *state = &process->state->stacks;
	const int64_t now_ns = clock_now_ns();

	if (now_ns < state->look_next_ns)
		return process_memory_held(process);
	const uint64_t bytes = process_memory_peak(session, process);
	const int64_t end_ns = clock_now_ns();
	state->look_next_ns = end_ns + COST_FACTOR * (end_ns - now_ns);
	return bytes;
}

static bool is_watched(const struct session *session, const struct process *process)
{
	return session->options->stacks.at_peak && session->is_started && !process->shares_memory &&
	       !process->is_launching && !process->is_unfollowed;
}

bool peak_stacks_look(struct session *session)
{
	struct process *process;
	size_t cursor = 0;
	bool is_any = false;

	if (!session->options->stacks.at_peak)
		return false;
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (!is_watched(session, process))
			continue;
		const uint64_t bytes = highest_bytes(session, process);
		if (!is_new_mark(session, process, bytes))
			continue;
		process->state->stacks.due_bytes = bytes;
		is_any = true;
	}
	return is_any;
}

static void take_due(struct session *session, struct process *process)
{
	const uint64_t bytes = process->state->stacks.due_bytes;

	process->state->stacks.due_bytes = 0;
	if (bytes > 0)
		mark_take(session, process, bytes, true);
}

void peak_stacks_tick(struct session *session)
{
	struct process *process;
	size_t cursor = 0;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		take_due(session, process);
}

bool peak_stacks_look_stopped(const struct session *session, struct process *process)
{
	const uint64_t bytes = process_memory_held(process);

	if (!is_watched(session, process) || !is_new_mark(session, process, bytes))
		return false;
	process->state->stacks.due_bytes = bytes;
	return true;
}

void peak_stacks_stop(struct session *session, struct process *process)
{
	take_due(session, process);
}

void peak_stacks_end(struct session *session, struct process *process, uint64_t peak_bytes)
{
	const bool has_growers = process->state->stacks.grower_count > 0;

	if (is_watched(session, process) && has_growers &&
	    is_new_mark(session, process, peak_bytes))
		mark_take(session, process, peak_bytes, false);
}

void peak_stacks_forget(struct process *process)
{
	free(process->state->stacks.growers);
	process->state->stacks = (struct process_stacks_state){ 0 };
}

/* When there are too many, those with less than half of the others are given up: what grew most stays. */
static void make_room(struct process_stacks_state *state)
{
	if (state->grower_count < GROWERS_MAX)
		return;
	qsort(state->growers, state->grower_count, sizeof(*state->growers), grower_compare);
	state->grower_count = GROWERS_MAX / 2;
}

void peak_stacks_at_break(struct session *session, struct process *process, uint64_t bytes,
			  const struct stack_listing *listing)
{
	struct mark mark = mark_now(session, process, bytes, STACK_AT_BREAK);

	mark.listing = listing;
	mark_take_all(&mark);
}

void peak_stacks_grew(struct session *session, struct process *process, pid_t tid, uint32_t node,
		      uint64_t bytes)
{
	struct process_stacks_state *state = &process->state->stacks;

	if (!session->options->stacks.at_peak || bytes == 0)
		return;
	for (size_t i = 0; i < state->grower_count; i++) {
		if (state->growers[i].node != node)
			continue;
		state->growers[i].bytes += bytes;
		state->growers[i].tid = tid;
		return;
	}
	make_room(state);
	struct error *err = array_reserve(&state->growers, &state->grower_capacity,
					  state->grower_count + 1, sizeof(*state->growers));
	if (err == NULL)
		state->growers[state->grower_count++] = (struct stack_grower){ node, tid, bytes };
	error_free(err); /* what has no room is missing */
}
