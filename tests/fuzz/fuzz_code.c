/*
 * Fuzzes what is done with a program's instructions, which may be any bytes: decoding, displacing, finding calls, the way
 * of control in a function, where jumps may be written (libFuzzer, with ASan and UBSan). What displaced code does is
 * another matter: tests/fuzz/relocation. Built by tests/fuzz/build.sh.
 */
#include <stdint.h>
#include <string.h>

#include "tests/fuzz/require.h"
#include "tracer/arch/arch.h"
#include "tracer/arch/pad.h"
#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/function_traits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { CODE_AT = 0x555500001000, TO_AT = 0x555520000000 };

static void check_points(const struct arch_slot_point *points, size_t count, size_t code_bytes,
			 size_t original_bytes)
{
	(void)original_bytes;
	for (size_t i = 0; i < count; i++)
		require(points[i].offset_bytes <= code_bytes &&
			(i == 0 || points[i].offset_bytes > points[i - 1].offset_bytes));
}

static void displace(const uint8_t *code, size_t bytes, taddr_t at)
{
	struct arch_window window;
	struct arch_slot slot;
	struct arch_insn insn;

	struct error *err = arch_relocate(code, bytes, at, taddr(TO_AT), &slot);
	if (err == NULL) {
		require(slot.original_bytes <= bytes && slot.code_bytes <= ARCH_SLOT_BYTES);
		check_points(slot.points, slot.point_count, slot.code_bytes, slot.original_bytes);
		/* Both decode to the same length. */
		require(arch_decode(code, bytes, at, &insn) && insn.bytes == slot.original_bytes);
	}
	error_free(err);
	for (size_t length = 0; length <= bytes && length <= 40; length++) {
		err = arch_relocate_window(code, length, at, taddr(TO_AT), &window);
		if (err == NULL) {
			require(window.code_bytes <= ARCH_WINDOW_BYTES_MAX &&
				window.original_bytes == length);
			check_points(window.points, window.point_count, window.code_bytes, length);
		}
		error_free(err);
	}
}

static void look(const uint8_t *code, size_t bytes, taddr_t at)
{
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	struct arch_insn insn;
	taddr_t word;

	if (arch_decode(code, bytes, at, &insn))
		require(insn.bytes > 0 && insn.bytes <= bytes);
	require(arch_calls_before(code, bytes, taddr_add(at, bytes), calls) <=
		ARCH_CALLS_BEFORE_MAX);
	(void)arch_ends_with_call(code, bytes);
	(void)arch_is_sigreturn(code, bytes);
	(void)arch_jump_slot(code, bytes, at, &word);
}

static void walk(const uint8_t *code, size_t bytes, taddr_t at)
{
	enum { RETURNS_MOST = 4 };
	struct function_traits traits;
	taddr_t returns[RETURNS_MOST];

	struct error *err = function_traits_find(code, bytes, at, returns, RETURNS_MOST, &traits);
	if (err == NULL && traits.return_count > 0)
		require(returns[0].value >= at.value && returns[0].value < at.value + bytes);
	error_free(err);
}

/* One behind the other, and linked to those right behind only. */
static void link_all(const uint8_t *code, size_t bytes, taddr_t at)
{
	struct cfg graph = { 0 };
	uint64_t end = at.value;

	struct error *err = cfg_add_code(&graph, at, code, bytes);
	if (err == NULL)
		err = cfg_link(&graph, NULL, NULL, 0);
	for (size_t i = 0; err == NULL && i < graph.count; i++) {
		const struct code_insn *insn = &graph.insns[i];
		require(insn->bytes > 0 && insn->address.value >= end);
		end = insn->address.value + insn->bytes;
		require(end <= at.value + bytes && cfg_find(&graph, insn->address) == i);
		require(insn->next == CODE_NOWHERE || graph.insns[insn->next].address.value == end);
	}
	require(err != NULL || !cfg_is_whole(&graph) || end == at.value + bytes);
	error_free(err);
	cfg_deinit(&graph);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const taddr_t at = taddr(CODE_AT);
	/* Nothing may be read behind it. */
	uint8_t *code = malloc(bytes + (bytes == 0));

	require(code != NULL);
	memcpy(code, data, bytes);
	look(code, bytes, at);
	displace(code, bytes, at);
	walk(code, bytes, at);
	link_all(code, bytes, at);
	free(code);
	return 0;
}
