/* Many children in one line; see profile_children.h. Plot layer. */
#include "plot/profile/profile_children.h"

#include <stdio.h>
#include <stdlib.h>

/* The memory of one process changes. */
struct change {
	int64_t time_ns;
	double mib; /* from then on; 0: it has ended */
	uint32_t child;
};

/* Of two indices into @processes. */
static int rank_compare(const void *a, const void *b, void *processes)
{
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;
	const struct profile_process *all = processes;

	if (all[one].highest_mib != all[other].highest_mib)
		return all[one].highest_mib > all[other].highest_mib ? -1 : 1;
	return one < other ? -1 : one > other;
}

static int change_compare(const void *a, const void *b)
{
	const struct change *one = a, *other = b;

	return one->time_ns < other->time_ns ? -1 : one->time_ns > other->time_ns;
}

struct error *profile_rank_children(const struct profile *profile, size_t **ret, size_t *ret_count)
{
	*ret_count = 0;
	*ret = calloc(profile->process_count, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 1; i < profile->process_count; i++) {
		if (profile->processes[i].highest_ns != PROFILE_TIME_UNKNOWN)
			(*ret)[(*ret_count)++] = i;
	}
	qsort_r(*ret, *ret_count, sizeof(**ret), rank_compare, profile->processes);
	return NULL;
}

/* All changes of @children, in order of time. *@ret is owned. */
static struct error *gather_changes(const struct profile *profile, const size_t *children,
				    size_t count, struct change **ret, size_t *ret_count)
{
	size_t total = 0, used = 0;

	for (size_t i = 0; i < count; i++)
		total += profile->processes[children[i]].series.count + 1;
	*ret = malloc(total * sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++) {
		const struct profile_process *process = &profile->processes[children[i]];
		const struct series *series = &process->series;
		for (size_t k = 0; k < series->count; k++)
			(*ret)[used++] =
				(struct change){ series->time_ns[k], series->mib[k], (uint32_t)i };
		int64_t last_ns = series->time_ns[series->count - 1];
		bool has_end = process->end_ns != PROFILE_TIME_UNKNOWN && process->end_ns > last_ns;
		(*ret)[used++] =
			(struct change){ has_end ? process->end_ns : last_ns + 1, 0, (uint32_t)i };
	}
	qsort(*ret, used, sizeof(**ret), change_compare);
	*ret_count = used;
	return NULL;
}

static struct error *add_sums(struct profile_process *sum, const struct change *changes,
			      size_t count, size_t children)
{
	static const struct series_range range = { INT64_MIN, INT64_MAX, 1 << 16 };
	double *now = calloc(children, sizeof(*now));
	double mib = 0;
	struct error *err = now == NULL ? error_no_memory() : NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		mib += changes[i].mib - now[changes[i].child];
		now[changes[i].child] = changes[i].mib;
		if (i + 1 < count && changes[i + 1].time_ns == changes[i].time_ns)
			continue;
		err = series_add(&sum->series, &range, changes[i].time_ns, mib < 0 ? 0 : mib);
	}
	free(now);
	series_finish(&sum->series, &range);
	sum->highest_mib = sum->series.highest_mib;
	sum->highest_ns = sum->series.highest_ns;
	return err;
}

static struct error *sum_children(struct profile *profile, const size_t *children, size_t count)
{
	struct change *changes;
	size_t change_count;
	int32_t index;

	struct error *err = gather_changes(profile, children, count, &changes, &change_count);
	if (err != NULL)
		return err;
	err = profile_need_process(profile, PROFILE_PID_SUMMED, &index);
	if (err == NULL) {
		struct profile_process *sum = &profile->processes[index];
		if (asprintf(&sum->command, "%zu other children, summed", count) < 0)
			err = error_no_memory();
		if (err == NULL)
			err = add_sums(sum, changes, change_count, count);
	}
	free(changes);
	for (size_t i = 0; err == NULL && i < count; i++) {
		struct profile_process *process = &profile->processes[children[i]];
		process->series.count = 0;
		process->highest_ns = PROFILE_TIME_UNKNOWN;
	}
	return err;
}

/* Those that only calls are known of have nothing to be summed. */
static size_t keep_sampled(const struct profile *profile, size_t *children, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (profile->processes[children[i]].series.count > 0)
			children[kept++] = children[i];
	}
	return kept;
}

struct error *profile_sum_children(struct profile *profile, size_t kept)
{
	size_t *children;
	size_t count;
	struct error *err = profile_rank_children(profile, &children, &count);

	if (err != NULL)
		return err;
	count = keep_sampled(profile, children, count);
	/* One child needs no sum. */
	if (count > kept + 1)
		err = sum_children(profile, children + kept, count - kept);
	free(children);
	return err;
}
