/* What is recorded beside memory; see companions.h. Loop layer. */
#include "tracer/loop/memory/companions.h"

#include "tracer/base/clock.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/proc/groups/cgroup.h"
#include "tracer/proc/process_load.h"

static const double BYTES_PER_MIB = 1048576;

static void take(struct session *session, struct process *process, int64_t time_ns,
		 enum companion companion, double value)
{
	struct process_companions *state = &process->state->memory.companions;

	if (session->options->companions & companion_bit(companion))
		recorder_with(session->recorder, process->pid, time_ns, &state->slots[companion],
			      companion, value);
}

static void take_cpu(struct session *session, struct process *process, int64_t time_ns)
{
	int64_t cpu_ns;

	if (process_cpu_time(process->pid, &cpu_ns))
		take(session, process, time_ns, WITH_CPU, (double)cpu_ns / (double)NS_PER_S);
}

/* Of the whole process, whichever of its threads is asked. Of one that is going, the last figures stand. */
static void take_load(struct session *session, struct process *process, int64_t time_ns)
{
	struct process_load load;
	struct error *err = process_load_read(process->pid, &load);

	if (err == NULL) {
		take(session, process, time_ns, WITH_FAULTS, (double)load.faults);
		take(session, process, time_ns, WITH_MAJOR_FAULTS, (double)load.major_faults);
		take(session, process, time_ns, WITH_THREADS, (double)load.threads);
	}
	error_free(err);
}

/* One that is taken away is 0. */
static void take_limit(struct session *session, struct process *process, int64_t time_ns,
		       enum companion companion, uint64_t bytes)
{
	const bool was_there = process->state->memory.companions.slots[companion].is_known;

	if (bytes != PROCESS_NO_LIMIT || was_there)
		take(session, process, time_ns, companion,
		     bytes == PROCESS_NO_LIMIT ? 0 : (double)bytes / BYTES_PER_MIB);
}

static void take_cgroup_limit(struct session *session, struct process *process, int64_t time_ns)
{
	struct cgroup cgroup;
	struct error *err = cgroup_find(process->pid, &cgroup);

	if (err == NULL) {
		take_limit(session, process, time_ns, WITH_CGROUP_LIMIT, cgroup_limit(&cgroup));
		cgroup_deinit(&cgroup);
	}
	error_free(err); /* in none that counts memory, there is no limit */
}

/* Few programs change their limits, but somebody else may. */
static void take_limits(struct session *session, struct process *process, int64_t time_ns)
{
	struct process_companions *state = &process->state->memory.companions;
	struct process_limits limits;

	if (state->limits_ns != 0 && time_ns - state->limits_ns < NS_PER_S)
		return;
	state->limits_ns = time_ns;
	struct error *err = process_limits_read(process_memory_tid(process), &limits);
	if (err == NULL) {
		take_limit(session, process, time_ns, WITH_AS_LIMIT, limits.address_space_bytes);
		take_limit(session, process, time_ns, WITH_DATA_LIMIT, limits.data_bytes);
	}
	error_free(err);
	/* Finding a cgroup takes a tenth of a millisecond, and that of children is mostly the same. */
	if (process->is_main && session->options->companions & companion_bit(WITH_CGROUP_LIMIT))
		take_cgroup_limit(session, process, time_ns);
}

void companions_take(struct session *session, struct process *process, int64_t time_ns)
{
	const unsigned wanted = session->options->companions;

	if (wanted & companion_bit(WITH_CPU))
		take_cpu(session, process, time_ns);
	if (wanted & (WITH_ALL_FAULTS | companion_bit(WITH_THREADS)))
		take_load(session, process, time_ns);
	if (wanted & WITH_LIMITS)
		take_limits(session, process, time_ns);
}
