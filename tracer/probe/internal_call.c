/* Calls that are watched for our own sake; see internal_call.h. Probe layer. */
#include "tracer/probe/internal_call.h"

#include <string.h>

#include "tracer/probe/site.h"

struct error *internal_call_enter(struct internal_calls *calls, struct tracee *tracee,
				  const struct site *site, taddr_t sp, struct internal_call **ret)
{
	struct image *image = tracee->process->space->image;
	taddr_t return_address;
	struct site *behind;

	struct error *err = address_space_read(image->space, sp, &return_address.value,
					       sizeof(return_address.value));
	if (err == NULL)
		err = image_insert(image, tracee, return_address, SITE_INTERNAL_RETURN, &behind);
	if (err != NULL)
		return err;
	/* Thrown past, the oldest would stay for ever. */
	if (calls->count == INTERNAL_CALLS_MAX)
		memmove(&calls->all[0], &calls->all[1], --calls->count * sizeof(calls->all[0]));
	*ret = &calls->all[calls->count++];
	**ret = (struct internal_call){ .site = site->address, .cfa = arch_cfa_at_entry(sp) };
	return NULL;
}

bool internal_call_return(struct internal_calls *calls, taddr_t sp, struct internal_call *ret)
{
	for (unsigned i = calls->count; i-- > 0;) {
		if (!taddr_equal(calls->all[i].cfa, sp))
			continue;
		*ret = calls->all[i];
		calls->count = i; /* those entered later are over, too */
		return true;
	}
	return false;
}
