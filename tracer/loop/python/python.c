/* Python functions by name; see python.h. Loop layer. */
#include "tracer/loop/python/python.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/loop/python/python_attach.h"
#include "tracer/loop/python/python_mark.h"
#include "tracer/loop/python/python_call.h"
#include "tracer/loop/python/python_text.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/remote_call.h"

static const uint64_t PY_FILE_INPUT = 257; /* Include/compile.h */

/* What lies on the thread's stack during the calls: these names, then the helper's text. */
struct python_data {
	char mark[8], none[8], ready[8];
};

/* An interpreter is ready for its script. */
static struct error *python_begin(struct session *session, struct tracee *tracee,
				  const struct site *site)
{
	const struct python_data names = { "mark", "none", "ready" };
	char *text = NULL;

	struct error *err = python_marks_forget(tracee->process->space->image);
	if (err == NULL)
		err = python_text_create(session->options->patterns,
					 tracee->process->space->image->python.ask.state !=
						 PYTHON_NOT_ASKED,
					 session->options->wants_lines, &text);
	if (err != NULL)
		return err;
	size_t text_bytes = strlen(text) + 1;
	char *data = malloc(sizeof(names) + text_bytes);
	if (data == NULL) {
		free(text);
		return error_no_memory();
	}
	memcpy(data, &names, sizeof(names));
	memcpy(data + sizeof(names), text, text_bytes);
	err = python_call_begin(tracee, site, data, sizeof(names) + text_bytes);
	free(text);
	free(data);
	if (err != NULL)
		return err;
	return python_call(tracee, site, STEP_DICT, "PyDict_New", NULL, 0);
}

/*
 * @object is a C function: PyCFunctionObject has its PyMethodDef behind the object's head, and that
 * has name, function and flags (Include/methodobject.h). A site goes to the function.
 */
static struct error *python_insert_mark(struct tracee *tracee, taddr_t object)
{
	enum { OBJECT_HEAD_BYTES = 16, METH_FASTCALL = 0x80 };
	const struct address_space *space = tracee->process->space;
	taddr_t definition;
	struct {
		taddr_t name, function;
		int flags;
	} method = { 0 };
	struct site *site;

	struct error *err = address_space_read(space, taddr_add(object, OBJECT_HEAD_BYTES),
					       &definition.value, sizeof(definition.value));
	if (err == NULL)
		err = address_space_read(space, definition, &method, sizeof(method));
	if (err == NULL && method.flags != METH_FASTCALL)
		err = error_new(ERR_FORMAT, "its interpreter is of an unknown kind");
	if (err == NULL)
		err = image_insert(space->image, tracee, method.function, SITE_PYTHON_MARK, &site);
	return err;
}

/* Code is to be shown to the helper before it runs. */
static struct error *python_insert_eval(struct tracee *tracee, const struct site *main_site,
					taddr_t adopt)
{
	struct image *image = tracee->process->space->image;
	struct site *site;
	taddr_t eval;

	struct error *err = python_find(image, main_site->address, "PyEval_EvalCode", &eval);
	if (err == NULL)
		err = python_find(image, main_site->address, "PyObject_CallFunctionObjArgs",
				  &image->python.call);
	if (err == NULL)
		err = image_insert(image, tracee, eval, SITE_PYTHON_EVAL, &site);
	if (err == NULL)
		image->python.adopt = adopt;
	return err;
}

static struct error *python_refused(struct tracee *tracee, const struct site *site,
				    struct error *why)
{
	log_warning("the Python functions of process %d are not recorded: %s", tracee->process->pid,
		    error_message(why));
	error_free(why);
	struct error *err = python_end(tracee, site);
	return err != NULL ? err : python_attach_end(tracee->process->space->image);
}

static struct error *python_find_name(struct tracee *tracee, const struct site *site,
				      enum python_step step, size_t name_offset)
{
	const struct remote_call *call = tracee->remote_call;

