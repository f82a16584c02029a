/* Our trap in a copy of code; see copied_trap.h. Loop layer. */
#include "tracer/loop/hit/copied_trap.h"

#include <signal.h>

#include "tracer/base/log.h"
#include "tracer/loop/hit/sigtrap_state.h"
#include "tracer/probe/copies.h"
#include "tracer/tracee/ptrace_ops.h"

/* Once for all: what a program does with copies of its code, it does often. */
static void tell(struct session *session, const struct tracee *tracee, taddr_t at,
		 enum copy_end end)
{
	static const char *const fates[] = {
		[COPY_MENDED] = "its own byte is there again, and calls of the copy are not "
				"recorded",
		[COPY_PROBED] =
			"in memory that it shares, which is left as it is: calls of the copy "
			"are not recorded, and after the recording they end in SIGTRAP",
		[COPY_UNCLEAR] =
			"of which of several functions cannot be told: it gets the SIGTRAP",
	};

	if (end == COPY_NONE || session->counts.copied_traps++ > 0)
		return;
	log_warning("process %d (%s) runs a copy of its own code at %#lx that a trap of ours was "
		    "copied to, %s",
		    tracee->process->pid, tracee->process->name, (unsigned long)at.value,
		    fates[end]);
}

static struct error *go_back(struct tracee *tracee, taddr_t at, siginfo_t *info)
{
	struct error *err = sigtrap_state_restore(tracee, info);
	return err != NULL ? err : ptrace_set_pc(tracee->tid, at);
}

/* Where the trap is: a thread at a known site may have been rewound. */
static struct error *find_trap(const struct tracee *tracee, const struct site *site, taddr_t *ret)
{
	taddr_t pc = taddr(0), sp;

	*ret = taddr(0);
	if (site != NULL) {
		*ret = site->address;
		return NULL;
	}
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL)
		*ret = arch_trap_site(pc);
	return err;
}

struct error *copied_trap_hit(struct session *session, struct tracee *tracee, struct site **site,
			      bool *ret_is_mended)
{
	const struct address_space *space = tracee->process->space;
	const bool was_known = *site != NULL;
	enum copy_end end;
	siginfo_t info;
	taddr_t at;

	*ret_is_mended = false;
	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code != SI_KERNEL)
		return err;
	err = find_trap(tracee, *site, &at);
	if (err == NULL)
		err = copies_mend(space->image, tracee, at, &end, site);
	if (err != NULL)
		return err;
	tell(session, tracee, at, end);
	*ret_is_mended = end == COPY_MENDED;
	if (*ret_is_mended)
		return go_back(tracee, at, &info);
	return was_known && *site == NULL ? ptrace_set_pc(tracee->tid, arch_trap_pc(at)) : NULL;
}
