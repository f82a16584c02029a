/*
 * Pairs entries with returns, on one thread, by CFA (loop layer). Pure: no process is touched.
 *
 * A call is entered with its CFA and return address, and returns when that address is reached with
 * the stack pointer at that CFA. Calls thrown past by longjmp or an exception never return: they
 * are found out by later evidence. A thread may have several stacks (fibers, sigaltstack), so that a
 * lower address does not prove a frame dead: such a call is only *passed*, until its frame is
 * certainly used again, or it returns after all. A stack may lie within a frame, too: then the frames of
 * the thread are asked.
 */
#ifndef LOOP_PAIRING_CALL_STACK_H
#define LOOP_PAIRING_CALL_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/profile_format.h"
#include "tracer/base/taddr.h"
#include "tracer/loop/lines/line_account.h"
#include "tracer/probe/probe_set.h"

/* Where and when something happened to a thread. */
struct call_event {
	int64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t memory_bytes;
	bool is_held; /* the memory was not read then; see enum call_held */
	bool is_aged; /* it was read for an earlier event, if no earlier than was asked for */
};

static inline struct line_reading call_event_reading(const struct call_event *event)
{
	return (struct line_reading){ event->memory_bytes, event->is_held || event->is_aged };
}

struct call {
	struct probe *probe; /* borrowed */
	taddr_t function;    /* address of its first instruction */
	pid_t tid;	     /* the thread that entered it */
	taddr_t cfa;
	taddr_t return_address;
	struct call_event entry;
	uint64_t number; /* of its entry, among those of its stack */
	unsigned level;	 /* probed calls open on the thread at entry; 0 outermost */
	/* For call_sums.h: so many patterns its probe had; bit i: it lies within another call of number i's. */
	uint32_t pattern_count, within;
	uint64_t mark_id; /* of a marked one: tells apart the calls of a coroutine; or 0 */
	struct line_activation
		*lines; /* what its lines gain; NULL: they are not looked at. Ended by the sink */
	taddr_t object; /* of an internal one: what it is about */
	taddr_t inner_stack; /* that it is on (call_facts), as far as it was asked for */
	bool is_inlined; /* its code and its frame are its caller's; @function is where it begins */
	bool is_forked;	 /* was active in the parent at the fork; entry is the fork's */
	bool is_found;	 /* was active at attach; entry is the attach's */
	bool is_passed;	 /* perhaps thrown past, at @passed */
	bool is_noted;	 /* an OPEN record was written */
	struct call_event passed;
};

/* Gets each call as it ends. */
struct call_sink {
	void (*ended)(void *context, const struct call *call, enum call_end how,
		      const struct call_event *end);
	void *context;
};

/* What only a look at the program can tell; asked when frames contradict each other. */
struct call_facts {
	/* Whether both addresses may lie on one stack. */
	bool (*same_stack)(void *context, taddr_t a, taddr_t b);
	/*
	 * A thread is about to enter a function with frame @cfa. Where the stack begins that it does so on, if
	 * that stack lies within a frame of the thread's first one, below that of the call with frame
	 * @outer, if there is one. 0: it is on the first one, or that cannot be told.
	 */
	taddr_t (*inner_stack)(void *context, pid_t tid, taddr_t cfa, taddr_t outer);
	/* Whether the function branches to its own first instruction. */
	bool (*reenters)(void *context, taddr_t function);
	/* Whether the function may end by jumping to another one. */
	bool (*may_tail_call)(void *context, taddr_t function);
	/* How many bytes of arguments its return instruction pops; 0 in every ABI of ours. */
	uint64_t (*popped_bytes)(void *context, taddr_t function);
	void *context;
};

struct call_stack {
	struct call *calls; /* those that have a frame, oldest first */
	size_t count, capacity;
	size_t open_count;   /* of those, not passed */
	size_t noted_count;  /* the oldest so many have been noted */
	struct call *marked; /* those that are told by marks, oldest first */
	size_t marked_count, marked_capacity;
	uint64_t entered_count; /* calls of both kinds so far */
	/* On the thread's first stack, which was there before all others; or of the first call of all; or 0. */
	taddr_t first_cfa;
};

struct error *call_stack_create(struct call_stack **ret) MUST_CHECK;
void call_stack_destroy(struct call_stack *stack); /* its calls must have been ended */

/*
 * A probed function was entered: @call has its probe, function, tid, cfa, return address and entry.
 * *@ret_is_new: whether a call was begun; it was not when the function only branched to its own
 * first instruction.
 */
struct error *call_stack_enter(struct call_stack *stack, const struct call *call,
			       const struct call_facts *facts, const struct call_sink *sink,
			       bool *ret_is_new) MUST_CHECK;

