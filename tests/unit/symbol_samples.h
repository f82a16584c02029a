/* Two programs whose functions are known, for the unit tests of symbol_file. */
#ifndef TESTS_SYMBOL_SAMPLES_H
#define TESTS_SYMBOL_SAMPLES_H

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/file/symbol_file.h"
#include "tests/unit/symbol_fixture.h"

static const char c_source[] =
	"#include <stdio.h>\n"
	"int exported(int a) { return a + 1; }\n"
	"int exported_alias(int a) __attribute__((alias(\"exported\")));\n"
	"static __attribute__((noinline)) int hidden(int a) { return a * 3; }\n"
	"__attribute__((weak)) int weak_one(void) { return 2; }\n"
	"static int (*resolve(void))(int) { return exported; }\n"
	"int chosen(int) __attribute__((ifunc(\"resolve\")));\n"
	"__asm__(\".globl no_size\\n.type no_size,@function\\nno_size: ret\\n\");\n"
	"__asm__(\".globl no_type\\nno_type: ret\\n\");\n"
	"int data_symbol = 5;\n"
	"int main(void) { printf(\"%d\\n\", hidden(exported(1)) + weak_one()); return 0; }\n";

static const char cpp_source[] =
	"namespace ns {\n"
	"template <class T> __attribute__((noinline)) T max(T a, T b) { return a > b ? a : b; }\n"
	"struct C { C(); int m(int); int m(double) const; bool operator<(const C &) const; };\n"
	"C::C() {}\n"
	"int C::m(int a) { return a; }\n"
	"int C::m(double) const { return 2; }\n"
	"bool C::operator<(const C &) const { return false; }\n"
	"}\n"
	"namespace { __attribute__((noinline)) int anon(int x) { return x + 1; } }\n"
	"int main() { auto l = [](int a) { return anon(a); };\n"
	"  return ns::max<int>(1, 2) + (int)ns::max<double>(1, 2) + l(3) + ns::C().m(1); }\n";

static inline void samples_compile(void)
{
	fixture_compile(c_source, "a.c", "cc -g -O0 a.c -o a.out 2>&1");
	fixture_compile(cpp_source, "b.cc", "c++ -g -O0 b.cc -o b.out 2>&1");
}

static inline struct symbol_store *store_new(void)
{
	struct symbol_store *store;

	assert_null(symbol_store_create(&store));
	return store;
}

static inline const struct symbol_file *get(struct symbol_store *store, const char *path)
{
	const struct symbol_file *file;
	struct error *err = symbol_store_get(store, path, path, &file);

	if (err != NULL)
		fail_msg("%s", error_message(err));
	return file;
}

/* A line_reader for a file of this machine, looking where everybody looks. */
static inline struct error *lines_open(const char *path, struct line_reader **ret)
{
	static const struct symbol_sources sources;

	return line_reader_open(&(struct elf_place){ path, path, "", 0 }, &sources, ret);
}

#endif
