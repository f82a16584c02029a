/* Asks a running interpreter for a safe point; see python_attach.h. Loop layer. */
#include "tracer/loop/python/python_attach.h"

#include "tracer/arch/arch.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/python/python_call.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/remote_call.h"

/*
 * A thread about to evaluate a Python function for C code, or to let go of the GIL, or to wait for it, holds no lock
 * of the interpreter's own.
 */
static const char *const free_places[] = {
	"_PyEval_EvalFrameDefault",
	"PyEval_SaveThread",
	"PyEval_RestoreThread",
};

/*
 * Where loops of nothing but bytecodes come by: the evaluator holds no such lock, but others may, who call these as
 * well (sys._current_frames).
 */
static const char *const evaluators_places[] = {
	"PyObject_Free",   "_Py_Dealloc",      "PyLong_FromLong",     "PyNumber_Add",
	"PyObject_IsTrue", "PyObject_GetItem", "PyObject_Vectorcall",
};

enum {
	PLACES = sizeof(evaluators_places) / sizeof(evaluators_places[0]),
	FREE_PLACES = sizeof(free_places) / sizeof(free_places[0])
};

/* So many others may call the evaluator's places before these are given up. */
static const unsigned STRANGERS_MAX = 1000;

/* Nothing is said before: most interpreters are ready within some milliseconds. */
static const int64_t PATIENCE_NS = NS_PER_S;

static const char SAFE_FUNCTION[] = "PyErr_CheckSignals";

/* Where the interpreter's code is; 0: in none of the files that are mapped. */
static taddr_t find_interpreter(const struct image *image)
{
	taddr_t in_file;

	for (size_t i = 0; i < image->module_count; i++) {
		const struct module *module = &image->modules[i];
		if (module->file != NULL && symbol_file_find(module->file, SAFE_FUNCTION, &in_file))
			return taddr(in_file.value + module->bias);
	}
	return taddr(0);
}

static bool has_function(const struct image *image, taddr_t at, const char *name)
{
	taddr_t address;

	struct error *err = python_find(image, at, name, &address);
	bool has = err == NULL;
	error_free(err);
	return has;
}

static struct error *find_evaluator(const struct image *image, struct python_ask *ask)
{
	struct error *err = python_find(image, ask->safe, free_places[0], &ask->eval);
	if (err != NULL)
		return err;
	const struct module *module = image_module_at(image, ask->eval);
	const struct function *function =
		symbol_file_function_at(module->file, taddr(ask->eval.value - module->bias));
	ask->eval_bytes = function == NULL ? 0 : function->size_bytes;
	return NULL;
}

/* PyEval_SetProfileAllThreads is new in CPython 3.12; _Py_DecRefShared is there in free-threaded builds alone. */
static struct error *check_interpreter(const struct image *image, struct python_ask *ask)
{
	ask->safe = find_interpreter(image);
	if (ask->safe.value == 0)
		return error_new(ERR_FORMAT,
				 "it has no Python interpreter, or one without symbols");
	if (!has_function(image, ask->safe, "PyEval_SetProfileAllThreads"))
		return error_new(ERR_FORMAT,
				 "its Python is older than 3.12, the first whose functions can be "
				 "followed while it runs (sys.monitoring)");
	if (has_function(image, ask->safe, "_Py_DecRefShared"))
		return error_new(ERR_FORMAT,
				 "its Python is free-threaded, and none of its threads can speak "
				 "for the others");
	return find_evaluator(image, ask);
}

static struct error *insert_places(struct image *image, struct tracee *tracee,
				   const char *const *names, size_t count)
{
	struct error *err = NULL;
	struct site *site;
	taddr_t address;

	for (size_t i = 0; err == NULL && i < count; i++) {
		err = python_find(image, image->python.ask.safe, names[i], &address);
		if (err == NULL)
			err = image_insert(image, tracee, address, SITE_PYTHON_ASK, &site);
		err = error_ignore(err, ERR_FORMAT); /* there are others */
	}
	return err;
}

struct error *python_attach_prepare(struct session *session, struct process *process)
{
	struct image *image = process->space->image;
	struct tracee *tracee = process->threads; /* any */
	struct python_ask ask = { .since_ns = clock_now_ns() };
	struct site *site;

	(void)session;
	struct error *err = check_interpreter(image, &ask);
	if (err != NULL || tracee == NULL)
		return err;
	image->python.ask = ask;
	err = image_insert(image, tracee, ask.safe, SITE_PYTHON_SAFE, &site);
	if (err == NULL)
		err = insert_places(image, tracee, free_places, FREE_PLACES);
	if (err == NULL)
		err = insert_places(image, tracee, evaluators_places, PLACES);
	if (err == NULL)
		image->python.ask.state = PYTHON_IS_TO_BE_ASKED;
	return err;
}

static struct error *remove_places(struct image *image, const char *const *names, size_t count)
{
	struct error *err = NULL;
	taddr_t address;

	for (size_t i = 0; err == NULL && i < count; i++) {
		err = error_ignore(python_find(image, image->python.ask.safe, names[i], &address),
				   ERR_FORMAT);
		struct site *site = image_site(image, address);
		if (err == NULL && site != NULL && (site->roles & SITE_PYTHON_ASK))
			err = image_remove_role(image, site, SITE_PYTHON_ASK);
	}
	return err;
}

static struct error *remove_all_places(struct image *image)
{
	struct error *err = remove_places(image, free_places, FREE_PLACES);
	return err != NULL ? err : remove_places(image, evaluators_places, PLACES);
}

