/* Calls that are watched for our own sake; see internal_call.h. Probe layer. */
#include "tracer/probe/internal_call.h"

#include <string.h>

#include "tracer/probe/site.h"

struct error *internal_call_enter(struct tracee *tracee, const struct site *site, taddr_t sp,
				  struct internal_call **ret)
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
	if (tracee->internal_call_count == INTERNAL_CALLS_MAX)
		memmove(&tracee->internal_calls[0], &tracee->internal_calls[1],
			--tracee->internal_call_count * sizeof(tracee->internal_calls[0]));
	*ret = &tracee->internal_calls[tracee->internal_call_count++];
	**ret = (struct internal_call){ .site = site->address, .cfa = arch_cfa_at_entry(sp) };
	return NULL;
}

bool internal_call_return(struct tracee *tracee, taddr_t sp, struct internal_call *ret)
{
	for (unsigned i = tracee->internal_call_count; i-- > 0;) {
		if (!taddr_equal(tracee->internal_calls[i].cfa, sp))
			continue;
		*ret = tracee->internal_calls[i];
		tracee->internal_call_count = i; /* those entered later are over, too */
		return true;
	}
	return false;
}
