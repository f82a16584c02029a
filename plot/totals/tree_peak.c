/* Sums up a file's processes while it is read; see tree_peak.h. Plot layer. */
#include "plot/totals/tree_peak.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/totals/tree_sum.h"

/* Samples that wait for older ones. A reader shows one of a process when it has read the next one. */
enum { PENDING_MOST = 1024, END_OF_PROCESS = -1 };

/* From @at_ns on a process has @mib. */
struct change {
	int64_t at_ns;
	double mib; /* END_OF_PROCESS: it has ended */
	int32_t process;
};

struct running_sum {
	struct change pending[PENDING_MOST]; /* in order of time */
	size_t pending_count;
	/*
	 * Of each process its last sample, which a reader shows at the very end, and its end, as a first reading
	 * has found them. In order of time.
	 */
	struct change *last;
	size_t last_count, next_last;
	int64_t *last_ns; /* of each process: its last sample */
	double *mib;	  /* of each process: what it has now */
	size_t living;	  /* processes with a sample, and without an end, so far */
	bool *is_living;
	int64_t now_ns;
	double sum_mib, peak_mib;
};

static int compare_changes(const void *a, const void *b)
{
	const struct change *one = a, *other = b;

	if (one->at_ns != other->at_ns)
		return one->at_ns < other->at_ns ? -1 : 1;
	return one->process < other->process ? -1 : one->process > other->process;
}

/* A process counts from its first sample to its end, or to its last sample where no end is known. */
static void note_last(struct running_sum *sum, const struct profile *profile, int32_t process)
{
	const struct profile_process *one = &profile->processes[process];
	const struct series *series = &one->series;

	sum->last_ns[process] = INT64_MIN;
	if (series->count == 0)
		return;
	int64_t last_ns = series->time_ns[series->count - 1];
	bool has_end = one->end_ns != PROFILE_TIME_UNKNOWN && one->end_ns > last_ns;
	sum->last_ns[process] = last_ns;
	sum->last[sum->last_count++] =
		(struct change){ last_ns, series->mib[series->count - 1], process };
	sum->last[sum->last_count++] =
		(struct change){ has_end ? one->end_ns : last_ns + 1, END_OF_PROCESS, process };
}

static struct error *sum_create(const struct profile *profile, struct running_sum **ret)
{
	size_t count = profile->process_count;
	struct running_sum *sum = calloc(1, sizeof(*sum));

	*ret = sum;
	if (sum == NULL)
		return error_no_memory();
	sum->now_ns = INT64_MIN;
	sum->last = calloc(count, 2 * sizeof(*sum->last));
	sum->last_ns = calloc(count, sizeof(*sum->last_ns));
	sum->mib = calloc(count, sizeof(*sum->mib));
	sum->is_living = calloc(count, sizeof(*sum->is_living));
	if (sum->last == NULL || sum->last_ns == NULL || sum->mib == NULL || sum->is_living == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++)
		note_last(sum, profile, (int32_t)i);
	qsort(sum->last, sum->last_count, sizeof(*sum->last), compare_changes);
	return NULL;
}

static void sum_destroy(struct running_sum *sum)
{
	if (sum == NULL)
		return;
	free(sum->last);
	free(sum->last_ns);
	free(sum->mib);
	free(sum->is_living);
	free(sum);
}

static void note_peak(struct running_sum *sum)
{
	if (sum->sum_mib > sum->peak_mib)
		sum->peak_mib = sum->sum_mib;
}

/* What changes at one moment changes at once: the sum is looked at when the next moment comes. */
static void sum_change(struct running_sum *sum, const struct change *change)
{
	bool is_end = change->mib == END_OF_PROCESS;
	double mib = is_end ? 0 : change->mib;
	bool *is_living = &sum->is_living[change->process];

	if (change->at_ns != sum->now_ns)
		note_peak(sum);
	sum->now_ns = change->at_ns;
	sum->living += !is_end && !*is_living;
	sum->living -= is_end && *is_living;
	*is_living = !is_end;
	sum->sum_mib += mib - sum->mib[change->process];
	sum->mib[change->process] = mib;
	/* No rounding is left over when nobody lives. */
	if (sum->living == 0)
		sum->sum_mib = 0;
}

static void take_last_until(struct running_sum *sum, int64_t now_ns)
{
	while (sum->next_last < sum->last_count && sum->last[sum->next_last].at_ns <= now_ns)
		sum_change(sum, &sum->last[sum->next_last++]);
}

/* The oldest @count of those that wait. */
static void take_pending(struct running_sum *sum, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		take_last_until(sum, sum->pending[i].at_ns);
		sum_change(sum, &sum->pending[i]);
	}
	sum->pending_count -= count;
	memmove(sum->pending, sum->pending + count, sum->pending_count * sizeof(*sum->pending));
}

static struct error *visit(void *data, int32_t process, int64_t time_ns, double mib)
{
	struct running_sum *sum = data;

	/* The last one of each is known already; the file may have grown since. */
	if (time_ns >= sum->last_ns[process])
		return NULL;
	if (sum->pending_count == PENDING_MOST)
		take_pending(sum, PENDING_MOST / 2);
	size_t at = sum->pending_count++;
	for (; at > 0 && sum->pending[at - 1].at_ns > time_ns; at--)
		sum->pending[at] = sum->pending[at - 1];
	sum->pending[at] = (struct change){ time_ns, mib, process };
	return NULL;
}

static struct error *sum_file(struct running_sum *sum, const struct profile *profile,
			      profile_progress *progress, void *progress_data)
{
	const struct sample_visitor visitor = { .visit = visit, .data = sum };
	struct error *err = profile_visit_samples(profile, &visitor, progress, progress_data);

	if (err != NULL)
		return err;
	take_pending(sum, sum->pending_count);
	take_last_until(sum, INT64_MAX);
	note_peak(sum);
	return NULL;
}

static struct error *peak_of_kept(const struct profile *profile, double *ret_mib, bool *ret_of_all)
{
	struct tree_sum sum;
	struct error *err = tree_sum_init(&sum, profile);

	if (err != NULL)
		return err;
	*ret_mib = sum.peak_mib;
	*ret_of_all = sum.is_peak_of_all;
	tree_sum_deinit(&sum);
	return NULL;
}

struct error *tree_peak_find(const struct profile *profile, profile_progress *progress,
			     void *progress_data, double *ret_mib)
{
	struct running_sum *sum;
	struct stat status;
	bool is_of_all = false;

	struct error *err = peak_of_kept(profile, ret_mib, &is_of_all);
	if (err != NULL || is_of_all || stat(profile->path, &status) < 0 ||
	    !S_ISREG(status.st_mode))
		return err;
	err = sum_create(profile, &sum);
	if (err == NULL)
		err = sum_file(sum, profile, progress, progress_data);
	if (err == NULL)
		*ret_mib = sum->peak_mib;
	sum_destroy(sum);
	return err;
}
