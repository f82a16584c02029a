/* Unit tests of symbol_file with files that are no good: a clean error or a clean success. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "symbols/file/relocation_slots.h"
#include "tests/unit/symbol_samples.h"
#include "tracer/probe/inlined/inlined_plan.h"

struct bytes {
	unsigned char *data;
	size_t count;
};

static struct bytes read_file(const char *path)
{
	struct stat status;
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	assert_int_equal(fstat(fileno(in), &status), 0);
	struct bytes bytes = { malloc((size_t)status.st_size), (size_t)status.st_size };
	assert_non_null(bytes.data);
	assert_int_equal(fread(bytes.data, 1, bytes.count, in), bytes.count);
	fclose(in);
	return bytes;
}

static struct error *ignore_slot(void *context, const struct relocation_slot *slot)
{
	(void)context, (void)slot;
	return NULL;
}

/* Asks everything that can be asked; true when the file could be read at all. */
static bool use_file(const char *path)
{
	struct symbol_store *store;
	const struct symbol_file *file;
	struct pattern_set *set;
	struct symbol_match *matches;
	struct inlined_plan inlined;
	struct near_names names = { 0 };
	struct line_reader *lines;
	size_t count;

	assert_null(symbol_store_create(&store));
	struct error *err = symbol_store_get(store, path, path, &file);
	if (err != NULL) {
		assert_true(error_code(err) == ERR_FORMAT || error_code(err) == ERR_FOREIGN);
		/* That is how a sanitizer ends the child that reads. */
		assert_null(strstr(error_message(err), "came to no end"));
		assert_non_null(strstr(error_message(err), path));
		assert_null(strchr(error_message(err), '\n'));
		error_free(err);
		symbol_store_destroy(store);
		return false;
	}
	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, "main,*,/x/,ns::f,a.c:main,a.c:2,0x1139,!one@V"));
	assert_null(symbol_file_match(file, set, true, &matches, &count));
	free(matches);
	assert_null(inlined_plan_make(file, set, &inlined));
	inlined_plan_deinit(&inlined);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		char *text;
		error_free(symbol_file_explain(file, set, i, true, false, &text));
		free(text);
		error_free(symbol_file_inlined(file, set, i, &text));
		free(text);
	}
	error_free(relocation_slots_walk(file, ignore_slot, NULL));
	assert_null(near_names_gather(&names, file, "mian"));
	near_names_deinit(&names);
	const struct function *functions = symbol_file_functions(file, &count);
	for (size_t i = 0; i < count; i++) {
		const struct function *f = &functions[i];
		assert_true(f->start.value + f->size_bytes >= f->start.value);
		assert_true(symbol_file_is_code(file, f->start));
		assert_non_null(symbol_file_function_at(file, f->start));
	}
	const struct symbol_segment *segments = symbol_file_segments(file, &count);
	uint64_t bias;
	for (size_t i = 0; i < count; i++)
		(void)symbol_file_bias(file, 0x1000, segments[i].offset_bytes, 4096, &bias);
	err = lines_open(path, &lines);
	if (err == NULL) {
		const char *source;
		unsigned line;
		functions = symbol_file_functions(file, &count);
		for (size_t i = 0; i < count; i++)
			(void)line_reader_find(lines, functions[i].start, &source, &line);
		line_reader_close(lines);
	}
	error_free(err);
	pattern_set_destroy(set);
	symbol_store_destroy(store);
	return true;
}

static void write_small_program(void)
{
	fixture_compile("int one(int a) { return a; }\nint main(void) { return one(0); }\n", "a.c",
			"cc -g -O0 -rdynamic a.c -o small 2>&1");
}

static void test_truncated(void **state)
{
	(void)state;
	write_small_program();
	struct bytes file = read_file(fixture_path("small"));
	size_t refused = 0;

	assert_true(use_file(fixture_path("small")));
	for (size_t bytes = 0; bytes < file.count; bytes += 97) {
		fixture_write("short", file.data, bytes);
		refused += !use_file(fixture_path("short"));
	}
	/* At the very least what has no whole header. */
	assert_true(refused >= 1);
	free(file.data);
}

/* Bytes changed at random: mostly in the header, the program and section headers, the symbols. */
static void test_flipped(void **state)
{
	(void)state;
	struct bytes file = read_file(fixture_path("small"));
	unsigned char *copy = malloc(file.count);
	size_t used = 0;
	enum { ROUNDS = 600 };

	assert_non_null(copy);
	srandom(97);
	for (int round = 0; round < ROUNDS; round++) {
		memcpy(copy, file.data, file.count);
		size_t from = round % 3 == 2 ? file.count - 6000 : 16;
		size_t range = round % 3 == 0 ? 1000 : round % 3 == 1 ? file.count - 16 : 6000;
		for (int change = 0; change < 1 + round % 7; change++)
			copy[from + (size_t)random() % range] = (unsigned char)random();
		fixture_write("flipped", copy, file.count);
		used += use_file(fixture_path("flipped"));
	}
	/* Damage that nothing here reads does no harm. */
	assert_true(used > 0);
	free(copy);
	free(file.data);
}

static void assert_refused(const char *path, enum error_code code, const char *part)
{
	struct symbol_store *store;
	const struct symbol_file *file;

	assert_null(symbol_store_create(&store));
	struct error *err = symbol_store_get(store, path, path, &file);
	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	if (strstr(error_message(err), part) == NULL)
		fail_msg("'%s' does not say '%s'", error_message(err), part);
	error_free(err);
	symbol_store_destroy(store);
}

static void test_not_elf(void **state)
{
	(void)state;
	struct bytes file = read_file(fixture_path("small"));

	fixture_write("empty", "", 0);
	assert_refused(fixture_path("empty"), ERR_FOREIGN, "no ELF file");
	fixture_write("text", "hello\n", 6);
	assert_refused(fixture_path("text"), ERR_FOREIGN, "no ELF file");
	fixture_write("script", "#! /bin/sh -e\necho\n", 19);
	assert_refused(fixture_path("script"), ERR_FOREIGN, "run by /bin/sh:");
	fixture_write("bare", "#!", 2);
	assert_refused(fixture_path("bare"), ERR_FOREIGN, "no ELF file");
	fixture_write("cut", file.data, 20);
	assert_refused(fixture_path("cut"), ERR_FORMAT, "cut short");
	assert_refused(fixture_dir, ERR_FOREIGN, "a directory");
	assert_refused("/dev/zero", ERR_FOREIGN, "no regular file");
	assert_int_equal(mkfifo(fixture_path("fifo"), 0600), 0);
	assert_refused(fixture_path("fifo"), ERR_FOREIGN, "no regular file");
	assert_refused(fixture_path("none"), ERR_FAILED, "No such file");
	fixture_run("cc -c a.c -o a.o");
	assert_refused(fixture_path("a.o"), ERR_FOREIGN, "link it");
	/* e_machine, EI_CLASS, e_phnum. */
	file.data[18] = 183;
	fixture_write("arm", file.data, file.count);
	assert_refused(fixture_path("arm"), ERR_FOREIGN, "another machine");
	file.data[18] = 62;
	file.data[4] = 1;
	fixture_write("class", file.data, file.count);
	assert_refused(fixture_path("class"), ERR_FOREIGN, "another machine");
	file.data[4] = 2;
	file.data[56] = file.data[57] = 0;
	fixture_write("unloadable", file.data, file.count);
	assert_refused(fixture_path("unloadable"), ERR_FORMAT, "unloadable");
	free(file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_not_elf),
	};
	return cmocka_run_group_tests_name("symbol_damage", tests, fixture_setup, fixture_teardown);
}
