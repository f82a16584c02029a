/* What is left out of a profile; see profile_filter.h. Plot layer. */
#include "plot/profile/profile_filter.h"

#include <stdlib.h>

size_t profile_keep_functions(struct profile *profile, bool (*wants)(void *data, const char *name),
			      void *data)
{
	size_t kept = 0;

	for (size_t i = 0; i < profile->function_count; i++) {
		struct profile_function *function = &profile->functions[i];
		function->is_hidden = function->is_hidden || !wants(data, function->name);
		kept += !function->is_hidden;
	}
	for (size_t i = 0; i < profile->marker_count; i++) {
		struct marker *marker = &profile->markers[i];
		marker->is_hidden = marker->is_hidden || !wants(data, marker->name);
		kept += !marker->is_hidden;
	}
	return kept;
}

static bool is_wanted(const struct profile *profile, size_t process, const int32_t *pids,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (profile->processes[process].pid == pids[i])
			return true;
	}
	return false;
}

static void keep_calls(struct profile_function *function, const bool *wanted)
{
	size_t calls = 0, condensed = 0;

	for (size_t i = 0; i < function->call_count; i++) {
		if (wanted[function->calls[i].process])
			function->calls[calls++] = function->calls[i];
	}
	for (size_t i = 0; i < function->condensed_count; i++) {
		if (wanted[function->condensed[i].process])
			function->condensed[condensed++] = function->condensed[i];
	}
	function->call_count = calls;
	function->condensed_count = condensed;
	function->is_hidden = function->is_hidden || calls + condensed == 0;
}

static void keep_moments(struct marker *marker, const bool *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < marker->count; i++) {
		if (wanted[marker->moments[i].process])
			marker->moments[kept++] = marker->moments[i];
	}
	marker->count = kept;
	marker->is_hidden = marker->is_hidden || kept == 0;
}

size_t profile_keep_processes(struct profile *profile, const int32_t *pids, size_t count)
{
	bool *wanted = calloc(profile->process_count, sizeof(*wanted));
	size_t found = 0;

	if (wanted == NULL)
		return 0;
	for (size_t i = 0; i < profile->process_count; i++) {
		struct profile_process *process = &profile->processes[i];
		wanted[i] = is_wanted(profile, i, pids, count);
		if (wanted[i]) {
			found += process->highest_ns != PROFILE_TIME_UNKNOWN;
			continue;
		}
		process->series.count = 0;
		process->highest_ns = PROFILE_TIME_UNKNOWN;
	}
	for (size_t i = 0; i < profile->function_count; i++)
		keep_calls(&profile->functions[i], wanted);
	for (size_t i = 0; i < profile->marker_count; i++)
		keep_moments(&profile->markers[i], wanted);
	free(wanted);
	return found;
}
