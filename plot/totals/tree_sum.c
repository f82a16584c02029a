/* Sums over processes; see tree_sum.h. Plot layer. */
#include "plot/totals/tree_sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_children.h"
#include "plot/records/profile_reader.h"

/* Four times as many as a wide page has columns, with four points in each. */
static const struct series_range whole = { INT64_MIN, INT64_MAX, 1 << 16 };

/* A process that is being summed; its next change is a sample, or its end behind the last one. */
struct source {
	const int64_t *time_ns; /* of its samples */
	const double *sample_mib;
	size_t next, count;
	int64_t end_ns;
	double mib; /* since its last change */
};

/* When a source changes next. */
struct turn {
	int64_t next_ns;
	size_t source;
};

/* All sources that have not ended; the one that changes next is the first of the turns (a heap). */
struct merge {
	struct source *sources;
	struct turn *turns;
	size_t count;
	size_t living;
	double mib; /* the sum */
};

/* What is at @at goes down to its place: the lower ones move up, one after the other. */
static void merge_sift_down(struct merge *merge, size_t at)
{
	struct turn *turns = merge->turns;
	const struct turn moving = turns[at];

	for (size_t child; (child = 2 * at + 1) < merge->count; at = child) {
		if (child + 1 < merge->count && turns[child + 1].next_ns < turns[child].next_ns)
			child++;
		if (moving.next_ns <= turns[child].next_ns)
			break;
		turns[at] = turns[child];
	}
	turns[at] = moving;
}

static struct error *merge_init(struct merge *merge, const struct profile *profile,
				const size_t *processes, size_t count)
{
	*merge = (struct merge){
		.sources = calloc(count + 1, sizeof(*merge->sources)),
		.turns = calloc(count + 1, sizeof(*merge->turns)),
	};
	if (merge->sources == NULL || merge->turns == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++) {
		const struct profile_process *process = &profile->processes[processes[i]];
		const struct series *series = &process->series;
		if (series->count == 0)
			continue;
		int64_t last_ns = series->time_ns[series->count - 1];
		bool has_end = process->end_ns != PROFILE_TIME_UNKNOWN && process->end_ns > last_ns;
		merge->turns[merge->count] = (struct turn){ series->time_ns[0], merge->count };
		merge->sources[merge->count++] = (struct source){
			.time_ns = series->time_ns,
			.sample_mib = series->mib,
			.count = series->count,
			.end_ns = has_end ? process->end_ns : last_ns + 1,
		};
	}
	for (size_t i = merge->count / 2; i-- > 0;)
		merge_sift_down(merge, i);
	return NULL;
}

static void merge_deinit(struct merge *merge)
{
	free(merge->sources);
	free(merge->turns);
}

/* The next change of the first source. */
static void merge_step(struct merge *merge)
{
	struct turn *turn = &merge->turns[0];
	struct source *source = &merge->sources[turn->source];

	if (source->next < source->count) {
		const double mib = source->sample_mib[source->next];
		merge->living += source->next == 0;
		source->next++;
		turn->next_ns = source->next < source->count ? source->time_ns[source->next]
							     : source->end_ns;
		merge->mib += mib - source->mib;
		source->mib = mib;
	} else {
		merge->living--;
		/* No rounding is left over when nobody lives. */
		merge->mib = merge->living == 0 ? 0 : merge->mib - source->mib;
		*turn = merge->turns[--merge->count];
	}
	merge_sift_down(merge, 0);
}

/* One point a moment; before a first process of several moments without any, a 0. */
static struct error *merge_run(struct merge *merge, struct series *series)
{
	struct error *err = NULL;
	int64_t last_ns = INT64_MAX;

	while (err == NULL && merge->count > 0) {
		int64_t now_ns = merge->turns[0].next_ns;
		bool was_empty = merge->living == 0;
		while (merge->count > 0 && merge->turns[0].next_ns == now_ns)
			merge_step(merge);
		if (was_empty && last_ns < now_ns - 1)
			err = series_add(series, &whole, now_ns - 1, 0);
		if (err == NULL)
			err = series_add(series, &whole, now_ns, merge->mib < 0 ? 0 : merge->mib);
		last_ns = now_ns;
	}
	series_finish(series, &whole);
	return err;
}

static void note_peak(struct tree_sum *sum)
{
	bool is_known = sum->series.total > 0;

	sum->peak_mib = is_known ? sum->series.highest_mib : 0;
	sum->peak_ns = is_known ? sum->series.highest_ns : PROFILE_TIME_UNKNOWN;
}

struct error *tree_sum_init_of(struct tree_sum *sum, const struct profile *profile,
			       const size_t *processes, size_t count)
{
	struct merge merge;

	*sum = (struct tree_sum){ 0 };
	struct error *err = merge_init(&merge, profile, processes, count);
	if (err == NULL)
		err = merge_run(&merge, &sum->series);
	merge_deinit(&merge);
	note_peak(sum);
	if (err != NULL)
		tree_sum_deinit(sum);
	return err;
}

static struct error *copy_main(struct tree_sum *sum, const struct series *series)
{
	size_t bytes = series->count * sizeof(*series->time_ns);

