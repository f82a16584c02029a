/*
 * Tables for spreadsheets and data frames: samples, calls, parts of memory, companions, or lines (plot layer).
 *
 * Times are seconds since the epoch, with all digits of the profile. A field of which the profile knows
 * nothing is empty.
 */
#include "plot/export/export_format.h"
#include "plot/export/row_text.h"
#include "plot/parts/part_view.h"
#include "plot/text/csv_write.h"
#include "tracer/base/memory/companion.h"

static void csv_quote(FILE *out, const char *name)
{
	struct csv_writer csv;

	csv_init(&csv, out);
	csv_put_text(&csv, name);
}

/* 0 is no pid and no tid. */
static void put_id(struct csv_writer *csv, int32_t id)
{
	if (id != 0)
		csv_put_integer(csv, id);
	else
		csv_put_empty(csv);
}

static void put_empty(struct csv_writer *csv, unsigned count)
{
	while (count-- > 0)
		csv_put_empty(csv);
}

static struct error *begin_samples(struct export_job *job)
{
	row_put(job->out, "time,pid,process,mib\n");
	return NULL;
}

static void csv_sample(struct export_job *job, size_t process, int64_t time_ns, double mib)
{
	struct csv_writer csv;

	csv_init(&csv, job->out);
	csv_put_seconds(&csv, time_ns);
	put_id(&csv, job->profile->processes[process].pid);
	csv_put_quoted(&csv, job->process_texts[process]);
	csv_put_mib(&csv, mib);
	csv_end_row(&csv);
}

static struct error *begin_calls(struct export_job *job)
{
	row_put(job->out,
		"kind,name,pid,process,tid,level,start,end,calls,seconds,shortest,longest,"
		"mib_start,mib_end,mib_gained,mib_highest,how,held\n");
	return NULL;
}

/* Kind, name, pid and process. */
static void begin_row(struct csv_writer *csv, const struct export_job *job, const char *kind,
		      const char *name, int32_t process)
{
	csv_init(csv, job->out);
	csv_put_quoted(csv, kind);
	csv_put_quoted(csv, name);
	put_id(csv, job->profile->processes[process].pid);
	csv_put_quoted(csv, job->process_texts[process]);
}

static void csv_call(struct export_job *job, size_t function, const struct profile_call *call)
{
	struct csv_writer csv;

	begin_row(&csv, job, "call", job->function_texts[function], call->process);
	put_id(&csv, call->tid);
	if (call->level >= 0)
		csv_put_integer(&csv, call->level);
	else
		csv_put_empty(&csv);
	csv_put_seconds(&csv, call->in_ns);
	csv_put_seconds(&csv, call->out_ns);
	csv_put_count(&csv, 1);
	for (int i = 0; i < 3; i++) /* all, the shortest and the longest */
		csv_put_seconds(&csv, call->out_ns - call->in_ns);
	csv_put_mib(&csv, call->mib_in);
	csv_put_mib(&csv, call->mib_out);
	csv_put_mib(&csv, call->mib_out - call->mib_in);
	csv_put_mib(&csv, call->mib_in > call->mib_out ? call->mib_in : call->mib_out);
	csv_put_quoted(&csv, profile_how_words[call->how]);
	csv_put_quoted(&csv, call->held != CALL_HELD_NONE ? profile_held_words[call->held] : "");
	csv_end_row(&csv);
}

static void csv_window(struct export_job *job, size_t function, const struct condensed_calls *many)
{
	struct csv_writer csv;

	begin_row(&csv, job, "condensed", job->function_texts[function], many->process);
	put_empty(&csv, 2); /* tid and level */
	csv_put_seconds(&csv, many->from_ns);
	csv_put_seconds(&csv, many->to_ns);
	csv_put_count(&csv, many->count);
	csv_put_seconds(&csv, many->total_ns);
	csv_put_seconds(&csv, many->shortest_ns);
	csv_put_seconds(&csv, many->longest_ns);
	put_empty(&csv, 2); /* memory at the start and at the end */
	csv_put_mib(&csv, many->mib_gained);
	csv_put_mib(&csv, many->mib_max);
	csv_put_empty(&csv); /* how */
	csv_put_count(&csv, many->held_count);
	csv_end_row(&csv);
}

