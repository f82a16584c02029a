/* Words about a call; see call_tip.h. Plot layer. */
#include "plot/model/call_tip.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/stacks/stack_tips.h"
#include "plot/text/text.h"

char *call_tip(const struct profile *profile, const struct axis *time,
	       const struct profile_function *function, const struct profile_call *call)
{
	static const char *const hows[] = {
		[CALL_RETURNED] = "",
		[CALL_UNWOUND] = "\nleft by an exception or longjmp",
		[CALL_EXIT] = "\nended by exit",
		[CALL_EXEC] = "\nended by exec",
		[CALL_FORKED] = "\nopen since fork",
		[CALL_BEFORE] = "\nopen before the recording",
		[CALL_OPEN] = "\nstill open at the end",
	};
	static const char *const helds[] = {
		[CALL_HELD_NONE] = "",
		[CALL_HELD_IN] = "\nmemory at its start held: the last known",
		[CALL_HELD_OUT] = "\nmemory at its end held: the last known",
		[CALL_HELD_BOTH] = "\nmemory held: the last known",
	};
	char duration[TEXT_FIGURE_BYTES], in[TEXT_FIGURE_BYTES], out[TEXT_FIGURE_BYTES];
	char change[TEXT_FIGURE_BYTES], origin[48] = "", *tip;
	char start[AXIS_LABEL_BYTES], end[AXIS_LABEL_BYTES];
	double gained_mib = call->mib_out - call->mib_in;
	int32_t pid = profile->processes[call->process].pid;

	text_format_duration(duration, call->out_ns - call->in_ns);
	axis_format_moment(time, call->in_ns - profile->zero_ns, start);
	axis_format_moment(time, call->out_ns - profile->zero_ns, end);
	text_format_memory(in, call->mib_in);
	text_format_memory(out, call->mib_out);
	text_format_memory(change, fabs(gained_mib));
	if (pid > 0 && call->tid > 0 && call->tid != pid)
		snprintf(origin, sizeof(origin), "\npid %" PRId32 ", thread %" PRId32, pid,
			 call->tid);
	else if (pid > 0)
		snprintf(origin, sizeof(origin), "\npid %" PRId32, pid);
	char *stack = stack_tip_of_call(profile, call);
	if (stack == NULL)
		return NULL;
	if (asprintf(&tip, "%s\n%s from %s to %s\n%s \xe2\x86\x92 %s (%c%s)%s%s%s%s%s",
		     function->name, duration, start, end, in, out, gained_mib < 0 ? '-' : '+',
		     change, helds[call->held], origin, hows[call->how],
		     stack[0] != '\0' ? "\n" : "", stack) < 0)
		tip = NULL;
	free(stack);
	return tip;
}