	sum->series = *series;
	sum->series.time_ns = malloc(bytes + 1);
	sum->series.mib = malloc(bytes + 1);
	sum->series.time_capacity = sum->series.mib_capacity = series->count;
	if (sum->series.time_ns == NULL || sum->series.mib == NULL) {
		tree_sum_deinit(sum);
		return error_no_memory();
	}
	if (series->count > 0) {
		memcpy(sum->series.time_ns, series->time_ns, bytes);
		memcpy(sum->series.mib, series->mib, bytes);
	}
	note_peak(sum);
	sum->is_peak_of_all = true; /* a series knows its highest, whatever it keeps */
	return NULL;
}

/* The end of a process that has none is its last sample: what was summed as it was read did not know it. */
static bool all_ends_known(const struct profile *profile)
{
	int64_t late_ns = profile->last_ns - 10 * profile->interval_ns;

	for (size_t i = 0; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->series.total > 0 && process->end_ns == PROFILE_TIME_UNKNOWN &&
		    process->series.last_ns < late_ns)
			return false;
	}
	return true;
}

/* Sums of what is left of reduced series hold a peak for too long: the file's own one is exact. */
static void take_exact_peak(struct tree_sum *sum, const struct profile *profile)
{
	bool is_reduced = profile_is_reduced(profile);
	bool is_known = profile->together_ns != PROFILE_TIME_UNKNOWN && all_ends_known(profile);

	/* Of one process alone its series knows the highest. */
	sum->is_peak_of_all = !is_reduced || is_known || profile->process_count == 1;
	if (!is_reduced || !is_known)
		return;
	sum->peak_mib = sum->series.highest_mib = profile->together_mib;
	sum->peak_ns = sum->series.highest_ns = profile->together_ns;
}

struct error *tree_sum_init(struct tree_sum *sum, const struct profile *profile)
{
	if (profile->is_tree)
		return copy_main(sum, &profile->processes[0].series);
	size_t *all = malloc(profile->process_count * sizeof(*all));
	if (all == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->process_count; i++)
		all[i] = i;
	struct error *err = tree_sum_init_of(sum, profile, all, profile->process_count);
	free(all);
	if (err == NULL)
		take_exact_peak(sum, profile);
	return err;
}

void tree_sum_deinit(struct tree_sum *sum)
{
	series_deinit(&sum->series);
	*sum = (struct tree_sum){ 0 };
}

/* The process has the sum as its series from now on. Takes it. */
static void give_series(struct profile_process *process, struct tree_sum *sum)
{
	series_deinit(&process->series);
	process->series = sum->series;
	process->highest_mib = sum->peak_mib;
	process->highest_ns = sum->peak_ns;
}

static void drop_series(struct profile_process *process)
{
	process->series.count = 0;
	process->highest_ns = PROFILE_TIME_UNKNOWN;
}

struct error *profile_make_tree(struct profile *profile, bool keeps_children)
{
	struct tree_sum sum;

	if (profile->is_tree)
		return NULL;
	struct error *err = tree_sum_init(&sum, profile);
	if (err != NULL)
		return err;
	for (size_t i = 1; !keeps_children && i < profile->process_count; i++)
		drop_series(&profile->processes[i]);
	give_series(&profile->processes[0], &sum);
	profile->is_tree = true;
	return NULL;
}

static struct error *sum_children(struct profile *profile, const size_t *children, size_t count)
{
	struct tree_sum sum;
	int32_t index;

	struct error *err = tree_sum_init_of(&sum, profile, children, count);
	if (err != NULL)
		return err;
	err = profile_need_process(profile, PROFILE_PID_SUMMED, &index);
	if (err == NULL &&
	    asprintf(&profile->processes[index].command, "%zu other children, summed", count) < 0) {
		profile->processes[index].command = NULL;
		err = error_no_memory();
	}
	if (err != NULL) {
		tree_sum_deinit(&sum);
		return err;
	}
	give_series(&profile->processes[index], &sum);
	for (size_t i = 0; i < count; i++)
		drop_series(&profile->processes[children[i]]);
	return NULL;
}

/*
 * The children that are to be summed, as indices: all but the first groups. Those that only calls are known
 * of have nothing to be summed.
 */
static size_t choose_summed(const struct profile *profile, const struct child_groups *groups,
			    size_t kept_groups, size_t *summed)
{
	static const size_t most_of_a_group = 10; /* lines, for each group that is kept */
	size_t count = 0, kept = 0,
	       most = kept_groups < SIZE_MAX / most_of_a_group ? kept_groups * most_of_a_group
							       : SIZE_MAX;

	for (size_t i = 0; i < groups->count; i++) {
		const struct child_group *group = &groups->groups[i];
		for (size_t k = group->first; k < group->first + group->count; k++) {
			size_t process = groups->processes[k];
			if (i < kept_groups && kept < most)
				kept++;
			else if (profile->processes[process].series.count > 0)
				summed[count++] = process;
		}
	}
	return count;
}

struct error *profile_sum_children(struct profile *profile, size_t kept)
{
	struct child_groups groups;
	struct error *err = profile_group_children(profile, false, &groups);

	if (err != NULL)
		return err;
	size_t *summed = calloc(profile->process_count, sizeof(*summed));
	size_t count = summed == NULL ? 0 : choose_summed(profile, &groups, kept, summed);
	if (summed == NULL)
		err = error_no_memory();
	else if (count > 1) /* one child needs no sum */
		err = sum_children(profile, summed, count);
	free(summed);
	child_groups_deinit(&groups);
	return err;
}
