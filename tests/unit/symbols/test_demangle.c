/* Unit tests of demangling: clone suffixes, both languages, names that mean harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"
#include "tracer/base/clock.h"

static void test_labels(void **state)
{
	(void)state;
	static const struct {
		const char *linkage;
		const char *label;
	} rows[] = {
		{ "main", "main" },
		{ "f.isra.0", "f" },
		{ "inner.0", "inner" },
		{ "__solver_MOD_step", "solver::step" },
		{ "__solver_MOD_step.constprop.0", "solver::step" },
		{ "__MOD_", "__MOD_" },
		{ "_D3app4workFiZi", "app.work(int)" },
		{ "_Dmain", "_Dmain" },
		{ "f.part.0.constprop.12", "f" },
		{ "main.main.func1.2", "main.main.func1.2" },
		{ "f.resolver", "f.resolver" },
		{ ".part.0", ".part.0" },
		{ "_Z1fi", "f(int)" },
		{ "_Z1fi.isra.0", "f(int)" },
		{ "_ZN2ns3maxIiEET_S1_S1_", "ns::max<int>(int, int)" },
		{ "_Z3getIiEPFvcEi", "get<int>(int)" },
		{ "_ZNK2ns1C1mEd", "ns::C::m(double) const" },
		{ "_ZN5alpha4beta17h0123456789abcdefE", "alpha::beta" },
		{ "_RNvCs1234_5alpha4beta", "alpha::beta" },
		/* Parts of coroutines, as GCC and as LLVM name them. */
		{ "_Z3geni", "gen(int)" },
		{ "_Z3genPZ3geniE13_Z3geni.Frame.actor", "gen(int) [clone .actor]" },
		{ "_Z3genPZ3geniE13_Z3geni.Frame.actor.part.0", "gen(int) [clone .actor]" },
		{ "_ZN2ns1C5itemsEPZNS0_5itemsEiE22_ZN2ns1C5itemsEi.Frame.destroy",
		  "ns::C::items(int) [clone .destroy]" },
		{ "_Z3geni.resume", "gen(int) [clone .resume]" },
		{ "_Z3geni.cleanup.llvm.123", "gen(int) [clone .cleanup]" },
		{ "gen.resume", "gen.resume" },
		{ "_Z1fi._omp_fn.0", "f(int) [clone ._omp_fn.0]" },
		{ "_Z", "_Z" },
		{ "_ZN", "_ZN" },
		{ "_Znonsense!", "_Znonsense!" },
		{ "_R", "_R" },
		{ "a\nb", "a?b" },
		{ "a\xFF"
		  "b",
		  "a?b" },
		{ "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9" },
		{ "\xC3", "?" },
		{ "na\xE2\x80\xAEme", "na?me" },
		{ "a\xC2\x9B\xE2\x81\xA6z", "a??z" },
		{ "\xED\xA0\x80", "???" },
		{ "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *label;
		assert_null(demangle(rows[i].linkage, &label));
		assert_string_equal(label, rows[i].label);
		free(label);
	}
}

static void test_clone_suffixes(void **state)
{
	(void)state;
	assert_int_equal(linkage_name_base_bytes("f"), 1);
	assert_int_equal(linkage_name_base_bytes("f.isra.0"), 1);
	assert_int_equal(linkage_name_base_bytes("f.cold"), 1);
	assert_int_equal(linkage_name_base_bytes("f.0"), 1);
	assert_int_equal(linkage_name_base_bytes("f.isra.x"), 8);
	assert_int_equal(linkage_name_base_bytes("f.isra.0.x"), 10);
	assert_int_equal(linkage_name_base_bytes("f.__uniq.12345.llvm.9"), 1);
	assert_int_equal(linkage_name_base_bytes(""), 0);
	assert_true(linkage_name_is_cold("f.cold"));
	assert_true(linkage_name_is_cold("f.isra.0.cold.1"));
	assert_false(linkage_name_is_cold("f.colder"));
	assert_false(linkage_name_is_cold("cold"));
	assert_false(linkage_name_is_cold(".cold"));
}

/* Every parameter is a pair of the one before: with 34 of them 2^34 ints in 300 bytes. */
static char *doubling_label(int parameters, char *name)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char previous[] = "S0_", *label;

	strcpy(name, "_Z1f1PIiiE");
	for (int i = 1; i < parameters; i++) {
		strcat(strcat(strcat(strcat(name, "S_I"), previous), previous), "E");
		previous[1] = digits[i];
	}
	assert_null(demangle(name, &label));
	return label;
}

