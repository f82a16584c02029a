/* Unit tests of the texts that a mangled name must hold, and that what is passed over cannot match. */
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
#include "symbols/names/name_literal.h"
#include "tests/unit/symbol_samples.h"

static void test_literals_of_expressions(void **state)
{
	(void)state;
	static const struct {
		const char *regex;
		const char *literals; /* joined by |; "": none */
	} rows[] = {
		{ "^uv_run$", "uv_run" },
		{ "uv_run", "uv_run" },
		{ "^my::parse_[a-z]+$", "parse_" },
		{ "(a|b)grow\\(", "grow" },
		{ "(?:half|a(whole))?grow", "grow" },
		{ "[]|)(]grow[^]x-]", "grow" },
		{ "[\\]|]grow\\b", "grow" },
		{ "grown?", "grow" },
		{ "grown*?", "grow" },
		{ "grown{0,2}zq", "grow" },
		{ "grow+zq", "grow" },
		{ "grow\\dzq", "grow" },
		/* Numbers come from anywhere, and nothing is known of either side of them. */
		{ "grow17", "grow" },
		{ "17ul", "" },
		{ "_Float16", "" },
		/* What a demangler writes of its own. */
		{ "basic_string", "" },
		{ "^std::", "" },
		{ "::operator new", "" },
		{ "tring_view", "tring_view" },
		/* Nothing that every match must hold. */
		{ "gr?|swap", "" },
		{ "swap|[a-z]", "" },
		{ "swap|", "" },
		{ "|swap", "" },
		{ "swap|(?i)grow", "" },
		{ "(grow|swap)", "" },
		/* One of several. */
		{ "grow|swap", "grow|swap" },
		{ "^(a|b)grow$|^swap\\|x$|uv_[a-z]+_run", "grow|swap|_run" },
		{ "^[a-z]+$", "" },
		{ "gr?", "" },
		{ "", "" },
		/* Whatever changes the meaning of what follows is left alone. */
		{ "(?i)grow", "" },
		{ "(?x)gr ow", "" },
		{ "(?#grow)swap", "" },
		{ "(?!grow)swap", "" },
		{ "(*UTF)swap", "" },
		{ "grow(*ACCEPT)swap", "" },
		{ "\\Qgrow\\E?", "" },
		{ "gro\\x77", "" },
		{ "\\p{Lu}row", "" },
		{ "(a)\\1grow", "" },
		{ "[[:alpha:]grow]swap", "" },
		{ "[\\c]grow]swap", "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *literals, joined[64] = "";
		assert_null(name_literals_of_regex(rows[i].regex, strlen(rows[i].regex), false,
						   &literals));
		for (const char *at = literals; at && *at != '\0'; at += strlen(at) + 1)
			sprintf(joined + strlen(joined), "%s%s", *joined ? "|" : "", at);
		if (strcmp(joined, rows[i].literals) != 0)
			fail_msg("/%s/: '%s', not '%s'", rows[i].regex, joined, rows[i].literals);
		free(literals);
	}
}

static void test_case(void **state)
{
	(void)state;
	char *literals;
	assert_null(name_literals_of_regex("^Grow", 5, true, &literals));
	assert_string_equal(literals, "Grow");
	free(literals);
	/* A demangler writes std:: where the mangled name has St. */
	assert_null(name_literals_of_regex("STD", 3, true, &literals));
	assert_null(literals);
}

static void test_holds(void **state)
{
	(void)state;
	assert_true(name_holds_literal("_Z4growv", "grow\0", false));
	assert_false(name_holds_literal("_Z4growv", "turn\0", false));
	assert_true(name_holds_literal("_Z4growv", "turn\0grow\0", false));
	assert_true(name_holds_literal("_Z4growv", "grow\0turn\0", false));
	assert_true(name_holds_literal("_Z4growv", "turn\0grow\0other\0", false));
	assert_false(name_holds_literal("_Z4growv", "turn\0gro_w\0other\0", false));
	assert_false(name_holds_literal("_Z4GrowV", "grow\0", false));
	assert_true(name_holds_literal("_Z4GrowV", "turn\0grow\0", true));
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/*
 * Whatever letters a regular expression asks for, they are part of a run of letters of the demangled
 * name: each run is in the mangled name, or must not be looked for there.
 */
static void assert_runs_are_kept(const char *linkage_name, const char *written)
{
	for (const char *at = written; *at != '\0';) {
		size_t bytes = 0;
		while (is_letter(at[bytes]))
			bytes++;
		if (bytes > 0 && name_literal_is_usable(at, bytes, false) &&
		    !name_is_spelled_in_code(linkage_name) &&
		    memmem(linkage_name, strlen(linkage_name), at, bytes) == NULL)
			fail_msg("'%.*s' of '%s' is not in %s", (int)bytes, at, written,
				 linkage_name);
		at += bytes ? bytes : 1;
	}
}

static void test_words_of_all_kinds(void **state)
{
	(void)state;
	static const char *const names[] = {
		/* Operators, conversions, literals. */
		"_ZN6shapes3BoxplERKS0_",
		"_ZN6shapes3BoxcvbEv",
		"_Znwm",
		"_ZdaPvm",
		"_Zli2_sy",
		"_ZN1AssERKS_",
		"_ZN1AawEv",
		/* Abbreviations of the library. */
		"_Z1fSsSaIcESbIwSt11char_traitsIwESaIwEESiSoSd",
		"_ZNSsC1Ev",
		"_ZNSt6vectorIiSaIiEE4sizeEv",
		/* Types and values. */
		"_Z1fDhDdDeDfDnDiDsDuDa",
		"_Z1fDF16_DF32xDF16b",
		"_Z1fILm15EEvv",
		"_Z1fILb1ELin3EEvv",
		"_Z1fPVKiPrC",
		"_Z1fCdGf",
		"_Z1fDv4_f",
		"_Z1fu8__mytype",
		"_Z1fDTcl1gEE",
		"_Z1fIXstiEEvv",
		"_Z1fIXsZfp_EEvv",
		"_Z1fDOFvvE",
		"_Z1gDxFvvE",
		/* Templates, lambdas, unnamed types, tags, thunks and tables. */
		"_ZN6shapes5twiceIlEET_S1_",
		"_ZZ4mainENKUliE_clEi",
		"_ZZ4mainENKUlT_E_clIiEEDaS_",
		"_ZN1fUt_1gEv",
		"_Z3tagB5cxx11i",
		"_ZN12_GLOBAL__N_14anonEi",
		"_ZThn8_N1D1fEv",
		"_ZTv0_n24_N1D1fEv",
		"_ZTCN1AE0_1B",
		"_ZTI1A",
		"_ZGVZ1fvE1x",
		"_ZGRZ1fvE1x_",
		"_ZTH1x",
		"_ZTW1x",
		"_ZGTtNK1A1fEv",
		"_ZZ1fvEs_0",
		"_ZZ1fiEd_NKUlvE_clEv",
		/* Rust, both schemes, with punctuation and letters as numbers. */
		"_ZN5alpha4beta17h0123456789abcdefE",
		"_ZN66_$LT$alpha..S$u20$as$u20$alpha..T$GT$2go17h0123456789abcdefE",
		"_ZN8b$u65$ta17h0123456789abcdefE",
		"_RNvCs1234_5alpha4beta",
		"_RINvCs1234_5alpha3genlE",
		"_RNvXCs1234_5alphaNtB2_1SNtB2_1T2go",
		"_RNCNvCs1234_5alpha4main0B3_",
		"_RINvCs1234_5alpha1fKb1_Kc61_KhffE",
		"_RINvCs1234_5alpha1fFUKCEuDNtB2_1TEL_E",
		"_RNvNtCs1234_7mycrateu8gdel_5qa6pretty",
		/* Fortran, and D with a string among its arguments. */
		"__solver_MOD_step",
		"_D3dee__T5twiceTiZQkFNaNbNiNfiZi",
		"_D3dee4Disc4growMFiZi",
		"_D3dee__T3fooVAyaa4_67726f77ZQuFZv",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *written;
		assert_null(demangle(names[i], &written));
		assert_runs_are_kept(names[i], written);
		free(written);
	}
}

/* The library is full of names that the mangling abbreviates. */
static void test_words_of_a_library(void **state)
{
	(void)state;
	const char *path = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
	if (access(path, R_OK) != 0) {
		print_message("skipped: no %s\n", path);
		skip();
	}
	struct symbol_store *store = store_new();
	const struct symbol_file *file = get(store, path);
	size_t count, checked = 0;
	const struct function *functions = symbol_file_functions(file, &count);

	for (size_t i = 0; i < count; i++) {
		const char *linkage_name;
		for (size_t n = 0;
		     (linkage_name = symbol_file_linkage_name(file, &functions[i], n)); n++) {
			char *written;
			if (!linkage_name_is_mangled(linkage_name))
				continue;
			assert_null(demangle(linkage_name, &written));
			assert_runs_are_kept(linkage_name, written);
			free(written);
			checked++;
		}
	}
	assert_true(checked > 3000);
	symbol_store_destroy(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literals_of_expressions),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_words_of_all_kinds),
		cmocka_unit_test(test_words_of_a_library),
	};
	return cmocka_run_group_tests_name("name_literal", tests, NULL, NULL);
}
