/* From where times are counted; see plot_align.h. Cli layer. */
#include "tracer/cli/plot/plot_align.h"

#include <stdlib.h>

#include "tracer/cli/profiles/profile_selection.h"

bool plot_align_is_needed(const struct plot_settings *settings)
{
	return settings->align.functions != NULL ||
	       (settings->options.clock && settings->files.count > 1);
}

static struct error *find_first_call(const struct plot_settings *settings,
				     const struct profile *profile, int64_t *ret_ns)
{
	*ret_ns = align_option_first_ns(&settings->align, profile);
	if (*ret_ns < INT64_MAX)
		return NULL;
	char *functions = profile_list_functions(profile);
	struct error *err =
		error_new(ERR_FAILED, "%s has no call for --align %s; it has: %s", profile->path,
			  settings->align.text, functions != NULL ? functions : "?");
	free(functions);
	return err;
}

/* All profiles begin at 0 or later; the call is as late as in the one where it is latest. */
static struct error *align_calls(const struct plot_settings *settings, struct profile *profiles,
				 struct plot_options *options)
{
	int64_t latest_ns = 0;

	for (size_t i = 0; i < settings->files.count; i++) {
		struct error *err = find_first_call(settings, &profiles[i], &profiles[i].zero_ns);
		if (err != NULL)
			return err;
		if (profiles[i].zero_ns - profiles[i].first_ns > latest_ns)
			latest_ns = profiles[i].zero_ns - profiles[i].first_ns;
	}
	for (size_t i = 0; i < settings->files.count; i++)
		profiles[i].zero_ns -= latest_ns;
	options->origin_ns = latest_ns;
	options->origin = settings->align.label;
	return NULL;
}

struct error *plot_align(const struct plot_settings *settings, struct profile *profiles,
			 struct plot_options *options)
{
	int64_t earliest_ns = INT64_MAX;

	if (settings->align.functions != NULL) {
		struct error *err = align_calls(settings, profiles, options);
		if (err != NULL)
			return err;
		options->window_start_ns += options->origin_ns;
		options->window_end_ns += options->origin_ns;
		return NULL;
	}
	for (size_t i = 0; i < settings->files.count; i++) {
		if (profiles[i].first_ns < earliest_ns)
			earliest_ns = profiles[i].first_ns;
	}
	for (size_t i = 0; i < settings->files.count; i++)
		profiles[i].zero_ns = earliest_ns;
	return NULL;
}
