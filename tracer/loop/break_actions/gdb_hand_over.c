/* Processes are handed over to gdb; see gdb_hand_over.h. Loop layer. */
#include "tracer/loop/break_actions/gdb_hand_over.h"

#include <signal.h>

#include "tracer/base/log.h"
#include "tracer/loop/attach/attach.h"
#include "tracer/loop/state/hand_over.h"
#include "tracer/proc/process_facts.h"

/* gdb has left it running, unless gdb was killed, or never came to it. */
static void let_run(const struct process *process)
{
	struct process_facts facts = { 0 };

	error_free(process_facts_read(process->pid, &facts));
	if (facts.state == 'T')
		kill(process->pid, SIGCONT);
}

static void resume(struct session *session, struct process *process, int status)
{
	let_run(process);
	if (status < 0)
		log_error("gdb could not be started; process %d goes on", process->pid);
	if (!session->options->breaks->resumes) {
		log_info("process %d (%s) is sampled only from now on; --resume would trace it "
			 "again",
			 process->pid, process->name);
		return;
	}
	struct error *err = attach_again(session, process);
	if (err == NULL)
		log_info("process %d (%s) is traced again", process->pid, process->name);
	else
		log_warning("process %d (%s) is sampled only from now on: %s", process->pid,
			    process->name, error_message(err));
	error_free(err);
}

static void ask(struct session *session, const struct process *process, pid_t tid)
{
	struct hand_over *shared = session->options->hand_over;

	shared->pid = process->pid;
	shared->tid = tid;
	session->breaks.gdb_pid = process->pid;
	shared->stage = HAND_OVER_ASKED;
	kill(session->options->front_pid, SIGCHLD);
}

void gdb_hand_over_drop(struct session *session)
{
	session->breaks.gdb_pid = 0;
	session->breaks.is_due = true; /* for the next one */
	session->options->hand_over->stage = HAND_OVER_IDLE;
}

void gdb_hand_over_look(struct session *session, struct process *process, pid_t *left_tid)
{
	struct hand_over *shared = session->options->hand_over;

	if (session->is_orphaned) {
		log_error("there is no terminal for gdb any more; process %d goes on",
			  process->pid);
		let_run(process);
		*left_tid = 0;
		return;
	}
	if (session->breaks.gdb_pid == 0) {
		ask(session, process, *left_tid);
	} else if (session->breaks.gdb_pid == process->pid && shared->stage == HAND_OVER_DONE) {
		*left_tid = 0;
		const int status = shared->status;
		gdb_hand_over_drop(session);
		resume(session, process, status);
	}
}

bool gdb_hand_over_is_over(const struct session *session)
{
	return session->breaks.gdb_pid != 0 && session->options->hand_over->stage == HAND_OVER_DONE;
}
