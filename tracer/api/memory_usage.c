/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mprof_memory_usage(): the parts put together (api layer).
 *
 * A process or a command is read by the calling thread itself; beside a function runs a thread of ours.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/api/api_error.h"
#include "tracer/api/beside.h"
#include "tracer/api/command.h"
#include "tracer/api/guarded_call.h"
#include "tracer/api/mprof.h"
#include "tracer/api/usage_plan.h"
#include "tracer/api/usage_sampling.h"
#include "tracer/base/clock.h"
#include "tracer/base/version.h"

/* What is released however a measurement ends. On the heap: a thread of ours reads it. */
struct measurement {
	struct usage_plan plan;
	struct usage_sampling sampling;
	struct beside *beside; /* NULL: no thread of ours runs */
	int end_fd;	       /* of process_end_open, or -1 */
	int cancel_state;      /* the caller's, while ours is disabled */
	struct mprof_result *result;
};

const char *mprof_version(void)
{
	return MPROF_TRACE_VERSION;
}

void mprof_result_free(struct mprof_result *result)
{
	if (result == NULL)
		return;
	free((void *)result->mib);
	free((void *)result->times_s);
	free((void *)result->children);
	free(result);
}

/* What a child has of it was the thread's at the fork: it is left alone, and nothing is written once more. */
static void measurement_destroy(struct measurement *m)
{
	const bool is_elsewhere = m->beside != NULL && beside_is_elsewhere(m->beside);

	if (m->beside != NULL)
		error_free(beside_stop(m->beside));
	if (!is_elsewhere)
		usage_sampling_deinit(&m->sampling);
	if (m->end_fd >= 0)
		close(m->end_fd);
	mprof_result_free(m->result);
	free(m);
}

/* It is left while others' code runs, which may be cancelled. */
static void measurement_abandon(void *context)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	measurement_destroy(context);
	pthread_setcancelstate(state, NULL);
}

/* As /proc knows this process: it may be that of another namespace of pids. */
static pid_t own_pid(void)
{
	char text[16] = "";

	if (readlink("/proc/self", text, sizeof(text) - 1) <= 0)
		return getpid();
	return atoi(text);
}

/* Whether pids here are those in /proc. */
static bool is_proc_ours(void)
{
	return own_pid() == getpid();
}

/* ---- A process, or a command ---- */

struct wait_for_end {
	int end_fd;
	int64_t until_ns;
	bool has_ended;
};

static void *wait_for_end(void *context)
{
	struct wait_for_end *wait = context;

	wait->has_ended = process_end_wait(wait->end_fd, wait->until_ns);
	return NULL;
}

/* The one place where the caller may be cancelled while it reads. True: the process has ended. */
static bool measurement_wait(struct measurement *m, int64_t until_ns)
{
	struct wait_for_end wait = { .end_fd = m->end_fd, .until_ns = until_ns };
	void *nothing;

	pthread_setcancelstate(m->cancel_state, NULL);
	guarded_call(wait_for_end, &wait, measurement_abandon, m, &nothing);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	return wait.has_ended;
}

/* ERR_GONE: it has ended. Without an error, and before its end, the times or the time are over. */
static struct error *watch_open(struct measurement *m)
{
	const struct usage_plan *plan = &m->plan;
	const int64_t start_ns = m->sampling.tree.sampler.grid.start_ns;
	struct error *err = usage_sampling_take(&m->sampling);

	while (err == NULL && m->sampling.readings.measurements < plan->most_times) {
		int64_t next_ns = usage_sampling_next_ns(&m->sampling);
		bool is_last =
			plan->timeout_ns != INT64_MAX && next_ns - start_ns > plan->timeout_ns;
		if (measurement_wait(m, is_last ? start_ns + plan->timeout_ns : next_ns))
			return error_new(ERR_GONE, "process %d has ended", m->sampling.pid);
		if (is_last)
			break;
		err = usage_sampling_tick(&m->sampling);
	}
	return err;
}

static struct error *watch(struct measurement *m)
{
	if (m->plan.most_times == 0)
		return NULL;
	struct error *err = usage_sampling_open(&m->sampling);
	if (err == NULL)
		err = watch_open(m);
	usage_sampling_close(&m->sampling);
	return err;
}

/* Hands over what was measured, besides @err. */
static struct mprof_error *measurement_finish(struct measurement *m, struct error *err,
					      struct mprof_result **ret)
{
	struct error *unwritten = usage_sampling_finish(&m->sampling, m->result->status, m->result);

	*ret = m->result;
	m->result = NULL;
	if (err == NULL)
		return api_error_as(unwritten, MPROF_ERROR_STREAM);
	error_free(unwritten);
	return api_error(err);
}

static struct mprof_error *measure_process(struct measurement *m, struct mprof_result **ret)
{
	const bool is_self = m->plan.options.pid == MPROF_SELF;
	const pid_t pid = is_self ? own_pid() : m->plan.options.pid;

