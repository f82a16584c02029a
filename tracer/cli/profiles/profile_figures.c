/* Figures of profiles, and patterns for them; see profile_figures.h. Cli layer. */
#include "tracer/cli/profiles/profile_figures.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>

#include "plot/records/profile_reader.h"
#include "plot/totals/tree_peak.h"
#include "tracer/cli/terminal/progress_bar.h"

/*
 * Peaks and slopes of a process are of all its samples, however few are kept; the sum of several is, by a
 * second look.
 */
enum { SAMPLES_MOST = 1 << 12, MAPPED_BYTES = 128 << 10 };

static struct error *read_figures(const char *path, bool needs_tree, struct figures *ret)
{
	const struct series_range whole = { INT64_MIN, INT64_MAX, SAMPLES_MOST };
	struct profile profile;
	struct progress_bar bar;
	const struct profile_reading reading = {
		.range = &whole,
		.progress = progress_bar_step,
		.data = &bar,
	};

	progress_bar_init(&bar, path);
	struct error *err = profile_read_with(&profile, path, &reading);
	progress_bar_end(&bar);
	if (err != NULL)
		return err;
	profile_warn_damage(&profile);
	double tree_mib = NAN;
	progress_bar_init(&bar, path);
	if (needs_tree)
		err = tree_peak_find(&profile, progress_bar_step, &bar, &tree_mib);
	progress_bar_end(&bar);
	if (err == NULL)
		err = figures_init(ret, &profile, tree_mib);
	profile_deinit(&profile);
	return err;
}

struct error *profile_figures_read(const struct profile_files *files, bool needs_tree,
				   struct figure_group *ret)
{
	struct error *err = NULL;

	*ret = (struct figure_group){ 0 };
	/*
	 * Large arrays stay mappings of their own, which grow in their place. By itself malloc(3) puts them into
	 * its heap once the first profile has been released, and the next one has old and new copies there.
	 */
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	for (size_t i = 0; err == NULL && i < files->count; i++) {
		struct figures figures;
		err = read_figures(files->paths[i], needs_tree, &figures);
		if (err == NULL)
			err = figure_group_add(ret, &figures);
	}
	if (err == NULL)
		err = figure_group_finish(ret);
	if (err != NULL)
		figure_group_deinit(ret);
	return err;
}

static bool wants_label(void *data, const char *name)
{
	return pattern_set_wants_label(data, name);
}

static bool needs_pattern(const struct condition *condition, const struct figure_group *before,
			  const struct figure_group *after)
{
	const enum subject_kind kind = SUBJECT_FUNCTION;

	return condition->name != NULL && figure_traits(condition->figure)->kind == kind &&
	       figure_group_find(after, kind, condition->name) == NULL &&
	       (before == NULL || figure_group_find(before, kind, condition->name) == NULL);
}

static struct error *parse_pattern(struct condition *condition, struct pattern_set **ret)
{
	struct error *err = pattern_set_create(ret);

	if (err == NULL)
		err = pattern_set_add(*ret, condition->name);
	if (err == NULL)
		err = pattern_set_check_labels(*ret);
	if (err == NULL) {
		condition->wants = wants_label;
		condition->data = *ret;
	}
	if (condition->origin != NULL)
		return error_context(err, "%s", condition->origin);
	return error_context(err, "'%s'", condition->text);
}

struct error *condition_patterns_init(struct condition_patterns *patterns,
				      struct conditions *conditions,
				      const struct figure_group *before,
				      const struct figure_group *after)
{
	struct pattern_set **sets = calloc(conditions->count + 1, sizeof(struct pattern_set *));
	struct error *err = sets == NULL ? error_no_memory() : NULL;

	*patterns = (struct condition_patterns){ sets, sets == NULL ? 0 : conditions->count };
	for (size_t i = 0; err == NULL && i < conditions->count; i++) {
		if (needs_pattern(&conditions->list[i], before, after))
			err = parse_pattern(&conditions->list[i], &sets[i]);
	}
	if (err != NULL)
		condition_patterns_deinit(patterns);
	return err;
}

void condition_patterns_deinit(struct condition_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		pattern_set_destroy(patterns->sets[i]);
	free(patterns->sets);
	*patterns = (struct condition_patterns){ 0 };
}
