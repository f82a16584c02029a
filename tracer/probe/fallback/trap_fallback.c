/* What lets a program outlive us; see trap_fallback.h. Probe layer. */
#include "tracer/probe/fallback/trap_fallback.h"

#include <signal.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/probe/patch/kept_patch.h"
#include "tracer/probe/fallback/trap_fallback_private.h"
#include "tracer/proc/signal_state.h"

void trap_fallback_note_count(struct trap_fallback *fallback, const struct injected *injected,
			      uint64_t count)
{
	fallback->count = count;
	injected_find(injected, INJECTED_TRAP_FALLBACK)->used_bytes =
		TABLE_AT + (count + 1) * ARCH_TRAP_FALLBACK_ENTRY_BYTES;
}

static struct error *set_count(struct trap_fallback *fallback, const struct injected *injected,
			       uint64_t count)
{
	struct error *err =
		address_space_write(injected->injection.space, trap_fallback_entry_at(injected, 0),
				    &count, sizeof(count));
	if (err == NULL)
		trap_fallback_note_count(fallback, injected, count);
	return err;
}

/* Does @action about SIGTRAP; *@ret_before as injection_set_trap_action. */
static struct error *set_action(const struct injected *injected, struct tracee *tracee,
				const struct kernel_sigaction *action,
				struct kernel_sigaction *ret_before)
{
	return injection_set_trap_action(&injected->injection, tracee,
					 trap_fallback_at(injected, ACTION_AT), action, ret_before);
}

static struct error *set_handler(const struct injected *injected, struct tracee *tracee,
				 struct kernel_sigaction *ret_before)
{
	uint64_t restorer_at = CODE_AT + (uintptr_t)arch_trap_fallback_restorer -
			       (uintptr_t)arch_trap_fallback_code;

	const struct kernel_sigaction action = {
		.handler = trap_fallback_at(injected, CODE_AT).value,
		/*
		 * Not blocked meanwhile: a tracer that attaches would take that for the program's wish. All others are,
		 * whose handlers might not return to ours.
		 */
		.mask = ~(UINT64_C(1) << (SIGTRAP - 1)),
		.flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | KERNEL_SA_RESTORER,
		.restorer = trap_fallback_at(injected, restorer_at).value,
	};
	return set_action(injected, tracee, &action, ret_before);
}

bool trap_fallback_is_handler(const struct trap_fallback *fallback, const struct injected *injected,
			      uint64_t handler)
{
	return fallback->is_installed && handler == trap_fallback_at(injected, CODE_AT).value;
}

struct error *trap_fallback_reinstall(const struct trap_fallback *fallback,
				      const struct injected *injected, struct tracee *tracee,
				      bool *ret_was_reset)
{
	struct kernel_sigaction before = { 0 };

	struct error *err = fallback->is_installed ? set_handler(injected, tracee, &before) : NULL;
	*ret_was_reset = fallback->is_installed && err == NULL && before.handler == 0; /* SIG_DFL */
	return err;
}

/* One that was adopted without its action serves again. */
static struct error *find_or_map(struct injected *injected, struct tracee *tracee)
{
	struct injected_mapping *mapping = injected_find(injected, INJECTED_TRAP_FALLBACK);

	if (mapping != NULL)
		return NULL;
	struct error *err =
		injected_add(injected, INJECTED_TRAP_FALLBACK, taddr(0), MAPPING_BYTES, &mapping);
	if (err != NULL)
		return err;
	err = injected_map(injected, mapping, tracee, taddr(0));
	if (err != NULL)
		injected_drop(injected, mapping);
	return err;
}

/* The system calls that are made for us are survived from now on, if what is there is the same code. */
static void offer_resume(struct injected *injected)
{
	enum { BYTES_MAX = 1024 };
	const size_t bytes = (uintptr_t)arch_resume_words - (uintptr_t)arch_trap_fallback_code;
	const taddr_t code = trap_fallback_at(injected, CODE_AT);
	uint8_t found[BYTES_MAX];

	if (bytes <= sizeof(found) &&
	    address_space_read_some(injected->injection.space, code, found, bytes) == bytes &&
	    memcmp(found, arch_trap_fallback_code, bytes) == 0)
		injected->injection.resume = taddr_add(
			code, (uintptr_t)arch_resume_code - (uintptr_t)arch_trap_fallback_code);
}