static void csv_mark(struct export_job *job, size_t marker, const struct moment *moment)
{
	struct csv_writer csv;

	begin_row(&csv, job, "mark", job->marker_texts[marker], moment->process);
	put_empty(&csv, 2); /* tid and level */
	csv_put_seconds(&csv, moment->at_ns);
	put_empty(&csv, 5); /* the end, calls and their times */
	csv_put_mib(&csv, moment->mib);
	put_empty(&csv, 4); /* other memory, how */
	csv_put_quoted(&csv, moment->is_held ? "held" : "");
	csv_end_row(&csv);
}

static struct error *begin_parts(struct export_job *job)
{
	row_put(job->out, "time,pid,process,kind,part,path,mib\n");
	return NULL;
}

/* Time, pid, process and what it is a figure of. */
static void begin_track(struct csv_writer *csv, const struct export_job *job,
			const struct profile_track *track, int64_t time_ns, const char *word)
{
	csv_init(csv, job->out);
	csv_put_seconds(csv, time_ns);
	put_id(csv, job->profile->processes[track->process].pid);
	csv_put_quoted(csv, job->process_texts[track->process]);
	csv_put_text(csv, word);
}

static void csv_part(struct export_job *job, size_t index, int64_t time_ns, double mib)
{
	const struct profile_track *part = &job->profile->parts.tracks[index];
	struct csv_writer csv;

	begin_track(&csv, job, part, time_ns, part_traits(part->kind)->word);
	csv_put_text(&csv, part_title(part));
	csv_put_text(&csv, part->name);
	csv_put_mib(&csv, mib);
	csv_end_row(&csv);
}

static struct error *begin_companions(struct export_job *job)
{
	row_put(job->out, "time,pid,process,name,value\n");
	return NULL;
}

static void csv_companion(struct export_job *job, size_t index, int64_t time_ns, double value)
{
	const struct profile_track *track = &job->profile->companions.tracks[index];
	struct csv_writer csv;

	begin_track(&csv, job, track, time_ns, companion_traits(track->kind)->word);
	csv_put_mib(&csv, value);
	csv_end_row(&csv);
}

static struct error *begin_lines(struct export_job *job)
{
	row_put(job->out, "pid,process,function,file,line,count,mib_gained,mib_after,held\n");
	return NULL;
}

static void csv_line(struct export_job *job, size_t block, bool is_inlined,
		     const struct line_figures *figures)
{
	const struct line_book *book = &job->profile->lines;
	const int32_t process = book->blocks[block].process;
	struct csv_writer csv;

	(void)is_inlined; /* the file says more */
	csv_init(&csv, job->out);
	put_id(&csv, job->profile->processes[process].pid);
	csv_put_quoted(&csv, job->process_texts[process]);
	csv_put_text(&csv, book->names.items[book->blocks[block].name].text);
	csv_put_text(&csv, book->sources.items[figures->source].text);
	csv_put_count(&csv, figures->line);
	csv_put_count(&csv, figures->count);
	csv_put_mib(&csv, figures->gained_mib);
	csv_put_mib(&csv, figures->mib);
	csv_put_count(&csv, figures->held_count);
	csv_end_row(&csv);
}

const struct export_format export_csv_lines = {
	.quote = csv_quote,
	.begin = begin_lines,
	.line = csv_line,
};

const struct export_format export_csv_parts = {
	.quote = csv_quote,
	.begin = begin_parts,
	.made_of = csv_part,
};

const struct export_format export_csv_companions = {
	.quote = csv_quote,
	.begin = begin_companions,
	.beside = csv_companion,
};

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
