/* Unit tests of line_rows: where lines begin, in assembled tables whose rows are known, and in compiled programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "symbols/code/line_rows.h"
#include "tests/unit/symbol_samples.h"

static const struct function *function_named(const struct symbol_file *file, const char *name)
{
	taddr_t start;

	assert_true(symbol_file_find(file, name, &start));
	const struct function *function = symbol_file_function_at(file, start);
	assert_non_null(function);
	return function;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "FILE:FIRST-LAST[ optimised]: +OFFSET:[FILE:]LINE[FLAGS] ...": e entry, p prologue's end, i inlined, - no code. */
static void describe(const struct line_rows *rows, size_t number, taddr_t start, FILE *out)
{
	const struct function_lines *function = &rows->functions[number];

	if (function->row_count == 0) {
		fprintf(out, "nothing");
		return;
	}
	fprintf(out, "%s:%u-%u%s:", base_name(line_rows_source(rows, function->source)),
		function->first_line, function->last_line,
		function->is_optimised ? " optimised" : "");
	for (size_t i = 0; i < function->row_count; i++) {
		const struct line_row *row = &rows->rows[function->first_row + i];
		fprintf(out, " +%lu:", (unsigned long)(row->address.value - start.value));
		if (row->source != function->source)
			fprintf(out, "%s:", base_name(line_rows_source(rows, row->source)));
		fprintf(out, "%u%s%s%s%s", row->line, row->flags & ROW_IS_ENTRY ? "e" : "",
			row->flags & ROW_PROLOGUE_END ? "p" : "",
			row->flags & ROW_IS_INLINED ? "i" : "",
			row->flags & ROW_HAS_CODE ? "" : "-");
	}
}

static char *rows_of(const char *program, const char *name)
{
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, fixture_path(program));
	const struct function *function = function_named(file, name);
	struct line_rows rows;
	char *text;
	size_t bytes;

	assert_null(symbol_file_line_rows(file, &function, 1, &rows));
	assert_int_equal(rows.function_count, 1);
	FILE *out = open_memstream(&text, &bytes);
	describe(&rows, 0, function->start, out);
	fclose(out);
	line_rows_deinit(&rows);
	symbol_store_destroy(store);
	return text;
}

#define assert_rows(program, name, expected)                                                       \
	do {                                                                                       \
		char *text = rows_of(program, name);                                               \
		assert_string_equal(text, expected);                                               \
		free(text);                                                                        \
	} while (0)

/* A function of nops without a DIE: its extent is its symbol's. */
#define ASSEMBLED(body)                                                                            \
	"\t.text\n\t.file 1 \"one.c\"\n\t.file 2 \"two.h\"\n\t.globl wanted\n"                     \
	"\t.type wanted,@function\nwanted:\n" body "\t.size wanted,.-wanted\n"                     \
	"\t.globl next\n\t.type next,@function\nnext:\n\t.loc 1 90 is_stmt 1\n\tret\n"             \
	"\t.size next,.-next\n"

static void assemble(const char *body)
{
	/* A unit that says no more than where its code and its line table are. */
	static const char info[] =
		"\t.section .debug_abbrev,\"\",@progbits\n"
		"\t.byte 1,0x11,0, 0x10,0x17, 0x11,1, 0x12,7, 0,0, 0\n"
		"\t.section .debug_info,\"\",@progbits\n"
		"\t.long 2f-1f\n1:\t.value 4\n\t.long .debug_abbrev\n\t.byte 8\n"
		"\t.byte 1\n\t.long .debug_line\n\t.quad wanted\n\t.quad text_end-wanted\n2:\n"
		"\t.section .debug_line,\"\",@progbits\n\t.text\ntext_end:\n"
		"\t.section .note.GNU-stack,\"\",@progbits\n";
	char *source;

	assert_true(asprintf(&source, "%s%s", body, info) > 0);
	fixture_compile(source, "made.s",
			"cc -shared -nostdlib -Wl,--build-id=none made.s -o made.so");
	free(source);
}

