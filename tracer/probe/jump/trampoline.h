/*
 * Where punned jumps lead (probe layer): a punned jump cannot be led anywhere, so a page is mapped where it leads,
 * with a jump to the pad in it.
 *
 * Sites whose jumps may lead to the same page share it. All else in these pages is traps. A program that copies code
 * with a punned jump in it and runs the copy jumps as far from the trampoline as the copy is from its original: see
 * slot_arena.h. So there is no code of the program's near a trampoline.
 */
#ifndef PROBE_JUMP_TRAMPOLINE_H
#define PROBE_JUMP_TRAMPOLINE_H

#include "tracer/probe/patch/pad.h"
#include "tracer/proc/proc_maps.h"

/*
 * A free place for a trampoline where the jump at @from may lead that has the @window's code behind it, with so many
 * prefixes: *@ret, which is mapped from then on. @tracee is stopped, outside any system call. Fails with ERR_FORMAT
 * where there is none.
 */
struct error *trampoline_find(struct injected *injected, struct tracee *tracee, taddr_t from,
			      const struct pad_window *window, taddr_t *ret,
			      uint8_t *ret_prefix_bytes) MUST_CHECK;

/*
 * Likewise for @jump, of which the first @own_bytes will be written (arch_pun_reach), and the lowest @given_bytes of its
 * distance, fewer than those that are written, must be as they are. *@ret is 0 where there is no place.
 */
struct error *trampoline_find_given(struct injected *injected, struct tracee *tracee, taddr_t from,
				    const uint8_t jump[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
				    unsigned prefix_bytes, unsigned given_bytes,
				    taddr_t *ret) MUST_CHECK;

/*
 * Whether trampoline_find_given may find a place, as far as @maps says, which trampoline_read_maps has read. Nothing
 * is mapped.
 */
bool trampoline_may_be(const struct injected *injected, const struct proc_maps *maps, taddr_t from,
		       const uint8_t jump[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		       unsigned prefix_bytes, unsigned given_bytes);
struct error *trampoline_read_maps(const struct injected *injected, const struct tracee *tracee,
				   struct proc_maps *ret) MUST_CHECK;

/* Writes the trampoline of @pad to @at, which trampoline_find has found. */
struct error *trampoline_write(struct injected *injected, struct pad *pad, taddr_t at) MUST_CHECK;

#endif
