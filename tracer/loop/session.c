/* One recording; see session.h. Loop layer. */
#include "tracer/loop/session.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/attach/attach.h"
#include "tracer/loop/event_loop.h"
#include "tracer/loop/dispatch/family.h"
#include "tracer/loop/attach/release.h"
#include "tracer/loop/memory/sampling.h"
#include "tracer/loop/state/target_states.h"
#include "tracer/loop/summary.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/tracee/ptrace_ops.h"

enum { STATUS_OURS = 125 };

/* A launched child stands still until session_start; it has cost us nothing yet to leave. */
static struct error *session_init(struct session *session, const struct session_options *options)
{
	*session = (struct session){ .options = options, .main_status = -1 };
	target_init(&session->target, &loop_target_states);
	struct error *err = NULL;

	if (options->attached_count > 0) {
		session->main_pid = options->attached[0];
	} else {
		err = launch_start(&session->launch, options->command, &options->launch_context);
		session->is_launched = err == NULL;
		session->main_pid = session->launch.pid;
	}
	if (err != NULL)
		return err;
	const struct recorder_options recorder_options = {
		.pid = session->main_pid,
		.path = options->output,
		.max_calls = options->max_calls,
		.metric = metric_traits(options->metric)->name,
		.is_tree = options->sums_tree,
		.interval_ns = options->interval_ns,
	};
	struct symbol_sources sources = options->sources;
	sources.reads_unnamed = pattern_set_has_addresses(options->patterns);
	placement_init(&session->placement, options->attached_count > 0);
	err = planner_init(&session->planner, options->patterns);
	session->planner.wants_python = options->wants_python;
	session->planner.wants_inlined = options->wants_inlined;
	if (err == NULL)
		symbol_store_set_sources(session->planner.store, &sources);
	if (err == NULL)
		err = recorder_create(&recorder_options, options->command, &session->recorder);
	return err;
}

static struct error *session_trace(struct session *session)
{
	struct error *err = ptrace_seize(session->launch.pid, session->options->kills_on_exit);
	if (err == NULL)
		err = family_add_launched(session, session->launch.pid);
	if (err == NULL)
		err = launch_exec(&session->launch);
	return error_context(err, "cannot trace %s", session->options->command[0]);
}

static struct error *session_sample_untraced(struct session *session)
{
	struct error *err = launch_exec(&session->launch);
	if (err != NULL)
		return err;
	session->is_launched = false;
	err = launch_finish(&session->launch, session->options->command[0]);
	return err != NULL ? err : untraced_launched(session);
}

static struct error *session_attach(struct session *session)
{
	struct error *err = attach_begin(session);
	if (err == NULL)
		return NULL;
	error_free(release_all(session));
	untraced_forget_all(session);
	return err;
}

/*
 * When memory runs out, somebody else is killed first: the program would meet our traps without us.
 * It has been forked already and keeps its own score. Only root may (CAP_SYS_RESOURCE, proc(5)).
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

static struct error *session_start(struct session *session)
{
	become_last_to_be_killed();
	/* The program stays in the front end's session; ours loses the terminal, and its signals. */
	setsid();
	if (session->options->attached_count > 0)
		return session_attach(session);
	return session->options->traces ? session_trace(session) : session_sample_untraced(session);
}

static void session_deinit(struct session *session)
{
	size_t cursor = 0;
	void *stop;

	if (session->is_launched)
		launch_abandon(&session->launch);
	recorder_discard(session->recorder);
	while ((stop = addr_map_next(&session->early_stops, &cursor)) != NULL)
		free(stop);
	addr_map_deinit(&session->early_stops);
	target_deinit(&session->target);
	planner_deinit(&session->planner);
	placement_deinit(&session->placement);
}

/* The program's end, and whether the recording is what was asked for. */
static int session_status(struct session *session, bool is_whole)
{
	if (!is_whole)
		return STATUS_OURS;
	if (summary_all_missed(session) && !session->options->allows_missing) {
		log_error("nothing that was asked for with -f was found; 'mprof-trace funcs' "
			  "lists what can be, --allow-missing makes this no failure");
		return STATUS_OURS;
	}
	bool is_attached = session->options->attached_count > 0;
	return is_attached || session->main_status < 0 ? 0 : session->main_status;
}

/*
 * Closes the file; after that, the main process may still be running, let go: its status is waited
 * for.
 */
static struct error *session_finish(struct session *session, int *ret_status)
{
	summary_tell_end(session);
	recorder_flush(session->recorder, clock_now_ns());
	struct error *err = recorder_close(session->recorder);
	session->recorder = NULL;
	if (session->is_released && session->main_status < 0)
		event_loop_wait_main(session);
	/* That a write failed has been said when it did. */
	*ret_status = session_status(session, err == NULL);
	error_free(err);
	return NULL;
}

struct error *session_run(const struct session_options *options, int *ret_status)
{
	struct session session;

	struct error *err = session_init(&session, options);
	if (err == NULL)
		err = session_start(&session);
	if (err == NULL) {
		err = event_loop_run(&session);
		struct error *launch_err = NULL;
		if (session.is_launched)
			launch_err = launch_finish(&session.launch, options->command[0]);
		session.is_launched = false;
		if (launch_err != NULL) {
			error_free(err);
			err = launch_err;
		}
	}
	if (err == NULL)
		err = session_finish(&session, ret_status);
	else if (session.is_started) { /* what has been recorded is kept */
		error_free(recorder_close(session.recorder));
		session.recorder = NULL;
		log_error("the recording ends early: %s; the program goes on", error_message(err));
		error_free(err);
		err = NULL;
		*ret_status = STATUS_OURS;
		if (options->attached_count == 0)
			event_loop_wait_main(&session);
	}
	session_deinit(&session);
	return err;
}
