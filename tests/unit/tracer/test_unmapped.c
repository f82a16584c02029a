/* Memory that is no longer there, or not all of it: reads and writes of address_space.c, what semaphores.c makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracer/probe/patch/semaphores.h"
#include "tracer/tracee/address_space.h"

struct pages {
	struct address_space *space; /* our own */
	char *at;		     /* two pages; of the second one nothing is mapped */
	size_t bytes;		     /* of one */
};

static int set_up(void **state)
{
	static struct pages pages;

	pages.bytes = (size_t)sysconf(_SC_PAGESIZE);
	pages.at = mmap(NULL, 2 * pages.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
	*state = &pages;
	return pages.at == MAP_FAILED || munmap(pages.at + pages.bytes, pages.bytes) != 0 ||
	       address_space_open(getpid(), &pages.space) != NULL;
}

static int tear_down(void **state)
{
	struct pages *pages = *state;

	address_space_close(pages->space);
	return munmap(pages->at, pages->bytes);
}

static taddr_t place(const struct pages *pages, size_t offset)
{
	return taddr((uint64_t)(uintptr_t)pages->at + offset);
}

static void assert_unmapped(struct error *err)
{
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_UNMAPPED);
	error_free(err);
}

static void what_is_mapped_is_read_and_written(void **state)
{
	const struct pages *pages = *state;
	const uint32_t written = 0x12345678;
	uint32_t found = 0;

	assert_null(address_space_write(pages->space, place(pages, 8), &written, sizeof(written)));
	assert_null(address_space_read(pages->space, place(pages, 8), &found, sizeof(found)));
	assert_int_equal(found, written);
	/* Through /proc/PID/mem, also where the program itself may not. */
	assert_int_equal(mprotect(pages->at, pages->bytes, PROT_NONE), 0);
	assert_null(address_space_write(pages->space, place(pages, 16), &written, sizeof(written)));
	assert_int_equal(mprotect(pages->at, pages->bytes, PROT_READ | PROT_WRITE), 0);
}

static void what_is_not_is_told_from_other_errors(void **state)
{
	const struct pages *pages = *state;
	uint32_t word = 0;

	assert_unmapped(address_space_write(pages->space, place(pages, pages->bytes), &word, 1));
	assert_unmapped(address_space_read(pages->space, place(pages, pages->bytes), &word, 1));
	/* Half of it is there. */
	assert_unmapped(address_space_write(pages->space, place(pages, pages->bytes - 2), &word,
					    sizeof(word)));
	assert_null(address_space_check(pages->space));
}

static void semaphores_that_are_gone_are_forgotten(void **state)
{
	const struct pages *pages = *state;
	struct semaphores semaphores = { 0 };
	uint16_t *counters = (uint16_t *)pages->at;

	counters[0] = counters[5] = 7;
	assert_null(semaphores_add(&semaphores, place(pages, 0)));
	assert_null(semaphores_add(&semaphores, place(pages, pages->bytes)));
	assert_null(semaphores_add(&semaphores, place(pages, 10)));
	assert_null(semaphores_add(&semaphores, place(pages, 0)));
	assert_int_equal(counters[0], 7); /* not yet */
	assert_null(semaphores_raise(&semaphores, pages->space));
	assert_null(semaphores_raise(&semaphores, pages->space));
	assert_int_equal(semaphores.count, 2);
	assert_int_equal(counters[0], 8);
	assert_int_equal(counters[5], 8);
	/* One that has not been raised is not lowered. */
	assert_null(semaphores_add(&semaphores, place(pages, 20)));
	counters[10] = 3;
	assert_null(semaphores_lower(&semaphores, pages->space));
	assert_int_equal(counters[0], 7);
	assert_int_equal(counters[5], 7);
	assert_int_equal(counters[10], 3);
	semaphores_deinit(&semaphores);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_mapped_is_read_and_written, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_is_told_from_other_errors, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(semaphores_that_are_gone_are_forgotten, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
