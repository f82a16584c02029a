/* What of a job is drawn; see job_picture.h. Plot layer. */
#include "plot/jobs/job_picture.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/ranks/rank_groups.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* Of a band; of a sum. A page is hardly wider. */
enum { COLUMNS = 512, SUM_SAMPLES = 1 << 13 };

/* Lines that are few, or many alike, are drawn each; so many colours are told apart. */
enum { LINES_MOST = 200, GROUPS_MOST = 10 };

/* Kept until the picture goes. NULL: no memory. */
static const char *keep_text(struct job_picture *picture, const char *format, ...)
	PRINTF_LIKE(2, 3);

static const char *keep_text(struct job_picture *picture, const char *format, ...)
{
	char *text;
	va_list args;
	struct error *err = array_reserve(&picture->texts, &picture->text_capacity,
					  picture->text_count + 1, sizeof(*picture->texts));

	if (err != NULL) {
		error_free(err);
		return NULL;
	}
	va_start(args, format);
	const int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	picture->texts[picture->text_count++] = text;
	return text;
}

/* Of the job's times; @series is copied. */
static struct error *make_profile(struct profile *profile, const struct rank_job *job,
				  const struct series *series, bool is_sum)
{
	struct error *err = profile_init(profile, "");

	if (err != NULL)
		return err;
	struct profile_process *process = &profile->processes[0];
	err = series_copy(series, &process->series);
	if (err == NULL && job->metric != NULL) {
		profile->metric = strdup(job->metric);
		err = profile->metric == NULL ? error_no_memory() : NULL;
	}
	if (err != NULL) {
		profile_deinit(profile);
		return err;
	}
	process->highest_mib = series->highest_mib;
	process->highest_ns = series->highest_ns;
	/* A view is drawn of what is here; there is no one file to be read again. */
	process->series.is_reduced = false;
	profile->is_tree = is_sum;
	profile->first_ns = profile->zero_ns = job->start_ns;
	profile->last_ns = job->end_ns;
	return NULL;
}

static struct error *add_line(struct job_picture *picture, const struct rank_job *job,
			      const struct rank_line *line, bool is_sum, size_t look)
{
	struct profile *profile = &picture->profiles[picture->count];
	struct error *err = make_profile(profile, job, line->series, is_sum);

	if (err != NULL)
		return err;
	if (line->is_peak_exact && line->peak_mib >= line->series->highest_mib)
		profile->processes[0].exact_peak_mib = line->peak_mib;
	picture->subjects[picture->count++] = (struct plot_subject){
		.name = line->label,
		.entry = line->label,
		.look = look,
	};
	return NULL;
}

/* "ranks 1–7, 9, …" of those of a group, which is of ranks; else how many there are. */
static const char *name_group(struct job_picture *picture, const size_t *group_of, size_t first,
			      size_t members)
{
	enum { RANGES = 4 };
	const struct rank_lines *lines = &picture->lines;
	char text[160];
	size_t ranges = 0, used = 0;

	if (lines->lines[first].number < 0)
		return keep_text(picture, "%zu %s like %.*s", members, lines->what,
				 (int)strcspn(lines->lines[first].label, ","),
				 lines->lines[first].label);
	for (size_t i = first, end; i < lines->count; i = end) {
		end = i + 1;
		if (group_of[i] != group_of[first])
			continue;
		while (end < lines->count && group_of[end] == group_of[first])
			end++;
		if (ranges++ == RANGES)
			break;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%" PRId64,
					 ranges > 1 ? ", " : "ranks ", lines->lines[i].number);
		if (end - i > 1)
			used += (size_t)snprintf(text + used, sizeof(text) - used,
						 "\xe2\x80\x93%" PRId64,
						 lines->lines[end - 1].number);
	}
	return keep_text(picture, "%s%s", text, ranges > RANGES ? ", \xe2\x80\xa6" : "");
}

/* The legend has one line for all of a group, at its first one. */
static struct error *name_groups(struct job_picture *picture, const struct rank_groups *groups)
{
	const struct rank_lines *lines = &picture->lines;

	for (size_t i = 0; i < lines->count; i++) {
		const size_t group = groups->group_of[i];
		double low_mib = INFINITY, high_mib = 0;
		size_t members = 0, first = SIZE_MAX;
		for (size_t k = 0; k < lines->count; k++) {
			if (groups->group_of[k] != group)
				continue;
			first = first == SIZE_MAX ? k : first;
			members++;
			low_mib = fmin(low_mib, lines->lines[k].peak_mib);
			high_mib = fmax(high_mib, lines->lines[k].peak_mib);
		}
		if (members == 1)
			continue;
		picture->subjects[i].entry = NULL;
		if (first != i)
			continue;
		char low[TEXT_FIGURE_BYTES], high[TEXT_FIGURE_BYTES];
		text_format_memory(low, low_mib);
		text_format_memory(high, high_mib);
		const bool is_same = strcmp(low, high) == 0;
		picture->subjects[i].entry = name_group(picture, groups->group_of, first, members);
		picture->subjects[i].detail = keep_text(
			picture, "  peaks %s%s%s", is_same ? "" : low, is_same ? "" : " to ", high);
		if (picture->subjects[i].entry == NULL || picture->subjects[i].detail == NULL)
			return error_no_memory();
	}
	return NULL;
}

static struct error *draw_each(struct job_picture *picture, const struct rank_job *job,
			       const struct rank_groups *groups, bool is_sum)
{
	const struct rank_lines *lines = &picture->lines;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < lines->count; i++)
		err = add_line(picture, job, &lines->lines[i], is_sum,
			       groups != NULL ? groups->group_of[i] : i);
	return err == NULL && groups != NULL ? name_groups(picture, groups) : err;
}

