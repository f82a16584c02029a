/* What a program has mapped before any of it runs; see survey.h. Loop layer. */
#include "tracer/loop/survey.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tracer/base/array.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/dispatch/stop.h"
#include "tracer/probe/planner.h"
#include "tracer/tracee/filters.h"
#include "tracer/tracee/launch.h"
#include "tracer/proc/proc_maps.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/target.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"

/* One program on its way to the point where all is mapped; a session without recording. */
struct survey {
	struct launch launch;
	struct pattern_set *patterns; /* none: nothing but the dynamic linker is watched */
	struct planner planner;
	struct process process;
	struct process_state process_state;
	struct tracee tracee;
	struct thread_state thread_state;
	bool is_ended; /* it has exited by itself */
};

static struct error *survey_wait(struct survey *survey, struct stop *ret)
{
	int status;
	pid_t got;

	do
		got = waitpid(survey->launch.pid, &status, __WALL);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_os(errno, "wait for the program");
	*ret = stop_decode(got, status);
	survey->is_ended = ret->kind == STOP_ENDED;
	return NULL;
}

/* The exec has returned: from here on things can be injected. */
static struct error *survey_begin(struct survey *survey)
{
	struct user_regs_struct regs;

	struct address_space *space;

	struct error *err = address_space_open(survey->launch.pid, &space);
	if (err == NULL)
		process_enter_space(&survey->process, space);
	if (err == NULL)
		err = image_create(survey->process.space);
	if (err == NULL)
		err = ptrace_get_regs(survey->launch.pid, &regs);
	if (err == NULL && !arch_is_supported(&regs))
		return error_new(ERR_FORMAT, "it is not a 64-bit program");
	if (err == NULL)
		err = planner_update(&survey->planner, survey->process.space->image,
				     &survey->tracee);
	if (err == NULL && !survey->process.space->image->has_linker_site)
		survey->process.space->image->is_settled = true;
	return err;
}

static struct error *survey_step(struct survey *survey, const struct stop *stop)
{
	pid_t pid = survey->launch.pid;
	bool is_ours = false;
	struct error *err = NULL;

	switch (stop->kind) {
	case STOP_EXEC:
		return ptrace_cont_to_syscall_stop(pid, 0);
	case STOP_SYSCALL:
		err = survey_begin(survey);
		break;
	case STOP_TRAP:
		err = hit_linker(&survey->planner, &survey->tracee, &is_ours);
		break;
	default:
		break;
	}
	if (err != NULL ||
	    (survey->process.space != NULL && survey->process.space->image->is_settled))
		return err;
	return ptrace_cont(pid, stop->kind == STOP_SIGNAL || (stop->kind == STOP_TRAP && !is_ours)
					? stop->signal
					: 0);
}

static struct error *survey_run(struct survey *survey, char *const argv[])
{
	const struct process *process = &survey->process;

	struct error *err = ptrace_seize(survey->launch.pid, process->wishes);
	if (err == NULL)
		err = launch_exec(&survey->launch);
	while (err == NULL && !survey->is_ended &&
	       (process->space == NULL || !process->space->image->is_settled)) {
		struct stop stop;
		err = survey_wait(survey, &stop);
		if (err == NULL && stop.kind != STOP_ENDED)
			err = survey_step(survey, &stop);
	}
	struct error *launch_err = launch_finish(&survey->launch, argv[0]);
	if (launch_err != NULL) {
		error_free(err);
		return launch_err;
	}
	return error_context(err, "cannot look at the libraries of %s", argv[0]);
}

static struct error *paths_add(char ***paths, size_t *count, size_t *capacity, const char *path)
{
	struct error *err = array_reserve(paths, capacity, *count + 1, sizeof(**paths));
	if (err != NULL)
		return err;
	char *copy = strdup(path);
	if (copy == NULL)
		return error_no_memory();
	(*paths)[(*count)++] = copy;
	return NULL;
}

static struct error *survey_list(const struct survey *survey, char ***ret_paths, size_t *ret_count)
{
	struct proc_maps maps;
	size_t capacity = 0;

	struct error *err = proc_maps_read(&maps, survey->launch.pid);
	if (err != NULL)
		return err;
	for (size_t i = 0; err == NULL && i < maps.count; i++) {
		const struct mapping *m = &maps.mappings[i];
		if (m->executable && m->inode != 0)
			err = paths_add(ret_paths, ret_count, &capacity, m->path);
	}
	proc_maps_deinit(&maps);
	return err;
}

static void survey_deinit(struct survey *survey)
{
	int status;

	if (survey->launch.pid > 0 && !survey->is_ended) {
		kill(survey->launch.pid, SIGKILL);
		while (waitpid(survey->launch.pid, &status, __WALL) > 0 && WIFSTOPPED(status))
			error_free(ptrace_cont(survey->launch.pid, 0));
	}
	struct address_space *space = process_leave_space(&survey->process);
	if (space != NULL)
		image_destroy(space->image);
	address_space_close(space);
	planner_deinit(&survey->planner);
	pattern_set_destroy(survey->patterns);
}

struct error *survey_mapped_files(char *const argv[], char ***ret_paths, size_t *ret_count)
{
	struct survey survey = { 0 };
	struct launch_context context = { 0 };

	*ret_paths = NULL;
	*ret_count = 0;
	launch_context_save(&context);
	struct error *err = pattern_set_create(&survey.patterns);
	if (err == NULL)
		err = planner_init(&survey.planner, survey.patterns);
	if (err == NULL)
		err = launch_start(&survey.launch, argv, &context);
	if (err == NULL) {
		survey.process = (struct process){ .pid = survey.launch.pid,
						   .wishes = { .kills_on_exit = true },
						   .has_our_filters = filters_try(),
						   .thread_count = 1,
						   .state = &survey.process_state };
		survey.tracee = (struct tracee){ .tid = survey.launch.pid,
						 .process = &survey.process,
						 .state = &survey.thread_state,
						 .is_stopped = true };
		err = survey_run(&survey, argv);
	}
	if (err == NULL && survey.is_ended)
		err = error_new(ERR_FAILED, "%s ended before its libraries were mapped", argv[0]);
	if (err == NULL)
		err = survey_list(&survey, ret_paths, ret_count);
	survey_deinit(&survey);
	return err;
}
