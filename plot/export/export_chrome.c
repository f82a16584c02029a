/*
 * The JSON of Chrome's tracing, which Perfetto and chrome://tracing open (plot layer).
 *
 * Memory is a counter a process. Calls are complete events ("X"), which must nest on a thread: Perfetto drops
 * what does not. A call that ends when another one does is a pair ("B", "E"). A call that crosses another
 * one's end, and a window of condensed calls, is an asynchronous pair ("b", "e") with an id of its own. Times are microseconds since the profile's start.
 *
 * "Trace Event Format", Google, 2016.
 */
#include <stdlib.h>

#include "plot/export/chrome_counters.h"
#include "plot/export/chrome_events.h"
#include "plot/export/export_format.h"
#include "plot/export/open_calls.h"
#include "plot/export/row_text.h"
#include "tracer/base/version.h"

/* One in so many calls: what pairs add then is within what is measured of others anyway. */
enum { PAIRS_FEW = 32 };

/* Metadata: @text is JSON. */
static void put_name(struct export_job *job, int32_t process, int32_t tid, const char *what,
		     const char *key, const char *text)
{
	chrome_begin_event(job, "M", process);
	chrome_put_tid(job, process, tid);
	row_put(job->out, ",\"name\":\"");
	row_put(job->out, what);
	row_put(job->out, "\",\"args\":{\"");
	row_put(job->out, key);
	row_put(job->out, "\":");
	row_put(job->out, text);
	row_put(job->out, "}}");
}

static struct error *put_names(struct export_job *job)
{
	const struct profile *profile = job->profile;
	char text[64];

	for (size_t i = 0; i < profile->process_count; i++) {
		if (!export_has_process(profile, i))
			continue;
		put_name(job, (int32_t)i, 0, "process_name", "name", job->process_texts[i]);
		snprintf(text, sizeof(text), "%zu", i);
		put_name(job, (int32_t)i, 0, "process_sort_index", "sort_index", text);
	}
	for (size_t i = 0; i < job->nesting->thread_count; i++) {
		const struct call_thread *thread = &job->nesting->threads[i];
		char buffer[EXPORT_THREAD_BYTES], *quoted;
		const char *name = export_thread_name(profile, thread, buffer);
		struct error *err = export_quote(&export_chrome, name, &quoted);
		if (err != NULL)
			return err;
		put_name(job, thread->process, thread->tid, "thread_name", "name", quoted);
		free(quoted);
	}
	return NULL;
}

/* It will be two events. */
static void mark_pair(struct chrome *own, size_t index)
{
	own->pair_count += !own->is_pair[index];
	own->is_pair[index] = true;
}

/* The call that ended last on this thread, and this one, touch. */
static void note_end(struct export_job *job, size_t index)
{
	struct chrome *own = job->own;
	int64_t end_ns = call_nesting_at(job->profile, job->nesting, index)->out_ns;

	if (own->has_ended && own->ended_ns == end_ns) {
		mark_pair(own, own->ended);
		mark_pair(own, index);
	}
	own->has_ended = true;
	own->ended = index;
	own->ended_ns = end_ns;
}

static void note_begin(struct export_job *job, size_t index)
{
	struct chrome *own = job->own;

	if (own->has_ended &&
	    own->ended_ns == call_nesting_at(job->profile, job->nesting, index)->in_ns)
		mark_pair(own, own->ended);
}

static void note_crossing(struct export_job *job, size_t index)
{
	mark_pair(job->own, index);
}

static struct error *find_pairs(struct export_job *job)
{
	static const struct call_walker finder = { note_begin, note_end, note_crossing };
	struct chrome *own = job->own;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->nesting->thread_count; i++) {
		own->has_ended = false;
		err = open_calls_walk(job, &job->nesting->threads[i], &finder);
	}
	return err;
}

