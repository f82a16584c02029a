/* Stacks at calls; see entry_stacks.h. Loop layer. */
#include "tracer/loop/stacks/entry_stacks.h"

#include <stdlib.h>

#include "tracer/arch/arch.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/probe/patch/pad_area.h"
#include "tracer/tracee/ptrace_ops.h"

enum {
	FIRST_CALLS = 16,  /* of a function, whose stacks are always taken */
	CALLERS_MAX = 256, /* of all jumps of one process, to be forgotten */
	COST_FACTOR = 100, /* a stack takes a hundredth of the time until the next */
	AGE_FACTOR = 2000,
};

static const int64_t PAUSE_NS = 10000000;	  /* between two of one function, at least */
static const int64_t FORGET_PAUSE_NS = 100000000; /* of callers */

/* Of one probe. */
struct entry_pace {
	uint64_t taken;
	int64_t first_ns, next_ns;
};

/* A caller that has been met at a jump. */
struct met_caller {
	pid_t pid;
	taddr_t return_address;
};

struct entry_stacks {
	struct addr_map pace_of_probe; /* address of the probe -> struct entry_pace, owned */
	int64_t next_ns;	       /* of all */
	struct met_caller callers[CALLERS_MAX];
	size_t caller_count;
	int64_t forget_next_ns;
};

void entry_stacks_destroy(struct entry_stacks *entries)
{
	size_t cursor = 0;
	void *pace;

	if (entries == NULL)
		return;
	while ((pace = addr_map_next(&entries->pace_of_probe, &cursor)) != NULL)
		free(pace);
	addr_map_deinit(&entries->pace_of_probe);
	free(entries);
}

static struct error *entries_pace(struct session *session, const struct probe *probe,
				  struct entry_pace **ret)
{
	if (session->entry_stacks == NULL)
		session->entry_stacks = calloc(1, sizeof(*session->entry_stacks));
	if (session->entry_stacks == NULL)
		return error_no_memory();
	struct addr_map *paces = &session->entry_stacks->pace_of_probe;
	*ret = addr_map_get(paces, (uintptr_t)probe);
	if (*ret != NULL)
		return NULL;
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	struct error *err = addr_map_put(paces, (uintptr_t)probe, *ret);
	if (err != NULL)
		free(*ret);
	return err;
}

static bool is_due(const struct entry_stacks *entries, struct entry_pace *pace, int64_t now_ns)
{
	if (pace->taken == 0)
		pace->first_ns = now_ns;
	return pace->taken < FIRST_CALLS || (now_ns >= pace->next_ns && now_ns >= entries->next_ns);
}

static void note_taken(struct entry_stacks *entries, struct entry_pace *pace, int64_t begun_ns)
{
	const int64_t now_ns = clock_now_ns();

	pace->taken++;
	pace->next_ns = now_ns + PAUSE_NS + (now_ns - pace->first_ns) / AGE_FACTOR;
	entries->next_ns = now_ns + COST_FACTOR * (now_ns - begun_ns);
}

/* The thread may stand in the trap of a pad: it is as if it stood at the function's beginning. */
static struct error *take_stack(struct session *session, struct tracee *tracee,
				const struct site *site, taddr_t sp, uint32_t *ret)
{
	struct unwind_registers registers = { .known = UNWIND_REGISTERS_ALL };
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	arch_set_pc(&regs, site->address);
	arch_dwarf_registers(&regs, registers.values);
	registers.values[UNWIND_SP] = sp.value;
	return stacks_take(session, tracee->process, tracee->tid, &registers, ret);
}

static void note_caller(struct entry_stacks *entries, pid_t pid, taddr_t return_address)
{
	if (entries->caller_count == CALLERS_MAX)
		return;
	for (size_t i = 0; i < entries->caller_count; i++) {
		if (entries->callers[i].pid == pid &&
		    taddr_equal(entries->callers[i].return_address, return_address))
			return;
	}
	entries->callers[entries->caller_count++] = (struct met_caller){ pid, return_address };
}

void entry_stacks_take(struct session *session, struct tracee *tracee, const struct site *site,
		       taddr_t sp, taddr_t return_address, uint32_t *ret)
{
	struct entry_pace *pace;

	*ret = 0;
	if (!session->options->stacks.at_entries)
		return;
	const int64_t begun_ns = clock_now_ns();
	struct error *err = entries_pace(session, site->probe, &pace);
	if (err == NULL) {
		if (site->patch.pad != NULL)
			note_caller(session->entry_stacks, tracee->process->pid, return_address);
		if (!is_due(session->entry_stacks, pace, begun_ns))
			return;
		err = take_stack(session, tracee, site, sp, ret);
	}
	if (err == NULL)
		note_taken(session->entry_stacks, pace, begun_ns);
	else
		log_debug("the stack of a call of %s is not recorded: %s", site->probe->name,
			  error_message(err));
	error_free(err);
}

void entry_stacks_write(struct session *session, const struct tracee *tracee,
			const struct site *site, uint32_t node, int64_t time_ns, uint64_t bytes)
{
	const struct recorder_stack record = {
		.frame = node,
		.bytes = bytes,
		.time_ns = time_ns,
		.pid = tracee->process->pid,
		.tid = tracee->tid,
		.why = STACK_AT_ENTRY,
		.state = STACK_STOPPED,
		.detail = site->probe->name,
	};

	recorder_stack(session->recorder, &record);
}

static void forget_caller(struct session *session, const struct met_caller *caller)
{
	const struct process *process = target_process(&session->target, caller->pid);
	struct image *image =
		process == NULL || process->space == NULL ? NULL : process->space->image;

	if (image != NULL && !image->is_given_up && image->pads.data.value != 0)
		error_free(pad_area_remove_return(&image->pads, &image->injected,
						  caller->return_address));
}

void entry_stacks_tick(struct session *session)
{
	struct entry_stacks *entries = session->entry_stacks;
	const int64_t now_ns = clock_now_ns();

	if (entries == NULL || entries->caller_count == 0 || now_ns < entries->forget_next_ns ||
	    now_ns < entries->next_ns)
		return;
	for (size_t i = 0; i < entries->caller_count; i++)
		forget_caller(session, &entries->callers[i]);
	entries->caller_count = 0;
	entries->forget_next_ns = now_ns + FORGET_PAUSE_NS;
}
