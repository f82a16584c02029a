/* Unit tests of the names of code made at run time: what a map of this process says, as it grows, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/loop/stacks/jit_names.h"

static void map_path(char path[64])
{
	snprintf(path, 64, "/tmp/perf-%d.map", (int)getpid());
}

static void write_map(const char *mode, const char *text, size_t bytes)
{
	char path[64];

	map_path(path);
	FILE *file = fopen(path, mode);
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, bytes, file), bytes);
	assert_int_equal(fclose(file), 0);
}

static void remove_map(void)
{
	char path[64];

	map_path(path);
	unlink(path);
}

static void update(struct jit_names *names)
{
	names->look_next_ns = 0;
	jit_names_update(names, getpid());
}

static void assert_name(const struct jit_names *names, uint64_t pc, const char *name)
{
	const char *found = jit_names_name(names, taddr(pc));

	if (name == NULL)
		assert_null(found);
	else
		assert_string_equal(found, name);
}

static void test_grows(void **state)
{
	static const char first[] = "1000 10 one\n1010 10 two words \xff\n2000 100 wide\n20";
	static const char second[] = "10 8 within\n1000 4 again\n0x3000 0x10 prefixed\n";
	struct jit_names names = { 0 };

	(void)state;
	write_map("w", first, strlen(first));
	update(&names);
	assert_name(&names, 0xfff, NULL);
	assert_name(&names, 0x1000, "one");
	assert_name(&names, 0x1010, "two words ?");
	assert_name(&names, 0x1020, NULL);
	assert_name(&names, 0x2011, "wide");
	write_map("a", second, strlen(second));
	update(&names);
	assert_name(&names, 0x1000, "again");
	assert_name(&names, 0x1004, "one"); /* what is left of it */
	assert_name(&names, 0x2011, "within");
	assert_name(&names, 0x2018, "wide");
	assert_name(&names, 0x3001, "prefixed");
	/* Begun anew. */
	write_map("w", "4000 1 x\n", 9);
	update(&names);
	assert_name(&names, 0x1000, NULL);
	assert_name(&names, 0x4000, "x");
	jit_names_deinit(&names);
	remove_map();
}

static void test_damaged(void **state)
{
	static const char text[] =
		"\n \n1\n1 \n1 2\n1 2 \n1 0 none\nffffffffffffffff 2 over\n-5 5 minus\n"
		"5 -5 minus\nx 1 x\n99999999999999999999 1 long\n7 7 nul\0hidden\n";
	struct jit_names names = { 0 };
	char line[5000];

	(void)state;
	write_map("w", text, sizeof(text) - 1);
	memset(line, 'y', sizeof(line));
	memcpy(line, "9000 1 ", 7);
	line[sizeof(line) - 1] = '\n';
	write_map("a", line, sizeof(line));
	update(&names);
	assert_name(&names, 1, NULL);
	assert_name(&names, 5, NULL);
	assert_name(&names, 8, "nul");
	assert_int_equal(strlen(jit_names_name(&names, taddr(0x9000))), 1000);
	jit_names_deinit(&names);
	remove_map();
}

static void test_no_file(void **state)
{
	struct jit_names names = { 0 };
	char path[64];

	(void)state;
	update(&names);
	assert_name(&names, 1, NULL);
	assert_false(names.is_given_up); /* it may come yet */
	map_path(path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	update(&names);
	assert_int_equal(names.read_bytes, 0);
	jit_names_deinit(&names);
	remove_map();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
