/* Unit tests of the funcs command: what it prints, in which order, and how it fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/symbol_fixture.h"
#include "tracer/cli/command.h"

static const char source[] = "static int zeta(int a) { return a + 1; }\n"
			     "int beta(int a) { return zeta(a); }\n"
			     "int alpha(int a) { return beta(a); }\n"
			     "int main(void) { return alpha(-1); }\n";

/* Runs `funcs` with these words; what it prints is owned by the caller. */
static struct error *run_funcs(char **ret_output, const char *const *words)
{
	char *argv[16] = { "mprof-trace funcs" };
	int argc = 1, status = -1;

	for (; words[argc - 1] != NULL; argc++)
		argv[argc] = (char *)words[argc - 1];
	fflush(stdout);
	int saved = dup(STDOUT_FILENO);
	assert_non_null(freopen(fixture_path("output"), "w", stdout));
	struct error *err = cmd_funcs.run(argc, argv, &status);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_true(err != NULL || status == 0);

	size_t bytes = 0;
	FILE *in = fopen(fixture_path("output"), "r");
	*ret_output = calloc(1, 1 << 16);
	assert_non_null(in);
	assert_non_null(*ret_output);
	bytes = fread(*ret_output, 1, (1 << 16) - 1, in);
	assert_true(bytes < (1 << 16) - 1);
	fclose(in);
	return err;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void assert_fails(enum error_code code, const char *part, const char *output_part,
			 const char *const *words)
{
	char *output;
	struct error *err = run_funcs(&output, words);

	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	if (strstr(error_message(err), part) == NULL)
		fail_msg("'%s' does not say '%s'", error_message(err), part);
	assert_null(strchr(error_message(err), '\n'));
	assert_non_null(strstr(output, output_part));
	error_free(err);
	free(output);
}

static void test_rows(void **state)
{
	(void)state;
	char *output, expected[512];
	unsigned long long beta_bytes = 0;

	fixture_compile(source, "a.c", "cc -g -O0 a.c -o a.out 2>&1");
	assert_null(run_funcs(&output, WORDS("--static", "-f", "zeta,alpha", "-f", "be*,beta",
					     fixture_path("a.out"))));
	/* By name, each once, whatever asked for it; tabs where stdout is no terminal. */
	char *beta = strstr(output, "beta\ta.out\t");
	assert_non_null(beta);
	assert_int_equal(sscanf(beta, "beta a.out %llu", &beta_bytes), 1);
	assert_in_range(beta_bytes, 5, 100);
	char *alpha = strstr(output, "alpha\t"), *zeta = strstr(output, "zeta\t");
	assert_ptr_equal(alpha, output);
	assert_true(beta > alpha && zeta > beta);
	snprintf(expected, sizeof(expected), "beta\ta.out\t%llu\t%s:2\n", beta_bytes,
		 fixture_path("a.c"));
	assert_memory_equal(beta, expected, strlen(expected));
	assert_null(strstr(output, "main"));
	assert_null(strstr(beta + 1, "beta"));
	free(output);

	assert_null(run_funcs(&output, WORDS("--static", fixture_path("a.out"))));
	assert_non_null(strstr(output, "main\ta.out\t"));
	assert_non_null(strstr(output, "_start\ta.out\t"));
	free(output);
}

static void test_failures(void **state)
{
	(void)state;
	char program[128];

	strcpy(program, fixture_path("a.out"));
	assert_fails(ERR_USAGE, "PROGRAM is missing", "", WORDS("--static"));
	assert_fails(ERR_USAGE, "'-f' is not expected behind", "",
		     WORDS("--static", program, "-f", "alpha"));
	assert_fails(ERR_USAGE, "never closed", "", WORDS("--static", "-f", "f(", program));
	assert_fails(ERR_NOT_FOUND, "no program 'no-such-program-here' in PATH", "",
		     WORDS("--static", "no-such-program-here"));
	assert_fails(ERR_NOT_FOUND, "no file ./none", "", WORDS("--static", "./none"));
	assert_fails(ERR_FOREIGN, "directory", "", WORDS("--static", "/tmp"));
	/* What did match is listed nevertheless. */
	assert_fails(ERR_FAILED, "no function matches 'alhpa' (nearest: alpha)", "beta\t",
		     WORDS("--static", "-f", "alhpa,beta", program));
	assert_fails(ERR_FAILED, "a.out no function matches 'qwertz', nor 'uiopue'", "",
		     WORDS("--static", "-f", "qwertz,uiopue", program));
	fixture_run("cp a.out stripped && strip stripped");
	assert_fails(ERR_FAILED, "stripped", "",
		     WORDS("--static", "-f", "alpha", fixture_path("stripped")));
}

/* A bare name is looked up in PATH, past what cannot be executed. */
static void test_path(void **state)
{
	(void)state;
	char *output, path[256], *old = strdup(getenv("PATH"));

	fixture_run(
		"mkdir -p refused good && cp a.out refused/prog && chmod -x refused/prog && "
		"cp a.out good/prog && mkdir -p refused/only && cp refused/prog refused/only/none");
	snprintf(path, sizeof(path), "%s:/nowhere:%s", fixture_path("refused"),
		 fixture_path("good"));
	setenv("PATH", path, 1);
	assert_null(run_funcs(&output, WORDS("--static", "-f", "alpha", "prog")));
	assert_non_null(strstr(output, "alpha\tprog\t"));
	free(output);
	setenv("PATH", fixture_path("refused"), 1);
	assert_fails(ERR_NOT_EXEC, "may not be executed", "", WORDS("--static", "prog"));
	/* A directory of that name is no program. */
	assert_fails(ERR_NOT_FOUND, "no program 'only'", "", WORDS("--static", "only"));
	setenv("PATH", old, 1);
	free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_path),
	};
	return cmocka_run_group_tests_name("funcs", tests, fixture_setup, fixture_teardown);
}
