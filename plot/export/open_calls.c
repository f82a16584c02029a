/* The calls of a thread as a stack; see open_calls.h. Plot layer. */
#include "plot/export/open_calls.h"

#include <stdlib.h>

#include "tracer/base/array.h"

struct open_calls {
	size_t *indices; /* in the nesting, the outermost first */
	size_t count, capacity;
};

static int64_t end_of_last(const struct export_job *job, const struct open_calls *open)
{
	return call_nesting_at(job->profile, job->nesting, open->indices[open->count - 1])->out_ns;
}

/* Ends those that end by then. */
static void end_until(struct export_job *job, const struct call_walker *walker,
		      struct open_calls *open, int64_t time_ns)
{
	while (open->count > 0 && end_of_last(job, open) <= time_ns) {
		open->count--;
		if (walker->end != NULL)
			walker->end(job, open->indices[open->count]);
	}
}

static struct error *walk_call(struct export_job *job, const struct call_walker *walker,
			       struct open_calls *open, size_t index)
{
	const struct profile_call *call = call_nesting_at(job->profile, job->nesting, index);

	if (!kept_calls_has(&job->kept, call, job->nesting->calls[index].call))
		return NULL;
	end_until(job, walker, open, call->in_ns);
	if (open->count > 0 && end_of_last(job, open) < call->out_ns) {
		if (walker->cross != NULL)
			walker->cross(job, index);
		return export_check_written(job->out);
	}
	struct error *err = array_reserve(&open->indices, &open->capacity, open->count + 1,
					  sizeof(*open->indices));
	if (err != NULL)
		return err;
	open->indices[open->count++] = index;
	if (walker->begin != NULL)
		walker->begin(job, index);
	return export_check_written(job->out);
}

struct error *open_calls_walk(struct export_job *job, const struct call_thread *thread,
			      const struct call_walker *walker)
{
	struct open_calls open = { 0 };
	struct error *err = NULL;

	for (size_t i = thread->first; err == NULL && i < thread->first + thread->count; i++)
		err = walk_call(job, walker, &open, i);
	if (err == NULL)
		end_until(job, walker, &open, INT64_MAX);
	free(open.indices);
	return err;
}
