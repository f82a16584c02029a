/*
 * Calls as speedscope opens them: an evented profile a thread (plot layer).
 *
 * Its events must be balanced, and end in the opposite order of their beginnings. The time of calls that do not
 * nest, of condensed ones and of those that were dropped is in a further profile of their process, by function,
 * without an order. speedscope has no place for samples of memory.
 *
 * The format is described by file-format-schema.json of the npm package speedscope.
 */
#include <stdlib.h>

#include "plot/export/export_format.h"
#include "plot/export/open_calls.h"
#include "plot/export/row_text.h"
#include "tracer/base/array.h"
#include "tracer/base/version.h"

/* Time of a function in a process that no thread's events show. */
struct other_time {
	int32_t process;
	uint32_t function;
	int64_t ns;
};

struct speedscope {
	const struct call_thread *thread; /* whose events are being written */
	bool has_events;		  /* its profile has been begun */
	struct other_time *others;
	size_t other_count, other_capacity;
	struct addr_map other_of_key; /* process and function -> index + 1 */
	struct error *err;	      /* owned: what a function that cannot fail has met */
};

static struct error *speedscope_begin(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct json_writer *json = &job->json;

	job->own = calloc(1, sizeof(struct speedscope));
	if (job->own == NULL)
		return error_no_memory();
	json_init(json, job->out, 2);
	json_open_object(json, NULL);
	json_put_string(json, "$schema", "https://www.speedscope.app/file-format-schema.json");
	json_put_string(json, "exporter", "mprof-trace " MPROF_TRACE_VERSION);
	if (profile->command_line != NULL)
		json_put_string(json, "name", profile->command_line);
	json_open_object(json, "shared");
	json_open_array(json, "frames");
	for (size_t i = 0; i < profile->function_count; i++) {
		json_begin_row(json);
		row_put(job->out, "{\"name\":");
		row_put(job->out, job->function_texts[i]);
		row_put(job->out, "}");
	}
	json_close(json);
	json_close(json);
	json_open_array(json, "profiles");
	return NULL;
}

static void speedscope_release(struct export_job *job)
{
	struct speedscope *own = job->own;

	if (own == NULL)
		return;
	free(own->others);
	addr_map_deinit(&own->other_of_key);
	error_free(own->err);
	free(own);
	job->own = NULL;
}

/* "COMMAND (PID) WHAT", as far as it is known. */
static struct error *put_profile_name(struct export_job *job, int32_t process, const char *what)
{
	char *name;
	int32_t pid = job->profile->processes[process].pid;
	const char *command = export_process_name(job->profile, (size_t)process);
	int bytes = pid != 0 ? asprintf(&name, "%s (%d) %s", command, (int)pid, what)
			     : asprintf(&name, "%s %s", command, what);

	if (bytes < 0)
		return error_no_memory();
	json_put_string(&job->json, "name", name);
	free(name);
	json_put_string(&job->json, "unit", "nanoseconds");
	return NULL;
}

/* At the first event of a thread: one without any gets no profile. */
static void begin_thread(struct export_job *job)
{
	struct speedscope *own = job->own;
	struct json_writer *json = &job->json;
	char buffer[EXPORT_THREAD_BYTES];
	const char *name = export_thread_name(job->profile, own->thread, buffer);

	json_open_object(json, NULL);
	json_put_string(json, "type", "evented");
	own->err = error_first(own->err, put_profile_name(job, own->thread->process, name));
	json_put_integer(json, "startValue", 0);
	json_put_integer(json, "endValue", job->profile->last_ns - job->zero_ns);
	json_open_array(json, "events");
}

static void put_event(struct export_job *job, const char *type, uint32_t function, int64_t time_ns)
{
	json_begin_row(&job->json);
	row_put(job->out, "{\"type\":\"");
	row_put(job->out, type);
	row_put(job->out, "\",\"frame\":");
	row_put_integer(job->out, function);
	row_put(job->out, ",\"at\":");
	row_put_integer(job->out, time_ns - job->zero_ns);
	row_put(job->out, "}");
}

