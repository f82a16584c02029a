/*
 * What tracer/arch/aarch64/code.c says of code, of this program's own: where calls went that have returned here, where an entry
 * of its PLT leads, and what a signal handler returns to. A line for each answer that is wrong, and status 1.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tracer/arch/arch.h"

enum { BEFORE_BYTES = 8 };

static const void *handler_returns_to;
static int wrong;

static void expect(bool is_so, const char *what)
{
	if (is_so)
		return;
	printf("wrong: %s\n", what);
	wrong = 1;
}

/* Where it was called from. */
__attribute__((noinline, noclone)) const uint8_t *caller(void)
{
	return __builtin_return_address(0);
}

static void handle(int signal)
{
	(void)signal;
	handler_returns_to = __builtin_return_address(0);
}

static size_t calls_before(const uint8_t *at, struct arch_call ret[ARCH_CALLS_BEFORE_MAX])
{
	return arch_calls_before(at - BEFORE_BYTES, BEFORE_BYTES, taddr((uintptr_t)at), ret);
}

static void try_calls(void)
{
	const uint8_t *(*volatile through)(void) = caller;
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];

	const uint8_t *direct = caller();
	expect(arch_ends_with_call(direct - BEFORE_BYTES, BEFORE_BYTES), "a bl is a call");
	expect(calls_before(direct, calls) == 1 && !calls[0].is_through &&
		       calls[0].target.value == (uintptr_t)caller,
	       "where a bl goes");
	const uint8_t *indirect = through();
	expect(arch_ends_with_call(indirect - BEFORE_BYTES, BEFORE_BYTES), "a blr is a call");
	expect(calls_before(indirect, calls) == 0, "where a blr goes is not known");
	/* Its first instruction is no call, and nothing in front of it ends with one: there is padding, or a ret. */
	expect(!arch_ends_with_call((const uint8_t *)caller, BEFORE_BYTES / 2),
	       "other code is no call");
}

/* The one call in what follows is of getpid, by its entry in the PLT. */
__attribute__((noinline, noclone)) pid_t call_library(void)
{
	return getpid() + 1;
}

static void try_plt(void)
{
	const uint8_t *code = (const uint8_t *)call_library;
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	taddr_t slot = taddr(0);
	bool is_found = false;

	expect(call_library() == getpid() + 1, "a library's function is called");
	for (int i = 1; i < 16 && !is_found; i++) {
		const uint8_t *at = code + (size_t)i * 4;
		is_found = arch_calls_before(at - 4, 4, taddr((uintptr_t)at), calls) == 1;
	}
	expect(is_found, "it is called by a bl");
	expect(is_found && arch_jump_slot((const uint8_t *)(uintptr_t)calls[0].target.value,
					  ARCH_JUMP_SLOT_BYTES, calls[0].target, &slot),
	       "an entry of the PLT is one");
	expect(slot.value != 0 && *(const uintptr_t *)(uintptr_t)slot.value == (uintptr_t)getpid,
	       "where it leads");
	expect(!arch_jump_slot(code, ARCH_JUMP_SLOT_BYTES, taddr((uintptr_t)code), &slot),
	       "other code is none");
}

int main(void)
{
	signal(SIGUSR1, handle);
	raise(SIGUSR1);
	expect(handler_returns_to != NULL && arch_is_sigreturn(handler_returns_to, 8),
	       "a handler returns to rt_sigreturn");
	expect(!arch_is_sigreturn((const uint8_t *)main, 8), "main is something else");
	try_calls();
	try_plt();
	if (!wrong)
		puts("as expected");
	return wrong;
}
