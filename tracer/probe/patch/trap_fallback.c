/* What lets a program outlive us; see trap_fallback.h. Probe layer. */
#include "tracer/probe/patch/trap_fallback.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tracer/base/log.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/remote_syscall.h"
#include "tracer/proc/signal_state.h"

/* The mapping: a mark, room for rt_sigaction's argument, the code, the table. */
static const char mark[16] = "mprof-trace trap";
enum {
	ACTION_AT = 16,
	CODE_AT = 64,
	TABLE_AT = CODE_AT + ARCH_TRAP_FALLBACK_TABLE_BYTES,
	ENTRIES_MAX = 32 * 1024, /* the handler searches them one by one */
	MAPPING_BYTES = TABLE_AT + (ENTRIES_MAX + 128) * ARCH_TRAP_FALLBACK_ENTRY_BYTES,
	KERNEL_SIGSET_BYTES = 8,
	KERNEL_SA_RESTORER = 0x04000000, /* asm/signal.h */
};

static taddr_t trap_fallback_at(const struct image *image, uint64_t offset)
{
	return taddr_add(image->trap_fallback.start, offset);
}

static struct error *trap_fallback_set_action(const struct image *image, struct tracee *tracee,
					      const struct kernel_sigaction *action)
{
	const uint64_t arguments[6] = { SIGTRAP, trap_fallback_at(image, ACTION_AT).value, 0,
					KERNEL_SIGSET_BYTES };
	long result = 0;

	struct error *err = address_space_write(image->space, trap_fallback_at(image, ACTION_AT),
						action, sizeof(*action));
	if (err == NULL)
		err = remote_syscall(tracee, image->syscall_insn, SYS_rt_sigaction, arguments,
				     &result);
	if (err == NULL && result != 0)
		err = error_new(ERR_FORMAT, "rt_sigaction: %s", strerror((int)-result));
	return err;
}

/* The kernel writes the answer to the stack: below the pointer and its red zone (psABI 3.2.2). */
static struct error *trap_fallback_get_action(const struct image *image, struct tracee *tracee,
					      struct kernel_sigaction *ret)
{
	enum { SCRATCH_BYTES = 512 };
	uint8_t saved[sizeof(*ret)];
	taddr_t pc, sp;
	long result = 0;

	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	taddr_t scratch = taddr((sp.value - SCRATCH_BYTES) & ~UINT64_C(15));
	const uint64_t arguments[6] = { SIGTRAP, 0, scratch.value, KERNEL_SIGSET_BYTES };
	err = address_space_read(image->space, scratch, saved, sizeof(saved));
	if (err == NULL)
		err = remote_syscall(tracee, image->syscall_insn, SYS_rt_sigaction, arguments,
				     &result);
	if (err == NULL)
		err = address_space_read(image->space, scratch, ret, sizeof(*ret));
	if (err == NULL)
		err = address_space_write(image->space, scratch, saved, sizeof(saved));
	return err;
}

struct error *trap_fallback_reinstall(const struct image *image, struct tracee *tracee)
{
	uint64_t restorer_at = CODE_AT + (uintptr_t)arch_trap_fallback_restorer -
			       (uintptr_t)arch_trap_fallback_code;
	const struct kernel_sigaction action = {
		.handler = trap_fallback_at(image, CODE_AT).value,
		/* Not blocked meanwhile: whoever attaches would take that for the program's wish. */
		.flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | KERNEL_SA_RESTORER,
		.restorer = trap_fallback_at(image, restorer_at).value,
	};

	if (!image->trap_fallback.is_installed)
		return NULL;
	return trap_fallback_set_action(image, tracee, &action);
}

static struct error *trap_fallback_map(struct image *image, struct tracee *tracee)
{
	const uint64_t arguments[6] = {
		0, MAPPING_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1,
		0
	};
	long result = 0;

