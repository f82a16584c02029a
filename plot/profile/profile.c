/* A profile in memory; see profile.h. Plot layer; knows nothing of the file's text. */
#include "plot/profile/profile.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "tracer/base/array.h"

static struct error *profile_add_process(struct profile *profile, int32_t pid, int32_t *ret)
{
	size_t count = profile->process_count;
	struct error *err = array_reserve(&profile->processes, &profile->process_capacity,
					  count + 1, sizeof(*profile->processes));
	if (err != NULL)
		return err;
	profile->processes[count] = (struct profile_process){
		.pid = pid,
		.start_ns = PROFILE_TIME_UNKNOWN,
		.end_ns = PROFILE_TIME_UNKNOWN,
		.status = -1,
		.highest_ns = PROFILE_TIME_UNKNOWN,
		.exact_peak_mib = -1,
	};
	profile->process_count++;
	*ret = (int32_t)count;
	return NULL;
}

struct error *profile_init(struct profile *profile, const char *path)
{
	int32_t main_process;

	*profile = (struct profile){
		.first_ns = INT64_MAX,
		.last_ns = INT64_MIN,
		.together_ns = PROFILE_TIME_UNKNOWN,
	};
	profile->path = strdup(path);
	if (profile->path == NULL)
		return error_no_memory();
	return profile_add_process(profile, 0, &main_process);
}

void profile_deinit(struct profile *profile)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		free(profile->processes[i].command);
		series_deinit(&profile->processes[i].series);
	}
	for (size_t i = 0; i < profile->function_count; i++) {
		free(profile->functions[i].name);
		free(profile->functions[i].calls);
		free(profile->functions[i].condensed);
	}
	for (size_t i = 0; i < profile->marker_count; i++) {
		free(profile->markers[i].name);
		free(profile->markers[i].moments);
	}
	free(profile->markers);
	addr_map_deinit(&profile->marker_of_hash);
	for (size_t i = 0; i < profile->thread_count; i++)
		free(profile->threads[i].name);
	free(profile->threads);
	addr_map_deinit(&profile->thread_of_key);
	for (size_t i = 0; i < profile->missed_count; i++) {
		free(profile->missed[i].pattern);
		free(profile->missed[i].reason);
	}
	free(profile->processes);
	free(profile->functions);
	free(profile->missed);
	for (size_t i = 0; i < profile->left_count; i++)
		free(profile->left[i].name);
	free(profile->left);
	free(profile->rank.job);
	free(profile->rank.node);
	profile_tracks_deinit(&profile->parts);
	profile_tracks_deinit(&profile->companions);
	line_book_deinit(&profile->lines);
	profile_stacks_deinit(&profile->stacks);
	addr_map_deinit(&profile->process_of_pid);
	addr_map_deinit(&profile->function_of_hash);
	free(profile->path);
	free(profile->metric);
	free(profile->command_line);
	*profile = (struct profile){ 0 };
}

struct error *profile_begin_process(struct profile *profile, int32_t pid, int32_t *ret)
{
	struct error *err = profile_add_process(profile, pid, ret);
	if (err != NULL)
		return err;
	return addr_map_put(&profile->process_of_pid, (uint64_t)pid,
			    (void *)((uintptr_t)*ret + 1)); /* never NULL */
}

struct error *profile_need_process(struct profile *profile, int32_t pid, int32_t *ret)
{
	/* mprof's own files never name the main process. The main one's pid may have become a child's. */
	uintptr_t known = (uintptr_t)addr_map_get(&profile->process_of_pid, (uint64_t)pid);
	if (known != 0) {
		*ret = (int32_t)(known - 1);
		return NULL;
	}
	if (pid == 0 || pid == profile->processes[0].pid) {
		*ret = 0;
		return NULL;
	}
	return profile_begin_process(profile, pid, ret);
}

