/* What was recorded beside memory; see beside.h. Plot layer. */
#include "plot/parts/beside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/text/text.h"

/* The points of one companion of one process, walked in order of time. */
struct walk {
	const struct series *series;
	int64_t end_ns; /* of the process */
	size_t next;	/* the first point that is behind the time asked for last */
};

static void walk_to(struct walk *walk, int64_t time_ns)
{
	while (walk->next < walk->series->count && walk->series->time_ns[walk->next] <= time_ns)
		walk->next++;
}

/* A sum at that time: between two points it grows evenly, before the first and behind the last one not at all. */
static double sum_at(struct walk *walk, int64_t time_ns)
{
	const struct series *series = walk->series;

	walk_to(walk, time_ns);
	if (walk->next == 0)
		return series->mib[0];
	const size_t at = walk->next - 1;
	if (walk->next == series->count)
		return series->mib[at];
	const double span_ns = (double)(series->time_ns[at + 1] - series->time_ns[at]);
	const double share = span_ns > 0 ? (double)(time_ns - series->time_ns[at]) / span_ns : 0;
	return series->mib[at] + (series->mib[at + 1] - series->mib[at]) * share;
}

/* The mean of a level between two times: it stays as it is from each point on, until the process ends. */
static double mean_level(struct walk *walk, int64_t from_ns, int64_t to_ns)
{
	const struct series *series = walk->series;
	double area = 0;

	walk_to(walk, from_ns);
	for (int64_t at_ns = from_ns; at_ns < to_ns && at_ns < walk->end_ns;) {
		const double level = walk->next > 0 ? series->mib[walk->next - 1] : 0;
		int64_t until_ns = to_ns < walk->end_ns ? to_ns : walk->end_ns;
		if (walk->next < series->count && series->time_ns[walk->next] < until_ns)
			until_ns = series->time_ns[walk->next];
		area += level * (double)(until_ns - at_ns);
		at_ns = until_ns;
		walk_to(walk, at_ns);
	}
	return area / (double)(to_ns - from_ns);
}

static int64_t cell_ns(int64_t from_ns, int64_t to_ns, size_t cell)
{
	return from_ns + (int64_t)((double)(to_ns - from_ns) * (double)cell / (double)BESIDE_CELLS);
}

static void add_track(struct beside *beside, const struct profile *profile,
		      const struct profile_track *track, int64_t from_ns, int64_t to_ns)
{
	const struct companion_traits *traits = companion_traits(beside->kind);
	const int64_t end_ns = profile->processes[track->process].end_ns;
	struct walk walk = {
		.series = &track->series,
		.end_ns = end_ns != PROFILE_TIME_UNKNOWN ? end_ns : INT64_MAX,
	};
	double before = traits->is_sum ? sum_at(&walk, from_ns) : 0;

	beside->processes++;
	for (size_t i = 0; i < BESIDE_CELLS; i++) {
		const int64_t left_ns = cell_ns(from_ns, to_ns, i);
		const int64_t right_ns = cell_ns(from_ns, to_ns, i + 1);
		if (right_ns <= left_ns)
			continue;
		if (!traits->is_sum) {
			beside->cells[i] += mean_level(&walk, left_ns, right_ns);
			continue;
		}
		const double after = sum_at(&walk, right_ns);
		if (after > before)
			beside->cells[i] += (after - before) /
					    ((double)(right_ns - left_ns) * 1e-9) *
					    traits->rate_scale;
		before = after;
	}
}

static void find_figures(struct beside *beside, const struct profile *profile, int64_t from_ns,
			 int64_t to_ns)
{
	const int64_t first_ns = profile->first_ns > from_ns ? profile->first_ns : from_ns;
	const int64_t last_ns = profile->last_ns < to_ns ? profile->last_ns : to_ns;
	const double share = (double)(last_ns - first_ns) / (double)(to_ns - from_ns);
	double sum = 0;

	for (size_t i = 0; i < BESIDE_CELLS; i++) {
		sum += beside->cells[i];
		beside->most = fmax(beside->most, beside->cells[i]);
	}
	beside->mean = share > 0 ? sum / (BESIDE_CELLS * share) : 0;
}

