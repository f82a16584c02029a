/* Unit tests of symbols/place/root_open: files below another root, whose links stay in it, and what is no file. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "symbols/place/root_open.h"

/* A directory with root/inside, outside beside it, and links of all kinds in root. */
static char directory[] = "/tmp/mprof-trace-root-open.XXXXXX";
static char root[64];

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	snprintf(root, sizeof(root), "%s/root", directory);
	assert_int_equal(mkdir("root", 0700), 0);
	assert_int_equal(mkdir("root/tmp", 0700), 0);
	write_file("outside", "outside");
	write_file("root/inside", "inside");
	write_file("root/outside", "its own");
	assert_int_equal(symlink("/inside", "root/absolute"), 0);
	assert_int_equal(symlink("../../outside", "root/tmp/upward"), 0);
	assert_int_equal(symlink("/proc/self/exe", "root/magic"), 0);
	assert_int_equal(symlink("/", "root/top"), 0);
	assert_int_equal(symlink("loop", "root/loop"), 0);
	assert_int_equal(mkfifo("root/fifo", 0600), 0);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return chdir("/") == 0 ? system(command) : -1;
}

/* @text: what is in the file that is opened; NULL: none, for @errnum. */
static void assert_opens(const char *path, int flags, const char *text, int errnum)
{
	char found[16] = "";
	const int fd = root_open(root, path, flags);

	if (text == NULL) {
		assert_int_equal(fd, -1);
		assert_int_equal(errno, errnum);
		return;
	}
	assert_true(fd >= 0);
	assert_int_equal(read(fd, found, sizeof(found) - 1), (ssize_t)strlen(text));
	assert_string_equal(found, text);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void test_links_stay_inside(void **state)
{
	(void)state;
	assert_opens("/inside", 0, "inside", 0);
	assert_opens("inside", 0, "inside", 0);
	assert_opens("/absolute", 0, "inside", 0);
	assert_opens("/tmp/upward", 0, "its own", 0);
	assert_opens("/top/top/inside", 0, "inside", 0);
	assert_opens("/../outside", 0, "its own", 0);
	assert_opens("/magic", 0, NULL, ENOENT);
	assert_opens("/loop", 0, NULL, ELOOP);
	assert_opens("/none", 0, NULL, ENOENT);
}

static void test_only_files(void **state)
{
	(void)state;
	assert_opens("/fifo", 0, NULL, ENXIO);
	assert_opens("/tmp", 0, NULL, ENXIO);
	assert_opens("/absolute", O_NOFOLLOW, NULL, ENXIO);
	assert_opens("/inside", O_NOFOLLOW, "inside", 0);
}

static void test_own_root(void **state)
{
	(void)state;
	const int fd = root_open("", "root/inside", 0);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(root_open("", "/dev/null", 0), -1);
	assert_int_equal(root_open("/no/such/root", "/dev/null", 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links_stay_inside),
		cmocka_unit_test(test_only_files),
		cmocka_unit_test(test_own_root),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
