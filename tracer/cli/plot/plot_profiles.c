/* Reads what mprof-trace plot draws; see plot_profiles.h. Cli layer. */
#include "tracer/cli/plot/plot_profiles.h"

#include <stdlib.h>

#include "plot/totals/tree_sum.h"
#include "tracer/cli/plot/plot_align.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/progress_bar.h"

/* A page needs less than a long recording has: samples are reduced while they are read. */
enum { SAMPLES_MOST = 1 << 16 };

struct error *plot_profiles_sum(const struct plot_settings *settings, struct profile *profile)
{
	struct error *err = NULL;

	if (settings->sums_tree)
		err = profile_make_tree(profile, settings->wants_children);
	return err != NULL ? err : profile_sum_children(profile, settings->children);
}

static struct error *filter(const struct plot_settings *settings, struct profile *profile)
{
	struct error *err = profile_selection_apply(&settings->selection, profile);

	return err != NULL ? err : plot_profiles_sum(settings, profile);
}

/* @is_whole: whatever window the settings have. */
static struct error *read_file(const struct plot_settings *settings, bool is_whole,
			       const char *path, struct profile *ret)
{
	const struct plot_options *options = &settings->options;
	bool has_window = options->has_window && !is_whole;
	size_t samples = settings->samples > 0 ? settings->samples : SAMPLES_MOST;
	const struct series_range whole = { INT64_MIN, INT64_MAX, samples };
	const struct series_range window = { options->window_start_ns, options->window_end_ns,
					     samples };
	struct progress_bar bar;
	const struct profile_reading reading = {
		.range = has_window ? &window : &whole,
		.progress = progress_bar_step,
		.data = &bar,
	};

	progress_bar_init(&bar, path);
	struct error *err = has_window ? profile_read_window(ret, path, &reading)
				       : profile_read_with(ret, path, &reading);
	progress_bar_end(&bar);
	return err;
}

static struct error *read_files(const struct plot_settings *settings, bool is_whole,
				struct profile **ret)
{
	size_t count = settings->files.count, read = 0;
	struct profile *profiles = calloc(count, sizeof(*profiles));
	struct error *err = profiles == NULL ? error_no_memory() : NULL;

	while (err == NULL && read < count) {
		err = read_file(settings, is_whole, settings->files.paths[read], &profiles[read]);
		if (err != NULL)
			break;
		profile_warn_damage(&profiles[read]);
		err = filter(settings, &profiles[read++]);
	}
	if (err != NULL)
		plot_profiles_free(profiles, read);
	else
		*ret = profiles;
	return err;
}

static bool are_reduced(const struct profile *profiles, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (profile_is_reduced(&profiles[i]))
			return true;
	}
	return false;
}

/* Where a window is, is known when all of the files have been read; then it is read once more. */
static struct error *read_aligned(const struct plot_settings *settings, bool is_whole,
				  struct plot_options *options, struct profile **ret)
{
	size_t count = settings->files.count;
	struct profile *whole;

	struct error *err = read_files(settings, true, &whole);
	if (err != NULL)
		return err;
	err = plot_align(settings, whole, options);
	if (err == NULL && (is_whole || !options->has_window || !are_reduced(whole, count))) {
		*ret = whole;
		return NULL;
	}
	if (err == NULL)
		err = plot_profiles_read_part(settings, whole, options->window_start_ns,
					      options->window_end_ns, NULL, NULL, ret);
	plot_profiles_free(whole, count);
	return err;
}

static struct error *read_all(const struct plot_settings *settings, bool is_whole,
			      struct plot_options *ret_options, struct profile **ret)
{
	*ret_options = settings->options;
	return plot_align_is_needed(settings) ? read_aligned(settings, is_whole, ret_options, ret)
					      : read_files(settings, is_whole, ret);
}

struct error *plot_profiles_read(const struct plot_settings *settings,
				 struct plot_options *ret_options, struct profile **ret)
{
	return read_all(settings, false, ret_options, ret);
}

struct error *plot_profiles_read_whole(const struct plot_settings *settings,
				       struct plot_options *ret_options, struct profile **ret)
{
	return read_all(settings, true, ret_options, ret);
}

struct error *plot_profiles_read_part(const struct plot_settings *settings,
				      const struct profile *whole, int64_t from_ns, int64_t to_ns,
				      profile_progress *progress, void *data, struct profile **ret)
{
	const struct series_range part = { from_ns, to_ns, SAMPLES_MOST };
	const struct profile_reading reading = { .range = &part,
						 .progress = progress,
						 .data = data };
	size_t count = settings->files.count, read = 0;
	struct profile *profiles = calloc(count, sizeof(*profiles));
	struct error *err = profiles == NULL ? error_no_memory() : NULL;

	while (err == NULL && read < count) {
		err = profile_read_part(&profiles[read], settings->files.paths[read],
					whole[read].zero_ns, &reading);
		if (err != NULL)
			break;
		profiles[read].zero_ns = whole[read].zero_ns;
		err = filter(settings, &profiles[read++]);
	}
	if (err != NULL)
		plot_profiles_free(profiles, read);
	else
		*ret = profiles;
	return err;
}

void plot_profiles_free(struct profile *profiles, size_t count)
{
	for (size_t i = 0; i < count; i++)
		profile_deinit(&profiles[i]);
	free(profiles);
}
