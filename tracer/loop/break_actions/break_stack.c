/* The stacks of a process at a break; see break_stack.h. Loop layer. */
#include "tracer/loop/break_actions/break_stack.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/loop/break_actions/break_freeze.h"
#include "tracer/loop/stacks/peak_stacks.h"

static void take(const struct break_event *event, bool is_short, char **ret)
{
	size_t bytes;
	struct stack_listing listing = { .out = open_memstream(ret, &bytes) };

	if (is_short && event->kept != NULL)
		listing.tid = event->kept->tid;
	peak_stacks_at_break(event->session, event->process, event->bytes,
			     listing.out == NULL ? NULL : &listing);
	if (listing.out == NULL || fclose(listing.out) != 0)
		*ret = NULL;
}

void break_stack_take(struct break_event *event, bool is_short, char **ret)
{
	struct break_freeze freeze;

	*ret = NULL;
	struct error *err = break_freeze_begin(event, false, &freeze);
	if (err == NULL && event->process != NULL)
		take(event, is_short, ret);
	break_freeze_end(&freeze);
	if (err != NULL)
		log_warning("the stacks of process %d are not recorded: %s", freeze.pid,
			    error_message(err));
	error_free(err);
}
