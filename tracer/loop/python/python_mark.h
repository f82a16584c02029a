/* What the helper in a Python interpreter says (loop layer). */
#ifndef LOOP_PYTHON_PYTHON_MARK_H
#define LOOP_PYTHON_PYTHON_MARK_H

#include "tracer/loop/calls/site_event.h"
#include "tracer/loop/state/session.h"

/*
 * @tracee has called the C function that carries the marks. Others may call it, too. What it asks is answered;
 * *@ret_is_mark: a call begins or ends, which @event says then, but for its time and memory.
 */
struct error *python_mark_hit(struct session *session, struct tracee *tracee,
			      struct site_event *event, bool *ret_is_mark) MUST_CHECK;

/* Likewise, as a pad has recorded it: @object and @id. False: nothing is known of it. */
bool python_mark_recorded(const struct image *image, taddr_t object, uint64_t id,
			  struct site_event *event);

/* The object that @tracee, stopped at the function, has called it with, if a pad may record it; else 0. */
struct error *python_mark_object(const struct tracee *tracee, taddr_t *ret) MUST_CHECK;

/* Another interpreter begins in @image: what was known are no objects any more. */
struct error *python_marks_forget(struct image *image) MUST_CHECK;

#endif