	return python_call(tracee, site, step, "PyDict_GetItemString",
			   (uint64_t[]){ call->values[VALUE_DICT], call->data.value + name_offset },
			   2);
}

/* @object is a bytes object that says so: its last byte tells the helper to take itself away. */
static bool python_is_leave(const struct tracee *tracee, taddr_t object, taddr_t *ret)
{
	static const char head[] = PYTHON_TEXT_HEAD;
	char text[sizeof(head) - 1];

	*ret = taddr_add(object, PYTHON_BYTES_TEXT_OFFSET + sizeof(text));
	return address_space_read_some(tracee->process->space,
				       taddr_add(object, PYTHON_BYTES_TEXT_OFFSET), text,
				       sizeof(text)) == sizeof(text) &&
	       memcmp(text, head, sizeof(text)) == 0;
}

/* ready() has returned @result: what is to be asked about code (before 3.12), or how the helper is taken away. */
static struct error *python_begun(struct tracee *tracee, const struct site *site, uint64_t result)
{
	struct image *image = tracee->process->space->image;
	struct error *err = NULL;

	if (result == 0)
		return python_call(tracee, site, STEP_CLEAR, "PyErr_Clear", NULL, 0);
	bool is_leave = python_is_leave(tracee, taddr(result), &image->python.leave);
	if (!is_leave) {
		image->python.leave = taddr(0);
		if (result != image->python.none.value)
			err = python_insert_eval(tracee, site, taddr(result));
	}
	if (err == NULL)
		err = python_end(tracee, site);
	if (err == NULL && image->python.ask.state != PYTHON_NOT_ASKED && is_leave)
		log_info("the Python functions of process %d are recorded from now on",
			 tracee->process->pid);
	return err != NULL ? err : python_attach_end(image);
}

/* The call of an earlier step has returned @result: makes the next one, or ends. */
static struct error *python_next_step(struct tracee *tracee, const struct site *site,
				      uint64_t result)
{
	struct remote_call *call = tracee->remote_call;
	struct python_image *python = &tracee->process->space->image->python;
	const uint64_t text = call->data.value + sizeof(struct python_data);
	struct error *err;

	switch (call->step) {
	case STEP_INTERPRETER:
	case STEP_ASK:
		return python_ask_returned(tracee, site, result);
	case STEP_DICT:
		call->values[VALUE_DICT] = result;
		return python_call(tracee, site, STEP_RUN, "PyRun_StringFlags",
				   (uint64_t[]){ text, PY_FILE_INPUT, result, result, 0 }, 5);
	case STEP_RUN:
		if (result == 0)
			return python_call(tracee, site, STEP_CLEAR, "PyErr_Clear", NULL, 0);
		return python_find_name(tracee, site, STEP_FIND_MARK,
					offsetof(struct python_data, mark));
	case STEP_FIND_MARK:
		err = python_insert_mark(tracee, taddr(result));
		return err != NULL ? err
				   : python_find_name(tracee, site, STEP_FIND_NONE,
						      offsetof(struct python_data, none));
	case STEP_FIND_NONE:
		python->none = taddr(result);
		return python_find_name(tracee, site, STEP_FIND_READY,
					offsetof(struct python_data, ready));
	case STEP_FIND_READY:
		return python_call(tracee, site, STEP_READY, "PyObject_CallFunctionObjArgs",
				   (uint64_t[]){ result, 0 }, 2);
	case STEP_READY:
		return python_begun(tracee, site, result);
	case STEP_CLEAR:
		return error_new(ERR_FORMAT, "its interpreter does not take our helper");
	default: /* STEP_ADOPT: None, or the code to be executed instead */
		if (result != 0 && result != python->none.value)
			arch_set_argument(&call->saved, 0, result);
		return python_end(tracee, site);
	}
}

struct error *python_returned(struct session *session, struct tracee *tracee, bool *ret_is_ours)
{
	uint64_t result;