static struct error *write_code(struct trap_fallback *fallback, struct injected *injected,
				struct tracee *tracee)
{
	size_t code_bytes =
		(uintptr_t)arch_trap_fallback_code_end - (uintptr_t)arch_trap_fallback_code;

	struct error *err =
		address_space_write(injected->injection.space, trap_fallback_at(injected, CODE_AT),
				    arch_trap_fallback_code, code_bytes);
	if (err == NULL)
		err = set_count(fallback, injected, 0);
	if (err == NULL)
		err = trap_healing_begin(fallback, injected, tracee);
	if (err == NULL)
		offer_resume(injected);
	return err;
}

/* The program does without it. Takes @why; one that ends the program is returned. */
static struct error *give_up(struct trap_fallback *fallback, const struct tracee *tracee,
			     struct error *why)
{
	if (why == NULL || error_code(why) != ERR_FORMAT)
		return why;
	log_debug("process %d would not survive our being killed: %s", tracee->process->pid,
		  error_message(why));
	error_free(why);
	fallback->is_installed = false;
	return NULL;
}

struct error *trap_fallback_map(struct trap_fallback *fallback, struct injected *injected,
				struct tracee *tracee, bool *ret_is_new)
{
	struct signal_state state;

	*ret_is_new = false;
	if (!fallback->is_wanted || fallback->is_installed)
		return NULL;
	fallback->is_wanted = false; /* once is enough, whatever comes */
	struct error *err = signal_state_read(tracee->tid, &state);
	if (err != NULL)
		return err;
	if (signal_set_has(state.caught | state.ignored, SIGTRAP))
		return NULL;
	err = find_or_map(injected, tracee);
	if (err == NULL)
		err = write_code(fallback, injected, tracee);
	fallback->is_installed = *ret_is_new = err == NULL;
	return give_up(fallback, tracee, err);
}

struct error *trap_fallback_install(struct trap_fallback *fallback, const struct injected *injected,
				    struct tracee *tracee)
{
	struct kernel_sigaction before;

	if (!fallback->is_installed)
		return NULL;
	struct error *err = set_handler(injected, tracee, &before);
	/* Another thread was faster. */
	if (err == NULL && before.handler != (uint64_t)(uintptr_t)SIG_DFL &&
	    before.handler != trap_fallback_at(injected, CODE_AT).value) {
		err = set_action(injected, tracee, &before, NULL);
		if (err == NULL)
			err = error_new(ERR_FORMAT, "it has a handler for SIGTRAP by now");
	}
	return give_up(fallback, tracee, err);
}

/* The mapping may be smaller than it was made for (locked_memory.h). */
static bool has_room(const struct injected *injected, uint64_t count)
{
	const struct injected_mapping *mapping = injected_find(injected, INJECTED_TRAP_FALLBACK);

	return count <= ENTRIES_MAX &&
	       TABLE_AT + (count + 1) * ARCH_TRAP_FALLBACK_ENTRY_BYTES <= mapping->bytes;
}

/* Writes @entry where *@number says; 0: as a new one, whose number it becomes. */
static struct error *write_entry(struct trap_fallback *fallback, const struct injected *injected,
				 const struct arch_trap_fallback_entry *entry, uint32_t *number)
{
	const struct address_space *space = injected->injection.space;
	uint64_t count = fallback->count + 1;

	if (!fallback->is_installed || (*number == 0 && !has_room(injected, count)))
		return NULL;
	if (*number != 0)
		return address_space_write(space, trap_fallback_entry_at(injected, *number), entry,
					   sizeof(*entry));
	struct error *err = address_space_write(space, trap_fallback_entry_at(injected, count),
						entry, sizeof(*entry));
	/* We may be killed in between. */
	if (err == NULL)
		err = set_count(fallback, injected, count);
	if (err == NULL)
		*number = (uint32_t)count;
	return err;
}

struct error *trap_fallback_note(struct trap_fallback *fallback, const struct injected *injected,
				 struct patch *patch)
{
	const taddr_t way_on = patch_way_on(patch);
	const struct code_block *block = patch->pad != NULL ? &patch->pad->block : &patch->block;
	struct arch_trap_fallback_entry entry = {
		.pc = arch_trap_pc(patch->address).value,
		.slot = way_on.value,
	};
	struct kept_patch kept;

