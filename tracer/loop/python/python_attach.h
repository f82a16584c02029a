/*
 * Python functions of an interpreter that runs already (loop layer).
 *
 * Our helper may only run in it where any Python code may: at a safe point of CPython's own, a pending call
 * (Py_AddPendingCall of its C API), which the evaluator makes between two bytecodes of a thread that holds the GIL. To
 * ask for one, a thread of the program calls that function for us at the first instruction of another one, where the
 * ABI leaves nothing live; no thread is interrupted, and one that sleeps is waited for. What the evaluator calls then
 * is PyErr_CheckSignals, which does nothing of its own: a site there runs the helper.
 */
#ifndef LOOP_PYTHON_PYTHON_ATTACH_H
#define LOOP_PYTHON_PYTHON_ATTACH_H

#include "tracer/loop/state/session.h"

/*
 * Prepares sites where an interpreter of @process may be asked for a safe point, before any is armed. Fails with
 * ERR_FORMAT, and why, where there is no interpreter, or none that our helper may run in.
 */
struct error *python_attach_prepare(struct session *session, struct process *process) MUST_CHECK;

/* @tracee has hit a SITE_PYTHON_ASK: it may ask; see python_main_hit. */
struct error *python_ask_hit(struct tracee *tracee, const struct site *site,
			     bool *ret_is_placed) MUST_CHECK;

/* The call that was made for an ask, @step, has returned @result. */
struct error *python_ask_returned(struct tracee *tracee, const struct site *site,
				  uint64_t result) MUST_CHECK;

/* What is asked of an interpreter that calls @site, a SITE_PYTHON_SAFE: whether it is the call that we wait for. */
bool python_is_safe_call(const struct tracee *tracee, const struct site *site);

/* The helper is there, or has been refused: the sites of above go. */
struct error *python_attach_end(struct image *image) MUST_CHECK;

/* At a tick: says once what is still waited for. */
void python_attach_look(struct session *session);

/* The helpers of all processes are told to take themselves away, as soon as they are called next. */
void python_leave_all(const struct session *session);

#endif