/* Whether a thread of @space asks just now, or does something else for us. */
static bool somebody_calls(const struct address_space *space)
{
	for (const struct process *process = space->processes; process != NULL;
	     process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it->remote_call != NULL)
				return true;
		}
	}
	return false;
}

/* Whether @tracee, at @site, holds no lock of the interpreter's own. */
static struct error *holds_no_lock(const struct tracee *tracee, const struct site *site, bool *ret)
{
	struct image *image = tracee->process->space->image;
	const struct python_ask *ask = &image->python.ask;
	taddr_t pc, sp, caller, place;

	*ret = false;
	for (size_t i = 0; i < FREE_PLACES; i++) {
		struct error *none = python_find(image, ask->safe, free_places[i], &place);
		*ret = *ret || (none == NULL && taddr_equal(place, site->address));
		error_free(none);
	}
	struct error *err = *ret ? NULL : ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL && !*ret)
		err = address_space_read(tracee->process->space, sp, &caller.value,
					 sizeof(caller.value));
	if (err == NULL && !*ret)
		*ret = caller.value - ask->eval.value < ask->eval_bytes;
	return err;
}

struct error *python_ask_hit(struct tracee *tracee, const struct site *site, bool *ret_is_placed)
{
	struct image *image = tracee->process->space->image;
	struct python_ask *ask = &image->python.ask;
	bool may_ask;

	*ret_is_placed = false;
	if (ask->state != PYTHON_IS_TO_BE_ASKED || somebody_calls(tracee->process->space))
		return NULL;
	struct error *err = holds_no_lock(tracee, site, &may_ask);
	if (err == NULL && !may_ask && ++ask->strangers == STRANGERS_MAX)
		return remove_places(image, evaluators_places, PLACES);
	if (err != NULL || !may_ask)
		return err;
	err = python_call_begin(tracee, site, NULL, 0);
	if (err != NULL)
		return err;
	err = python_call(tracee, site, STEP_INTERPRETER, "PyInterpreterState_Main", NULL, 0);
	if (err != NULL)
		err = error_first(err, python_end(tracee, site));
	*ret_is_placed = err == NULL;
	return err;
}

/* Any thread of @interpreter may make the call (the last argument); it is told apart by its argument. */
static struct error *ask_for_call(struct tracee *tracee, const struct site *site,
				  uint64_t interpreter)
{
	const struct image *image = tracee->process->space->image;
	const uint64_t safe = image->python.ask.safe.value;

	if (has_function(image, site->address, "_PyEval_AddPendingCall"))
		return python_call(tracee, site, STEP_ASK, "_PyEval_AddPendingCall",
				   (uint64_t[]){ interpreter, safe, safe, 0 }, 4);
	return python_call(tracee, site, STEP_ASK, "Py_AddPendingCall", (uint64_t[]){ safe, safe },
			   2);
}

struct error *python_ask_returned(struct tracee *tracee, const struct site *site, uint64_t result)
{
	struct image *image = tracee->process->space->image;
	struct python_ask *ask = &image->python.ask;

	if (tracee->remote_call->step == STEP_INTERPRETER) {
		/* Another thread may make the pending call before this one is back. */
		ask->state = PYTHON_IS_ASKED;
		return ask_for_call(tracee, site, result);
	}
	struct error *err = python_end(tracee, site);
	if ((int)result != 0 && ask->state == PYTHON_IS_ASKED)
		ask->state = PYTHON_IS_TO_BE_ASKED; /* it has too many such calls still to make */
	return err != NULL || ask->state != PYTHON_IS_ASKED ? err : remove_all_places(image);
}

bool python_is_safe_call(const struct tracee *tracee, const struct site *site)
{
	const struct python_ask *ask = &tracee->process->space->image->python.ask;
	struct user_regs_struct regs;

	if (ask->state != PYTHON_IS_ASKED || tracee->remote_call != NULL)
		return false;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	bool is = err == NULL && arch_argument(&regs, 0) == site->address.value;
	error_free(err);
	return is;
}

struct error *python_attach_end(struct image *image)
{
	struct python_ask *ask = &image->python.ask;
	struct site *site = image_site(image, ask->safe);

	if (ask->state == PYTHON_NOT_ASKED || ask->state == PYTHON_HAS_ANSWERED)
		return NULL;
	ask->state = PYTHON_HAS_ANSWERED;
	struct error *err = remove_all_places(image);
	if (err == NULL && site != NULL && (site->roles & SITE_PYTHON_SAFE))
		err = image_remove_role(image, site, SITE_PYTHON_SAFE);
	return err;
}

void python_attach_look(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->space == NULL || process->space->image == NULL)
			continue;
		struct python_ask *ask = &process->space->image->python.ask;
		bool waits = ask->state == PYTHON_IS_TO_BE_ASKED || ask->state == PYTHON_IS_ASKED;
		if (!waits || ask->was_told || clock_now_ns() - ask->since_ns < PATIENCE_NS)
			continue;
		ask->was_told = true;
		log_info("process %d runs no Python code at the moment: its functions are "
			 "recorded from when it does",
			 process->pid);
	}
}

void python_leave_all(const struct session *session)
{
	size_t cursor = 0;
	const struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->space == NULL || process->space->image == NULL ||
		    process->space->image->python.leave.value == 0)
			continue;
		struct error *err = address_space_write(
			process->space, process->space->image->python.leave, "\1", 1);
		(void)error_take(&err, ERR_FAILED, log_debug, "process %d keeps our Python helper",
				 process->pid);
		error_free(err);
	}
}