static void test_statements(void **state)
{
	(void)state;
	/* What is no statement begins no line, ... */
	assemble(ASSEMBLED("\t.loc 1 3\n\tnop\n\t.loc 1 4 prologue_end\n\tnop\n"
			   "\t.loc 1 5 is_stmt 0\n\tnop\n\t.loc 1 4 is_stmt 1\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-4: +0:3e +1:4p +3:4");
	/* ... but where nothing is one. */
	assemble(ASSEMBLED("\t.loc 1 3 is_stmt 0\n\tnop\n\t.loc 1 4\n\tnop\n\t.loc 1 5\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-5: +0:3e +1:4 +2:5");
	/* Code of line 0 is the line's before; and ends nothing. */
	assemble(ASSEMBLED("\t.loc 1 3\n\tnop\n\t.loc 1 0\n\tnop\n\t.loc 1 5\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-5: +0:3e +2:5");
}

static void test_one_address(void **state)
{
	(void)state;
	/* In the compiler's order, which is not that of numbers. */
	assemble(ASSEMBLED("\t.loc 1 3\n\tnop\n\t.loc 1 8 view .LV1\n\t.loc 1 6 view .LV2\n"
			   "\t.loc 1 7 view .LV3\n\tnop\n\t.loc 1 9\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-9: +0:3e +1:8- +1:6- +1:7 +2:9");
	/* None is lost to another file's, nor to one that is no statement. */
	assemble(ASSEMBLED("\t.loc 1 3\n\tnop\n\t.loc 1 4 view .LV1\n\t.loc 2 7 view .LV2\n\tnop\n"
			   "\t.loc 1 5 view .LV3\n\t.loc 2 8 is_stmt 0 view .LV4\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-5: +0:3e +1:4- +1:two.h:7 +2:5");
	/* A line that is named twice there is one. */
	assemble(ASSEMBLED(
		"\t.loc 1 3\n\tnop\n\t.loc 1 4 view .LV1\n\t.loc 1 4 view .LV2\n\tnop\n"));
	assert_rows("made.so", "wanted", "one.c:3-4: +0:3e +1:4");
}

static const char header[] = "static inline __attribute__((always_inline)) int tripled(int a)\n"
			     "{\n"
			     "	int b = a + a;\n"
			     "	__asm__ volatile(\"nop\");\n"
			     "	return a + b;\n"
			     "}\n";

static const char program[] = "#include <stdlib.h>\n"
			      "#include \"triple.h\"\n"
			      "__attribute__((noinline)) int\n"
			      "wanted(int a)\n"
			      "{\n"
			      "	if (__builtin_expect(a == 77, 0)) {\n"
			      "		abort();\n"
			      "	}\n"
			      "	a = tripled(a);\n"
			      "	return a;\n"
			      "}\n"
			      "int main(int argc, char **argv)\n"
			      "{\n"
			      "	(void)argv;\n"
			      "	return wanted(argc) == 77;\n"
			      "}\n";

static bool holds(const char *program_name, const char *what)
{
	char *text = rows_of(program_name, "wanted");
	bool is_there = strstr(text, what) != NULL;

	if (!is_there)
		print_error("%s has no \"%s\": %s\n", program_name, what, text);
	free(text);
	return is_there;
}

static void test_compiled(void **state)
{
	(void)state;
	fixture_write("triple.h", header, strlen(header));
	fixture_compile(
		program, "p.c",
		"cc -g -O0 p.c -o p0 && cc -g -O2 p.c -o p2 && cc -g -O0 -gdwarf-4 p.c -o p4 && "
		"cc -g -O2 -gsplit-dwarf p.c -o ps && cc p.c -o none");
	/* Not optimised; its text ends where it ends, whatever is inlined. */
	assert_true(holds("p0", "p.c:4-11: +0:5e "));
	assert_true(holds("p0", ":7 "));
	assert_true(holds("p0", ":triple.h:3i "));
	assert_true(holds("p0", ":triple.h:5i "));
	assert_true(holds("p4", "p.c:4-11: +0:5e "));
	/* The cold part, which begins with line 7, lies elsewhere. */
	assert_true(holds("p2", " optimised:"));
	assert_true(holds("p2", "p.c:4-1"));
	assert_true(holds("p2", ":7 "));
	assert_true(holds("p2", ":triple.h:4i "));
	assert_true(holds("ps", " optimised:"));
	assert_true(holds("ps", ":7 "));
	assert_rows("none", "wanted", "nothing");
}

static void test_clang(void **state)
{
	(void)state;
	if (system("clang --version >/dev/null 2>&1") != 0)
		skip(); /* there is no clang here */
	fixture_write("triple.h", header, strlen(header));
	fixture_compile(program, "p.c",
			"clang -g -O0 p.c -o c0 && clang -g -O2 p.c -o c2 && "
			"clang -g -gdwarf-4 -O2 p.c -o c4 && clang -g -gsplit-dwarf -O2 p.c -o cs");
	assert_true(holds("c0", "p.c:4-10: +0:5e "));
	assert_true(holds("c0", ":6p ")); /* the prologue's end */
	assert_true(holds("c2", " optimised:"));
	assert_true(holds("c2", ":triple.h:4i "));
	assert_true(holds("c4", " optimised:"));
	assert_true(holds("cs", " optimised:"));
}

/* What is inlined from the function's own file is none of its text, before it or behind it. */
static void test_own_file(void **state)
{
	(void)state;
	fixture_compile("static inline __attribute__((always_inline)) int before(int a)\n"
			"{\n"
			"	return a * 5;\n"
			"}\n"
			"static inline __attribute__((always_inline)) int behind(int a);\n"
			"int wanted(int a)\n"
			"{\n"
			"	a = before(a);\n"
			"	return behind(a);\n"
			"}\n"
			"static inline int behind(int a)\n"
			"{\n"
			"	return a * 7;\n"
			"}\n"
			"int main(int argc, char **argv) { (void)argv; return wanted(argc); }\n",
			"o.c", "cc -g -O0 o.c -o o0");
	assert_true(holds("o0", "o.c:6-10:"));
	assert_true(holds("o0", ":3i "));
	assert_true(holds("o0", ":13i "));
}

/* The row that a function without an end leaves to the next one. */
static void test_foreign_row(void **state)
{
	(void)state;
	fixture_compile("volatile int v;\n"
			"void other(int a)\n"
			"{\n"
			"	v = a;\n"
			"	__builtin_unreachable();\n"
			"}\n"
			"__attribute__((noinline)) int wanted(int a)\n"
			"{\n"
			"	return a + 1;\n"
			"}\n"
			"int main(int argc, char **argv) { (void)argv; return wanted(argc); }\n",
			"u.c", "cc -g -O1 -fno-toplevel-reorder -fno-align-functions u.c -o u2");
	assert_true(holds("u2", "u.c:7-"));
	assert_true(holds("u2", ": +0:8e"));
}

/* A line of the function's own text that has no row of a statement, as optimised code leaves it. */
static void test_no_statement(void **state)
{
	(void)state;
	fixture_compile("int wanted(int a)\n"
			"{\n"
			"	a += 3;\n"
			"	a *= 5;\n"
			"	return a;\n"
			"}\n"
			"int main(int argc, char **argv) { (void)argv; return wanted(argc); }\n",
			"n.c",
			"cc -g -O0 -S n.c && sed -i 's/^\\t\\.loc .*/& is_stmt 1/; "
			"s/^\\(\\t\\.loc 1 4 .*\\) is_stmt 1/\\1 is_stmt 0/' n.s && cc n.s -o n0");
	assert_true(holds("n0", ":3 "));
	assert_true(holds("n0", ":4 "));
	assert_true(holds("n0", ":5 "));
}

/* DWARF 5 has directories that are relative to the one where the compiler ran. */
static void test_relative(void **state)
{
	(void)state;
	static const char text[] = "int wanted(void) { return 1; }\nint main(void) { return 0; }\n";
	struct symbol_store *store = store_new();
	struct line_rows rows;

	fixture_run("mkdir -p deep/er");
	fixture_write("deep/er/r.c", text, strlen(text));
	fixture_run("cc -g -gdwarf-5 -O0 deep/er/r.c -o relative");
	const struct symbol_file *file = get(store, fixture_path("relative"));
	const struct function *function = function_named(file, "wanted");
	assert_null(symbol_file_line_rows(file, &function, 1, &rows));
	assert_true(rows.functions[0].row_count > 0);
	assert_string_equal(line_rows_source(&rows, rows.functions[0].source),
			    fixture_path("deep/er/r.c"));
	line_rows_deinit(&rows);
	symbol_store_destroy(store);
}

/* Several functions at once, of several units; each path is one text. */
static void test_several(void **state)
{
	(void)state;
	struct symbol_store *store = store_new();
	struct line_rows rows;

	fixture_write("triple.h", header, strlen(header));
	fixture_compile("#include \"triple.h\"\nint second(int a) { return tripled(a); }\n", "s.c",
			"true");
	fixture_compile(program, "p.c", "cc -g -O0 p.c s.c -o several");
	const struct symbol_file *file = get(store, fixture_path("several"));
	const struct function *functions[] = { function_named(file, "second"),
					       function_named(file, "wanted"),
					       function_named(file, "_start") };
	assert_null(symbol_file_line_rows(file, functions, 3, &rows));
	assert_int_equal(rows.function_count, 3);
	uint32_t shared[2] = { 0 };
	for (size_t f = 0; f < 2; f++) {
		const struct function_lines *lines = &rows.functions[f];
		for (uint64_t i = 0; i < lines->row_count; i++) {
			const struct line_row *row = &rows.rows[lines->first_row + i];
			if (strcmp(base_name(line_rows_source(&rows, row->source)), "triple.h") ==
			    0)
				shared[f] = row->source + 1;
		}
	}
	assert_true(shared[0] != 0);
	assert_int_equal(shared[0], shared[1]);
	assert_int_equal(rows.functions[2].row_count, 0);
	line_rows_deinit(&rows);
	assert_null(symbol_file_line_rows(file, functions, 0, &rows));
	line_rows_deinit(&rows);
	symbol_store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statements),   cmocka_unit_test(test_one_address),
		cmocka_unit_test(test_compiled),     cmocka_unit_test(test_clang),
		cmocka_unit_test(test_own_file),     cmocka_unit_test(test_foreign_row),
		cmocka_unit_test(test_no_statement), cmocka_unit_test(test_relative),
		cmocka_unit_test(test_several),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