static void test_growth_is_bounded(void **state)
{
	(void)state;
	char name[1024];

	char *label = doubling_label(3, name);
	assert_string_equal(label, "f(P<int, int>, P<P<int, int>, P<int, int> >, P<P<P<int, int>, "
				   "P<int, int> >, P<P<int, int>, P<int, int> > >)");
	free(label);
	/* What would be too long is cut. */
	int64_t start_ns = clock_now_ns();
	label = doubling_label(34, name);
	assert_memory_equal(label, "f(P<int, int>, P<P<int, int>, P<int, int> >, P<", 47);
	assert_non_null(strstr(label, ", P<P<…, …>, P<…, …> >, "));
	assert_true(strlen(label) < 8192);
	assert_true(clock_now_ns() - start_ns < 2 * NS_PER_S);
	free(label);
}

/* A mangled name of more than a thousand bytes is read, too: f of a hundred classes in a row. */
static void test_long_names(void **state)
{
	(void)state;
	char name[8192] = "_Z1f", expected[16384] = "f(", *label;

	for (int i = 0; i < 100; i++) {
		char type[64];
		snprintf(type, sizeof(type), "parameter_of_number_%03d", i);
		sprintf(name + strlen(name), "%zu%s", strlen(type), type);
		strcat(strcat(expected, i == 0 ? "" : ", "), type);
	}
	strcat(expected, ")");
	assert_true(strlen(name) > 2000);
	assert_null(demangle(name, &label));
	assert_string_equal(label, expected);
	free(label);
}

static void test_thunks(void **state)
{
	(void)state;
	assert_true(linkage_name_is_thunk("__x86_return_thunk"));
	assert_true(linkage_name_is_thunk("__x86_indirect_thunk_rax"));
	assert_true(linkage_name_is_thunk("__x86.get_pc_thunk.bx"));
	assert_true(linkage_name_is_thunk("__llvm_retpoline_r11"));
	assert_false(linkage_name_is_thunk("__x86_shared_cache_size"));
	assert_false(linkage_name_is_thunk("x86_return_thunk"));
}

static void test_depth_is_bounded(void **state)
{
	(void)state;
	static const char *const starts[] = { "_Z1f", "_ZN", "_RNv", "_RINv", "_Z" };
	static const char *const repeated[] = { "P", "N1a", "I1a",   "FvP", "Nv",
						"T", "X",   "L_Z1f", "ad" };
	const size_t bytes = 1 << 20;
	char *name = malloc(bytes + 16);

	assert_non_null(name);
	for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
		for (size_t r = 0; r < sizeof(repeated) / sizeof(repeated[0]); r++) {
			for (size_t length = 500; length <= bytes; length *= 6) {
				char *label;
				strcpy(name, starts[s]);
				for (size_t at = strlen(name); at < length;
				     at += strlen(repeated[r]))
					strcpy(name + at, repeated[r]);
				assert_null(demangle(name, &label));
				free(label);
			}
		}
	}
	free(name);
}

/* Changed bytes in real names: any label will do, as long as it is UTF-8 and finished. */
static void test_garbage(void **state)
{
	(void)state;
	static const char *const names[] = {
		"_ZNSt6vectorIiSaIiEE12emplace_backIJiEEERiDpOT_",
		"_ZZ4mainENKUliE_clEi",
		"_RNvXCs1234_5alphaNtB2_1SNtB2_1T2go",
		"_RINvCs1234_5alpha3genlE",
		"_ZN5alpha4beta17h0123456789abcdefE",
	};
	static const char bytes[] = "_ZNKSTIJEDRLXsplvu0123456789abcB.";
	srandom(11);
	for (int round = 0; round < 50000; round++) {
		char name[80];
		strcpy(name, names[(size_t)round % 5]);
		for (int change = 0; change < 3; change++)
			name[2 + (size_t)random() % (strlen(name) - 2)] =
				bytes[(size_t)random() % (sizeof(bytes) - 1)];
		char *label;
		assert_null(demangle(name, &label));
		for (const char *at = label; *at != '\0'; at++)
			assert_true((unsigned char)*at >= 0x20);
		free(label);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_clone_suffixes),
		cmocka_unit_test(test_growth_is_bounded),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_thunks),
		cmocka_unit_test(test_depth_is_bounded),
		cmocka_unit_test(test_garbage),
	};
	return cmocka_run_group_tests_name("demangle", tests, NULL, NULL);
}
