/* For unit tests of jump pads: a site, a pad for it, a ring and the tables, in memory of this process. */
#ifndef TESTS_UNIT_TRACER_PAD_WORLD_H
#define TESTS_UNIT_TRACER_PAD_WORLD_H

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/tracer/machine.h"
#include "tracer/arch/pad.h"

enum {
	PAD_WORLD_SLOTS = 1024,
	PAD_WORLD_SUMS = 4,
	PAD_WORLD_SITE = 0xfedcba98,
	PAD_WORLD_AREA_BYTES = 1 << 20,
	PAD_WORLD_PAD_OFFSET = PAD_WORLD_AREA_BYTES / 2,
	PAD_WORLD_WINDOW_BYTES = 5,
	PAD_WORLD_CFA_OFFSET = 72,
	PAD_WORLD_RING_BYTES = sizeof(struct arch_pad_ring) +
			       PAD_WORLD_SLOTS * ARCH_PAD_SLOT_BYTES +
			       PAD_WORLD_SUMS * sizeof(struct arch_pad_sum),
};

#define PAD_WORLD_KINDS                                                                            \
	ARCH_PAD_ENTRY, ARCH_PAD_RETURN, ARCH_PAD_MARK, ARCH_PAD_FRAME_SP, ARCH_PAD_FRAME_BP,      \
		ARCH_PAD_CALLED, ARCH_PAD_RETURNED

static const uint64_t pad_world_return_address = 0x123456789abc;

/* Of a mark pad: the object, and the two words. The id has the highest bits that it may have, and no flag's. */
static char pad_world_object[ARCH_PAD_MARK_SAYS_OFFSET + 1];
static uint64_t pad_world_words[2];
static const uint64_t pad_world_id = 0xedcba9876540;

struct pad_world {
	uint8_t *area; /* the site's code, and the pad */
	enum arch_pad_kind kind;
	uint64_t word_count; /* of a mark */
	struct arch_pad pad;
	struct arch_pad_data *data;
	struct arch_pad_ring *ring;
	struct arch_pad_record *slots;
	struct arch_pad_sum *sums;
	int fd;
};

static inline void pad_world_set_head(const struct pad_world *world, uint32_t head)
{
	world->ring->published = world->ring->head = head;
}

static inline void *pad_world_map(size_t bytes, int protection)
{
	void *ret = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(ret, MAP_FAILED);
	return ret;
}

static inline uint64_t pad_world_key(void)
{
	uint64_t key;
	__asm__("movq %%fs:0, %0" : "=r"(key));
	return key;
}

/* Of a frame pad: the CFA, by rsp or by rbp, and the word below it. */
static inline uint64_t pad_world_cfa(void)
{
	return (uintptr_t)machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES +
	       PAD_WORLD_CFA_OFFSET;
}

static inline uint64_t pad_world_frame_return(void)
{
	uint64_t ret;
	memcpy(&ret,
	       machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES + PAD_WORLD_CFA_OFFSET -
		       8,
	       sizeof(ret));
	return ret;
}

/* What must be in the table of returns for a pad of @kind. */
static inline uint64_t pad_world_known(enum arch_pad_kind kind)
{
	return kind == ARCH_PAD_MARK ? (uintptr_t)pad_world_object : pad_world_return_address;
}

static inline uint64_t *pad_world_known_entry(const struct pad_world *world)
{
	return &world->data->returns[arch_pad_return_index(pad_world_known(world->kind))];
}

