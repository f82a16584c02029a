/* Unit tests of symbol_file: real files of the system and freshly compiled ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <dirent.h>

#include <cmocka.h>

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/file/symbol_file.h"
#include "tests/unit/symbol_samples.h"

/* The labels that @patterns find, in order, joined by '|'. */
static char *found(const struct symbol_file *file, const char *patterns)
{
	struct pattern_set *set;
	struct symbol_match *matches;
	size_t count, bytes;
	char *text;

	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, patterns));
	assert_null(symbol_file_match(file, set, true, &matches, &count));
	FILE *out = open_memstream(&text, &bytes);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s%s", i > 0 ? "|" : "", matches[i].label);
		if (i == 0 || matches[i].pattern != matches[i - 1].pattern)
			continue;
		assert_true(matches[i].function->start.value >
			    matches[i - 1].function->start.value);
	}
	fclose(out);
	free(matches);
	pattern_set_destroy(set);
	return text;
}

#define assert_found(file, patterns, expected)                                                     \
	do {                                                                                       \
		char *labels = found(file, patterns);                                              \
		assert_string_equal(labels, expected);                                             \
		free(labels);                                                                      \
	} while (0)

static void test_c_program(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	taddr_t start, alias;

	samples_compile();
	const struct symbol_file *file = get(store, fixture_path("a.out"));
	assert_true(symbol_file_has_symtab(file));
	assert_string_equal(symbol_file_interpreter(file), "/lib64/ld-linux-x86-64.so.2");
	assert_found(file, "hidden", "hidden");
	assert_found(file, "weak_one,main", "weak_one|main");
	assert_found(file, "no_size", "no_size");
	/* No functions: data, what another file has. */
	assert_found(file, "data_symbol,printf", "");
	/* A label without a type may be one, if it is asked for by name. */
	assert_found(file, "no_type,no_t*,/no_type/", "no_type");
	/* Aliases are one function, by the name that was asked for. */
	assert_found(file, "exported", "exported");
	assert_found(file, "exported_alias", "exported_alias");
	assert_found(file, "exported*", "exported");
	assert_true(symbol_file_find(file, "exported", &start));
	assert_true(symbol_file_find(file, "exported_alias", &alias));
	assert_true(taddr_equal(start, alias));
	assert_false(symbol_file_find(file, "printf", &start));
	/* Two patterns may find the same function; one finds it once. */
	assert_found(file, "hidden,hid*", "hidden|hidden");
	assert_found(file, "a.out!hidden,libc!main", "hidden");

	/* The same file is not read again, though it goes by another name. */
	fixture_run("ln -s a.out link");
	assert_ptr_equal(get(store, fixture_path("link")), file);
	symbol_store_destroy(store);
}

static void test_functions(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, fixture_path("a.out"));
	size_t count;
	const struct function *functions = symbol_file_functions(file, &count);
	bool ifunc_seen = false, alias_seen = false;

	assert_int_equal(count, symbol_file_function_count(file));
	for (size_t i = 0; i < count; i++) {
		const struct function *f = &functions[i];
		assert_true(i == 0 || functions[i - 1].start.value < f->start.value);
		assert_true(symbol_file_is_code(file, f->start));
		assert_ptr_equal(symbol_file_function_at(file, f->start), f);
		if (f->size_bytes > 0)
			assert_ptr_equal(symbol_file_function_at(
						 file, taddr_add(f->start, f->size_bytes - 1)),
					 f);
		const char *name = symbol_file_linkage_name(file, f, 0);
		assert_non_null(name);
		ifunc_seen |= f->is_ifunc && strcmp(name, "chosen") == 0;
		const char *second = symbol_file_linkage_name(file, f, 1), *label;
		alias_seen |= second != NULL && strcmp(second, "exported_alias") == 0;
		assert_null(symbol_file_label(file, f, 1, &label));
		assert_int_equal(label == NULL, second == NULL);
	}
	assert_true(ifunc_seen);
	assert_true(alias_seen);
	assert_null(symbol_file_function_at(file, taddr(0)));
	assert_null(symbol_file_function_at(file, taddr(UINT64_MAX)));
	symbol_store_destroy(store);
}

