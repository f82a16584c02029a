/* A profile for other programs; see export.h. Plot layer. */
#include "plot/export/export.h"

#include <stdlib.h>

#include "plot/export/export_format.h"
#include "plot/export/export_plan.h"
#include "plot/export/sample_columns.h"
#include "plot/lines/line_sections.h"

static const struct export_format *const formats[EXPORT_KINDS] = {
	[EXPORT_CSV_SAMPLES] = &export_csv_samples,
	[EXPORT_CSV_CALLS] = &export_csv_calls,
	[EXPORT_CSV_PARTS] = &export_csv_parts,
	[EXPORT_CSV_COMPANIONS] = &export_csv_companions,
	[EXPORT_CSV_LINES] = &export_csv_lines,
	[EXPORT_JSON] = &export_json,
	[EXPORT_CHROME] = &export_chrome,
	[EXPORT_SPEEDSCOPE] = &export_speedscope,
	[EXPORT_FOLDED_TIME] = &export_folded_time,
	[EXPORT_FOLDED_MEMORY] = &export_folded_memory,
	[EXPORT_STACKS_TIME] = &export_stacks_time,
	[EXPORT_STACKS_MEMORY] = &export_stacks_memory,
	[EXPORT_FOLDED_GROWTH] = &export_folded_growth,
};

/* Names are written a million times, and quoted once. */
static struct error *make_texts(struct export_job *job, const struct export_format *format)
{
	const struct profile *profile = job->profile;
	struct error *err = NULL;

	job->process_texts = calloc(profile->process_count + 1, sizeof(char *));
	job->function_texts = calloc(profile->function_count + 1, sizeof(char *));
	job->marker_texts = calloc(profile->marker_count + 1, sizeof(char *));
	if (job->process_texts == NULL || job->function_texts == NULL || job->marker_texts == NULL)
		return error_no_memory();
	for (size_t i = 0; err == NULL && i < profile->process_count; i++)
		err = export_quote(format, export_process_name(profile, i), &job->process_texts[i]);
	for (size_t i = 0; err == NULL && i < profile->function_count; i++)
		err = export_quote(format, profile->functions[i].name, &job->function_texts[i]);
	for (size_t i = 0; err == NULL && i < profile->marker_count; i++)
		err = export_quote(format, profile->markers[i].name, &job->marker_texts[i]);
	return err;
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; texts != NULL && i < count; i++)
		free(texts[i]);
	free(texts);
}

struct sample_writer {
	struct export_job *job;
	const struct export_format *format;
};

static struct error *write_sample(void *data, int32_t process, int64_t time_ns, double mib)
{
	const struct sample_writer *writer = data;

	writer->format->sample(writer->job, (size_t)process, time_ns, mib);
	return export_check_written(writer->job->out);
}

static struct error *write_samples(struct export_job *job, const struct export_format *format,
				   const struct export_source *source)
{
	const struct profile *profile = job->profile;
	struct sample_writer writer = { job, format };
	const struct sample_visitor visitor = { .visit = write_sample, .data = &writer };
	struct sample_columns columns;

	if (job->column_ns == 0)
		return export_source_visit(source, &visitor);
	struct error *err = sample_columns_init(&columns, profile->first_ns, job->column_ns,
						profile->process_count, &visitor);
	const struct sample_visitor reducer = { .visit = sample_columns_visit, .data = &columns };
	if (err == NULL)
		err = export_source_visit(source, &reducer);
	if (err == NULL)
		err = sample_columns_finish(&columns);
	sample_columns_deinit(&columns);
	return err;
}

static struct error *write_calls(struct export_job *job, const struct export_format *format)
{
	struct error *err = NULL;

	if (format->calls != NULL)
		return format->calls(job);
	for (size_t i = 0; err == NULL && i < job->profile->function_count; i++) {
		const struct profile_function *function = &job->profile->functions[i];
		for (size_t k = 0; err == NULL && k < function->call_count; k++) {
			if (!kept_calls_has(&job->kept, &function->calls[k], k))
				continue;
			format->call(job, i, &function->calls[k]);
			err = export_check_written(job->out);
		}
	}
	return err;
}

static struct error *write_windows(struct export_job *job, const struct export_format *format)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->profile->function_count; i++) {
		const struct profile_function *function = &job->profile->functions[i];
		struct condensed_calls *others = NULL;
		size_t count = 0;
		for (size_t k = 0; k < function->condensed_count; k++)
			format->window(job, i, &function->condensed[k]);
		err = kept_calls_sum_others(&job->kept, function, &others, &count);
		for (size_t k = 0; err == NULL && k < count; k++)
			format->window(job, i, &others[k]);
		free(others);
		if (err == NULL)
			err = export_check_written(job->out);
	}
	return err;
}

static struct error *write_marks(struct export_job *job, const struct export_format *format)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->profile->marker_count; i++) {
		const struct marker *marker = &job->profile->markers[i];
		for (size_t k = 0; k < marker->count; k++) {
			if (kept_share_has(job->kept_marks, k))
				format->mark(job, i, &marker->moments[k]);
		}
		err = export_check_written(job->out);
	}
	return err;
}

struct track_writer {
	struct export_job *job;
	void (*write)(struct export_job *job, size_t track, int64_t time_ns, double value);
	bool wants_companions;
};

