/* Code in memory of our own, with a site in it whose jump comes and goes. For unit tests of punned jumps. */
#ifndef TESTS_UNIT_TRACER_PUNNED_MEMORY_H
#define TESTS_UNIT_TRACER_PUNNED_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/probe/patch/patch.h"

enum { CODE_BYTES = 16 };

struct memory {
	struct address_space *space;
	uint8_t *code;
	struct patch patch;
	struct pad pad;
};

/* A site in @own, whose pad displaces @bytes from @offset on; its jump has @prefixes. */
static inline void memory_init(struct memory *m, const uint8_t *own, uint8_t offset, uint8_t bytes,
			       uint8_t prefixes)
{
	taddr_t last;

	*m = (struct memory){ 0 };
	m->code = mmap(NULL, ARCH_PAGE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	assert_ptr_not_equal(m->code, MAP_FAILED);
	assert_null(address_space_open(getpid(), &m->space));
	const taddr_t at = taddr((uintptr_t)m->code);
	assert_null(address_space_write(m->space, at, own, CODE_BYTES));
	patch_init(&m->patch, PATCH_TRAP, at);
	memcpy(m->patch.code, own, sizeof(m->patch.code));
	m->patch.code_bytes = sizeof(m->patch.code);
	m->pad = (struct pad){ .kind = ARCH_PAD_ENTRY,
			       .offset_bytes = offset,
			       .window_bytes = bytes };
	m->pad.prefix_bytes = prefixes;
	memcpy(m->pad.window, own + offset, ARCH_JUMP_BYTES_MAX);
	m->pad.block.address = at;
	m->pad.block.start = taddr_add(at, 0x10000);
	if (bytes < ARCH_JUMP_BYTES)
		assert_true(arch_pun_reach(pad_jump_place(&m->pad), own + offset, bytes, prefixes,
					   &m->pad.trampoline.start, &last));
	m->patch.pad = &m->pad;
	assert_null(patch_write(&m->patch, m->space));
}

static inline void memory_deinit(struct memory *m)
{
	address_space_close(m->space);
	assert_int_equal(munmap(m->code, ARCH_PAGE_BYTES), 0);
}

static inline void assert_trap(const struct memory *m, const uint8_t *own)
{
	assert_int_equal(m->patch.kind, PATCH_TRAP);
	assert_int_equal(m->code[0], arch_trap_insn[0]);
	assert_memory_equal(m->code + 1, own + 1, CODE_BYTES - 1);
}

#endif
