/* Unit tests of proc/container and proc/own_statm: what texts of /proc say of a process in a container. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/proc/container.h"
#include "tracer/proc/own_statm.h"

#define DIGITS_60 "123456789abcdef0123456789abcdef0123456789abcdef0123456789abc"

static void assert_id(const char *text, const char *id)
{
	char found[CONTAINER_ID_BYTES];

	if (id == NULL) {
		assert_false(container_find_id(text, found));
		return;
	}
	assert_true(container_find_id(text, found));
	assert_string_equal(found, id);
}

static void test_id(void **state)
{
	(void)state;
	assert_id("4:memory:/docker/aaaa" DIGITS_60 "\n0::/\n", "aaaa12345678");
	assert_id("0::/kubepods.slice/kubepods-podd12f.slice/cri-containerd-bbbb" DIGITS_60
		  ".scope\n",
		  "bbbb12345678");
	/* A container in a container. */
	assert_id("0::/docker/aaaa" DIGITS_60 "/libpod-cccc" DIGITS_60 "\n", "cccc12345678");
	assert_id("0::/docker/aaaa" DIGITS_60, "aaaa12345678");
	/* Too short, too long, something else. */
	assert_id("0::/docker/aaa" DIGITS_60 "\n", NULL);
	assert_id("0::/docker/aaaaa" DIGITS_60 "\n", NULL);
	assert_id("0::/user.slice/session-1.scope\n", NULL);
	assert_id("", NULL);
}

static const char status[] = "Name:\tsvc\nTgid:\t4711\nNgid:\t0\nPid:\t4712\n"
			     "NStgid:\t4711\t35\t1\nNSpid:\t4712\t36\t2\n";

static void test_own_statm(void **state)
{
	(void)state;
	assert_true(own_statm_fits("/proc/4711/statm", status));
	assert_true(own_statm_fits("/proc/35/statm", status));
	assert_true(own_statm_fits("/1/statm", status));
	assert_true(own_statm_fits("/proc/4711/statm", "Tgid:\t1\nTgid:\t4711\n"));
	/* Its threads' numbers, others', and other files. */
	assert_false(own_statm_fits("/proc/2/statm", status));
	assert_false(own_statm_fits("/proc/4712/statm", status));
	assert_false(own_statm_fits("/proc/11/statm", status));
	assert_false(own_statm_fits("/proc/self/statm", status));
	assert_false(own_statm_fits("/proc/4711/status", status));
	assert_false(own_statm_fits("4711/statm", status));
	assert_false(own_statm_fits("/statm", status));
	assert_false(own_statm_fits("", status));
	assert_false(own_statm_fits("/proc/4711/statm", ""));
	assert_false(own_statm_fits("/proc/4711/statm", "\nNStgid:\tx\n"));
	assert_false(own_statm_fits("/proc/99999999999999999999/statm", status));
}

/* Another process's, by the number; this process's own, as the kernel names it. */
static void test_descriptor(void **state)
{
	char path[64];

	(void)state;
	const int own = open("/proc/self/statm", O_RDONLY);
	const int others = open("/proc/1/statm", O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/statm", (int)getpid());
	const int numbered = open(path, O_RDONLY);
	const int none = open("/dev/null", O_RDONLY);
	if (own < 0 || others < 0 || numbered < 0)
		skip();
	assert_true(descriptor_is_own_statm(getpid(), own));
	assert_true(descriptor_is_own_statm(getpid(), numbered));
	assert_int_equal(descriptor_is_own_statm(getpid(), others), getpid() == 1);
	assert_false(descriptor_is_own_statm(getpid(), none));
	assert_false(descriptor_is_own_statm(getpid(), 1000000));
	close(own);
	close(others);
	close(numbered);
	close(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_own_statm),
		cmocka_unit_test(test_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
