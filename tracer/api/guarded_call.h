/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A call of a function that may not return (api layer).
 */
#ifndef API_GUARDED_CALL_H
#define API_GUARDED_CALL_H

#include <stdbool.h>

/*
 * Calls @function in this thread. If it is left by an exception of C++, by the thread's end or cancellation, or (with
 * glibc) by longjmp(3), @abandon is called with @context, once, and what leaves it leaves this call, too.
 *
 * False: it was left by longjmp, @abandon was called, and then something came back into it (coroutines are made so),
 * and it has returned.
 */
bool guarded_call(void *(*function)(void *argument), void *argument, void (*abandon)(void *context),
		  void *context, void **ret_returned);

#endif
