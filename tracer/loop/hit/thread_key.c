/* Keys of threads; see thread_key.h. Loop layer. */
#include "tracer/loop/hit/thread_key.h"

#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/ptrace_ops.h"

struct error *thread_key_read(const struct tracee *tracee, uint64_t *ret)
{
	struct user_regs_struct regs;
	uint64_t word = 0;

	*ret = 0;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	taddr_t base = arch_thread_pointer(&regs);
	if (address_space_read_some(tracee->process->space, base, &word, sizeof(word)) ==
		    sizeof(word) &&
	    word == base.value)
		*ret = word;
	return NULL;
}

struct error *thread_key_is_there(const struct tracee *tracee, bool *ret)
{
	uint64_t key;

	struct error *err = thread_key_read(tracee, &key);
	*ret = err == NULL && key != 0;
	return err;
}

/* A thread pointer of its own would be another's, too, in what it clones. */
static bool is_alone(const struct tracee *tracee)
{
	return tracee->process->thread_count == 1 && tracee->process->space->users == 1;
}

struct error *thread_key_lend(const struct tracee *tracee, bool *ret)
{
	const taddr_t self = injected_self(&tracee->process->space->image->injected);
	struct user_regs_struct regs;

	*ret = false;
	if (self.value == 0 || !is_alone(tracee))
		return NULL;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || arch_thread_pointer(&regs).value != 0)
		return err;
	arch_set_thread_pointer(&regs, self);
	err = ptrace_set_regs(tracee->tid, &regs);
	return err != NULL ? err : thread_key_is_there(tracee, ret);
}

bool thread_key_is_lent(const struct tracee *tracee, uint64_t key)
{
	const struct image *image = tracee->process->space->image;

	return key != 0 && injected_is_self(&image->injected, taddr(key));
}

struct error *thread_key_take_back(const struct tracee *tracee)
{
	const struct address_space *space = tracee->process->space;
	struct user_regs_struct regs;

	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL || !thread_key_is_lent(tracee, arch_thread_pointer(&regs).value))
		return err;
	arch_set_thread_pointer(&regs, taddr(0));
	return ptrace_set_regs(tracee->tid, &regs);
}

bool thread_key_is_shared(const struct tracee *tracee, uint64_t key)
{
	const struct process *process = tracee->process->space->processes;

	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it != tracee && it->state->hit.first_thread_pointer.value == key)
				return true;
		}
	}
	return pad_area_ring(&tracee->process->space->image->pads, key) != NULL;
}

/*
 * A thread that was cloned without a thread pointer of its own (no CLONE_SETTLS) has that of its maker, and so its
 * ring: two would write there.
 */
static struct error *check_key(const struct tracee *child)
{
	const struct hit_state *hit = &child->state->hit;
	const struct address_space *space = child->process->space;
	const taddr_t key = hit->first_thread_pointer;
	struct error *err = NULL;

	if (key.value == 0 || space == NULL || space->image == NULL)
		return NULL;
	struct ring *ring = pad_area_ring(&space->image->pads, key.value);
	bool is_lost = ring != NULL && ring->tid != child->tid;
	if (!is_lost && !taddr_equal(key, hit->maker_thread_pointer))
		return NULL;
	if (is_lost)
		err = pad_area_revoke(&space->image->pads, &space->image->injected, ring);
	return err != NULL ? err
			   : pads_give_up(child->process, "two threads have one thread pointer");
}

struct error *thread_key_check_new(const struct tracee *child)
{
	struct user_regs_struct regs;

	if (child->process->space == NULL) /* nothing is probed in it */
		return NULL;
	struct error *err = ptrace_get_regs(child->tid, &regs);
	if (err != NULL)
		return err;
	child->state->hit.first_thread_pointer = arch_thread_pointer(&regs);
	return check_key(child);
}

struct error *thread_key_note_maker(const struct tracee *maker, const struct tracee *child)
{
	struct user_regs_struct regs;

	if (child->process->space == NULL || child->process->space != maker->process->space)
		return NULL;
	struct error *err = ptrace_get_regs(maker->tid, &regs);
	if (err != NULL)
		return err;
	child->state->hit.maker_thread_pointer = arch_thread_pointer(&regs);
	return check_key(child); /* if its first stop came before */
}
