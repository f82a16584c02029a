/* What is said to the kernel past libc; see raw_calls.h. Loop layer. */
#include "tracer/loop/hit/raw_calls.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/probe/patch/locked_memory.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"

/* The arguments of libc's functions. */
enum { SYSCALL_NUMBER, SYSCALL_FIRST, SYSCALL_SECOND };
enum { PTRACE_REQUEST_ARGUMENT, PTRACE_THREAD_ARGUMENT };
enum { CLONE_FLAGS_ARGUMENT = 2 };

/*
 * The kernel hides a child that is made with CLONE_UNTRACED from every tracer; with our traps in its
 * memory it would be killed by the first. Nothing but a tracer can tell whether the flag was there.
 */
static struct error *show_child(struct tracee *tracee, struct user_regs_struct *regs,
				unsigned argument)
{
	uint64_t flags = arch_argument(regs, argument);

	if ((flags & CLONE_UNTRACED) == 0)
		return NULL;
	arch_set_argument(regs, argument, flags & ~(uint64_t)CLONE_UNTRACED);
	return ptrace_set_regs(tracee->tid, regs);
}

/* clone3(2) has its flags in memory, and first there. */
static struct error *show_child_of_clone3(const struct tracee *tracee, taddr_t arguments)
{
	const struct address_space *space = tracee->process->space;
	uint64_t flags;

	if (address_space_read_some(space, arguments, &flags, sizeof(flags)) != sizeof(flags) ||
	    (flags & CLONE_UNTRACED) == 0)
		return NULL;
	flags &= ~(uint64_t)CLONE_UNTRACED;
	return address_space_write(space, arguments, &flags, sizeof(flags));
}

/* All requests but PTRACE_TRACEME name a thread. */
static void note_ptrace(const struct session *session, struct tracee *tracee, int request,
			pid_t tid)
{
	struct process_leave_state *leave = &tracee->process->state->leave;

	if (leave->caller != 0 || !(session->options->follows || tracee->process->is_unfollowed))
		return;
	leave->caller = tracee->tid;
	leave->wanted = ptrace_is_traceme(request) ? 0 : tid;
}

struct error *raw_calls_ptrace(const struct session *session, struct tracee *tracee)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL)
		note_ptrace(session, tracee, (int)arch_argument(&regs, PTRACE_REQUEST_ARGUMENT),
			    (pid_t)arch_argument(&regs, PTRACE_THREAD_ARGUMENT));
	return err;
}

/* Nothing of ours in the program makes system calls any more: they might be filtered. */
static struct error *forbid_calls(struct image *image)
{
	struct error *err = trap_fallback_filtered(&image->trap_fallback, &image->injected);

	return error_first(err, pad_memory_forbid(image));
}

/* Some programs make all their system calls in this way: each would be a stop. */
static struct error *note_stranger(struct image *image, struct site *site, enum site_role role)
{
	if (++site->strangers < UINT8_MAX)
		return NULL;
	/* That system calls will be filtered would not be seen any more. */
	struct error *err = role == SITE_SYSCALL ? forbid_calls(image) : NULL;
	return err != NULL ? err : image_remove_role(image, site, role);
}

/* Without privileges a filter wants PR_SET_NO_NEW_PRIVS first (seccomp(2)). */
static struct error *note_prctl(struct image *image, int option)
{
	return option == PR_SET_SECCOMP || option == PR_SET_NO_NEW_PRIVS ? forbid_calls(image)
									 : NULL;
}

struct error *raw_calls_prctl(struct image *image, struct tracee *tracee)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	return err != NULL ? err : note_prctl(image, (int)arch_argument(&regs, 0));
}

struct error *raw_calls_mlockall(struct session *session, struct image *image,
				 struct tracee *tracee)
{
	struct error *err = ring_hits_take_last(session, tracee->process);

	err = error_first(err, pads_memory_locked(tracee));
	return err != NULL ? err : locked_memory_trim(&image->injected, tracee);
}

struct error *raw_calls_syscall(struct session *session, struct image *image, struct tracee *tracee,
				struct site *site)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	const uint64_t first = arch_argument(&regs, SYSCALL_FIRST);
	const taddr_t second = taddr(arch_argument(&regs, SYSCALL_SECOND));
	switch ((long)arch_argument(&regs, SYSCALL_NUMBER)) {
	case SYS_rt_sigaction:
		return sigtrap_state_sigaction(tracee, SYSCALL_FIRST, true);
	case SYS_rt_sigprocmask:
		sigtrap_state_sigmask(tracee, (int)first, second);
		return NULL;
	case SYS_clone:
		return show_child(tracee, &regs, SYSCALL_FIRST);
	case SYS_clone3:
		return show_child_of_clone3(tracee, taddr(first));
	case SYS_seccomp:
		return forbid_calls(image);
	case SYS_prctl:
		return note_prctl(image, (int)first);
	case SYS_mlockall:
		return raw_calls_mlockall(session, image, tracee);
	case SYS_ptrace:
		note_ptrace(session, tracee, (int)first, (pid_t)second.value);
		return NULL;
	default:
		return note_stranger(image, site, SITE_SYSCALL);
	}
}

struct error *raw_calls_clone(struct image *image, struct tracee *tracee, struct site *site)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	if ((arch_argument(&regs, CLONE_FLAGS_ARGUMENT) & CLONE_UNTRACED) == 0)
		return note_stranger(image, site, SITE_CLONE);
	return show_child(tracee, &regs, CLONE_FLAGS_ARGUMENT);
}
