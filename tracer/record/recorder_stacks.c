/* The records of stacks; see recorder.h. Record layer. */
#include <stdio.h>
#include <string.h>

#include "tracer/record/recorder_private.h"

/* The longest name of a function that is written out whole. */
enum { FUNCTION_BYTES_MAX = 2000 };

void recorder_frame(struct recorder *recorder, uint32_t id, uint32_t outer, const char *function,
		    const char *module, bool is_inlined)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	char text[FUNCTION_BYTES_MAX + sizeof(ellipsis)];

	if (strlen(function) > FUNCTION_BYTES_MAX) {
		size_t bytes = FUNCTION_BYTES_MAX;
		while (bytes > 0 && ((unsigned char)function[bytes] & 0xc0) == 0x80)
			bytes--;
		memcpy(text, function, bytes);
		memcpy(text + bytes, ellipsis, sizeof(ellipsis));
		function = text;
	}
	RECORDER_WRITE(recorder, PROFILE_FRAME, { id }, { outer }, { .text = function },
		       { .text = module }, { is_inlined });
}

void recorder_stack(struct recorder *recorder, const struct recorder_stack *stack)
{
	static const double BYTES_PER_MIB = 1 << 20;
	const char *detail = stack->detail != NULL ? stack->detail : "";
	char grown[32];

	if (stack->state == STACK_GREW) {
		snprintf(grown, sizeof(grown), "%.6f", (double)stack->grown_bytes / BYTES_PER_MIB);
		detail = grown;
	}
	RECORDER_WRITE(recorder, PROFILE_STACK, { stack->frame }, { (int64_t)stack->bytes },
		       { stack->time_ns }, { stack->pid }, { stack->tid },
		       { .text = profile_stack_whys[stack->why] },
		       { .text = profile_stack_states[stack->state] }, { .text = detail });
}
