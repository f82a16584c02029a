/*
 * What code says, for a port that cannot probe yet (arch layer): nothing that a probe could go by. arch_has_probes keeps
 * all who want a probe from asking; a port replaces these files by its own, one by one.
 */
#include "tracer/arch/arch.h"
#include "tracer/arch/references.h"

const bool arch_has_probes = false;

struct error *arch_relocate(const uint8_t *code, size_t bytes, taddr_t from, taddr_t to,
			    struct arch_slot *ret)
{
	(void)code, (void)bytes, (void)from, (void)to;
	*ret = (struct arch_slot){ 0 };
	return error_new(ERR_FORMAT, "functions cannot be probed on %s yet", MACHINE_NAME);
}

bool arch_decode(const uint8_t *code, size_t bytes, taddr_t address, struct arch_insn *ret)
{
	(void)code, (void)bytes, (void)address;
	*ret = (struct arch_insn){ 0 };
	return false;
}

size_t arch_type_mark(const uint8_t *code, size_t bytes)
{
	(void)code, (void)bytes;
	return 0;
}

void arch_references(const uint8_t *code, size_t bytes, taddr_t start, bool has_absolute,
		     const struct arch_reference_sink *sink)
{
	(void)code, (void)bytes, (void)start, (void)has_absolute, (void)sink;
}

void arch_short_branches(const uint8_t *code, size_t bytes, taddr_t start,
			 const struct arch_reference_sink *sink)
{
	(void)code, (void)bytes, (void)start, (void)sink;
}

/* It may: what is not known is no proof. */
bool arch_refers_to(const uint8_t *code, size_t bytes, taddr_t at, taddr_t address)
{
	(void)code, (void)bytes, (void)at, (void)address;
	return true;
}

bool arch_has_optional_prefix(const uint8_t *code, size_t bytes)
{
	(void)code, (void)bytes;
	return false;
}

enum arch_origin arch_origin_of(const uint8_t *code, size_t bytes, uint8_t reg,
				uint8_t ret_registers[2])
{
	(void)code, (void)bytes, (void)reg;
	ret_registers[0] = ret_registers[1] = ARCH_NO_REGISTER;
	return ARCH_ORIGIN_OTHER;
}

uint8_t arch_jump_register(const uint8_t *code, size_t bytes)
{
	(void)code, (void)bytes;
	return ARCH_NO_REGISTER;
}
