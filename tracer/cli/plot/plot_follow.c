/* The profile that plot --follow draws; see plot_follow.h. Cli layer. */
#include "tracer/cli/plot/plot_follow.h"

#include <time.h>

#include "plot/follow/profile_copy.h"
#include "tracer/base/log.h"
#include "tracer/cli/plot/plot_profiles.h"

/* A page needs less than a long recording has; many calls are a strip, not brackets. */
static const struct follow_limits LIMITS = { .samples = 1 << 16, .calls = 1 << 18 };

/* A function that --func names may be called yet. */
static struct error *select_part(const struct plot_settings *settings, struct profile *profile)
{
	const struct profile_selection functions = { .functions = settings->selection.functions };
	const struct profile_selection pids = {
		.pids = settings->selection.pids,
		.pid_count = settings->selection.pid_count,
	};
	struct error *err = error_ignore(profile_selection_apply(&functions, profile), ERR_FAILED);

	return err != NULL ? err : profile_selection_apply(&pids, profile);
}

/* NULL: there is no sample yet, or no more. Then what was drawn stays. */
static struct error *take(struct plot_follow *follow, const struct profile *now)
{
	struct profile copy;

	struct error *err = profile_copy(now, &copy);
	if (err != NULL)
		return err;
	err = select_part(follow->settings, &copy);
	if (err == NULL)
		err = plot_profiles_sum(follow->settings, &copy);
	if (err != NULL) {
		profile_deinit(&copy);
		return err;
	}
	profile_deinit(&follow->profile);
	follow->profile = copy;
	return NULL;
}

static struct error *read_all(struct plot_follow *follow, bool *ret_changed)
{
	struct error *err;
	bool has_changed;

	*ret_changed = false;
	do {
		err = profile_follow_read(follow->file, &has_changed);
		*ret_changed = *ret_changed || has_changed;
	} while (err == NULL && profile_follow_is_behind(follow->file));
	return err;
}

struct error *plot_follow_look(struct plot_follow *follow, bool *ret_changed)
{
	struct error *err = profile_follow_read(follow->file, ret_changed);
	const struct profile *now = profile_follow_profile(follow->file);

	if (err != NULL || !*ret_changed)
		return err;
	*ret_changed = now != NULL;
	return now != NULL ? take(follow, now) : NULL;
}

struct error *plot_follow_open(struct plot_follow *ret, const struct plot_settings *settings)
{
	static const struct timespec pause_ns = { .tv_nsec = 100000000 };
	const char *path = settings->files.paths[0];
	const struct profile *now = NULL;
	bool is_told = false, has_changed;

	*ret = (struct plot_follow){ .settings = settings };
	struct error *err = profile_follow_open(&ret->file, path, &LIMITS);
	if (err != NULL)
		return err;
	while (err == NULL && now == NULL) {
		err = read_all(ret, &has_changed);
		now = err == NULL ? profile_follow_profile(ret->file) : NULL;
		if (err != NULL || now != NULL)
			break;
		if (!is_told)
			log_info("waiting for the first sample in %s", path);
		is_told = true;
		nanosleep(&pause_ns, NULL);
	}
	if (err == NULL)
		err = take(ret, now);
	if (err != NULL)
		profile_follow_close(ret->file);
	return err;
}

void plot_follow_close(struct plot_follow *follow)
{
	profile_follow_close(follow->file);
	profile_deinit(&follow->profile);
}