static struct error *add_median(struct job_picture *picture, const struct rank_job *job,
				bool is_sum)
{
	const struct rank_band *band = &picture->band;
	struct series series = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < band->count; i++)
		err = series_add(&series, NULL, band->points[i].time_ns, band->points[i].median);
	series_finish(&series, NULL);
	if (err == NULL)
		err = make_profile(&picture->profiles[picture->count], job, &series, is_sum);
	series_deinit(&series);
	if (err != NULL)
		return err;
	struct plot_subject *subject = &picture->subjects[picture->count++];
	subject->name = subject->entry =
		keep_text(picture, "median of %zu %s", picture->lines.count, picture->lines.what);
	return subject->name == NULL ? error_no_memory() : NULL;
}

/* The median, and the highest few. */
static struct error *draw_band(struct job_picture *picture, const struct rank_job *job,
			       size_t highest, bool is_sum)
{
	const struct rank_lines *lines = &picture->lines;
	size_t *order;
	struct error *err = rank_band_init(
		&picture->band, lines, job->start_ns,
		job->end_ns > job->start_ns ? job->end_ns : job->start_ns + 1, COLUMNS);

	if (err == NULL)
		err = add_median(picture, job, is_sum);
	if (err == NULL)
		err = rank_lines_order(lines, &order);
	if (err != NULL)
		return err;
	for (size_t i = 0; err == NULL && i < highest && i < lines->count; i++)
		err = add_line(picture, job, &lines->lines[order[i]], is_sum, i + 1);
	free(order);
	picture->spread = (struct plot_spread){
		.band = &picture->band,
		.half = "the middle half of them, between quartiles",
		.whole = keep_text(picture, "all %zu %s, from lowest to highest", lines->count,
				   lines->what),
	};
	picture->options.spread = &picture->spread;
	if (err == NULL && picture->spread.whole == NULL)
		err = error_no_memory();
	return err;
}

static struct error *choose(struct job_picture *picture, const struct rank_job *job,
			    const struct job_picture_wish *wish)
{
	const size_t count = picture->lines.count;
	const bool is_sum = job->is_tree || wish->of != RANK_LINES_RANKS;
	const bool are_few = count <= wish->kept;
	struct rank_groups groups = { 0 };
	struct error *err = NULL;

	picture->profiles = calloc(count + 2, sizeof(*picture->profiles));
	picture->subjects = calloc(count + 2, sizeof(*picture->subjects));
	if (picture->profiles == NULL || picture->subjects == NULL)
		return error_no_memory();
	if (count <= LINES_MOST)
		err = rank_groups_init(&groups, &picture->lines, job->start_ns,
				       job->end_ns > job->start_ns ? job->end_ns
								   : job->start_ns + 1);
	if (err != NULL)
		return err;
	if (are_few ||
	    (count <= LINES_MOST && !wish->is_kept_wished && groups.count <= GROUPS_MOST))
		err = draw_each(picture, job, groups.group_of != NULL ? &groups : NULL, is_sum);
	else
		err = draw_band(picture, job, wish->is_kept_wished ? wish->kept : 1, is_sum);
	rank_groups_deinit(&groups);
	return err;
}

/* "job 4711, 8 ranks on 2 hosts: ./solver --grid 512" */
static struct error *make_title(struct job_picture *picture, const struct rank_job *job,
				const struct job_picture_wish *wish)
{
	const char *command = rank_text(job, job->ranks[0].command);
	const char *start = keep_text(picture, "%s%s", job->name != NULL ? "job " : wish->place,
				      job->name != NULL ? job->name : "");

	picture->options.title =
		start == NULL ? NULL
			      : keep_text(picture, "%s, %zu rank%s%s%s", start, job->count,
					  job->count == 1 ? "" : "s", command != NULL ? ": " : "",
					  command != NULL ? command : "");
	return picture->options.title == NULL ? error_no_memory() : NULL;
}

/* The axis says what 0 is; a window that was wished for is in the axis's times. */
static struct error *set_origin(struct job_picture *picture, const struct rank_job *job,
				const struct job_picture_wish *wish)
{
	struct plot_options *options = &picture->options;
	char date[TEXT_DATE_BYTES];

	if (wish->origin != NULL) {
		options->origin = wish->origin;
		options->origin_ns = -job->start_ns;
		options->window_start_ns += options->origin_ns;
		options->window_end_ns += options->origin_ns;
		return NULL;
	}
	text_format_date(date, job->start_epoch_ns);
	options->origin = date[0] == '\0' ? "the start of the job" : keep_text(picture, "%s", date);
	return options->origin == NULL ? error_no_memory() : NULL;
}

struct error *job_picture_init(struct job_picture *picture, const struct rank_job *job,
			       const struct job_picture_wish *wish,
			       const struct plot_options *options)
{
	*picture = (struct job_picture){ .options = *options };
	struct error *err = rank_lines_init(&picture->lines, job, wish->of, SUM_SAMPLES);
	if (err == NULL)
		err = choose(picture, job, wish);
	if (err == NULL && options->title == NULL)
		err = make_title(picture, job, wish);
	if (err == NULL)
		err = set_origin(picture, job, wish);
	picture->options.subjects = picture->subjects;
	if (err != NULL)
		job_picture_deinit(picture);
	return err;
}

void job_picture_deinit(struct job_picture *picture)
{
	for (size_t i = 0; i < picture->count; i++)
		profile_deinit(&picture->profiles[i]);
	for (size_t i = 0; i < picture->text_count; i++)
		free(picture->texts[i]);
	free(picture->profiles);
	free(picture->subjects);
	free(picture->texts);
	rank_lines_deinit(&picture->lines);
	rank_band_deinit(&picture->band);
	*picture = (struct job_picture){ 0 };
}