static struct error *chrome_begin(struct export_job *job)
{
	struct json_writer *json = &job->json;
	char start[NUMBER_TEXT_BYTES];
	struct error *err = chrome_prepare(job);
	if (err == NULL)
		err = find_pairs(job);

	if (err != NULL)
		return err;
	number_text_seconds(start, job->zero_ns);
	json_init(json, job->out, 1);
	json_open_object(json, NULL);
	json_put_string(json, "displayTimeUnit", "ns");
	json_open_object(json, "otherData");
	json_put_string(json, "program", "mprof-trace " MPROF_TRACE_VERSION);
	json_put_string(json, "command line", job->profile->command_line);
	json_put_string(json, "start", start);
	json_close(json);
	json_open_array(json, "traceEvents");
	return put_names(job);
}

static void chrome_sample(struct export_job *job, size_t process, int64_t time_ns, double mib)
{
	const struct chrome *own = job->own;

	chrome_begin_event(job, "C", (int32_t)process);
	chrome_put_time(job, time_ns);
	row_put(job->out, ",\"name\":");
	row_put(job->out, process == 0 ? own->main_counter : own->counter);
	row_put(job->out, ",\"args\":{\"MiB\":");
	row_put_mib(job->out, mib);
	row_put(job->out, "}}");
}

/* A counter keeps its last value to the end of the picture: what has ended has no memory. */
static void chrome_close(struct export_job *job, enum export_part part)
{
	const struct profile *profile = job->profile;

	for (size_t i = 0; part == EXPORT_SAMPLES && i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->series.total > 0 && process->end_ns != PROFILE_TIME_UNKNOWN &&
		    process->end_ns >= process->series.last_ns)
			chrome_sample(job, i, process->end_ns, 0);
	}
}

static void put_call_name(struct export_job *job, const char *name, const char *category)
{
	row_put(job->out, ",\"name\":");
	row_put(job->out, name);
	row_put(job->out, ",\"cat\":\"");
	row_put(job->out, category);
	row_put(job->out, "\"");
}

static void put_memory(FILE *out, const char *before, double mib)
{
	row_put(out, before);
	row_put_mib(out, mib);
}

static void put_call_args(struct export_job *job, const struct profile_call *call)
{
	FILE *out = job->out;

	put_memory(out, ",\"args\":{\"mib_start\":", call->mib_in);
	put_memory(out, ",\"mib_end\":", call->mib_out);
	put_memory(out, ",\"mib_gained\":", call->mib_out - call->mib_in);
	if (call->how != CALL_RETURNED) {
		row_put(out, ",\"how\":\"");
		row_put(out, profile_how_words[call->how]);
		row_put(out, "\"");
	}
	if (call->held != CALL_HELD_NONE) {
		row_put(out, ",\"held\":\"");
		row_put(out, profile_held_words[call->held]);
		row_put(out, "\"");
	}
	row_put(out, "}}");
}

/* Whole ("X"), its beginning ("B"), or its end ("E"): speedscope knows by name and arguments which one ends. */
static void put_call(struct export_job *job, const char *phase, size_t function,
		     const struct profile_call *call)
{
	chrome_begin_event(job, phase, call->process);
	chrome_put_tid(job, call->process, call->tid);
	chrome_put_time(job, phase[0] == 'E' ? call->out_ns : call->in_ns);
	if (phase[0] == 'X') {
		row_put(job->out, ",\"dur\":");
		chrome_put_us(job->out, call->out_ns - call->in_ns);
	}
	put_call_name(job, job->function_texts[function], "call");
	put_call_args(job, call);
}

static void chrome_call(struct export_job *job, size_t function, const struct profile_call *call)
{
	const struct chrome *own = job->own;

	/* Only to see how large it is: where more than few are pairs, all may be. */
	put_call(job, "X", function, call);
	if (own->pair_count > job->nesting->count / PAIRS_FEW)
		put_call(job, "E", function, call);
}

