/*
 * What the program keeps of each patch, for when we are dead (probe layer): how the next mprof-trace takes it away
 * again. Of a jump, which comes and goes byte by byte over a trap, whatever is there may be.
 */
#ifndef PROBE_PATCH_KEPT_PATCH_H
#define PROBE_PATCH_KEPT_PATCH_H

#include "tracer/probe/patch/patch.h"

/* In the program's memory (arch_trap_fallback_entry). */
struct kept_patch {
	uint8_t length;
	uint8_t bytes[PATCH_BYTES_MAX], code[PATCH_BYTES_MAX];
	bool is_needed; /* by a jump in front of it, which must be taken away before */
	uint16_t
		block_bytes; /* of what threads run on in, from there to its end; 0: they do not matter */
};
_Static_assert(sizeof(struct kept_patch) == sizeof(((struct arch_trap_fallback_entry *)0)->kept),
	       "a patch does not fit in an entry");
_Static_assert((int)offsetof(struct kept_patch, length) == ARCH_TRAP_FALLBACK_LENGTH_AT &&
		       (int)offsetof(struct kept_patch, code) == ARCH_TRAP_FALLBACK_CODE_AT,
	       "the handler finds something else");

/* What may be at the address of @patch; its jump, which is elsewhere (pad.h). False: nothing can be kept. */
bool kept_patch_init(struct kept_patch *kept, const struct patch *patch);
bool kept_patch_init_jump(struct kept_patch *kept, const struct patch *patch);

/* Where the patch is still at @at, its code comes back; the handler leads on who meets a trap meanwhile. */
struct error *kept_patch_heal(const struct kept_patch *kept, const struct address_space *space,
			      taddr_t at, size_t *ret_healed) MUST_CHECK;

#endif
