/* First stops of threads that are not known yet; see early_stops.h. Loop layer. */
#include "tracer/loop/dispatch/early_stops.h"

#include <stdlib.h>

#include "tracer/proc/process_facts.h"
#include "tracer/tracee/ptrace_ops.h"

static struct error *early_stop_put(struct session *session, const struct stop *stop)
{
	struct stop *kept = malloc(sizeof(*kept));
	if (kept == NULL)
		return error_no_memory();
	*kept = *stop;
	free(addr_map_remove(&session->early_stops, (uint64_t)stop->tid));
	struct error *err = addr_map_put(&session->early_stops, (uint64_t)stop->tid, kept);
	if (err != NULL)
		free(kept);
	return err;
}

struct error *early_stop_keep(struct session *session, const struct stop *stop)
{
	struct stop known;

	if (!early_stop_take(session, stop->tid, &known) || known.kind != STOP_ENDED)
		return early_stop_put(session, stop);
	return ptrace_detach(stop->tid, 0);
}

bool early_stop_take(struct session *session, pid_t tid, struct stop *ret)
{
	struct stop *early = addr_map_remove(&session->early_stops, (uint64_t)tid);

	if (early == NULL)
		return false;
	*ret = *early;
	free(early);
	return true;
}

pid_t early_stops_find_known(const struct session *session)
{
	size_t cursor = 0;
	const struct stop *early;

	while ((early = addr_map_next(&session->early_stops, &cursor)) != NULL) {
		if (target_tracee(&session->target, early->tid) != NULL)
			return early->tid;
	}
	return 0;
}

void early_stop_abandon(struct session *session, const struct process *parent, pid_t tid,
			bool is_vfork)
{
	struct stop early;
	const struct stop mark = { .tid = tid, .kind = STOP_ENDED };
	struct image *image = parent->space == NULL ? NULL : parent->space->image;

	/* Traps that it shares with its parent would be there for both. */
	if (image != NULL && processes_share_memory(tid, parent->pid, is_vfork))
		error_free(image_give_up(image));
	else if (image != NULL)
		error_free(image_restore_copy(image, tid));
	if (early_stop_take(session, tid, &early))
		error_free(ptrace_detach(tid, 0));
	else
		error_free(early_stop_put(session, &mark));
}