	m->result->pid = pid;
	if (!is_self && is_proc_ours())
		m->end_fd = process_end_open(pid);
	struct error *err = usage_sampling_init(&m->sampling, &m->plan, pid);
	if (err == NULL)
		err = watch(m);
	if (m->sampling.readings.measurements > 0)
		err = error_ignore(err, ERR_GONE);
	return err == NULL ? measurement_finish(m, NULL, ret) : api_error(err);
}

static struct mprof_error *measure_command(struct measurement *m, struct mprof_result **ret)
{
	pid_t pid;

	if (!is_proc_ours())
		return api_error(error_new(
			ERR_FAILED, "/proc is that of another namespace of pids: it does not "
				    "show what is started here under its pid"));
	struct error *err = command_start(m->plan.options.command, &pid);
	if (err != NULL)
		return api_error_as(err, MPROF_ERROR_COMMAND);
	m->result->pid = pid;
	m->end_fd = process_end_open(pid);
	err = usage_sampling_init(&m->sampling, &m->plan, pid);
	if (err == NULL)
		err = watch(m);
	const bool is_ending = err != NULL && error_code(err) == ERR_GONE;
	m->result->is_running = !command_wait(pid, is_ending, &m->result->status);
	return measurement_finish(m, error_ignore(err, ERR_GONE), ret);
}

/* ---- A function ---- */

/* As memory_profiler has it: of one that has ended so soon little is known. */
static bool is_to_be_called_again(struct measurement *m, int64_t start_ns)
{
	enum { READINGS_ENOUGH = 5 };
	const struct usage_plan *plan = &m->plan;
	const size_t most = plan->options.max_iterations;

	return m->sampling.readings.measurements < READINGS_ENOUGH &&
	       (most == 0 || m->result->iterations < most) &&
	       (plan->timeout_ns == INT64_MAX || clock_now_ns() - start_ns < plan->timeout_ns) &&
	       usage_plan_shorten(&m->plan);
}

/* longjmp has left it, and @m is gone. */
static struct mprof_error *tell_left(void *returned, struct mprof_result **ret)
{
	*ret = calloc(1, sizeof(**ret));
	if (*ret != NULL) {
		(*ret)->returned = returned;
		(*ret)->status = -1;
	}
	return api_error_as(error_new(ERR_FAILED, "the function was left by longjmp and came back"),
			    MPROF_ERROR_LEFT);
}

static struct mprof_error *tell_forked(struct measurement *m, struct mprof_result **ret)
{
	*ret = m->result;
	m->result = NULL;
	return api_error_as(
		error_new(
			ERR_FAILED,
			"the function has forked, and this is the child: nothing is measured here"),
		MPROF_ERROR_FORKED);
}

/* *@m_owned becomes NULL where it is gone. */
static struct mprof_error *measure_function(struct measurement **m_owned, struct mprof_result **ret)
{
	struct measurement *m = *m_owned;
	const struct mprof_options *options = &m->plan.options;
	const int64_t start_ns = clock_now_ns();
	void *returned;

	m->result->pid = own_pid();
	struct error *err = usage_sampling_init(&m->sampling, &m->plan, m->result->pid);
	while (err == NULL) {
		err = beside_start(&m->sampling, &m->beside);
		if (err != NULL)
			break;
		pthread_setcancelstate(m->cancel_state, NULL);
		if (!guarded_call(options->function, options->argument, measurement_abandon, m,
				  &returned)) {
			*m_owned = NULL;
			return tell_left(options->retval ? returned : NULL, ret);
		}
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &m->cancel_state);
		m->result->iterations++;
		m->result->returned = options->retval ? returned : NULL;
		if (beside_is_elsewhere(m->beside))
			return tell_forked(m, ret);
		err = beside_stop(m->beside);
		m->beside = NULL;
		if (err != NULL || !is_to_be_called_again(m, start_ns))
			break;
		usage_sampling_restart(&m->sampling);
	}
	if (m->result->iterations == 0)
		return api_error(err);
	return measurement_finish(m, err, ret);
}

struct mprof_error *mprof_memory_usage(const struct mprof_options *options,
				       struct mprof_result **ret)
{
	struct mprof_error *error;
	struct measurement *m = calloc(1, sizeof(*m));

	*ret = NULL;
	if (m == NULL)
		return api_error(error_no_memory());
	m->end_fd = -1;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &m->cancel_state);
	m->result = calloc(1, sizeof(*m->result));
	struct error *err =
		m->result == NULL ? error_no_memory() : usage_plan_make(options, &m->plan);
	if (err != NULL) {
		error = api_error(err);
	} else {
		m->result->status = -1;
		error = m->plan.kind == USAGE_FUNCTION	? measure_function(&m, ret)
			: m->plan.kind == USAGE_COMMAND ? measure_command(m, ret)
							: measure_process(m, ret);
	}
	if (m == NULL)
		return error;
	const int cancel_state = m->cancel_state;
	measurement_destroy(m);
	pthread_setcancelstate(cancel_state, NULL);
	return error;
}
