/*
 * Two tables for spreadsheets and data frames: samples, or calls (plot layer).
 *
 * Times are seconds since the epoch, with all digits of the profile. A field of which the profile knows
 * nothing is empty.
 */
#include "plot/export/export_format.h"
#include "plot/export/row_text.h"
#include "plot/text/csv_write.h"

static void csv_quote(FILE *out, const char *name)
{
	struct csv_writer csv;

	csv_init(&csv, out);
	csv_put_text(&csv, name);
}

/* 0 is no pid and no tid. */
static void put_id(FILE *out, int32_t id)
{
	if (id != 0)
		row_put_integer(out, id);
}

static struct error *begin_samples(struct export_job *job)
{
	row_put(job->out, "time,pid,process,mib\n");
	return NULL;
}

static void csv_sample(struct export_job *job, size_t process, int64_t time_ns, double mib)
{
	row_put_seconds(job->out, time_ns);
	row_put(job->out, ",");
	put_id(job->out, job->profile->processes[process].pid);
	row_put(job->out, ",");
	row_put(job->out, job->process_texts[process]);
	row_put(job->out, ",");
	row_put_mib(job->out, mib);
	row_put(job->out, "\n");
}

static struct error *begin_calls(struct export_job *job)
{
	row_put(job->out,
		"kind,name,pid,process,tid,level,start,end,calls,seconds,shortest,longest,"
		"mib_start,mib_end,mib_gained,mib_highest,how,held\n");
	return NULL;
}

static void put_who(struct export_job *job, const char *kind, const char *name, int32_t process)
{
	row_put(job->out, kind);
	row_put(job->out, ",");
	row_put(job->out, name);
	row_put(job->out, ",");
	put_id(job->out, job->profile->processes[process].pid);
	row_put(job->out, ",");
	row_put(job->out, job->process_texts[process]);
	row_put(job->out, ",");
}

static void csv_call(struct export_job *job, size_t function, const struct profile_call *call)
{
	FILE *out = job->out;
	double highest_mib = call->mib_in > call->mib_out ? call->mib_in : call->mib_out;

	put_who(job, "call", job->function_texts[function], call->process);
	put_id(out, call->tid);
	row_put(out, ",");
	if (call->level >= 0)
		row_put_integer(out, call->level);
	row_put(out, ",");
	row_put_seconds(out, call->in_ns);
	row_put(out, ",");
	row_put_seconds(out, call->out_ns);
	row_put(out, ",1,");
	for (int i = 0; i < 3; i++) { /* all, the shortest and the longest */
		row_put_seconds(out, call->out_ns - call->in_ns);
		row_put(out, ",");
	}
	row_put_mib(out, call->mib_in);
	row_put(out, ",");
	row_put_mib(out, call->mib_out);
	row_put(out, ",");
	row_put_mib(out, call->mib_out - call->mib_in);
	row_put(out, ",");
	row_put_mib(out, highest_mib);
	row_put(out, ",");
	row_put(out, profile_how_words[call->how]);
	row_put(out, ",");
	if (call->held != CALL_HELD_NONE)
		row_put(out, profile_held_words[call->held]);
	row_put(out, "\n");
}

static void csv_window(struct export_job *job, size_t function, const struct condensed_calls *many)
{
	FILE *out = job->out;
	const int64_t times_ns[] = { many->total_ns, many->shortest_ns, many->longest_ns };

	put_who(job, "condensed", job->function_texts[function], many->process);
	row_put(out, ",,");
	row_put_seconds(out, many->from_ns);
	row_put(out, ",");
	row_put_seconds(out, many->to_ns);
	row_put(out, ",");
	row_put_count(out, many->count);
	row_put(out, ",");
	for (int i = 0; i < 3; i++) {
		row_put_seconds(out, times_ns[i]);
		row_put(out, ",");
	}
	row_put(out, ",,");
	row_put_mib(out, many->mib_gained);
	row_put(out, ",");
	row_put_mib(out, many->mib_max);
	row_put(out, ",,");
	row_put_count(out, many->held_count);
	row_put(out, "\n");
}

static void csv_mark(struct export_job *job, size_t marker, const struct moment *moment)
{
	FILE *out = job->out;

	put_who(job, "mark", job->marker_texts[marker], moment->process);
	row_put(out, ",,");
	row_put_seconds(out, moment->at_ns);
	row_put(out, ",,,,,,");
	row_put_mib(out, moment->mib);
	row_put(out, ",,,,,");
	row_put(out, moment->is_held ? "held" : "");
	row_put(out, "\n");
}

const struct export_format export_csv_samples = {
	.quote = csv_quote,
	.begin = begin_samples,
	.sample = csv_sample,
};

const struct export_format export_csv_calls = {
	.quote = csv_quote,
	.begin = begin_calls,
	.call = csv_call,
	.window = csv_window,
	.mark = csv_mark,
};