/* The site's window counts r15 up, so that a test sees how often it was run. It changes no flag. */
static inline void pad_world_init(struct pad_world *world, enum arch_pad_kind kind)
{
	static const uint8_t window[PAD_WORLD_WINDOW_BYTES] = { 0x4d, 0x8d, 0x7f, 0x01, 0x90 };

	memset(world, 0, sizeof(*world));
	world->kind = kind;
	world->word_count = 2;
	pad_world_words[0] = (uintptr_t)pad_world_object;
	pad_world_words[1] = pad_world_id;
	pad_world_object[ARCH_PAD_MARK_SAYS_OFFSET] = ARCH_PAD_MARK_BEGINS;
	world->area = pad_world_map(PAD_WORLD_AREA_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC);
	world->data = pad_world_map(sizeof(*world->data), PROT_READ | PROT_WRITE);
	world->ring = pad_world_map(PAD_WORLD_RING_BYTES, PROT_READ | PROT_WRITE);
	world->slots = (struct arch_pad_record *)(world->ring + 1);
	world->sums = (struct arch_pad_sum *)(world->slots + PAD_WORLD_SLOTS);
	world->ring->sums = (uintptr_t)world->sums;
	world->fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	assert_true(world->fd >= 0);
	world->ring->fd = world->fd;
	world->ring->limit = 4;
	world->ring->mask = PAD_WORLD_SLOTS - 1;
	world->ring->memory_age = UINT64_MAX;
	world->data->threads[arch_pad_thread_index(pad_world_key())] =
		(struct arch_pad_thread){ pad_world_key(), (uintptr_t)world->ring };
	*pad_world_known_entry(world) = pad_world_known(kind);

	memcpy(world->area, window, sizeof(window));
	machine_write_exit(world->area + sizeof(window));
	uint8_t *to = world->area + PAD_WORLD_PAD_OFFSET;
	assert_null(arch_pad_build(kind, PAD_WORLD_SITE, world->area, sizeof(window),
				   taddr((uintptr_t)world->area), taddr((uintptr_t)world->data),
				   taddr((uintptr_t)to), &world->pad));
	arch_pad_set_cfa(&world->pad, kind, PAD_WORLD_CFA_OFFSET);
	memcpy(to, world->pad.code, world->pad.code_bytes);
}

static inline void pad_world_deinit(struct pad_world *world)
{
	munmap(world->area, PAD_WORLD_AREA_BYTES);
	munmap(world->data, sizeof(*world->data));
	munmap(world->ring, PAD_WORLD_RING_BYTES);
	close(world->fd);
}

/* The word of the pad. */
static inline void pad_world_set_word(const struct pad_world *world, uint32_t word)
{
	memcpy(world->area + PAD_WORLD_PAD_OFFSET + arch_pad_layout(world->kind)->word_offset,
	       &word, sizeof(word));
}

/* A machine that is about to run the pad. */
static inline void pad_world_fill(const struct pad_world *world, struct machine *machine,
				  uint64_t flags)
{
	machine_fill(machine, flags);
	machine->regs.rip = (uintptr_t)world->area + PAD_WORLD_PAD_OFFSET + world->pad.entry_offset;
	if (world->kind == ARCH_PAD_MARK) {
		machine->regs.rsi = (uintptr_t)pad_world_words;
		machine->regs.rdx = world->word_count;
	}
	if (world->kind == ARCH_PAD_FRAME_BP)
		machine->regs.rbp = pad_world_cfa() - PAD_WORLD_CFA_OFFSET;
	memcpy(machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES,
	       &pad_world_return_address, sizeof(pad_world_return_address));
}

/* What a pad of @kind leaves alone below the stack pointer: the red zone; the address that was returned to; nothing. */
static inline size_t pad_world_below_bytes(enum arch_pad_kind kind)
{
	return kind == ARCH_PAD_CALLED ? 0 : kind == ARCH_PAD_RETURNED ? 8 : MACHINE_RED_ZONE_BYTES;
}

/* The machine @out is as @in, and has run the window once. */
static inline void pad_world_check(const struct pad_world *world, const struct machine *in,
				   const struct machine *out)
{
	struct machine expected = *in;
	expected.regs.r15 += 1;
	const char *difference = machine_difference(&expected, out);
	if (difference != NULL)
		fail_msg("%s is not as before (flags %#lx)", difference,
			 (unsigned long)in->regs.eflags);
	assert_true(machine_stack_is_whole_from(pad_world_below_bytes(world->kind)));
}

/* Runs the pad once and checks that the program cannot see it. */
static inline void pad_world_run(const struct pad_world *world, uint64_t flags)
{
	struct machine in, out;
	pad_world_fill(world, &in, flags);
	out = in;
	machine_run(&in, &out);
	pad_world_check(world, &in, &out);
}

#endif