	if (!kept_patch_init(&kept, patch))
		return NULL;
	kept.block_bytes = (uint16_t)(block->start.value + block->bytes - way_on.value);
	memcpy(entry.kept, &kept, sizeof(kept));
	return write_entry(fallback, injected, &entry, &patch->fallback_number);
}

struct error *trap_fallback_note_jump(struct trap_fallback *fallback,
				      const struct injected *injected, const struct patch *patch)
{
	struct arch_trap_fallback_entry entry = {
		.pc = arch_trap_pc(pad_jump_place(patch->pad)).value,
		.slot = pad_displaced(patch->pad).value,
	};
	struct kept_patch kept;

	if (patch->pad->offset_bytes == 0 || !kept_patch_init_jump(&kept, patch))
		return NULL;
	memcpy(entry.kept, &kept, sizeof(kept));
	return write_entry(fallback, injected, &entry, &patch->pad->jump_fallback_number);
}

struct error *trap_fallback_note_pad(struct trap_fallback *fallback,
				     const struct injected *injected, struct pad *pad, taddr_t data)
{
	const struct arch_trap_fallback_entry entry = {
		.pc = arch_trap_pc(pad_trap(pad)).value,
		.slot = pad_displaced(pad).value,
	};
	const uint64_t flag = data.value + offsetof(struct arch_pad_data, is_abandoned);

	if (!fallback->is_installed)
		return NULL;
	taddr_t flag_at =
		taddr_add(trap_fallback_entry_at(injected, 0), ARCH_TRAP_FALLBACK_ABANDONED_AT);
	struct error *err =
		address_space_write(injected->injection.space, flag_at, &flag, sizeof(flag));
	return err != NULL ? err : write_entry(fallback, injected, &entry, &pad->fallback_number);
}

struct error *trap_fallback_remove(struct trap_fallback *fallback, const struct injected *injected,
				   struct tracee *tracee)
{
	static const struct kernel_sigaction none;
	struct kernel_sigaction before;

	if (!fallback->is_installed)
		return NULL;
	const uint64_t ours = trap_fallback_at(injected, CODE_AT).value;
	struct error *err = injection_get_trap_action(&injected->injection, tracee, &before);
	if (err == NULL && before.handler == ours) {
		err = set_action(injected, tracee, &none, &before);
		if (err == NULL && before.handler != ours) /* another thread was faster */
			err = set_action(injected, tracee, &before, NULL);
	}
	fallback->is_installed = err != NULL;
	return err;
}

void trap_fallback_leave(const struct trap_fallback *fallback, const struct injected *injected)
{
	const uint64_t none = 0;

	if (fallback->is_installed)
		error_free(address_space_write(injected->injection.space,
					       trap_fallback_entry_at(injected, 0), &none,
					       sizeof(none)));
}

void trap_fallback_verify(struct trap_fallback *fallback, struct injected *injected)
{
	struct injected_mapping *mapping = injected_find(injected, INJECTED_TRAP_FALLBACK);

	if (mapping == NULL || mapping->is_mapped)
		return;
	injected_drop(injected, mapping);
	*fallback = (struct trap_fallback){ .is_wanted = true };
}

/* Another than the first is of a program's parent, or of an mprof-trace before the last: left alone. */
static void drop_others(struct injected *injected)
{
	const struct injected_mapping *first = injected_find(injected, INJECTED_TRAP_FALLBACK);

	for (size_t i = injected->count; i-- > 0;) {
		struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->kind == INJECTED_TRAP_FALLBACK && mapping != first)
			injected_drop(injected, mapping);
	}
}

struct error *trap_fallback_adopt(struct trap_fallback *fallback, struct injected *injected,
				  pid_t pid, size_t *ret_healed)
{
	struct signal_state state = { 0 };

	*ret_healed = 0;
	drop_others(injected);
	struct injected_mapping *mapping = injected_find(injected, INJECTED_TRAP_FALLBACK);
	if (mapping == NULL)
		return NULL;
	struct error *err = trap_healing_run(fallback, injected, ret_healed);
	if (err == NULL)
		err = signal_state_read(pid, &state);
	/* Otherwise the program has an action of its own by now. */
	fallback->is_installed = err == NULL && signal_set_has(state.caught, SIGTRAP);
	offer_resume(injected);
	return err != NULL ? err : injected_claim(injected, mapping);
}