	struct error *err =
		remote_syscall(tracee, image->syscall_insn, SYS_mmap, arguments, &result);
	if (err == NULL && result < 0 && result > -4096)
		err = error_new(ERR_FORMAT, "mmap: %s", strerror((int)-result));
	image->trap_fallback.start = taddr((uint64_t)result);
	return err;
}

static struct error *trap_fallback_write(struct image *image, struct tracee *tracee)
{
	size_t code_bytes =
		(uintptr_t)arch_trap_fallback_code_end - (uintptr_t)arch_trap_fallback_code;
	size_t cursor = 0;
	const struct site *site;

	struct error *err =
		address_space_write(image->space, trap_fallback_at(image, 0), mark, sizeof(mark));
	if (err == NULL)
		err = address_space_write(image->space, trap_fallback_at(image, CODE_AT),
					  arch_trap_fallback_code, code_bytes);
	image->trap_fallback.is_installed = err == NULL;
	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->has_slot)
			err = trap_fallback_note(image, site);
	}
	return err != NULL ? err : trap_fallback_reinstall(image, tracee);
}

struct error *trap_fallback_install(struct image *image, struct tracee *tracee)
{
	struct signal_state state;

	if (!image->trap_fallback.is_wanted || image->trap_fallback.is_installed)
		return NULL;
	image->trap_fallback.is_wanted = false; /* once is enough, whatever comes */
	struct error *err = signal_state_read(tracee->tid, &state);
	if (err != NULL)
		return err;
	if (signal_set_has(state.caught | state.ignored, SIGTRAP))
		return NULL;
	err = slot_arena_find_syscall(image, tracee->tid);
	if (err == NULL)
		err = trap_fallback_map(image, tracee);
	if (err == NULL)
		err = trap_fallback_write(image, tracee);
	if (error_take(&err, ERR_FORMAT, log_debug, "process %d would not survive our being killed",
		       tracee->process->pid))
		image->trap_fallback.is_installed = false;
	return err;
}

struct error *trap_fallback_note(struct image *image, const struct site *site)
{
	struct trap_fallback *fallback = &image->trap_fallback;
	const struct arch_trap_fallback_entry entry = {
		.pc = arch_trap_pc(site->address).value,
		.slot = site->slot.value,
		.original_byte = site->original_byte,
	};
	uint64_t count = fallback->count + 1;

	if (!fallback->is_installed || count > ENTRIES_MAX)
		return NULL;
	uint64_t at = TABLE_AT + count * ARCH_TRAP_FALLBACK_ENTRY_BYTES;
	struct error *err = address_space_write(image->space, trap_fallback_at(image, at), &entry,
						sizeof(entry));
	if (err == NULL) /* we may be killed in between */
		err = address_space_write(image->space, trap_fallback_at(image, TABLE_AT), &count,
					  sizeof(count));
	if (err == NULL)
		fallback->count = count;
	return err;
}

struct error *trap_fallback_remove(struct image *image, struct tracee *tracee)
{
	const uint64_t arguments[6] = { image->trap_fallback.start.value, MAPPING_BYTES };
	struct kernel_sigaction action;
	long result;

	if (!image->trap_fallback.is_installed)
		return NULL;
	struct error *err = trap_fallback_get_action(image, tracee, &action);
	bool is_ours = err == NULL && action.handler == trap_fallback_at(image, CODE_AT).value;
	if (is_ours)
		err = trap_fallback_set_action(image, tracee, &(struct kernel_sigaction){ 0 });
	if (err == NULL)
		err = remote_syscall(tracee, image->syscall_insn, SYS_munmap, arguments, &result);
	image->trap_fallback.is_installed = err != NULL;
	return err;
}

void trap_fallback_leave(struct image *image)
{
	const uint64_t none = 0;

	if (image->trap_fallback.is_installed)
		error_free(address_space_write(image->space, trap_fallback_at(image, TABLE_AT),
					       &none, sizeof(none)));
}

/*
 * The traps of one that was killed, as far as they are still there. The table stays: a thread may have
 * executed one of them just now, and will look there.
 */
static struct error *trap_fallback_heal(struct image *image, size_t *ret_healed)
{
	uint64_t *count = &image->trap_fallback.count;

