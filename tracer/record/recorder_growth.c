/* The records of growth; see recorder.h. Record layer. */
#include "tracer/record/recorder_private.h"

void recorder_growth(struct recorder *recorder, const struct recorder_growth *growth)
{
	RECORDER_WRITE(recorder, PROFILE_GROW, { growth->frame }, { (int64_t)growth->bytes },
		       { growth->pid }, { growth->from_ns }, { growth->to_ns },
		       { (int64_t)growth->faults });
}
