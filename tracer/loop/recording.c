/* One recording; see recording.h. Loop layer. */
#include "tracer/loop/recording.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/attach/attach.h"
#include "tracer/loop/attach/release.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/event_loop.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/overhead/overhead.h"
#include "tracer/loop/python/python_lines.h"
#include "tracer/loop/stacks/entry_stacks.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/state/missing.h"
#include "tracer/loop/state/target_states.h"
#include "tracer/loop/state/tsc_look.h"
#include "tracer/loop/status_line.h"
#include "tracer/loop/summary.h"
#include "tracer/tracee/filters.h"
#include "tracer/tracee/launch.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/seize_refusal.h"

enum { STATUS_OURS = 125 };

struct recording {
	struct session session;
	struct launch launch;
	bool is_launched; /* @launch has not been finished yet */
};

static struct error *recording_open_file(struct session *session)
{
	const struct session_options *options = session->options;
	const struct recorder_options recorder_options = {
		.pid = session->main_pid,
		.path = options->output,
		.max_calls = options->max_calls,
		.metric = metric_traits(options->metric)->name,
		.is_tree = options->sums_tree,
		.interval_ns = options->interval_ns,
		.rank = options->rank,
		.is_rank_alone = options->attached_count > 0,
		.tell = log_error,
	};
	struct error *err =
		recorder_create(&recorder_options, options->command, &session->recorder);
	if (err == NULL && options->observer != NULL)
		options->observer->note_file(options->observer->data,
					     recorder_path(session->recorder));
	return err;
}

static struct error *recording_plan(struct session *session)
{
	const struct session_options *options = session->options;
	struct symbol_sources sources = options->sources;

	sources.reads_unnamed = pattern_set_has_addresses(options->patterns);
	struct error *err = planner_init(&session->planner, options->patterns);
	session->planner.wants_python = options->wants_python;
	session->planner.wants_inlined = options->wants_inlined;
	session->planner.wants_lines = options->wants_lines;
	session->planner.waits_for_mpi = options->waits_for_mpi;
	session->planner.survives = options->survives;
	session->planner.wants_marks = options->wants_marks;
	if (err == NULL)
		symbol_store_set_sources(session->planner.store, &sources);
	return err;
}

/* A launched child stands still until recording_start; it has cost us nothing yet to leave. */
static struct error *recording_init(struct recording *recording,
				    const struct session_options *options)
{
	struct session *session = &recording->session;
	struct error *err = NULL;

	*recording = (struct recording){ .session = { .options = options,
						      .main_status = -1,
						      .is_waiting = options->waits_for_mpi } };
	status_line_begin(session);
	session->holds.are_kept = log_is_verbose();
	overhead_begin(session);
	target_init(&session->target, &loop_target_states);
	session->target.wishes = (struct ptrace_wishes){
		.kills_on_exit = options->kills_on_exit,
		.tells_vfork_done =
			session_probes(session) && options->probe_mode != PROBE_BREAKPOINT,
	};
	sampler_init(&session->sampler, options->metric);
	if (options->attached_count > 0) {
		session->main_pid = options->attached[0];
	} else {
		session->target.has_our_filters = session_probes(session) && filters_try();
		err = launch_start(&recording->launch, options->command, &options->launch_context);
		recording->is_launched = err == NULL;
		session->main_pid = recording->launch.pid;
	}
	if (err != NULL)
		return err;
	tsc_look(&session->tsc);
	session->deal_with_stop = dispatch_stop;
	session->find_children = untraced_find_children;
	placement_init(&session->placement, options->attached_count == 0);
	err = recording_plan(session);
	return err != NULL ? err : recording_open_file(session);
}

static struct error *recording_sample_untraced(struct recording *recording)
{
	struct session *session = &recording->session;

	struct error *err = growth_begin(session);
	if (err == NULL)
		err = launch_exec(&recording->launch);
	if (err != NULL)
		return err;
	recording->is_launched = false;
	err = launch_finish(&recording->launch, session->options->command[0]);
	return err != NULL ? err : untraced_launched(session);
}

/* What can be had without tracing is recorded; the rest fails with what is to be done. Takes @refused. */
static struct error *recording_without_ptrace(struct recording *recording, struct error *refused)
{
	struct session *session = &recording->session;
	const struct session_options *options = session->options;

	struct error *why = seize_refused_launched(recording->launch.pid, error_errno(refused));
	error_free(refused);
	if (session_probes(session) || options->must_trace ||
	    break_settings_need_threads(options->breaks))
		return error_context(why, "cannot trace %s", options->command[0]);
	log_warning("it is sampled, not traced: %s", error_message(why));
	error_free(why);
	return recording_sample_untraced(recording);
}

static struct error *recording_trace(struct recording *recording)
{
	struct session *session = &recording->session;

	struct error *err = ptrace_seize(recording->launch.pid, session->target.wishes);
	if (err != NULL && error_code(err) != ERR_GONE)
		return recording_without_ptrace(recording, err);
	if (err == NULL)
		err = family_add_launched(session, recording->launch.pid);
	if (err == NULL && !session->is_waiting)
		err = growth_begin(session);
	if (err == NULL)
		err = launch_exec(&recording->launch);
	return error_context(err, "cannot trace %s", session->options->command[0]);
}

