/* The samples of a profile, packed; see payload_series.h (plot layer). */
#include "plot/html/payload_series.h"

int64_t payload_elapsed_us(const struct profile *profile, int64_t time_ns)
{
	int64_t elapsed_ns;

	if (__builtin_sub_overflow(time_ns, profile->zero_ns, &elapsed_ns))
		elapsed_ns = time_ns < profile->zero_ns ? INT64_MIN : INT64_MAX;
	return elapsed_ns / 1000;
}

static void pack(struct packer *packer, const struct profile *profile, const struct series *series)
{
	packer_put_single(packer, (int64_t)series->count);
	packer_begin(packer);
	for (size_t i = 0; i < series->count; i++)
		packer_put(packer, payload_elapsed_us(profile, series->time_ns[i]));
	packer_begin(packer);
	for (size_t i = 0; i < series->count; i++)
		packer_put_mib(packer, series->mib[i]);
}

static struct error *pack_reduced(struct packer *packer, const struct profile *profile,
				  const struct series *series, size_t limit)
{
	const struct series_range range = { INT64_MIN, INT64_MAX, limit };
	struct series reduced = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < series->count; i++)
		err = series_add(&reduced, &range, series->time_ns[i], series->mib[i]);
	if (err == NULL) {
		series_finish(&reduced, &range);
		pack(packer, profile, &reduced);
	}
	series_deinit(&reduced);
	return err;
}

struct error *payload_pack_series(struct packer *packer, const struct profile *profile,
				  const struct series *const *series, size_t count,
				  bool *ret_reduced)
{
	static const size_t least = 256;
	struct error *err = NULL;
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += series[i] != NULL ? series[i]->count : 0;
	*ret_reduced = total > PAYLOAD_SAMPLES_MOST;
	double share = *ret_reduced ? (double)PAYLOAD_SAMPLES_MOST / (double)total : 1;
	for (size_t i = 0; err == NULL && i < count; i++) {
		if (series[i] == NULL) {
			packer_put_single(packer, 0);
			continue;
		}
		size_t limit = (size_t)((double)series[i]->count * share);
		limit = limit > least ? limit : least;
		*ret_reduced |= series[i]->is_reduced;
		if (series[i]->count <= limit)
			pack(packer, profile, series[i]);
		else
			err = pack_reduced(packer, profile, series[i], limit);
	}
	return err;
}