	*ret_is_ours = false;
	if (tracee->remote_call == NULL || !remote_call_has_returned(tracee, &result))
		return NULL;
	*ret_is_ours = true;
	struct image *image = tracee->process->space->image;
	const struct site *site = image_site(image, taddr(tracee->remote_call->values[VALUE_SITE]));
	if (site == NULL)
		return error_new(ERR_FAILED, "a Python interpreter has been unloaded");
	session->counts.hits++;
	struct error *err = python_next_step(tracee, site, result);
	if (err != NULL && error_code(err) == ERR_FORMAT && tracee->remote_call != NULL)
		err = python_refused(tracee, site, err);
	return err;
}

/* PyEval_EvalCode(code, globals, locals): adopt(code, globals) may have other code for it. */
static struct error *python_adopt(struct tracee *tracee, const struct site *site)
{
	const struct python_image *python = &tracee->process->space->image->python;

	struct error *err = python_call_begin(tracee, site, NULL, 0);
	if (err != NULL)
		return err;
	struct remote_call *call = tracee->remote_call;
	call->step = STEP_ADOPT;
	const uint64_t code = arch_argument(&call->saved, 0);
	const uint64_t names = arch_argument(&call->saved, 1);
	return remote_call_make(tracee, python->call,
				(uint64_t[]){ python->adopt.value, code, names, 0 }, 4);
}

/* A call has been made for us, or @err tells why not. */
static struct error *python_placed(struct tracee *tracee, const struct site *site,
				   struct error *err, bool *ret_is_placed)
{
	*ret_is_placed = tracee->remote_call != NULL;
	if (err != NULL && error_code(err) == ERR_FORMAT && *ret_is_placed)
		err = python_refused(tracee, site, err);
	return err;
}

/* Of a thread's stack, for our helper and the compiler that it needs; a main thread's grows. */
static struct error *python_check_stack(const struct tracee *tracee)
{
	static const uint64_t NEEDED_BYTES = 200 << 10;
	struct image *image = tracee->process->space->image;
	taddr_t pc, sp;

	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL || tracee->tid == tracee->process->pid)
		return err;
	return image_same_mapping(image, tracee->process->pid, sp, taddr(sp.value - NEEDED_BYTES))
		       ? NULL
		       : error_new(ERR_FORMAT, "the stack of its thread %d is too small",
				   tracee->tid);
}

static struct error *python_place(struct session *session, struct tracee *tracee,
				  const struct site *site, bool *ret_is_placed)
{
	struct error *err = python_check_stack(tracee);
	if (error_take(&err, ERR_FORMAT, log_warning,
		       "the Python functions of process %d are not recorded", tracee->process->pid))
		return python_attach_end(tracee->process->space->image);
	if (err == NULL)
		err = python_begin(session, tracee, site);
	return python_placed(tracee, site, err, ret_is_placed);
}

struct error *python_main_hit(struct session *session, struct tracee *tracee,
			      const struct site *site, bool *ret_is_placed)
{
	struct image *image = tracee->process->space->image;

	/* What it does for us; or it was met before, on the way here. */
	if (tracee->remote_call != NULL || image->python.ask.state == PYTHON_HAS_ANSWERED)
		return NULL;
	struct error *err = python_attach_end(image);
	return err != NULL ? err : python_place(session, tracee, site, ret_is_placed);
}

struct error *python_safe_hit(struct session *session, struct tracee *tracee,
			      const struct site *site, bool *ret_is_placed)
{
	return python_is_safe_call(tracee, site)
		       ? python_place(session, tracee, site, ret_is_placed)
		       : NULL;
}

struct error *python_eval_hit(struct tracee *tracee, const struct site *site, bool *ret_is_placed)
{
	if (tracee->remote_call != NULL || tracee->process->space->image->python.adopt.value == 0)
		return NULL;
	return python_placed(tracee, site, python_adopt(tracee, site), ret_is_placed);
}

pid_t python_busy_thread(const struct session *session)
{
	size_t cursor = 0;
	const struct tracee *tracee;

	while ((tracee = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		if (tracee->remote_call != NULL)
			return tracee->tid;
	}
	return 0;
}
