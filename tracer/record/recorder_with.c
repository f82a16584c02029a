/* What is recorded beside memory; see recorder_with.h. Record layer. */
#include "tracer/record/recorder_with.h"

#include <stdio.h>

#include "tracer/record/recorder_private.h"

static void write_value(struct recorder *recorder, pid_t pid, int64_t time_ns,
			enum companion companion, double value)
{
	char text[48];

	/* No more digits than it has; a figure of MiB or seconds has as many as others of its kind. */
	snprintf(text, sizeof(text), value == (double)(int64_t)value ? "%.0f" : "%.6f", value);
	RECORDER_WRITE(recorder, PROFILE_WITH, { pid },
		       { .text = companion_traits(companion)->word }, { .text = text },
		       { time_ns });
}

void recorder_with(struct recorder *recorder, pid_t pid, int64_t time_ns,
		   struct companion_slot *slot, enum companion companion, double value)
{
	const bool has_changed = !slot->is_known || value != slot->value;

	/* How fast it has grown since then is known only if it is also known that it had not, before. */
	if (slot->is_known && has_changed && slot->seen_ns > slot->written_ns &&
	    companion_traits(companion)->is_sum)
		write_value(recorder, pid, slot->seen_ns, companion, slot->value);
	slot->seen_ns = time_ns;
	if (!has_changed)
		return;
	slot->is_known = true;
	slot->value = value;
	slot->written_ns = time_ns;
	write_value(recorder, pid, time_ns, companion, value);
}