static void test_cpp_program(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();

	const struct symbol_file *file = get(store, fixture_path("b.out"));
	assert_found(file, "ns::C::m(int)", "ns::C::m(int)");
	assert_found(file, "ns::C::m", "ns::C::m(int)|ns::C::m(double) const");
	assert_found(file, "ns::C::operator<", "ns::C::operator<(ns::C const&) const");
	assert_found(file, "ns::max<double>", "ns::max<double>(double, double)");
	assert_found(file, "(anonymous namespace)::anon", "(anonymous namespace)::anon(int)");
	assert_found(file, "main", "main");
	assert_found(file, "*{lambda*", "main::{lambda(int)#1}::operator()(int) const");
	assert_found(file, "ns::C::C", "ns::C::C()");
	char *both = found(file, "ns::max");
	assert_non_null(strstr(both, "ns::max<int>(int, int)"));
	assert_non_null(strstr(both, "ns::max<double>(double, double)"));
	free(both);
	symbol_store_destroy(store);
}

static void test_stripped(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();

	fixture_run("cc -g -O0 -rdynamic a.c -o exporting 2>&1 && strip exporting");
	const struct symbol_file *file = get(store, fixture_path("exporting"));
	assert_false(symbol_file_has_symtab(file));
	assert_found(file, "exported,hidden", "exported");
	/* No section headers at all: the loader needs none, and .dynsym is found as it finds it. */
	fixture_run(
		"cp exporting headless && printf '\\0\\0\\0\\0\\0\\0\\0\\0' | dd of=headless bs=1 "
		"seek=40 conv=notrunc status=none && printf '\\0\\0\\0\\0' | dd of=headless bs=1 "
		"seek=60 conv=notrunc status=none && ./headless > /dev/null");
	assert_found(get(store, fixture_path("headless")), "exported,hidden", "exported");
	file = get(store, "/bin/ls");
	assert_false(symbol_file_has_symtab(file));
	assert_found(file, "main", "");
	symbol_store_destroy(store);
}

/* .dynsym has names of its own where a linker script or objcopy took them out of .symtab. */
static void test_dynsym_adds(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();

	fixture_run(
		"cc -g -O0 -rdynamic a.c -o partly 2>&1 && strip --strip-symbol=exported partly");
	const struct symbol_file *file = get(store, fixture_path("partly"));
	assert_true(symbol_file_has_symtab(file));
	assert_found(file, "exported,hidden", "exported|hidden");
	symbol_store_destroy(store);
}

/* The symbols of a stripped file are in another that its .gnu_debuglink names. */
static void check_debug_file(const char *name, const char *link_option)
{
	struct symbol_store *store = store_new();
	struct line_reader *lines;
	char command[512];
	const char *source;
	unsigned line;

	snprintf(command, sizeof(command),
		 "cc -g -O0 %s a.c -o %s 2>&1 && mkdir -p .debug && "
		 "objcopy --only-keep-debug %s .debug/%s.debug && strip %s && "
		 "objcopy --add-gnu-debuglink=.debug/%s.debug %s",
		 link_option, name, name, name, name, name, name);
	fixture_run(command);
	const struct symbol_file *file = get(store, fixture_path(name));
	assert_true(symbol_file_has_symtab(file));
	assert_found(file, "hidden", "hidden");
	taddr_t start;
	assert_true(symbol_file_find(file, "hidden", &start));
	assert_null(lines_open(fixture_path(name), &lines));
	assert_true(line_reader_find(lines, start, &source, &line));
	assert_int_equal(line, 4);
	line_reader_close(lines);
	symbol_store_destroy(store);
}

