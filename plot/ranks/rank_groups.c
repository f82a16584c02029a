/* Lines that nobody could tell apart; see rank_groups.h. Plot layer. */
#include "plot/ranks/rank_groups.h"

#include <math.h>
#include <stdlib.h>

#include "plot/ranks/rank_band.h"

enum { COLUMNS = 240, GROUP_LEAST = 3 };

/* Of the highest of all; of a line's columns those that the other one need not have. */
static const double SAME_PART = 0.01, APART_PART = 0.02;

/* A line may be a column late where memory rises steeply. */
static bool is_near(const float *one, const float *other, size_t column, double slack_mib)
{
	const size_t first = column > 0 ? column - 1 : 0;
	const size_t last = column + 1 < COLUMNS ? column + 1 : column;

	for (size_t i = first; i <= last; i++) {
		if (!isnan(other[i]) && fabs((double)one[column] - (double)other[i]) <= slack_mib)
			return true;
	}
	return false;
}

static bool are_same(const float *one, const float *other, double slack_mib)
{
	size_t apart = 0, known = 0;

	for (size_t i = 0; i < COLUMNS; i++) {
		known += !isnan(one[i]);
		if (isnan(one[i]) != isnan(other[i]))
			apart++;
		else if (!isnan(one[i]) &&
			 !(is_near(one, other, i, slack_mib) && is_near(other, one, i, slack_mib)))
			return false;
	}
	return (double)apart <= APART_PART * (double)known + 1;
}

static double highest_of(const struct rank_lines *lines)
{
	double highest = 0;

	for (size_t i = 0; i < lines->count; i++)
		highest = fmax(highest, lines->lines[i].peak_mib);
	return highest;
}

/* Groups of so few that they need none become lines of their own; groups are numbered anew. */
static void split_small(struct rank_groups *groups, size_t count, const size_t *firsts,
			size_t *sizes, size_t *numbers)
{
	size_t next = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t group = groups->group_of[i];
		if (sizes[group] < GROUP_LEAST)
			groups->group_of[i] = next++;
		else if (firsts[group] == i)
			groups->group_of[i] = numbers[group] = next++;
		else
			groups->group_of[i] = numbers[group];
	}
	groups->count = next;
}

static void find(struct rank_groups *groups, const struct rank_lines *lines, const float *values,
		 size_t *firsts, size_t *sizes)
{
	const double slack_mib = SAME_PART * highest_of(lines);

	for (size_t i = 0; i < lines->count; i++) {
		size_t group = 0;
		while (group < groups->count &&
		       !are_same(values + firsts[group] * COLUMNS, values + i * COLUMNS, slack_mib))
			group++;
		if (group == groups->count)
			firsts[groups->count++] = i;
		groups->group_of[i] = group;
		sizes[group]++;
	}
}

struct error *rank_groups_init(struct rank_groups *groups, const struct rank_lines *lines,
			       int64_t from_ns, int64_t to_ns)
{
	const struct rank_columns columns = { from_ns, to_ns, COLUMNS };
	const size_t count = lines->count;
	float *values = calloc((count + 1) * COLUMNS, sizeof(*values));
	size_t *firsts = calloc(count + 1, sizeof(*firsts));
	size_t *sizes = calloc(count + 1, sizeof(*sizes));
	size_t *numbers = calloc(count + 1, sizeof(*numbers));

	*groups = (struct rank_groups){ .group_of = calloc(count + 1, sizeof(size_t)) };
	const bool has_room = values != NULL && firsts != NULL && sizes != NULL &&
			      numbers != NULL && groups->group_of != NULL;
	for (size_t i = 0; has_room && i < count; i++)
		rank_line_sample(lines->lines[i].series, &columns, values + i * COLUMNS, 1, NULL,
				 NULL);
	if (has_room) {
		find(groups, lines, values, firsts, sizes);
		split_small(groups, count, firsts, sizes, numbers);
	} else {
		rank_groups_deinit(groups);
	}
	free(values);
	free(firsts);
	free(sizes);
	free(numbers);
	return has_room ? NULL : error_no_memory();
}

void rank_groups_deinit(struct rank_groups *groups)
{
	free(groups->group_of);
	*groups = (struct rank_groups){ 0 };
}
