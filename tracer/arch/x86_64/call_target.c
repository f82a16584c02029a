/* x86-64: where calls go (arch layer). */
#include <string.h>

#include "tracer/arch/arch.h"

enum {
	CALL_REL32 = 0xe8,
	REL32_BYTES = 4,
	PREFIX_BND = 0xf2,
};

static taddr_t relative(const uint8_t *rel32, taddr_t behind)
{
	int32_t distance;

	memcpy(&distance, rel32, sizeof(distance));
	return taddr_add(behind, (uint64_t)(int64_t)distance);
}

size_t arch_calls_before(const uint8_t *code, size_t bytes, taddr_t return_address,
			 struct arch_call ret[ARCH_CALLS_BEFORE_MAX])
{
	static const uint8_t call_through[] = { 0xff, 0x15 }; /* call *rel32(%rip) */
	const uint8_t *end = code + bytes;
	size_t count = 0;

	if (bytes > REL32_BYTES && end[-REL32_BYTES - 1] == CALL_REL32)
		ret[count++] =
			(struct arch_call){ relative(end - REL32_BYTES, return_address), false };
	if (bytes >= sizeof(call_through) + REL32_BYTES &&
	    memcmp(end - REL32_BYTES - sizeof(call_through), call_through, sizeof(call_through)) ==
		    0)
		ret[count++] =
			(struct arch_call){ relative(end - REL32_BYTES, return_address), true };
	return count;
}

bool arch_jump_slot(const uint8_t *code, size_t bytes, taddr_t at, taddr_t *ret)
{
	static const uint8_t endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	static const uint8_t jump_through[] = { 0xff, 0x25 }; /* jmp *rel32(%rip) */
	size_t i = 0;

	if (bytes >= sizeof(endbr64) && memcmp(code, endbr64, sizeof(endbr64)) == 0)
		i += sizeof(endbr64);
	if (i < bytes && code[i] == PREFIX_BND)
		i++;
	const size_t end = i + sizeof(jump_through) + REL32_BYTES;
	if (end > bytes || memcmp(code + i, jump_through, sizeof(jump_through)) != 0)
		return false;
	*ret = relative(code + end - REL32_BYTES, taddr_add(at, end));
	return true;
}