static bool is_wanted(const struct profile *profile, const struct profile_track *track,
		      enum companion kind)
{
	return track->kind == (int)kind && track->series.count > 0 &&
	       !profile->processes[track->process].is_hidden;
}

static bool is_recorded(const struct profile *profile, enum companion kind)
{
	for (size_t i = 0; i < profile->companions.count; i++) {
		if (is_wanted(profile, &profile->companions.tracks[i], kind))
			return true;
	}
	return false;
}

struct error *beside_create(const struct profile *profile, int64_t from_ns, int64_t to_ns,
			    struct beside **ret, size_t *ret_count)
{
	*ret_count = 0;
	*ret = calloc(COMPANIONS, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	for (enum companion kind = 0; kind < COMPANIONS; kind++) {
		if (companion_traits(kind)->is_limit || !is_recorded(profile, kind))
			continue;
		struct beside *beside = &(*ret)[(*ret_count)++];
		beside->kind = kind;
		for (size_t i = 0; i < profile->companions.count; i++) {
			const struct profile_track *track = &profile->companions.tracks[i];
			if (is_wanted(profile, track, kind))
				add_track(beside, profile, track, from_ns, to_ns);
		}
		find_figures(beside, profile, from_ns, to_ns);
	}
	return NULL;
}

double beside_total(const struct profile *profile, enum companion kind, int64_t from_ns,
		    int64_t to_ns)
{
	double total = 0;

	for (size_t i = 0; companion_traits(kind)->is_sum && i < profile->companions.count; i++) {
		const struct profile_track *track = &profile->companions.tracks[i];
		struct walk walk = { .series = &track->series };
		if (!is_wanted(profile, track, kind))
			continue;
		const double before = sum_at(&walk, from_ns);
		total += sum_at(&walk, to_ns) - before;
	}
	return total;
}

void beside_format_name(const struct beside *beside, char ret[static BESIDE_TEXT_BYTES])
{
	const char *title = companion_traits(beside->kind)->title;

	if (beside->processes > 1)
		snprintf(ret, BESIDE_TEXT_BYTES, "%s, all %zu processes", title, beside->processes);
	else
		snprintf(ret, BESIDE_TEXT_BYTES, "%s", title);
}

void beside_format_value(enum companion kind, double value, char ret[static BESIDE_TEXT_BYTES])
{
	const char *unit = companion_traits(kind)->unit;
	char count[TEXT_FIGURE_BYTES];

	if (kind == WITH_CPU) {
		snprintf(ret, BESIDE_TEXT_BYTES, "%.*f %%", value < 9.95 ? 1 : 0, value);
		return;
	}
	text_format_count(count, value);
	snprintf(ret, BESIDE_TEXT_BYTES, "%s%s", count, unit);
}

void beside_format_figures(const struct beside *beside, char ret[static BESIDE_TEXT_BYTES])
{
	char mean[BESIDE_TEXT_BYTES], most[BESIDE_TEXT_BYTES];

	beside_format_value(beside->kind, beside->mean, mean);
	beside_format_value(beside->kind, beside->most, most);
	snprintf(ret, BESIDE_TEXT_BYTES, "  mean %.40s, most %.40s", mean, most);
}

double beside_limit_mib(const struct profile *profile, enum companion kind)
{
	for (size_t i = 0; i < profile->companions.count; i++) {
		const struct profile_track *track = &profile->companions.tracks[i];
		if (track->process != 0 || !is_wanted(profile, track, kind))
			continue;
		const double mib = track->series.mib[track->series.count - 1];
		return mib > 0 ? mib : -1;
	}
	return -1;
}
