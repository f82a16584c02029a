/* Medians over runs, and pairs of two groups; see figure_group.h. Plot layer. */
#include "plot/compare/figure_group.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/totals/median.h"
#include "tracer/base/array.h"

struct error *figure_group_add(struct figure_group *group, struct figures *figures)
{
	struct error *err = array_reserve(&group->runs, &group->run_capacity, group->run_count + 1,
					  sizeof(*group->runs));
	if (err != NULL) {
		figures_deinit(figures);
		return err;
	}
	group->runs[group->run_count++] = *figures;
	*figures = (struct figures){ 0 };
	return NULL;
}

void figure_group_deinit(struct figure_group *group)
{
	for (size_t i = 0; i < group->run_count; i++)
		figures_deinit(&group->runs[i]);
	free(group->runs);
	free(group->subjects);
	*group = (struct figure_group){ 0 };
}

/* A function that was not called was called 0 times; a program that did not run has no peak. */
static bool is_zero_without(enum figure figure)
{
	return figure_traits(figure)->kind == SUBJECT_FUNCTION || figure == FIGURE_PROCESSES;
}

/* Of @found subjects of the same name, each of another run. @values has room for one of each run. */
static void join_runs(const struct figure_group *group, const struct subject *const *found,
		      size_t count, double *values, struct group_subject *ret)
{
	*ret = (struct group_subject){ .kind = found[0]->kind,
				       .name = found[0]->name,
				       .runs = count };
	for (size_t i = 0; i < count; i++)
		ret->is_partial = ret->is_partial || found[i]->is_partial;
	for (enum figure figure = 0; figure < FIGURE_COUNT; figure++) {
		size_t known = 0;
		for (size_t i = 0; i < count; i++) {
			if (!isnan(found[i]->of[figure]))
				values[known++] = found[i]->of[figure];
		}
		bool is_of_kind = figure_traits(figure)->kind == ret->kind;
		for (size_t i = count;
		     is_of_kind && is_zero_without(figure) && i < group->run_count; i++)
			values[known++] = 0;
		median_find(values, known, &ret->median[figure], &ret->spread[figure]);
	}
}

static int compare_found(const void *a, const void *b)
{
	const struct subject *one = *(const struct subject *const *)a;
	const struct subject *other = *(const struct subject *const *)b;

	return subject_compare(one->kind, one->name, other->kind, other->name);
}

/* @all: of all runs, sorted. */
static struct error *join_subjects(struct figure_group *group, const struct subject **all,
				   size_t count)
{
	double *values = calloc(group->run_count + 1, sizeof(*values));

	group->subjects = calloc(count + 1, sizeof(*group->subjects));
	if (values == NULL || group->subjects == NULL) {
		free(values);
		return error_no_memory();
	}
	for (size_t first = 0, next; first < count; first = next) {
		for (next = first + 1; next < count && compare_found(&all[first], &all[next]) == 0;)
			next++;
		join_runs(group, &all[first], next - first, values,
			  &group->subjects[group->count++]);
	}
	free(values);
	return NULL;
}

/* @known: a run whose metric is known, of another group; NULL: there is none. */
static struct error *check_metrics(const struct figure_group *group, const struct figures *known)
{
	for (size_t i = 0; i < group->run_count; i++) {
		const struct figures *run = &group->runs[i];
		if (run->metric[0] == '\0')
			continue;
		if (known != NULL && strcmp(known->metric, run->metric) != 0)
			return error_new(
				ERR_FORMAT,
				"%s measures %s, and %s measures %s: they cannot be compared",
				known->path, known->metric, run->path, run->metric);
		known = run;
	}
	return NULL;
}

struct error *figure_group_finish(struct figure_group *group)
{
	size_t count = 0;
	struct error *err = check_metrics(group, NULL);

	if (err != NULL)
		return err;
	for (size_t i = 0; i < group->run_count; i++)
		count += group->runs[i].count;
	const struct subject **all = calloc(count + 1, sizeof(const struct subject *));
	if (all == NULL)
		return error_no_memory();
	count = 0;
	for (size_t i = 0; i < group->run_count; i++) {
		for (size_t j = 0; j < group->runs[i].count; j++)
			all[count++] = &group->runs[i].subjects[j];
	}
	qsort(all, count, sizeof(const struct subject *), compare_found);
	err = join_subjects(group, all, count);
	free(all);
	return err;
}

struct error *figure_groups_check(const struct figure_group *before,
				  const struct figure_group *after)
{
	for (size_t i = 0; i < before->run_count; i++) {
		if (before->runs[i].metric[0] != '\0')
			return check_metrics(after, &before->runs[i]);
	}
	return NULL;
}

static int compare_group_subjects(const void *a, const void *b)
{
	const struct group_subject *one = a, *other = b;

	return subject_compare(one->kind, one->name, other->kind, other->name);
}

const struct group_subject *figure_group_find(const struct figure_group *group,
					      enum subject_kind kind, const char *name)
{
	const struct group_subject key = { .kind = kind, .name = name };

	return bsearch(&key, group->subjects, group->count, sizeof(key), compare_group_subjects);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct figure_pair *one = a, *other = b;

	return subject_compare(one->kind, one->name, other->kind, other->name);
}

const struct figure_pair *figure_pairs_find(const struct figure_pair *pairs, size_t count,
					    enum subject_kind kind, const char *name)
{
	const struct figure_pair key = { .kind = kind, .name = name };

	return bsearch(&key, pairs, count, sizeof(key), compare_pairs);
}

/* Which of two comes first, where one of them may be at its end. */
static int compare_next(const struct group_subject *before, bool has_before,
			const struct group_subject *after, bool has_after)
{
	if (!has_before || !has_after)
		return has_before ? -1 : 1;
	return compare_group_subjects(before, after);
}

struct error *figure_pairs_create(const struct figure_group *before,
				  const struct figure_group *after, struct figure_pair **ret,
				  size_t *ret_count)
{
	const struct group_subject *new = after->subjects;
	const struct group_subject *old = before != NULL ? before->subjects : new; /* of none */
	size_t before_count = before != NULL ? before->count : 0, count = 0;
	struct figure_pair *pairs = calloc(before_count + after->count + 1, sizeof(*pairs));

	if (pairs == NULL)
		return error_no_memory();
	for (size_t i = 0, j = 0; i < before_count || j < after->count;) {
		int order = compare_next(&old[i], i < before_count, &new[j], j < after->count);
		const struct group_subject *first = order <= 0 ? &old[i] : &new[j];
		pairs[count++] = (struct figure_pair){
			.kind = first->kind,
			.name = first->name,
			.before = order <= 0 ? &old[i] : NULL,
			.after = order >= 0 ? &new[j] : NULL,
		};
		i += order <= 0;
		j += order >= 0;
	}
	*ret = pairs;
	*ret_count = count;
	return NULL;
}

double group_subject_value(const struct group_subject *subject, enum figure figure)
{
	if (subject != NULL)
		return subject->median[figure];
	return is_zero_without(figure) ? 0 : NAN;
}
