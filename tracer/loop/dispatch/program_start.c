/* From the return of execve to a program's own code; see program_start.h. Loop layer. */
#include "tracer/loop/dispatch/program_start.h"

#include <signal.h>

#include "tracer/base/log.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/state/missing.h"
#include "tracer/probe/linker_break.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"

/* --strict: what is mapped of the main process is all of its start, and its own code would be next. */
static bool program_start_refuses(struct session *session, const struct tracee *tracee)
{
	if (!tracee->process->is_main || session->start_was_told || !start_is_refused(session))
		return false;
	session->is_mapped = true;
	session->is_refused = true;
	kill(session->main_pid, SIGKILL);
	return true;
}

static bool program_is_static(const struct session *session)
{
	const struct symbol_file *program = session->planner.program;

	return program != NULL && symbol_file_interpreter(program) == NULL;
}

static struct error *program_start_insert_mark(const struct session *session, struct tracee *tracee)
{
	taddr_t entry = program_entry_point(tracee->tid);
	struct site *site;

	if (!start_mark_is_due(session, tracee->process) || entry.value == 0)
		return NULL;
	struct error *err =
		image_insert(tracee->process->space->image, tracee, entry, SITE_LOADED, &site);
	(void)error_take(&err, ERR_FORMAT, log_debug, "where process %d begins is not seen",
			 tracee->process->pid);
	return err;
}

struct error *program_start_exec_left(struct session *session, struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;
	struct user_regs_struct regs;

	placement_leave(&session->placement);
	tracee->is_leaving_exec = false;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL && image->space->is_forbidden)
		err = error_new(ERR_FORMAT,
				"its memory may not be touched (it may not be read by this "
				"user, or has made itself undumpable)");
	if (err == NULL && !arch_is_supported(&regs))
		err = error_new(ERR_FORMAT, "it is not a 64-bit program");
	if (err == NULL)
		err = sigtrap_state_begin(tracee);
	if (err == NULL)
		err = planner_update(&session->planner, image, tracee);
	if (err == NULL)
		err = program_start_insert_mark(session, tracee);
	(void)error_take(&err, ERR_FORMAT, log_warning, "process %d is recorded without probes",
			 tracee->process->pid);
	if (!session_probes(session))
		return err != NULL ? err : dispatch_resume(tracee, 0);
	/* Of a static program nothing comes later, even if it has a linker of its own to open libraries with. */
	bool is_all = err == NULL && (!image->has_linker_site || program_is_static(session));
	if (is_all && program_start_refuses(session, tracee))
		return NULL;
	/* Nothing tells us when it calls ptrace(2). */
	if (err == NULL && !image->has_linker_site && untraced_is_wanted(session, tracee))
		return untraced_begin(session, tracee);
	if (err == NULL && !image->has_linker_site)
		image->is_settled = true;
	if (is_all && tracee->process->is_main)
		session->is_mapped = true;
	return err != NULL ? err : dispatch_resume(tracee, 0);
}

bool program_start_hit(struct session *session, const struct tracee *tracee)
{
	if (session->is_mapped || !tracee->process->is_main)
		return false;
	session->is_mapped = tracee->process->space->image->is_settled;
	return session->is_mapped && program_start_refuses(session, tracee);
}