static int32_t function_find(const struct profile *profile, const char *name, size_t bytes)
{
	uintptr_t slot =
		(uintptr_t)addr_map_get(&profile->function_of_hash, addr_map_text_key(name, bytes));

	for (int32_t i = (int32_t)slot - 1; i >= 0; i = profile->functions[i].next_same_hash) {
		const char *known = profile->functions[i].name;
		if (strlen(known) == bytes && memcmp(known, name, bytes) == 0)
			return i;
	}
	return -1;
}

struct error *profile_need_function(struct profile *profile, const char *name, size_t bytes,
				    int32_t *ret)
{
	char *clean = text_clean(name, bytes);
	if (clean == NULL)
		return error_no_memory();
	size_t clean_bytes = strlen(clean);
	*ret = function_find(profile, clean, clean_bytes);
	if (*ret >= 0) {
		free(clean);
		return NULL;
	}

	size_t count = profile->function_count;
	struct error *err = array_reserve(&profile->functions, &profile->function_capacity,
					  count + 1, sizeof(*profile->functions));
	uint64_t hash = addr_map_text_key(clean, clean_bytes);
	uintptr_t last = (uintptr_t)addr_map_get(&profile->function_of_hash, hash);
	if (err == NULL)
		err = addr_map_put(&profile->function_of_hash, hash,
				   (void *)(uintptr_t)(count + 1));
	if (err != NULL) {
		free(clean);
		return err;
	}
	profile->functions[count] =
		(struct profile_function){ .name = clean, .next_same_hash = (int32_t)last - 1 };
	profile->function_count++;
	*ret = (int32_t)count;
	return NULL;
}

const struct profile_function *profile_find_function(const struct profile *profile,
						     const char *name)
{
	char *clean = text_clean(name, strlen(name));
	if (clean == NULL)
		return NULL;
	int32_t i = function_find(profile, clean, strlen(clean));
	free(clean);
	return i < 0 ? NULL : &profile->functions[i];
}

static uint64_t thread_key(int32_t process, int32_t tid)
{
	return (uint64_t)(uint32_t)process << 32 | (uint32_t)tid;
}

struct error *profile_name_thread(struct profile *profile, int32_t process, int32_t tid, char *name)
{
	uint64_t key = thread_key(process, tid);
	uintptr_t known = (uintptr_t)addr_map_get(&profile->thread_of_key, key);
	struct error *err = NULL;

	if (known != 0) {
		free(profile->threads[known - 1].name);
		profile->threads[known - 1].name = name;
		return NULL;
	}
	err = array_reserve(&profile->threads, &profile->thread_capacity, profile->thread_count + 1,
			    sizeof(*profile->threads));
	if (err == NULL)
		err = addr_map_put(&profile->thread_of_key, key,
				   (void *)(uintptr_t)(profile->thread_count + 1));
	if (err != NULL) {
		free(name);
		return err;
	}
	profile->threads[profile->thread_count++] = (struct named_thread){ process, tid, name };
	return NULL;
}

const char *profile_command(const struct profile *profile)
{
	return profile->command_line != NULL ? profile->command_line
					     : profile->processes[0].command;
}

const char *profile_process_command(const struct profile *profile, size_t process)
{
	const char *command = profile->processes[process].command;

	return command != NULL || process > 0 ? command : profile->command_line;
}

const char *profile_thread_name(const struct profile *profile, int32_t process, int32_t tid)
{
	uintptr_t known =
		(uintptr_t)addr_map_get(&profile->thread_of_key, thread_key(process, tid));

	return known != 0 ? profile->threads[known - 1].name : NULL;
}

const struct left_function *profile_find_left(const struct profile *profile, const char *name)
{
	for (size_t i = profile->left_count; i-- > 0;) {
		if (strcmp(profile->left[i].name, name) == 0)
			return &profile->left[i];
	}
	return NULL;
}

struct error *profile_add_call(struct profile *profile, int32_t function,
			       const struct profile_call *call)
{
	struct profile_function *f = &profile->functions[function];
	struct error *err =
		array_reserve(&f->calls, &f->call_capacity, f->call_count + 1, sizeof(*f->calls));
	if (err == NULL)
		f->calls[f->call_count++] = *call;
	return err;
}