/*
 * A call that is told by marks was entered: it has a probe, mark id, tid and entry. Having no frame, it
 * ends by a mark or with its thread. Such calls need not nest (coroutines): each gets the lowest level that
 * no open call has.
 */
struct error *call_stack_enter_marked(struct call_stack *stack, const struct call *call) MUST_CHECK;

/* The newest marked call of @probe with @mark_id; NULL: there is none. @stack may be NULL. */
struct call *call_stack_marked(struct call_stack *stack, const struct probe *probe,
			       uint64_t mark_id);

/* It ends. False: there is none. */
bool call_stack_leave_marked(struct call_stack *stack, const struct probe *probe, uint64_t mark_id,
			     enum call_end how, const struct call_event *now,
			     const struct call_sink *sink);

/*
 * As call_stack_enter, for a function that is inlined into the one whose frame it is. *@ret_is_new: whether a call was
 * begun; it was not when the very same one is open, and its code @may_come_back to its beginning.
 */
struct error *call_stack_enter_inlined(struct call_stack *stack, const struct call *call,
				       bool may_come_back, const struct call_facts *facts,
				       const struct call_sink *sink, bool *ret_is_new) MUST_CHECK;

/* Control has left the code of the inlined call that begins at @function, in frame @cfa. */
void call_stack_leave_inlined(struct call_stack *stack, taddr_t function, taddr_t cfa,
			      const struct call_event *now, const struct call_sink *sink);

/* Whether there is no call at all in it. */
bool call_stack_is_empty(const struct call_stack *stack);

/*
 * A thread is back in the call of @probe with frame @cfa, at whose beginning a signal has interrupted it: a handler that runs
 * fibers may have had it passed meanwhile. False: there is none, and what begins there is new.
 */
bool call_stack_resume(struct call_stack *stack, const struct probe *probe, taddr_t cfa);

/*
 * @pc was reached with @sp behind a return. False: no call of this stack returned there.
 */
bool call_stack_return(struct call_stack *stack, taddr_t pc, taddr_t sp,
		       const struct call_facts *facts, const struct call_event *now,
		       const struct call_sink *sink);

/* The calls with frame @cfa are about to execute their return instruction. */
bool call_stack_return_frame(struct call_stack *stack, taddr_t cfa, const struct call_event *now,
			     const struct call_sink *sink);

/*
 * A thread is in the code of the function that @account is of, with @sp: the call that it is in, which is that of the
 * nearest frame above, of the newest. What was called from there is over. NULL: no call of it is known.
 */
struct call *call_stack_running(struct call_stack *stack, const struct line_account *account,
				taddr_t sp, const struct call_facts *facts,
				const struct call_event *now);

/* The thread's stack pointer is at @sp: calls below it, as far as they are on one stack, are over. */
void call_stack_pass_below(struct call_stack *stack, taddr_t sp, const struct call_facts *facts,
			   const struct call_event *now);

/* Moves the calls that are not on one stack with @sp from @stack to @to. */
struct error *call_stack_move_others(struct call_stack *stack, struct call_stack *to, taddr_t sp,
				     const struct call_facts *facts) MUST_CHECK;

/* Ends all calls; passed ones as unwound. */
void call_stack_end_all(struct call_stack *stack, enum call_end how, const struct call_event *now,
			const struct call_sink *sink);

/* The frames with addresses in (@low, @high] have been moved by @distance bytes (modulo 2^64). */
void call_stack_relocate(struct call_stack *stack, uint64_t low, uint64_t high, uint64_t distance);

/* At a fork: the calls of the child's thread, entered at the fork. *@ret is NULL when there are none. */
struct error *call_stack_fork(const struct call_stack *parent, pid_t child_tid,
			      const struct call_event *now, struct call_stack **ret) MUST_CHECK;

/*
 * For the files that implement this header: the level of the next call; and the call that was entered last,
 * NULL when that one is not marked.
 */
unsigned call_stack_free_level(const struct call_stack *stack);
const struct call *call_stack_newest_marked(const struct call_stack *stack);

/* And: @call may be over since @now. */
void call_stack_pass(struct call_stack *stack, struct call *call, const struct call_event *now);

/*
 * A frame is over that was there before calls @first and later: those of them that were entered before @until_ns and are
 * over with it may be. @call comes instead.
 */
void call_stack_pass_since(struct call_stack *stack, size_t first, int64_t until_ns,
			   const struct call *call, const struct call_facts *facts);

/* When @call was passed: what was entered later has nothing to do with it. */
static inline int64_t call_passed_ns(const struct call *call)
{
	return call->is_passed ? call->passed.time_ns : INT64_MAX;
}

#endif
