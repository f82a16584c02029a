/* Calls that are watched for our own sake; see internal_call.h. Probe layer. */
#include "tracer/probe/internal_call.h"

#include <string.h>

#include "tracer/probe/site.h"

struct error *inner_call_enter(struct tracee *tracee, const struct site *site, taddr_t sp,
			       struct inner_call **ret)
{
	struct image *image = tracee->process->space->image;
	taddr_t return_address;
	struct site *behind;

	struct error *err = address_space_read(image->space, sp, &return_address.value,
					       sizeof(return_address.value));
	if (err == NULL)
		err = image_insert(image, tracee, return_address, SITE_INNER_RETURN, &behind);
	if (err != NULL)
		return err;
	/* Thrown past, the oldest would stay for ever. */
	if (tracee->inner_call_count == INNER_CALLS_MAX)
		memmove(&tracee->inner_calls[0], &tracee->inner_calls[1],
			--tracee->inner_call_count * sizeof(tracee->inner_calls[0]));
	*ret = &tracee->inner_calls[tracee->inner_call_count++];
	**ret = (struct inner_call){ .site = site->address, .cfa = arch_cfa_at_entry(sp) };
	return NULL;
}

bool inner_call_return(struct tracee *tracee, taddr_t sp, struct inner_call *ret)
{
	for (unsigned i = tracee->inner_call_count; i-- > 0;) {
		if (!taddr_equal(tracee->inner_calls[i].cfa, sp))
			continue;
		*ret = tracee->inner_calls[i];
		tracee->inner_call_count = i; /* those entered later are over, too */
		return true;
	}
	return false;
}
