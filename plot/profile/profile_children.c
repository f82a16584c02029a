/* Children by their peaks, equal ones together; see profile_children.h. Plot layer. */
#include "plot/profile/profile_children.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_peak.h"
#include "plot/text/text.h"

/* Of two indices into @processes. */
static int rank_compare(const void *a, const void *b, void *processes)
{
	const size_t one = *(const size_t *)a, other = *(const size_t *)b;
	const struct profile_process *all = processes;

	if (all[one].highest_mib != all[other].highest_mib)
		return all[one].highest_mib > all[other].highest_mib ? -1 : 1;
	return one < other ? -1 : one > other;
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

/* Two are told by their pids. */
enum { GROUP_LEAST = 3 };

/* Peaks that differ by this part are about the same, but by no less and no more than so much. */
static const double SAME_PART = 0.05, SAME_LEAST_MIB = 0.25, SAME_MOST_MIB = 2;

/* A child of which something is known. */
struct child {
	size_t process;
	char *program; /* owned; empty: not known */
	double peak_mib;
	bool is_sum;
};

/* By program, then the highest peak first; the sum of others last of all. */
static int child_compare(const void *a, const void *b)
{
	const struct child *one = a, *other = b;

	if (one->is_sum != other->is_sum)
		return one->is_sum ? 1 : -1;
	int order = strcmp(one->program, other->program);
	if (order != 0)
		return order;
	if (one->peak_mib != other->peak_mib)
		return one->peak_mib > other->peak_mib ? -1 : 1;
	return one->process < other->process ? -1 : one->process > other->process;
}

static int group_compare(const void *a, const void *b)
{
	const struct child_group *one = a, *other = b;

	if (one->is_sum != other->is_sum)
		return one->is_sum ? 1 : -1;
	if (one->high_mib != other->high_mib)
		return one->high_mib > other->high_mib ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

static void children_free(struct child *all, size_t count)
{
	for (size_t i = 0; all != NULL && i < count; i++)
		free(all[i].program);
	free(all);
}

/* All that have samples or calls, in the order of child_compare. */
static struct error *gather(const struct profile *profile, struct child **ret, size_t *ret_count)
{
	struct child *all = calloc(profile->process_count, sizeof(*all));
	size_t count = 0;
	bool is_exact;
	struct error *err = all == NULL ? error_no_memory() : NULL;

	for (size_t i = 1; err == NULL && i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->highest_ns == PROFILE_TIME_UNKNOWN)
			continue;
		char *program = text_program_name(process->command != NULL ? process->command : "");
		if (program == NULL)
			err = error_no_memory();
		else
			all[count++] = (struct child){
				.process = i,
				.program = program,
				.peak_mib = profile_peak_mib(profile, i, process->highest_mib,
							     &is_exact),
				.is_sum = process->pid == PROFILE_PID_SUMMED,
			};
	}
	if (err != NULL) {
		children_free(all, count);
		return err;
	}
	qsort(all, count, sizeof(*all), child_compare);
	*ret = all;
	*ret_count = count;
	return NULL;
}

/* How many, from @first on, are of one group. */
static size_t group_length(const struct child *all, size_t first, size_t count, bool groups)
{
	size_t end = first + 1;
	double high_mib = all[first].peak_mib;
	double low_mib = high_mib - fmin(fmax(high_mib * SAME_PART, SAME_LEAST_MIB), SAME_MOST_MIB);

	while (groups && all[first].program[0] != '\0' && end < count && !all[end].is_sum &&
	       all[end].peak_mib >= low_mib && strcmp(all[end].program, all[first].program) == 0)
		end++;
	return end - first >= GROUP_LEAST ? end - first : 1;
}

struct error *profile_group_children(const struct profile *profile, bool are_alone,
				     struct child_groups *ret)
{
	struct child *all;
	size_t count;

	*ret = (struct child_groups){ 0 };
	struct error *err = gather(profile, &all, &count);
	if (err != NULL)
		return err;
	ret->processes = calloc(count + 1, sizeof(*ret->processes));
	ret->groups = calloc(count + 1, sizeof(*ret->groups));
	if (ret->processes == NULL || ret->groups == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < count; i += ret->groups[ret->count++].count) {
		ret->groups[ret->count] = (struct child_group){
			.first = i,
			.count = group_length(all, i, count, !are_alone),
			.high_mib = all[i].peak_mib,
			.is_sum = all[i].is_sum,
		};
	}
	for (size_t i = 0; err == NULL && i < count; i++)
		ret->processes[i] = all[i].process;
	children_free(all, count);
	if (err != NULL) {
		child_groups_deinit(ret);
		return err;
	}
	qsort(ret->groups, ret->count, sizeof(*ret->groups), group_compare);
	return NULL;
}

void child_groups_deinit(struct child_groups *groups)
{
	free(groups->processes);
	free(groups->groups);
	*groups = (struct child_groups){ 0 };
}
