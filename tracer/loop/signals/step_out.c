/* Threads that a signal meets in the middle of displaced code; see step_out.h. Loop layer. */
#include "tracer/loop/signals/step_out.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/* More instructions than a jump displaces. */
enum { STEPS_MOST = 16 };

struct step_out {
	siginfo_t info; /* of the signal that waits */
	uint64_t mask;	/* the thread's own */
	unsigned steps;
};

/* The site whose jump has taken the place of the code that @tracee, at @pc in a pad, is in the middle of. */
static struct site *site_within(const struct tracee *tracee, taddr_t pc)
{
	const struct address_space *space = tracee->process->space;
	const struct arch_slot_point *point;

	if (space == NULL || space->image == NULL)
		return NULL;
	struct site *site = image_slot_site(space->image, pc, &point);
	return site != NULL && (patch_is_jump(&site->patch) || site->patch.is_in_copy) &&
			       site_window_holds(site, point->pc)
		       ? site
		       : NULL;
}

/* Its own code comes back there, for as long as it will run: a handler has been told that pc (image_cut). */
static struct error *give_back_code(const struct tracee *tracee, struct site *site)
{
	return patch_demote(&site->patch, tracee->process->space->image->space);
}

/* A step of a program that ignores SIGTRAP would make the kernel forget that. */
static bool may_step(const struct tracee *tracee)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	bool may = err == NULL && !signal_set_has(state.ignored, SIGTRAP);
	error_free(err);
	return may;
}

static struct error *begin(struct tracee *tracee, const siginfo_t *info)
{
	struct step_out *step = calloc(1, sizeof(*step));

	if (step == NULL)
		return error_no_memory();
	step->info = *info;
	struct error *err = ptrace_get_sigmask(tracee->tid, &step->mask);
	if (err == NULL)
		err = ptrace_set_sigmask(tracee->tid, ~(UINT64_C(1) << (SIGTRAP - 1)));
	if (err == NULL)
		err = ptrace_step(tracee->tid);
	if (err != NULL) {
		free(step);
		return err;
	}
	tracee->state->hit.step_out = step;
	tracee->is_stopped = false;
	return NULL;
}

struct error *step_out_begin(struct tracee *tracee, int signal, bool *ret_waits)
{
	siginfo_t info;
	taddr_t pc, sp;

	*ret_waits = false;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	struct site *site = site_within(tracee, pc);
	if (site == NULL)
		return NULL;
	err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL)
		return err;
	bool is_fault = signal_is_fault(signal) && info.si_code > 0;
	if (is_fault || !may_step(tracee))
		return give_back_code(tracee, site);
	err = begin(tracee, &info);
	*ret_waits = err == NULL;
	return err;
}

bool step_out_is_on(const struct tracee *tracee)
{
	return tracee->state->hit.step_out != NULL;
}

static struct error *step_on(struct tracee *tracee)
{
	tracee->is_stopped = false;
	return ptrace_step(tracee->tid);
}

/* A step has been made; else what comes is another signal. */
static bool is_step(const struct tracee *tracee, int signal)
{
	siginfo_t info;

	if (signal != SIGTRAP)
		return false;
	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	bool is = err == NULL && info.si_code == TRAP_TRACE;
	error_free(err);
	return is;
}

/*
 * What the displaced code has done itself, or SIGSTOP, which no mask holds back, comes first; the one that waits is
 * sent again.
 */
static void send_again(const struct tracee *tracee, const siginfo_t *info)
{
	syscall(SYS_tgkill, tracee->process->pid, tracee->tid, info->si_signo);
}

struct error *step_out_stop(struct tracee *tracee, int signal, int *ret_signal)
{
	struct step_out *step = tracee->state->hit.step_out;
	taddr_t pc, sp;

	*ret_signal = 0;
	if (signal == 0)
		return step_on(tracee);
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	bool has_stepped = is_step(tracee, signal);
	struct site *site = site_within(tracee, pc);
	if (has_stepped && site != NULL && ++step->steps < STEPS_MOST)
		return step_on(tracee);
	if (site != NULL)
		err = give_back_code(tracee, site);
	err = error_first(err, ptrace_set_sigmask(tracee->tid, step->mask));
	if (has_stepped)
		err = error_first(err, ptrace_set_siginfo(tracee->tid, &step->info));
	else
		send_again(tracee, &step->info);
	*ret_signal = has_stepped ? step->info.si_signo : signal;
	tracee->state->hit.step_out = NULL;
	free(step);
	return err;
}
