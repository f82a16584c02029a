/* What calls have of their own; see own_weights.h. Plot layer. */
#include "plot/totals/own_weights.h"

#include <math.h>
#include <stdlib.h>

static const double MIB_BYTES = 1048576;

int64_t weight_gained_bytes(double mib)
{
	return (int64_t)llround(fmax(fmin(mib * MIB_BYTES, 0x1p62), -0x1p62));
}

int64_t weight_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b > 0 ? INT64_MAX : INT64_MIN;
}

static int64_t weight_of(const struct profile_call *call, bool is_memory)
{
	return is_memory ? weight_gained_bytes(call->mib_out - call->mib_in)
			 : call->out_ns - call->in_ns;
}

struct error *own_weights_create(const struct profile *profile, const struct call_nesting *nesting,
				 bool is_memory, int64_t **ret)
{
	int64_t *weights = calloc(nesting->count + 1, sizeof(*weights));

	if (weights == NULL)
		return error_no_memory();
	for (size_t i = 0; i < nesting->count; i++) {
		const struct profile_call *call = call_nesting_at(profile, nesting, i);
		uint32_t parent = nesting->parents[i];
		if (call->how == CALL_FORKED)
			continue;
		int64_t weight = weight_of(call, is_memory);
		weights[i] = weight_add(weights[i], weight);
		if (parent != CALL_NESTING_ROOT &&
		    call_nesting_at(profile, nesting, parent)->how != CALL_FORKED)
			weights[parent] = weight_add(weights[parent], -weight);
	}
	*ret = weights;
	return NULL;
}
