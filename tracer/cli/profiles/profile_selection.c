/* Which part of a profile is looked at; see profile_selection.h. Cli layer. */
#include "tracer/cli/profiles/profile_selection.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/profile/profile_filter.h"
#include "tracer/base/array.h"

void profile_selection_deinit(struct profile_selection *selection)
{
	pattern_set_destroy(selection->functions);
	free(selection->pids);
}

struct error *time_window_parse(const char *text, int64_t *ret_from_ns, int64_t *ret_to_ns)
{
	char *end;
	double start_s = strtod(text, &end);

	if (end != text && *end == ',') {
		const char *second = end + 1;
		double end_s = strtod(second, &end);
		/* 10^9 s are 31 years, and fit in nanoseconds. */
		if (end != second && *end == '\0' && start_s >= -1e9 && end_s <= 1e9 &&
		    end_s - start_s >= 1e-9) {
			*ret_from_ns = llround(start_s * 1e9);
			*ret_to_ns = llround(end_s * 1e9);
			return NULL;
		}
	}
	return error_new(ERR_USAGE,
			 "--window %s: give two times in seconds, the earlier first, as in 0,20.5",
			 text);
}

struct error *profile_selection_add_functions(struct profile_selection *selection, const char *text)
{
	struct error *err =
		selection->functions == NULL ? pattern_set_create(&selection->functions) : NULL;
	if (err == NULL)
		err = pattern_set_add(selection->functions, text);
	return error_context(err, "--func %s", text);
}

struct error *profile_selection_add_pids(struct profile_selection *selection, const char *text)
{
	for (const char *at = text;; at++) {
		char *end;
		errno = 0;
		long pid = strtol(at, &end, 10);
		if (end == at || errno != 0 || pid <= 0 || pid > INT_MAX ||
		    (*end != ',' && *end != '\0'))
			return error_new(ERR_USAGE,
					 "--pid %s: give process ids, separated by commas", text);
		struct error *err =
			array_reserve(&selection->pids, &selection->pid_capacity,
				      selection->pid_count + 1, sizeof(*selection->pids));
		if (err != NULL)
			return err;
		selection->pids[selection->pid_count++] = (int32_t)pid;
		at = end;
		if (*end == '\0')
			return NULL;
	}
}

struct error *profile_selection_check(const struct profile_selection *selection)
{
	if (selection->functions == NULL)
		return NULL;
	return error_context(pattern_set_check_labels(selection->functions), "--func");
}

static bool wants_function(void *data, const char *name)
{
	const struct pattern_set *patterns = data;

	return pattern_set_wants_label(patterns, name);
}

char *profile_list_functions(const struct profile *profile)
{
	static const size_t most = 8;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < profile->function_count && i < most; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", profile->functions[i].name);
	if (profile->function_count > most)
		fprintf(out, ", and %zu more", profile->function_count - most);
	if (profile->function_count == 0)
		fprintf(out, "none");
	fclose(out);
	return text;
}

/* Of those that can be drawn. */
static char *list_pids(const struct profile *profile)
{
	static const size_t most = 20;
	char *text = NULL;
	size_t bytes, count = 0;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->highest_ns != PROFILE_TIME_UNKNOWN && count++ < most)
			fprintf(out, "%s%" PRId32, count > 1 ? ", " : "", process->pid);
	}
	if (count > most)
		fprintf(out, ", and %zu more", count - most);
	fclose(out);
	return text;
}

struct error *profile_selection_apply(const struct profile_selection *selection,
				      struct profile *profile)
{
	struct error *err = NULL;

	if (selection->functions != NULL) {
		char *functions = profile_list_functions(profile);
		if (profile_keep_functions(profile, wants_function, selection->functions) == 0)
			err = error_new(ERR_FAILED, "no function of %s matches --func; it has: %s",
					profile->path, functions != NULL ? functions : "?");
		free(functions);
	}
	if (err == NULL && selection->pid_count > 0) {
		char *pids = list_pids(profile);
		if (profile_keep_processes(profile, selection->pids, selection->pid_count) == 0)
			err = error_new(ERR_FAILED,
					"no process of %s has a pid of --pid; it has: %s",
					profile->path, pids != NULL ? pids : "?");
		free(pids);
	}
	return err;
}