/* Begins one of an asynchronous pair. */
static void begin_pair(struct export_job *job, const char *phase, int32_t process, int32_t tid,
		       int64_t time_ns)
{
	chrome_begin_event(job, phase, process);
	chrome_put_tid(job, process, tid);
	row_put(job->out, ",\"id\":\"");
	row_put_integer(job->out, (int64_t)job->ids);
	row_put(job->out, "\"");
	chrome_put_time(job, time_ns);
}

static void put_crossing(struct export_job *job, size_t index)
{
	const struct profile_call *call = call_nesting_at(job->profile, job->nesting, index);
	const char *name = job->function_texts[job->nesting->calls[index].function];

	job->ids++;
	begin_pair(job, "b", call->process, call->tid, call->in_ns);
	put_call_name(job, name, "call");
	put_call_args(job, call);
	begin_pair(job, "e", call->process, call->tid, call->out_ns);
	put_call_name(job, name, "call");
	row_put(job->out, "}");
}

static void put_begin(struct export_job *job, size_t index)
{
	const struct chrome *own = job->own;

	put_call(job, own->is_pair[index] ? "B" : "X", job->nesting->calls[index].function,
		 call_nesting_at(job->profile, job->nesting, index));
}

static void put_end(struct export_job *job, size_t index)
{
	const struct chrome *own = job->own;

	if (own->is_pair[index])
		put_call(job, "E", job->nesting->calls[index].function,
			 call_nesting_at(job->profile, job->nesting, index));
}

static struct error *chrome_calls(struct export_job *job)
{
	static const struct call_walker walker = { put_begin, put_end, put_crossing };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->nesting->thread_count; i++)
		err = open_calls_walk(job, &job->nesting->threads[i], &walker);
	return err;
}

static void chrome_window(struct export_job *job, size_t function,
			  const struct condensed_calls *many)
{
	FILE *out = job->out;
	const char *name = job->function_texts[function];

	job->ids++;
	begin_pair(job, "b", many->process, 0, many->from_ns);
	put_call_name(job, name, "condensed");
	row_put(out, ",\"args\":{\"calls\":");
	row_put_count(out, many->count);
	row_put(out, ",\"total_s\":");
	row_put_seconds(out, many->total_ns);
	row_put(out, ",\"shortest_s\":");
	row_put_seconds(out, many->shortest_ns);
	row_put(out, ",\"longest_s\":");
	row_put_seconds(out, many->longest_ns);
	put_memory(out, ",\"mib_gained\":", many->mib_gained);
	put_memory(out, ",\"mib_highest\":", many->mib_max);
	row_put(out, ",\"held\":");
	row_put_count(out, many->held_count);
	row_put(out, "}}");
	begin_pair(job, "e", many->process, 0, many->to_ns);
	put_call_name(job, name, "condensed");
	row_put(out, "}");
}

static void chrome_mark(struct export_job *job, size_t marker, const struct moment *moment)
{
	chrome_begin_event(job, "i", moment->process);
	chrome_put_tid(job, moment->process, 0);
	chrome_put_time(job, moment->at_ns);
	put_call_name(job, job->marker_texts[marker], "mark");
	put_memory(job->out, ",\"s\":\"p\",\"args\":{\"mib\":", moment->mib);
	row_put(job->out, moment->is_held ? ",\"held\":\"held\"}}" : "}}");
}

static struct error *chrome_end(struct export_job *job)
{
	json_close(&job->json);
	json_close(&job->json);
	row_put(job->out, "\n");
	return NULL;
}

const struct export_format export_chrome = {
	.quote = export_quote_json,
	.needs_nesting = true,
	.begin = chrome_begin,
	.close = chrome_close,
	.sample = chrome_sample,
	.call = chrome_call,
	.calls = chrome_calls,
	.window = chrome_window,
	.mark = chrome_mark,
	.made_of = chrome_made_of,
	.beside = chrome_beside,
	.end = chrome_end,
	.release = chrome_release,
};