static void test_debug_files(void **state)
{
	(void)state;
	check_debug_file("with_id", "-Wl,--build-id");
	check_debug_file("without_id", "-Wl,--build-id=none");
	/* One of another build is not taken. */
	fixture_run("cc -O2 -DX=1 -g -Wl,--build-id a.c -o other 2>&1 && "
		    "objcopy --only-keep-debug other .debug/with_id.debug");
	struct symbol_store *store = store_new();
	assert_found(get(store, fixture_path("with_id")), "hidden", "");
	symbol_store_destroy(store);
}

static void test_lines(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, fixture_path("a.out"));
	struct line_reader *lines;
	const char *source;
	unsigned line;
	taddr_t start;

	assert_null(lines_open(fixture_path("a.out"), &lines));
	assert_true(symbol_file_find(file, "main", &start));
	assert_true(line_reader_find(lines, start, &source, &line));
	assert_int_equal(line, 11);
	assert_string_equal(strrchr(source, '/') + 1, "a.c");
	assert_false(line_reader_find(lines, taddr(1), &source, &line));
	line_reader_close(lines);
	assert_null(lines_open("/bin/ls", &lines));
	assert_false(line_reader_find(lines, taddr(0x5000), &source, &line));
	line_reader_close(lines);
	struct error *err = lines_open(fixture_path("none"), &lines);
	assert_non_null(err);
	error_free(err);
	symbol_store_destroy(store);
}

/* Against the kernel's and ld.so's own mappings: of this test and of the libc it uses. */
static void test_bias_of_this_process(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	FILE *maps = fopen("/proc/self/maps", "r");
	size_t checked = 0;
	char line[1024];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long start, end, offset;
		char name[512] = "";
		sscanf(line, "%lx-%lx %*s %lx %*s %*s %511s", &start, &end, &offset, name);
		const char *wanted = NULL;
		void *address = NULL;
		if (strstr(name, "test_symbol_file") != NULL) {
			wanted = "symbol_store_get";
			address = (void *)symbol_store_get;
		} else if (strstr(name, "/libc.so.6") != NULL) {
			wanted = "fopen";
			address = (void *)fopen;
		}
		if (wanted == NULL)
			continue;
		const struct symbol_file *file = get(store, name);
		uint64_t bias;
		taddr_t found_start;
		assert_true(symbol_file_bias(file, start, offset, end - start, &bias));
		assert_true(symbol_file_find(file, wanted, &found_start));
#ifndef __SANITIZE_ADDRESS__
		/* ASan puts its own fopen before libc's. */
		assert_int_equal(found_start.value + bias, (uint64_t)(uintptr_t)address);
#else
		if (strcmp(wanted, "fopen") != 0)
			assert_int_equal(found_start.value + bias, (uint64_t)(uintptr_t)address);
#endif
		checked++;
	}
	fclose(maps);
	/* Several segments of each file. */
	assert_true(checked >= 6);
	symbol_store_destroy(store);
}

static void test_bias_of_made_up_mappings(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	size_t count;
	uint64_t bias;

	fixture_run("cc -O0 -no-pie a.c -o fixed 2>&1");
	const struct symbol_file *file = get(store, fixture_path("fixed"));
	const struct symbol_segment *segments = symbol_file_segments(file, &count);
	assert_true(count >= 2);
	size_t executable = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t page = segments[i].start.value & ~UINT64_C(4095);
		uint64_t offset = segments[i].offset_bytes & ~UINT64_C(4095);
		assert_true(i == 0 || segments[i].start.value > segments[i - 1].start.value);
		if (!segments[i].executable)
			continue;
		executable++;
		assert_true(symbol_file_bias(file, page, offset, 4096, &bias));
		assert_int_equal(bias, 0);
		assert_true(symbol_file_bias(file, page + 0x7000, offset, 4096, &bias));
		assert_int_equal(bias, 0x7000);
	}
	assert_true(executable > 0);
	assert_false(symbol_file_bias(file, 0x1000, UINT64_C(1) << 40, 4096, &bias));
	symbol_store_destroy(store);
}

