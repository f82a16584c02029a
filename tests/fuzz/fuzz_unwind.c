/*
 * Fuzzes the unwinder: the ELF headers, dynamic symbols and unwind tables of a program's memory, and its stack, all of
 * which it may have written itself (libFuzzer, with ASan and UBSan; libunwind is as it is). Built by tests/fuzz/build.sh.
 */
#include <elf.h>
#include <stdint.h>
#include <string.h>

#include "symbols/unwind/loaded_symbol.h"
#include "symbols/unwind/unwinder.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { HEAD_BYTES = 16, STACK_BYTES = 256, FRAMES_MOST = 40 };
static const uint64_t IMAGE_AT = 0x555500000000, STACK_AT = 0x7ffc00000000;

/* An image, and behind it what is on the stack. */
struct program {
	const uint8_t *image, *stack;
	size_t image_bytes, stack_bytes;
	size_t reads;
};

static size_t copy_from(uint64_t start, const uint8_t *data, size_t size, taddr_t from, void *ret,
			size_t bytes)
{
	const uint64_t offset = from.value - start;

	if (offset >= size)
		return 0;
	const size_t given = bytes < size - offset ? bytes : size - (size_t)offset;
	memcpy(ret, data + offset, given);
	return given;
}

static size_t program_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	struct program *program = context;

	require(bytes > 0 && bytes <= 4096);
	/* Whatever is in it, it does not lead round and round. */
	require(++program->reads < 200000);
	const size_t given =
		copy_from(IMAGE_AT, program->image, program->image_bytes, from, ret, bytes);
	return given > 0 ? given
			 : copy_from(STACK_AT, program->stack, program->stack_bytes, from, ret,
				     bytes);
}

static bool program_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	const struct program *program = context;

	*ret_header = taddr(IMAGE_AT);
	return pc.value >= IMAGE_AT && pc.value - IMAGE_AT < program->image_bytes;
}

static void look_up(const struct unwind_memory *memory)
{
	static struct memory_view view;
	struct loaded_symbols symbols;
	taddr_t address;

	memory_view_init(&view, memory);
	if (!loaded_symbols_open(&symbols, &view, taddr(IMAGE_AT)))
		return;
	(void)loaded_symbols_find(&symbols, "exported", &address);
	(void)loaded_symbols_find(&symbols, "nowhere", &address);
}

static void unwind(const struct unwind_memory *memory, const uint8_t head[HEAD_BYTES])
{
	struct unwind_frame frames[FRAMES_MOST];
	struct unwind_registers registers = { .known = 1u << UNWIND_SP | 1u << UNWIND_PC };
	enum unwind_end end;
	size_t count;
	uint16_t pc, known;

	memcpy(&pc, head, sizeof(pc));
	memcpy(&known, head + 2, sizeof(known));
	registers.known |= known;
	for (int i = 0; i < UNWIND_REGISTERS; i++)
		registers.values[i] = (head[4] & 1 ? STACK_AT : IMAGE_AT) + head[4 + i % 12];
	registers.values[UNWIND_PC] = IMAGE_AT + pc;
	registers.values[UNWIND_SP] = STACK_AT + head[5] % 64;
	struct error *err = unwind_frames(memory, &registers, frames, FRAMES_MOST, &count, &end);
	if (err == NULL)
		require(count <= FRAMES_MOST &&
			(count == 0 || frames[0].pc.value == IMAGE_AT + pc));
	error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	if (bytes < HEAD_BYTES)
		return 0;
	const size_t rest = bytes - HEAD_BYTES,
		     stack_bytes = rest < STACK_BYTES ? rest : STACK_BYTES;
	/* The stack comes first, that it stays where it is. */
	struct program program = { .stack = data + HEAD_BYTES,
				   .stack_bytes = stack_bytes,
				   .image = data + HEAD_BYTES + stack_bytes,
				   .image_bytes = rest - stack_bytes };
	const struct unwind_memory memory = { program_read, program_find_elf, &program };

	unwind(&memory, data);
	look_up(&memory);
	return 0;
}
