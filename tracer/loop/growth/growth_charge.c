/* Each page fault is charged to its stack; see growth.h. Loop layer. */
#include "tracer/loop/growth/growth_private.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/tracee/target.h"

struct charging {
	struct session *session;
	struct growth *growth;
};

/* A fault in memory that an exec has replaced since: its stack leads through code that is not there any more. */
static bool is_of_former_program(const struct growth *growth, const struct perf_record *record)
{
	int64_t exec_ns = (intptr_t)addr_map_get(&growth->exec_times, (uint64_t)record->pid);

	return exec_ns != 0 && record->time_ns < exec_ns;
}

/*
 * Between fork and exec a child runs the code of the process that has made it, where it can be looked up still; NULL:
 * that has another program by now, too, or is gone.
 */
static struct process *maker_of(const struct charging *charging, const struct process *process,
				int64_t time_ns)
{
	const struct growth *growth = charging->growth;
	struct process *maker = target_process(&charging->session->target, process->parent_pid);
	int64_t exec_ns =
		maker == NULL ? 0
			      : (intptr_t)addr_map_get(&growth->exec_times, (uint64_t)maker->pid);

	return exec_ns > time_ns ? NULL : maker;
}

/* By what @process has in memory now. */
static struct error *find_stack(const struct charging *charging, struct process *process,
				const struct perf_fault *fault, uint32_t *ret)
{
	struct growth *growth = charging->growth;
	struct unwind_registers registers = { .known = UNWIND_REGISTERS_ALL };
	struct raw_stack raw;

	*ret = growth_stacks_recall(&growth->stacks, process->pid, fault);
	if (*ret != 0)
		return NULL;
	if (growth_stacks_is_full(&growth->stacks)) { /* they are cleared with that */
		struct error *err = growth_name(charging->session, growth);
		if (err != NULL)
			return err;
	}
	for (size_t i = 0; i < UNWIND_REGISTERS; i++)
		registers.values[i] = fault->registers[i];
	const struct stack_copy copy = { taddr(fault->registers[UNWIND_SP]), fault->stack,
					 fault->stack_bytes };
	struct error *err = stacks_unwind(charging->session, process, &registers, &copy, &raw);
	if (err == NULL)
		err = growth_stacks_keep(&growth->stacks, process->pid, fault, &raw, ret);
	return error_ignore(err, ERR_GONE);
}

/* What was lost is as what was not, around it. */
static void charge_lost(const struct target *target, struct growth *growth,
			struct growth_recents *recents)
{
	size_t count = recents->count < GROWTH_RECENTS ? recents->count : GROWTH_RECENTS;

	if (recents->lost == 0 || count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		struct growth_sum *sum = &growth->raw.all[recents->sums[i]];
		struct process *process = target_process(target, sum->pid);
		uint64_t before_bytes = growth_sum_bytes(sum, growth->pages.page_bytes);
		growth_sum_add_unknown(sum, recents->lost / count + (i < recents->lost % count));
		if (process != NULL)
			growth_pages_note_lost(
				process, (double)growth_sum_bytes(sum, growth->pages.page_bytes) -
						 (double)before_bytes);
	}
	recents->lost = 0;
}

static struct error *charge_fault(const struct charging *charging, const struct perf_record *record,
				  size_t ring)
{
	struct growth *growth = charging->growth;
	struct growth_recents *recents = &growth->recents[ring];
	struct process *process = target_process(&charging->session->target, record->pid);
	struct error *err = NULL;
	uint32_t stack = 0;
	size_t index;

	growth->taken++;
	growth->seen_total += record->fault.faults;
	if (process == NULL || process->is_unfollowed) {
		growth->strange_faults += process == NULL ? record->fault.faults : 0;
		return NULL;
	}
	bool is_former = is_of_former_program(growth, record);
	struct process *shown = is_former ? maker_of(charging, process, record->time_ns) : process;
	if (shown != NULL && record->fault.has_registers)
		err = find_stack(charging, shown, &record->fault, &stack);
	if (err == NULL)
		err = growth_sums_find(&growth->raw, record->pid, stack, &index);
	if (err != NULL)
		return err;
	growth->raw.all[index].tid = record->tid;
	if (is_former)
		growth_sum_add_unknown(&growth->raw.all[index], record->fault.faults);
	else
		err = growth_pages_charge(charging->session, &growth->pages, &growth->raw, index,
					  process, &record->fault);
	if (err != NULL)
		return err;
	recents->sums[recents->count++ % GROWTH_RECENTS] = index;
	if (recents->count % GROWTH_RECENTS == 0)
		charge_lost(&charging->session->target, growth, recents);
	return NULL;
}

/* What was unwound has to be named by the files that it was unwound in. */
static struct error *follow_exec(const struct charging *charging, pid_t pid)
{
	struct process *process = target_process(&charging->session->target, pid);

	if (process == NULL)
		return NULL;
	growth_pages_begin(process);
	struct error *err = growth_name(charging->session, charging->growth);
	growth_stacks_forget(&charging->growth->stacks, pid);
	stacks_forget(charging->session, process);
	return err;
}

static struct error *charge_record(void *context, const struct perf_record *record, size_t ring)
{
	const struct charging *charging = context;
	struct growth *growth = charging->growth;

	switch (record->kind) {
	case PERF_FAULT:
		return charge_fault(charging, record, ring);
	case PERF_LOST:
		growth->lost += record->lost;
		growth->lost_total += record->lost;
		growth->recents[ring].lost += record->lost;
		return NULL;
	case PERF_FORK:
		growth_pages_fork(&growth->pages,
				  target_process(&charging->session->target, record->parent_pid),
				  target_process(&charging->session->target, record->pid));
		return NULL;
	case PERF_EXEC:
		return follow_exec(charging, record->pid);
	default:
		return NULL;
	}
}

static void foresee_record(void *context, const struct perf_record *record)
{
	const struct charging *charging = context;
	struct growth *growth = charging->growth;

	/* One look finds all new children; those that are traced are announced before they run. */
	if (record->kind == PERF_FORK && !growth->meets_strangers &&
	    target_process(&charging->session->target, record->pid) == NULL) {
		growth->meets_strangers = true;
		charging->session->find_children(charging->session);
	}
	/* Of several execs the last one; without memory for it the stack is wrong, as it may be anyway. */
	if (record->kind == PERF_EXEC)
		error_free(addr_map_put(&growth->exec_times, (uint64_t)record->pid,
					(void *)(intptr_t)record->time_ns)); /* NOLINT */
}

struct error *growth_charge_all(struct session *session, struct growth *growth)
{
	struct charging charging = { session, growth };
	const struct fault_events_visitor visitor = { foresee_record, charge_record, &charging };

	struct error *err = fault_events_take(&growth->events, &visitor);
	growth->meets_strangers = false;
	for (size_t i = 0; i < growth->events.cpu_count; i++)
		charge_lost(&session->target, growth, &growth->recents[i]);
	growth_pages_settle(&growth->pages, &growth->raw, &session->target);
	if (growth->exec_times.count > 0) {
		addr_map_deinit(&growth->exec_times);
		growth->exec_times = (struct addr_map){ 0 };
	}
	return err;
}
