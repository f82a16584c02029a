/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples the memory of processes; see sampler.h. Sample layer. */
#include "tracer/sample/sampler.h"

#include <stdlib.h>

#include "tracer/proc/children.h"
#include "tracer/proc/thread_look.h"

void sampler_init(struct sampler *sampler, enum metric metric)
{
	*sampler = (struct sampler){ .metric = metric };
}

void sampler_start(struct sampler *sampler, int64_t now_ns, int64_t interval_ns)
{
	sampler->grid = (struct tick_grid){ .start_ns = now_ns, .interval_ns = interval_ns };
}

void sampler_deinit(struct sampler *sampler)
{
	addr_map_deinit(&sampler->processes);
}

struct error *sampler_open(struct sampler *sampler, struct sampled_process *process, pid_t tid)
{
	struct memory_meter *meter;

	struct error *err = memory_meter_open(tid, sampler->metric, &meter);
	if (err != NULL)
		return err;
	err = addr_map_put(&sampler->processes, (uint64_t)process->pid, process);
	if (err != NULL) {
		memory_meter_close(meter);
		return err;
	}
	memory_meter_close(process->meter);
	process->meter = meter;
	return NULL;
}

void sampler_close(struct sampler *sampler, struct sampled_process *process)
{
	if (process->meter == NULL)
		return;
	addr_map_remove(&sampler->processes, (uint64_t)process->pid);
	memory_meter_close(process->meter);
	process->meter = NULL;
}

pid_t sampled_process_tid(const struct sampled_process *process)
{
	return process->meter == NULL ? process->pid : memory_meter_pid(process->meter);
}

/*
 * The kernel takes a microsecond or two for each. False: not this time; the last reading stands.
 */
static bool sampler_is_due(const struct sampler *sampler, const struct sampled_process *process)
{
	enum { MANY_PROCESSES = 200, SAME_READINGS = 8, TURNS = 8 };

	return process->is_always_due || process->same_readings < SAME_READINGS ||
	       sampler->processes.count < MANY_PROCESSES ||
	       ((unsigned)process->pid + sampler->grid.taken) % TURNS == 0;
}

static bool sampled_process_read(const struct sampler_hooks *hooks, struct sampled_process *process,
				 uint64_t *ret_bytes)
{
	if (hooks->read != NULL)
		return hooks->read(hooks->context, process, ret_bytes);
	struct error *err = memory_meter_read(process->meter, ret_bytes);
	bool is_read = err == NULL;
	error_free(err);
	return is_read;
}

uint64_t sampler_take(struct sampler *sampler, const struct sampler_hooks *hooks, bool *ret_is_any)
{
	size_t cursor = 0;
	struct sampled_process *process;
	uint64_t sum_bytes = 0;

	*ret_is_any = false;
	while ((process = addr_map_next(&sampler->processes, &cursor)) != NULL) {
		uint64_t bytes;
		/* The figure of a cgroup is one, however many are in it. */
		if (metric_traits(sampler->metric)->is_cgroup && *ret_is_any)
			break;
		if (!sampler_is_due(sampler, process)) {
			sum_bytes += process->last_bytes;
			continue;
		}
		if (!sampled_process_read(hooks, process, &bytes))
			continue;
		process->same_readings =
			bytes == process->last_bytes ? process->same_readings + 1 : 0;
		process->last_bytes = bytes;
		sum_bytes += bytes;
		*ret_is_any = true;
		if (hooks->record != NULL)
			hooks->record(hooks->context, process, bytes);
	}
	return sum_bytes;
}

bool sampler_is_gone(struct sampler *sampler, struct sampled_process *process)
{
	uint64_t bytes;

	if (process->meter == NULL)
		return true;
	struct error *err = memory_meter_read(process->meter, &bytes);
	bool is_gone = err != NULL && error_code(err) == ERR_GONE;
	error_free(err);
	pid_t tid = sampled_process_tid(process);
	pid_t living = is_gone ? thread_find_living(process->pid) : tid;
	if (living == tid)
		return is_gone;
	err = sampler_open(sampler, process, living);
	is_gone = err != NULL;
	error_free(err);
	return is_gone;
}

void sampler_find_children(const struct sampler *sampler, pid_t pid, void *context,
			   void (*found)(void *context, pid_t child, pid_t parent))
{
	pid_t *children;
	size_t count;

	struct error *err = children_read(pid, 0, &children, &count);
	if (err != NULL) { /* looked for again at the next tick */
		error_free(err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (addr_map_get(&sampler->processes, (uint64_t)children[i]) == NULL)
			found(context, children[i], pid);
	}
	free(children);
}
