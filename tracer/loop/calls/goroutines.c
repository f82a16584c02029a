/* The calls of Go programs; see goroutines.h. Loop layer. */
#include "tracer/loop/calls/goroutines.h"

#include "tracer/tracee/ptrace_ops.h"

/* How a runtime.g begins, in every version of Go: stack.lo and stack.hi (runtime2.go). */
struct goroutine_stack {
	uint64_t low, high;
};

static bool read_stack(const struct tracee *tracee, taddr_t goroutine, struct goroutine_stack *ret)
{
	/* No goroutine has less (_StackMin), none more (runtime.maxstacksize, at most). */
	static const uint64_t LEAST_BYTES = 2048, MOST_BYTES = UINT64_C(1) << 32;

	return goroutine.value != 0 &&
	       address_space_read_some(tracee->process->space, goroutine, ret, sizeof(*ret)) ==
		       sizeof(*ret) &&
	       ret->high > ret->low && ret->high - ret->low >= LEAST_BYTES &&
	       ret->high - ret->low <= MOST_BYTES;
}

/*
 * The goroutine on whose stack @sp lies: it is in a register since Go 1.17 (abi-internal.md), and in
 * thread-local storage always.
 */
static bool find_goroutine(const struct tracee *tracee, taddr_t sp, taddr_t *ret)
{
	struct user_regs_struct regs;
	struct goroutine_stack stack;
	taddr_t candidates[2] = { { 0 } };

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	arch_goroutine(&regs, &candidates[0], &candidates[1]);
	if (address_space_read_some(tracee->process->space, candidates[1], &candidates[1].value,
				    sizeof(candidates[1].value)) != sizeof(candidates[1].value))
		candidates[1] = taddr(0);
	for (int i = 0; i < 2; i++) {
		if (read_stack(tracee, candidates[i], &stack) && sp.value > stack.low &&
		    sp.value <= stack.high) {
			*ret = candidates[i];
			return true;
		}
	}
	return false;
}

struct error *goroutine_calls(struct tracee *tracee, taddr_t sp, bool makes,
			      struct call_stack **ret)
{
	struct process *process = tracee->process;
	taddr_t goroutine;

	*ret = NULL;
	if (!process->space->image->is_go || !find_goroutine(tracee, sp, &goroutine))
		return NULL;
	*ret = addr_map_get(&process->state->calls.goroutines, goroutine.value);
	if (*ret != NULL || !makes)
		return NULL;
	struct error *err = call_stack_create(ret);
	if (err != NULL)
		return err;
	err = addr_map_put(&process->state->calls.goroutines, goroutine.value, *ret);
	if (err != NULL) {
		call_stack_destroy(*ret);
		*ret = NULL;
	}
	return err;
}

/* copystack(gp *g, newsize uintptr): in a register since Go 1.17, on the stack before. */
struct error *goroutine_copy_begins(struct tracee *tracee, const struct site *site, taddr_t sp)
{
	struct user_regs_struct regs;
	struct goroutine_stack stack;
	struct internal_call *copy;
	taddr_t on_stack;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL)
		err = address_space_read(tracee->process->space, arch_cfa_at_entry(sp),
					 &on_stack.value, sizeof(on_stack.value));
	if (err != NULL)
		return err;
	taddr_t goroutine = taddr(arch_return_value(&regs));
	if (!read_stack(tracee, goroutine, &stack))
		goroutine = on_stack;
	if (!read_stack(tracee, goroutine, &stack) ||
	    addr_map_get(&tracee->process->state->calls.goroutines, goroutine.value) == NULL)
		return NULL; /* it is in no probed function */
	err = internal_call_enter(&tracee->state->hit.internal_calls, tracee, site, sp, &copy);
	if (err == NULL) {
		copy->object = goroutine;
		copy->stack_low = stack.low;
		copy->stack_high = stack.high;
	}
	return err;
}

struct error *goroutine_copy_ends(struct tracee *tracee, const struct internal_call *copy)
{
	struct call_stack *calls =
		addr_map_get(&tracee->process->state->calls.goroutines, copy->object.value);
	struct goroutine_stack stack;

	if (calls == NULL || !read_stack(tracee, copy->object, &stack))
		return NULL;
	/* Frames keep their distance to the stack's upper end. */
	call_stack_relocate(calls, copy->stack_low, copy->stack_high,
			    stack.high - copy->stack_high);
	return NULL;
}

void goroutine_put_off(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	struct call_stack *calls;

	error_free(goroutine_calls(tracee, cfa, false, &calls));
	if (calls == NULL)
		return;
	call_stack_put_off(calls, site, cfa);
	tracee->process->state->calls.put_off_count++;
}

bool goroutine_goes_on(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	struct call_stack *calls;

	if (tracee->process->state->calls.put_off_count == 0) /* the usual case: spare the search */
		return false;
	error_free(goroutine_calls(tracee, cfa, false, &calls));
	if (calls == NULL || !call_stack_take_put_off(calls, site, cfa))
		return false;
	tracee->process->state->calls.put_off_count--;
	return true;
}
