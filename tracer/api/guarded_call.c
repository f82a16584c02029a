/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call of a function that may not return; see guarded_call.h. Api layer. */
#include "tracer/api/guarded_call.h"

#include <pthread.h>

struct guard {
	void (*abandon)(void *context);
	void *context;
	bool is_over; /* by its return, or since @abandon was called */
#ifdef __GLIBC__
	struct _pthread_cleanup_buffer buffer;
#endif
};

static void guard_leave(void *data)
{
	struct guard *guard = data;

	if (guard->is_over)
		return;
	guard->is_over = true;
	guard->abandon(guard->context);
}

#ifdef __GLIBC__
/*
 * Cleanup handlers as they were before compilers knew of them: glibc's longjmp calls those of the frames that it
 * leaves (nptl/pthread_cleanup_upto.c), as POSIX once had it, but not what pthread_cleanup_push(3) makes today. The
 * struct is in <pthread.h>, these two are not.
 */
extern void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*routine)(void *),
				  void *argument);
extern void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute);

static void guard_begin(struct guard *guard)
{
	_pthread_cleanup_push(&guard->buffer, guard_leave, guard);
}

/* When longjmp has called it, it has taken it off its list, too. */
static void guard_end(struct guard *guard)
{
	if (!guard->is_over)
		_pthread_cleanup_pop(&guard->buffer, 0);
}
#else
static void guard_begin(struct guard *guard)
{
	(void)guard;
}

static void guard_end(struct guard *guard)
{
	(void)guard;
}
#endif

/* Unwinding comes by here: an exception, pthread_exit(3), a cancellation. */
static void guard_deinit(struct guard *guard)
{
	guard_end(guard);
	guard_leave(guard);
}

bool guarded_call(void *(*function)(void *argument), void *argument, void (*abandon)(void *context),
		  void *context, void **ret_returned)
{
	__attribute__((cleanup(guard_deinit))) struct guard guard = { .abandon = abandon,
								      .context = context };

	guard_begin(&guard);
	*ret_returned = function(argument);
	if (guard.is_over)
		return false;
	guard_end(&guard);
	guard.is_over = true;
	return true;
}
