/* Unit tests of symbols of loaded files: those of this very program, and of its memory with wrong bytes in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "symbols/unwind/loaded_symbol.h"

/* This process's memory; one in @damage bytes of it is another one. 0: none is. */
struct damaged {
	unsigned damage, seed;
};

static size_t read_own(void *context, taddr_t from, void *ret, size_t bytes)
{
	struct damaged *damaged = context;
	struct iovec to = { ret, bytes };
	struct iovec at = { (void *)(uintptr_t)from.value,
			    bytes }; /* NOLINT(performance-no-int-to-ptr) */
	const ssize_t got = process_vm_readv(getpid(), &to, 1, &at, 1, 0);

	for (ssize_t i = 0; damaged->damage != 0 && i < got; i++) {
		damaged->seed = damaged->seed * 1103515245 + 12345;
		if ((damaged->seed >> 8) % damaged->damage == 0)
			((unsigned char *)ret)[i] = (unsigned char)(damaged->seed >> 16);
	}
	return got < 0 ? 0 : (size_t)got;
}

static bool find_no_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	(void)context;
	(void)pc;
	(void)ret_header;
	return false;
}

static int note_libc(struct dl_phdr_info *info, size_t bytes, void *context)
{
	(void)bytes;
	if (strstr(info->dlpi_name, "libc.so") == NULL)
		return 0;
	*(taddr_t *)context = taddr(info->dlpi_addr);
	return 1;
}

static taddr_t libc_header(void)
{
	taddr_t header = taddr(0);

	dl_iterate_phdr(note_libc, &header);
	if (header.value == 0)
		skip(); /* linked statically */
	return header;
}

static void test_found(void **state)
{
	struct damaged damaged = { 0, 0 };
	const struct unwind_memory memory = { read_own, find_no_elf, &damaged };
	struct loaded_symbols symbols;
	struct memory_view view;
	taddr_t found;

	(void)state;
	memory_view_init(&view, &memory);
	assert_true(loaded_symbols_open(&symbols, &view, libc_header()));
	assert_true(loaded_symbols_find(&symbols, "_IO_2_1_stdout_", &found));
	assert_int_equal(found.value, (uintptr_t)stdout);
	assert_false(loaded_symbols_find(&symbols, "no_such_symbol", &found));
	assert_false(loaded_symbols_find(&symbols, "", &found));
	assert_false(loaded_symbols_open(&symbols, &view, taddr((uintptr_t)&damaged)));
	assert_false(loaded_symbols_open(&symbols, &view, taddr(8)));
	assert_false(loaded_symbols_open(&symbols, &view, taddr(UINT64_MAX - 8)));
}

static void test_damaged(void **state)
{
	enum { ROUNDS = 3000 };
	const taddr_t header = libc_header();
	unsigned opened = 0;

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct damaged damaged = { 50 + i % 5000, i };
		const struct unwind_memory memory = { read_own, find_no_elf, &damaged };
		struct loaded_symbols symbols;
		struct memory_view view;
		taddr_t found;

		memory_view_init(&view, &memory);
		if (!loaded_symbols_open(&symbols, &view, header))
			continue;
		opened++;
		(void)loaded_symbols_find(&symbols, "_IO_2_1_stdout_", &found);
	}
	assert_true(opened > 0); /* not all stop at the header */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
