/* Our patches in a copy of code; see copied_trap.h. Loop layer. */
#include "tracer/loop/hit/copied_trap.h"

#include <signal.h>

#include "tracer/base/log.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/probe/copies.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/* Once for all: what a program does with copies of its code, it does often. */
static void tell(struct session *session, const struct tracee *tracee, taddr_t at,
		 enum copy_end end)
{
	static const char *const fates[] = {
		[COPY_MENDED] = "its own code is there again, and calls of the copy are not "
				"recorded",
		[COPY_PROBED] =
			"in memory that it shares, which is left as it is: calls of the copy "
			"are not recorded, and after the recording they end in a signal",
		[COPY_UNCLEAR] = "of which of several functions cannot be told: it gets the signal",
	};

	if (end == COPY_NONE || session->counts.copied_traps++ > 0)
		return;
	log_warning("process %d (%s) runs a copy of its own code at %#lx that a probe was "
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

/* Of a jump that has led @tracee to @landed; *@ret_pc: where it runs on, 0: nothing of that. */
static struct error *mend_jump(struct session *session, struct tracee *tracee, taddr_t landed,
			       taddr_t *ret_pc, struct site **ret_site)
{
	enum copy_end end;
	taddr_t at;

	*ret_pc = taddr(0);
	struct error *err = copies_mend_jump(tracee->process->space->image, tracee, landed, &end,
					     &at, ret_site);
	if (err != NULL)
		return err;
	tell(session, tracee, at, end);
	if (end == COPY_MENDED)
		*ret_pc = at;
	else if (end == COPY_PROBED)
		*ret_pc = patch_way_on(&(*ret_site)->patch);
	return NULL;
}

/*
 * Whether the instruction at @pc could not be fetched or is none: all is as the jump has left it. One may reach into
 * the next page, which is the address then.
 */
static bool is_fetch_fault(const siginfo_t *info, int signal, taddr_t pc)
{
	const uint64_t address = (uintptr_t)info->si_addr;

	return (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL) && info->si_code > 0 &&
	       (info->si_code == SI_KERNEL || address - pc.value < ARCH_INSN_BYTES_MAX);
}

struct error *copied_jump_fault(struct session *session, struct tracee *tracee, int signal,
				bool *ret_is_ours)
{
	const struct address_space *space = tracee->process->space;
	struct site *site;
	siginfo_t info;
	taddr_t pc = taddr(0), sp, on;

	*ret_is_ours = false;
	if (!signal_is_fault(signal) || space == NULL || space->image == NULL ||
	    space->image->numbered_count == 0)
		return NULL;
	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err == NULL)
		err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL || !is_fetch_fault(&info, signal, pc))
		return err;
	err = mend_jump(session, tracee, pc, &on, &site);
	if (err != NULL || on.value == 0)
		return err;
	*ret_is_ours = true;
	return ptrace_set_pc(tracee->tid, on);
}

struct error *copied_trap_hit(struct session *session, struct tracee *tracee, struct site **site,
			      bool *ret_is_mended)
{
	const struct address_space *space = tracee->process->space;
	const bool was_known = *site != NULL;
	enum copy_end end;
	siginfo_t info;
	taddr_t at, on = taddr(0);

	*ret_is_mended = false;
	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code != SI_KERNEL)
		return err;
	err = find_trap(tracee, *site, &at);
	if (err == NULL && !was_known && copies_is_of_file(space->image, at))
		return NULL;
	/* Between pads there are traps as well. */
	if (err == NULL && !was_known)
		err = mend_jump(session, tracee, at, &on, site);
	if (err != NULL)
		return err;
	if (on.value != 0) {
		*ret_is_mended = true;
		return go_back(tracee, on, &info);
	}
	err = copies_mend(space->image, tracee, at, &end, site);
	if (err != NULL)
		return err;
	tell(session, tracee, at, end);
	*ret_is_mended = end == COPY_MENDED;
	if (*ret_is_mended)
		return go_back(tracee, at, &info);
	return was_known && *site == NULL ? ptrace_set_pc(tracee->tid, arch_trap_pc(at)) : NULL;
}
