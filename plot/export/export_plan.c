/* How large a result will be; see export_plan.h. Plot layer. */
#include "plot/export/export_plan.h"

#include <stdlib.h>

#include "plot/export/sample_columns.h"

/* Samples give way to calls, but keep so many columns, or this part of the room. */
enum { COLUMNS_LEAST = 8192, PART_LEAST = 4 };

/* What is measured of one item holds nearly for all of its kind. */
static const double ROOM_USED = 0.97;

struct sizes {
	uint64_t *sample_bytes; /* of one sample of each process */
	uint64_t samples, calls, marks, others;
	uint64_t class_bytes[KEPT_CLASSES]; /* of all calls of a class */
};

/* fopencookie(3)'s write: only counts. */
static ssize_t count_bytes(void *cookie, const char *buffer, size_t bytes)
{
	(void)buffer;
	*(uint64_t *)cookie += bytes;
	return (ssize_t)bytes;
}

/* How much has been written since the last time. */
static uint64_t take_count(FILE *out, uint64_t *count)
{
	fflush(out);
	uint64_t bytes = *count;
	*count = 0;
	return bytes;
}

static void measure_samples(struct export_job *job, const struct export_format *format,
			    struct sizes *sizes, uint64_t *count)
{
	const struct profile *profile = job->profile;

	for (size_t i = 0; format->sample != NULL && i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		if (series->total == 0)
			continue;
		format->sample(job, i, series->last_ns, series->highest_mib);
		sizes->sample_bytes[i] = take_count(job->out, count);
		sizes->samples += sizes->sample_bytes[i] * series->total;
	}
}

static void measure_calls(struct export_job *job, const struct export_format *format,
			  struct sizes *sizes, uint64_t *count)
{
	const struct profile *profile = job->profile;

	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		uint64_t bytes = 0;
		if (format->call != NULL && function->call_count > 0) {
			format->call(job, i, &function->calls[function->call_count - 1]);
			bytes = take_count(job->out, count);
		}
		for (size_t k = 0; k < function->call_count; k++)
			sizes->class_bytes[kept_calls_class(&function->calls[k])] += bytes;
		sizes->calls += bytes * function->call_count;
		if (format->window != NULL && function->condensed_count > 0) {
			format->window(job, i, &function->condensed[0]);
			sizes->others += take_count(job->out, count) * function->condensed_count;
		}
	}
}

static void measure_marks(struct export_job *job, const struct export_format *format,
			  struct sizes *sizes, uint64_t *count)
{
	const struct profile *profile = job->profile;

	for (size_t i = 0; format->mark != NULL && i < profile->marker_count; i++) {
		const struct marker *marker = &profile->markers[i];
		if (marker->count == 0)
			continue;
		format->mark(job, i, &marker->moments[marker->count - 1]);
		sizes->marks += take_count(job->out, count) * marker->count;
	}
}

static void measure_lines(struct export_job *job, const struct export_format *format,
			  struct sizes *sizes, uint64_t *count)
{
	const struct line_book *book = &job->profile->lines;

	for (size_t i = 0; format->line != NULL && i < book->count; i++) {
		const struct line_block *block = &book->blocks[i];
		if (block->count == 0)
			continue;
		format->line(job, i, false, &block->lines[block->count - 1]);
		sizes->others += take_count(job->out, count) * block->count;
	}
}

static struct error *measure(const struct export_job *job, const struct export_format *format,
			     struct sizes *sizes)
{
	uint64_t count = 0;
	struct export_job counted = *job;

	counted.out = fopencookie(&count, "w", (cookie_io_functions_t){ .write = count_bytes });
	if (counted.out == NULL)
		return error_no_memory();
	struct error *err = format->begin != NULL ? format->begin(&counted) : NULL;
	if (err == NULL) {
		sizes->others = take_count(counted.out, &count);
		measure_samples(&counted, format, sizes, &count);
		measure_calls(&counted, format, sizes, &count);
		measure_marks(&counted, format, sizes, &count);
		measure_lines(&counted, format, sizes, &count);
	}
	if (format->release != NULL)
		format->release(&counted);
	fclose(counted.out);
	return err;
}

