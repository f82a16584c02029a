/* A copy of a profile; see profile_copy.h. Plot layer. */
#include "plot/follow/profile_copy.h"

#include <stdlib.h>
#include <string.h>

/* Of @count items; *@ret stays NULL where there are none. */
static struct error *copy_items(void *ret, const void *items, size_t count, size_t item_bytes)
{
	void *copy = NULL;

	if (count > 0) {
		copy = reallocarray(NULL, count, item_bytes);
		if (copy == NULL)
			return error_no_memory();
		memcpy(copy, items, count * item_bytes);
	}
	memcpy(ret, &copy, sizeof(copy));
	return NULL;
}

static struct error *copy_text(char **ret, const char *text)
{
	*ret = text == NULL ? NULL : strdup(text);
	return text != NULL && *ret == NULL ? error_no_memory() : NULL;
}

/* All pointers of what has been copied bit by bit are the first's: none of them may stay. */
static struct error *copy_process(struct profile_process *ret, const struct profile_process *from)
{
	ret->command = NULL;
	ret->series = (struct series){ 0 };
	struct error *err = copy_text(&ret->command, from->command);
	return err != NULL ? err : series_copy(&from->series, &ret->series);
}

static struct error *copy_processes(const struct profile *profile, struct profile *ret)
{
	struct error *err = copy_items(&ret->processes, profile->processes, profile->process_count,
				       sizeof(*ret->processes));

	ret->process_capacity = profile->process_count;
	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		ret->process_count = i + 1; /* what a deinit releases */
		err = copy_process(&ret->processes[i], &profile->processes[i]);
	}
	return err != NULL ? err : addr_map_copy(&profile->process_of_pid, &ret->process_of_pid);
}

static struct error *copy_function(struct profile_function *ret,
				   const struct profile_function *from)
{
	ret->calls = NULL;
	ret->condensed = NULL;
	ret->call_capacity = from->call_count;
	ret->condensed_capacity = from->condensed_count;
	struct error *err = copy_text(&ret->name, from->name);
	if (err == NULL)
		err = copy_items(&ret->calls, from->calls, from->call_count, sizeof(*ret->calls));
	if (err == NULL)
		err = copy_items(&ret->condensed, from->condensed, from->condensed_count,
				 sizeof(*ret->condensed));
	return err;
}

static struct error *copy_functions(const struct profile *profile, struct profile *ret)
{
	struct error *err = copy_items(&ret->functions, profile->functions, profile->function_count,
				       sizeof(*ret->functions));

	ret->function_capacity = profile->function_count;
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		ret->function_count = i + 1;
		err = copy_function(&ret->functions[i], &profile->functions[i]);
	}
	return err != NULL ? err
			   : addr_map_copy(&profile->function_of_hash, &ret->function_of_hash);
}

static struct error *copy_markers(const struct profile *profile, struct profile *ret)
{
	struct error *err = copy_items(&ret->markers, profile->markers, profile->marker_count,
				       sizeof(*ret->markers));

	ret->marker_capacity = profile->marker_count;
	for (size_t i = 0; err == NULL && i < profile->marker_count; i++) {
		struct marker *marker = &ret->markers[i];
		const struct marker *from = &profile->markers[i];
		ret->marker_count = i + 1;
		marker->moments = NULL;
		marker->capacity = from->count;
		err = copy_text(&marker->name, from->name);
		if (err == NULL)
			err = copy_items(&marker->moments, from->moments, from->count,
					 sizeof(*marker->moments));
	}
	return err != NULL ? err : addr_map_copy(&profile->marker_of_hash, &ret->marker_of_hash);
}

static struct error *copy_rest(const struct profile *profile, struct profile *ret)
{
	struct error *err = copy_items(&ret->missed, profile->missed, profile->missed_count,
				       sizeof(*ret->missed));

	ret->missed_capacity = profile->missed_count;
	for (size_t i = 0; err == NULL && i < profile->missed_count; i++) {
		ret->missed_count = i + 1;
		ret->missed[i].reason = NULL;
		err = copy_text(&ret->missed[i].pattern, profile->missed[i].pattern);
		if (err == NULL)
			err = copy_text(&ret->missed[i].reason, profile->missed[i].reason);
	}
	if (err == NULL)
		err = copy_items(&ret->left, profile->left, profile->left_count,
				 sizeof(*ret->left));
	ret->left_capacity = profile->left_count;
	for (size_t i = 0; err == NULL && i < profile->left_count; i++) {
		ret->left_count = i + 1;
		err = copy_text(&ret->left[i].name, profile->left[i].name);
	}
	if (err == NULL)
		err = copy_text(&ret->path, profile->path);
	if (err == NULL)
		err = copy_text(&ret->metric, profile->metric);
	if (err == NULL)
		err = copy_text(&ret->rank.job, profile->rank.job);
	if (err == NULL)
		err = copy_text(&ret->rank.node, profile->rank.node);
	return err != NULL ? err : copy_text(&ret->command_line, profile->command_line);
}

static struct error *copy_threads(const struct profile *profile, struct profile *ret)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->thread_count; i++) {
		const struct named_thread *thread = &profile->threads[i];
		char *name = NULL;
		err = copy_text(&name, thread->name);
		if (err == NULL)
			err = profile_name_thread(ret, thread->process, thread->tid, name);
	}
	return err;
}

struct error *profile_copy(const struct profile *profile, struct profile *ret)
{
	*ret = *profile;
	/* What is not made a copy of its own in what follows is no pointer. */
	ret->path = ret->metric = ret->command_line = NULL;
	ret->rank.job = ret->rank.node = NULL;
	ret->processes = NULL;
	ret->functions = NULL;
	ret->markers = NULL;
	ret->missed = NULL;
	ret->left = NULL;
	ret->threads = NULL;
	ret->parts = ret->companions = (struct profile_tracks){ 0 };
	ret->lines = (struct line_book){ 0 };
	ret->process_of_pid = ret->function_of_hash = (struct addr_map){ 0 };
	ret->marker_of_hash = ret->thread_of_key = (struct addr_map){ 0 };
	ret->process_count = ret->function_count = ret->marker_count = 0;
	ret->missed_count = ret->left_count = 0;
	ret->thread_count = ret->thread_capacity = 0;
	ret->stacks = (struct profile_stacks){ 0 };
	struct error *err = copy_processes(profile, ret);
	if (err == NULL)
		err = copy_functions(profile, ret);
	if (err == NULL)
		err = copy_markers(profile, ret);
	if (err == NULL)
		err = copy_threads(profile, ret);
	if (err == NULL)
		err = profile_tracks_copy(&profile->parts, &ret->parts);
	if (err == NULL)
		err = profile_tracks_copy(&profile->companions, &ret->companions);
	if (err == NULL)
		err = profile_stacks_copy(&profile->stacks, &ret->stacks);
	if (err == NULL)
		err = line_book_copy(&profile->lines, &ret->lines);
	if (err == NULL)
		err = copy_rest(profile, ret);
	if (err != NULL)
		profile_deinit(ret);
	return err;
}
