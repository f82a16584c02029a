/*
 * What a site tells of the thread that passes it (loop layer).
 *
 * A stop or the record of a pad makes it (hit/); nothing behind it knows which. What becomes of calls is decided by the event
 * alone: calls, goroutines, inlined and marked calls read no clock, no memory and no register.
 */
#ifndef LOOP_CALLS_SITE_EVENT_H
#define LOOP_CALLS_SITE_EVENT_H

#include "tracer/loop/pairing/call_stack.h"

struct inlined_point; /* probe/inlined/inlined_plan.h */
struct line_function; /* probe/lines/line_plan.h */
struct process;	      /* tracee/target.h */
struct site;	      /* probe/image.h */

enum site_event_kind {
	EVENT_ENTRY,	/* a probed function is about to begin */
	EVENT_FOUND,	/* a probed function was active already at attach */
	EVENT_RETURN,	/* behind a call, perhaps of a probed function */
	EVENT_RET_INSN, /* a probed function is about to execute its return instruction */
	EVENT_INLINED,	/* the code of an inlined function is entered or left */
	EVENT_USDT,	/* a static probe */
	EVENT_LINE,	/* lines of a probed function begin */
	EVENT_MARK,	/* a call that is told by marks begins or ends */
};

struct site_event {
	enum site_event_kind kind;
	pid_t tid;
	const struct site *site;
	taddr_t sp;			   /* with EVENT_RETURN and EVENT_LINE */
	taddr_t cfa;			   /* with EVENT_ENTRY to EVENT_INLINED: of the frame */
	taddr_t pc;			   /* with EVENT_FOUND: where it was */
	taddr_t return_address;		   /* where a call that begins returns to */
	taddr_t goroutine;		   /* that the thread runs on this stack; 0: none */
	const struct inlined_point *point; /* with EVENT_INLINED */
	/* With EVENT_MARK: whose call, what tells it apart from others (0: nothing), how it ends. */
	struct probe *marked;
	uint64_t mark_id;
	enum mark_kind {
		MARK_CALL,     /* it begins or ends */
		MARK_SUSPENDS, /* control leaves it, as that of a generator, … */
		MARK_RESUMES,  /* … and comes back */
		MARK_LINE,     /* control comes to a line of its function */
	} mark_kind;
	enum call_end mark_end; /* of MARK_CALL; CALL_OPEN: it begins */
	/* With MARK_LINE, the line, as an index; and whose lines, NULL: they are not looked at. Borrowed. */
	uint32_t mark_line;
	const struct line_function *mark_lines;
	/* Set last: what is done before is not counted into a call that begins. */
	struct call_event when;
};

/* The time, and the memory of @process. */
struct call_event site_event_now(const struct process *process);

#endif
