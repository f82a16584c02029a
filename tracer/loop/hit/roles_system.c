/* The roles of functions that change what the kernel does to a process; see roles_private.h. Loop layer. */
#include "tracer/loop/hit/roles_private.h"

#include "tracer/arch/arch.h"
#include "tracer/loop/hit/raw_calls.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/tracee/ptrace_ops.h"

struct error *hit_sigmask(struct hit *hit)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(hit->tracee->tid, &regs);
	if (err == NULL)
		sigtrap_state_sigmask(hit->tracee, (int)arch_argument(&regs, 0),
				      taddr(arch_argument(&regs, 1)));
	return err;
}

struct error *hit_sigaction(struct hit *hit)
{
	return sigtrap_state_sigaction(hit->tracee, 0, false);
}

struct error *hit_syscall(struct hit *hit)
{
	return raw_calls_syscall(hit->session, hit->image, hit->tracee, hit->site);
}

struct error *hit_clone(struct hit *hit)
{
	return raw_calls_clone(hit->image, hit->tracee, hit->site);
}

struct error *hit_ptrace(struct hit *hit)
{
	return raw_calls_ptrace(hit->session, hit->tracee);
}

struct error *hit_exec(struct hit *hit)
{
	return ring_hits_take_last(hit->session, hit->tracee->process);
}

struct error *hit_prctl(struct hit *hit)
{
	return raw_calls_prctl(hit->image, hit->tracee);
}

struct error *hit_mlockall(struct hit *hit)
{
	return raw_calls_mlockall(hit->session, hit->image, hit->tracee);
}