/* How much the samples take when they are reduced to columns of that width. */
static uint64_t columns_bytes(const struct profile *profile, const struct sizes *sizes,
			      int64_t width_ns)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < profile->process_count; i++) {
		const struct series *series = &profile->processes[i].series;
		if (series->total > 0)
			bytes += sizes->sample_bytes[i] *
				 sample_columns_most(series->total, series->first_ns,
						     series->last_ns, width_ns);
	}
	return bytes;
}

/* The narrowest columns that fit; as wide as the profile if none do. */
static int64_t choose_width(const struct profile *profile, const struct sizes *sizes,
			    uint64_t most_bytes)
{
	uint64_t span_ns = (uint64_t)profile->last_ns - (uint64_t)profile->first_ns;
	int64_t narrow = 1, wide = span_ns > 1 ? (int64_t)span_ns : 1;

	while (narrow < wide) {
		int64_t middle = narrow + (wide - narrow) / 2;
		if (columns_bytes(profile, sizes, middle) <= most_bytes)
			wide = middle;
		else
			narrow = middle + 1;
	}
	return narrow;
}

static uint64_t left_of(uint64_t whole, uint64_t part)
{
	return part < whole ? whole - part : 0;
}

/* Returns how much the samples take then. */
static uint64_t reduce_samples(struct export_job *job, const struct sizes *sizes, uint64_t room)
{
	const struct profile *profile = job->profile;
	int64_t span_ns = profile->last_ns - profile->first_ns;
	uint64_t wanted = left_of(room, sizes->calls);
	int64_t least_ns = span_ns / COLUMNS_LEAST > 0 ? span_ns / COLUMNS_LEAST : 1;
	uint64_t least = columns_bytes(profile, sizes, least_ns);

	if (least > room / PART_LEAST)
		least = room / PART_LEAST;
	if (wanted < least)
		wanted = least;
	if (sizes->samples <= wanted)
		return sizes->samples;
	job->column_ns = choose_width(profile, sizes, wanted);
	return columns_bytes(profile, sizes, job->column_ns);
}

static void count_dropped(struct export_job *job)
{
	struct export_reduction *reduction = job->reduction;

	for (size_t i = 0; i < job->profile->function_count; i++) {
		const struct profile_function *function = &job->profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++)
			reduction->dropped_calls +=
				!kept_calls_has(&job->kept, &function->calls[k], k);
	}
	if (reduction->dropped_calls > 0)
		reduction->dropped_ns = kept_calls_limit_ns(&job->kept);
	for (size_t i = 0; i < job->profile->marker_count; i++) {
		for (size_t k = 0; k < job->profile->markers[i].count; k++)
			reduction->dropped_marks += !kept_share_has(job->kept_marks, k);
	}
}

static void reduce(struct export_job *job, const struct sizes *sizes)
{
	struct export_reduction *reduction = job->reduction;
	uint64_t whole = sizes->samples + sizes->calls + sizes->marks + sizes->others;
	uint64_t room = (uint64_t)((double)job->most_bytes * ROOM_USED);

	reduction->whole_bytes = whole;
	if (job->most_bytes == 0 || whole <= job->most_bytes)
		return;
	reduction->is_reduced = true;
	room = left_of(room, sizes->others);
	if (sizes->marks > room / PART_LEAST)
		job->kept_marks = kept_share_of(sizes->marks, room / PART_LEAST);
	room = left_of(room, (uint64_t)((double)sizes->marks * ((double)job->kept_marks.of_2_32 /
								(double)KEPT_SHARE_ALL)));
	room = left_of(room, reduce_samples(job, sizes, room));
	if (sizes->calls > room)
		job->kept = kept_calls_choose(sizes->class_bytes, room);
	reduction->column_ns = job->column_ns;
	count_dropped(job);
}

struct error *export_plan_make(struct export_job *job, const struct export_format *format)
{
	struct sizes *sizes = calloc(1, sizeof(*sizes));
	struct error *err = NULL;

	job->column_ns = 0;
	job->kept = (struct kept_calls){ 0, { KEPT_SHARE_ALL } };
	job->kept_marks = (struct kept_share){ KEPT_SHARE_ALL };
	if (sizes != NULL)
		sizes->sample_bytes =
			calloc(job->profile->process_count, sizeof(*sizes->sample_bytes));
	if (sizes == NULL || sizes->sample_bytes == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = measure(job, format, sizes);
	if (err == NULL)
		reduce(job, sizes);
	if (sizes != NULL)
		free(sizes->sample_bytes);
	free(sizes);
	return err;
}