static void add_other(struct export_job *job, int32_t process, size_t function, int64_t ns)
{
	struct speedscope *own = job->own;
	uint64_t key = (uint64_t)(uint32_t)process << 32 | (uint32_t)function;
	uintptr_t slot = (uintptr_t)addr_map_get(&own->other_of_key, key);
	struct error *err = NULL;

	if (own->err != NULL)
		return;
	if (slot == 0) {
		slot = own->other_count + 1;
		err = array_reserve(&own->others, &own->other_capacity, slot, sizeof(*own->others));
		if (err == NULL)
			err = addr_map_put(&own->other_of_key, key, (void *)slot);
		if (err == NULL)
			own->others[own->other_count++] =
				(struct other_time){ process, (uint32_t)function, 0 };
	}
	own->err = err;
	if (err == NULL &&
	    __builtin_add_overflow(own->others[slot - 1].ns, ns, &own->others[slot - 1].ns))
		own->others[slot - 1].ns = INT64_MAX;
}

static void begin_call(struct export_job *job, size_t index)
{
	struct speedscope *own = job->own;

	if (!own->has_events) {
		own->has_events = true;
		begin_thread(job);
	}
	put_event(job, "O", job->nesting->calls[index].function,
		  call_nesting_at(job->profile, job->nesting, index)->in_ns);
}

static void end_call(struct export_job *job, size_t index)
{
	put_event(job, "C", job->nesting->calls[index].function,
		  call_nesting_at(job->profile, job->nesting, index)->out_ns);
}

static void cross_call(struct export_job *job, size_t index)
{
	const struct profile_call *call = call_nesting_at(job->profile, job->nesting, index);

	add_other(job, call->process, job->nesting->calls[index].function,
		  call->out_ns - call->in_ns);
}

static struct error *speedscope_calls(struct export_job *job)
{
	static const struct call_walker walker = { begin_call, end_call, cross_call };
	struct speedscope *own = job->own;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->nesting->thread_count; i++) {
		own->thread = &job->nesting->threads[i];
		own->has_events = false;
		err = open_calls_walk(job, own->thread, &walker);
		if (err == NULL && own->has_events) {
			json_close(&job->json);
			json_close(&job->json);
		}
	}
	return err;
}

/* How much a call takes: its two events. */
static void speedscope_call(struct export_job *job, size_t function,
			    const struct profile_call *call)
{
	put_event(job, "O", (uint32_t)function, call->in_ns);
	put_event(job, "C", (uint32_t)function, call->out_ns);
}

static void speedscope_window(struct export_job *job, size_t function,
			      const struct condensed_calls *many)
{
	add_other(job, many->process, function, many->total_ns);
}

static int other_compare(const void *a, const void *b)
{
	const struct other_time *one = a, *other = b;

	if (one->process != other->process)
		return one->process < other->process ? -1 : 1;
	return one->function < other->function ? -1 : one->function > other->function;
}

/* Of one process: those from @others on, @count of them. */
static struct error *put_others(struct export_job *job, const struct other_time *others,
				size_t count)
{
	struct json_writer *json = &job->json;
	int64_t sum_ns = 0;

	json_open_object(json, NULL);
	json_put_string(json, "type", "sampled");
	struct error *err = put_profile_name(job, others[0].process, "calls without an order");
	json_put_integer(json, "startValue", 0);
	json_open_array(json, "samples");
	for (size_t i = 0; i < count; i++) {
		json_begin_row(json);
		row_put(job->out, "[");
		row_put_integer(job->out, others[i].function);
		row_put(job->out, "]");
	}
	json_close(json);
	json_open_array(json, "weights");
	for (size_t i = 0; i < count; i++) {
		json_begin_row(json);
		row_put_integer(job->out, others[i].ns);
		if (__builtin_add_overflow(sum_ns, others[i].ns, &sum_ns))
			sum_ns = INT64_MAX;
	}
	json_close(json);
	json_put_integer(json, "endValue", sum_ns);
	json_close(json);
	return err;
}

static struct error *speedscope_end(struct export_job *job)
{
	struct speedscope *own = job->own;
	struct error *err = own->err;

	own->err = NULL;
	if (own->other_count > 1)
		qsort(own->others, own->other_count, sizeof(*own->others), other_compare);
	for (size_t first = 0, next; err == NULL && first < own->other_count; first = next) {
		for (next = first + 1; next < own->other_count &&
				       own->others[next].process == own->others[first].process;)
			next++;
		err = put_others(job, &own->others[first], next - first);
	}
	json_close(&job->json);
	json_close(&job->json);
	row_put(job->out, "\n");
	return err;
}

const struct export_format export_speedscope = {
	.quote = export_quote_json,
	.needs_nesting = true,
	.begin = speedscope_begin,
	.call = speedscope_call,
	.calls = speedscope_calls,
	.window = speedscope_window,
	.end = speedscope_end,
	.release = speedscope_release,
};
