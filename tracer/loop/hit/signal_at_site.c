/* Signals between a site and its instruction; see signal_at_site.h. Loop layer. */
#include "tracer/loop/hit/signal_at_site.h"

#include <string.h>

#include "tracer/base/array.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

/* Handlers nest, and each of a thread's fibers may have been left in one; not all go on ever. */
enum { SIGNALS_AT_SITES_MAX = 4096 };

static struct error *signals_at_sites_reserve(struct tracee *tracee, size_t count)
{
	return array_reserve(&tracee->state->hit.signals, &tracee->state->hit.signal_capacity,
			     count, sizeof(*tracee->state->hit.signals));
}

/* Without a handler the thread goes on at the site at once; else only its rt_sigreturn can tell. */
static void signal_at_site_await(struct tracee *tracee, struct signal_at_site *it, int signal)
{
	/* A handler that makes more system calls than this is taken to return. */
	enum { SYSCALLS_WATCHED_MAX = 1000 };
	struct signal_state state = { 0 };

	error_free(signal_state_read(tracee->tid, &state));
	it->signal = signal;
	it->is_returned = !signal_set_has(state.caught, signal);
	if (!it->is_returned)
		tracee->state->hit.sigreturn_waits = 2 * SYSCALLS_WATCHED_MAX;
}

static void signal_at_site_forget(struct tracee *tracee, size_t i)
{
	tracee->state->hit.signals[i] =
		tracee->state->hit.signals[--tracee->state->hit.signal_count];
}

static bool signal_at_site_is_at(const struct signal_at_site *it, taddr_t site, taddr_t cfa)
{
	return taddr_equal(it->site, site) && taddr_equal(it->cfa, cfa);
}

/* Forgets the one at @site in this frame. Whether there was one whose handler has returned. */
static bool signal_at_site_take(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	for (size_t i = 0; i < tracee->state->hit.signal_count; i++) {
		const struct signal_at_site *it = &tracee->state->hit.signals[i];
		if (!signal_at_site_is_at(it, site, cfa))
			continue;
		bool is_returned = it->is_returned;
		signal_at_site_forget(tracee, i);
		return is_returned;
	}
	return false;
}

struct error *signal_at_site_begins(struct tracee *tracee, taddr_t site, taddr_t cfa, int signal)
{
	/* If there is one, its handler has not returned, and will not. */
	(void)signal_at_site_take(tracee, site, cfa);
	if (tracee->state->hit.signal_count == SIGNALS_AT_SITES_MAX)
		signal_at_site_forget(tracee, 0);
	struct error *err = signals_at_sites_reserve(tracee, tracee->state->hit.signal_count + 1);
	if (err != NULL)
		return err;
	struct signal_at_site *it = &tracee->state->hit.signals[tracee->state->hit.signal_count++];
	*it = (struct signal_at_site){ .site = site, .cfa = cfa };
	signal_at_site_await(tracee, it, signal);
	return NULL;
}

struct error *signal_at_site_copy(struct tracee *child, const struct tracee *parent)
{
	struct error *err = signals_at_sites_reserve(child, parent->state->hit.signal_count);
	if (err != NULL || parent->state->hit.signal_count == 0)
		return err;
	memcpy(child->state->hit.signals, parent->state->hit.signals,
	       parent->state->hit.signal_count * sizeof(*child->state->hit.signals));
	child->state->hit.signal_count = parent->state->hit.signal_count;
	child->state->hit.sigreturn_waits = parent->state->hit.sigreturn_waits;
	return NULL;
}

struct error *signal_at_site_recurs(struct tracee *tracee, int signal)
{
	taddr_t pc, sp;

	if (tracee->state->hit.signal_count == 0 || signal == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	for (size_t i = 0; err == NULL && i < tracee->state->hit.signal_count; i++) {
		struct signal_at_site *it = &tracee->state->hit.signals[i];
		if (it->is_returned && signal_at_site_is_at(it, pc, arch_cfa_at_entry(sp)))
			signal_at_site_await(tracee, it, signal);
	}
	return err;
}

/* Whether the handler of @it has the thread go on with @sp as if the code at the site had made a call. */
static bool signal_at_site_is_call(const struct tracee *tracee, const struct signal_at_site *it,
				   taddr_t sp)
{
	taddr_t return_address = { 0 };

	return taddr_equal(arch_cfa_at_entry(arch_cfa_at_entry(sp)), it->cfa) &&
	       address_space_read_some(tracee->process->space, sp, &return_address.value,
				       sizeof(return_address.value)) ==
		       sizeof(return_address.value) &&
	       taddr_equal(return_address, it->site);
}

/* The thread is about to go on at @pc with @sp, behind a handler. */
static void signal_at_site_returned(struct tracee *tracee, taddr_t pc, taddr_t sp)
{
	bool is_all = true;

	for (size_t i = tracee->state->hit.signal_count; i-- > 0;) {
		struct signal_at_site *it = &tracee->state->hit.signals[i];
		if (signal_at_site_is_at(it, pc, arch_cfa_at_entry(sp))) {
			it->is_returned = true;
		} else if (!it->is_returned && signal_at_site_is_call(tracee, it, sp)) {
			/* What a fault has called so throws (runtime.sigpanic). */
			if (!signal_is_fault(it->signal))
				goroutine_put_off(tracee, it->site, it->cfa);
			signal_at_site_forget(tracee, i);
			continue;
		}
		is_all = is_all && it->is_returned;
	}
	if (is_all)
		tracee->state->hit.sigreturn_waits = 0;
}

struct error *signal_at_site_watch(struct tracee *tracee)
{
	struct user_regs_struct regs;
	taddr_t pc_at, sp_at, pc, sp;

	tracee->state->hit.sigreturn_waits--;
	for (size_t i = 0;
	     tracee->state->hit.sigreturn_waits == 0 && i < tracee->state->hit.signal_count; i++)
		tracee->state->hit.signals[i].is_returned = true;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || !arch_sigreturn_frame(&regs, &pc_at, &sp_at))
		return err;
	err = address_space_read(tracee->process->space, pc_at, &pc.value, sizeof(pc.value));
	if (err == NULL)
		err = address_space_read(tracee->process->space, sp_at, &sp.value,
					 sizeof(sp.value));
	if (err == NULL)
		signal_at_site_returned(tracee, pc, sp);
	return err;
}

bool signal_at_site_ends(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	bool is_returned = signal_at_site_take(tracee, site, cfa);

	return goroutine_goes_on(tracee, site, cfa) || is_returned;
}
