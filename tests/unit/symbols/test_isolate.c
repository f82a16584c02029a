/* Unit tests of isolate: whatever happens in the child, its parent gets a result or an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "symbols/elf/isolate.h"
#include "tracer/base/clock.h"

/* The time is more than any but one may take, on however slow a machine. */
static const struct isolate_limits LIMITS = { .cpu_s = 100, .memory_bytes = 64 << 20 };
static const struct isolate_limits HASTE = { .cpu_s = 1, .memory_bytes = 64 << 20 };

static struct error *write_much(void *context, FILE *out)
{
	const size_t *bytes = context;

	for (size_t i = 0; i < *bytes; i++)
		putc((int)(i % 251), out);
	return NULL;
}

static void test_result(void **state)
{
	(void)state;
	const size_t sizes[] = { 0, 1, 12, 65536, 5000001 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct isolated result;
		size_t bytes = sizes[i];
		assert_null(isolate_run(write_much, &bytes, &LIMITS, &result));
		assert_int_equal(result.bytes, bytes);
		for (size_t k = 0; k < bytes; k++)
			assert_int_equal((unsigned char)result.data[k], k % 251);
		isolated_deinit(&result);
	}
}

static struct error *refuse(void *context, FILE *out)
{
	fputs("half of it", out);
	return error_new(*(enum error_code *)context, "this and that");
}

static struct error *crash(void *context, FILE *out)
{
	fputs("half of it", out);
	raise(*(int *)context);
	return NULL;
}

static struct error *leave(void *context, FILE *out)
{
	(void)context;
	fputs("half of it", out);
	fflush(out);
	_exit(0);
}

static struct error *loop(void *context, FILE *out)
{
	(void)out;
	for (volatile unsigned *turns = context;; (*turns)++)
		;
	return NULL;
}

#ifndef __SANITIZE_ADDRESS__ /* its allocator ends the process instead */
static struct error *hoard(void *context, FILE *out)
{
	enum { PIECE_BYTES = 1 << 20 };

	(void)context, (void)out;
	for (;;) {
		void *piece = malloc(PIECE_BYTES);
		if (piece == NULL)
			return error_no_memory();
		memset(piece, 1, PIECE_BYTES);
	}
}
#endif

static void assert_ends_within(const struct isolate_limits *limits, isolate_read_fn read_file,
			       void *context, enum error_code code, const char *message)
{
	struct isolated result;
	struct error *err = isolate_run(read_file, context, limits, &result);

	assert_non_null(err);
	assert_int_equal(error_code(err), code);
	if (strstr(error_message(err), message) == NULL)
		fail_msg("'%s' does not say '%s'", error_message(err), message);
	assert_null(result.data);
	error_free(err);
}

static void assert_ends(isolate_read_fn read_file, void *context, enum error_code code,
			const char *message)
{
	assert_ends_within(&LIMITS, read_file, context, code, message);
}

static void test_ends(void **state)
{
	(void)state;
	unsigned turns = 0;
	enum error_code foreign = ERR_FOREIGN, memory = ERR_MEMORY;
	int signals[] = { SIGSEGV, SIGBUS, SIGABRT };

	assert_ends(refuse, &foreign, ERR_FOREIGN, "this and that");
	assert_ends(refuse, &memory, ERR_FORMAT, "more than 64 MiB of memory");
	for (size_t i = 0; i < 3; i++)
		assert_ends(crash, &signals[i], ERR_FORMAT, strsignal(signals[i]));
	assert_ends(leave, NULL, ERR_FORMAT, "came to no end");
	assert_ends_within(&HASTE, loop, &turns, ERR_FORMAT, "more than 1 s");
	assert_int_equal(turns, 0); /* nothing of the child's is ours */
}

static void test_memory(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip();
#else
	size_t too_much = 65 << 20;
	assert_ends(hoard, NULL, ERR_FORMAT, "64 MiB");
	assert_ends(write_much, &too_much, ERR_FORMAT, "64 MiB");
#endif
}

/* As our caller may have it: its children are not waited for, its files may not grow. */
static void test_surroundings(void **state)
{
	(void)state;
	struct isolated result;
	size_t bytes = 300000;
	struct rlimit old, none = { 0, 0 };

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	void (*handler)(int) = signal(SIGCHLD, SIG_IGN);
	struct error *err = isolate_run(write_much, &bytes, &LIMITS, &result);
	signal(SIGCHLD, handler);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_null(err);
	assert_int_equal(result.bytes, bytes);
	isolated_deinit(&result);
}

/* How a child was scheduled when it could first look, and when that was. */
struct first_look {
	int scheduler;
	int64_t ns;
};

/* Computes until it is an ordinary process. */
static struct error *compute_on(void *context, FILE *out)
{
	(void)context;
	struct first_look first = { 0 };

	first.scheduler = sched_getscheduler(0);
	first.ns = clock_now_ns();
	while (sched_getscheduler(0) != SCHED_OTHER)
		;
	fwrite(&first, sizeof(first), 1, out);
	return NULL;
}

/* A child of one who goes before others goes before others, too, but not for long. */
static void test_precedence(void **state)
{
	(void)state;
	struct isolated result;
	struct first_look first;
	const struct sched_param precedence = { .sched_priority = 1 };
	const struct sched_param usual = { .sched_priority = 0 };

	if (sched_setscheduler(0, SCHED_RR, &precedence) != 0)
		skip();
	const int64_t begun_ns = clock_now_ns();
	struct error *err = isolate_run(compute_on, NULL, &LIMITS, &result);
	assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &usual), 0);
	assert_null(err);
	assert_int_equal(result.bytes, sizeof(first));
	memcpy(&first, result.data, sizeof(first));
	/* The machine itself may have held it up for so long that it came too late. */
	if (first.ns - begun_ns < NS_PER_S)
		assert_int_equal(first.scheduler, SCHED_RR);
	isolated_deinit(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result),	   cmocka_unit_test(test_ends),
		cmocka_unit_test(test_memory),	   cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_precedence),
	};
	return cmocka_run_group_tests_name("isolate", tests, NULL, NULL);
}