static void test_libc(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, "/lib/x86_64-linux-gnu/libc.so.6");
	taddr_t start;

	assert_true(symbol_file_function_count(file) > 1000);
	assert_found(file, "malloc", "malloc");
	assert_found(file, "libc!malloc", "malloc");
	assert_found(file, "libm!malloc", "");
	/* Two versions, at two addresses. */
	assert_found(file, "memcpy", "memcpy|memcpy");
	assert_true(symbol_file_find(file, "malloc", &start));
	const struct function *f = symbol_file_function_at(file, taddr_add(start, 1));
	assert_non_null(f);
	assert_true(taddr_equal(f->start, start));
	symbol_store_destroy(store);
}

static size_t open_descriptors(void)
{
	size_t count = 0;
	DIR *dir = opendir("/proc/self/fd");

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

static void test_nothing_stays_open(void **state)
{
	(void)state;
	size_t before = open_descriptors();
	struct symbol_store *store = store_new();
	const struct symbol_file *file;

	get(store, "/lib/x86_64-linux-gnu/libc.so.6");
	get(store, fixture_path("a.out"));
	error_free(symbol_store_get(store, "/tmp", "/tmp", &file));
	error_free(symbol_store_get(store, fixture_path("a.c"), "a.c", &file));
	assert_int_equal(open_descriptors(), before);
	symbol_store_destroy(store);
}

/* A file that was built again is another file; what was read of the old one stays valid. */
static void test_changed_file(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();

	fixture_compile("int one(void) { return 1; } int main(void) { return one(); }", "c.c",
			"cc c.c -o c.out");
	const struct symbol_file *old = get(store, fixture_path("c.out"));
	fixture_compile("int two(void) { return 2; } int main(void) { return two(); }", "c.c",
			"cc c.c -o c.out");
	const struct symbol_file *new = get(store, fixture_path("c.out"));
	assert_ptr_not_equal(old, new);
	assert_found(old, "one,two", "one");
	assert_found(new, "one,two", "two");
	symbol_store_destroy(store);
}

/* Read by one child or by one each, a file is the same; what is none is told when it is asked for. */
static void test_ahead(void **state)
{
	(void)state;
	static const char *const paths[] = { "/proc/self/exe", "/etc/passwd", "/bin/sh" };
	struct symbol_store *ahead, *alone;

	assert_null(symbol_store_create(&ahead));
	assert_null(symbol_store_create(&alone));
	for (size_t i = 0; i < 3; i++)
		symbol_store_want(ahead, &(struct elf_place){ paths[i], paths[i], "", 0 });
	symbol_store_read_wanted(ahead);
	for (size_t i = 0; i < 3; i++) {
		const struct symbol_file *one, *other;
		struct error *err = symbol_store_get(ahead, paths[i], paths[i], &one);
		struct error *same = symbol_store_get(alone, paths[i], paths[i], &other);
		assert_int_equal(err == NULL, i != 1);
		assert_int_equal(same == NULL, i != 1);
		error_free(err);
		error_free(same);
		if (i == 1)
			continue;
		size_t count, other_count;
		const struct function *functions = symbol_file_functions(one, &count);
		const struct function *others = symbol_file_functions(other, &other_count);
		assert_int_equal(count, other_count);
		for (size_t k = 0; k < count; k++) {
			assert_int_equal(functions[k].start.value, others[k].start.value);
			assert_string_equal(symbol_file_linkage_name(one, &functions[k], 0),
					    symbol_file_linkage_name(other, &others[k], 0));
		}
	}
	symbol_store_destroy(alone);
	symbol_store_destroy(ahead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_c_program),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_cpp_program),
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_dynsym_adds),
		cmocka_unit_test(test_debug_files),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bias_of_this_process),
		cmocka_unit_test(test_bias_of_made_up_mappings),
		cmocka_unit_test(test_libc),
		cmocka_unit_test(test_nothing_stays_open),
		cmocka_unit_test(test_changed_file),
		cmocka_unit_test(test_ahead),
	};
	return cmocka_run_group_tests_name("symbol_file", tests, fixture_setup, fixture_teardown);
}
