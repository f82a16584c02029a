/* A process stands still for a look at it; see break_freeze.h. Loop layer. */
#include "tracer/loop/break_actions/break_freeze.h"

#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/loop/dispatch/core_dump.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/pad_stop.h"
#include "tracer/tracee/ptrace_ops.h"

struct frozen_thread {
	pid_t tid;
	struct user_regs_struct regs; /* with which it goes on */
};

/*
 * A thread in a slot goes on there: from the site it would come by once more. In a pad that has recorded nothing yet it begins
 * anew; in one that has, it is taken to the displaced code first.
 */
static struct error *lead_out(struct break_freeze *freeze, struct tracee *tracee)
{
	taddr_t pc, sp;

	struct error *err = array_reserve(&freeze->threads, &freeze->capacity, freeze->count + 1,
					  sizeof(*freeze->threads));
	if (err != NULL)
		return err;
	struct frozen_thread *thread = &freeze->threads[freeze->count];
	thread->tid = tracee->tid;
	err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL)
		err = pad_stop_leave(tracee, &pc);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &thread->regs);
	if (err == NULL)
		err = hit_leave_slot(tracee, 0);
	freeze->count += err == NULL;
	return error_ignore(err, ERR_GONE);
}

struct error *break_freeze_begin(struct break_event *event, bool with_sleepers,
				 struct break_freeze *ret)
{
	struct session *session = event->session;
	const pid_t pid = event->process->pid, tid = event->kept == NULL ? 0 : event->kept->tid;

	*ret = (struct break_freeze){ .session = session, .pid = pid };
	struct error *err = core_dump_hold(session, pid, with_sleepers);
	event->process = target_process(&session->target, pid);
	event->kept = tid == 0 ? NULL : target_tracee(&session->target, tid);
	if (event->process == NULL)
		return err;
	for (struct tracee *it = event->process->threads; err == NULL && it != NULL;
	     it = it->next) {
		if (it->is_stopped)
			err = lead_out(ret, it);
	}
	return err;
}

void break_freeze_end(struct break_freeze *freeze)
{
	for (size_t i = 0; i < freeze->count; i++)
		error_free(ptrace_set_regs(freeze->threads[i].tid, &freeze->threads[i].regs));
	free(freeze->threads);
	core_dump_let_run(freeze->session, freeze->pid);
	*freeze = (struct break_freeze){ 0 };
}
