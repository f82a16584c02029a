/* Unit tests of code that must stay as it is, and of functions by their unwind information. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "symbols/code/code_extents.h"
#include "symbols/file/symbol_file.h"
#include "tests/unit/symbol_fixture.h"

static struct symbol_store *store;

static const struct symbol_file *read_code(const char *code, const char *flags)
{
	const struct symbol_file *file;
	char command[256];

	snprintf(command, sizeof(command), "cc -nostdlib %s -o a.so a.s", flags);
	fixture_compile(code, "a.s", command);
	assert_null(symbol_store_create(&store));
	assert_null(symbol_store_get(store, fixture_path("a.so"), fixture_path("a.so"), &file));
	return file;
}

static uint64_t address_of(const struct symbol_file *file, const char *name)
{
	taddr_t address;

	assert_true(symbol_file_find(file, name, &address));
	return address.value;
}

static void assert_excluded(const struct symbol_file *file, const char *name, int distance,
			    bool is_excluded)
{
	taddr_t at = taddr(address_of(file, name) + (uint64_t)distance);
	const char *why = symbol_file_why_excluded(file, at, taddr_add(at, 1));

	if ((why != NULL) != is_excluded)
		fail_msg("%s%+d: %s", name, distance, why != NULL ? why : "not excluded");
}

/* A sequence from a to b, which aborts at c. */
#define SEQUENCE                                                                                   \
	".globl _start, a, b, c\n _start: nop\n a: nop\n nop\n b: nop\n .long 0x53053053\n"        \
	"c: nop\n nop\n d: nop\n"

static void check_sequence(const char *table, const char *flags)
{
	char code[512];

	snprintf(code, sizeof(code), "%s%s", SEQUENCE, table);
	const struct symbol_file *file = read_code(code, flags);
	assert_excluded(file, "a", -1, false);
	assert_excluded(file, "a", 0, true);
	assert_excluded(file, "b", -1, true);
	assert_excluded(file, "b", 0, false);
	assert_excluded(file, "c", -5, false);
	assert_excluded(file, "c", -4, true);
	assert_excluded(file, "c", 0, true);
	assert_excluded(file, "c", 1, false);
	/* What reaches into it from in front. */
	const taddr_t start = taddr(address_of(file, "a"));
	assert_non_null(
		symbol_file_why_excluded(file, taddr(start.value - 1), taddr_add(start, 1)));
	assert_null(symbol_file_why_excluded(file, taddr(start.value - 1), start));
	symbol_store_destroy(store);
}

static void test_sequences(void **state)
{
	static const char section[] = ".section __rseq_cs, \"aw\"\n .balign 32\n .long 0, 0\n"
				      ".quad a, b - a, c\n";
	static const char pointers[] = ".data\n .balign 32\n 1: .long 0, 0\n .quad a, b - a, c\n"
				       ".section __rseq_cs_ptr_array, \"aw\"\n .quad 1b\n";

	(void)state;
	check_sequence(section, "-static");
	check_sequence(section, "-shared -Wl,-Bsymbolic");
	check_sequence(section, "-pie -Wl,-z,pack-relative-relocs");
	check_sequence(pointers, "-static");
	check_sequence(pointers, "-shared -Wl,-Bsymbolic");
}

static void test_cancellation(void **state)
{
	(void)state;
	const struct symbol_file *file =
		read_code(".globl _start, __cp_begin, __cp_end\n _start: nop\n __cp_begin: nop\n"
			  "__cp_end: nop\n",
			  "-static");
	assert_excluded(file, "_start", 0, false);
	assert_excluded(file, "__cp_begin", 0, true);
	assert_excluded(file, "__cp_end", 0, false);
	symbol_store_destroy(store);
}

static void test_signal_frames(void **state)
{
	(void)state;
	const struct symbol_file *file =
		read_code(".globl _start, f, g\n _start: f: .cfi_startproc\n nop\n .cfi_endproc\n"
			  "nop\n .cfi_startproc\n .cfi_signal_frame\n nop\n"
			  "g: mov $15, %eax\n syscall\n .cfi_endproc\n",
			  "-static");
	assert_excluded(file, "f", 0, false);
	assert_excluded(file, "g", -2, false);
	assert_excluded(file, "g", -1, true);
	assert_excluded(file, "g", 6, true);
	assert_excluded(file, "g", 7, false);
	symbol_store_destroy(store);
}

/* As Mono's ahead-of-time compiler writes them: one symbol for all, and one for each. */
static void test_linked_stubs(void **state)
{
	(void)state;
	const struct symbol_file *file = read_code(
		".globl _start, mono_aot_plt, plt_f\n _start: nop\n mono_aot_main_plt:\n"
		".type plt_f, @function\n plt_f: jmp *1f(%rip)\n .long 7\n .size plt_f, . - plt_f\n"
		".size mono_aot_main_plt, . - mono_aot_main_plt\n mono_aot_plt: nop\n .size "
		"mono_aot_plt, 1\n"
		".data\n 1: .quad _start\n",
		"-static");
	assert_true(symbol_file_has_linked_stubs(file));
	assert_excluded(file, "plt_f", -1, false);
	assert_excluded(file, "plt_f", 0, true);
	assert_excluded(file, "plt_f", 9, true);
	assert_excluded(file, "plt_f", 10, false);
	symbol_store_destroy(store);
	file = read_code(".globl _start\n _start: nop\n", "-static");
	assert_false(symbol_file_has_linked_stubs(file));
	symbol_store_destroy(store);
}

static void test_extents(void **state)
{
	struct code_extents extents;

	(void)state;
	const struct symbol_file *file = read_code(
		".globl _start, f\n _start: f: .cfi_startproc\n .cfi_lsda 0x1b, 2f\n call f\n nop\n"
		"1: nop\n .cfi_endproc\n nop\n"
		".section .gcc_except_table, \"a\"\n 2: .byte 0xff, 0xff, 1, 4, 0, 5, 1b-f, 0\n",
		"-static");
	const uint64_t f = address_of(file, "f");
	assert_null(symbol_file_read_extents(file, &extents));
	const struct code_extent *extent = code_extents_at(&extents, taddr(f + 6));
	assert_non_null(extent);
	assert_int_equal(extent->start, f);
	assert_int_equal(extent->end, f + 7);
	assert_int_equal(extent->pad_count, 1);
	assert_int_equal(extents.pads[extent->first_pad], f + 6);
	assert_null(code_extents_at(&extents, taddr(f + 7)));
	assert_null(code_extents_at(&extents, taddr(f - 1)));
	code_extents_deinit(&extents);
	symbol_store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),     cmocka_unit_test(test_cancellation),
		cmocka_unit_test(test_signal_frames), cmocka_unit_test(test_linked_stubs),
		cmocka_unit_test(test_extents),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