	struct error *err = address_space_read(image->space, trap_fallback_at(image, TABLE_AT),
					       count, sizeof(*count));
	if (*count > ENTRIES_MAX)
		*count = ENTRIES_MAX;
	for (uint64_t i = 1; err == NULL && i <= *count; i++) {
		struct arch_trap_fallback_entry entry;
		uint64_t at = TABLE_AT + i * ARCH_TRAP_FALLBACK_ENTRY_BYTES;
		uint8_t byte, original;
		err = address_space_read(image->space, trap_fallback_at(image, at), &entry,
					 sizeof(entry));
		if (err != NULL)
			break;
		taddr_t site = arch_trap_site(taddr(entry.pc));
		original = (uint8_t)entry.original_byte;
		if (address_space_read_some(image->space, site, &byte, 1) != 1 ||
		    byte != arch_trap_byte)
			continue;
		err = address_space_write(image->space, site, &original, 1);
		*ret_healed += err == NULL;
	}
	return err;
}

static bool is_left_behind(const struct image *image, taddr_t start)
{
	char found[sizeof(mark)];

	return address_space_read_some(image->space, start, found, sizeof(found)) ==
		       sizeof(found) &&
	       memcmp(found, mark, sizeof(mark)) == 0;
}

void trap_fallback_verify(struct image *image)
{
	if (image->trap_fallback.is_installed && !is_left_behind(image, image->trap_fallback.start))
		image->trap_fallback = (struct trap_fallback){ .is_wanted = true };
}

static bool trap_fallback_find(const struct image *image, const struct proc_maps *maps,
			       taddr_t *ret)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		uint64_t end = mapping_may_be_ours(m) ? m->end : 0;
		for (uint64_t at = m->start; at + MAPPING_BYTES <= end; at += PAGE_STEP_BYTES) {
			*ret = taddr(at);
			if (is_left_behind(image, *ret))
				return true;
		}
	}
	return false;
}

struct error *trap_fallback_adopt(struct image *image, pid_t pid, const struct proc_maps *maps,
				  size_t *ret_healed)
{
	struct signal_state state = { 0 };

	*ret_healed = 0;
	if (!trap_fallback_find(image, maps, &image->trap_fallback.start))
		return NULL;
	struct error *err = trap_fallback_heal(image, ret_healed);
	if (err == NULL)
		err = signal_state_read(pid, &state);
	/* Otherwise the program has an action of its own by now. */
	image->trap_fallback.is_installed = err == NULL && signal_set_has(state.caught, SIGTRAP);
	return err;
}

taddr_t trap_fallback_last_slot(const struct image *image, taddr_t start, taddr_t end)
{
	taddr_t last = start;

	for (uint64_t i = 1; i <= image->trap_fallback.count; i++) {
		struct arch_trap_fallback_entry entry;
		uint64_t at = TABLE_AT + i * ARCH_TRAP_FALLBACK_ENTRY_BYTES;
		if (address_space_read_some(image->space, trap_fallback_at(image, at), &entry,
					    sizeof(entry)) == sizeof(entry) &&
		    entry.slot > last.value && entry.slot < end.value)
			last = taddr(entry.slot);
	}
	return last;
}

struct page_range trap_fallback_range(const struct image *image)
{
	const uint64_t page_bytes = FOOTPRINT_PAGE_BYTES;
	uint64_t used_bytes =
		TABLE_AT + (image->trap_fallback.count + 1) * ARCH_TRAP_FALLBACK_ENTRY_BYTES;

	if (!image->trap_fallback.is_installed)
		return (struct page_range){ 0 };
	return (struct page_range){
		.start = image->trap_fallback.start.value,
		/* The kernel maps whole pages. */
		.end = image->trap_fallback.start.value +
		       (MAPPING_BYTES + page_bytes - 1) / page_bytes * page_bytes,
		.own_pages = (used_bytes + page_bytes - 1) / page_bytes,
	};
}
