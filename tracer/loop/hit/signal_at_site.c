/* Signals between a site and its instruction; see signal_at_site.h. Loop layer. */
#include "tracer/loop/hit/signal_at_site.h"

#include <string.h>

#include "tracer/base/array.h"
#include "tracer/loop/calls/goroutines.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"

/* Handlers nest, and each of a thread's fibers may have been left in one; not all go on ever. */
enum { INTERRUPTIONS_MAX = 4096 };

static struct error *interruptions_reserve(struct tracee *tracee, size_t count)
{
	return array_reserve(&tracee->interruptions, &tracee->interruption_capacity, count,
			     sizeof(*tracee->interruptions));
}

/* Without a handler the thread goes on at the site at once; else only its rt_sigreturn can tell. */
static void interruption_await(struct tracee *tracee, struct interruption *it, int signal)
{
	/* A handler that makes more system calls than this is taken to return. */
	enum { SYSCALLS_WATCHED_MAX = 1000 };
	struct signal_state state = { 0 };

	error_free(signal_state_read(tracee->tid, &state));
	it->signal = signal;
	it->is_returned = !signal_set_has(state.caught, signal);
	if (!it->is_returned)
		tracee->sigreturn_waits = 2 * SYSCALLS_WATCHED_MAX;
}

static void interruption_forget(struct tracee *tracee, size_t i)
{
	tracee->interruptions[i] = tracee->interruptions[--tracee->interruption_count];
}

static bool interruption_is_at(const struct interruption *it, taddr_t site, taddr_t cfa)
{
	return taddr_equal(it->site, site) && taddr_equal(it->cfa, cfa);
}

/* Forgets the one at @site in this frame. Whether there was one whose handler has returned. */
static bool interruption_take(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	for (size_t i = 0; i < tracee->interruption_count; i++) {
		const struct interruption *it = &tracee->interruptions[i];
		if (!interruption_is_at(it, site, cfa))
			continue;
		bool is_returned = it->is_returned;
		interruption_forget(tracee, i);
		return is_returned;
	}
	return false;
}

struct error *interruption_begins(struct tracee *tracee, taddr_t site, taddr_t cfa, int signal)
{
	/* If there is one, its handler has not returned, and will not. */
	(void)interruption_take(tracee, site, cfa);
	if (tracee->interruption_count == INTERRUPTIONS_MAX)
		interruption_forget(tracee, 0);
	struct error *err = interruptions_reserve(tracee, tracee->interruption_count + 1);
	if (err != NULL)
		return err;
	struct interruption *it = &tracee->interruptions[tracee->interruption_count++];
	*it = (struct interruption){ .site = site, .cfa = cfa };
	interruption_await(tracee, it, signal);
	return NULL;
}

struct error *interruption_copy(struct tracee *child, const struct tracee *parent)
{
	struct error *err = interruptions_reserve(child, parent->interruption_count);
	if (err != NULL || parent->interruption_count == 0)
		return err;
	memcpy(child->interruptions, parent->interruptions,
	       parent->interruption_count * sizeof(*child->interruptions));
	child->interruption_count = parent->interruption_count;
	child->sigreturn_waits = parent->sigreturn_waits;
	return NULL;
}

struct error *interruption_recurs(struct tracee *tracee, int signal)
{
	taddr_t pc, sp;

	if (tracee->interruption_count == 0 || signal == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	for (size_t i = 0; err == NULL && i < tracee->interruption_count; i++) {
		struct interruption *it = &tracee->interruptions[i];
		if (it->is_returned && interruption_is_at(it, pc, arch_cfa_at_entry(sp)))
			interruption_await(tracee, it, signal);
	}
	return err;
}

/* Whether the handler of @it has the thread go on with @sp as if the code at the site had made a call. */
static bool interruption_is_call(const struct tracee *tracee, const struct interruption *it,
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
static void interruption_returned(struct tracee *tracee, taddr_t pc, taddr_t sp)
{
	bool is_all = true;

	for (size_t i = tracee->interruption_count; i-- > 0;) {
		struct interruption *it = &tracee->interruptions[i];
		if (interruption_is_at(it, pc, arch_cfa_at_entry(sp))) {
			it->is_returned = true;
		} else if (!it->is_returned && interruption_is_call(tracee, it, sp)) {
			/* What a fault has called so throws (runtime.sigpanic). */
			if (!signal_is_fault(it->signal))
				goroutine_put_off(tracee, it->site, it->cfa);
			interruption_forget(tracee, i);
			continue;
		}
		is_all = is_all && it->is_returned;
	}
	if (is_all)
		tracee->sigreturn_waits = 0;
}

struct error *interruption_watch(struct tracee *tracee)
{
	struct user_regs_struct regs;
	taddr_t pc_at, sp_at, pc, sp;

	tracee->sigreturn_waits--;
	for (size_t i = 0; tracee->sigreturn_waits == 0 && i < tracee->interruption_count; i++)
		tracee->interruptions[i].is_returned = true;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || !arch_sigreturn_frame(&regs, &pc_at, &sp_at))
		return err;
	err = address_space_read(tracee->process->space, pc_at, &pc.value, sizeof(pc.value));
	if (err == NULL)
		err = address_space_read(tracee->process->space, sp_at, &sp.value,
					 sizeof(sp.value));
	if (err == NULL)
		interruption_returned(tracee, pc, sp);
	return err;
}

bool interruption_ends(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	bool is_returned = interruption_take(tracee, site, cfa);

	return goroutine_goes_on(tracee, site, cfa) || is_returned;
}
