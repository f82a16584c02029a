/* What the program keeps of each patch; see kept_patch.h. Probe layer. */
#include "tracer/probe/patch/kept_patch.h"

#include <string.h>

/* What is written of the jump of @patch. */
static bool keep_jump(struct kept_patch *kept, const struct patch *patch)
{
	uint8_t jump[ARCH_JUMP_BYTES_MAX];

	bool is_near = patch_jump(patch, jump);
	memcpy(kept->bytes, jump, pad_jump_bytes(patch->pad));
	return is_near;
}

bool kept_patch_init(struct kept_patch *kept, const struct patch *patch)
{
	const struct pad *pad = patch->pad;
	const bool is_jump = pad != NULL && pad->offset_bytes == 0;

	*kept = (struct kept_patch){ .length = is_jump ? pad_jump_bytes(pad) : patch->length };
	kept->is_needed = pad != NULL && pad->kind == ARCH_PAD_PLAIN;
	if (patch->is_in_copy)
		kept->length = 0;
	memcpy(kept->bytes, patch->bytes, sizeof(kept->bytes));
	memcpy(kept->code, patch->code, sizeof(kept->code));
	return !is_jump || keep_jump(kept, patch);
}

bool kept_patch_init_jump(struct kept_patch *kept, const struct patch *patch)
{
	*kept = (struct kept_patch){ .length = patch->is_in_copy ? 0 : pad_jump_bytes(patch->pad) };
	memcpy(kept->code, patch->code + patch->pad->offset_bytes, sizeof(kept->code));
	return keep_jump(kept, patch);
}

/* Whether a patch, or what it was before it was whole, is in @found. */
static bool is_patched(const struct kept_patch *kept, const uint8_t *found)
{
	bool is_trap = memcmp(found, arch_trap_insn, 1) == 0;

	if (memcmp(found, kept->code, kept->length) == 0)
		return false;
	for (size_t i = is_trap; i < kept->length; i++) {
		if (found[i] != kept->bytes[i] && found[i] != kept->code[i])
			return false;
	}
	return true;
}

struct error *kept_patch_heal(const struct kept_patch *kept, const struct address_space *space,
			      taddr_t at, size_t *ret_healed)
{
	uint8_t found[PATCH_BYTES_MAX];

	if (kept->length == 0 || kept->length > sizeof(found) ||
	    address_space_read_some(space, at, found, kept->length) != kept->length ||
	    !is_patched(kept, found))
		return NULL;
	struct error *err = patch_give_back(space, at, kept->code, kept->length);
	*ret_healed += err == NULL;
	return err;
}
