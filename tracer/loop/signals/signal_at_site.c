/* Signals between a site and its instruction; see signal_at_site.h. Loop layer. */
#include "tracer/loop/signals/signal_at_site.h"

#include "tracer/arch/arch.h"
#include "tracer/loop/calls/go_stop.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/* Without a handler the thread hits the site at once; else only its rt_sigreturn can tell. */
static void signal_at_site_await(struct tracee *tracee, struct met_again *met, int signal)
{
	/* A handler that makes more system calls than this is taken to return. */
	enum { SYSCALLS_WATCHED_MAX = 1000 };
	struct signal_state state = { 0 };

	error_free(signal_state_read(tracee->tid, &state));
	met->signal = signal;
	met->is_due = !signal_set_has(state.caught, signal);
	if (!met->is_due)
		tracee->state->hit.sigreturn_waits = 2 * SYSCALLS_WATCHED_MAX;
}

struct error *signal_at_site_begins(struct tracee *tracee, taddr_t site, taddr_t cfa, int signal)
{
	struct met_again met = { .site = site, .cfa = cfa };

	signal_at_site_await(tracee, &met, signal);
	return met_again_add(&tracee->state->hit.met_again, &met);
}

bool signal_at_site_awaits(const struct tracee *tracee, taddr_t site)
{
	const struct met_again_list *list = &tracee->state->hit.met_again;
	size_t i = 0;

	while (i < list->count && !taddr_equal(list->all[i].site, site))
		i++;
	return i < list->count;
}

struct error *signal_at_site_copy(struct tracee *child, const struct tracee *parent)
{
	const struct hit_state *from = &parent->state->hit;

	if (from->met_again.count > 0)
		child->state->hit.sigreturn_waits = from->sigreturn_waits;
	return met_again_copy(&child->state->hit.met_again, &from->met_again);
}

void signal_at_site_forget(struct tracee *tracee)
{
	tracee->state->hit.met_again.count = 0;
	tracee->state->hit.sigreturn_waits = 0;
}

static bool met_again_is_at(const struct met_again *met, taddr_t pc, taddr_t sp)
{
	return taddr_equal(met->site, pc) && taddr_equal(met->cfa, arch_cfa_at_entry(sp));
}

struct error *signal_at_site_recurs(struct tracee *tracee, int signal)
{
	struct met_again_list *list = &tracee->state->hit.met_again;
	taddr_t pc, sp;

	if (list->count == 0 || signal == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	for (size_t i = 0; err == NULL && i < list->count; i++) {
		if (list->all[i].is_due && met_again_is_at(&list->all[i], pc, sp))
			signal_at_site_await(tracee, &list->all[i], signal);
	}
	return err;
}

/* Whether the handler lets the thread run on with @sp as if the code at the site had made a call. */
static bool handler_makes_call(const struct tracee *tracee, const struct met_again *met, taddr_t sp)
{
	taddr_t return_address = { 0 };

	return taddr_equal(arch_cfa_at_entry(arch_cfa_at_entry(sp)), met->cfa) &&
	       address_space_read_some(tracee->process->space, sp, &return_address.value,
				       sizeof(return_address.value)) ==
		       sizeof(return_address.value) &&
	       taddr_equal(return_address, met->site);
}

/* The goroutine that @tracee runs, if it runs any, will hit the site, on any thread. */
static void goroutine_meets_again(struct tracee *tracee, struct met_again met)
{
	met.goroutine = go_stop_goroutine(tracee, met.cfa);
	met.is_due = true;
	if (met.goroutine.value != 0)
		error_free(goroutine_will_meet(tracee->process, &met));
}

/* The thread is about to run on at @pc with @sp, behind a handler. */
static void handler_returns(struct tracee *tracee, taddr_t pc, taddr_t sp)
{
	struct met_again_list *list = &tracee->state->hit.met_again;
	bool are_all_due = true;

	for (size_t i = list->count; i-- > 0;) {
		struct met_again *met = &list->all[i];
		if (met_again_is_at(met, pc, sp)) {
			met->is_due = true;
		} else if (!met->is_due && handler_makes_call(tracee, met, sp)) {
			/* What a fault has called so throws (runtime.sigpanic). */
			if (!signal_is_fault(met->signal))
				goroutine_meets_again(tracee, *met);
			met_again_drop(list, i);
			continue;
		}
		are_all_due = are_all_due && met->is_due;
	}
	if (are_all_due)
		tracee->state->hit.sigreturn_waits = 0;
}

struct error *signal_at_site_watch(struct tracee *tracee)
{
	struct hit_state *hit = &tracee->state->hit;
	struct user_regs_struct regs;
	taddr_t pc_at, sp_at, pc, sp;

	hit->sigreturn_waits--;
	for (size_t i = 0; hit->sigreturn_waits == 0 && i < hit->met_again.count; i++)
		hit->met_again.all[i].is_due = true;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || !arch_sigreturn_frame(&regs, &pc_at, &sp_at))
		return err;
	err = address_space_read(tracee->process->space, pc_at, &pc.value, sizeof(pc.value));
	if (err == NULL)
		err = address_space_read(tracee->process->space, sp_at, &sp.value,
					 sizeof(sp.value));
	if (err == NULL)
		handler_returns(tracee, pc, sp);
	return err;
}

bool signal_at_site_ends(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	const struct process *process = tracee->process;
	bool is_due = met_again_take(&tracee->state->hit.met_again, taddr(0), site, cfa);

	if (goroutines_may_meet(process)) /* rarely so: spares the search for the goroutine */
		is_due |= goroutine_meets(process, go_stop_goroutine(tracee, cfa), site, cfa);
	return is_due;
}