static struct error *write_point(void *data, bool is_companion, size_t index, int64_t time_ns,
				 double value)
{
	const struct track_writer *writer = data;

	if (is_companion != writer->wants_companions)
		return NULL;
	writer->write(writer->job, index, time_ns, value);
	return export_check_written(writer->job->out);
}

/* They are not so many that they would be reduced. */
static struct error *write_tracks(struct export_job *job, const struct export_format *format,
				  const struct export_source *source, bool is_companions)
{
	struct track_writer writer = { job, is_companions ? format->beside : format->made_of,
				       is_companions };
	const struct sample_visitor visitor = { .visit_track = write_point, .data = &writer };
	const struct profile_tracks *tracks =
		is_companions ? &job->profile->companions : &job->profile->parts;

	return tracks->count == 0 ? NULL : export_source_visit(source, &visitor);
}

static struct error *write_block(struct export_job *job, const struct export_format *format,
				 size_t block)
{
	struct line_sections sections;
	struct error *err = line_sections_build(&sections, &job->profile->lines.blocks[block]);

	if (err != NULL)
		return err;
	for (size_t i = 0; i < sections.count; i++) {
		const struct line_section *section = &sections.sections[i];
		for (size_t k = 0; k < section->figures_count; k++)
			format->line(job, block, !section->is_own,
				     &sections.figures[section->figures_first + k]);
	}
	line_sections_deinit(&sections);
	return export_check_written(job->out);
}

/* They are as many as programs have lines, however long these ran: they are not reduced. */
static struct error *write_lines(struct export_job *job, const struct export_format *format)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->profile->lines.count; i++)
		err = write_block(job, format, i);
	return err;
}

static struct error *write_part(struct export_job *job, const struct export_format *format,
				const struct export_source *source, enum export_part part)
{
	const bool has[EXPORT_PARTS] = {
		[EXPORT_SAMPLES] = format->sample != NULL,
		[EXPORT_CALLS] = format->call != NULL,
		[EXPORT_WINDOWS] = format->window != NULL,
		[EXPORT_MARKS] = format->mark != NULL,
		[EXPORT_MADE_OF] = format->made_of != NULL,
		[EXPORT_BESIDE] = format->beside != NULL,
		[EXPORT_LINES] = format->line != NULL,
	};
	struct error *err = NULL;

	if (!has[part])
		return NULL;
	if (format->open != NULL)
		format->open(job, part);
	switch (part) {
	case EXPORT_SAMPLES:
		err = write_samples(job, format, source);
		break;
	case EXPORT_CALLS:
		err = write_calls(job, format);
		break;
	case EXPORT_WINDOWS:
		err = write_windows(job, format);
		break;
	case EXPORT_MARKS:
		err = write_marks(job, format);
		break;
	case EXPORT_MADE_OF:
	case EXPORT_BESIDE:
		err = write_tracks(job, format, source, part == EXPORT_BESIDE);
		break;
	case EXPORT_LINES:
		err = write_lines(job, format);
		break;
	default:
		break;
	}
	if (err == NULL && format->close != NULL)
		format->close(job, part);
	return err;
}

static struct error *write_parts(struct export_job *job, const struct export_format *format,
				 const struct export_source *source)
{
	job->ids = 0;
	struct error *err = format->begin != NULL ? format->begin(job) : NULL;
	for (enum export_part part = 0; err == NULL && part < EXPORT_PARTS; part++) {
		err = export_check_written(job->out);
		if (err == NULL)
			err = write_part(job, format, source, part);
	}
	if (err == NULL && format->end != NULL)
		err = format->end(job);
	if (format->release != NULL)
		format->release(job);
	if (err == NULL)
		fflush(job->out);
	return err != NULL ? err : export_check_written(job->out);
}

/* The profile's own first time is that of its samples and single calls. */
static int64_t first_time(const struct profile *profile)
{
	int64_t first_ns = profile->first_ns;

	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->condensed_count; k++) {
			if (function->condensed[k].from_ns < first_ns)
				first_ns = function->condensed[k].from_ns;
		}
	}
	for (size_t i = 0; i < profile->marker_count; i++) {
		const struct marker *marker = &profile->markers[i];
		for (size_t k = 0; k < marker->count; k++) {
			if (marker->moments[k].at_ns < first_ns)
				first_ns = marker->moments[k].at_ns;
		}
	}
	return first_ns;
}

struct error *export_write(const struct export_source *source, enum export_kind kind,
			   uint64_t most_bytes, FILE *out, struct export_reduction *ret)
{
	const struct export_format *format = formats[kind];
	const struct profile *profile = &source->profile;
	struct call_nesting nesting = { 0 };
	struct export_job job = {
		.out = out,
		.profile = profile,
		.nesting = format->needs_nesting ? &nesting : NULL,
		.most_bytes = most_bytes,
		.reduction = ret,
	};

	*ret = (struct export_reduction){ 0 };
	job.zero_ns = first_time(profile);
	struct error *err = make_texts(&job, format);
	if (err == NULL && format->needs_nesting)
		err = call_nesting_init(&nesting, profile);
	if (err == NULL)
		err = export_plan_make(&job, format);
	if (err == NULL)
		err = write_parts(&job, format, source);
	call_nesting_deinit(&nesting);
	free_texts(job.process_texts, profile->process_count);
	free_texts(job.function_texts, profile->function_count);
	free_texts(job.marker_texts, profile->marker_count);
	return err;
}
