/*
 * Python functions by name (loop layer).
 *
 * When a Python interpreter (CPython 3.8 and later) is ready for its script, the thread that stands
 * there runs our helper, python_helper.py, in it: by calls of the interpreter's own API, so that
 * neither its arguments nor its environment nor its files are touched. The helper makes the chosen
 * functions call a C function that is called by nothing else; a site there is how it talks to us.
 */
#ifndef LOOP_PYTHON_PYTHON_H
#define LOOP_PYTHON_PYTHON_H

#include "tracer/loop/state/session.h"

/*
 * @tracee has hit a SITE_PYTHON_MAIN, SITE_PYTHON_SAFE or SITE_PYTHON_EVAL. *@ret_is_placed is set when its registers
 * have been set to run a call for us first, instead of the displaced instruction.
 */
struct error *python_main_hit(struct session *session, struct tracee *tracee,
			      const struct site *site, bool *ret_is_placed) MUST_CHECK;
struct error *python_safe_hit(struct session *session, struct tracee *tracee,
			      const struct site *site, bool *ret_is_placed) MUST_CHECK;
struct error *python_eval_hit(struct tracee *tracee, const struct site *site,
			      bool *ret_is_placed) MUST_CHECK;

/*
 * @tracee, in the stop of a SIGTRAP, may be back from a call that it makes for us: then its registers
 * are set for the next one, or for its own work, and *@ret_is_ours is set.
 */
struct error *python_returned(struct session *session, struct tracee *tracee,
			      bool *ret_is_ours) MUST_CHECK;

/* A thread that is in such a call, and must not be released there; 0: none is. */
pid_t python_busy_thread(const struct session *session);

#endif
