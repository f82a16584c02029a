/* System calls made in the program; see injection.h. Probe layer. */
#include "tracer/probe/patch/injection.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/remote_syscall.h"

void injection_clone(struct injection *to, const struct injection *from)
{
	struct address_space *space = to->space;

	*to = *from;
	to->space = space;
}

/* 0: there is none in the first 64 KiB. By pages: one that is not looked at need not be in memory. */
static taddr_t find_syscall_insn(const struct address_space *space, const struct mapping *m)
{
	enum { PAGES_MAX = 16 };
	uint8_t code[ARCH_PAGE_BYTES];

	for (uint64_t at = m->start; at < m->end && at < m->start + PAGES_MAX * sizeof(code);
	     at += sizeof(code)) {
		size_t got = address_space_read_some(space, taddr(at), code, sizeof(code));
		const uint8_t *found =
			memmem(code, got, arch_syscall_insn, arch_syscall_insn_bytes);
		if (found != NULL)
			return taddr(at + (uint64_t)(found - code));
	}
	return taddr(0);
}

/* Any system call instruction in executable memory will do; the vdso has some on every machine. */
struct error *injection_find_syscall_in(struct injection *injection, const struct proc_maps *maps)
{
	taddr_t *insn = &injection->syscall_insn;

	for (int only_vdso = 1; only_vdso >= 0 && insn->value == 0; only_vdso--) {
		for (size_t i = 0; i < maps->count && insn->value == 0; i++) {
			const struct mapping *m = &maps->mappings[i];
			bool is_vdso = strcmp(m->path, "[vdso]") == 0;
			if (m->executable && is_vdso == only_vdso &&
			    strcmp(m->path, "[vsyscall]") != 0)
				*insn = find_syscall_insn(injection->space, m);
		}
	}
	if (insn->value != 0)
		return NULL;
	struct error *err = address_space_check(injection->space);
	return err != NULL ? err
			   : error_new(ERR_FORMAT,
				       "no system call instruction was found in the program");
}

struct error *injection_find_syscall(struct injection *injection, pid_t tid)
{
	struct proc_maps maps;

	if (injection->syscall_insn.value != 0)
		return NULL;
	struct error *err = proc_maps_read(&maps, tid);
	if (err != NULL)
		return err;
	err = injection_find_syscall_in(injection, &maps);
	proc_maps_deinit(&maps);
	return err;
}

taddr_t injection_call_return(const struct injection *injection)
{
	const uint64_t before = (uintptr_t)arch_resume_code - (uintptr_t)arch_call_return;

	return taddr(injection->resume.value == 0 ? 0 : injection->resume.value - before);
}

/* Where its words are, in a copy of arch_resume_code at @resume. */
static taddr_t kept_words(taddr_t resume)
{
	return taddr_add(resume, (uintptr_t)arch_resume_words - (uintptr_t)arch_resume_code);
}

/* Nothing of ours is in the program yet: the code for it is lent the room that one call takes. */
static struct error *syscall_in_spare(const struct injection *injection, struct tracee *tracee,
				      long number, const uint64_t arguments[6], long *ret_result)
{
	const taddr_t spare = injection->spare;
	const size_t bytes = (uintptr_t)arch_trap_fallback_code_end - (uintptr_t)arch_resume_code;
	uint8_t before[INJECTION_SPARE_BYTES];

	assert(bytes <= sizeof(before));
	struct error *err = address_space_read(injection->space, spare, before, bytes);
	if (err != NULL)
		return err;
	err = address_space_write(injection->space, spare, arch_resume_code, bytes);
	if (err == NULL)
		err = remote_syscall(tracee, spare, kept_words(spare), number, arguments,
				     ret_result);
	return error_first(err, address_space_write(injection->space, spare, before, bytes));
}

struct error *injection_syscall(const struct injection *injection, struct tracee *tracee,
				long number, const uint64_t arguments[6], long *ret_result)
{
	const taddr_t resume = injection->resume;

	if (resume.value != 0)
		return remote_syscall(tracee, resume, kept_words(resume), number, arguments,
				      ret_result);
	if (injection->spare.value != 0)
		return syscall_in_spare(injection, tracee, number, arguments, ret_result);
	return remote_syscall(tracee, injection->syscall_insn, taddr(0), number, arguments,
			      ret_result);
}

/*
 * @action, 0: what is there stays. The kernel writes what was there before to the stack, below what the program uses, where
 * @ret_before is not NULL.
 */
static struct error *trap_action(const struct injection *injection, struct tracee *tracee,
				 taddr_t action, struct kernel_sigaction *ret_before)
{
	uint8_t saved[sizeof(*ret_before)];
	taddr_t pc, sp, scratch = taddr(0);
	long result = 0;
	struct error *err = NULL;

	if (ret_before != NULL) {
		err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
		if (err != NULL)
			return err;
		scratch = arch_stack_below(sp, sizeof(saved));
		err = address_space_read(injection->space, scratch, saved, sizeof(saved));
	}
	const uint64_t arguments[6] = { SIGTRAP, action.value, scratch.value, KERNEL_SIGSET_BYTES };
	if (err == NULL)
		err = injection_syscall(injection, tracee, SYS_rt_sigaction, arguments, &result);
	if (err == NULL && result != 0)
		err = error_new(ERR_FORMAT, "rt_sigaction: %s", strerror((int)-result));
	if (err == NULL && ret_before != NULL)
		err = address_space_read(injection->space, scratch, ret_before,
					 sizeof(*ret_before));
	if (ret_before != NULL)
		err = error_first(
			err, address_space_write(injection->space, scratch, saved, sizeof(saved)));
	return err;
}

struct error *injection_get_trap_action(const struct injection *injection, struct tracee *tracee,
					struct kernel_sigaction *ret)
{
	return trap_action(injection, tracee, taddr(0), ret);
}

struct error *injection_set_trap_action(const struct injection *injection, struct tracee *tracee,
					taddr_t room, const struct kernel_sigaction *action,
					struct kernel_sigaction *ret_before)
{
	struct error *err = address_space_write(injection->space, room, action, sizeof(*action));
	return err != NULL ? err : trap_action(injection, tracee, room, ret_before);
}
