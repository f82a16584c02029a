/* What the helper in a Python interpreter says (loop layer). */
#ifndef LOOP_PYTHON_PYTHON_MARK_H
#define LOOP_PYTHON_PYTHON_MARK_H

#include "tracer/loop/state/session.h"

/* @tracee has called the C function that carries the marks. Others may call it, too. */
struct error *python_mark_hit(struct session *session, struct tracee *tracee) MUST_CHECK;

#endif
