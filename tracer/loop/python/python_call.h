/* The calls that an interpreter makes for us (loop layer). */
#ifndef LOOP_PYTHON_PYTHON_CALL_H
#define LOOP_PYTHON_PYTHON_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/probe/image.h"

/* One after the other. */
enum python_step {
	STEP_INTERPRETER, /* PyInterpreterState_Main(), and then … */
	STEP_ASK,	  /* _PyEval_AddPendingCall(it, …): python_attach.c */

	STEP_DICT,	/* PyDict_New(): the helper's namespace */
	STEP_RUN,	/* PyRun_StringFlags(helper, Py_file_input, namespace, namespace, NULL) */
	STEP_FIND_MARK, /* PyDict_GetItemString(namespace, "mark") */
	STEP_FIND_NONE,
	STEP_FIND_READY,
	STEP_READY, /* ready(): starts the helper; see there what it returns */
	STEP_CLEAR, /* PyErr_Clear(), after a failure */
	STEP_ADOPT, /* adopt(code, namespace), at the start of each module: another story */
};
enum { VALUE_DICT, VALUE_SITE }; /* in remote_call.values */

/* The address of a function of the interpreter's API, in the file that holds @at. ERR_FORMAT: it has none. */
struct error *python_find(const struct image *image, taddr_t at, const char *name,
			  taddr_t *ret) MUST_CHECK;

/* remote_call_begin for @tracee, which is at @site. */
struct error *python_call_begin(struct tracee *tracee, const struct site *site, const void *data,
				size_t data_bytes) MUST_CHECK;

/* @tracee, within python_call_begin, is set to call it, as @step. */
struct error *python_call(struct tracee *tracee, const struct site *site, enum python_step step,
			  const char *function, const uint64_t *arguments, size_t count) MUST_CHECK;

/* The thread resumes its own work, at @site. */
struct error *python_end(struct tracee *tracee, const struct site *site) MUST_CHECK;

#endif