static struct error *recording_attach(struct session *session)
{
	struct error *err = attach_begin(session);
	if (err == NULL)
		err = growth_attach(session);
	if (err == NULL) {
		summary_tell_start(session);
		if (!session->is_refused)
			return NULL;
		err = summary_refusal(session);
	}
	error_free(release_all(session));
	untraced_forget_all(session);
	return err;
}

/*
 * When memory runs out, other processes are killed first: the program would meet our traps without us.
 * The program has been forked already and keeps its own score. Only root may (CAP_SYS_RESOURCE, proc(5)).
 */
static void become_last_to_be_killed(void)
{
	static const char least[] = "-1000";
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	ssize_t put = fd < 0 ? -1 : write(fd, least, sizeof(least) - 1);

	if (put < 0)
		log_debug("the kernel may choose this tracer when memory runs out: only "
			  "CAP_SYS_RESOURCE prevents that");
	if (fd >= 0)
		close(fd);
}

/*
 * The terminal's signals are the program's, which stays in the front end's process group. What we write to the terminal
 * is written though we are in its background (SIGTTOU, termios(3)). The session stays the same: where the scheduler
 * shares the CPUs out among sessions (autogroups, sched(7)), a switch between two of them costs more, and SCHED_IDLE is
 * no difference between them; see placement.h.
 */
static void leave_process_group(void)
{
	sigset_t writes;

	sigemptyset(&writes);
	sigaddset(&writes, SIGTTOU);
	sigprocmask(SIG_BLOCK, &writes, NULL);
	setpgid(0, 0);
}

static struct error *recording_start(struct recording *recording)
{
	const struct session_options *options = recording->session.options;

	become_last_to_be_killed();
	leave_process_group();
	if (options->attached_count > 0)
		return recording_attach(&recording->session);
	return options->traces ? recording_trace(recording) : recording_sample_untraced(recording);
}

static void recording_deinit(struct recording *recording)
{
	struct session *session = &recording->session;
	size_t cursor = 0;
	void *stop;

	status_line_end(session);
	if (recording->is_launched)
		launch_abandon(&recording->launch);
	recorder_discard(session->recorder);
	while ((stop = addr_map_next(&session->early_stops, &cursor)) != NULL)
		free(stop);
	addr_map_deinit(&session->early_stops);
	target_deinit(&session->target);
	sampler_deinit(&session->sampler);
	entry_stacks_destroy(session->entry_stacks);
	growth_destroy(session);
	stacks_destroy(session->stacks);
	jump_store_deinit(&session->jumps);
	python_lines_deinit(session);
	planner_deinit(&session->planner);
	placement_deinit(&session->placement);
	overhead_deinit(session);
}

/* The program's end, and whether the recording is what was asked for. */
static int recording_status(struct session *session, bool is_whole)
{
	if (!is_whole)
		return STATUS_OURS;
	if (!session->is_waiting && summary_all_missed(session) &&
	    !session->options->allows_missing) {
		log_error("nothing that was asked for with -f was found; 'mprof-trace funcs' "
			  "lists what can be, --allow-missing makes this no failure");
		return STATUS_OURS;
	}
	/* A program whose start could not be watched. */
	if (!session->start_was_told && start_is_refused(session)) {
		log_error("--strict: not all that was asked for with -f was found");
		return STATUS_OURS;
	}
	bool is_attached = session->options->attached_count > 0;
	return is_attached || session->main_status < 0 ? 0 : session->main_status;
}

/*
 * Closes the file; after that, the main process may still be running, detached: its status is waited
 * for.
 */
static void recording_finish(struct session *session, int *ret_status)
{
	status_line_end(session);
	summary_tell_end(session);
	recorder_flush(session->recorder, clock_now_ns());
	struct error *err = recorder_close(session->recorder);
	session->recorder = NULL;
	if (session->is_released && session->main_status < 0)
		event_loop_wait_main(session);
	/* That a write failed has been said when it did. */
	*ret_status = recording_status(session, err == NULL);
	error_free(err);
}

/* What has been recorded is kept. Takes @why. */
static void recording_end_early(struct session *session, struct error *why, int *ret_status)
{
	status_line_end(session);
	error_free(recorder_close(session->recorder));
	session->recorder = NULL;
	log_error("the recording ends early: %s; the program goes on", error_message(why));
	error_free(why);
	*ret_status = STATUS_OURS;
	if (session->options->attached_count == 0)
		event_loop_wait_main(session);
}

/* That the program could not be executed says more than what it led to. */
static struct error *recording_finish_launch(struct recording *recording, struct error *err)
{
	struct error *launch_err = NULL;

	if (recording->is_launched)
		launch_err =
			launch_finish(&recording->launch, recording->session.options->command[0]);
	/* The program runs, even if its exec has not been noticed. */
	recording->session.is_started |= recording->is_launched && launch_err == NULL;
	recording->is_launched = false;
	if (launch_err == NULL)
		return err;
	error_free(err);
	return launch_err;
}

struct error *recording_run(const struct session_options *options, int *ret_status)
{
	struct recording recording;
	struct session *session = &recording.session;

	struct error *err = recording_init(&recording, options);
	if (err == NULL)
		err = recording_start(&recording);
	if (err == NULL) {
		err = event_loop_run(session);
		err = recording_finish_launch(&recording, err);
		if (err == NULL && session->is_refused)
			err = summary_refusal(session);
	}
	if (err == NULL)
		recording_finish(session, ret_status);
	else if (session->is_started && !session->is_refused) {
		recording_end_early(session, err, ret_status);
		err = NULL;
	}
	recording_deinit(&recording);
	return err;
}
